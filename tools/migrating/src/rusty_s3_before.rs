use std::time::Duration;

use jiff::Timestamp;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

pub fn url(id: &str, secret: &str, key: &str, time: Timestamp) -> crate::Result<String> {
    let endpoint = "https://s3.us-east-1.amazonaws.com".parse()?;
    let bucket = Bucket::new(endpoint, UrlStyle::VirtualHost, "photos", "us-east-1")?;
    let credentials = Credentials::new(id, secret);
    let action = bucket.get_object(Some(&credentials), key);
    Ok(action.sign_with_time(Duration::from_secs(3600), &time).into())
}
