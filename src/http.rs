//! An adapter for the [`http`] crate, and so for hyper, axum and tower (feature `http`).
//!
//! [`sign`] adds the headers of a signature to an [`http::Request`]. [`claim`] reads the claim of
//! a received request. `http::Uri` keeps a path as it was written, so the request that is sent is the
//! request that was signed.
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

use alloc::format;
use alloc::vec::Vec;

pub use ::http;
use ::http::header::{HeaderName, HeaderValue};
use ::http::request::Parts;
use ::http::{HeaderMap, Method, Request as HttpRequest, Uri};

use crate::error::{RequestError, SignError};
use crate::payload::{Payload, ReceivedBody};
use crate::request::Request;
use crate::sign::{AuthHeaders, Signer};
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier, VerifyError};

/// Signs a request in place: adds the headers of its signature.
///
/// Sign last: a later change to the method, the URI or a signed header makes the signature invalid.
/// The headers with the signature and the session token are marked as
/// [sensitive](HeaderValue::is_sensitive).
///
/// ```
/// use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let mut request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// countersign::http::sign(&signer, &mut request, Payload::Bytes(b""), Timestamp::now())?;
/// assert!(request.headers().contains_key("authorization"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Signer::sign`], and leaves the request unchanged.
pub fn sign<B>(
    signer: &Signer,
    request: &mut HttpRequest<B>,
    payload: Payload<'_>,
    time: Timestamp,
) -> Result<(), SignError> {
    let signed = with_view(request.method(), request.uri(), request.headers(), |request| {
        signer.sign(request, payload, time)
    })?;
    for (name, value) in header_fields(&signed)? {
        request.headers_mut().insert(name, value);
    }
    Ok(())
}

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
    with_view(&parts.method, &parts.uri, &parts.headers, read)
}

fn with_view<T>(method: &Method, uri: &Uri, headers: &HeaderMap, read: impl FnOnce(&Request<'_>) -> T) -> T {
    let uri = format!("{uri}");
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    read(&Request::from_bytes(method.as_str(), &uri, &headers))
}

/// Converts the headers that signing adds, and marks the secret ones as sensitive.
///
/// The conversion does not fail, because the signer writes only valid header fields.
fn header_fields(signed: &AuthHeaders) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
    let mut fields = Vec::new();
    for (name, value) in signed.iter() {
        let (Ok(field_name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
        else {
            return Err(RequestError::InvalidHeaderValue { name: name.into() }.into());
        };
        value.set_sensitive(name != "x-amz-date" && name != "x-amz-content-sha256");
        fields.push((field_name, value));
    }
    Ok(fields)
}
