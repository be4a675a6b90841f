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
    /// Services that answer in JSON append `Exception` to some of these codes. Only S3 accepts
    /// browser forms, so errors of forms keep S3's codes.
    ///
    /// ```
    /// use countersign::{MalformedAuthorization, VerifyError};
    ///
    /// let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);
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
            | Self::PayloadModeNotAccepted { .. }
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
            Self::Chunked(_) | Self::Checksum(_) => MALFORMED_REQUEST,
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

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;
    use core::time::Duration;

    use super::super::{Limit, MalformedAuthorization, Mechanism, RequestError};
    use super::*;
    use crate::time::Timestamp;

    fn time() -> Timestamp {
        Timestamp::parse("20130524T000000Z").expect("a time")
    }

    #[test]
    fn each_error_has_the_codes_and_statuses_of_s3_and_of_other_services() {
        let (header, query) = (Mechanism::Header, Mechanism::Query);
        let (time, region) = (time(), "us-east-1".to_string());
        let wrong_region = |mechanism| VerifyError::WrongRegion {
            mechanism,
            region: region.clone(),
            expected: region.clone(),
        };
        let unsupported =
            |mechanism| VerifyError::UnsupportedAlgorithm { mechanism, algorithm: "AWS5".to_string() };
        let expires = Duration::from_secs(60);
        for (error, code, status, common_code, common_status) in [
            (
                VerifyError::TooLarge { limit: Limit::Headers, max: 1 },
                "RequestHeaderSectionTooLarge",
                400,
                "RequestEntityTooLargeException",
                413,
            ),
            (
                VerifyError::Request(RequestError::InvalidHost),
                "InvalidRequest",
                400,
                "MalformedHttpRequestException",
                400,
            ),
            (VerifyError::RepeatedAuthorization, "InvalidArgument", 400, "IncompleteSignature", 400),
            (VerifyError::TwoMechanisms, "InvalidArgument", 400, "IncompleteSignature", 400),
            (VerifyError::SignatureVersion2, "InvalidRequest", 400, "IncompleteSignature", 400),
            (unsupported(header), "InvalidArgument", 400, "IncompleteSignature", 400),
            (unsupported(query), "AuthorizationQueryParametersError", 400, "IncompleteSignature", 400),
            (VerifyError::Anonymous, "AccessDenied", 403, "MissingAuthenticationToken", 403),
            (
                VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components),
                "AuthorizationHeaderMalformed",
                400,
                "IncompleteSignature",
                400,
            ),
            (
                VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Date),
                "AuthorizationQueryParametersError",
                400,
                "IncompleteSignature",
                400,
            ),
            (VerifyError::InvalidDate, "AccessDenied", 403, "IncompleteSignature", 400),
            (
                VerifyError::DateMismatch { mechanism: header, scope_date: "20130523".to_string(), time },
                "AuthorizationHeaderMalformed",
                400,
                "SignatureDoesNotMatch",
                403,
            ),
            (wrong_region(header), "AuthorizationHeaderMalformed", 400, "SignatureDoesNotMatch", 403),
            (wrong_region(query), "AuthorizationQueryParametersError", 400, "SignatureDoesNotMatch", 403),
            (
                VerifyError::RequestTimeTooSkewed { time, now: time, max_skew: expires },
                "RequestTimeTooSkewed",
                403,
                "RequestExpired",
                400,
            ),
            (VerifyError::NotYetValid { time, now: time }, "AccessDenied", 403, "RequestExpired", 400),
            (
                VerifyError::Expired { at: time, now: time, expires },
                "AccessDenied",
                403,
                "RequestExpired",
                400,
            ),
            (
                VerifyError::ContradictoryHeader { name: "x-amz-date".to_string() },
                "AccessDenied",
                403,
                "IncompleteSignature",
                400,
            ),
            (
                VerifyError::UnsignedHeaders { names: vec!["x-amz-acl".to_string()] },
                "AccessDenied",
                403,
                "IncompleteSignature",
                400,
            ),
            (
                VerifyError::MissingSignedHeader { name: "range".to_string() },
                "SignatureDoesNotMatch",
                403,
                "SignatureDoesNotMatch",
                403,
            ),
            (VerifyError::MissingPayloadHash, "InvalidRequest", 400, "IncompleteSignature", 400),
            (VerifyError::InvalidPayloadHash, "InvalidArgument", 400, "IncompleteSignature", 400),
            (
                VerifyError::PayloadModeNotAccepted { mode: "UNSIGNED-PAYLOAD".to_string() },
                "InvalidArgument",
                400,
                "IncompleteSignature",
                400,
            ),
            (
                VerifyError::UnsupportedPayload { mode: "STREAMING-X".to_string() },
                "NotImplemented",
                501,
                "IncompleteSignature",
                400,
            ),
            (VerifyError::UnsignedBody, "AccessDenied", 403, "IncompleteSignature", 400),
            (VerifyError::BodyRequired, "InvalidRequest", 400, "InternalFailure", 500),
            (
                VerifyError::InvalidAccessKeyId { access_key_id: "AKID".to_string() },
                "InvalidAccessKeyId",
                403,
                "InvalidClientTokenId",
                403,
            ),
            (VerifyError::KeyMismatch, "InternalError", 500, "InternalFailure", 500),
            (VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403, "SignatureDoesNotMatch", 403),
            (VerifyError::InvalidToken, "InvalidToken", 400, "InvalidClientTokenId", 403),
            (VerifyError::CredentialsExpired { at: time }, "ExpiredToken", 400, "ExpiredTokenException", 403),
            (
                VerifyError::PayloadMismatch { signed: "00".to_string(), received: "01".to_string() },
                "XAmzContentSHA256Mismatch",
                400,
                "SignatureDoesNotMatch",
                403,
            ),
        ] {
            assert_eq!((error.code(), error.status()), (code, status), "{error:?}");
            assert_eq!(
                (error.common_code(), error.common_status()),
                (common_code, common_status),
                "{error:?}"
            );
        }
    }

    #[test]
    fn xml_states_the_facts_of_an_error_and_escapes_them() {
        let error = VerifyError::RequestTimeTooSkewed {
            time: time(),
            now: time(),
            max_skew: Duration::from_millis(1500),
        };
        let xml = error.to_xml("/a<b", "id");
        assert!(xml.contains("<MaxAllowedSkewMilliseconds>1500</MaxAllowedSkewMilliseconds>"), "{xml}");
        assert!(xml.contains("<ServerTime>2013-05-24T00:00:00Z</ServerTime>"), "{xml}");
        assert!(xml.contains("<Resource>/a&lt;b</Resource>"), "{xml}");
        let error = VerifyError::InvalidAccessKeyId { access_key_id: "<&>\"'\u{1}".to_string() };
        let xml = error.to_xml("/", "id");
        assert!(xml.contains("<AWSAccessKeyId>&lt;&amp;&gt;&quot;&apos;\u{fffd}</AWSAccessKeyId>"), "{xml}");
    }
}
