//! The exact number of allocations of each operation.
//!
//! The string to hash and the result share one buffer: signing allocates once, or
//! not at all in the buffer of an earlier result. These tests fail if a change adds
//! an allocation, and if it makes the buffer too small, because growing counts too.
//! The counter belongs to the thread, so tests can run in parallel.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]
#![cfg(feature = "std")]

use allocation_counter::measure;
use countersign::{
    Claim, Credentials, Expires, Payload, ReceivedBody, Request, Service, Signer, Timestamp, Verifier,
    VerifyError, VerifyingKey,
};
use testkit::{at, long_term};

const HOST: &str = "bucket.s3.amazonaws.com";

fn now() -> Timestamp {
    at("20240501T120000Z")
}

/// Returns the number of allocations and reallocations of `work`, and its result, so
/// that the compiler cannot remove the work.
fn count<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let info = measure(|| result = Some(work()));
    (info.count_total, result.unwrap())
}

/// A request with a number of headers and query parameters.
struct Row {
    name: &'static str,
    credentials: Credentials,
    service: Service,
    uri: String,
    headers: Vec<(String, String)>,
}

impl Row {
    fn new(name: &'static str, service: Service, token: usize, path: &str, many: usize) -> Self {
        let mut credentials = long_term("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        if token > 0 {
            credentials = credentials.with_session_token("t/+=".repeat(token / 4)).unwrap();
        }
        let query: Vec<String> = (0..many).map(|n| format!("parameter-{n:02}=value-{n:02}")).collect();
        let uri = format!("https://{HOST}{path}{}{}", if many > 0 { "?" } else { "" }, query.join("&"));
        // Lower and upper case alternate, so that names must be lowered and sorted.
        let headers = (0..many)
            .map(|n| {
                (format!("{}-{:02}", if n % 2 == 0 { "header" } else { "Header" }, n), format!("value {n}"))
            })
            .collect();
        Self { name, credentials, service, uri, headers }
    }

    /// Returns a signer that has signed before, and therefore has the day's key.
    fn signer(&self) -> Signer {
        let signer = Signer::new(self.credentials.clone(), "us-east-1", self.service.clone()).unwrap();
        let warm = Request::new("GET", "https://host/", &[]);
        drop(signer.sign(&warm, Payload::Bytes(b""), now()).unwrap());
        signer
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn key(&self, claim: &Claim) -> VerifyingKey {
        claim.derive_key(&self.credentials)
    }
}

/// Returns requests from the smallest to the largest that are usual.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (service, names) in [
        (
            Service::S3,
            [
                "s3: bare",
                "s3: token",
                "s3: long token",
                "s3: encoded key",
                "s3: 50 and 50",
                "s3: x-amz headers",
            ],
        ),
        (
            Service::new("execute-api").unwrap(),
            [
                "api: bare",
                "api: token",
                "api: long token",
                "api: encoded path",
                "api: 50 and 50",
                "api: x-amz headers",
            ],
        ),
    ] {
        rows.push(Row::new(names[0], service.clone(), 0, "/key", 0));
        rows.push(Row::new(names[1], service.clone(), 120, "/key", 0));
        rows.push(Row::new(names[2], service.clone(), 1600, "/key", 0));
        rows.push(Row::new(names[3], service.clone(), 0, "/a%20key/%C3%A9", 0));
        rows.push(Row::new(names[4], service.clone(), 120, "/key", 50));
        let mut row = Row::new(names[5], service, 0, "/key", 0);
        for (name, value) in [("x-amz-acl", "private"), ("X-Amz-Meta-Name", "value")] {
            row.headers.push((name.into(), value.into()));
        }
        rows.push(row);
    }
    rows
}

#[test]
fn sign_allocates_once_and_in_a_used_buffer_never() {
    for row in rows() {
        let (signer, headers) = (row.signer(), row.headers());
        let request = Request::new("PUT", &row.uri, &headers);
        let (fresh, signed) = count(|| signer.sign(&request, Payload::Bytes(b"body"), now()).unwrap());
        assert_eq!(fresh, 1, "{}: fresh", row.name);
        let mut buffer = signed.into_buffer();
        let (again, _) =
            count(|| signer.sign_in(&mut buffer, &request, Payload::Bytes(b"body"), now()).unwrap());
        assert_eq!(again, 0, "{}: again", row.name);
    }
}

#[test]
fn presign_allocates_once_and_in_a_used_buffer_never() {
    for row in rows() {
        let (signer, headers) = (row.signer(), row.headers());
        let request = Request::new("PUT", &row.uri, &headers);
        let (fresh, url) = count(|| signer.presign(&request, Expires::HOUR, now()).unwrap());
        assert_eq!(fresh, 1, "{}: fresh", row.name);
        let mut buffer = url.into_buffer();
        let (again, url) = count(|| signer.presign_in(&mut buffer, &request, Expires::HOUR, now()).unwrap());
        assert_eq!(again, 0, "{}: again", row.name);
        let (owned, _) = count(|| url.into_string());
        assert_eq!(owned, 0, "{}: into_string does not copy", row.name);
    }
}

#[test]
fn verifying_signed_headers_allocates_once() {
    for row in rows() {
        let verifier = Verifier::new("us-east-1", row.service.clone()).unwrap();
        let (signer, mut headers) = (row.signer(), row.headers());
        let request = Request::new("PUT", &row.uri, &headers);
        let signed = signer.sign(&request, Payload::Bytes(b"body"), now()).unwrap();
        headers.extend(signed.iter());
        let request = Request::new("PUT", &row.uri, &headers);

        let claim = || verifier.claim(&request, ReceivedBody::Bytes(b"body"), now()).unwrap();
        let key = row.key(&claim());
        let (times, _) = count(|| claim().verify(&key).unwrap().age());
        assert_eq!(times, 1, "{}", row.name);
    }
}

#[test]
fn verifying_a_presigned_url_allocates_once() {
    for row in rows() {
        let verifier = Verifier::new("us-east-1", row.service.clone()).unwrap();
        let (signer, headers) = (row.signer(), row.headers());
        let request = Request::new("PUT", &row.uri, &headers);
        let url = signer.presign(&request, Expires::HOUR, now()).unwrap();
        let request = Request::new("PUT", url.as_str(), &headers);

        let claim = || verifier.claim(&request, ReceivedBody::Bytes(b""), now()).unwrap();
        let key = row.key(&claim());
        let (times, _) = count(|| claim().verify(&key).unwrap().age());
        assert_eq!(times, 1, "{}", row.name);
    }
}

#[test]
fn cloning_a_verified_request_allocates_once() {
    for row in rows() {
        let verifier = Verifier::new("us-east-1", row.service.clone()).unwrap();
        let (signer, mut headers) = (row.signer(), row.headers());
        let request = Request::new("PUT", &row.uri, &headers);
        let signed = signer.sign(&request, Payload::Bytes(b"body"), now()).unwrap();
        headers.extend(signed.iter());
        let request = Request::new("PUT", &row.uri, &headers);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b"body"), now()).unwrap();
        let key = row.key(&claim);
        let verified = claim.verify(&key).unwrap();
        let (times, _) = count(|| verified.clone());
        assert_eq!(times, 1, "{}", row.name);
    }
}

/// The claim, the box in which `Rejected` holds it, and the text of the error of an unknown id, which both
/// rejections build, so that both take the same time.
#[test]
fn rejecting_a_wrong_signature_and_an_unknown_id_allocates_three_times() {
    let row = &rows()[0];
    let verifier = Verifier::new("us-east-1", row.service.clone()).unwrap();
    let url = row.signer().presign(&Request::new("GET", &row.uri, &[]), Expires::HOUR, now()).unwrap();
    let request = Request::new("DELETE", url.as_str(), &[]);
    let claim = || verifier.claim(&request, ReceivedBody::Bytes(b""), now()).unwrap();
    let key = row.key(&claim());
    let (times, refused) = count(|| claim().verify(&key).map(drop));
    assert_eq!(refused.unwrap_err().error(), &VerifyError::SignatureDoesNotMatch);
    assert_eq!(times, 3);
    drop(claim().verify(None)); // creates the dummy key, once for the process
    let (times, refused) = count(|| claim().verify(None).map(drop));
    assert_eq!(refused.unwrap_err().error().code(), "InvalidAccessKeyId");
    assert_eq!(times, 3);
}

/// The stack holds 64 headers and 64 parameters. A query that is not in canonical
/// form is rewritten. Neither case is part of the promise of one allocation.
#[test]
fn large_and_not_canonical_requests_allocate_more() {
    let signer = rows()[0].signer();
    let presign = |uri: &str, headers: &[(&str, &str)]| {
        count(|| signer.presign(&Request::new("GET", uri, headers), Expires::HOUR, now()).unwrap()).0
    };
    assert_eq!(presign(&format!("https://{HOST}/key?a=b%20c"), &[]), 1, "canonical");
    assert_eq!(presign(&format!("https://{HOST}/key?a=b+c"), &[]), 2, "not canonical");
    let names: Vec<String> = (0..70).map(|n| format!("h{n}")).collect();
    let headers: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
    assert_eq!(presign(&format!("https://{HOST}/key"), &headers), 3, "70 headers, and their order");
    assert_eq!(
        presign(&format!("https://{HOST}/key?{}", names.join("&")), &[]),
        3,
        "70 parameters, and their order"
    );
}
