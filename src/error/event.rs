//! [`EventError`], the reason why a stream of events is rejected.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use crate::time::Timestamp;

/// The reason why a stream of events is rejected.
///
/// The verifier checks in the order of these variants. No variant contains a secret, or the correct
/// signature.
///
/// `?` converts it to a [`VerifyError`](crate::VerifyError).
///
/// ```
/// use countersign::VerifyError;
/// use countersign::event_stream::EventError;
///
/// let error = EventError::Incomplete;
/// assert_eq!((error.code(), error.status()), ("IncompleteBody", 400));
/// assert_eq!(VerifyError::from(error).code(), "IncompleteBody");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// Bytes follow the closing frame.
    TrailingBytes,
    /// The checksum of a frame's prelude, which contains its lengths, is wrong.
    PreludeChecksum,
    /// The length of a frame is less than 16 bytes or more than the maximum.
    #[non_exhaustive]
    FrameLength {
        /// The length that the frame states, in bytes.
        length: u32,
        /// The maximum, in bytes.
        max: usize,
    },
    /// The checksum of a frame is wrong.
    FrameChecksum,
    /// The headers of a frame are longer or shorter than it states, or its signature does not have 32
    /// bytes.
    MalformedHeaders,
    /// A frame has a header that signed frames do not have. An event without an outer frame is
    /// rejected with this error.
    #[non_exhaustive]
    UnknownHeader {
        /// The name of the header, truncated.
        name: String,
    },
    /// A header of a frame is repeated.
    #[non_exhaustive]
    RepeatedHeader {
        /// The name of the header.
        name: &'static str,
    },
    /// A header of a frame has a value of another type.
    #[non_exhaustive]
    HeaderType {
        /// The name of the header.
        name: &'static str,
        /// The number of the type that the header must have.
        expected: u8,
        /// The number of the type that it has.
        found: u8,
    },
    /// A frame has no date or no signature.
    #[non_exhaustive]
    MissingHeader {
        /// The name of the header.
        name: &'static str,
    },
    /// The date of a frame is not in the years 0 to 9999.
    InvalidDate,
    /// An event was signed too long ago, or is dated too far in the future.
    #[non_exhaustive]
    TimeTooSkewed {
        /// The time of the event.
        time: Timestamp,
        /// The verifier's time.
        now: Timestamp,
        /// The maximum difference.
        max_skew: Duration,
    },
    /// An event was signed on another day (UTC) than the request, and the verifier has no credentials
    /// to derive the key of that day. See
    /// [`EventVerifier::with_credentials`](crate::event_stream::EventVerifier::with_credentials).
    #[non_exhaustive]
    CredentialsRequired {
        /// The time of the event.
        time: Timestamp,
    },
    /// The signature of an event is wrong.
    SignatureDoesNotMatch,
    /// The signature of an event is correct, but the credentials have expired.
    #[non_exhaustive]
    CredentialsExpired {
        /// The expiration of the credentials.
        at: Timestamp,
    },
    /// The stream ended without its closing frame.
    Incomplete,
}

impl EventError {
    /// Returns S3's error code. Services that read events return codes of their own, in an event.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TimeTooSkewed { .. } => "RequestTimeTooSkewed",
            Self::InvalidDate => "AccessDenied",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::CredentialsExpired { .. } => "ExpiredToken",
            Self::CredentialsRequired { .. } => "InternalError",
            Self::TrailingBytes | Self::Incomplete => "IncompleteBody",
            _ => "InvalidRequest",
        }
    }

    /// Returns the HTTP status of the code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TimeTooSkewed { .. } | Self::InvalidDate | Self::SignatureDoesNotMatch => 403,
            Self::CredentialsRequired { .. } => 500,
            _ => 400,
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrailingBytes => f.write_str("bytes follow the closing frame of the stream"),
            Self::PreludeChecksum => f.write_str("the checksum of a frame's prelude is wrong"),
            Self::FrameLength { length, max } => {
                write!(f, "a frame states a length of {length} bytes; 16 to {max} are allowed")
            }
            Self::FrameChecksum => f.write_str("the checksum of a frame is wrong"),
            Self::MalformedHeaders => f.write_str("the headers of a frame are malformed"),
            Self::UnknownHeader { name } => {
                write!(
                    f,
                    "a frame has the header {name:?}; signed frames have :date and :chunk-signature only"
                )
            }
            Self::RepeatedHeader { name } => write!(f, "the header {name:?} of a frame is repeated"),
            Self::HeaderType { name, expected, found } => {
                write!(f, "the header {name:?} of a frame has type {found}; it must have type {expected}")
            }
            Self::MissingHeader { name } => write!(f, "a frame has no header {name:?}"),
            Self::InvalidDate => f.write_str("the date of an event is not in the years 0 to 9999"),
            Self::TimeTooSkewed { time, now, max_skew } => write!(
                f,
                "the event's time {time} differs from the current time {now} by more than {} seconds",
                max_skew.as_secs()
            ),
            Self::CredentialsRequired { time } => {
                write!(
                    f,
                    "verifying an event of {time}, another day than the request's, requires the credentials"
                )
            }
            Self::SignatureDoesNotMatch => f.write_str("the signature of an event does not match"),
            Self::CredentialsExpired { at } => write!(f, "the credentials expired at {at}"),
            Self::Incomplete => f.write_str("the stream ended without its closing frame"),
        }
    }
}

impl core::error::Error for EventError {}
