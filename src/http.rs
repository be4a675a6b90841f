//! For the `http` crate, and so for hyper, axum, tower (feature `http`).
//!
//! `http::Uri` keeps a path as it was written, so what is signed is what is sent.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use ::http::header::{HeaderName, HeaderValue};
use ::http::{Request, request::Parts};

use crate::error::SignError;
use crate::payload::{Payload, ReceivedBody};
use crate::sign::Signer;
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
/// let signed = countersign::http::sign(&signer, request, Payload::Bytes(b""), Timestamp::now())?;
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
/// ```
/// use countersign::http::{claim, sign};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// # let request = sign(&signer, request, Payload::Bytes(b""), now)?.into_inner();
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let (head, _body) = request.into_parts();
/// let claim = claim(&verifier, &head, ReceivedBody::Unread, now)?;
/// let key = claim.derive_key(&credentials);
/// let verified = claim.verify(&key)?;
/// assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// use countersign::steps::CanonicalRequest;
/// use countersign::{Payload, Rules, SignedHeaders};
///
/// let request = http::Request::get("/bucket/a%20b").header("Host", "s3.example.com").body(())?;
/// let (head, ()) = request.into_parts();
/// let signed = SignedHeaders::parse("host").unwrap();
/// let canonical = countersign::http::with_view(&head, |request| {
///     CanonicalRequest::new(request, &signed, &Payload::Unsigned.hash(), Rules::S3)
/// })?;
/// let text = b"GET\n/bucket/a%20b\n\nhost:s3.example.com\n\nhost\nUNSIGNED-PAYLOAD";
/// assert_eq!(canonical.as_bytes(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn with_view<T>(parts: &Parts, read: impl FnOnce(&View<'_>) -> T) -> T {
    let uri = alloc::format!("{}", parts.uri);
    let headers: Vec<(&str, &[u8])> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    read(&View::from_bytes(parts.method.as_str(), &uri, &headers))
}

/// A request that was signed: it can be read, and sent, but not changed.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// let request = http::Request::get("https://bucket.s3.amazonaws.com/key").body("body")?;
/// let signed = countersign::http::sign(&signer, request, Payload::Bytes(b"body"), now)?;
/// assert_eq!(signed.uri().path(), "/key");
/// let sent = signed.into_inner(); // from here on a change breaks the signature
/// assert_eq!(*sent.body(), "body");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
