//! [`SignError`], the reason why a request cannot be signed.

use alloc::string::String;
use core::fmt;

#[cfg(feature = "post-policy")]
use super::PolicyError;
use super::RequestError;
use crate::bytes::truncated_lossy;
use crate::payload::StreamingMode;
use crate::time::Timestamp;

/// The reason why a request cannot be signed: a mistake of the program that signs, or
/// expired credentials.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[("host", "elsewhere.com")]);
/// let error = signer.presign(&request, Expires::HOUR, Timestamp::now()).unwrap_err();
/// assert_eq!(error, SignError::HostMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The request is not a valid HTTP request, or is ambiguous.
    Request(RequestError),
    /// The request has a signature;
    /// [`Request::strip_signature`](crate::Request::strip_signature) removes it.
    AlreadySigned,
    /// The request has an `Authorization` header of another scheme, such as `Bearer`, and
    /// is to be signed in headers. A request has one `Authorization` header, and the
    /// signature needs it.
    #[non_exhaustive]
    ForeignAuthorization {
        /// The name of the scheme, truncated; empty if the value does not begin with a name.
        scheme: String,
    },
    /// The authority of the URI has upper-case letters, and no `Host` header states what
    /// the client sends. Some clients send these letters unchanged, others in lower case.
    UppercaseHost,
    /// The path of a service that signs it decoded, such as S3, has `%2F` or a raw `+`. Servers
    /// read them in different ways.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/a+b", &[]);
    /// let error = signer.presign(&request, Expires::HOUR, Timestamp::now()).unwrap_err();
    /// assert!(error.to_string().contains("write %2B for a plus sign, or %20 for a space"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[non_exhaustive]
    AmbiguousPath {
        /// `%2F` or `+`.
        spelling: &'static str,
    },
    /// The value of a signed header has a tab that is not at its ends. Servers sign it as a
    /// space, or as it is.
    #[non_exhaustive]
    AmbiguousHeaderValue {
        /// The header's name, in lower case.
        name: String,
    },
    /// The query has a parameter that only a signature may add.
    #[non_exhaustive]
    ReservedParameter {
        /// The parameter's name, percent-encoded.
        name: String,
    },
    /// A query parameter is repeated. S3-compatible servers read only one of them, and not
    /// the same one.
    #[non_exhaustive]
    RepeatedParameter {
        /// The parameter's name, percent-encoded.
        name: String,
    },
    /// A query parameter has a value and no name. Services do not agree on how to read it.
    UnnamedParameter,
    /// A header that signing adds is present with another value; or a header of a
    /// presigned request differs from the query parameter of the same name.
    #[non_exhaustive]
    HeaderMismatch {
        /// The header's name, in lower case.
        name: String,
    },
    /// The `Host` header differs from the URL's authority, which clients send.
    HostMismatch,
    /// The request's `x-amz-content-sha256` header is neither a SHA-256 in lower-case hex
    /// nor the name of a payload mode.
    InvalidPayloadHash,
    /// The payload mode cannot be used here: a URL was to be presigned for a body in chunks
    /// or events, whose signatures follow a signature in headers; or the service hashes
    /// every body ([`PayloadRule::OrdinaryHeader`](crate::PayloadRule::OrdinaryHeader)).
    #[non_exhaustive]
    UnsupportedPayload {
        /// The payload mode.
        mode: String,
    },
    /// SigV4a defines no signatures of events and of form policies, and its signatures
    /// cannot be computed by another program. Sign with HMAC.
    #[cfg(feature = "sigv4a")]
    NotSupportedBySigV4a,
    /// An unsigned chunked body has neither a checksum nor another trailer.
    MissingTrailer,
    /// The signer excludes a header that announces the chunked body, which must be signed.
    #[non_exhaustive]
    ExcludedHeader {
        /// The header's name.
        name: &'static str,
    },
    /// The signer cannot sign chunks of this mode: the mode has no signatures,
    /// or has those of the other algorithm.
    #[non_exhaustive]
    UnsupportedStreamingMode {
        /// The mode.
        mode: StreamingMode,
    },
    /// The event is empty, which would end its stream, or too long for a frame.
    #[cfg(feature = "event-stream")]
    #[non_exhaustive]
    InvalidEvent {
        /// The event's length in bytes.
        length: usize,
    },
    /// The form's policy is invalid, or allows more than was probably intended.
    #[cfg(feature = "post-policy")]
    Policy(PolicyError),
    /// A URL without a lifetime was to be presigned, and the service requires one.
    ExpiresRequired,
    /// The credentials have expired.
    #[non_exhaustive]
    CredentialsExpired {
        /// The expiration of the credentials.
        at: Timestamp,
    },
    /// The URL would outlive its credentials;
    /// [`Signer::shorten_to_credentials`](crate::Signer::shorten_to_credentials)
    /// shortens it instead.
    #[non_exhaustive]
    OutlivesCredentials {
        /// The expiration of the credentials.
        expiration: Timestamp,
    },
}

impl SignError {
    /// Returns the error for an `Authorization` header with this value. Only the name of
    /// the scheme is kept, because the rest is a secret.
    #[cold]
    pub(crate) fn foreign_authorization(value: &[u8]) -> Self {
        let named = value.trim_ascii().split(|byte| matches!(byte, b' ' | b'\t')).next();
        let is_name = |name: &&[u8]| name.len() < value.trim_ascii().len();
        Self::ForeignAuthorization { scheme: truncated_lossy(named.filter(is_name).unwrap_or_default()) }
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::AlreadySigned => {
                f.write_str("the request is already signed; `Request::strip_signature` removes the signature")
            }
            Self::ForeignAuthorization { scheme } => write!(
                f,
                "the request has an Authorization header of the scheme {scheme:?}, and a signature needs this \
                 header; remove it, or send its value in another header"
            ),
            Self::UppercaseHost => f.write_str(
                "the host in the URI has upper-case letters, which clients send differently; write it in lower case",
            ),
            Self::AmbiguousPath { spelling: "+" } => f.write_str(
                "the path has a raw +, which servers read as a plus sign or as a space; write %2B for a plus sign, or \
                  %20 for a space",
            ),
            Self::AmbiguousPath { spelling } => write!(
                f,
                "the path has {spelling}, which servers read as a slash or as a character of a name; write / for a \
                 slash; for S3 Control, whose paths contain ARNs, set Rules::S3_CONTROL"
            ),
            Self::AmbiguousHeaderValue { name } => write!(
                f,
                "the value of the header {name:?} has a tab, which servers sign as a space or as a tab; write a space"
            ),
            Self::ReservedParameter { name } => {
                write!(f, "the query parameter {name:?} is reserved for the signature; remove it")
            }
            Self::RepeatedParameter { name } => {
                write!(
                    f,
                    "the query parameter {name:?} is repeated; S3-compatible servers read only one of them"
                )
            }
            Self::UnnamedParameter => f.write_str("a query parameter has no name before its '='; remove it"),
            Self::HeaderMismatch { name } => {
                write!(f, "the header {name:?} does not fit the signature; remove it, or correct its value")
            }
            Self::HostMismatch => {
                f.write_str("the Host header is not the URL's authority; remove it, or correct it")
            }
            Self::InvalidPayloadHash => f.write_str(
                "the header \"x-amz-content-sha256\" is neither 64 lower-case hex digits nor the name of a payload mode",
            ),
            Self::UnsupportedPayload { mode } => write!(
                f,
                "the payload mode {mode:?} cannot be used here: sign a stream in headers and with the algorithm in its name, and for a service that \
                 hashes every body sign the hash of the body"
            ),
            #[cfg(feature = "sigv4a")]
            Self::NotSupportedBySigV4a => {
                f.write_str("SigV4a is not supported for events, forms and remote signatures; sign with HMAC")
            }
            Self::MissingTrailer => {
                f.write_str("an unsigned chunked body needs a checksum or another trailer")
            }
            Self::ExcludedHeader { name } => write!(
                f,
                "the header {name:?} announces the chunked body and must be signed, but the signer excludes it"
            ),
            Self::UnsupportedStreamingMode { mode } => {
                write!(f, "the signer cannot sign chunks of the mode {}", mode.name())
            }
            #[cfg(feature = "event-stream")]
            Self::InvalidEvent { length } => {
                write!(
                    f,
                    "an event of {length} bytes cannot be sent: it is empty, or longer than a frame can hold"
                )
            }
            #[cfg(feature = "post-policy")]
            Self::Policy(error) => error.fmt(f),
            Self::ExpiresRequired => f.write_str(
                "the service requires the lifetime of a presigned URL; use `Signer::presign`, or rules with \
                 `UrlLifetime::Optional`",
            ),
            Self::CredentialsExpired { at } => write!(f, "the credentials expired at {at}"),
            Self::OutlivesCredentials { expiration } => {
                write!(f, "the URL would outlive its credentials, which expire at {expiration}")
            }
        }
    }
}

impl core::error::Error for SignError {}

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
