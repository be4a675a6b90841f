//! *HashedPayload*, the last line of the canonical request.
//!
//! ```text
//! HashedPayload = 64HEXDIG | PayloadMode      digits in lower case
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization Header",
//! *x-amz-content-sha256*.

use core::fmt;

use super::mode::check_line;
use crate::bytes::{decode_32, encode_32};
use crate::crypto::EMPTY_SHA256;

/// *HashedPayload*: the SHA-256 hash of the body as 64 lower-case hex digits, or the
/// name of a payload mode.
///
/// Only [`Payload::hash`](crate::Payload::hash) creates it, so it cannot add a line to
/// the canonical request.
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
    /// A name or a hash in visible ASCII.
    Text(&'p str),
}

impl<'p> PayloadHash<'p> {
    pub(crate) const UNSIGNED: Self = Self(Line::Text("UNSIGNED-PAYLOAD"));
    pub(crate) const EVENTS: Self = Self(Line::Text("STREAMING-AWS4-HMAC-SHA256-EVENTS"));
    /// The SHA-256 hash of an empty body.
    pub(crate) const EMPTY: Self = Self(Line::Text(EMPTY_SHA256));

    #[inline]
    pub(super) fn of_digest(digest: &[u8; 32]) -> Self {
        Self(Line::Hex(encode_32(digest)))
    }

    /// Wraps the name of a payload mode, which is visible ASCII.
    pub(super) const fn of_mode(name: &'p str) -> Self {
        Self(Line::Text(name))
    }

    /// Wraps a value of `x-amz-content-sha256`; returns `None` if it is empty or has a
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

    /// Returns true if the body has its own format, chunks or events, which the server
    /// must know before it reads the body.
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
    use super::{EMPTY_SHA256 as EMPTY, PayloadHash};
    use crate::payload::{Payload, PayloadMode};

    #[test]
    fn hashes_are_compared_by_what_is_signed() {
        assert_eq!(Payload::Bytes(b"").hash(), PayloadHash::EMPTY);
        assert_eq!(PayloadHash::from_header(EMPTY), Some(PayloadHash::EMPTY));
        assert_ne!(Payload::Bytes(b"a").hash(), PayloadHash::EMPTY);
        let unsigned = PayloadMode::new("UNSIGNED-PAYLOAD").expect("a mode");
        assert_eq!(Payload::Other(unsigned).hash(), PayloadHash::UNSIGNED);
    }

    #[test]
    fn a_line_is_parsed_to_the_payload_that_has_it() {
        let lines = [
            EMPTY,
            "UNSIGNED-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "STREAMING-AWS4-HMAC-SHA256-EVENTS",
            "ANOTHER-MODE",
        ];
        let is_expected: [fn(&Payload<'_>) -> bool; 6] = [
            |payload| matches!(payload, Payload::Sha256(_)),
            |payload| matches!(payload, Payload::Unsigned),
            |payload| matches!(payload, Payload::Streaming(_)),
            |payload| matches!(payload, Payload::Streaming(_)),
            |payload| matches!(payload, Payload::Events),
            |payload| matches!(payload, Payload::Other(_)),
        ];
        for (line, is_expected) in lines.iter().zip(is_expected) {
            let payload = Payload::parse(line).expect("a line");
            assert!(is_expected(&payload) && payload.hash().as_str() == *line, "{payload:?}");
        }
        for line in ["", "TWO WORDS", "\n", &EMPTY.to_uppercase()] {
            assert!(Payload::parse(line).is_err(), "{line}");
        }
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
