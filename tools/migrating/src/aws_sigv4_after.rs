use std::time::SystemTime;

use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer};

pub fn get(
    id: &str,
    secret: &str,
    token: Option<&str>,
    time: SystemTime,
) -> crate::Result<http::Request<()>> {
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let mut request = http::Request::get(url).header("range", "bytes=0-9").body(())?;

    let mut credentials = Credentials::new(id, SecretAccessKey::new(secret))?;
    if let Some(token) = token {
        credentials = credentials.with_session_token(token)?;
    }
    let signer = Signer::new(credentials, "us-east-1", Service::S3)?; // keep it: it derives a key once a day
    countersign::http::sign(&signer, &mut request, Payload::Bytes(b""), time.try_into()?)?;
    Ok(request)
}
