//! Presigns the download of an object, and prints the URL. Everybody who has the URL can download
//! the object for an hour, without credentials.
//!
//! ```sh
//! AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… cargo run --example presign -- BUCKET KEY
//! ```
//!
//! Without the variables and arguments it uses the dummy values of AWS's documentation.

use std::env;

use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp, s3::Endpoint};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.into());
    let access_key_id = variable("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    let secret = variable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let region = variable("AWS_REGION", "us-east-1");
    let bucket = env::args().nth(1).unwrap_or_else(|| "examplebucket".into());
    let key = env::args().nth(2).unwrap_or_else(|| "photos/zürich & more.jpg".into());

    let mut credentials = Credentials::new(access_key_id, SecretAccessKey::new(secret))?;
    if let Ok(token) = env::var("AWS_SESSION_TOKEN") {
        credentials = credentials.with_session_token(token)?;
    }
    let signer = Signer::new(credentials, region.as_str(), Service::S3)?;

    // Encodes the key as S3 signs it. Do not paste a key into a URL.
    let object = Endpoint::aws(&region)?.object_url(&bucket, &key)?;
    let url = signer.presign(&Request::new("GET", &object, &[]), Expires::HOUR, Timestamp::now())?;
    println!("{}", url.as_str());
    Ok(())
}
