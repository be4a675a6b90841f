use aws_sign_v4::AwsSign;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue};

pub fn list_users(id: &str, secret: &str, time: DateTime<Utc>) -> crate::Result<HeaderMap> {
    let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
    let mut headers = HeaderMap::new();
    let content_type = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
    headers.insert("content-type", content_type);
    headers.insert("host", HeaderValue::from_static("iam.amazonaws.com"));
    headers.insert("x-amz-date", time.format("%Y%m%dT%H%M%SZ").to_string().parse()?);

    let sign = AwsSign::new("GET", url, &time, &headers, "us-east-1", id, secret, "iam", b"");
    let authorization = sign.sign();
    headers.insert("authorization", authorization.parse()?);
    Ok(headers)
}
