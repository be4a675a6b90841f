use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer};

pub fn upload(id: &str, secret: &str, time: &str, body: &[u8]) -> crate::Result<Vec<(String, String)>> {
    let credentials = Credentials::new(id, SecretAccessKey::new(secret))?;
    let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/hello.txt", &[]);
    let signed = signer.sign(&request, Payload::Bytes(body), time.parse()?)?;
    Ok(signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
