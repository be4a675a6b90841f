//! The messages of [`VerifyError`]: S3's own, where S3 has one.
//!
//! Source: S3 API Reference, "Error responses", and answers of S3.

use alloc::string::{String, ToString};
use core::fmt;

use super::{MalformedAuthorization, Mechanism, RequestError, VerifyError};

/// Prints the message that S3 sends to a client, where S3 has one. For a presigned URL that is not complete, prints the names
/// of the missing parameters.
impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit, max } => {
                write!(f, "The request has more than the allowed {max} {limit}.")
            }
            Self::Request(RequestError::InvalidUri(reason)) => {
                write!(f, "Couldn't parse the specified URI: {reason}.")
            }
            Self::Request(error) => write!(f, "The request is not valid: {error}."),
            Self::AuthorizationHeaderMalformed(malformed) => write_malformed_header(f, malformed),
            Self::AuthorizationQueryParametersError(malformed) => write_malformed_parameters(f, malformed),
            Self::DateMismatch { mechanism: Mechanism::Header, .. } => f.write_str(
                "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.",
            ),
            Self::DateMismatch { scope_date, time, .. } => write!(
                f,
                "Invalid credential date {scope_date:?}. This date is not the same as X-Amz-Date: \"{time}\"."
            ),
            Self::WrongRegion { mechanism, region, expected } => {
                write!(f, "{}; the region {region:?} is wrong; expecting {expected:?}", mechanism.prefix())
            }
            Self::WrongService { mechanism, service, expected } => write!(
                f,
                "{}; incorrect service {service:?}. This endpoint belongs to {expected:?}.",
                mechanism.prefix()
            ),
            Self::MissingSignedHeader { name } => write!(
                f,
                "{} The request does not have the header {name:?}, which SignedHeaders lists.",
                Self::SignatureDoesNotMatch.fixed_message()
            ),
            Self::PayloadModeNotAccepted { mode } => write!(
                f,
                "This service does not accept {mode}: x-amz-content-sha256 must be the sha256 value of the body, or be \
                 left out. A server that accepts payload modes configures PayloadRule::HashHeader."
            ),
            Self::ContradictoryHeader { name } => {
                write!(f, "The header {name} contradicts the signed query of the request")
            }
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.fmt(f),
            Self::Chunked(error) => error.fmt(f),
            Self::Checksum(error) => error.fmt(f),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.fmt(f),
            _ => f.write_str(self.fixed_message()),
        }
    }
}

impl VerifyError {
    /// Returns the message that S3 sends. For a presigned URL that is not complete it lists all six parameters, and
    /// `Display` only those that are missing.
    pub(super) fn s3_message(&self) -> String {
        match self {
            Self::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters { .. }) => {
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                 X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
                    .into()
            }
            _ => self.to_string(),
        }
    }

    /// Returns the message of a variant whose message contains no value.
    const fn fixed_message(&self) -> &'static str {
        match self {
            Self::RepeatedAuthorization => "Authorization header is invalid -- one and only one is allowed.",
            Self::TwoMechanisms => {
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                 parameter or the Authorization header should be specified"
            }
            Self::SignatureVersion2 => {
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            }
            #[cfg(feature = "post-policy")]
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Form, .. } => {
                "Only AWS4-HMAC-SHA256 is supported"
            }
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Query, .. } => {
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\""
            }
            Self::UnsupportedAlgorithm { .. } => "Unsupported Authorization Type",
            Self::InvalidDate => {
                "AWS authentication requires a valid Date or x-amz-date header: x-amz-date such as 20130524T000000Z, or \
                 Date such as Fri, 24 May 2013 00:00:00 GMT"
            }
            Self::RequestTimeTooSkewed { .. } => {
                "The difference between the request time and the current time is too large."
            }
            Self::NotYetValid { .. } => "Request is not valid yet",
            Self::Expired { .. } => "Request has expired",
            Self::UnsignedHeaders { .. } => "There were headers present in the request which were not signed",
            Self::MissingPayloadHash => "Missing required header for this request: x-amz-content-sha256",
            Self::InvalidPayloadHash => {
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid \
                 sha256 value."
            }
            Self::UnsupportedPayload { .. } => {
                "A header you provided implies functionality that is not implemented"
            }
            Self::UnsignedBody => "The signature of this request must cover its body",
            Self::BodyRequired => "The body of this request must be read before it can be verified",
            Self::InvalidAccessKeyId { .. } => {
                "The AWS Access Key Id you provided does not exist in our records."
            }
            Self::KeyMismatch => "We encountered an internal error. Please try again.",
            Self::SignatureDoesNotMatch => {
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method."
            }
            Self::InvalidToken => "The provided token is malformed or otherwise invalid.",
            Self::CredentialsExpired { .. } => "The provided token has expired.",
            Self::PayloadMismatch { .. } => {
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            }
            // `Anonymous`. `Display` prints the remaining variants itself, with their values.
            _ => "Access Denied",
        }
    }
}

fn write_malformed_header(f: &mut fmt::Formatter<'_>, malformed: &MalformedAuthorization) -> fmt::Result {
    f.write_str("The authorization header is malformed; ")?;
    match malformed {
        MalformedAuthorization::Components => f.write_str(
            "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ),
        _ => write!(f, "{malformed}."),
    }
}

fn write_malformed_parameters(f: &mut fmt::Formatter<'_>, malformed: &MalformedAuthorization) -> fmt::Result {
    match malformed {
        MalformedAuthorization::MissingParameters { names } => {
            write!(f, "The presigned URL is not complete; missing parameters: {names}. Send the whole URL.")
        }
        MalformedAuthorization::Credential
        | MalformedAuthorization::EmptyRegion
        | MalformedAuthorization::CredentialDate
        | MalformedAuthorization::Terminator => {
            write!(f, "Error parsing the X-Amz-Credential parameter; {malformed}.")
        }
        MalformedAuthorization::Date
        | MalformedAuthorization::ExpiresNotANumber
        | MalformedAuthorization::ExpiresNegative
        | MalformedAuthorization::ExpiresTooLong { .. } => write!(f, "{malformed}"),
        _ => write!(f, "Error parsing the query-string authentication; {malformed}."),
    }
}

impl Mechanism {
    /// Returns how a message about the credential scope begins.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Header => "The authorization header is malformed",
            _ => "Error parsing the X-Amz-Credential parameter",
        }
    }
}
