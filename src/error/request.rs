//! What no request can carry, whichever end reads it.

use alloc::string::String;
use core::fmt;

/// What no request can carry, on either end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The method is not a token (RFC 9110, section 9.1).
    InvalidMethod,
    /// The URI is neither absolute nor in origin form, or holds a fragment, a
    /// control character or a `%` without two hex digits behind it.
    InvalidUri,
    /// There is no `Host` header and no authority, or it is not `host[:port]`;
    /// or, when signing in headers, an authority that is to stand in for `Host`
    /// has capitals: some clients send them, others do not.
    InvalidHost,
    /// A header name is not a token (RFC 9110, section 5.1); its place in the list.
    InvalidHeaderName {
        /// Counted from 0.
        index: usize,
    },
    /// A header value holds CR, LF, NUL or another control character.
    InvalidHeaderValue {
        /// The header's name.
        name: String,
    },
    /// A header that is to be signed is not there.
    MissingHeader {
        /// The header's name.
        name: String,
    },
    /// A header that may stand once stands twice.
    RepeatedHeader {
        /// The header's name.
        name: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidMethod => f.write_str("the method is not a token"),
            Self::InvalidUri => f.write_str(
                "the URI is neither https://host/… nor /…, or holds a #, a control character or a % without two hex \
                 digits; encode a key first, as s3::Endpoint::object_url does",
            ),
            Self::InvalidHost => f.write_str(
                "no Host header and no authority, or not host[:port] in lower case and without user information",
            ),
            Self::InvalidHeaderName { index } => write!(f, "the name of header {index} is not a token"),
            Self::InvalidHeaderValue { name } => {
                write!(f, "the value of header {name:?} holds a control character")
            }
            Self::MissingHeader { name } => write!(f, "the signed header {name:?} is not there"),
            Self::RepeatedHeader { name } => write!(f, "the header {name:?} may stand only once"),
        }
    }
}

impl core::error::Error for RequestError {}
