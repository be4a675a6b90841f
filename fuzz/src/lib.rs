//! Functions that the targets and their seeds (`examples/seeds.rs`) share.

pub mod chunked;

use countersign::{Credentials, RegionSet, SecretAccessKey, Service, Signer, Timestamp};

/// Returns the time of every signature and verification.
pub fn now() -> Timestamp {
    Timestamp::parse("20240501T120000Z").unwrap()
}

/// Returns the credentials of every signature.
pub fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap()
}

/// Returns a signer that signs with HMAC, for S3.
pub fn hmac() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).unwrap()
}

/// Returns a signer that signs with ECDSA, for S3.
pub fn ecdsa() -> Signer {
    Signer::sigv4a(credentials(), RegionSet::all(), Service::S3).unwrap()
}
