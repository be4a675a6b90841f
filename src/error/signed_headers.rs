//! [`InvalidSignedHeaders`], the reason why a list of signed headers is not valid.

use core::fmt;

/// The reason why a string is not a [list of signed headers](crate::SignedHeaders).
///
/// ```
/// use countersign::SignedHeaders;
///
/// let error = SignedHeaders::parse("x-amz-date;host").unwrap_err();
/// assert_eq!(error.to_string(), "the signed headers are not sorted by name");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSignedHeaders {
    /// A name is empty, is not a token, or has an upper-case letter.
    InvalidName,
    /// A name sorts before the name that precedes it in the list.
    NotSorted,
    /// A name is repeated.
    Repeated,
}

impl fmt::Display for InvalidSignedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidName => "a signed header's name is empty, is not a token, or is not in lower case",
            Self::NotSorted => "the signed headers are not sorted by name",
            Self::Repeated => "a signed header is repeated",
        })
    }
}

impl core::error::Error for InvalidSignedHeaders {}
