use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIDEXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("iam")?)?;
    let time = "20150830T123600Z".parse()?;
    let headers: &[(&str, &str)] = &[
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ];
    let request = Request::new("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", headers);
    let signed = signer.sign(&request, Payload::Bytes(b""), time)?;
    for (name, value) in &signed {
        println!("{name}: {value}");
    }
    Ok(())
}
