//! An adapter for the [`http`] crate, and so for hyper, axum and tower (feature `http`).
//!
//! [`sign`] adds the headers of a signature to an [`http::Request`], [`sign_headers`] to a
//! [`HeaderMap`]. [`remove_signature`] removes them, so that the request can be signed again. [`claim`]
//! reads the claim of a received request, and [`VerifyError::to_response`] answers a request that is
//! refused.
//!
//! ```
//! use countersign::{Credentials, Payload, ReceivedBody, SecretAccessKey, Service, Signer, Timestamp, Verifier};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let now = Timestamp::now();
//!
//! // A client:
//! let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
//! let mut request = http::Request::put("https://bucket.s3.amazonaws.com/key").body("hello")?;
//! countersign::http::sign(&signer, &mut request, Payload::Bytes(b"hello"), now)?;
//!
//! // A server:
//! let verifier = Verifier::new("us-east-1", Service::S3)?;
//! let (head, body) = request.into_parts();
//! let body = ReceivedBody::Bytes(body.as_bytes());
//! let claim = countersign::http::claim(&verifier, &head, body, now)?;
//! let key = claim.derive_key(&credentials); // look up the secret of claim.claimed_access_key_id()
//! let verified = claim.verify(&key)?;
//! assert_eq!(verified.path(), b"/key");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Paths with `.` and `..`
//!
//! An S3 key can contain the segments `.` and `..`, such as `a/../b`. `http::Uri` keeps a path as it was
//! written, so hyper and ureq send the request that was signed. reqwest uses `url::Url`, which resolves
//! these segments: the server then receives another path, and answers `SignatureDoesNotMatch`. Before a
//! request is given to reqwest, [`url::parse_exact`](crate::url::parse_exact) (feature `url`) returns an
//! error for such a URL.
//!
//! ```
//! # #[cfg(feature = "url")] {
//! let request = http::Request::get("https://bucket.s3.amazonaws.com/a/../b").body(()).unwrap();
//! assert_eq!(request.uri().path(), "/a/../b"); // hyper and ureq send this path
//!
//! let error = countersign::url::parse_exact(&request.uri().to_string()).unwrap_err();
//! assert!(error.to_string().ends_with("it sends \"/b\""), "{error}");
//! # }
//! ```

mod remove;
mod response;
mod sign;

use alloc::string::ToString;
use alloc::vec::Vec;

pub use ::http;
#[cfg(feature = "tower")]
use ::http::Uri;
use ::http::request::Parts;
use ::http::{HeaderMap, Method};

#[cfg(feature = "tower")]
pub(crate) use self::remove::remove_aws_chunked;
pub use self::remove::{remove_signature, remove_signature_headers};
#[cfg(feature = "tower")]
pub(crate) use self::response::xml_response;
pub use self::sign::{add_headers, presign, sign, sign_chunked, sign_headers};
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier, VerifyError};

/// Reads the claim of a request as a server received it.
///
/// See the [module](self) for an example.
///
/// # Errors
///
/// Returns the errors of [`Verifier::claim`].
pub fn claim(
    verifier: &Verifier,
    request: &Parts,
    body: ReceivedBody<'_>,
    now: Timestamp,
) -> Result<Claim, VerifyError> {
    with_request(request, |request| verifier.claim(request, body, now))
}

/// Calls `read` with the [`Request`] that `parts` describes: its method, URI and headers unchanged.
///
/// ```
/// use countersign::steps::CanonicalRequest;
/// use countersign::{Payload, Rules, SignedHeaders};
///
/// let request = http::Request::get("/bucket/a%20b").header("Host", "s3.example.com").body(())?;
/// let (head, ()) = request.into_parts();
/// let signed = SignedHeaders::parse("host").unwrap();
/// let canonical = countersign::http::with_request(&head, |request| {
///     CanonicalRequest::new(request, &signed, &Payload::Unsigned.hash(), Rules::S3)
/// })?;
/// let expected = b"GET\n/bucket/a%20b\n\nhost:s3.example.com\n\nhost\nUNSIGNED-PAYLOAD";
/// assert_eq!(canonical.as_bytes(), expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn with_request<T>(parts: &Parts, read: impl FnOnce(&Request<'_>) -> T) -> T {
    with_view(&parts.method, &parts.uri.to_string(), &parts.headers, read)
}

/// Reads the claim of a request that was received with another URI than `parts` has now.
#[cfg(feature = "tower")]
pub(crate) fn claim_of_uri(
    verifier: &Verifier,
    parts: &Parts,
    uri: &Uri,
    body: ReceivedBody<'_>,
    now: Timestamp,
) -> Result<Claim, VerifyError> {
    with_view(&parts.method, &uri.to_string(), &parts.headers, |request| verifier.claim(request, body, now))
}

/// Calls `read` with a view of a request.
fn with_view<T>(method: &Method, uri: &str, headers: &HeaderMap, read: impl FnOnce(&Request<'_>) -> T) -> T {
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    read(&Request::from_bytes(method.as_str(), uri, &headers))
}
