//! Why a request cannot be signed: a programmer's mistakes.

use alloc::string::String;
use core::fmt;

use crate::Timestamp;
#[cfg(feature = "post-policy")]
use crate::error::PolicyError;
use crate::error::RequestError;

/// Why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The request is not one that can be sent.
    Request(RequestError),
    /// The request carries a signature; see
    /// [`Request::strip_signature`](crate::Request::strip_signature).
    AlreadySigned,
    /// The query has a parameter that only a signature may write.
    ReservedParameter {
        /// The parameter's name as it stands.
        name: String,
    },
    /// The query has a parameter twice, which S3 does not read alike everywhere.
    RepeatedParameter {
        /// The parameter's name, encoded.
        name: String,
    },
    /// The query has a value without a name, which services read differently.
    UnnamedParameter,
    /// A header that signing adds is there already, and says something else;
    /// or a URL says it in its query.
    HeaderMismatch {
        /// The header's name.
        name: String,
    },
    /// The `Host` header is not the URL's authority, which a client would send.
    HostMismatch,
    /// The payload's mode is empty, or holds a blank or a control character.
    InvalidPayload,
    /// What HMAC alone signs: events, chunks, the policies of forms.
    #[cfg(feature = "sigv4a")]
    UndefinedForSigV4a,
    /// An event that is empty, which would end its stream, or too long for a frame.
    #[cfg(feature = "event-stream")]
    InvalidEvent {
        /// Its length in bytes.
        length: usize,
    },
    /// The policy is not one to hand out.
    #[cfg(feature = "post-policy")]
    Policy(PolicyError),
    /// The credentials have ended.
    CredentialsEnded {
        /// When.
        end: Timestamp,
    },
    /// The URL would outlive its credentials; see
    /// [`Signer::shorten_to_credentials`](crate::Signer::shorten_to_credentials).
    OutlivesCredentials {
        /// When they end.
        end: Timestamp,
    },
}

impl From<RequestError> for SignError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

#[cfg(feature = "post-policy")]
impl From<PolicyError> for SignError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            #[cfg(feature = "post-policy")]
            Self::Policy(error) => error.fmt(f),
            Self::AlreadySigned => {
                f.write_str("the request is signed already; `strip_signature` takes that off")
            }
            Self::ReservedParameter { name } => {
                write!(f, "the query parameter {name:?} is the signature's own")
            }
            Self::RepeatedParameter { name } => write!(f, "the query parameter {name:?} stands twice"),
            Self::UnnamedParameter => f.write_str("a query parameter has no name"),
            Self::HeaderMismatch { name } => {
                write!(f, "the header {name:?} does not go with what is signed")
            }
            Self::HostMismatch => f.write_str("the Host header is not the URL's authority"),
            Self::InvalidPayload => f.write_str("the payload mode is not one that a header can carry"),
            #[cfg(feature = "sigv4a")]
            Self::UndefinedForSigV4a => f.write_str("this is signed with HMAC alone, not with SigV4a"),
            #[cfg(feature = "event-stream")]
            Self::InvalidEvent { length } => {
                write!(
                    f,
                    "an event of {length} bytes cannot be sent: it is empty, or longer than a frame holds"
                )
            }
            Self::CredentialsEnded { end } => write!(f, "the credentials ended at {end}"),
            Self::OutlivesCredentials { end } => {
                write!(f, "the URL would outlive its credentials, which end at {end}")
            }
        }
    }
}

impl core::error::Error for SignError {}
