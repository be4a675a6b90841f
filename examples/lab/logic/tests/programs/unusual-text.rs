use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("s3")?)?;
    let time = "20130524T000000Z".parse()?;
    let headers: &[(&str, &str)] = &[
        ("x-amz-meta-a", "\"€\\n'😀"),
        ("x-amz-meta-b", ""),
    ];
    let request = Request::new("PUT", "https://b.s3.amazonaws.com/%27'?a='&b", headers);
    let signed = signer.sign(&request, Payload::Unsigned, time)?;
    for (name, value) in &signed {
        println!("{name}: {value}");
    }
    Ok(())
}
