//! [`VerifyError`], the reason why a verifier rejects a request.
//!
//! `s3.rs` has the codes, statuses and XML documents of S3, `common.rs` the codes of
//! other AWS services, and `message.rs` the messages.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

#[cfg(feature = "event-stream")]
use super::EventError;
#[cfg(feature = "post-policy")]
use super::FormError;
use super::{ChecksumError, DecodeError, Limit, MalformedAuthorization, Mechanism, RequestError};
use crate::time::Timestamp;

/// The reason why a verifier rejects a request.
///
/// # Order
///
/// A request with two errors is rejected with the error that comes first in this enum: the checks
/// run in the order of the variants. The variants before `InvalidAccessKeyId` are found without a
/// secret, by [`Verifier::claim`](crate::Verifier::claim).
///
/// Some errors are found at more than one point of the order:
///
/// * `Request`, when the headers and the query are read, and again when the canonical request is
///   written;
/// * `AuthorizationHeaderMalformed` and `AuthorizationQueryParametersError`, wherever a field of
///   the signature is parsed: a repeated parameter is found before `TwoMechanisms`, a lifetime that
///   is too long after `WrongService`;
/// * `InvalidToken` and `InvalidPayloadHash`, before `UnsignedHeaders` for a session token or a
///   payload hash that is not where the service expects it;
/// * `UnsignedHeaders`, with only `x-amz-content-sha256`, when the payload line is read;
/// * `Form`, `Chunked` and `Event`, which have orders of their own.
///
/// # What a client is sent
///
/// [`code`](Self::code), [`status`](Self::status) and [`to_xml`](Self::to_xml) are those of S3, and
/// `Display` prints S3's messages. [`common_code`](Self::common_code) and
/// [`common_status`](Self::common_status) are those of other AWS services. No variant contains a
/// secret or the correct signature.
///
/// ```
/// use countersign::VerifyError;
///
/// let error = VerifyError::Anonymous;
/// assert_eq!((error.code(), error.status()), ("AccessDenied", 403));
/// assert_eq!((error.common_code(), error.common_status()), ("MissingAuthenticationToken", 403));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request exceeds one of the verifier's [`Limits`](crate::Limits).
    #[non_exhaustive]
    TooLarge {
        /// The limit that is exceeded.
        limit: Limit,
        /// The maximum.
        max: usize,
    },
    /// The request is malformed or ambiguous.
    Request(RequestError),
    /// The `Authorization` header is repeated.
    RepeatedAuthorization,
    /// The request has an `Authorization` header, and its query contains a signature or a part of
    /// one.
    TwoMechanisms,
    /// The request is signed with Signature Version 2.
    SignatureVersion2,
    /// The verifier does not accept the algorithm. It accepts `AWS4-HMAC-SHA256`, and
    /// `AWS4-ECDSA-P256-SHA256` if SigV4a is allowed.
    #[non_exhaustive]
    UnsupportedAlgorithm {
        /// The part of the request that contains the signature.
        mechanism: Mechanism,
        /// The algorithm that the request names, truncated.
        algorithm: String,
    },
    /// The request has no AWS signature.
    ///
    /// This is an error, so that `?` denies the request. A server that allows anonymous access
    /// matches on this variant.
    Anonymous,
    /// The `Authorization` header is malformed.
    AuthorizationHeaderMalformed(MalformedAuthorization),
    /// The parameters of a presigned URL are malformed.
    AuthorizationQueryParametersError(MalformedAuthorization),
    /// `x-amz-date` and `Date` are both missing, or the time is malformed. `x-amz-date` must be
    /// `YYYYMMDDTHHMMSSZ`. `Date`, which counts only without `x-amz-date`, may also be in the format of
    /// HTTP, such as `Fri, 24 May 2013 00:00:00 GMT`.
    InvalidDate,
    /// The time of the request differs too much from the verifier's clock.
    #[non_exhaustive]
    RequestTimeTooSkewed {
        /// The time of the request.
        time: Timestamp,
        /// The time of the verifier.
        now: Timestamp,
        /// The maximum difference that the verifier allows.
        max_skew: Duration,
    },
    /// The date of the credential scope is not the date of the request.
    #[non_exhaustive]
    DateMismatch {
        /// The part of the request that contains the signature.
        mechanism: Mechanism,
        /// The date of the scope.
        scope_date: String,
        /// The time of the request.
        time: Timestamp,
    },
    /// The request is signed for another region.
    #[non_exhaustive]
    WrongRegion {
        /// The part of the request that contains the signature.
        mechanism: Mechanism,
        /// The region or the region set that the request is signed for, truncated.
        region: String,
        /// The region of the verifier.
        expected: String,
    },
    /// The request is signed for another service.
    #[non_exhaustive]
    WrongService {
        /// The part of the request that contains the signature.
        mechanism: Mechanism,
        /// The service that the request is signed for, truncated.
        service: String,
        /// The service of the verifier.
        expected: String,
    },
    /// The time of a presigned URL is in the future.
    #[non_exhaustive]
    NotYetValid {
        /// The time of the URL.
        time: Timestamp,
        /// The time of the verifier.
        now: Timestamp,
    },
    /// A presigned URL has expired.
    #[non_exhaustive]
    Expired {
        /// The time from which on the URL is refused: its date plus its lifetime.
        at: Timestamp,
        /// The time of the verifier.
        now: Timestamp,
        /// The lifetime that the URL states.
        expires: Duration,
    },
    /// A header of a presigned URL differs from the signed parameter of the same name.
    #[non_exhaustive]
    ContradictoryHeader {
        /// The name of the header.
        name: String,
    },
    /// Headers that must be signed are not signed.
    #[non_exhaustive]
    UnsignedHeaders {
        /// The names of the headers, in lower case, truncated. Of many headers, the first 32.
        names: Vec<String>,
    },
    /// A signed header is missing.
    #[non_exhaustive]
    MissingSignedHeader {
        /// The name of the header, truncated.
        name: String,
    },
    /// `x-amz-content-sha256` is missing, and the service requires it.
    MissingPayloadHash,
    /// `x-amz-content-sha256` is neither 64 hexadecimal digits in lower case nor a payload mode.
    InvalidPayloadHash,
    /// `x-amz-content-sha256` is a payload mode, such as `UNSIGNED-PAYLOAD`, and the service accepts
    /// only hashes: its rules have [`PayloadRule::BodyHash`](crate::PayloadRule::BodyHash). A service
    /// that accepts payload modes has
    /// [`PayloadRule::HashHeader`](crate::PayloadRule::HashHeader).
    #[non_exhaustive]
    PayloadModeNotAccepted {
        /// The payload mode.
        mode: String,
    },
    /// The payload mode exists, and the verifier does not accept it for this request.
    #[non_exhaustive]
    UnsupportedPayload {
        /// The payload mode.
        mode: String,
    },
    /// The signature does not cover the body, and the verifier
    /// [requires it](crate::Verifier::require_signed_body).
    UnsignedBody,
    /// The payload line is the hash of the body, and the body was not given. Read the body, within
    /// a limit, and claim again. Do not send this error to a client.
    BodyRequired,
    /// The access key does not exist.
    #[non_exhaustive]
    InvalidAccessKeyId {
        /// The access key id that the request names, truncated.
        access_key_id: String,
    },
    /// The key is for another access key id or scope than the request's. This is a mistake of the
    /// server's key look-up, not of the client.
    KeyMismatch,
    /// The signature is wrong, or the value does not have the form of a signature.
    SignatureDoesNotMatch,
    /// The session token is missing, or is not the one of the credentials; or the credentials have
    /// none.
    InvalidToken,
    /// The signature is correct, but the credentials have expired.
    #[non_exhaustive]
    CredentialsExpired {
        /// The expiration of the credentials.
        at: Timestamp,
    },
    /// A browser's form does not conform to its policy.
    #[cfg(feature = "post-policy")]
    Form(FormError),
    /// The body is not the one that was signed.
    #[non_exhaustive]
    PayloadMismatch {
        /// The hash that was signed, in hexadecimal.
        signed: String,
        /// The hash of the received body, in hexadecimal.
        received: String,
    },
    /// A body in chunks is not the one that was signed. The headers that announce it are checked at
    /// the end of [`Verifier::claim`](crate::Verifier::claim).
    Chunked(DecodeError),
    /// A checksum that the request declares is wrong, or cannot be checked.
    Checksum(ChecksumError),
    /// A stream of events is not the one that was signed.
    #[cfg(feature = "event-stream")]
    Event(EventError),
}

#[cfg(feature = "post-policy")]
impl From<FormError> for VerifyError {
    fn from(error: FormError) -> Self {
        Self::Form(error)
    }
}

impl From<RequestError> for VerifyError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<ChecksumError> for VerifyError {
    fn from(error: ChecksumError) -> Self {
        Self::Checksum(error)
    }
}

impl From<DecodeError> for VerifyError {
    fn from(error: DecodeError) -> Self {
        Self::Chunked(error)
    }
}

#[cfg(feature = "event-stream")]
impl From<EventError> for VerifyError {
    fn from(error: EventError) -> Self {
        Self::Event(error)
    }
}

impl core::error::Error for VerifyError {}
