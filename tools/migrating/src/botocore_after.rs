use countersign::s3::Endpoint;
use countersign::{
    Credentials, Expires, Payload, PresignedUrl, Request, SecretAccessKey, Service, Signer, Timestamp,
};

pub fn get(id: &str, secret: &str, time: Timestamp) -> crate::Result<Vec<(String, String)>> {
    let signer = signer(id, secret, "us-east-1")?;
    let headers = [("Range", "bytes=0-9")];
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &headers);
    let signed = signer.sign(&request, Payload::Bytes(b""), time)?;
    let all = headers.into_iter().chain(&signed); // `Host` is added by the HTTP client
    Ok(all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

pub fn presigned_get(id: &str, secret: &str, time: Timestamp) -> crate::Result<PresignedUrl> {
    let url = Endpoint::aws("eu-central-1")?.object_url("photos", "a b/ü.jpg")?;
    Ok(signer(id, secret, "eu-central-1")?.presign(&Request::new("GET", &url, &[]), Expires::HOUR, time)?)
}

fn signer(id: &str, secret: &str, region: &str) -> crate::Result<Signer> {
    let credentials = Credentials::new(id, SecretAccessKey::new(secret))?;
    Ok(Signer::new(credentials, region, Service::S3)?)
}
