//! Why a stream of events is refused.

use alloc::string::String;
use core::fmt;

use crate::Timestamp;

/// Why a stream of events is refused. Checks run in the order of these
/// variants. None holds a secret, or the signature that would have been right.
///
/// [`VerifyError`](crate::VerifyError) takes it up with `?`.
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
    /// Bytes after the closing frame.
    AfterEnd,
    /// The checksum over a frame's lengths is wrong.
    PreludeChecksum,
    /// A frame that is longer than is read, or too short to be one.
    FrameLength {
        /// The length that it claims, in bytes.
        length: u32,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The checksum over a frame is wrong.
    FrameChecksum,
    /// The headers of a frame do not fill their length, or a signature has not
    /// 32 bytes.
    MalformedHeaders,
    /// A header that an outer frame has not. Inner events have such: one that
    /// was sent without its outer frame is refused with this.
    UnknownHeader {
        /// Its name, cut short.
        name: String,
    },
    /// A header that stands twice.
    RepeatedHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header of another type than its own.
    HeaderType {
        /// Its name.
        name: &'static str,
        /// The type's number that it has by the specification.
        expected: u8,
        /// The type's number that was sent.
        found: u8,
    },
    /// A frame without its date or its signature.
    MissingHeader {
        /// The header's name.
        name: &'static str,
    },
    /// A date outside the years 0 to 9999.
    InvalidDate,
    /// An event that was signed too long ago, or too far ahead.
    TimeTooSkewed {
        /// The event's time.
        time: Timestamp,
        /// The verifier's.
        now: Timestamp,
        /// How far apart they may be, in seconds.
        max_skew: u32,
    },
    /// The signature is wrong. No more is said.
    SignatureDoesNotMatch,
    /// The signature is right, but its credentials have ended.
    CredentialsEnded {
        /// When.
        end: Timestamp,
    },
    /// The stream ended without its closing frame.
    Incomplete,
}

impl EventError {
    /// S3's code for what went wrong; services that read events have their
    /// own, in an event of their answer.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TimeTooSkewed { .. } => "RequestTimeTooSkewed",
            Self::InvalidDate => "AccessDenied",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::CredentialsEnded { .. } => "ExpiredToken",
            Self::AfterEnd | Self::Incomplete => "IncompleteBody",
            _ => "InvalidRequest",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TimeTooSkewed { .. } | Self::InvalidDate | Self::SignatureDoesNotMatch => 403,
            _ => 400,
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AfterEnd => f.write_str("there are bytes after the closing frame"),
            Self::PreludeChecksum => f.write_str("the checksum over a frame's lengths is wrong"),
            Self::FrameLength { length, limit } => {
                write!(f, "a frame has {length} bytes, of 16 to {limit} that are read")
            }
            Self::FrameChecksum => f.write_str("the checksum over a frame is wrong"),
            Self::MalformedHeaders => f.write_str("the headers of a frame are malformed"),
            Self::UnknownHeader { name } => write!(f, "a signed frame has no header {name:?}"),
            Self::RepeatedHeader { name } => write!(f, "the header {name:?} stands twice"),
            Self::HeaderType { name, expected, found } => {
                write!(f, "the header {name:?} has type {found} instead of {expected}")
            }
            Self::MissingHeader { name } => write!(f, "a frame has no header {name:?}"),
            Self::InvalidDate => f.write_str("an event's date is not in the years 0 to 9999"),
            Self::TimeTooSkewed { .. } => {
                f.write_str("the difference between an event's time and the current time is too large")
            }
            Self::SignatureDoesNotMatch => f.write_str("the signature of an event does not match"),
            Self::CredentialsEnded { .. } => f.write_str("the credentials have ended"),
            Self::Incomplete => f.write_str("the stream ended without its closing frame"),
        }
    }
}

impl core::error::Error for EventError {}
