//! The error codes that AWS services other than S3 have in common.
//!
//! Source: AWS's API references, "Common Error Types", as of [Amazon SNS][1], and for
//! `InvalidClientTokenId` and `RequestExpired` "Common Errors", as of [Amazon SQS][2].
//! `SignatureDoesNotMatch`, its status, and that a wrong credential scope is such an error:
//! [IAM User Guide, "Troubleshoot signed requests for AWS APIs"][3].
//!
//! [1]: https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
//! [2]: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
//! [3]: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html

#[cfg(feature = "event-stream")]
use super::EventError;
use super::{DecodeError, VerifyError};

impl VerifyError {
    /// Returns the error code that AWS services other than S3 have in common.
    ///
    /// Services that answer in JSON append `Exception` to some of these codes. A browser's form is
    /// known to S3 only: its errors keep S3's codes.
    ///
    /// ```
    /// use countersign::{MalformedAuthorization, VerifyError};
    ///
    /// let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Signature);
    /// assert_eq!((error.common_code(), error.common_status()), ("IncompleteSignature", 400));
    /// let error = VerifyError::InvalidToken;
    /// assert_eq!((error.common_code(), error.common_status()), ("InvalidClientTokenId", 403));
    /// ```
    #[must_use]
    pub const fn common_code(&self) -> &'static str {
        self.common().0
    }

    /// Returns the HTTP status of the [`common_code`](Self::common_code).
    ///
    /// ```
    /// use countersign::VerifyError;
    /// assert_eq!(VerifyError::SignatureDoesNotMatch.common_status(), 403);
    /// ```
    #[must_use]
    pub const fn common_status(&self) -> u16 {
        self.common().1
    }

    const fn common(&self) -> (&'static str, u16) {
        match self {
            Self::TooLarge { .. } => ("RequestEntityTooLargeException", 413),
            Self::Request(_) => MALFORMED_REQUEST,
            Self::Anonymous => ("MissingAuthenticationToken", 403),
            Self::RepeatedAuthorization
            | Self::TwoMechanisms
            | Self::SignatureVersion2
            | Self::UnsupportedAlgorithm { .. }
            | Self::AuthorizationHeaderMalformed(_)
            | Self::AuthorizationQueryParametersError(_)
            | Self::InvalidDate
            | Self::ContradictoryHeader { .. }
            | Self::UnsignedHeaders { .. }
            | Self::MissingPayloadHash
            | Self::InvalidPayloadHash
            | Self::UnsupportedPayload { .. }
            | Self::UnsignedBody => ("IncompleteSignature", 400),
            Self::RequestTimeTooSkewed { .. } | Self::NotYetValid { .. } | Self::Expired { .. } => EXPIRED,
            Self::DateMismatch { .. }
            | Self::WrongRegion { .. }
            | Self::WrongService { .. }
            | Self::MissingSignedHeader { .. }
            | Self::SignatureDoesNotMatch
            | Self::PayloadMismatch { .. } => MISMATCH,
            Self::InvalidAccessKeyId { .. } | Self::InvalidToken => ("InvalidClientTokenId", 403),
            Self::CredentialsExpired { .. } => EXPIRED_TOKEN,
            Self::BodyRequired | Self::KeyMismatch => INTERNAL,
            #[cfg(feature = "post-policy")]
            Self::Form(error) => (error.code(), error.status()),
            Self::Chunked(DecodeError::SignatureDoesNotMatch { .. }) => MISMATCH,
            Self::Chunked(_) => MALFORMED_REQUEST,
            #[cfg(feature = "event-stream")]
            Self::Event(error) => match error {
                EventError::TimeTooSkewed { .. } => EXPIRED,
                EventError::SignatureDoesNotMatch => MISMATCH,
                EventError::CredentialsExpired { .. } => EXPIRED_TOKEN,
                EventError::CredentialsRequired { .. } => INTERNAL,
                _ => MALFORMED_REQUEST,
            },
        }
    }
}

const MALFORMED_REQUEST: (&str, u16) = ("MalformedHttpRequestException", 400);
const EXPIRED: (&str, u16) = ("RequestExpired", 400);
const EXPIRED_TOKEN: (&str, u16) = ("ExpiredTokenException", 403);
const MISMATCH: (&str, u16) = ("SignatureDoesNotMatch", 403);
const INTERNAL: (&str, u16) = ("InternalFailure", 500);
