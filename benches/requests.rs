//! Times the requests of the documents: `cargo bench`.
//!
//! The requests are the worked examples of AWS's manuals. Each signature is compared
//! with the one in the manual before anything is timed. `docs/performance.md` says what
//! the times mean and how they compare with other crates; `benches/peers` measures that.
//!
//! `cargo bench -- presign` runs the functions whose names contain "presign";
//! `cargo test --benches` runs each once, to see that it works.
#![allow(clippy::unwrap_used, reason = "the requests are known to be valid")]

use std::fmt;
use std::time::Duration;

use countersign::steps::{CredentialScope, SigningKey};
use countersign::{
    Credentials, Expires, KeyCache, Payload, ReceivedBody, Region, Request, SecretAccessKey, Service, Signer,
    Timestamp, Verifier, VerifyingKey,
};
use divan::{Bencher, black_box};

const REGION: &str = "us-east-1";

/// A request of a manual.
struct Example {
    name: &'static str,
    service: Service,
    access_key_id: &'static str,
    secret: &'static str,
    time: &'static str,
    method: &'static str,
    url: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static [u8],
    /// The signature in the manual.
    signature: &'static str,
}

/// S3 API Reference, "Signature Calculations for the Authorization Header".
const S3: Example = Example {
    name: "S3 GET object",
    service: Service::S3,
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    time: "20130524T000000Z",
    method: "GET",
    url: "https://examplebucket.s3.amazonaws.com/test.txt",
    headers: &[("Range", "bytes=0-9")],
    body: b"",
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
};

fn signed() -> [Example; 4] {
    [
        S3,
        Example {
            name: "S3 PUT object",
            method: "PUT",
            url: "https://examplebucket.s3.amazonaws.com/test$file.text",
            headers: &[
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            body: b"Welcome to Amazon S3.",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ..S3
        },
        Example {
            name: "S3 list",
            url: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
            headers: &[],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ..S3
        },
        // AWS General Reference, "Signing AWS requests with Signature Version 4".
        Example {
            name: "IAM ListUsers",
            service: Service::new("iam").unwrap(),
            access_key_id: "AKIDEXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            time: "20150830T123600Z",
            url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
            headers: &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            ..S3
        },
    ]
}

/// S3 API Reference, "Authenticating Requests: Using Query Parameters".
fn presigned() -> [Example; 1] {
    [Example {
        name: "S3 presigned GET",
        headers: &[],
        signature: "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        ..S3
    }]
}

impl Example {
    fn credentials(&self) -> Credentials {
        Credentials::new(self.access_key_id, SecretAccessKey::new(self.secret)).unwrap()
    }

    fn signer(&self) -> Signer {
        Signer::new(self.credentials(), REGION, self.service.clone()).unwrap()
    }

    fn time(&self) -> Timestamp {
        self.time.parse().unwrap()
    }

    fn view(&self) -> Request<'static> {
        Request::new(self.method, self.url, self.headers)
    }

    /// The request as a server receives it: with `Host` and the headers that signing added.
    fn arrived(&self) -> Arrived {
        let signed = self.signer().sign(&self.view(), Payload::Bytes(self.body), self.time()).unwrap();
        assert_eq!(signed.signature().to_string(), self.signature, "{self}");
        let (host, target) = self.url.strip_prefix("https://").unwrap().split_once('/').unwrap();
        let headers = self.headers.iter().copied().chain(&signed).chain([("Host", host)]);
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Arrived { method: self.method, target: format!("/{target}"), headers }
    }

    fn arrived_presigned(&self) -> Arrived {
        let url = self.signer().presign(&self.view(), Expires::DAY, self.time()).unwrap();
        assert_eq!(url.signature().to_string(), self.signature, "{self}");
        let host = "examplebucket.s3.amazonaws.com".to_owned();
        Arrived {
            method: self.method,
            target: url.path_and_query().to_owned(),
            headers: vec![("host".to_owned(), host)],
        }
    }

    /// Times the verification of a received request, with a key that was derived before.
    fn verify(&self, bencher: Bencher<'_, '_>, arrived: &Arrived) {
        let verifier = Verifier::new(REGION, self.service.clone()).unwrap();
        let region = Region::new(REGION).unwrap();
        let scope = CredentialScope::new(self.time(), &region, &self.service);
        let key = VerifyingKey::derive(&self.credentials(), &scope.into());
        let (headers, now) = (arrived.headers(), self.time());
        bencher.bench_local(|| {
            let request = Request::new(arrived.method, &arrived.target, black_box(&headers));
            let claim = verifier.claim(&request, ReceivedBody::Bytes(self.body), now).unwrap();
            black_box(claim.verify(&key).unwrap());
        });
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

struct Arrived {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
}

impl Arrived {
    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

fn main() {
    signed().iter().for_each(|example| drop(example.arrived()));
    presigned().iter().for_each(|example| drop(example.arrived_presigned()));
    divan::main();
}

#[divan::bench(args = signed())]
fn sign(bencher: Bencher<'_, '_>, example: &Example) {
    let (signer, view, time) = (example.signer(), example.view(), example.time());
    bencher.bench_local(|| signer.sign(black_box(&view), Payload::Bytes(example.body), time).unwrap());
}

/// Signs into the buffer of the previous result.
#[divan::bench(args = signed())]
fn sign_in(bencher: Bencher<'_, '_>, example: &Example) {
    let (signer, view, time) = (example.signer(), example.view(), example.time());
    let mut buffer = Vec::new();
    bencher.bench_local(|| {
        let payload = Payload::Bytes(example.body);
        buffer = signer.sign_in(&mut buffer, black_box(&view), payload, time).unwrap().into_buffer();
    });
}

/// The stage at which a verification of work e1 ends: a request that is rejected there
/// costs the work of the stages before, and its error.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Target and headers are read; there is no `Authorization`.
    Headers,
    /// `Authorization` is read except its signature, which has no digits.
    Authorization,
    /// *SignedHeaders*, signature, time and scope are read; the request is too old.
    Scope,
    /// Canonical request and string to sign are written, the former is hashed.
    Claim,
    /// The string to sign is signed, and the signatures are compared.
    Verify,
}

#[divan::bench(args = [Stage::Headers, Stage::Authorization, Stage::Scope, Stage::Claim, Stage::Verify], sample_size = 500)]
fn verify_until(bencher: Bencher<'_, '_>, stage: Stage) {
    let headers = [
        ("host", "examplebucket.s3.amazonaws.com"),
        ("Content-Type", "image/jpeg"),
        ("Content-Language", "en"),
        ("x-amz-acl", "private"),
        ("x-amz-tagging", "a=b"),
        ("x-amz-meta-by", "ada"),
    ];
    let (target, now) = ("/photos/2025/0001.jpg", S3.time());
    let signed = S3.signer().sign(&Request::new("PUT", target, &headers), Payload::Unsigned, now).unwrap();
    let authorization = match stage {
        Stage::Authorization => signed.authorization().replace("Signature=", "Signed="),
        _ => signed.authorization().to_owned(),
    };
    let added = signed.iter().filter(|(name, _)| *name != "authorization");
    let mut arrived: Vec<(&str, &str)> = headers.into_iter().chain(added).collect();
    if !matches!(stage, Stage::Headers) {
        arrived.push(("authorization", &authorization));
    }
    let now =
        if matches!(stage, Stage::Scope) { now.checked_add(Duration::from_secs(901)).unwrap() } else { now };
    let request = Request::new("PUT", target, &arrived);
    let verifier = Verifier::new(REGION, Service::S3).unwrap();
    let claim = || verifier.claim(black_box(&request), ReceivedBody::Unread, now);
    let error = claim().err().map(|error| error.code());
    match stage {
        Stage::Headers => assert_eq!(error, Some("AccessDenied")),
        Stage::Authorization => assert_eq!(error, Some("AuthorizationHeaderMalformed")),
        Stage::Scope => assert_eq!(error, Some("RequestTimeTooSkewed")),
        Stage::Claim | Stage::Verify => assert_eq!(error, None),
    }
    if matches!(stage, Stage::Verify) {
        let key = claim().unwrap().derive_key(&S3.credentials());
        return bencher
            .with_inputs(|| claim().unwrap())
            .bench_local_values(|claim| black_box(claim).verify(&key).unwrap().age());
    }
    bencher.bench_local(|| black_box(claim()).is_ok());
}

/// A signer for each request, so that the day's key is derived each time.
#[divan::bench(args = signed())]
fn sign_with_a_new_signer(bencher: Bencher<'_, '_>, example: &Example) {
    let (view, time) = (example.view(), example.time());
    bencher
        .bench_local(|| example.signer().sign(black_box(&view), Payload::Bytes(example.body), time).unwrap());
}

#[divan::bench(args = presigned())]
fn presign(bencher: Bencher<'_, '_>, example: &Example) {
    let (signer, view, time) = (example.signer(), example.view(), example.time());
    bencher.bench_local(|| signer.presign(black_box(&view), Expires::DAY, time).unwrap());
}

#[divan::bench(args = presigned())]
fn presign_in(bencher: Bencher<'_, '_>, example: &Example) {
    let (signer, view, time) = (example.signer(), example.view(), example.time());
    let mut buffer = Vec::new();
    bencher.bench_local(|| {
        let url = signer.presign_in(&mut buffer, black_box(&view), Expires::DAY, time).unwrap();
        buffer = url.into_buffer();
    });
}

#[divan::bench(args = presigned())]
fn presign_with_a_new_signer(bencher: Bencher<'_, '_>, example: &Example) {
    let (view, time) = (example.view(), example.time());
    bencher.bench_local(|| example.signer().presign(black_box(&view), Expires::DAY, time).unwrap());
}

#[divan::bench(args = signed())]
fn verify(bencher: Bencher<'_, '_>, example: &Example) {
    example.verify(bencher, &example.arrived());
}

#[divan::bench(args = presigned())]
fn verify_presigned(bencher: Bencher<'_, '_>, example: &Example) {
    example.verify(bencher, &example.arrived_presigned());
}

/// A server with few clients finds the key in a cache.
#[divan::bench(args = signed())]
fn verify_with_a_key_cache(bencher: Bencher<'_, '_>, example: &Example) {
    let verifier = Verifier::new(REGION, example.service.clone()).unwrap();
    let (cache, credentials, now) = (KeyCache::new(1000), example.credentials(), example.time());
    let arrived = example.arrived();
    let headers = arrived.headers();
    bencher.bench_local(|| {
        let request = Request::new(arrived.method, &arrived.target, black_box(&headers));
        let claim = verifier.claim(&request, ReceivedBody::Bytes(example.body), now).unwrap();
        black_box(claim.verify_cached(&cache, &credentials).unwrap());
    });
}

#[divan::bench]
fn derive_a_signing_key(bencher: Bencher<'_, '_>) {
    let (secret, region) = (SecretAccessKey::new(S3.secret), Region::new(REGION).unwrap());
    let scope = CredentialScope::new(S3.time(), &region, &S3.service);
    bencher.bench_local(|| SigningKey::derive(black_box(&secret), black_box(&scope)));
}
