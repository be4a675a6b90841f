use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("s3")?)?;
    let time = "20130524T000000Z".parse()?;
    let headers: &[(&str, &str)] = &[
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/test$file.text", headers);
    let signed = signer.sign(&request, Payload::Bytes(b"Welcome to Amazon S3."), time)?;
    for (name, value) in &signed {
        println!("{name}: {value}");
    }
    Ok(())
}
