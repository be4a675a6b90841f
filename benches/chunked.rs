//! Times encoding and decoding of a chunked body, 64 MiB in chunks of 64 KiB, against SHA-256 of the
//! same chunks.
//!
//!     cargo bench --bench chunked
//!
//! The functions run in turn, and the tenth percentile of each is compared. Encoding includes the
//! signature of the request, as `sign_chunked` returns both.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that panics has failed, and says where")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use countersign::chunked::{ChunkedBody, Decoder};
use countersign::{
    Credentials, ReceivedBody, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier,
};
use sha2::{Digest, Sha256};

const CHUNK: usize = 64 << 10;

fn main() {
    // As a test, run each function once over 1 MiB.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (length, rounds) = if measured { (64 << 20, 30) } else { (1 << 20, 1) };
    let data: Vec<u8> = (0..=250).cycle().take(length).collect();
    let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap();
    let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3).unwrap();
    let now = Timestamp::now();
    let body = ChunkedBody::signed(u64::try_from(length).unwrap());
    let host = [("host", "b.s3.amazonaws.com")];
    let sign = || signer.sign_chunked(&Request::new("PUT", "/k", &host), &body, now).unwrap();
    let (signed, mut encoder) = sign();
    let mut encoded = Vec::new();
    encoder.encode_to(&data, &mut encoded).unwrap();
    encoded.extend(encoder.finish(&[]).unwrap());

    let headers: Vec<(&str, &str)> = host.into_iter().chain(&signed).collect();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now).unwrap();
    let key = claim.derive_key(&credentials);
    let verified = claim.verify(&key).unwrap();
    let decode = |pieces: usize| {
        let mut decoder = Decoder::new(&verified).unwrap();
        for mut piece in encoded.chunks(pieces) {
            while let Some(proven) = decoder.decode(&mut piece).unwrap() {
                black_box(proven);
            }
        }
        black_box(decoder.finish().unwrap());
    };
    let encode = |pieces: usize| {
        let (_, mut encoder) = sign();
        for mut piece in data.chunks(pieces) {
            while let Some(frame) = encoder.encode(&mut piece).unwrap() {
                let _ = black_box(frame);
            }
        }
        black_box(encoder.finish(&[]).unwrap());
    };

    let hash = || {
        for chunk in data.chunks(CHUNK) {
            black_box(Sha256::digest(chunk));
        }
    };

    let work: [(&str, &dyn Fn()); 7] = [
        ("SHA-256 of the chunks", &hash),
        ("encode, in one piece", &|| encode(length)),
        ("encode, in pieces of 10,000", &|| encode(10_000)),
        ("encode, in pieces of 65,000", &|| encode(65_000)),
        ("decode, in one piece", &|| decode(encoded.len())),
        ("decode, in pieces of 10,000", &|| decode(10_000)),
        ("decode, in pieces of 65,000", &|| decode(65_000)),
    ];
    let mut times = [const { Vec::new() }; 7];
    for _ in 0..rounds {
        for ((_, run), times) in work.iter().zip(&mut times) {
            let start = Instant::now();
            run();
            times.push(start.elapsed());
        }
    }
    let tenth = times.map(|mut times| {
        times.sort();
        times.get(rounds / 10).copied().unwrap_or_default()
    });
    let floor = tenth.first().map_or(1.0, Duration::as_secs_f64);
    for ((name, _), time) in work.iter().zip(tenth) {
        println!("{name:<28} {:7.2} ms  {:.3}", time.as_secs_f64() * 1e3, time.as_secs_f64() / floor);
    }
}
