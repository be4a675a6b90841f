//! [`InvalidTimestamp`], the reason why a value is not a time.

use alloc::format;
use alloc::string::String;
use core::fmt;

/// The error of a value that is not a time of the years 0 to 9999.
///
/// ```
/// use countersign::{InvalidTimestamp, Timestamp};
///
/// let error = Timestamp::parse("20130230T000000Z").unwrap_err();
/// assert!(matches!(error, InvalidTimestamp::NoSuchTime { .. }));
/// assert_eq!(error.to_string(), r#"the time "20130230T000000Z" does not exist"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTimestamp {
    /// The value does not have the form `YYYYMMDDTHHMMSSZ`.
    #[non_exhaustive]
    Format {
        /// The rejected value, or its length if it is longer than any time.
        value: String,
    },
    /// The value has the form `YYYYMMDDTHHMMSSZ`, but the calendar has no such day, or
    /// the day no such hour, minute or second.
    #[non_exhaustive]
    NoSuchTime {
        /// The rejected value.
        value: String,
    },
    /// The value is not a date and time of RFC 3339.
    #[non_exhaustive]
    Rfc3339 {
        /// The rejected value, or its length if it is longer than any time.
        value: String,
    },
    /// The value is not a date of HTTP (RFC 9110, section 5.6.7).
    #[non_exhaustive]
    HttpDate {
        /// The rejected value, or its length if it is longer than any time.
        value: String,
    },
    /// The year is not 0 to 9999.
    #[non_exhaustive]
    OutOfRange {
        /// The time in seconds since 1970-01-01T00:00:00Z.
        unix_seconds: i64,
    },
}

impl InvalidTimestamp {
    /// Finds out why `YYYYMMDDTHHMMSSZ` could not be parsed.
    #[cold]
    pub(super) fn why_not_parsed(text: &str) -> Self {
        let in_form = |(index, byte): (usize, u8)| match index {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        if text.len() == 16 && text.bytes().enumerate().all(in_form) {
            Self::NoSuchTime { value: text.into() }
        } else {
            Self::Format { value: value_or_length(text) }
        }
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format { value } => {
                write!(f, "the time {value:?} does not have the form YYYYMMDDTHHMMSSZ")
            }
            Self::NoSuchTime { value } => write!(f, "the time {value:?} does not exist"),
            Self::Rfc3339 { value } => {
                write!(f, "the time {value:?} is not a time of RFC 3339, such as 2026-11-28T15:38:02Z")
            }
            Self::HttpDate { value } => {
                write!(f, "the time {value:?} is not a date of HTTP, such as Fri, 24 May 2013 00:00:00 GMT")
            }
            Self::OutOfRange { unix_seconds } => {
                write!(f, "{unix_seconds} seconds after 1970-01-01T00:00:00Z is not in the years 0 to 9999")
            }
        }
    }
}

impl core::error::Error for InvalidTimestamp {}

/// Returns `text` if it is short enough for a time; otherwise its length, because it
/// could be a secret.
pub(super) fn value_or_length(text: &str) -> String {
    match text.chars().count() {
        0..=35 => text.into(),
        length => format!("({length} characters)"),
    }
}
