//! What `tools/wasm/run.mjs` calls.

use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp};

/// Returns `Timestamp::now()` in seconds since 1970.
#[unsafe(no_mangle)]
pub extern "C" fn now() -> f64 {
    Timestamp::now().unix_seconds() as f64
}

/// Presigns the example of the S3 API Reference, and returns the first 6 digits of the signature as a number;
/// -1 if there is an error.
#[unsafe(no_mangle)]
pub extern "C" fn presign() -> f64 {
    try_presign().map_or(-1.0, f64::from)
}

fn try_presign() -> Option<u32> {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret).ok()?;
    let signer = Signer::new(credentials, "us-east-1", Service::S3).ok()?;
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[]);
    let url = signer.presign(&request, Expires::DAY, Timestamp::parse("20130524T000000Z").ok()?).ok()?;
    let (_, signature) = url.as_str().rsplit_once("X-Amz-Signature=")?;
    u32::from_str_radix(signature.get(..6)?, 16).ok()
}
