//! The signed headers that are forwarded to a service: all except those of the signature, the connection and
//! the framing.

use countersign::Verified;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::refusal::Refusal;

const DROPPED: [&str; 22] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "date",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-trailer",
    "x-forwarded-for",
];

/// Headers with which some services replace the method or the path, after the gateway has checked them.
const REPLACING: [&str; 5] =
    ["x-http-method", "x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url"];

pub fn forwarded(verified: &Verified) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    for (name, value) in verified.headers() {
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) else {
            return Err(Refusal::invalid_argument("A header is not valid"));
        };
        if REPLACING.contains(&name.as_str()) {
            return Err(Refusal::not_implemented(name.as_str()));
        }
        if !DROPPED.contains(&name.as_str()) {
            headers.insert(name, value);
        }
    }
    crate::headers::keep_encoding(&mut headers)?;
    Ok(headers)
}
