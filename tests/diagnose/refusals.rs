//! Refusals whose evidence is in headers, in logs of proxies, or in an answer after others.

use countersign::diagnose::{self, Certainty, Diagnosis, Evidence, Signed};

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn first(diagnosis: &Diagnosis) -> (&str, Certainty, Option<&str>) {
    let cause = diagnosis.first().unwrap_or_else(|| panic!("no cause"));
    (cause.name().as_str(), cause.certainty(), cause.header())
}

fn with(answer: &str, text: &str) -> Diagnosis {
    diagnose::text(&Evidence::read(answer).with_request(text))
}

fn python(id: &str, more: &str) -> String {
    format!(
        "r.request.method, r.request.url = ('GET', 'https://search-x.eu-west-3.es.amazonaws.com/stock/_count')\n\
         r.request.headers =\n    {{'Accept': '*/*',\n     'x-amz-date': '20261120T090000Z',\n{more}     'Authorization': \
         'AWS4-HMAC-SHA256 Credential={id}/20261120/eu-west-3/es/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature={EMPTY}'}}\nr.headers =\n    {{'Content-Length': '68'}}\n"
    )
}

#[test]
fn temporary_credentials_without_a_token_are_named_before_an_unknown_key() {
    let answer = "{\"message\":\"The security token included in the request is invalid.\"}";
    let text = python("ASIAIOSFODNN7EXAMPLE", "");
    let message = Evidence::read(&text).sent_message().unwrap();
    assert!(message.starts_with("GET /stock/_count HTTP/1.1\n"), "{message}");
    let diagnosis = with(answer, &text);
    assert_eq!(first(&diagnosis), ("session-token-missing", Certainty::Reported, None));
    let token = "     'x-amz-security-token': 'FwoG',\n";
    assert_eq!(first(&with(answer, &python("ASIAIOSFODNN7EXAMPLE", token))).0, "unknown-access-key");
    assert_eq!(first(&with(answer, &python("AKIAIOSFODNN7EXAMPLE", ""))).0, "unknown-access-key");
}

fn presigned(more: &str) -> String {
    format!(
        "https://b.s3.eu-west-1.amazonaws.com/a.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE\
         %2F20261120%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20261120T090000Z&X-Amz-Expires=600\
         &X-Amz-SignedHeaders=host&X-Amz-Signature={EMPTY}{more}"
    )
}

#[test]
fn parameters_after_the_signature_are_suspected_without_a_secret() {
    let diagnosis = diagnose::text(&Evidence::read(&presigned("&utm_source=letter&utm_medium=email")));
    assert_eq!(first(&diagnosis), ("query-parameter", Certainty::Suspected, Some("utm_source")));
    assert!(diagnosis.first().unwrap().fix().contains("utm_source, utm_medium"), "{diagnosis}");
    let diagnosis = diagnose::text(&Evidence::read(&presigned("&download=1")));
    assert_eq!(first(&diagnosis), ("query-parameter", Certainty::Suspected, Some("download")));
    // The SDK for JavaScript writes x-id last; a signer that sorts the query writes the signed headers after the signature.
    for url in [presigned("&x-id=GetObject"), presigned("")] {
        let diagnosis = diagnose::text(&Evidence::read(&url));
        assert!(diagnosis.is_empty(), "{diagnosis}");
    }
    let sorted = presigned("&response-content-type=a").replace("&X-Amz-SignedHeaders=host", "");
    let sorted = sorted.replace("&response", "&X-Amz-SignedHeaders=host&response");
    assert!(diagnose::text(&Evidence::read(&sorted)).is_empty());
}

#[test]
fn a_visible_suspect_precedes_the_wrong_secret() {
    let url = presigned("").replace("a.pdf", "a+b.pdf");
    let query = url.split_once('?').unwrap().1.split("&X-Amz-Signature").next().unwrap().to_owned();
    let canonical =
        format!("GET\n/a%2Bb.pdf\n{query}\nhost:b.s3.eu-west-1.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD");
    let answer = format!(
        "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{canonical}</CanonicalRequest></Error>"
    );
    let diagnosis = with(&answer, &format!("$ curl '{url}'\n"));
    let names: Vec<&str> = diagnosis.causes().iter().map(|cause| cause.name().as_str()).collect();
    assert_eq!(names, ["path-plus", "secret-wrong"], "{diagnosis}");
}

#[test]
fn the_region_of_the_bucket_is_read_from_the_headers_of_an_answer_without_a_body() {
    let line = |mark: &str, text: &str| {
        format!("DEBUG org.apache.http.wire : http-outgoing-0 {mark} \"{text}[\\r][\\n]\"\n")
    };
    let sent = [
        "HEAD / HTTP/1.1",
        "Host: invoices.s3.amazonaws.com",
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00",
        "X-Amz-Date: 20261120T090000Z",
        "",
    ];
    let received = ["HTTP/1.1 400 Bad Request", "x-amz-bucket-region: eu-south-1", ""];
    let log: String = sent
        .iter()
        .map(|text| line(">>", text))
        .chain(received.iter().map(|text| line("<<", text)))
        .collect();
    let diagnosis = diagnose::text(&Evidence::read(&log));
    assert_eq!(first(&diagnosis), ("region", Certainty::Reported, Some("x-amz-bucket-region")));
    let cause = diagnosis.first().unwrap();
    let sides = [cause.ours().unwrap().text(), cause.theirs().unwrap().text()];
    assert_eq!(sides, ["us-east-1", "eu-south-1"]);
    assert!(cause.fix().contains("invoices.s3.eu-south-1.amazonaws.com"), "{diagnosis}");
    // The region that was signed is no cause.
    let same = log.replace("eu-south-1", "us-east-1");
    assert!(!diagnose::text(&Evidence::read(&same)).names(diagnose::CauseName::Region));
}

#[test]
fn the_last_refusal_counts_and_an_earlier_answer_shows_a_stored_signature() {
    let log = "[2026-11-20 10:00:00] INFO job {\"request\":{\"method\":\"PUT\",\"url\":\"https:\\/\\/b.s3.eu-west-1.amazonaws.com\\/2026\\/a.pdf\",\
               \"headers\":{\"Host\":\"b.s3.eu-west-1.amazonaws.com\",\"x-amz-date\":\"20261120T090000Z\",\"Authorization\":\"AWS4-HMAC-SHA256 \
               Credential=AKIAIOSFODNN7EXAMPLE\\/20261120\\/eu-west-1\\/s3\\/aws4_request, SignedHeaders=host;x-amz-date, Signature=00\"}}}\n\
               attempt 1: <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>\n\
               attempt 2: <Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the reque (truncated...)\n";
    let evidence = Evidence::read(log);
    assert_eq!(evidence.code(), Some("RequestTimeTooSkewed"));
    assert!(evidence.sent_message().unwrap().starts_with("PUT /2026/a.pdf HTTP/1.1\n"));
    let diagnosis = diagnose::text(&evidence);
    assert_eq!(first(&diagnosis).0, "clock-skew");
    assert!(diagnosis.first().unwrap().fix().starts_with("Sign at each attempt"), "{diagnosis}");
    // A later attempt that is throttled does not hide the refusal.
    let reversed = "<Error><Code>InvalidAccessKeyId</Code></Error>\n<Error><Code>SlowDown</Code></Error>\n";
    assert_eq!(Evidence::read(reversed).code(), Some("InvalidAccessKeyId"));
}

#[test]
fn the_trace_of_dotnet_is_a_request() {
    let trace = "info: System.Net.Http.HttpClient.A.ClientHandler[100]\n      Sending HTTP request POST https://x.appsync-api.eu-west-1.amazonaws.com/graphql\n\
                 trce: System.Net.Http.HttpClient.A.ClientHandler[102]\n      Request Headers:\n      Host: x.appsync-api.eu-west-1.amazonaws.com\n      \
                 Authorization: AWS4-HMAC-SHA256 Credential=A/20261120/eu-west-1/appsync/aws4_request, SignedHeaders=host, Signature=00\n      \
                 Content-Type: application/json; charset=utf-8\ninfo: System.Net.Http.HttpClient.A.ClientHandler[101]\n";
    let message = Evidence::read(trace).sent_message();
    assert_eq!(
        message.as_deref(),
        Some(
            "POST /graphql HTTP/1.1\nHost: x.appsync-api.eu-west-1.amazonaws.com\nAuthorization: AWS4-HMAC-SHA256 \
             Credential=A/20261120/eu-west-1/appsync/aws4_request, SignedHeaders=host, Signature=00\nContent-Type: \
             application/json; charset=utf-8\n"
        )
    );
}

#[test]
fn the_fix_for_a_cdn_before_s3_names_the_host_of_the_origin() {
    let ours = "GET\n/a\n\nhost:dl.example.com\n\nhost\nUNSIGNED-PAYLOAD";
    let theirs = ours.replace("dl.example.com", "dist.s3.eu-west-1.amazonaws.com");
    let answer = format!("<Code>SignatureDoesNotMatch</Code><CanonicalRequest>{theirs}</CanonicalRequest>");
    let diagnosis = diagnose::answer(&Signed::from_text(ours, ""), &Evidence::read(&answer));
    assert_eq!(first(&diagnosis), ("host-rewritten", Certainty::Observed, Some("host")));
    let fix = diagnosis.first().unwrap().fix();
    assert!(fix.starts_with("Sign for dist.s3.eu-west-1.amazonaws.com"), "{fix}");
}

#[test]
fn bytes_differ_only_where_both_are_shown() {
    let diagnosis = diagnose::text(&Evidence::read(&presigned("").replace(EMPTY, "00")));
    assert!(
        diagnosis.to_string().starts_with("1. url-cut-off, certain: the input shows it\n"),
        "{diagnosis}"
    );
}
