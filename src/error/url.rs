//! [`UrlError`], the error of [`url::parse_exact`](crate::url::parse_exact).

use alloc::string::String;
use core::fmt;

use ::url::ParseError;

/// The reason why a [`url::Url`](::url::Url) would not send the URL that a string contains.
///
/// ```
/// use countersign::url::{UrlError, parse_exact};
///
/// let error = parse_exact("https://bucket.s3.amazonaws.com/a/../b").unwrap_err();
/// assert!(matches!(&error, UrlError::Rewritten { path, .. } if path == "/b"));
///
/// let error = parse_exact("/a/b").unwrap_err();
/// assert_eq!(error.to_string(), "not an absolute URL: relative URL without a base");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// The string is not an absolute URL.
    Invalid(ParseError),
    /// `Url` would send another request than the string describes.
    #[non_exhaustive]
    Rewritten {
        /// The path that `Url` would send. The query is omitted, because it may contain a signature.
        path: String,
    },
    /// `Url` would send the request to another host or port than the string names, or the string
    /// has user information or a fragment. A port such as `0443` is rewritten, too.
    #[non_exhaustive]
    RewrittenAuthority {
        /// The authority that `Url` would send.
        authority: String,
    },
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => write!(f, "not an absolute URL: {error}"),
            Self::RewrittenAuthority { authority } => {
                write!(f, "url::Url rewrites the authority of this URL to {authority:?}, or it is not valid")
            }
            Self::Rewritten { path } => {
                write!(
                    f,
                    "url::Url rewrites this URL, so that its signature would not match: it sends {path:?}"
                )
            }
        }
    }
}

impl core::error::Error for UrlError {}
