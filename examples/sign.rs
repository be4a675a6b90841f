//! Signs an upload to S3 in its headers, and prints the request to send.
//!
//! ```sh
//! cargo run --example sign
//! ```

use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The dummy keys of AWS's documentation.
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::S3)?;

    // All headers of the request are signed, so send them unchanged. The host is taken from the URL.
    let headers = [("content-type", "text/plain")];
    let body = b"Hello, bucket.";
    let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/hello%20world.txt", &headers);
    let signed = signer.sign(&request, Payload::Bytes(body), Timestamp::now())?;

    println!("PUT /hello%20world.txt HTTP/1.1");
    println!("host: examplebucket.s3.amazonaws.com");
    for (name, value) in headers.into_iter().chain(&signed) {
        println!("{name}: {value}");
    }
    println!("content-length: {}\n\n{}", body.len(), String::from_utf8_lossy(body));
    Ok(())
}
