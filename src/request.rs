//! The request: a borrowed view of what goes over the wire.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::canonical::{is_authentication_parameter, split_pair};

/// A view of a request: method, URI and headers, exactly as they are sent or
/// arrived. Copying it copies three references.
///
/// * `method`: the token as sent, `GET`; case matters.
/// * `uri`: **the bytes on the wire**. Either absolute (`https://host/path?query`)
///   or in origin form (`/path?query`); then a `Host` header is needed.
///   A space in a key is `%20` here and a plus sign `%2B`. In a query a raw `+`
///   reads as a space, on both ends, as S3 reads it; in a path it is a plus sign.
///   For S3 keys, [`s3::Endpoint::object_url`](crate::s3::Endpoint::object_url) writes this text.
/// * `headers`: names in any case; a repeated name in order of arrival.
///   Without a `Host` header the authority of the URI stands in for it (HTTP/2).
///
/// Nothing is checked here: signing and claiming check while they read.
///
/// ```
/// use countersign::Request;
///
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/a%20key", &[("range", "bytes=0-9")]);
/// let wire = Request::new("GET", "/a%20key", &[("Host", "bucket.s3.amazonaws.com")]);
/// # let _ = (request, wire);
/// ```
#[derive(Clone, Copy)]
pub struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) uri: &'r str,
    pub(crate) headers: Headers<'r>,
}

/// Header fields as callers have them.
#[derive(Clone, Copy)]
pub(crate) enum Headers<'r> {
    Text(&'r [(&'r str, &'r str)]),
    Bytes(&'r [(&'r str, &'r [u8])]),
}

impl<'r> Request<'r> {
    /// A request whose header values are text.
    #[must_use]
    pub const fn new(method: &'r str, uri: &'r str, headers: &'r [(&'r str, &'r str)]) -> Self {
        Self { method, uri, headers: Headers::Text(headers) }
    }

    /// A request whose header values may hold any bytes; they are signed as
    /// they are, never converted.
    ///
    /// ```
    /// use countersign::Request;
    /// let request = Request::from_bytes("GET", "/", &[("host", b"example.com"), ("x-amz-meta-name", b"caf\xe9")]);
    /// # let _ = request;
    /// ```
    #[must_use]
    pub const fn from_bytes(method: &'r str, uri: &'r str, headers: &'r [(&'r str, &'r [u8])]) -> Self {
        Self { method, uri, headers: Headers::Bytes(headers) }
    }

    /// The same request without the authentication that it carries: what
    /// signing or presigning added is left out, so that it can be signed anew.
    ///
    /// Signing a request that is signed already is an error; this is the
    /// explicit way.
    ///
    /// ```
    /// use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let (then, now) = (Timestamp::parse("20150830T123600Z").unwrap(), Timestamp::parse("20150830T124600Z").unwrap());
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key?x-id=GetObject", &[]);
    /// let url = signer.presign(&request, Expires::HOUR, then)?;
    ///
    /// let old = Request::new("GET", url.as_str(), &[]);
    /// assert_eq!(signer.presign(&old, Expires::HOUR, now).unwrap_err(), SignError::AlreadySigned);
    /// let renewed = signer.presign(&old.without_authentication().request(), Expires::HOUR, now)?;
    /// assert_eq!(renewed.as_str(), signer.presign(&request, Expires::HOUR, now)?.as_str());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn without_authentication(&self) -> Unauthenticated<'r> {
        // Beside a signature in the query the hash is the caller's, and binds the body.
        let in_header = self.headers().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let keep = |name: &str| !in_header && name.eq_ignore_ascii_case("x-amz-content-sha256");
        let headers =
            self.headers().filter(|(name, _)| keep(name) || !is_authentication_header(name)).collect();
        let (front, query) = match self.uri.split_once('?') {
            Some((front, query)) => (front, Some(query)),
            None => (self.uri, None),
        };
        let mut uri = String::from(front);
        let mut separator = '?';
        for pair in query.into_iter().flat_map(|query| query.split('&')) {
            let (name, _) = split_pair(pair);
            if !is_authentication_parameter(name) {
                uri.push(separator);
                uri.push_str(pair);
                separator = '&';
            }
        }
        Unauthenticated { method: self.method, uri, headers }
    }

    #[inline]
    pub(crate) fn headers(&self) -> impl ExactSizeIterator<Item = (&'r str, &'r [u8])> + use<'r> {
        let (text, bytes): (&[_], &[_]) = match self.headers {
            Headers::Text(text) => (text, &[]),
            Headers::Bytes(bytes) => (&[], bytes),
        };
        Both { text: text.iter(), bytes: bytes.iter() }
    }
}

/// The pairs of either kind of list; one of the two is empty.
struct Both<'r> {
    text: core::slice::Iter<'r, (&'r str, &'r str)>,
    bytes: core::slice::Iter<'r, (&'r str, &'r [u8])>,
}

impl<'r> Iterator for Both<'r> {
    type Item = (&'r str, &'r [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some((name, value)) = self.text.next() {
            return Some((*name, value.as_bytes()));
        }
        self.bytes.next().copied()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.text.len() + self.bytes.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Both<'_> {}

/// Names only: values may be secrets, and so may a query.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.uri.split('?').next().unwrap_or_default();
        let names: Vec<&str> = self.headers().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("uri", &uri)
            .field("headers", &names)
            .finish()
    }
}

/// A request without its authentication, made by [`Request::without_authentication`].
pub struct Unauthenticated<'r> {
    method: &'r str,
    uri: String,
    headers: Vec<(&'r str, &'r [u8])>,
}

impl Unauthenticated<'_> {
    /// The view to sign.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request::from_bytes(self.method, &self.uri, &self.headers)
    }
}

impl fmt::Debug for Unauthenticated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request().fmt(f)
    }
}

#[inline]
fn is_authentication_header(name: &str) -> bool {
    const HEADERS: [&str; 6] = [
        "authorization",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-s3session-token",
        "x-amz-content-sha256",
        "x-amz-region-set",
    ];
    HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header))
}
