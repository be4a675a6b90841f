//! The time for verifying a request and signing another, without the rest of the gateway.

use bytes::Bytes;
use countersign::chunked::ChunkedBody;
use countersign::http_body::{EncodedBody, ProvenBody};
use countersign::{
    BodyCheck, Checksum, KeyCache, Payload, ReceivedBody, Service, Timestamp, Verified, Verifier,
};
use futures_util::FutureExt;
use http::Request;
use http_body_util::{BodyExt, Full};

use crate::running::{FULL, REGION, credentials, signer};
use crate::{Kind, process};

const TIMES: u32 = 5000;

/// Returns the seconds of CPU time for one request, with the check of its body and the framing of the sent one.
pub fn verify_and_sign(request: &Request<Bytes>, kind: Kind) -> f64 {
    let verifier = Verifier::new(REGION, Service::S3).unwrap();
    let (credentials, cache, signer) = (credentials(FULL), KeyCache::new(10), signer(FULL));
    let (mut head, body) = request.clone().into_parts();
    let authority = head.uri.authority().unwrap().as_str().parse().unwrap();
    head.headers.entry("host").or_insert(authority);
    // The query is the signature of the received request.
    let url = format!("http://{}{}", head.uri.authority().unwrap(), head.uri.path());
    let began = process::thread();
    for _ in 0..TIMES {
        let now = Timestamp::now();
        let claim = countersign::http::claim(&verifier, &head, ReceivedBody::Unread, now).unwrap();
        let verified = claim.verify_cached(&cache, Some(&credentials)).map_err(|_| "refused").unwrap();
        let payload = match kind {
            Kind::Put => {
                proven(&verified, &body);
                let BodyCheck::Sha256(hash) = verified.body() else { panic!("an upload without its hash") };
                Payload::Sha256(hash)
            }
            Kind::PutTrailer => {
                let data = proven(&verified, &body);
                let mut sent = Request::put(&url).body(Full::new(data.clone())).unwrap();
                let chunks = ChunkedBody::unsigned(data.len() as u64).with_checksum(Checksum::Crc32).unwrap();
                let encoder = countersign::http::sign_chunked(&signer, &mut sent, &chunks, now).unwrap();
                let sent = EncodedBody::new(encoder, sent.into_body());
                sent.collect().now_or_never().unwrap().unwrap();
                continue;
            }
            Kind::Get | Kind::Presigned => Payload::Bytes(b""),
        };
        let mut sent = Request::builder().method(&head.method).uri(&url).body(()).unwrap();
        countersign::http::sign(&signer, &mut sent, payload, now).unwrap();
    }
    (process::thread() - began).as_secs_f64() / f64::from(TIMES)
}

/// Returns the data of a body that is proven.
fn proven(verified: &Verified, body: &Bytes) -> Bytes {
    let received = ProvenBody::new(verified, Full::new(body.clone())).unwrap();
    received.collect().now_or_never().unwrap().unwrap().to_bytes()
}
