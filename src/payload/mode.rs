//! The payload modes, which `x-amz-content-sha256` contains instead of a hash.
//!
//! ```text
//! PayloadMode   = StreamingMode | "UNSIGNED-PAYLOAD" | another name in visible ASCII
//! StreamingMode = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" [ "-TRAILER" ]
//!               | "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
//!               | "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" [ "-TRAILER" ]
//! ```
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization Header",
//! *x-amz-content-sha256*.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::bytes::truncated;

/// The signature of a body in chunks: a value of `x-amz-content-sha256`.
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

    /// Parses a name, as `x-amz-content-sha256` has it; case matters.
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
    /// SigV4a are known only with the feature `sigv4a`.
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

/// The name of a payload mode, which `x-amz-content-sha256` contains instead of a hash.
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
    /// visible ASCII, or consists of 64 hex digits. Use [`Payload::Sha256`](crate::Payload::Sha256) for a hash.
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
pub(super) fn check_line(line: &str) -> Result<(), InvalidPayloadMode> {
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
        /// The first byte that is not allowed.
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
                write!(
                    f,
                    "the payload mode {mode:?} is not that of a chunked body, such as STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
                )
            }
        }
    }
}

impl core::error::Error for InvalidPayloadMode {}

#[cfg(test)]
mod tests {
    use super::{InvalidPayloadMode, PayloadMode, StreamingMode};
    use crate::crypto::EMPTY_SHA256 as EMPTY;
    use crate::payload::Payload;
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
}
