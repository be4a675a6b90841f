//! The last line of the canonical request, and what each end knows of the body.

use core::fmt;

use crate::bytes::encode_32;
use crate::crypto::sha256;

/// What a signer says of the body. There is no default: `Unsigned` must be
/// written to be had.
///
/// ```
/// use countersign::Payload;
///
/// let body = b"Welcome to Amazon S3.";
/// assert_eq!(
///     Payload::Bytes(body).hash().as_str(),
///     "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
/// );
/// assert_eq!(Payload::Unsigned.hash().as_str(), "UNSIGNED-PAYLOAD");
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Payload<'p> {
    /// The whole body; it is hashed here. Empty where there is none.
    Bytes(&'p [u8]),
    /// SHA-256 of the body, computed elsewhere.
    Sha256([u8; 32]),
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body. For S3 over TLS.
    Unsigned,
    /// Another mode by its name.
    Literal(&'p str),
}

impl<'p> Payload<'p> {
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`: the body is a stream of events,
    /// each with a signature of its own.
    pub const EVENTS: Self = Self::Literal(EVENTS);

    /// The last line of the canonical request.
    #[must_use]
    pub fn hash(&self) -> PayloadHash<'p> {
        match self {
            Self::Bytes(body) => PayloadHash::Sha256(encode_32(&sha256(body))),
            Self::Sha256(digest) => PayloadHash::Sha256(encode_32(digest)),
            Self::Unsigned => PayloadHash::UNSIGNED,
            Self::Literal(mode) => PayloadHash::Literal(mode),
        }
    }
}

/// Bodies can be secrets, so their size alone is printed.
impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Sha256(_) => f.write_str("Sha256(..)"),
            Self::Unsigned => f.write_str("Unsigned"),
            Self::Literal(mode) => write!(f, "Literal({mode:?})"),
        }
    }
}

/// What a verifier has of the body when the headers are in.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "s3.example.com")];
/// # let signed = signer.sign(&Request::new("PUT", "/b/k", &headers), Payload::Bytes(b"hello"), now)?;
/// # headers.extend(signed.iter());
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let head = Request::new("PUT", "/b/k", &headers);
///
/// // A small body, which was read already.
/// let claim = verifier.claim(&head, ReceivedBody::Bytes(b"hello"), now)?;
/// assert_eq!(claim.verify(Some(&claim.key(&credentials)))?.body(), BodyRule::Checked);
///
/// // One that is to be read, and must then have this hash.
/// let claim = verifier.claim(&head, ReceivedBody::Unread, now)?;
/// assert!(matches!(claim.verify(Some(&claim.key(&credentials)))?.body(), BodyRule::MustHashTo(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum ReceivedBody<'p> {
    /// All of it. Empty where there is none.
    Bytes(&'p [u8]),
    /// SHA-256 of all of it, computed elsewhere.
    Sha256([u8; 32]),
    /// Nothing yet. [`Verified::body`](crate::Verified::body) then says what it owes.
    Unread,
}

impl fmt::Debug for ReceivedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Sha256(_) => f.write_str("Sha256(..)"),
            Self::Unread => f.write_str("Unread"),
        }
    }
}

/// *HashedPayload*: 64 hex digits, or the name of a mode.
///
/// ```
/// use countersign::{Payload, PayloadHash};
///
/// let hash = Payload::Bytes(b"").hash();
/// assert!(matches!(hash, PayloadHash::Sha256(_)));
/// assert_eq!(hash.as_str(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert_eq!(Payload::EVENTS.hash(), PayloadHash::EVENTS);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadHash<'p> {
    /// SHA-256 of the body as lower-case hex.
    Sha256([u8; 64]),
    /// A mode by its name.
    Literal(&'p str),
}

impl PayloadHash<'_> {
    /// The body is not signed.
    pub const UNSIGNED: Self = PayloadHash::Literal("UNSIGNED-PAYLOAD");

    /// The body is a stream of signed events.
    pub const EVENTS: Self = PayloadHash::Literal(EVENTS);

    /// The line as it is signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sha256(hex) => core::str::from_utf8(hex).unwrap_or_default(),
            Self::Literal(mode) => mode,
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(hex) => hex,
            Self::Literal(mode) => mode.as_bytes(),
        }
    }

    /// A body in a format that its reader must be told of.
    #[inline]
    pub(crate) fn is_streaming(&self) -> bool {
        matches!(self, Self::Literal(mode) if mode.starts_with("STREAMING-"))
    }
}

impl fmt::Display for PayloadHash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";
