//! The payload of a request, as the signer and the verifier know it.
//!
//! `mode.rs` has the payload modes, `hash.rs` the last line of the canonical request.

mod hash;
mod mode;

use core::fmt;

pub use self::hash::PayloadHash;
pub use self::mode::{InvalidPayloadMode, PayloadMode, StreamingMode};
use crate::bytes::decode_32;
use crate::crypto::sha256;

/// The payload that a signer signs.
///
/// There is no default: an unsigned payload must be requested explicitly.
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
    /// The complete body, which the signer hashes. A request without a body has `b""`.
    Bytes(&'p [u8]),
    /// The SHA-256 hash of the complete body, computed by the caller.
    Sha256([u8; 32]),
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body. Use it over TLS, where an
    /// attacker cannot change the body.
    ///
    /// S3 accepts it for every operation. Other services accept it for the operations that
    /// their documentation names, and learn of it from `x-amz-content-sha256`, which the
    /// signer adds. A [`Verifier`](crate::Verifier) accepts this mode and every other one
    /// only if its service has [`PayloadRule::HashHeader`](crate::PayloadRule::HashHeader).
    Unsigned,
    /// The body is sent in chunks; see [`chunked`](crate::chunked).
    Streaming(StreamingMode),
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`: the body is a stream of events, each with
    /// its own signature.
    Events,
    /// Another payload mode, such as one of a future protocol. A
    /// [`Verifier`](crate::Verifier) rejects modes that it does not know.
    Other(PayloadMode<'p>),
}

impl<'p> Payload<'p> {
    /// Parses *HashedPayload*, which is the value of `x-amz-content-sha256` too. It is the opposite of [`hash`](Self::hash).
    ///
    /// ```
    /// use countersign::Payload;
    ///
    /// assert!(matches!(Payload::parse("UNSIGNED-PAYLOAD")?, Payload::Unsigned));
    /// let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    /// assert_eq!(Payload::parse(hash)?.hash(), Payload::Bytes(b"").hash());
    /// # Ok::<(), countersign::InvalidPayloadMode>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidPayloadMode`] if the line is empty, has a character other than visible ASCII, or is a hash with
    /// digits in upper case.
    pub fn parse(line: &'p str) -> Result<Self, InvalidPayloadMode> {
        if let Some(digest) = decode_32(line.as_bytes()) {
            return Ok(Self::Sha256(digest));
        }
        let mode = PayloadMode::new(line)?;
        Ok(match StreamingMode::parse(line) {
            Ok(streaming) => Self::Streaming(streaming),
            Err(_) if line == PayloadHash::UNSIGNED.as_str() => Self::Unsigned,
            Err(_) if line == PayloadHash::EVENTS.as_str() => Self::Events,
            Err(_) => Self::Other(mode),
        })
    }

    /// Returns *HashedPayload*, the last line of the canonical request.
    ///
    /// ```
    /// use countersign::{Payload, StreamingMode};
    ///
    /// let hash = Payload::Streaming(StreamingMode::Signed).hash();
    /// assert_eq!(hash.as_str(), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    /// ```
    #[must_use]
    pub fn hash(&self) -> PayloadHash<'p> {
        match self {
            Self::Bytes(body) => PayloadHash::of_digest(&sha256(body)),
            Self::Sha256(digest) => PayloadHash::of_digest(digest),
            Self::Unsigned => PayloadHash::UNSIGNED,
            Self::Streaming(mode) => PayloadHash::of_mode(mode.name()),
            Self::Events => PayloadHash::EVENTS,
            Self::Other(mode) => PayloadHash::of_mode(mode.as_str()),
        }
    }
}

/// Shows only the length of a body, because a body can be a secret.
impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Sha256(_) => f.write_str("Sha256(..)"),
            Self::Unsigned => f.write_str("Unsigned"),
            Self::Streaming(mode) => write!(f, "Streaming({mode:?})"),
            Self::Events => f.write_str("Events"),
            Self::Other(mode) => write!(f, "Other({:?})", mode.as_str()),
        }
    }
}

/// The body of a request, as far as the server has read it when it verifies the headers.
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
/// // A small body that was read already.
/// let claim = verifier.claim(&head, ReceivedBody::Bytes(b"hello"), now)?;
/// let key = claim.derive_key(&credentials);
/// assert_eq!(claim.verify(&key)?.body(), BodyCheck::Done);
///
/// // A body that will be read later. Its hash must be the signed one.
/// let claim = verifier.claim(&head, ReceivedBody::Unread, now)?;
/// assert!(matches!(claim.verify(&key)?.body(), BodyCheck::Sha256(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum ReceivedBody<'p> {
    /// The complete body. A request without a body has `b""`.
    Bytes(&'p [u8]),
    /// The SHA-256 hash of the complete body, computed by the caller.
    Sha256([u8; 32]),
    /// The body was not read yet. [`Verified::body`](crate::Verified::body) returns how
    /// the caller must check it.
    Unread,
}

/// Shows only the length of a body, because a body can be a secret.
impl fmt::Debug for ReceivedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Sha256(_) => f.write_str("Sha256(..)"),
            Self::Unread => f.write_str("Unread"),
        }
    }
}
