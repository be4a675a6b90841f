//! What the targets and their seeds (`examples/seeds.rs`) have in common.

pub mod chunked;

use countersign::{Credentials, RegionSet, SecretAccessKey, Service, Signer, Timestamp};

/// When everything is signed and read.
pub fn now() -> Timestamp {
    Timestamp::parse("20240501T120000Z").unwrap()
}

/// What everything is signed with.
pub fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap()
}

/// Signs with HMAC, for S3.
pub fn hmac() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).unwrap()
}

/// Signs with ECDSA, for S3.
pub fn ecdsa() -> Signer {
    Signer::sigv4a(credentials(), RegionSet::all(), Service::S3).unwrap()
}
