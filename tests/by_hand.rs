//! Compares the library with `examples/by_hand.rs`, which signs and verifies without it: on random
//! requests both compute the same signature, and each verifies what the other has signed.
//!
//! Each call of the library is in one function of its own, at the end of this file.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../examples/by_hand.rs"]
#[expect(unreachable_pub, reason = "it is a program of its own")]
mod by_hand;

use by_hand::{Identity, Request};
use countersign::{
    Credentials, Expires, Payload, ReceivedBody, SecretAccessKey, Service, Signer, Verifier, VerifyError,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const TIME: &str = "20240501T120000Z";
const EXPIRES: u32 = 3600;

#[test]
fn the_documented_examples_are_signed_and_verify() {
    by_hand::main().unwrap();
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn headers_are_signed_alike_for_s3(request in request(segment_of_s3())) {
        compare_signatures_in_headers(&request, &s3());
    }

    #[test]
    fn headers_are_signed_alike_for_other_services(request in request(segment_of_other_services())) {
        compare_signatures_in_headers(&request, &other());
    }

    #[test]
    fn urls_are_presigned_alike_for_s3(request in request(segment_of_s3())) {
        compare_presigned_urls(&request, &s3());
    }

    #[test]
    fn urls_are_presigned_alike_for_other_services(request in request(segment_of_other_services())) {
        // Without further instructions the library presigns for an empty body.
        compare_presigned_urls(&Request { body: Vec::new(), ..request }, &other());
    }
}

/// Each row changes one thing of a signed request, and has the code of the library's error.
#[test]
fn both_reject_a_changed_request() {
    type Change = fn(&mut Request);
    let changes: [(&str, Change, &str, &str); 8] = [
        ("method", |request| request.method = "DELETE".into(), MISMATCH, "SignatureDoesNotMatch"),
        ("path", |request| request.path.push('2'), MISMATCH, "SignatureDoesNotMatch"),
        ("query", |request| request.query.insert(0, 'b'), MISMATCH, "SignatureDoesNotMatch"),
        ("parameter", |request| request.query.push_str("&b=1"), MISMATCH, "SignatureDoesNotMatch"),
        ("value", |request| set_header(request, "range", "bytes=0-99"), MISMATCH, "SignatureDoesNotMatch"),
        ("host", |request| set_header(request, "host", "example.org"), MISMATCH, "SignatureDoesNotMatch"),
        (
            "missing",
            |request| request.headers.retain(|(name, _)| name != "range"),
            COVERAGE,
            "SignatureDoesNotMatch",
        ),
        ("unsigned", |request| set_header(request, "x-amz-acl", "public-read"), COVERAGE, "AccessDenied"),
    ];
    for identity in [s3(), other()] {
        let mut request = get_key();
        request.query = "a=1".into();
        set_header(&mut request, "range", "bytes=0-9");
        let (mut in_headers, mut in_query) = (request.clone(), request);
        by_hand::sign(&mut in_headers, &identity, TIME);
        by_hand::presign(&mut in_query, &identity, TIME, EXPIRES);
        for signed in [in_headers, in_query] {
            assert_eq!(by_hand::verify(&signed, &identity), Ok(()));
            assert_eq!(verify_with_library(&signed, &identity), Ok(()));
            for (what, change, reason, code) in changes {
                let mut changed = signed.clone();
                change(&mut changed);
                assert_rejected(&changed, &identity, reason, code, what);
            }
        }
    }
}

#[test]
fn both_reject_another_body() {
    for (identity, code) in [(s3(), "XAmzContentSHA256Mismatch"), (other(), "SignatureDoesNotMatch")] {
        let mut request = get_key();
        request.body = b"hello".to_vec();
        by_hand::sign(&mut request, &identity, TIME);
        assert_eq!(by_hand::verify(&request, &identity), Ok(()));
        assert_eq!(verify_with_library(&request, &identity), Ok(()));
        request.body = b"jello".to_vec();
        assert_rejected(&request, &identity, MISMATCH, code, "body");
    }
}

#[test]
fn both_reject_another_identity() {
    let mut request = get_key();
    by_hand::sign(&mut request, &s3(), TIME);
    let scope = "the credential has another key, day, region or service";
    let malformed = "AuthorizationHeaderMalformed";
    let others = [
        (Identity { access_key_id: "AKIDEXAMPLE".into(), ..s3() }, scope, "InvalidAccessKeyId"),
        (Identity { region: "eu-central-1".into(), ..s3() }, scope, malformed),
        (Identity { service: "sqs".into(), ..s3() }, scope, malformed),
        (Identity { secret_access_key: "secret".into(), ..s3() }, MISMATCH, "SignatureDoesNotMatch"),
    ];
    for (other, reason, code) in others {
        assert_rejected(&request, &other, reason, code, &other.access_key_id);
    }
}

#[test]
fn both_reject_an_unsigned_host() {
    for identity in [s3(), other()] {
        let mut request = get_key();
        request.headers.clear();
        by_hand::sign(&mut request, &identity, TIME);
        set_header(&mut request, "host", "examplebucket.s3.amazonaws.com");
        assert_rejected(&request, &identity, COVERAGE, "AccessDenied", "host");
    }
}

#[test]
fn both_reject_an_unsigned_request() {
    assert_rejected(&get_key(), &s3(), "the request has no complete signature", "AccessDenied", "unsigned");
}

const MISMATCH: &str = "the signature does not match the request";
const COVERAGE: &str = "SignedHeaders omits a header that must be signed, or names one that is missing";

fn assert_rejected(request: &Request, identity: &Identity, reason: &str, code: &str, what: &str) {
    assert_eq!(by_hand::verify(request, identity), Err(reason), "{what}");
    let error = verify_with_library(request, identity).unwrap_err();
    assert_eq!(error.code(), code, "{what}");
}

// ---- Comparison ----

fn compare_signatures_in_headers(request: &Request, identity: &Identity) {
    let mut by_hand = request.clone();
    let expected = by_hand::sign(&mut by_hand, identity, TIME);
    let (library, steps) = sign_with_library(request, identity);
    assert_eq!(steps, expected);
    assert_eq!(by_hand::verify(&library, identity), Ok(()));
    assert_eq!(verify_with_library(&by_hand, identity), Ok(()));
}

fn compare_presigned_urls(request: &Request, identity: &Identity) {
    let mut by_hand = request.clone();
    let expected = by_hand::presign(&mut by_hand, identity, TIME, EXPIRES);
    let (library, steps) = presign_with_library(request, identity);
    assert_eq!(steps, expected);
    assert_eq!(by_hand::verify(&library, identity), Ok(()));
    assert_eq!(verify_with_library(&by_hand, identity), Ok(()));
}

// ---- Random requests ----

/// Runs `quick` cases, or as many as `PROPTEST_CASES` says.
fn cases(quick: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(quick), failure_persistence: None, ..ProptestConfig::default() }
}

fn request(segment: impl Strategy<Value = String>) -> impl Strategy<Value = Request> {
    let method = prop_oneof![select(vec!["GET", "HEAD", "PUT", "POST"]).prop_map(String::from), "[A-Z]{1,8}"];
    (method, vec(segment, 1..5), query(), headers(), vec(any::<u8>(), 0..40)).prop_map(
        |(method, segments, query, headers, body)| {
            let host = ("Host".to_owned(), "examplebucket.s3.amazonaws.com".to_owned());
            let headers = headers.into_iter().chain([host]).collect();
            Request { method, path: format!("/{}", segments.join("/")), query, headers, body }
        },
    )
}

/// S3 has no special segments, and any byte except a slash can be encoded, in upper or lower case. The
/// library's signer refuses an encoded slash and a raw `+`.
fn segment_of_s3() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9._~-]{0,6}",
        2 => "(%([013-9a-fA-F][0-9a-fA-F]|2[0-9a-eA-E])){1,4}",
        1 => "[!\"$&'()*,:;<=>@\\[\\]^`{|}~a-z\\\\]{1,5}",
        1 => select(vec![".", "..", "", "%2E", "%2e%2e", "%C3%A9", "%25"]).prop_map(String::from),
    ]
}

/// Here the signer and the verifier refuse encoded dots and slashes, which could hide a dot segment.
/// The library sends `"<>\^{|}` and the grave accent encoded, and signs what it sends.
fn segment_of_other_services() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9._~-]{0,6}",
        2 => "(%([013-9a-fA-F][0-9a-fA-F]|2[0-9a-dA-D])){1,4}",
        1 => "[!$&'()*+,:;=@~a-z]{1,5}",
        2 => select(vec![".", "..", "", "...", "%C3%A9", "%25"]).prop_map(String::from),
    ]
}

/// Each name ends in a digit of its own, so that none is repeated. Some begin with another name, which
/// shows that pairs are sorted by name before value. Empty pairs are not signed.
fn query() -> impl Strategy<Value = String> {
    let part = || {
        prop_oneof![
            "[0-5-]{0,2}",
            "[a-wyz0-9~._-]{0,5}",
            "[a-w]?[!$'()*+,;:@/?|]{0,3}",
            "(%[0-9a-fA-F]{2}){1,3}"
        ]
    };
    let value = prop_oneof![
        3 => part().prop_map(|value| format!("={value}")),
        1 => "=[a-z]{0,2}=[a-z=]{0,2}",
        1 => Just(String::new()),
    ];
    vec(prop_oneof![8 => (part(), value).prop_map(Some), 1 => Just(None)], 0..6).prop_map(|pairs| {
        let pairs = pairs.iter().enumerate().map(|(digit, pair)| match pair {
            Some((name, value)) => format!("{name}{digit}{value}"),
            None => String::new(),
        });
        pairs.collect::<Vec<_>>().join("&")
    })
}

/// Some names are repeated. None is among those that the library leaves unsigned, and none is `cookie`, whose values it
/// joins as HTTP/2 requires.
fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = ["content-type", "Content-MD5", "Range", "X-Amz-Acl", "x-amz-tagging", "x-a-b"];
    let name = prop_oneof![
        select(known.to_vec()).prop_map(String::from),
        "[xX]-[a-cA-C]",
        "x-amz-meta-[a-c]",
        "[a-b][!#$%&'*+.^_`|~0-9A-Z-]{1,12}z",
    ];
    let value = prop_oneof![
        2 => "[!-~]{0,10}",
        2 => "[ \t]{0,2}[!-~]{0,3} {0,3}[!-~]{0,3}[ \t]{0,2}",
        1 => "[ a,\"]{0,8}",
        1 => "[ aé漢🦀]{0,6}",
    ];
    vec((name, value), 0..6)
}

fn s3() -> Identity {
    Identity {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        region: "us-east-1".into(),
        service: "s3".into(),
    }
}

fn other() -> Identity {
    Identity { service: "execute-api".into(), ..s3() }
}

fn get_key() -> Request {
    Request {
        method: "GET".into(),
        path: "/key".into(),
        query: String::new(),
        headers: vec![("host".into(), "examplebucket.s3.amazonaws.com".into())],
        body: Vec::new(),
    }
}

fn set_header(request: &mut Request, name: &str, value: &str) {
    request.headers.retain(|(other, _)| other != name);
    request.headers.push((name.into(), value.into()));
}

// ---- The library ----

/// Returns the request as it would be sent.
fn sign_with_library(request: &Request, identity: &Identity) -> (Request, [String; 3]) {
    let (uri, headers) = (uri(request), headers_of(request));
    let view = countersign::Request::new(&request.method, &uri, &headers);
    let signed = signer(identity).sign(&view, Payload::Bytes(&request.body), TIME.parse().unwrap()).unwrap();
    let mut sent = request.clone();
    sent.headers.extend(signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    let steps = [
        signed.explain().canonical_request().to_string(),
        signed.explain().string_to_sign().to_string(),
        signed.signature().to_string(),
    ];
    (sent, steps)
}

/// Returns the request as it would be sent.
fn presign_with_library(request: &Request, identity: &Identity) -> (Request, [String; 3]) {
    let (uri, headers) = (uri(request), headers_of(request));
    let view = countersign::Request::new(&request.method, &uri, &headers);
    let expires = Expires::from_secs(EXPIRES.into()).unwrap();
    let url = signer(identity).presign(&view, expires, TIME.parse().unwrap()).unwrap();
    let (path, query) = url.as_str().split_once('?').unwrap();
    let sent = Request { path: path.to_owned(), query: query.to_owned(), ..request.clone() };
    let steps = [
        url.explain().canonical_request().to_string(),
        url.explain().string_to_sign().to_string(),
        url.signature().to_string(),
    ];
    (sent, steps)
}

fn verify_with_library(request: &Request, identity: &Identity) -> Result<(), VerifyError> {
    let (uri, headers) = (uri(request), headers_of(request));
    let view = countersign::Request::new(&request.method, &uri, &headers);
    let verifier = Verifier::new(identity.region.clone(), service(identity)).unwrap();
    let claim = verifier.claim(&view, ReceivedBody::Bytes(&request.body), TIME.parse().unwrap())?;
    let known = claim.claimed_access_key_id() == identity.access_key_id;
    let key = known.then(|| claim.derive_key(&credentials(identity)));
    claim.verify(key.as_ref())?;
    Ok(())
}

fn signer(identity: &Identity) -> Signer {
    Signer::new(credentials(identity), identity.region.clone(), service(identity)).unwrap()
}

fn service(identity: &Identity) -> Service {
    Service::new(identity.service.clone()).unwrap()
}

fn credentials(identity: &Identity) -> Credentials {
    let secret = SecretAccessKey::new(identity.secret_access_key.clone());
    Credentials::new(identity.access_key_id.clone(), secret).unwrap()
}

fn uri(request: &Request) -> String {
    let mark = if request.query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", request.path, request.query)
}

fn headers_of(request: &Request) -> Vec<(&str, &str)> {
    request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
