//! What the targets and their seeds (`examples/seeds.rs`) have in common.

use countersign::chunked::{Body, Checksum};
use countersign::{Credentials, RegionSet, SecretAccessKey, Service, Signer, Timestamp};

/// When everything is signed and read.
pub fn now() -> Timestamp {
    Timestamp::parse("20240501T120000Z").unwrap()
}

/// What everything is signed with.
pub fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap()
}

/// A chunked body that a byte chooses: one of the five modes, and up to 51 bytes.
pub fn chunked_body(choice: u8) -> (Signer, Body) {
    let hmac = || Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
    let ecdsa = || Signer::sigv4a(credentials(), RegionSet::all(), Service::S3).unwrap();
    let (mode, length) = (choice % 5, u64::from(choice / 5));
    let signer = if mode < 3 { hmac() } else { ecdsa() };
    let body = match mode {
        2 => Body::unsigned(length),
        _ => Body::signed_by(&signer, length),
    };
    match mode {
        0 | 3 => (signer, body),
        _ => (signer, body.checksum(Checksum::Crc32).unwrap()),
    }
}
