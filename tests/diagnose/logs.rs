//! Requests as the loggers of clients and servers print them: with a prefix in each line, or as an object.

use countersign::SecretAccessKey;
use countersign::diagnose::{self, Certainty, Diagnosis, Evidence};

const REFUSED: &str = "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match \
                       the signature you provided.</Message></Error>";
const SCOPE: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261118/eu-west-3";

fn first(text: &str) -> (String, Certainty) {
    let diagnosis = diagnose::text(&Evidence::read(text));
    name(&diagnosis)
}

fn name(diagnosis: &Diagnosis) -> (String, Certainty) {
    let cause = diagnosis.first().unwrap_or_else(|| panic!("no cause"));
    (cause.name().as_str().into(), cause.certainty())
}

/// Returns the first lines of the request that is found in the text.
fn head(text: &str, lines: usize) -> String {
    let message = Evidence::read(text).sent_message().unwrap_or_default();
    message.lines().take(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_body_that_feign_compressed_after_signing_is_suspected() {
    let line = |minute: u8, text: &str| {
        format!(
            "2026-11-18T06:30:{minute}.640Z DEBUG 1 --- [task-1] f.k.BulkClient : [BulkClient#bulk] {text}\n"
        )
    };
    let text = [
        line(12, "---> POST https://search-x.eu-west-3.es.amazonaws.com/_bulk HTTP/1.1"),
        line(
            12,
            &format!("Authorization: {SCOPE}/es/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"),
        ),
        line(12, "Content-Encoding: gzip"),
        line(12, "X-Amz-Date: 20261118T063012Z"),
        line(12, ""),
        line(13, "<--- HTTP/1.1 403 (60ms)"),
    ]
    .concat();
    let authorization =
        format!("Authorization: {SCOPE}/es/aws4_request, SignedHeaders=host;x-amz-date, Signature=00");
    assert_eq!(head(&text, 2), format!("POST /_bulk HTTP/1.1\n{authorization}"));
    assert_eq!(first(&(text + REFUSED)), ("payload-changed".into(), Certainty::Suspected));
}

#[test]
fn a_presigned_url_that_okhttp_sends_with_head_is_suspected() {
    let prefix = "2026-11-17 09:15:20.411  8123-8177  okhttp.OkHttpClient  I  ";
    let url = "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F\
               20261117%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20261117T081402Z&X-Amz-Expires=3600\
               &X-Amz-SignedHeaders=host&X-Amz-Signature=1fa7b34942f27a5581bf701b1df3a0f02d7271b716733a63aa8fee8f8f238575";
    let text = format!(
        "{prefix}--> HEAD {url}\n{prefix}Accept: */*\n{prefix}--> END HEAD\n{prefix}<-- 403 {url} (71ms)\n{prefix}<-- END HTTP\n"
    );
    assert!(head(&text, 1).starts_with("HEAD /k?X-Amz-Algorithm="), "{}", head(&text, 1));
    assert_eq!(Evidence::read(&text).status(), Some(403));
    assert_eq!(first(&text), ("method".into(), Certainty::Suspected));
}

#[test]
fn a_trace_of_minio_and_a_url_with_a_port_show_that_the_port_was_lost() {
    let line = |text: &str| format!("objects.lan.example {text}\n");
    let trace = [
        line("[REQUEST s3.ListObjectsV2] [2026-11-18T06:30:12.149]"),
        line("GET /tfstate?list-type=2"),
        line("Proto: HTTP/1.1"),
        line("Host: objects.lan.example"),
        line(&format!("Authorization: {SCOPE}/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00")),
        line("X-Amz-Date: 20261118T063012Z"),
        REFUSED.into(),
    ]
    .concat();
    assert_eq!(head(&trace, 1), "GET /tfstate?list-type=2 HTTP/1.1");
    let evidence = Evidence::read(&trace).with_request("endpoint = \"https://objects.lan.example:9443\"\n");
    assert_eq!(name(&diagnose::text(&evidence)), ("host-port".into(), Certainty::Suspected));
}

#[test]
fn a_request_that_bun_prints_is_read() {
    let text = format!(
        "[fetch] > HTTP/1.1 PUT https://b.example/a%20(1).pdf\n[fetch] > x-amz-date: 20261118T063012Z\n[fetch] > Authorization: \
         {SCOPE}/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00\n[fetch] > Host: b.example\n\n[fetch] < 403 Forbidden\n"
    );
    assert_eq!(head(&text, 2), "PUT /a%20(1).pdf HTTP/1.1\nx-amz-date: 20261118T063012Z");
}

#[test]
fn a_request_that_python_prints_as_a_tuple_is_read() {
    let text = format!(
        ">>> p.method, p.url, p.body\n('GET', 'https://x.execute-api.eu-west-3.amazonaws.com/v1?id=2&id=1', None)\n>>> \
         pprint(dict(p.headers))\n{{'Accept': '*/*',\n 'Authorization': '{SCOPE}/execute-api/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=00',\n 'X-Amz-Date': '20261118T063012Z'}}\n>>> pprint(dict(r.headers))\n"
    );
    assert_eq!(head(&text, 2), "GET /v1?id=2&id=1 HTTP/1.1\nAccept: */*");
}

/// The canonical request is signed in the variable `request` of a shell, which omits the `=` of `uploads`.
#[test]
fn a_canonical_request_in_the_trace_of_a_shell_is_compared_with_that_of_the_service() {
    let canonical = |query: &str| {
        format!(
            "POST\n/k\n{query}\nhost:b.s3.eu-west-3.amazonaws.com\nx-amz-date:20261118T063012Z\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD"
        )
    };
    let text = format!(
        "+ request=$'{}'\n+ curl -X POST 'https://b.s3.eu-west-3.amazonaws.com/k?uploads'\n<Error><Code>SignatureDoesNotMatch</Code>\
         <CanonicalRequest>{}</CanonicalRequest></Error>\n",
        canonical("uploads").replace('\n', "\\n"),
        canonical("uploads=")
    );
    assert_eq!(first(&text), ("query-valueless".into(), Certainty::Observed));
}

/// The values are from a log of the AWS SDK for Rust, whose secret had a line feed at its end.
#[test]
fn a_secret_with_a_line_feed_is_found_in_a_trace_of_rust() {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let text = format!(
        "TRACE aws_sigv4::http_request::sign: canonical_request=GET\n/scans/2026/K000914.tif\nx-id=GetObject\n\
         host:seedlib-accessions.s3.eu-west-2.amazonaws.com\nx-amz-content-sha256:{digest}\nx-amz-date:20261006T052241Z\n\
         x-amz-user-agent:aws-sdk-rust/1.3.3 ua/2.1 api/s3/1.52.0 os/linux lang/rust/1.81.0\n\n\
         host;x-amz-content-sha256;x-amz-date;x-amz-user-agent\n{digest}\n\
         TRACE aws_sigv4::http_request::sign: string_to_sign=AWS4-HMAC-SHA256\n20261006T052241Z\n\
         20261006/eu-west-2/s3/aws4_request\n1fa7b34942f27a5581bf701b1df3a0f02d7271b716733a63aa8fee8f8f238575\n\
         TRACE transmitting request request=Request {{ uri: Uri {{ as_string: \
         \"https://seedlib-accessions.s3.eu-west-2.amazonaws.com/scans/2026/K000914.tif?x-id=GetObject\" }}, method: Method(GET), \
         headers: Headers {{ headers: {{\"x-amz-date\": HeaderValue {{ _private: H0(\"20261006T052241Z\") }}, \"authorization\": \
         HeaderValue {{ _private: H0(\"AWS4-HMAC-SHA256 Credential=AKIA4D275NEASBXTEO7M/20261006/eu-west-2/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-user-agent, Signature=SIGNATURE\") }}}} }} }}\n\
         ERROR unhandled error (SignatureDoesNotMatch): Error {{ code: \"SignatureDoesNotMatch\" }}\n"
    );
    let text = text.replace("SIGNATURE", "fca0bc251813055edfd030c8d2efa65cfe43e0f6aa68e6e77f7baa2b4980a45a");
    let secret = SecretAccessKey::new("oVY7rSYpGppkQYBnd8f/LT6sVI991+LYDu+H2kmj");
    let diagnosis = diagnose::text_with_secret(&Evidence::read(&text), &secret);
    assert_eq!(name(&diagnosis), ("secret-whitespace".into(), Certainty::Reproduced));
}

/// The request of S3's documentation, "Signature Calculations for the Authorization Header: Transferring Payload in
/// Multiple Chunks", whose headers are signed correctly.
#[test]
fn a_chunk_is_suspected_if_the_headers_verify() {
    let text = format!(
        "PUT /examplebucket/chunkObject.txt HTTP/1.1\nHost: s3.amazonaws.com\nx-amz-date: 20130524T000000Z\n\
         x-amz-storage-class: REDUCED_REDUNDANCY\nAuthorization: AWS4-HMAC-SHA256 \
         Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=content-encoding;content-length;\
         host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class, \
         Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9\nx-amz-content-sha256: \
         STREAMING-AWS4-HMAC-SHA256-PAYLOAD\nContent-Encoding: aws-chunked\nx-amz-decoded-content-length: 66560\n\
         Content-Length: 66824\n\n{REFUSED}"
    );
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let diagnosis = diagnose::text_with_secret(&Evidence::read(&text), &secret);
    assert_eq!(name(&diagnosis), ("chunk-signature".into(), Certainty::Suspected));
}

/// The token is base64 of a presigned URL of STS.
#[test]
fn a_token_of_kubernetes_for_another_cluster_is_suspected() {
    let token = "aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BS0lBSU9TRk9ETk43RVhBTVBMRSUyRjIwMjYxMTEwJTJGZXUtd2VzdC0xJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjExMTBUMDgxOTA1WiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9MDA";
    let text = format!("Authorization: Bearer k8s-aws-v1.{token}\n{REFUSED}");
    assert_eq!(first(&text), ("header-changed".into(), Certainty::Suspected));
    assert!(head(&text, 1).starts_with("GET /?Action=GetCallerIdentity&"), "{}", head(&text, 1));
}
