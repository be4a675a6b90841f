//! Signs, presigns and verifies with HMAC, in headers, in a URL and in a chunked body. Its size is
//! what a user pays.

use std::error::Error;

use countersign::chunked::{ChunkedBody, Decoder};
use countersign::{
    Credentials, Expires, KeyCache, ReceivedBody, Request, SecretAccessKey, Service, Signer, Timestamp,
    Verifier,
};

fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::args().nth(1).ok_or("pass a secret access key")?;
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new(secret))?;
    let now = Timestamp::now();
    #[cfg(not(feature = "control"))]
    let (signer, verifier) = (
        Signer::new(credentials.clone(), "us-east-1", Service::S3)?,
        Verifier::new("us-east-1", Service::S3)?,
    );
    #[cfg(feature = "control")]
    let (signer, verifier) = (
        Signer::sigv4a(credentials.clone(), countersign::RegionSet::all(), Service::S3)?,
        Verifier::new("us-east-1", Service::S3)?.allow_sigv4a(),
    );
    let signer = signer.with_credentials(credentials.clone())?;
    let keys = KeyCache::new(10);

    let host = [("host", "bucket.s3.amazonaws.com")];
    let url = signer.presign(
        &Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]),
        Expires::HOUR,
        now,
    )?;
    let claim =
        verifier.claim(&Request::new("GET", url.path_and_query(), &host), ReceivedBody::Unread, now)?;
    println!("{}", claim.explain());
    println!("{:?}", claim.verify_cached(&keys, &credentials)?.path());

    let body = ChunkedBody::signed(5);
    let (signed, _) = signer.sign_chunked(&Request::new("PUT", "/key", &host), &body, now)?;
    let mut headers = host.to_vec();
    headers.extend(signed.iter());
    let claim = verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Unread, now)?;
    let key = claim.derive_key(&credentials);
    let decoder = Decoder::new(&claim.verify(&key)?)?;
    println!("{:?}", decoder.finish());
    let claim = verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Unread, now)?;
    println!("{:?}", claim.verify(None));
    Ok(())
}
