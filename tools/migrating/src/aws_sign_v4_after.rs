use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
use http::{HeaderMap, HeaderValue, Method};

pub fn list_users(id: &str, secret: &str, time: Timestamp) -> crate::Result<HeaderMap> {
    let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
    let mut headers = HeaderMap::new();
    let content_type = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
    headers.insert("content-type", content_type);

    let credentials = Credentials::new(id, SecretAccessKey::new(secret))?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("iam")?)?;
    countersign::http::sign_headers(&signer, &Method::GET, url, &mut headers, Payload::Bytes(b""), time)?;
    Ok(headers)
}
