//! Verifies a request as a server receives it, and rejects it after a header has been changed. The
//! request and its signature are "Example: GET Object" of the Amazon S3 API Reference.
//!
//! ```sh
//! cargo run --example verify
//! ```

use countersign::{Credentials, ReceivedBody, Request, SecretAccessKey, Service, Timestamp, Verifier};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::new("us-east-1", Service::S3)?; // one for the whole server
    let now: Timestamp = "20130524T000230Z".parse()?; // in a server: Timestamp::now()
    for range in ["bytes=0-9", "bytes=0-99"] {
        let headers = [
            ("Host", "examplebucket.s3.amazonaws.com"),
            ("Range", range),
            ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("x-amz-date", "20130524T000000Z"),
            ("Authorization", AUTHORIZATION),
        ];
        let claim =
            verifier.claim(&Request::new("GET", "/test.txt", &headers), ReceivedBody::Bytes(b""), now)?;
        let key = find_credentials(claim.claimed_access_key_id()).map(|found| claim.derive_key(&found));
        match claim.verify(key.as_ref()) {
            Ok(verified) => println!("{range}: accepted, {} signed it", verified.access_key_id()),
            Err(rejected) => println!("{range}: rejected, {}: {rejected}", rejected.error().code()),
        }
    }
    Ok(())
}

/// Looks the credentials up in the server's store.
fn find_credentials(access_key_id: &str) -> Option<Credentials> {
    let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    Credentials::new(id, SecretAccessKey::new(secret)).ok().filter(|_| id == access_key_id)
}

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
    SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
    Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
