//! [`RequestError`] and [`InvalidUri`], the reasons why neither the signer nor the verifier
//! accepts a request.

use alloc::string::String;
use core::fmt;

/// The error of a request that is not a valid HTTP request, or is ambiguous.
///
/// Signer and verifier return it, inside [`SignError`](crate::SignError) or
/// [`VerifyError`](crate::VerifyError).
///
/// ```
/// use countersign::steps::CanonicalRequest;
/// use countersign::{InvalidUri, Payload, Request, RequestError, Rules, SignedHeaders};
///
/// # let signed = SignedHeaders::parse("host").unwrap();
/// let request = Request::new("GET", "https://example.com/a%2", &[]);
/// let error = CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3).unwrap_err();
/// assert_eq!(error, RequestError::InvalidUri(InvalidUri::PercentEncoding));
/// assert_eq!(error.to_string(), "the URI has a % that two hex digits do not follow; encode % as %25");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The method is not a token (RFC 9110, section 9.1).
    InvalidMethod,
    /// The URI cannot be sent, or cannot be read in one way only.
    InvalidUri(InvalidUri),
    /// The host is missing or not valid:
    ///
    /// * the request has neither a `Host` header nor an authority;
    /// * or its host is not `host[:port]`;
    /// * or it was received with a `Host` header and an authority that differ.
    InvalidHost,
    /// The name of a header is not a token (RFC 9110, section 5.1).
    #[non_exhaustive]
    InvalidHeaderName {
        /// The index of the header, counted from 0.
        index: usize,
    },
    /// The value of a header has CR, LF, NUL or another control character except a tab.
    #[non_exhaustive]
    InvalidHeaderValue {
        /// The header's name.
        name: String,
    },
    /// A header that is to be signed is missing.
    #[non_exhaustive]
    MissingHeader {
        /// The header's name.
        name: String,
    },
    /// A header that may appear only once is repeated.
    #[non_exhaustive]
    RepeatedHeader {
        /// The header's name.
        name: String,
    },
}

impl From<InvalidUri> for RequestError {
    fn from(reason: InvalidUri) -> Self {
        Self::InvalidUri(reason)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidMethod => f.write_str("the method is not a token of RFC 9110, such as GET"),
            Self::InvalidUri(reason) => reason.fmt(f),
            Self::InvalidHost => f.write_str(
                "the host is missing or not valid: a Host header or a URI's authority must be host[:port], without \
                 user information; a server requires that the two agree",
            ),
            Self::InvalidHeaderName { index } => {
                write!(f, "the name of the header at index {index} is not a token of RFC 9110")
            }
            Self::InvalidHeaderValue { name } => {
                write!(f, "the value of the header {name:?} has a control character other than a tab; remove it")
            }
            Self::MissingHeader { name } => write!(f, "the header {name:?} is to be signed, but is missing"),
            Self::RepeatedHeader { name } => write!(f, "the header {name:?} is repeated; it may appear only once"),
        }
    }
}

impl core::error::Error for RequestError {}

/// The reason why a URI is not valid; inside [`RequestError::InvalidUri`].
///
/// S3's error code is `InvalidURI` for every variant.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/notes#1.txt", &[]);
/// let error = signer.presign(&request, Expires::HOUR, Timestamp::now()).unwrap_err();
/// assert_eq!(error, SignError::Request(RequestError::InvalidUri(InvalidUri::Fragment)));
/// assert_eq!(error.to_string(), "the URI has a #; encode it as %23, or remove the fragment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidUri {
    /// The URI is neither absolute (`https://host/path`) nor in origin form (`/path`).
    Form,
    /// The URI has a fragment: a `#`, which no client sends.
    Fragment,
    /// The URI has a byte that must be percent-encoded: a control character; in a URI that
    /// was received or is signed in headers, also a space or a byte of a non-ASCII character.
    #[non_exhaustive]
    Byte {
        /// The first byte that is not allowed.
        byte: u8,
    },
    /// The URI has a `%` that is not followed by two hex digits.
    PercentEncoding,
    /// The path has an encoded dot segment, such as `%2e%2e`, and the service resolves
    /// dot segments. The signature covers the segment, and a server could resolve it.
    EncodedDotSegment,
}

impl InvalidUri {
    /// Classifies a byte that a URI cannot have.
    pub(crate) const fn of_byte(byte: u8) -> Self {
        match byte {
            b'#' => Self::Fragment,
            byte => Self::Byte { byte },
        }
    }
}

impl fmt::Display for InvalidUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("the URI has neither the form https://host/path nor the form /path"),
            Self::Fragment => f.write_str("the URI has a #; encode it as %23, or remove the fragment"),
            Self::Byte { byte } => {
                write!(f, "the URI has the byte 0x{byte:02X}; encode it as %{byte:02X}")
            }
            Self::PercentEncoding => {
                f.write_str("the URI has a % that two hex digits do not follow; encode % as %25")
            }
            Self::EncodedDotSegment => {
                f.write_str("the path of the URI has an encoded dot segment, such as %2e%2e; remove it")
            }
        }
    }
}

impl core::error::Error for InvalidUri {}

#[cfg(test)]
mod tests {
    use super::{InvalidUri, RequestError};
    use crate::steps::CanonicalRequest;
    use crate::{Payload, Request, Rules, SignedHeaders};

    fn canonicalize(uri: &str, rules: Rules) -> Result<CanonicalRequest, RequestError> {
        let signed = SignedHeaders::parse("host").expect("a list");
        let request = Request::new("GET", uri, &[("host", "example.com")]);
        CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), rules)
    }

    #[test]
    fn each_reason_is_found() {
        let byte = |byte| InvalidUri::Byte { byte };
        for (uri, rules, reason) in [
            ("key", Rules::S3, InvalidUri::Form),
            ("", Rules::S3, InvalidUri::Form),
            ("mailto:key", Rules::S3, InvalidUri::Form),
            ("/key#1", Rules::S3, InvalidUri::Fragment),
            ("/key?a=b#1", Rules::S3, InvalidUri::Fragment),
            ("https://example.com#1", Rules::S3, InvalidUri::Fragment),
            ("/k\ney", Rules::S3, byte(b'\n')),
            ("/key?a=\u{7f}", Rules::S3, byte(0x7f)),
            ("https://exam\tple.com/", Rules::S3, byte(b'\t')),
            ("/two words", Rules::STANDARD, byte(b' ')),
            ("/caf\u{e9}", Rules::STANDARD, byte(0xc3)),
            ("/%", Rules::S3, InvalidUri::PercentEncoding),
            ("/%2", Rules::STANDARD, InvalidUri::PercentEncoding),
            ("/%2g", Rules::S3, InvalidUri::PercentEncoding),
            ("/?a=%zz", Rules::STANDARD, InvalidUri::PercentEncoding),
            ("/a/%2e%2E/b", Rules::STANDARD, InvalidUri::EncodedDotSegment),
        ] {
            assert_eq!(
                canonicalize(uri, rules).expect_err("not valid"),
                RequestError::InvalidUri(reason),
                "{uri:?}"
            );
        }
    }

    #[test]
    fn s3_signs_spaces_non_ascii_characters_and_encoded_dots() {
        for uri in ["/two words", "/caf\u{e9}", "/a/%2e%2E/b"] {
            assert!(canonicalize(uri, Rules::S3).is_ok(), "{uri:?}");
        }
    }
}
