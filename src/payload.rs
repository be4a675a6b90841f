//! *HashedPayload*, the last line of the canonical request, and what signer and
//! verifier know of the body.
//!
//! ```text
//! HashedPayload = 64HEXDIG | PayloadMode
//! PayloadMode   = "UNSIGNED-PAYLOAD" | "STREAMING-…"
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization Header",
//! *x-amz-content-sha256*.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::bytes::{decode_32, encode_32};
use crate::crypto::{EMPTY_SHA256, sha256};
use crate::error::truncated;

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
    /// The complete body, which the signer hashes. `b""` for a request without a body.
    Bytes(&'p [u8]),
    /// The SHA-256 hash of the complete body, computed by the caller.
    Sha256([u8; 32]),
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body. For S3 over TLS.
    Unsigned,
    /// The body is sent in chunks; see [`chunked`](crate::chunked).
    Streaming(StreamingMode),
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`: the body is a stream of events, each with
    /// its own signature.
    Events,
    /// Another payload mode, such as one of a future protocol.
    Other(PayloadMode<'p>),
}

impl<'p> Payload<'p> {
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
            Self::Streaming(mode) => PayloadHash(Line::Text(mode.name())),
            Self::Events => PayloadHash::EVENTS,
            Self::Other(mode) => PayloadHash(Line::Text(mode.as_str())),
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

/// How a body in chunks is signed: a value of `x-amz-content-sha256`.
///
/// ```
/// use countersign::StreamingMode;
///
/// let mode = StreamingMode::parse("STREAMING-UNSIGNED-PAYLOAD-TRAILER")?;
/// assert_eq!(mode, StreamingMode::UnsignedTrailer);
/// assert_eq!(mode.name(), "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
/// assert!(mode.has_trailers());
/// # Ok::<(), countersign::InvalidPayloadMode>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamingMode {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: every chunk is signed.
    Signed,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: every chunk is signed, and so are
    /// the trailers after the last one.
    SignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: no chunk is signed. A checksum follows the
    /// last chunk; it detects transmission errors, but not an attacker who changes the
    /// data and the checksum.
    UnsignedTrailer,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`: every chunk is signed with SigV4a.
    #[cfg(feature = "sigv4a")]
    SignedEcdsa,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: every chunk, and the trailers
    /// after the last one, are signed with SigV4a.
    #[cfg(feature = "sigv4a")]
    SignedEcdsaTrailer,
}

impl StreamingMode {
    const ALL: &[Self] = &[
        Self::Signed,
        Self::SignedTrailer,
        Self::UnsignedTrailer,
        #[cfg(feature = "sigv4a")]
        Self::SignedEcdsa,
        #[cfg(feature = "sigv4a")]
        Self::SignedEcdsaTrailer,
    ];

    /// Parses exactly one of the names.
    ///
    /// ```
    /// use countersign::{InvalidPayloadMode, StreamingMode};
    ///
    /// let error = StreamingMode::parse("UNSIGNED-PAYLOAD").unwrap_err();
    /// assert!(matches!(error, InvalidPayloadMode::NotStreaming { .. }));
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidPayloadMode::NotStreaming`] for any other name. The names of
    /// SigV4a are known with the feature `sigv4a` only.
    pub fn parse(name: &str) -> Result<Self, InvalidPayloadMode> {
        let found = Self::ALL.iter().copied().find(|mode| mode.name() == name);
        found.ok_or_else(|| InvalidPayloadMode::NotStreaming { mode: truncated(name) })
    }

    /// Returns the name, as `x-amz-content-sha256` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            #[cfg(feature = "sigv4a")]
            Self::SignedEcdsa => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            #[cfg(feature = "sigv4a")]
            Self::SignedEcdsaTrailer => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        }
    }

    /// Returns true if trailers follow the last chunk.
    #[must_use]
    pub const fn has_trailers(self) -> bool {
        match self {
            Self::SignedTrailer | Self::UnsignedTrailer => true,
            Self::Signed => false,
            #[cfg(feature = "sigv4a")]
            Self::SignedEcdsaTrailer => true,
            #[cfg(feature = "sigv4a")]
            Self::SignedEcdsa => false,
        }
    }
}

impl FromStr for StreamingMode {
    type Err = InvalidPayloadMode;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::parse(name)
    }
}

/// Writes the name, as `x-amz-content-sha256` has it.
impl fmt::Display for StreamingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name of a payload mode: what `x-amz-content-sha256` says instead of a hash.
///
/// The name is checked, so that it cannot add a line to the canonical request and
/// cannot be confused with a hash.
///
/// ```
/// use countersign::{InvalidPayloadMode, Payload, PayloadMode};
///
/// let mode = PayloadMode::new("STREAMING-AWS5-PAYLOAD")?;
/// assert_eq!(Payload::Other(mode).hash().as_str(), "STREAMING-AWS5-PAYLOAD");
///
/// let error = PayloadMode::new("UNSIGNED-PAYLOAD\n").unwrap_err();
/// assert!(matches!(error, InvalidPayloadMode::Byte { byte: b'\n', .. }));
/// # Ok::<(), InvalidPayloadMode>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PayloadMode<'p>(&'p str);

impl<'p> PayloadMode<'p> {
    /// Creates a payload mode from its name.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidPayloadMode`] if the name is empty, has a character other than
    /// visible ASCII, or consists of 64 hex digits; a hash is [`Payload::Sha256`].
    pub fn new(name: &'p str) -> Result<Self, InvalidPayloadMode> {
        check_line(name)?;
        if name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidPayloadMode::Hash);
        }
        Ok(Self(name))
    }

    /// Returns the name.
    #[must_use]
    pub const fn as_str(&self) -> &'p str {
        self.0
    }
}

/// Writes the name.
impl fmt::Display for PayloadMode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Rejects a string that `x-amz-content-sha256` cannot carry.
fn check_line(line: &str) -> Result<(), InvalidPayloadMode> {
    if line.is_empty() {
        return Err(InvalidPayloadMode::Empty);
    }
    match line.bytes().find(|byte| !byte.is_ascii_graphic()) {
        Some(byte) => Err(InvalidPayloadMode::Byte { byte }),
        None => Ok(()),
    }
}

/// The error of a string that is not the name of a payload mode.
///
/// ```
/// use countersign::PayloadMode;
///
/// let error = PayloadMode::new("TWO WORDS").unwrap_err();
/// assert_eq!(error.to_string(), "the payload mode has the byte 0x20; allowed is visible ASCII");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidPayloadMode {
    /// The name is empty.
    Empty,
    /// The name has a space, a control character or a non-ASCII character.
    #[non_exhaustive]
    Byte {
        /// The byte that was found first.
        byte: u8,
    },
    /// The name consists of 64 hex digits, and would be read as a hash.
    Hash,
    /// The name is not one of a [`StreamingMode`].
    #[non_exhaustive]
    NotStreaming {
        /// The rejected name, truncated.
        mode: String,
    },
}

impl fmt::Display for InvalidPayloadMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the payload mode is empty"),
            Self::Byte { byte } => {
                write!(f, "the payload mode has the byte 0x{byte:02X}; allowed is visible ASCII")
            }
            Self::Hash => f.write_str("the payload mode is a hash of 64 hex digits; use Payload::Sha256"),
            Self::NotStreaming { mode } => {
                write!(f, "the payload mode {mode:?} is not one of a body in chunks")
            }
        }
    }
}

impl core::error::Error for InvalidPayloadMode {}

/// What a verifier has of the body when it checks the headers.
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
/// // A body that will be read later, and must then have the signed hash.
/// let claim = verifier.claim(&head, ReceivedBody::Unread, now)?;
/// assert!(matches!(claim.verify(&key)?.body(), BodyCheck::Sha256(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum ReceivedBody<'p> {
    /// The complete body. `b""` for a request without a body.
    Bytes(&'p [u8]),
    /// The SHA-256 hash of the complete body, computed by the caller.
    Sha256([u8; 32]),
    /// Nothing yet. [`Verified::body`](crate::Verified::body) then returns how the body
    /// must be checked.
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

/// *HashedPayload*: the SHA-256 hash of the body as 64 lower-case hex digits, or the
/// name of a payload mode.
///
/// It is made by [`Payload::hash`] only, so it cannot add a line to the canonical
/// request.
///
/// ```
/// use countersign::Payload;
///
/// let hash = Payload::Bytes(b"").hash();
/// assert_eq!(hash.as_str(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert!(hash.is_sha256());
/// assert!(!Payload::Unsigned.hash().is_sha256());
/// ```
#[derive(Clone, Copy)]
pub struct PayloadHash<'p>(Line<'p>);

#[derive(Clone, Copy)]
enum Line<'p> {
    /// 64 lower-case hex digits.
    Hex([u8; 64]),
    /// Visible ASCII.
    Text(&'p str),
}

impl<'p> PayloadHash<'p> {
    pub(crate) const UNSIGNED: Self = Self(Line::Text("UNSIGNED-PAYLOAD"));
    pub(crate) const EVENTS: Self = Self(Line::Text("STREAMING-AWS4-HMAC-SHA256-EVENTS"));
    /// The SHA-256 hash of an empty body.
    pub(crate) const EMPTY: Self = Self(Line::Text(EMPTY_SHA256));

    #[inline]
    fn of_digest(digest: &[u8; 32]) -> Self {
        Self(Line::Hex(encode_32(digest)))
    }

    /// Takes a value of `x-amz-content-sha256` verbatim; `None` if it is empty or has a
    /// character other than visible ASCII.
    pub(crate) fn from_header(value: &'p str) -> Option<Self> {
        check_line(value).ok().map(|()| Self(Line::Text(value)))
    }

    /// Returns the line as it is signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Line::Hex(hex) => core::str::from_utf8(hex).unwrap_or_default(),
            Line::Text(text) => text,
        }
    }

    /// Returns true if the line is a hash: 64 lower-case hex digits.
    #[must_use]
    pub fn is_sha256(&self) -> bool {
        match &self.0 {
            Line::Hex(_) => true,
            Line::Text(text) => decode_32(text.as_bytes()).is_some(),
        }
    }

    /// Returns the line as it is signed.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Line::Hex(hex) => hex,
            Line::Text(text) => text.as_bytes(),
        }
    }

    /// Returns true if the body has a format of its own, which the server must know
    /// before it reads the body.
    #[inline]
    pub(crate) fn is_streaming(&self) -> bool {
        matches!(self.0, Line::Text(mode) if mode.starts_with("STREAMING-"))
    }
}

impl PartialEq for PayloadHash<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for PayloadHash<'_> {}

/// Writes the line as it is signed.
impl fmt::Display for PayloadHash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PayloadHash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PayloadHash").field(&self.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        EMPTY_SHA256 as EMPTY, InvalidPayloadMode, Payload, PayloadHash, PayloadMode, StreamingMode,
    };
    use alloc::string::ToString;

    #[test]
    fn a_payload_mode_is_visible_ascii_and_not_a_hash() {
        assert_eq!(PayloadMode::new(""), Err(InvalidPayloadMode::Empty));
        for (mode, byte) in
            [("A B", b' '), ("A\n", b'\n'), ("\u{7f}", 0x7f), ("é", 0xc3), ("UNSIGNED-PAYLOAD\nextra", b'\n')]
        {
            assert_eq!(PayloadMode::new(mode), Err(InvalidPayloadMode::Byte { byte }));
        }
        for mode in [EMPTY, &EMPTY.to_uppercase()] {
            assert_eq!(PayloadMode::new(mode), Err(InvalidPayloadMode::Hash));
        }
        for mode in ["UNSIGNED-PAYLOAD", "X", EMPTY.get(1..).expect("63 digits")] {
            assert_eq!(PayloadMode::new(mode).expect("a mode").to_string(), mode);
        }
    }

    #[test]
    fn a_streaming_mode_is_parsed_from_its_exact_name() {
        for mode in StreamingMode::ALL {
            assert_eq!(StreamingMode::parse(mode.name()), Ok(*mode));
            assert_eq!(mode.has_trailers(), mode.name().ends_with("-TRAILER"));
            assert!(Payload::Streaming(*mode).hash().is_streaming());
        }
        for mode in ["", "streaming-unsigned-payload-trailer", "STREAMING-AWS4-HMAC-SHA256-EVENTS"] {
            assert_eq!(
                StreamingMode::parse(mode),
                Err(InvalidPayloadMode::NotStreaming { mode: mode.into() })
            );
        }
    }

    #[test]
    fn hashes_are_compared_by_what_is_signed() {
        assert_eq!(Payload::Bytes(b"").hash(), PayloadHash::EMPTY);
        assert_eq!(PayloadHash::from_header(EMPTY), Some(PayloadHash::EMPTY));
        assert_ne!(Payload::Bytes(b"a").hash(), PayloadHash::EMPTY);
        let unsigned = PayloadMode::new("UNSIGNED-PAYLOAD").expect("a mode");
        assert_eq!(Payload::Other(unsigned).hash(), PayloadHash::UNSIGNED);
    }

    #[test]
    fn a_value_of_the_header_is_taken_verbatim() {
        for value in ["", "a b", "a\n", "é"] {
            assert_eq!(PayloadHash::from_header(value), None, "{value:?}");
        }
        let upper = EMPTY.to_uppercase();
        let hash = PayloadHash::from_header(&upper).expect("visible ASCII");
        assert_eq!((hash.as_str(), hash.is_sha256()), (upper.as_str(), false));
    }
}
