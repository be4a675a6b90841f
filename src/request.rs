//! The request: a borrowed view of what goes over the wire.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{scan, uri};

/// A view of a request: method, URI and headers, exactly as they are sent or
/// arrived. Copying it copies three references.
///
/// * `method`: the token as sent, `GET`; case matters.
/// * `uri`: **the bytes on the wire**. Either absolute (`https://host/path?query`)
///   or in origin form (`/path?query`); then a `Host` header is needed.
///   A space in a key is `%20` here and a plus sign `%2B`. In a query a raw `+`
///   reads as a space, on both ends, as S3 reads it; in a path it is a plus sign.
///   For S3 keys, [`s3::Endpoint::object`](crate::s3::Endpoint::object) writes this text.
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
            let (name, _) = uri::split_pair(pair);
            if !uri::is_authentication_parameter(name) {
                uri.push(separator);
                uri.push_str(pair);
                separator = '&';
            }
        }
        Unauthenticated { method: self.method, uri, headers }
    }

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

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((name, value)) = self.text.next() {
            return Some((*name, value.as_bytes()));
        }
        self.bytes.next().copied()
    }

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

/// The parts of a URI as they stand in it. Nothing is decoded.
#[derive(Clone, Copy)]
pub(crate) struct Target<'r> {
    /// `https://host`, empty in origin form.
    pub(crate) front: &'r str,
    pub(crate) scheme: &'r str,
    pub(crate) authority: Option<&'r str>,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
}

impl<'r> Target<'r> {
    pub(crate) fn parse(uri: &'r str) -> Result<Self, RequestError> {
        if scan::any(uri.as_bytes(), |byte| (byte < 0x20) | (byte == 0x7f) | (byte == b'#')) {
            return Err(RequestError::InvalidUri);
        }
        let (scheme, authority, rest) = if uri.starts_with('/') {
            ("", None, uri)
        } else {
            let colon = uri.bytes().position(|byte| byte == b':').ok_or(RequestError::InvalidUri)?;
            let (scheme, rest) = uri.split_at_checked(colon).ok_or(RequestError::InvalidUri)?;
            let rest = rest.strip_prefix("://").ok_or(RequestError::InvalidUri)?;
            let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            if scheme.is_empty() || !scheme.bytes().all(in_scheme) {
                return Err(RequestError::InvalidUri);
            }
            let end = rest.bytes().position(|byte| !in_authority(byte)).unwrap_or(rest.len());
            let (authority, rest) = rest.split_at_checked(end).ok_or(RequestError::InvalidUri)?;
            if !is_authority(authority) || !(rest.is_empty() || rest.starts_with(['/', '?'])) {
                return Err(RequestError::InvalidHost);
            }
            (scheme, Some(authority), rest)
        };
        let front = uri.get(..uri.len() - rest.len()).unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Ok(Self { front, scheme, authority, path, query })
    }

    /// The authority as a client writes it into `Host`: without the port that
    /// the scheme implies.
    pub(crate) fn host(&self) -> Option<&'r str> {
        let authority = self.authority?;
        let is = |schemes: [&str; 2]| schemes.iter().any(|scheme| self.scheme.eq_ignore_ascii_case(scheme));
        let default = if is(["http", "ws"]) {
            ":80"
        } else if is(["https", "wss"]) {
            ":443"
        } else {
            ":"
        };
        Some(authority.strip_suffix(default).or(authority.strip_suffix(':')).unwrap_or(authority))
    }
}

/// `host` or `host:port`, no user information, nothing that ends an authority.
pub(crate) fn is_authority(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(':') && text.bytes().all(in_authority)
}

fn in_authority(byte: u8) -> bool {
    AUTHORITY.get(usize::from(byte)).is_some_and(|allowed| *allowed)
}

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const AUTHORITY: [bool; 128] = {
    let mut allowed = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        allowed[byte as usize] = byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'/' | b'?'
                    | b'#'
                    | b'@'
                    | b'\\'
                    | b'<'
                    | b'>'
                    | b'"'
                    | b'^'
                    | b'`'
                    | b'{'
                    | b'|'
                    | b'}'
                    | b','
            );
        byte += 1;
    }
    allowed
};

/// What no request can carry, on either end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The method is not a token (RFC 9110, section 9.1).
    InvalidMethod,
    /// The URI is neither absolute nor in origin form, or holds a fragment, a
    /// control character or a `%` without two hex digits behind it.
    InvalidUri,
    /// There is no `Host` header and no authority, or it is not `host[:port]`;
    /// or, when signing in headers, an authority that is to stand in for `Host`
    /// has capitals: some clients send them, others do not.
    InvalidHost,
    /// A header name is not a token (RFC 9110, section 5.1); its place in the list.
    InvalidHeaderName {
        /// Counted from 0.
        index: usize,
    },
    /// A header value holds CR, LF, NUL or another control character.
    InvalidHeaderValue {
        /// The header's name.
        name: String,
    },
    /// A header that is to be signed is not there.
    MissingHeader {
        /// The header's name.
        name: String,
    },
    /// A header that may stand once stands twice.
    RepeatedHeader {
        /// The header's name.
        name: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidMethod => f.write_str("the method is not a token"),
            Self::InvalidUri => f.write_str("the URI is not one that a request can carry"),
            Self::InvalidHost => f.write_str("no Host header and no authority, or not host[:port]"),
            Self::InvalidHeaderName { index } => write!(f, "the name of header {index} is not a token"),
            Self::InvalidHeaderValue { name } => {
                write!(f, "the value of header {name:?} holds a control character")
            }
            Self::MissingHeader { name } => write!(f, "the signed header {name:?} is not there"),
            Self::RepeatedHeader { name } => write!(f, "the header {name:?} may stand only once"),
        }
    }
}

impl core::error::Error for RequestError {}
