//! Prints every step of a signature: canonical request, string to sign, the names of the keys, and
//! the signature. Compare them line by line with those of another implementation that disagrees.
//!
//! ```sh
//! cargo run --example steps
//! ```

use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The request that the IAM User Guide signs. Keys and session tokens are not printed.
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", secret)?, "us-east-1", Service::new("iam")?)?;
    let headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")];
    let request =
        Request::new("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", &headers);
    let time: Timestamp = "20150830T123600Z".parse()?;
    let signed = signer.sign(&request, Payload::Bytes(b""), time)?;
    println!("{}", signed.explain());

    let documented = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    assert_eq!(signed.signature().to_string(), documented);
    Ok(())
}
