//! Texts in the forms of public bug reports, with values computed for the keys of AWS's documents.

use countersign::SecretAccessKey;
use countersign::diagnose::{self, About, Certainty, Diagnosis, Evidence, EvidenceForm, Signed};
use testkit::SECRET;

macro_rules! evidence {
    ($name:literal) => {
        include_str!(concat!("evidence/", $name))
    };
}

fn first(diagnosis: &Diagnosis) -> (&str, Certainty, Option<&str>) {
    let cause = diagnosis.first().unwrap_or_else(|| panic!("no cause"));
    (cause.name().as_str(), cause.certainty(), cause.header())
}

#[track_caller]
fn text(text: &str) -> Diagnosis {
    diagnose::text(&Evidence::read(text))
}

/// minio#20765: nginx without `proxy_set_header Host`. Both sides are in the log.
#[test]
fn aws_debug_log_of_a_client_behind_a_proxy() {
    let evidence = Evidence::read(evidence!("aws_debug_behind_a_proxy.txt"));
    assert_eq!(evidence.form(), EvidenceForm::Log);
    let diagnosis = diagnose::text(&evidence);
    assert_eq!(first(&diagnosis), ("host-rewritten", Certainty::Observed, Some("host")));
    let cause = diagnosis.first().unwrap();
    let sides = [cause.ours().unwrap(), cause.theirs().unwrap()];
    assert_eq!(sides.map(|side| side.text()), ["host:minio.example.com", "host:minio:9000"]);
    assert_eq!(sides.map(|side| &side.text()[side.marked()]), [".example.com", ":9000"]);
    assert_eq!(diagnosis.causes().len(), 1, "{diagnosis}");
}

/// dd-trace-py#19477: the header is injected by two layers.
#[test]
fn botocore_log_with_a_doubled_tracing_header() {
    let diagnosis = text(evidence!("botocore_log_with_a_doubled_traceparent.txt"));
    assert_eq!(first(&diagnosis), ("tracing-header", Certainty::Observed, Some("traceparent")));
}

/// The JSON `message` of API Gateway: the path must be encoded twice.
#[test]
fn message_of_api_gateway() {
    let evidence = Evidence::read(evidence!("api_gateway_message.json"));
    assert_eq!(evidence.form(), EvidenceForm::Json);
    assert!(evidence.has_canonical_request());
    let diagnosis = diagnose::answer(&Signed::from_text(evidence!("api_gateway_ours.txt"), ""), &evidence);
    assert_eq!(first(&diagnosis), ("path-double-encoding", Certainty::Observed, None));
}

/// aws-sdk-js-v3#5268: the error as Node.js prints it, with concatenated strings.
#[test]
fn error_of_the_javascript_sdk() {
    let evidence = Evidence::read(evidence!("node_inspect.txt"));
    assert_eq!((evidence.code(), evidence.status()), (Some("SignatureDoesNotMatch"), Some(403)));
    let diagnosis = diagnose::answer(&Signed::from_text(evidence!("node_ours.txt"), ""), &evidence);
    assert_eq!(first(&diagnosis), ("content-type", Certainty::Observed, Some("content-type")));
}

/// rclone#6670, aws-sdk-go-v2#1816: Google's front end rewrites `Accept-Encoding`.
#[test]
fn curl_transcript_of_google_cloud_storage() {
    let evidence = Evidence::read(evidence!("curl_accept_encoding.txt"));
    assert_eq!((evidence.form(), evidence.status()), (EvidenceForm::Transcript, Some(403)));
    assert_eq!(
        first(&diagnose::text(&evidence)),
        ("volatile-header", Certainty::Observed, Some("accept-encoding"))
    );
}

/// MinIO sends no canonical request: with the secret, the request is verified again.
#[test]
fn curl_transcript_of_minio_with_the_secret() {
    let secret = SecretAccessKey::new(SECRET);
    let diagnosis = diagnose::text_with_secret(&Evidence::read(evidence!("curl_minio_port.txt")), &secret);
    assert_eq!(first(&diagnosis), ("host-port", Certainty::Reproduced, Some("host")));
    let diagnosis = diagnose::text_with_secret(&Evidence::read(evidence!("curl_minio_secret.txt")), &secret);
    assert_eq!(first(&diagnosis), ("secret-whitespace", Certainty::Reproduced, None));
}

/// A presigned PUT of a browser without the header `x-amz-acl`, which was signed.
#[test]
fn har_entry_of_a_browser() {
    let evidence = Evidence::read(evidence!("har_entry.json"));
    assert_eq!(evidence.form(), EvidenceForm::Har);
    assert_eq!(first(&diagnose::text(&evidence)).0, "header-missing");
    assert_eq!(first(&diagnose::text(&evidence)).2, Some("x-amz-acl"));
}

/// XML that a printer indented, without its empty lines, and that a page escaped twice.
#[test]
fn xml_that_is_indented_and_escaped_for_html() {
    let evidence = Evidence::read(evidence!("reindented_and_html_escaped.txt"));
    assert_eq!(evidence.form(), EvidenceForm::Xml);
    let diagnosis = diagnose::answer(&Signed::from_text(evidence!("reindented_ours.txt"), ""), &evidence);
    assert_eq!(first(&diagnosis), ("query-plus", Certainty::Observed, None));
}

/// django-storages#1541: five lines without an algorithm are a string to sign of Version 2.
#[test]
fn string_to_sign_of_version_2() {
    let diagnosis = text(evidence!("signature_version_2.xml"));
    assert_eq!(first(&diagnosis), ("signature-version-2", Certainty::Observed, None));
}

/// Guzzle shows the first bytes of an answer.
#[test]
fn answer_that_is_truncated() {
    let evidence = Evidence::read(evidence!("guzzle_truncated.txt"));
    assert!(evidence.is_truncated());
    let diagnosis = diagnose::text(&evidence);
    assert_eq!(diagnosis.about(), About::Clock);
    assert_eq!(first(&diagnosis).0, "clock-skew");
}

#[test]
fn exceptions_of_java() {
    let diagnosis = text(evidence!("java_v1_region.txt"));
    assert_eq!(first(&diagnosis), ("region", Certainty::Reported, None));
    assert!(diagnosis.first().unwrap().fix().contains("eu-central-1"), "{diagnosis}");
    let diagnosis = text(evidence!("java_v2_exception.txt"));
    assert_eq!(diagnosis.about(), About::UnknownKey, "{diagnosis}");
}

/// STS and others report a clock as SignatureDoesNotMatch. Five hours are a time zone.
#[test]
fn signature_expired_of_sts() {
    let diagnosis = text(evidence!("sts_signature_expired.xml"));
    assert_eq!(diagnosis.about(), About::Clock);
    assert_eq!(first(&diagnosis).0, "time-zone", "{diagnosis}");
}

#[test]
fn redirect_without_a_body() {
    let diagnosis = text(evidence!("curl_redirect.txt"));
    assert_eq!(diagnosis.about(), About::Redirect);
    assert!(diagnosis.first().unwrap().fix().contains("ap-south-1"), "{diagnosis}");
}

/// aws-s3-proxy#35: the setting for the bucket contains a URL.
#[test]
fn bucket_with_a_scheme() {
    let diagnosis = text(evidence!("bucket_with_a_scheme.xml"));
    assert_eq!(first(&diagnosis).0, "bucket-name", "{diagnosis}");
}

/// insomnia#1089, postman#4186: the signed Content-Length is empty.
#[test]
fn content_length_that_is_empty() {
    let diagnosis = text(evidence!("content_length_empty.json"));
    assert_eq!(first(&diagnosis), ("content-length", Certainty::Suspected, Some("content-length")));
}

/// The entities of a page are no cause if the service received the credential.
#[test]
fn entities_of_a_page_do_not_hide_a_token_after_the_signature() {
    let page = "<a href=\"https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;\
                X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20261119%2Feu-west-1%2Fs3%2Faws4_request&amp;\
                X-Amz-Date=20261119T102051Z&amp;X-Amz-Expires=60&amp;X-Amz-SignedHeaders=host&amp;X-Amz-Signature=\
                5775885c4371ba04ef71b1bdfdbda9b4797112e53e8dde49e3ded654a7f77d57&amp;X-Amz-Security-Token=t\">";
    let answer = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>ASIAIOSFODNN7EXAMPLE</AWSAccessKeyId></Error>";
    let diagnosis = diagnose::text(&Evidence::read(answer).with_request(page));
    let expected = ("session-token-not-signed", Certainty::Suspected, Some("X-Amz-Security-Token"));
    assert_eq!(first(&diagnosis), expected, "{diagnosis}");
    assert_eq!(first(&diagnose::text(&Evidence::read(page))).0, "url-html-escaped");
    // AWS IoT expects the token after the signature.
    let page = page.replace("%2Fs3%2F", "%2Fiotdevicegateway%2F");
    let diagnosis = diagnose::text(&Evidence::read(answer).with_request(&page));
    assert!(diagnosis.causes().iter().all(|cause| cause.name().as_str() != "session-token-not-signed"));
}

/// A URL without its headers does not show that a signed header is missing.
#[test]
fn a_url_alone_does_not_show_that_a_header_is_missing() {
    let url = "see https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE\
               %2F20261119%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20261119T102051Z&X-Amz-Expires=60&X-Amz-SignedHeaders=\
               content-type%3Bhost&X-Amz-Signature=5775885c4371ba04ef71b1bdfdbda9b4797112e53e8dde49e3ded654a7f77d57";
    let answer = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
    let evidence = Evidence::read(answer).with_request(url);
    let diagnosis = diagnose::text_with_secret(&evidence, &SecretAccessKey::new(SECRET));
    assert!(diagnosis.causes().iter().all(|cause| cause.certainty() == Certainty::Suspected), "{diagnosis}");
}

/// The log of a retry contains the answer of the first attempt.
#[test]
fn the_answer_is_that_of_the_last_attempt() {
    let log = "<Error><Code>SlowDown</Code></Error>\nretry\nError: SignatureDoesNotMatch: The request signature we calculated";
    assert_eq!(Evidence::read(log).code(), Some("SignatureDoesNotMatch"));
}
