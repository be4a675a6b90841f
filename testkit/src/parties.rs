//! Signers, verifiers and the time at which they work.

use countersign::{Service, Signer, Timestamp, Verifier};

use crate::keys::{credentials, temporary};

/// The time at which requests are signed and verified if a test does not choose another one.
pub const NOW: &str = "20130524T120000Z";

/// Parses a time of the form `YYYYMMDDTHHMMSSZ`.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Returns [`NOW`].
pub fn now() -> Timestamp {
    at(NOW)
}

/// Returns the time that is so many seconds after [`NOW`], or before it if the number is negative.
pub fn now_plus(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap()
}

fn standard() -> Service {
    Service::new("execute-api").unwrap()
}

/// Returns an S3 verifier.
pub fn verifier() -> Verifier {
    Verifier::new("us-east-1", Service::S3).unwrap()
}

/// Returns a verifier for a service that follows the standard rules, unlike S3.
pub fn standard_verifier() -> Verifier {
    Verifier::new("us-east-1", standard()).unwrap()
}

/// Returns an S3 signer with the long-term key.
pub fn signer() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).unwrap()
}

/// Returns an S3 signer with the temporary key.
pub fn temporary_signer() -> Signer {
    Signer::new(temporary(), "us-east-1", Service::S3).unwrap()
}

/// Returns a signer for a service that follows the standard rules, unlike S3.
pub fn standard_signer() -> Signer {
    Signer::new(credentials(), "us-east-1", standard()).unwrap()
}
