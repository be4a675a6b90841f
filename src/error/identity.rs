//! Why a claim of identity is not worth asking STS about.
//!
//! Codes and statuses are those of the STS API Reference, "Common Error Types".

use alloc::string::String;
use core::fmt;

use super::VerifyError;

/// Why a token is refused before STS is asked. Checks run in the order of these
/// variants, but for `Url`, which is also what a path is that is not `/`. None
/// holds a part of the token that is secret.
///
/// [`code`](Self::code) and [`status`](Self::status) are what STS would answer,
/// as far as it says anything like it. A server whose own protocol has one answer
/// for every bad password, as that of Kubernetes has 401, gives that.
///
/// ```
/// use countersign::tokens::IdentityError;
///
/// let error = IdentityError::Action;
/// assert_eq!((error.code(), error.status()), ("InvalidAction", 400));
/// assert_eq!(IdentityError::Base64.to_string(), "not base64url without padding");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityError {
    /// Longer than any such token is.
    TooLong {
        /// The most bytes that are read.
        limit: usize,
    },
    /// It does not begin with `k8s-aws-v1.`.
    Prefix,
    /// Not base64url, or with padding, or with bits that say nothing.
    Base64,
    /// Not `https://host/?query` in visible ASCII, with a host's name alone; or,
    /// in a request that is signed in headers, not `https://host/`.
    Url,
    /// Not a name of STS, in lower case, in the partition that is expected.
    Host {
        /// The host as it stands, cut short.
        host: String,
    },
    /// A parameter that has no place here, or is spelled otherwise.
    Parameter {
        /// Its name as it stands, cut short.
        name: String,
    },
    /// A parameter that stands twice.
    RepeatedParameter {
        /// Its name.
        name: &'static str,
    },
    /// A parameter that is not there.
    MissingParameter {
        /// Its name.
        name: &'static str,
    },
    /// Something else is asked than `GetCallerIdentity` of version `2011-06-15`.
    Action,
    /// A request that is signed in headers, and is not a `POST`.
    Method,
    /// A body that is not exactly `Action=GetCallerIdentity&Version=2011-06-15`.
    Body,
    /// What is wrong with it as a signed request: form, scope, time, coverage.
    Request(VerifyError),
    /// The access key id is not 16 to 128 letters, digits and `_`.
    AccessKeyId,
    /// A header is not signed that must be.
    UnsignedHeader {
        /// Its name.
        name: String,
    },
    /// The header that binds the token names somebody else.
    Audience {
        /// The header's name.
        name: String,
    },
    /// A header is signed that has no place here, or says what it should not.
    SignedHeader {
        /// Its name, cut short.
        name: String,
    },
}

impl IdentityError {
    /// STS's code; for [`Request`](Self::Request) that of the [`VerifyError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. }
            | Self::Prefix
            | Self::Base64
            | Self::Url
            | Self::Method
            | Self::SignedHeader { .. } => "ValidationError",
            Self::Host { .. } | Self::UnsignedHeader { .. } | Self::Audience { .. } => "AccessDenied",
            Self::Parameter { .. } | Self::RepeatedParameter { .. } => "InvalidQueryParameter",
            Self::MissingParameter { name } if matches!(name.as_bytes(), b"Action") => "MissingAction",
            Self::MissingParameter { .. } => "MissingParameter",
            Self::Action | Self::Body => "InvalidAction",
            Self::Request(error) => error.code(),
            Self::AccessKeyId => "InvalidClientTokenId",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Host { .. } | Self::UnsignedHeader { .. } | Self::Audience { .. } | Self::AccessKeyId => {
                403
            }
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
            Self::TooLong { limit } => write!(f, "over {limit} bytes"),
            Self::Prefix => f.write_str("not a token of an EKS cluster"),
            Self::Base64 => f.write_str("not base64url without padding"),
            Self::Url => f.write_str("not https:// and a host, the path / and what is expected behind it"),
            Self::Host { host } => write!(f, "{host:?} is not a name of STS"),
            Self::Parameter { name } => write!(f, "the parameter {name:?} has no place here"),
            Self::RepeatedParameter { name } => write!(f, "the parameter {name} stands twice"),
            Self::MissingParameter { name } => write!(f, "the parameter {name} is not there"),
            Self::Action => f.write_str("something else is asked than GetCallerIdentity of 2011-06-15"),
            Self::Method => f.write_str("the method is not POST"),
            Self::Body => f.write_str("the body is not that of GetCallerIdentity of 2011-06-15"),
            Self::Request(error) => error.fmt(f),
            Self::AccessKeyId => f.write_str("the access key id is not one"),
            Self::UnsignedHeader { name } => write!(f, "the header {name:?} is not signed"),
            Self::Audience { name } => write!(f, "the header {name:?} names another server"),
            Self::SignedHeader { name } => {
                write!(f, "the signed header {name:?} has no place here, or says more")
            }
        }
    }
}

impl core::error::Error for IdentityError {}
