//! Why a request is refused: what an adversary, or a broken client, sent.
//!
//! Codes, texts and statuses are those of the S3 API Reference, "Error
//! responses".

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{Malformed, Mechanism};
use crate::Timestamp;
use crate::error::DecodeError;
#[cfg(feature = "event-stream")]
use crate::error::EventError;
#[cfg(feature = "post-policy")]
use crate::error::FormError;
use crate::error::RequestError;

/// Why a request is refused. Checks run in the order of these variants, but for
///
/// * `Request`, `AuthorizationHeaderMalformed` and
///   `AuthorizationQueryParametersError`, which can be found wherever a text is
///   read: a parameter that stands twice before `TwoMechanisms`, a lifetime
///   behind `WrongService`;
/// * a hash or a token that is unsigned, or in a place that is never its own;
/// * `Form`, `Chunked` and `Event`, each of which has an order of its own.
///
/// Everything above `InvalidAccessKeyId` needs no secret.
///
/// [`code`](Self::code) and [`status`](Self::status) are S3's own, `Display` is
/// near its texts; [`to_xml`](Self::to_xml) is the body that S3 clients expect.
/// None holds a secret, or the signature that would have been right.
///
/// ```
/// use countersign::VerifyError;
///
/// let error = VerifyError::SignatureDoesNotMatch;
/// assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// More, or longer, than the [`Limits`](crate::Limits) allow.
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// Not a request that can be read one way.
    Request(RequestError),
    /// Two `Authorization` headers.
    RepeatedAuthorization,
    /// A signature in the header and (parts of) one in the query.
    TwoMechanisms,
    /// Signature Version 2.
    SignatureVersion2,
    /// An algorithm that the verifier does not read: any but `AWS4-HMAC-SHA256`,
    /// and `AWS4-ECDSA-P256-SHA256` where SigV4a is allowed.
    UnsupportedAlgorithm {
        /// Where it stood.
        mechanism: Mechanism,
        /// As it was sent, cut short.
        algorithm: String,
    },
    /// No authentication at all. **The caller decides**; as an error it denies.
    Anonymous,
    /// The `Authorization` header has not its proper form.
    AuthorizationHeaderMalformed(Malformed),
    /// The query's parameters have not their proper form.
    AuthorizationQueryParametersError(Malformed),
    /// No time, or one that is none.
    InvalidDate,
    /// The scope's day is not the day of the request's time.
    DateMismatch {
        /// Where the scope stood.
        mechanism: Mechanism,
        /// The scope's day.
        scope: String,
        /// The request's time.
        time: Timestamp,
    },
    /// Signed for another region.
    WrongRegion {
        /// Where the scope stood.
        mechanism: Mechanism,
        /// The region that was signed for, cut short.
        region: String,
        /// The region that was expected.
        expected: String,
    },
    /// Signed for another service.
    WrongService {
        /// Where the scope stood.
        mechanism: Mechanism,
        /// The service that was signed for, cut short.
        service: String,
        /// The service that was expected.
        expected: String,
    },
    /// Signed too long ago, or too far ahead.
    RequestTimeTooSkewed {
        /// The request's time.
        time: Timestamp,
        /// The verifier's.
        now: Timestamp,
        /// How far apart they may be, in seconds.
        max_skew: u32,
    },
    /// A presigned URL from the future.
    NotYetValid {
        /// Its time.
        time: Timestamp,
        /// The verifier's.
        now: Timestamp,
    },
    /// A presigned URL past its lifetime.
    Expired {
        /// The last second of its lifetime.
        at: Timestamp,
        /// The verifier's time.
        now: Timestamp,
        /// Its lifetime in seconds.
        expires: u32,
    },
    /// A header says something else than the signed query does.
    ContradictoryHeader {
        /// Its name.
        name: String,
    },
    /// Headers that steer a request are there, but not signed.
    UnsignedHeaders {
        /// Their names in lower case.
        names: Vec<String>,
    },
    /// A signed header is not there.
    MissingSignedHeader {
        /// Its name.
        name: String,
    },
    /// S3 without `x-amz-content-sha256`.
    MissingPayloadHash,
    /// `x-amz-content-sha256` is neither 64 lower-case hex digits nor a mode.
    InvalidPayloadHash,
    /// A payload mode that this verifier does not read.
    UnsupportedPayload {
        /// The mode.
        mode: String,
    },
    /// The payload line is the body's hash, and the body was not given.
    BodyNeeded,
    /// No such access key.
    InvalidAccessKeyId {
        /// The id that was claimed.
        access_key_id: String,
    },
    /// The key that was looked up is not the one that was claimed.
    WrongKey,
    /// The signature is wrong. No more is said.
    SignatureDoesNotMatch,
    /// Temporary credentials without their token, or with another; or a token
    /// with a long-term key.
    InvalidToken,
    /// The signature is right, but its credentials have ended.
    CredentialsEnded {
        /// When.
        end: Timestamp,
    },
    /// A browser's form is not one that its policy admits.
    #[cfg(feature = "post-policy")]
    Form(FormError),
    /// The body is not the one that was signed.
    PayloadMismatch {
        /// The hash that was signed, hex.
        signed: String,
        /// The hash of the body that came, hex.
        received: String,
    },
    /// A chunked body is not what was signed. What the request says of it is
    /// checked with the claim, at its end.
    Chunked(DecodeError),
    /// A stream of events is not what was signed.
    #[cfg(feature = "event-stream")]
    Event(EventError),
}

impl VerifyError {
    /// S3's code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.code(),
            #[cfg(feature = "post-policy")]
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Form, .. } => "InvalidArgument",
            Self::TooLarge { .. } => "RequestHeaderSectionTooLarge",
            Self::Request(RequestError::InvalidUri(_)) => "InvalidURI",
            Self::Request(_) | Self::SignatureVersion2 | Self::MissingPayloadHash | Self::BodyNeeded => {
                "InvalidRequest"
            }
            Self::RepeatedAuthorization
            | Self::TwoMechanisms
            | Self::UnsupportedAlgorithm { mechanism: Mechanism::Header, .. }
            | Self::InvalidPayloadHash => "InvalidArgument",
            Self::Anonymous
            | Self::InvalidDate
            | Self::NotYetValid { .. }
            | Self::Expired { .. }
            | Self::UnsignedHeaders { .. }
            | Self::ContradictoryHeader { .. } => "AccessDenied",
            Self::AuthorizationHeaderMalformed(_)
            | Self::DateMismatch { mechanism: Mechanism::Header, .. }
            | Self::WrongRegion { mechanism: Mechanism::Header, .. }
            | Self::WrongService { mechanism: Mechanism::Header, .. } => "AuthorizationHeaderMalformed",
            Self::AuthorizationQueryParametersError(_)
            | Self::UnsupportedAlgorithm { .. }
            | Self::DateMismatch { .. }
            | Self::WrongRegion { .. }
            | Self::WrongService { .. } => "AuthorizationQueryParametersError",
            Self::RequestTimeTooSkewed { .. } => "RequestTimeTooSkewed",
            Self::UnsupportedPayload { .. } => "NotImplemented",
            Self::InvalidAccessKeyId { .. } => "InvalidAccessKeyId",
            Self::WrongKey => "InternalError",
            Self::InvalidToken => "InvalidToken",
            Self::CredentialsEnded { .. } => "ExpiredToken",
            Self::MissingSignedHeader { .. } | Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::PayloadMismatch { .. } => "XAmzContentSHA256Mismatch",
            Self::Chunked(error) => error.code(),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.code(),
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.status(),
            Self::Anonymous
            | Self::InvalidDate
            | Self::NotYetValid { .. }
            | Self::Expired { .. }
            | Self::UnsignedHeaders { .. }
            | Self::ContradictoryHeader { .. }
            | Self::RequestTimeTooSkewed { .. }
            | Self::InvalidAccessKeyId { .. }
            | Self::MissingSignedHeader { .. }
            | Self::SignatureDoesNotMatch => 403,
            Self::UnsupportedPayload { .. } => 501,
            Self::WrongKey => 500,
            Self::Chunked(error) => error.status(),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.status(),
            _ => 400,
        }
    }

    /// S3's XML error document. What an outsider sent is escaped.
    ///
    /// ```
    /// # use countersign::VerifyError;
    /// let xml = VerifyError::SignatureDoesNotMatch.to_xml("/bucket/a&b", "4442587FB7D0A2F9");
    /// assert!(xml.contains("<Code>SignatureDoesNotMatch</Code>"));
    /// assert!(xml.contains("<Resource>/bucket/a&amp;b</Resource>"));
    /// ```
    #[must_use]
    pub fn to_xml(&self, resource: &str, request_id: &str) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
        element(&mut xml, "Code", self.code());
        element(&mut xml, "Message", &alloc::format!("{self}"));
        match self {
            Self::WrongRegion { expected, .. } => element(&mut xml, "Region", expected),
            Self::RequestTimeTooSkewed { time, now, max_skew } => {
                element(&mut xml, "RequestTime", time.as_str());
                element(&mut xml, "ServerTime", &now.extended());
                let milliseconds = alloc::format!("{}", u64::from(*max_skew) * 1000);
                element(&mut xml, "MaxAllowedSkewMilliseconds", &milliseconds);
            }
            Self::Expired { at, now, expires } => {
                element(&mut xml, "X-Amz-Expires", &alloc::format!("{expires}"));
                element(&mut xml, "Expires", &at.extended());
                element(&mut xml, "ServerTime", &now.extended());
            }
            Self::UnsignedHeaders { names } => element(&mut xml, "HeadersNotSigned", &names.join(", ")),
            Self::InvalidAccessKeyId { access_key_id } => element(&mut xml, "AWSAccessKeyId", access_key_id),
            Self::PayloadMismatch { signed, received } => {
                element(&mut xml, "ClientComputedContentSHA256", signed);
                element(&mut xml, "S3ComputedContentSHA256", received);
            }
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.facts(|name, text| element(&mut xml, name, text)),
            _ => {}
        }
        element(&mut xml, "Resource", resource);
        element(&mut xml, "RequestId", request_id);
        xml.push_str("</Error>");
        xml
    }
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            // XML 1.0 has no way to write these.
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                xml.push('\u{fffd}')
            }
            character => xml.push(character),
        }
    }
    xml.push_str("</");
    xml.push_str(name);
    xml.push('>');
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

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.fmt(f),
            #[cfg(feature = "post-policy")]
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Form, .. } => {
                f.write_str("Only AWS4-HMAC-SHA256 is supported")
            }
            Self::TooLarge { what, limit } => write!(f, "The request has more {what} than the {limit} allowed."),
            Self::Request(RequestError::InvalidUri(_)) => f.write_str("Couldn't parse the specified URI."),
            Self::Request(error) => write!(f, "The request is not valid: {error}."),
            Self::RepeatedAuthorization => {
                f.write_str("Authorization header is invalid -- one and only one is allowed.")
            }
            Self::TwoMechanisms => f.write_str(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                 parameter or the Authorization header should be specified",
            ),
            Self::SignatureVersion2 => f.write_str(
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            ),
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Query, .. } => {
                f.write_str("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
            }
            Self::UnsupportedAlgorithm { .. } => f.write_str("Unsupported Authorization Type"),
            Self::Anonymous => f.write_str("Access Denied"),
            Self::AuthorizationHeaderMalformed(malformed) => {
                write!(f, "The authorization header is malformed; {malformed}.")
            }
            Self::AuthorizationQueryParametersError(Malformed::Components) => f.write_str(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                 X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
            ),
            Self::AuthorizationQueryParametersError(malformed) => {
                write!(f, "Error parsing the query-string authentication; {malformed}.")
            }
            Self::InvalidDate => f.write_str("AWS authentication requires a valid Date or x-amz-date header"),
            Self::DateMismatch { scope, time, .. } => {
                write!(f, "Invalid credential date {scope:?}. This date is not the same as X-Amz-Date: \"{time}\".")
            }
            Self::WrongRegion { mechanism, region, expected } => {
                write!(f, "{}; the region {region:?} is wrong; expecting {expected:?}", mechanism.prefix())
            }
            Self::WrongService { mechanism, service, expected } => write!(
                f,
                "{}; incorrect service {service:?}. This endpoint belongs to {expected:?}.",
                mechanism.prefix()
            ),
            Self::RequestTimeTooSkewed { .. } => {
                f.write_str("The difference between the request time and the current time is too large.")
            }
            Self::NotYetValid { .. } => f.write_str("Request is not valid yet"),
            Self::Expired { .. } => f.write_str("Request has expired"),
            Self::UnsignedHeaders { .. } => {
                f.write_str("There were headers present in the request which were not signed")
            }
            Self::ContradictoryHeader { name } => {
                write!(f, "The header {name} contradicts the signed query of the request")
            }
            Self::MissingPayloadHash => {
                f.write_str("Missing required header for this request: x-amz-content-sha256")
            }
            Self::InvalidPayloadHash => {
                f.write_str("x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.")
            }
            Self::UnsupportedPayload { .. } => {
                f.write_str("A header you provided implies functionality that is not implemented")
            }
            Self::BodyNeeded => f.write_str("The body of this request must be read before it can be verified"),
            Self::InvalidAccessKeyId { .. } => {
                f.write_str("The AWS Access Key Id you provided does not exist in our records.")
            }
            Self::WrongKey => f.write_str("We encountered an internal error. Please try again."),
            Self::CredentialsEnded { .. } => f.write_str("The provided token has expired."),
            Self::InvalidToken => f.write_str("The provided token is malformed or otherwise invalid."),
            Self::MissingSignedHeader { .. } | Self::SignatureDoesNotMatch => f.write_str(
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            Self::PayloadMismatch { .. } => {
                f.write_str("The provided 'x-amz-content-sha256' header does not match what was computed.")
            }
            Self::Chunked(error) => error.fmt(f),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for VerifyError {}

impl Mechanism {
    /// The error of an authentication that stood there.
    #[cfg(feature = "sigv4a")]
    pub(crate) const fn malformed(self, malformed: Malformed) -> VerifyError {
        match self {
            Self::Query => VerifyError::AuthorizationQueryParametersError(malformed),
            _ => VerifyError::AuthorizationHeaderMalformed(malformed),
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Header => "The authorization header is malformed",
            Self::Query => "Error parsing the X-Amz-Credential parameter",
            #[cfg(feature = "post-policy")]
            Self::Form => "Error parsing the X-Amz-Credential parameter",
        }
    }
}
