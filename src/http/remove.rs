//! Removes what signing added to a request, so that the request can be signed again.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue};
use ::http::{HeaderMap, Method, Request as HttpRequest, Uri};

use super::with_view;
use crate::chunked::strip_aws_chunked;
use crate::verify::{DECODED_CONTENT_LENGTH, TRAILER};

/// Removes what [`sign`](super::sign), [`sign_chunked`](super::sign_chunked) or
/// [`presign`](super::presign) added to a request: the headers of the signature, and its query
/// parameters.
///
/// A retry needs a new signature, because the time in the old one becomes too old. A gateway removes the
/// signature of its client before it signs for its backend.
///
/// For a body that was signed in chunks, the headers that announce it are removed too, with the
/// `content-length` of its encoding: pass on the decoded data.
///
/// ```
/// use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let mut request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// for time in ["20260301T120000Z", "20260301T121500Z"] {
///     countersign::http::remove_signature(&mut request);
///     countersign::http::sign(&signer, &mut request, Payload::Bytes(b""), Timestamp::parse(time)?)?;
///     assert_eq!(request.headers()["x-amz-date"], time);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remove_signature<B>(request: &mut HttpRequest<B>) {
    let (method, uri) = (request.method().clone(), request.uri().to_string());
    let stripped = remove_signature_headers(&method, &uri, request.headers_mut());
    if stripped != uri
        && let Ok(stripped) = Uri::try_from(stripped)
    {
        *request.uri_mut() = stripped;
    }
}

/// Removes the headers of a signature, as [`remove_signature`] does, from a request that is not an
/// [`http::Request`](HttpRequest). Returns `uri` without the parameters of a signature.
///
/// ```
/// use http::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-amz-date", "20260301T120000Z".parse()?);
/// headers.insert("range", "bytes=0-9".parse()?);
/// let uri = "https://bucket.s3.amazonaws.com/key?partNumber=1&X-Amz-Signature=00";
/// let uri = countersign::http::remove_signature_headers(&Method::GET, uri, &mut headers);
/// assert_eq!(uri, "https://bucket.s3.amazonaws.com/key?partNumber=1");
/// assert_eq!(headers.keys().collect::<Vec<_>>(), ["range"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remove_signature_headers(method: &Method, uri: &str, headers: &mut HeaderMap) -> String {
    let is_streaming = |value: &HeaderValue| value.as_bytes().starts_with(b"STREAMING-");
    let was_chunked = headers.get(CONTENT_SHA256).is_some_and(is_streaming);
    let (stripped, kept) = with_view(method, uri, headers, |request| {
        let stripped = request.strip_signature();
        let stripped = stripped.request();
        let kept: Vec<String> = stripped.headers().map(|(name, _)| String::from(name)).collect();
        (String::from(stripped.uri), kept)
    });
    let is_removed = |name: &&HeaderName| !kept.iter().any(|kept| kept == name.as_str());
    let removed: Vec<HeaderName> = headers.keys().filter(is_removed).cloned().collect();
    for name in &removed {
        headers.remove(name);
    }
    if was_chunked && removed.iter().any(|name| name == CONTENT_SHA256) {
        remove_announcement(headers);
    }
    stripped
}

/// Removes the headers that announce a body in chunks.
fn remove_announcement(headers: &mut HeaderMap) {
    headers.remove(DECODED_CONTENT_LENGTH);
    headers.remove(CONTENT_LENGTH);
    if headers.remove(TRAILER).is_some() {
        // It names the algorithm of the trailer. S3 refuses it without a checksum.
        headers.remove("x-amz-sdk-checksum-algorithm");
    }
    remove_aws_chunked(headers);
}

/// Removes `aws-chunked` from `content-encoding`. Several fields become one.
pub(crate) fn remove_aws_chunked(headers: &mut HeaderMap) {
    let values: Vec<&str> =
        headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    let kept = strip_aws_chunked(&values.join(","));
    match kept.and_then(|kept| HeaderValue::try_from(kept).ok()) {
        Some(kept) => headers.insert(CONTENT_ENCODING, kept),
        None => headers.remove(CONTENT_ENCODING),
    };
}

const CONTENT_SHA256: &str = "x-amz-content-sha256";
