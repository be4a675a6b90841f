use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("s3")?)?;
    let time = "20130524T000000Z".parse()?;
    let headers: &[(&str, &str)] = &[
    ];
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", headers);
    let url = signer.presign(&request, Expires::from_secs(86400)?, time)?;
    println!("{}", url.as_str());
    Ok(())
}
