//! Uploads a file or a folder with `aws-sdk-s3-transfer-manager`, for `benches/transfers/run`.
//!
//! ```sh
//! S3_ENDPOINT=… transfer-manager REQUESTS PART_SIZE FILE-OR-FOLDER BUCKET
//! ```

use std::error::Error;
use std::path::Path;

use aws_config::BehaviorVersion;
use aws_sdk_s3_transfer_manager::io::InputStream;
use aws_sdk_s3_transfer_manager::types::{ConcurrencyMode, PartSize};
use aws_sdk_s3_transfer_manager::{Client, Config};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [requests, part_size, source, bucket] = arguments.as_slice() else {
        return Err("use: transfer-manager REQUESTS PART_SIZE FILE-OR-FOLDER BUCKET".into());
    };
    let client = client(requests.parse()?, part_size.parse()?).await?;
    if Path::new(source).is_dir() {
        let upload = client.upload_objects().source(source).bucket(bucket).key_prefix("f/").initiate()?;
        upload.join().await?;
    } else {
        let body = InputStream::from_path(source)?;
        client.upload().bucket(bucket).key("object").body(body).initiate()?.join().await?;
    }
    Ok(())
}

async fn client(requests: usize, part_size: u64) -> Result<Client, Box<dyn Error>> {
    let shared = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let s3 = aws_sdk_s3::config::Builder::from(&shared)
        .endpoint_url(std::env::var("S3_ENDPOINT")?)
        .force_path_style(true);
    let config = Config::builder()
        .s3_config(s3)
        .concurrency(ConcurrencyMode::Explicit(requests))
        .part_size(PartSize::Target(part_size))
        .build();
    Ok(Client::new(config))
}
