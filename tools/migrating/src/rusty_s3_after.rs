use countersign::s3::Endpoint;
use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp};

pub fn url(id: &str, secret: &str, key: &str, time: Timestamp) -> crate::Result<String> {
    let endpoint = Endpoint::aws("us-east-1")?;
    let url = endpoint.object_url("photos", key)?;
    let credentials = Credentials::new(id, SecretAccessKey::new(secret))?;
    let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    let url = signer.presign(&Request::new("GET", &url, &[]), Expires::HOUR, time)?;
    Ok(url.as_str().into())
}
