//! For the `http` crate, and so for hyper, axum, tower (feature `http`).
//!
//! `http::Uri` keeps a path as it was written, so what is signed is what is sent.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use ::http::header::{HeaderName, HeaderValue};
use ::http::{Request, request::Parts};

use crate::payload::{Payload, ReceivedBody};
use crate::sign::{SignError, Signer};
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier, VerifyError};
use crate::{Request as View, RequestError};

/// Signs a request and gives it back with its new headers.
///
/// ```
/// use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// let signed = countersign::ext::http::sign(&signer, request, Payload::Bytes(b""), Timestamp::now())?;
/// assert!(signed.headers().contains_key("authorization"));
/// let request: http::Request<()> = signed.into_inner();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`SignError`], as [`Signer::sign`].
pub fn sign<B>(
    signer: &Signer,
    request: Request<B>,
    payload: Payload<'_>,
    time: Timestamp,
) -> Result<Signed<B>, SignError> {
    let (mut parts, body) = request.into_parts();
    let added = with_view(&parts, |view| signer.sign(view, payload, time))?;
    for (name, value) in added.iter() {
        // Names and values that were signed are names and values.
        let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            return Err(RequestError::InvalidHeaderValue { name: name.into() }.into());
        };
        value.set_sensitive(name != "x-amz-date" && name != "x-amz-content-sha256");
        parts.headers.insert(name, value);
    }
    Ok(Signed(Request::from_parts(parts, body)))
}

/// Claims a request as a server received it.
///
/// # Errors
///
/// [`VerifyError`], as [`Verifier::claim`].
pub fn claim(
    verifier: &Verifier,
    request: &Parts,
    body: ReceivedBody<'_>,
    now: Timestamp,
) -> Result<Claim, VerifyError> {
    with_view(request, |view| verifier.claim(view, body, now))
}

/// Calls `read` with a view of a request: its URI and headers as they are.
pub fn with_view<T>(parts: &Parts, read: impl FnOnce(&View<'_>) -> T) -> T {
    let uri = alloc::format!("{}", parts.uri);
    let headers: Vec<(&str, &[u8])> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    read(&View::from_bytes(parts.method.as_str(), &uri, &headers))
}

/// A request that was signed: it can be read, and sent, but not changed.
pub struct Signed<B>(Request<B>);

impl<B> Signed<B> {
    /// The request, to send.
    #[must_use]
    pub fn into_inner(self) -> Request<B> {
        self.0
    }
}

impl<B> Deref for Signed<B> {
    type Target = Request<B>;

    fn deref(&self) -> &Request<B> {
        &self.0
    }
}

impl<B> fmt::Debug for Signed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({})", self.0.method())
    }
}
