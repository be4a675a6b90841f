//! [`IdentityError`], the reason why a signed `GetCallerIdentity` is rejected.
//!
//! Codes and statuses are those of the STS API Reference, "Common Error Types".

use alloc::string::String;
use core::fmt;

use super::VerifyError;

/// The reason why a signed `GetCallerIdentity` is rejected before STS is asked.
///
/// The verifier checks in the order of these variants, except `InvalidUrl`, which is also the error of
/// a path other than `/`. No variant contains a secret part of the token.
///
/// [`code`](Self::code) and [`status`](Self::status) are those that STS returns, where it has such an
/// error. A server whose protocol has one answer for every invalid password, such as 401 in
/// Kubernetes, returns that answer instead.
///
/// ```
/// use countersign::tokens::IdentityError;
///
/// let error = IdentityError::WrongAction;
/// assert_eq!((error.code(), error.status()), ("InvalidAction", 400));
/// assert_eq!(IdentityError::InvalidBase64.to_string(), "the token is not base64url without padding");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityError {
    /// The token or the URL is too long.
    #[non_exhaustive]
    TooLong {
        /// The maximum, in bytes.
        max: usize,
    },
    /// The token does not begin with `k8s-aws-v1.`.
    InvalidPrefix,
    /// The token is not base64url without padding, or its last character has unused bits that are
    /// set.
    InvalidBase64,
    /// The URL is not `https://host/?query` in visible ASCII with the name of a host; or, in a
    /// request that is signed in headers, not `https://host/`.
    InvalidUrl,
    /// The host is not a name of STS, in lower case, in the expected partition.
    #[non_exhaustive]
    UnknownHost {
        /// The host, truncated.
        host: String,
    },
    /// The URL has a parameter that is not expected, or that is spelled differently.
    #[non_exhaustive]
    UnexpectedParameter {
        /// The name of the parameter, truncated.
        name: String,
    },
    /// A parameter is repeated.
    #[non_exhaustive]
    RepeatedParameter {
        /// The name of the parameter.
        name: &'static str,
    },
    /// A parameter is missing.
    #[non_exhaustive]
    MissingParameter {
        /// The name of the parameter.
        name: &'static str,
    },
    /// The action is not `GetCallerIdentity` of version `2011-06-15`.
    WrongAction,
    /// The method of a request that is signed in headers is not `POST`.
    WrongMethod,
    /// The body is not exactly `Action=GetCallerIdentity&Version=2011-06-15`.
    WrongBody,
    /// The request is not a valid signed request: its form, scope, time or coverage.
    Request(VerifyError),
    /// The access key id does not consist of 16 to 128 letters, digits and `_`.
    InvalidAccessKeyId,
    /// A header that must be signed is not signed.
    #[non_exhaustive]
    UnsignedHeader {
        /// The name of the header.
        name: String,
    },
    /// The header that binds the token to a server names another server.
    #[non_exhaustive]
    WrongAudience {
        /// The name of the header.
        name: String,
    },
    /// A signed header is not expected, or has a value that is not expected.
    #[non_exhaustive]
    UnexpectedSignedHeader {
        /// The name of the header, truncated.
        name: String,
    },
}

impl IdentityError {
    /// Returns STS's error code; for [`Request`](Self::Request) the code of the [`VerifyError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. }
            | Self::InvalidPrefix
            | Self::InvalidBase64
            | Self::InvalidUrl
            | Self::WrongMethod
            | Self::UnexpectedSignedHeader { .. } => "ValidationError",
            Self::UnknownHost { .. } | Self::UnsignedHeader { .. } | Self::WrongAudience { .. } => {
                "AccessDenied"
            }
            Self::UnexpectedParameter { .. } | Self::RepeatedParameter { .. } => "InvalidQueryParameter",
            Self::MissingParameter { name } if matches!(name.as_bytes(), b"Action") => "MissingAction",
            Self::MissingParameter { .. } => "MissingParameter",
            Self::WrongAction | Self::WrongBody => "InvalidAction",
            Self::Request(error) => error.code(),
            Self::InvalidAccessKeyId => "InvalidClientTokenId",
        }
    }

    /// Returns the HTTP status of the code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownHost { .. }
            | Self::UnsignedHeader { .. }
            | Self::WrongAudience { .. }
            | Self::InvalidAccessKeyId => 403,
            Self::Request(error) => error.status(),
            _ => 400,
        }
    }
}

impl From<VerifyError> for IdentityError {
    fn from(error: VerifyError) -> Self {
        Self::Request(error)
    }
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { max } => write!(f, "the token is longer than {max} bytes"),
            Self::InvalidPrefix => f.write_str("the token does not begin with \"k8s-aws-v1.\""),
            Self::InvalidBase64 => f.write_str("the token is not base64url without padding"),
            Self::InvalidUrl => f.write_str(
                "the URL is not https://host/?query, or, if the request is signed in headers, https://host/",
            ),
            Self::UnknownHost { host } => {
                write!(f, "the host {host:?} is not a name of STS in the expected partition")
            }
            Self::UnexpectedParameter { name } => {
                write!(f, "the parameter {name:?} is not allowed, or not in this spelling")
            }
            Self::RepeatedParameter { name } => write!(f, "the parameter {name:?} is repeated"),
            Self::MissingParameter { name } => write!(f, "the parameter {name:?} is missing"),
            Self::WrongAction => f.write_str("the action is not GetCallerIdentity of version 2011-06-15"),
            Self::WrongMethod => f.write_str("the method is not POST"),
            Self::WrongBody => f.write_str("the body is not \"Action=GetCallerIdentity&Version=2011-06-15\""),
            Self::Request(error) => error.fmt(f),
            Self::InvalidAccessKeyId => {
                f.write_str("the access key id does not consist of 16 to 128 letters, digits and '_'")
            }
            Self::UnsignedHeader { name } => write!(f, "the header {name:?} is not signed"),
            Self::WrongAudience { name } => write!(f, "the header {name:?} names another server"),
            Self::UnexpectedSignedHeader { name } => {
                write!(f, "the signed header {name:?} is not allowed, or not with this value")
            }
        }
    }
}

impl core::error::Error for IdentityError {}
