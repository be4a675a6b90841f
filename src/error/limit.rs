//! [`Limit`], which names a limit on the size of a request.

use core::fmt;

/// A limit on the size of a request, set by [`Limits`](crate::Limits); inside
/// [`VerifyError::TooLarge`](crate::VerifyError::TooLarge).
///
/// ```
/// use countersign::Limit;
///
/// assert_eq!(Limit::UriBytes.to_string(), "bytes of URI");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The bytes of the URI.
    UriBytes,
    /// The number of header fields.
    Headers,
    /// The bytes of all header names and values.
    HeaderBytes,
    /// The number of query parameters.
    Parameters,
}

/// Prints what is counted, as a plural.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UriBytes => "bytes of URI",
            Self::Headers => "headers",
            Self::HeaderBytes => "bytes of headers",
            Self::Parameters => "query parameters",
        })
    }
}
