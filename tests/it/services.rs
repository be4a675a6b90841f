//! Services with special rules, compared with signatures of botocore 1.43.11 (PyPI;
//! Apache-2.0).
//!
//! `S3ExpressAuth`, `S3ExpressQueryAuth`, `S3SigV4Auth`, `S3SigV4QueryAuth`,
//! `SigV4Auth` and `SigV4QueryAuth` of `botocore.auth` signed these URLs, headers and
//! bodies at this time. The requests of S3 on Outposts and of Object Lambda are those
//! of botocore's S3 client.

use std::time::Duration;

use countersign::*;
use testkit::{TEMPORARY_ID, TOKEN, assert_err, at, temporary};

const TOKEN_ENCODED: &str = "IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D";

const BUCKET: &str = "https://bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com";
const OUTPOST: &str = "https://example-outpost-ap-123456789012.op-01ac5d28a6a232904.s3-outposts.us-west-2.amazonaws.com/a%20key";
const OBJECT_LAMBDA: &str = "https://mybanner-123456789012.s3-object-lambda.us-west-2.amazonaws.com/a%20key";

fn time() -> Timestamp {
    at("20240501T120000Z")
}

fn express() -> Service {
    Service::new("s3express").unwrap()
}

/// Returns the request target and the host that a client of the URL sends.
fn target_and_host(url: &str) -> (&str, &str) {
    let (_, rest) = url.split_once("://").unwrap();
    let slash = rest.find('/').unwrap();
    (&rest[slash..], &rest[..slash])
}

fn verify(
    region: &str,
    service: Service,
    request: &Request<'_>,
    body: ReceivedBody<'_>,
) -> Result<(), VerifyError> {
    let verifier = Verifier::new(region, service).unwrap();
    let claim = verifier.claim(request, body, time())?;
    let key = claim.derive_key(&temporary());
    Ok(claim.verify(&key).map(drop)?)
}

/// Signs in headers, compares `Authorization` and the other added headers except the
/// date, and verifies the request.
#[track_caller]
fn header(
    (region, service): (&str, Service),
    (method, url): (&str, &str),
    headers: &[(&str, &str)],
    payload: (Payload<'_>, &[u8]),
    expected: (&str, &str),
    added: &[(&str, &str)],
) {
    let signer = Signer::new(temporary(), region, service.clone()).unwrap();
    let signed = signer.sign(&Request::new(method, url, headers), payload.0, time()).unwrap();
    let (names, signature) = expected;
    let scope = format!("20240501/{region}/{}/aws4_request", service.name());
    assert_eq!(
        signed.authorization(),
        format!(
            "AWS4-HMAC-SHA256 Credential={TEMPORARY_ID}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    );
    let found: Vec<_> =
        signed.iter().filter(|(name, _)| !matches!(*name, "x-amz-date" | "authorization")).collect();
    assert_eq!(found, added);

    let (target, host) = target_and_host(url);
    let mut all = vec![("host", host)];
    all.extend(headers);
    all.extend(signed.iter());
    let request = Request::new(method, target, &all);
    assert_eq!(verify(region, service, &request, ReceivedBody::Bytes(payload.1)), Ok(()));
}

/// Signs in the query, compares the parameters in any order, and verifies the request.
#[track_caller]
fn query(
    (region, service): (&str, Service),
    url: &str,
    seconds: u64,
    token: &str,
    signature: &str,
) -> String {
    let signer = Signer::new(temporary(), region, service.clone()).unwrap();
    let expires = Expires::from_secs(seconds).unwrap();
    let presigned = signer.presign(&Request::new("GET", url, &[]), expires, time()).unwrap();
    let (front, given) = url.split_once('?').unwrap_or((url, ""));
    let (found_front, found) = presigned.as_str().split_once('?').unwrap();
    assert_eq!(found_front, front);
    let credential = format!("{TEMPORARY_ID}%2F20240501%2F{region}%2F{}%2Faws4_request", service.name());
    let expected = format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date=20240501T120000Z\
         &X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host&{token}={TOKEN_ENCODED}&X-Amz-Signature={signature}"
    );
    let mut found: Vec<&str> = found.split('&').collect();
    let mut expected: Vec<&str> =
        expected.split('&').chain(given.split('&').filter(|pair| !pair.is_empty())).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);

    let (target, host) = target_and_host(presigned.as_str());
    let headers = [("host", host)];
    assert_eq!(
        verify(region, service, &Request::new("GET", target, &headers), ReceivedBody::Bytes(b"")),
        Ok(())
    );
    presigned.into_string()
}

const SECURITY: &str = "X-Amz-Security-Token";

#[test]
fn signs_for_s3_express() {
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let url = format!("{BUCKET}/folder/a%20key");
    header(
        ("us-east-1", express()),
        ("PUT", &url),
        &[("Content-Type", "text/plain")],
        (Payload::Bytes(b"hello"), b"hello"),
        (
            "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-s3session-token",
            "6ecf02a27a098515335a8b1df1eecb3a0de919f5482aeb912dd981bd789b3fee",
        ),
        &[("x-amz-content-sha256", hash), ("x-amz-s3session-token", TOKEN)],
    );
    header(
        ("us-east-1", express()),
        ("GET", &url),
        &[],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-content-sha256;x-amz-date;x-amz-s3session-token",
            "8734597ac12eaa6696298b8a94f8808c73607c187ce99eefcbce7f33f820fc5a",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-s3session-token", TOKEN)],
    );
    let signature = "f18955957a38139b6dfee096879c295b338a8e08b9854017d23672f2843fee59";
    query(("us-east-1", express()), &url, 300, "X-Amz-S3session-Token", signature);
}

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// `CreateSession` is signed with IAM credentials. Their session token has the usual
/// header.
#[test]
fn signs_create_session_of_s3_express() {
    header(
        ("us-east-1", express().with_rules(Rules::S3)),
        ("GET", &format!("{BUCKET}/?session")),
        &[("x-amz-create-session-mode", "ReadWrite")],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-content-sha256;x-amz-create-session-mode;x-amz-date;x-amz-security-token",
            "0f6a0e9f7fafcea16d98080e5c20f612b4335088eef6568e7ee0e123fbe8c719",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-security-token", TOKEN)],
    );
}

/// S3 API Reference, CreateSession: a session's credentials expire after 5
/// minutes. botocore gives its URLs 300 seconds.
#[test]
fn s3_express_urls_expire_with_the_session() {
    let end = time().checked_add(Duration::from_secs(300)).unwrap();
    let signer = Signer::new(temporary().with_expiration(end), "us-east-1", express()).unwrap();
    let url = format!("{BUCKET}/key");
    let request = Request::new("GET", &url, &[]);
    let lifetime =
        |signer: &Signer, expires, time| signer.presign(&request, expires, time).map(|url| url.expires());
    let five_minutes = Expires::from_secs(300).unwrap();
    assert_eq!(lifetime(&signer, five_minutes, time()), Ok(Duration::from_secs(300)));
    let hour = lifetime(&signer, Expires::HOUR, time());
    assert_err!(hour, SignError::OutlivesCredentials { expiration: end });
    let late = signer.sign(&request, Payload::Bytes(b""), end);
    assert_err!(late, SignError::CredentialsExpired { at: end });

    let shortening = signer.shorten_to_credentials();
    let a_minute_later = time().checked_add(Duration::from_secs(60)).unwrap();
    assert_eq!(lifetime(&shortening, Expires::HOUR, a_minute_later), Ok(Duration::from_secs(240)));
    let late = lifetime(&shortening, Expires::HOUR, end);
    assert_err!(late, SignError::CredentialsExpired { at: end });
}

/// The verifier rejects a session token in the header of another service.
#[test]
fn rejects_an_s3_express_token_in_another_header() {
    let url = format!("{BUCKET}/key");
    for (signed_by, verified_by) in
        [(express().with_rules(Rules::S3), express()), (express(), express().with_rules(Rules::S3))]
    {
        let signer = Signer::new(temporary(), "us-east-1", signed_by.clone()).unwrap();
        let presigned = signer.presign(&Request::new("GET", &url, &[]), Expires::HOUR, time()).unwrap();
        let (target, host) = target_and_host(presigned.as_str());
        let headers = [("host", host)];
        let request = Request::new("GET", target, &headers);
        let body = ReceivedBody::Bytes(b"");
        assert_eq!(verify("us-east-1", signed_by, &request, body), Ok(()));
        assert_eq!(verify("us-east-1", verified_by, &request, body), Err(VerifyError::InvalidToken));
    }
}

#[test]
fn signs_for_s3_on_outposts() {
    header(
        ("us-west-2", Service::new("s3-outposts").unwrap()),
        ("GET", OUTPOST),
        &[],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
            "3cbb1908c751e3d27cabcb386878857098fce4532ec64617e3f3fdd69dcd0c1c",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-security-token", TOKEN)],
    );
    // As botocore's client sends it.
    header(
        ("us-west-2", Service::new("s3-outposts").unwrap()),
        ("GET", OUTPOST),
        &[("x-amz-checksum-mode", "ENABLED")],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date;x-amz-security-token",
            "9a295c666853a55488a1694104f3af3409543b05678895bed186661db0ec4d6b",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-security-token", TOKEN)],
    );
    let signature = "a45e7d95604bfcabd35a4090c8ad459622aa397378adb5b560a713cbb604be03";
    query(("us-west-2", Service::new("s3-outposts").unwrap()), OUTPOST, 3600, SECURITY, signature);
    // The control plane has an encoded ARN in its path.
    header(
        ("us-west-2", Service::new("s3-outposts").unwrap()),
        (
            "GET",
            "https://s3-outposts.us-west-2.amazonaws.com/v20180820/bucket/arn%3Aaws%3As3-outposts%3Aus-west-2\
             %3A123456789012%3Aoutpost%2Fop-01ac5d28a6a232904%2Fbucket%2Fmybucket",
        ),
        &[("x-amz-account-id", "123456789012"), ("x-amz-outpost-id", "op-01ac5d28a6a232904")],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-account-id;x-amz-content-sha256;x-amz-date;x-amz-outpost-id;x-amz-security-token",
            "e789af42d101112e724beebb4768c93e34fbf5f42c39ef762e355e3dd18457ca",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-security-token", TOKEN)],
    );
}

#[test]
fn signs_for_s3_object_lambda() {
    header(
        ("us-west-2", Service::new("s3-object-lambda").unwrap()),
        ("GET", OBJECT_LAMBDA),
        &[],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
            "25c615df691c80485cd5be32c23e643ee1b8e20b7db2d3bd06d21c5d58c5f3f7",
        ),
        &[("x-amz-content-sha256", EMPTY), ("x-amz-security-token", TOKEN)],
    );
    let signature = "15c8079443df15d79a9844585d85dd060d2a879e5c9da647f6746376e2791bf0";
    query(("us-west-2", Service::new("s3-object-lambda").unwrap()), OBJECT_LAMBDA, 3600, SECURITY, signature);
}

/// The function's response is streamed, so its payload may be unsigned.
#[test]
fn signs_write_get_object_response() {
    let url = "https://io-route-1.s3-object-lambda.us-west-2.amazonaws.com/WriteGetObjectResponse";
    let headers = [
        ("x-amz-request-route", "io-route-1"),
        ("x-amz-request-token", "token-1"),
        ("x-amz-fwd-status", "200"),
    ];
    let names = "host;x-amz-content-sha256;x-amz-date;x-amz-fwd-status;x-amz-request-route;x-amz-request-token;\
                 x-amz-security-token";
    for (payload, line, signature) in [
        (
            Payload::Unsigned,
            "UNSIGNED-PAYLOAD",
            "4c662fb4cd69a2e2f983e5c25b86aa76278a290bfa436b986d332db5a38f73a2",
        ),
        (
            Payload::Bytes(b"transformed"),
            "6517eaddaaeaf31a1de9b77c3a284e5862f4c75ae7bc2ce261c10cbeafdc5fa5",
            "e905e4604a7003f7f6078b6a6f364f3cdbf170d71db1196400c1a4305b2a40af",
        ),
    ] {
        header(
            ("us-west-2", Service::new("s3-object-lambda").unwrap()),
            ("POST", url),
            &headers,
            (payload, b"transformed"),
            (names, signature),
            &[("x-amz-content-sha256", line), ("x-amz-security-token", TOKEN)],
        );
    }
}

/// OpenSearch Serverless requires `x-amz-content-sha256`.
#[test]
fn signs_for_opensearch_serverless() {
    let body = br#"{"title":"Shawshank"}"#;
    header(
        ("us-east-1", Service::new("aoss").unwrap()),
        ("PUT", "https://abc123.us-east-1.aoss.amazonaws.com/movies/_doc/1"),
        &[("Content-Type", "application/json")],
        (Payload::Bytes(body), body),
        (
            "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
            "7d5c7f29f1f615f4483fc8ff4aa37531d3e4a9f67e0f0b1400166597002494d1",
        ),
        &[
            ("x-amz-content-sha256", "758ee2b6876aaeb86863d3b26e44469d3b513dd98dee52a1b836896f57710927"),
            ("x-amz-security-token", TOKEN),
        ],
    );
}

/// A presigned URL with the scheme `wss` opens a websocket. Its session token is signed.
#[test]
fn presigns_websockets_with_a_signed_token() {
    for (region, service, url, seconds, signature) in [
        (
            "us-east-1",
            "transcribe",
            "wss://transcribestreaming.us-east-1.amazonaws.com:8443/stream-transcription-websocket\
             ?language-code=en-US&media-encoding=flac&sample-rate=16000",
            300,
            "092df64f7547e8cff5ab11439985dee0a742423da87c38e229270c8000d38d41",
        ),
        // Two parameters of this service have the prefix of signature parameters.
        (
            "us-west-2",
            "kinesisvideo",
            "wss://v-1234abcd.kinesisvideo.us-west-2.amazonaws.com/?X-Amz-ChannelARN=arn%3Aaws%3Akinesisvideo\
             %3Aus-west-2%3A123456789012%3Achannel%2Fdemo%2F1560000000000&X-Amz-ClientId=viewer",
            299,
            "01af6605e9848c333a620f30ac45d8d64363632ce5fd04fce9819aaf5ac77579",
        ),
        (
            "us-east-1",
            "execute-api",
            "wss://abcd123.execute-api.us-east-1.amazonaws.com/production",
            300,
            "c95af4f5b3f3a03526d6a7f854a71fdacb429e2e9c5ace7777878738c5a571c4",
        ),
    ] {
        query((region, Service::new(service).unwrap()), url, seconds, SECURITY, signature);
    }
}

/// AWS IoT has the session token after the signature, which is that of botocore's
/// `SigV4QueryAuth` without a token.
#[test]
fn presigns_websockets_with_an_unsigned_token() {
    let service = || Service::new("iotdevicegateway").unwrap();
    let url = "wss://abc123-ats.iot.us-east-1.amazonaws.com/mqtt";
    let signature = "13a9521189ba73be11aefa5818c1c38560279e577d0ba027b77d27a7b189414b";
    let presigned = query(("us-east-1", service()), url, 3600, SECURITY, signature);
    assert!(
        presigned.ends_with(&format!("&X-Amz-Signature={signature}&X-Amz-Security-Token={TOKEN_ENCODED}"))
    );

    // Another token does not change the signature, but does not belong to the key.
    let (target, host) = target_and_host(&presigned);
    let (headers, body) = ([("host", host)], ReceivedBody::Bytes(b""));
    let other = target.replace(TOKEN_ENCODED, "other");
    let error = verify("us-east-1", service(), &Request::new("GET", &other, &headers), body);
    assert_eq!(error, Err(VerifyError::InvalidToken));
    // A URL with a signed token is rejected.
    let signed = Service::new("iotdevicegateway").unwrap().with_rules(Rules::STANDARD);
    let signer = Signer::new(temporary(), "us-east-1", signed).unwrap();
    let presigned = signer.presign(&Request::new("GET", url, &[]), Expires::HOUR, time()).unwrap();
    let (target, _) = target_and_host(presigned.as_str());
    let error = verify("us-east-1", service(), &Request::new("GET", target, &headers), body);
    assert_eq!(error, Err(VerifyError::SignatureDoesNotMatch));
}

/// Neptune signs the handshake in headers. The port is part of the host.
#[test]
fn signs_websockets_in_headers() {
    header(
        ("us-east-1", Service::new("neptune-db").unwrap()),
        ("GET", "wss://cluster.cluster-abc.us-east-1.neptune.amazonaws.com:8182/gremlin"),
        &[],
        (Payload::Bytes(b""), b""),
        (
            "host;x-amz-date;x-amz-security-token",
            "b5636e8fc2e4c91bce5b28d88cefa4cb28db8db29eb2b494c0b657078e0f7aac",
        ),
        &[("x-amz-security-token", TOKEN)],
    );
}
