use countersign::chunked::ChunkedBody;
use countersign::{Credentials, Request, SecretAccessKey, Service, Signer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = SecretAccessKey::new(std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let signer = Signer::new(credentials, "us-east-1", Service::new("s3")?)?;
    let time = "20130524T000000Z".parse()?;
    let headers: &[(&str, &str)] = &[
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Length", "66824"),
    ];
    let request = Request::new("PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt", headers);
    let data = std::fs::read("body")?;
    let body = ChunkedBody::signed(u64::try_from(data.len())?).with_chunk_size(65536)?;
    let (signed, mut encoder) = signer.sign_chunked(&request, &body, time)?;
    let mut chunks = Vec::new();
    encoder.encode_to(&data, &mut chunks)?;
    chunks.extend(encoder.finish(&[])?);
    std::fs::write("body-in-chunks", chunks)?;
    for (name, value) in &signed {
        println!("{name}: {value}");
    }
    Ok(())
}
