use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("s3")?)?;
    let time = "20130524T000000Z".parse()?;
    let headers: &[(&str, &str)] = &[
        ("Range", "bytes=0-9"),
    ];
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", headers);
    let signed = signer.sign(&request, Payload::Bytes(b""), time)?;
    for (name, value) in &signed {
        println!("{name}: {value}");
    }
    Ok(())
}
