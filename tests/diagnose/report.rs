//! What a report states: causes that are not in the corpus, two causes at once, hints, the printed form.

use countersign::diagnose::{self, Certainty, Diagnosis, Evidence, Hints, Signed};
use countersign::{ReceivedBody, SecretAccessKey};
use testkit::{Hand, SECRET, Wire, credentials, now, verifier};

fn received(wire: &Wire) -> Diagnosis {
    received_with(wire, &Hints::new())
}

fn received_with(wire: &Wire, hints: &Hints) -> Diagnosis {
    wire.view(|view| {
        diagnose::received_with(
            &verifier(),
            view,
            ReceivedBody::Bytes(&wire.body),
            &credentials(),
            now(),
            hints,
        )
    })
}

#[track_caller]
fn name(diagnosis: &Diagnosis) -> &'static str {
    diagnosis.first().map_or("nothing", |cause| cause.name().as_str())
}

const OURS: &str =
    "GET\n/key\n\nhost:example.com\nx-amz-date:20130524T120000Z\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD";

fn to_sign(time: &str, digest: &str) -> String {
    format!("AWS4-HMAC-SHA256\n{time}\n20130524/us-east-1/s3/aws4_request\n{digest}")
}

fn answer(details: &str) -> Evidence {
    Evidence::read(&format!("<Error><Code>SignatureDoesNotMatch</Code>{details}</Error>"))
}

#[test]
fn finds_two_mistakes_at_once() {
    let wire = Hand::new()
        .sign(Wire::put().with("x-amz-meta-a", "b"))
        .set("Host", "examplebucket.s3.amazonaws.com:443");
    let wire = wire.set("Content-Type", "text/plain; charset=utf-8");
    let diagnosis = received(&wire);
    let cause = diagnosis.first().unwrap();
    assert_eq!((cause.name().as_str(), cause.certainty()), ("host-port", Certainty::Reproduced));
    assert_eq!(cause.detail(), Some("together with content-type"));
}

#[test]
fn tries_the_hosts_and_prefixes_of_the_hints() {
    let wire = Hand::new().sign(Wire::get()).set("Host", "storage-7.internal");
    assert_ne!(received(&wire).first().unwrap().certainty(), Certainty::Reproduced);
    assert_eq!(name(&received_with(&wire, &Hints::new().with_host(testkit::HOST))), "host-rewritten");

    let wire = Hand::new().sign(Wire::new("GET", "/deep/prefix/key")).target("/key");
    assert_eq!(name(&received_with(&wire, &Hints::new().with_path_prefix("/deep/prefix"))), "path-prefix");
}

fn names(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis.causes().iter().map(|cause| cause.name().as_str()).collect()
}

/// A name of a local network shows no change of the host. Of the public reports that were found without naming a cause, 3
/// of 31 have a wrong secret, and 1 has another host.
#[test]
fn suspects_the_secret_before_a_host_of_a_local_network() {
    let both = ["secret-wrong", "host-rewritten"];
    for host in ["127.0.0.1:9000", "localhost:9000", "192.168.1.4", "storage.local", "minio"] {
        let wire = Wire::get().set("Host", host);
        let wire = Hand::new().secret("another secret").sign(wire);
        assert_eq!(names(&received(&wire)), both, "{host}");

        let (empty, date) = (testkit::EMPTY, "20130524T120000Z");
        let list = "host;x-amz-content-sha256;x-amz-date";
        let canonical = format!(
            "GET\n/key\n\nhost:{host}\nx-amz-content-sha256:{empty}\nx-amz-date:{date}\n\n{list}\n{empty}"
        );
        let error = answer(&format!("<CanonicalRequest>{canonical}</CanonicalRequest>"));
        assert_eq!(names(&diagnose::text(&error)), both, "{host}");
        let sent = format!(
            "GET /key HTTP/1.1\nHost: {host}\nx-amz-date: {date}\nx-amz-content-sha256: {empty}\nAuthorization: \
             AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders={list}, Signature={empty}\n\n"
        );
        assert_eq!(names(&diagnose::text(&error.with_request(&sent))), both, "{host}");
    }
}

#[test]
fn suspects_headers_whose_signed_value_is_unknown() {
    let wire = Wire::get().with("traceparent", "00-1-1-01");
    let wire = Hand::new().sign(wire).set("traceparent", "00-2-2-01");
    let cause = received(&wire).first().cloned().unwrap();
    assert_eq!(
        (cause.name().as_str(), cause.header(), cause.certainty()),
        ("tracing-header", Some("traceparent"), Certainty::Suspected)
    );
}

#[test]
fn names_an_algorithm_that_the_verifier_does_not_accept() {
    let wire = Hand::new().algorithm("AWS4-HMAC-SHA512").sign(Wire::get());
    assert_eq!(name(&received(&wire)), "algorithm");
    let wire = Wire::get().with("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:m2Ni8lXlnYbqTqVEUVTPVJsA8vI=");
    assert_eq!(name(&received(&wire)), "signature-version-2");
}

#[test]
fn names_a_malformed_authorization() {
    let wire = Hand::new().sign(Wire::get()).reauthorize("Credential=", "Credentials=");
    assert_eq!(name(&received(&wire)), "authorization-malformed");
}

#[test]
fn names_a_malformed_request() {
    let wire = Hand::new().sign(Wire::get()).with("Host", "other.example.com");
    assert_eq!(name(&received(&wire)), "malformed-request");
}

#[test]
fn names_a_missing_payload_hash() {
    let wire = Hand::new().sign(Wire::get()).without("x-amz-content-sha256");
    let name = name(&received(&wire));
    assert!(["payload-header", "header-missing"].contains(&name), "{name}");
}

#[test]
fn names_a_body_that_was_changed_after_signing() {
    let wire = Hand::new().sign(Wire::put()).body("other");
    assert_eq!(name(&received(&wire)), "payload-changed");
    let wire = Hand::new().payload(testkit::EMPTY).sign(Wire::put());
    assert_eq!(name(&received(&wire)), "payload-empty-hash");
}

#[test]
fn names_the_access_key_of_other_credentials() {
    let wire = Hand::new().id("AKIAI44QH8DHBEXAMPLE").sign(Wire::get());
    assert_eq!(name(&received(&wire)), "unknown-access-key");
}

#[test]
fn says_when_the_canonical_request_is_missing() {
    let ours = Signed::from_text(OURS, &to_sign("20130524T120000Z", &"a".repeat(64)));
    let theirs = to_sign("20130524T120000Z", &"b".repeat(64));
    let diagnosis = diagnose::answer(&ours, &answer(&format!("<StringToSign>{theirs}</StringToSign>")));
    assert_eq!(name(&diagnosis), "canonical-request");
}

#[test]
fn names_an_answer_to_another_request() {
    let ours = Signed::from_text(OURS, &to_sign("20130524T120000Z", &"a".repeat(64)));
    let theirs = to_sign("20130524T120741Z", &"b".repeat(64));
    let diagnosis = diagnose::answer(&ours, &answer(&format!("<StringToSign>{theirs}</StringToSign>")));
    assert_eq!(name(&diagnosis), "stale-answer");
}

#[test]
fn names_a_signature_that_was_altered() {
    use countersign::{Payload, Request};
    let headers = [("host", "example.com")];
    let sent =
        testkit::signer().sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now()).unwrap();
    let explain = sent.explain();
    let details = format!(
        "<StringToSign>{}</StringToSign><SignatureProvided>{}</SignatureProvided><CanonicalRequest>{}</CanonicalRequest>",
        explain.string_to_sign(),
        "0".repeat(64),
        explain.canonical_request(),
    );
    let signed = Signed::new(&explain).with_secret(&SecretAccessKey::new(SECRET));
    assert_eq!(name(&diagnose::answer(&signed, &answer(&details))), "signature-altered");
}

#[test]
fn names_errors_that_are_not_about_the_signature() {
    let diagnosis =
        diagnose::text(&Evidence::read("<Error><Code>MalformedXML</Code><Message>x</Message></Error>"));
    assert_eq!((name(&diagnosis), diagnosis.about().name()), ("other-error", "other"));
    let diagnosis = diagnose::text(&Evidence::read("connection reset by peer"));
    assert_eq!((name(&diagnosis), diagnosis.about().name()), ("not-aws", "not_aws"));
    let diagnosis = diagnose::text(&Evidence::read("{\"message\":\"Forbidden\"}"));
    assert_eq!(diagnosis.about().name(), "access_denied");
}

#[test]
fn prints_for_a_terminal() {
    let theirs = OURS.replace("host:example.com", "host:example.com:443");
    let details = format!("<CanonicalRequest>{theirs}</CanonicalRequest>");
    let printed = diagnose::answer(&Signed::from_text(OURS, ""), &answer(&details)).to_string();
    let expected = "\
1. host-port (host), certain: these bytes differ
  why       The Host header that the service received has another port than the signed one.
  signed    host:example.com
  received  host:example.com:443
                            ^^^^
  likely    an HTTP client, proxy or container that adds or removes the port
  fix       Sign the host exactly as it is sent, and let the proxy pass Host unchanged.

(for the operator: do not send this report to the other side)";
    assert_eq!(printed, expected);
}

#[test]
fn prints_no_control_characters() {
    let theirs = OURS.replace("host:example.com", "host:ex\u{1b}[31mample.com\u{202e}");
    let details = format!("<CanonicalRequest>{theirs}</CanonicalRequest>");
    let printed = diagnose::answer(&Signed::from_text(OURS, ""), &answer(&details)).to_string();
    assert!(printed.chars().all(|character| character == '\n' || !character.is_control()), "{printed:?}");
    assert!(!printed.contains('\u{202e}'));
}
