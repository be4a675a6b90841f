//! The error codes, statuses and XML documents of S3.
//!
//! Source: S3 API Reference, "Error responses".

use alloc::format;
use alloc::string::String;

use super::{Mechanism, RequestError, VerifyError};

impl VerifyError {
    /// Returns S3's error code.
    ///
    /// ```
    /// use countersign::VerifyError;
    /// assert_eq!(VerifyError::SignatureDoesNotMatch.code(), "SignatureDoesNotMatch");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.code(),
            #[cfg(feature = "post-policy")]
            Self::UnsupportedAlgorithm { mechanism: Mechanism::Form, .. } => "InvalidArgument",
            Self::TooLarge { .. } => "RequestHeaderSectionTooLarge",
            Self::Request(RequestError::InvalidUri(_)) => "InvalidURI",
            Self::Request(_) | Self::SignatureVersion2 | Self::MissingPayloadHash | Self::BodyRequired => {
                "InvalidRequest"
            }
            Self::RepeatedAuthorization
            | Self::TwoMechanisms
            | Self::UnsupportedAlgorithm { mechanism: Mechanism::Header, .. }
            | Self::InvalidPayloadHash
            | Self::PayloadModeNotAccepted { .. } => "InvalidArgument",
            Self::Anonymous
            | Self::InvalidDate
            | Self::NotYetValid { .. }
            | Self::Expired { .. }
            | Self::UnsignedHeaders { .. }
            | Self::ContradictoryHeader { .. }
            | Self::UnsignedBody => "AccessDenied",
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
            Self::KeyMismatch => "InternalError",
            Self::InvalidToken => "InvalidToken",
            Self::CredentialsExpired { .. } => "ExpiredToken",
            Self::MissingSignedHeader { .. } | Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::PayloadMismatch { .. } => "XAmzContentSHA256Mismatch",
            Self::Chunked(error) => error.code(),
            Self::Checksum(error) => error.code(),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.code(),
        }
    }

    /// Returns the HTTP status that S3 sends with the [`code`](Self::code).
    ///
    /// ```
    /// use countersign::VerifyError;
    /// assert_eq!(VerifyError::SignatureDoesNotMatch.status(), 403);
    /// ```
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
            | Self::UnsignedBody
            | Self::RequestTimeTooSkewed { .. }
            | Self::InvalidAccessKeyId { .. }
            | Self::MissingSignedHeader { .. }
            | Self::SignatureDoesNotMatch => 403,
            Self::UnsupportedPayload { .. } => 501,
            Self::KeyMismatch => 500,
            Self::Chunked(error) => error.status(),
            #[cfg(feature = "event-stream")]
            Self::Event(error) => error.status(),
            _ => 400,
        }
    }

    /// Returns S3's XML error document. Values that the request contains are escaped.
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
        write_element(&mut xml, "Code", self.code());
        write_element(&mut xml, "Message", &self.s3_message());
        self.for_each_detail(|name, value| write_element(&mut xml, name, value));
        write_element(&mut xml, "Resource", resource);
        write_element(&mut xml, "RequestId", request_id);
        xml.push_str("</Error>");
        xml
    }

    /// Calls `each` with the elements that S3 sends in addition to code and
    /// message.
    fn for_each_detail(&self, mut each: impl FnMut(&str, &str)) {
        match self {
            Self::WrongRegion { expected, .. } => each("Region", expected),
            Self::RequestTimeTooSkewed { time, now, max_skew } => {
                each("RequestTime", time.as_str());
                each("ServerTime", &now.extended());
                each("MaxAllowedSkewMilliseconds", &format!("{}", max_skew.as_millis()));
            }
            Self::Expired { at, now, expires } => {
                each("X-Amz-Expires", &format!("{}", expires.as_secs()));
                each("Expires", &at.extended());
                each("ServerTime", &now.extended());
            }
            Self::UnsignedHeaders { names } => each("HeadersNotSigned", &names.join(", ")),
            Self::InvalidAccessKeyId { access_key_id } => each("AWSAccessKeyId", access_key_id),
            Self::PayloadMismatch { signed, received } => {
                each("ClientComputedContentSHA256", signed);
                each("S3ComputedContentSHA256", received);
            }
            #[cfg(feature = "post-policy")]
            Self::Form(error) => error.for_each_detail(each),
            _ => {}
        }
    }
}

/// Appends an element with escaped content. Characters that XML 1.0 cannot
/// represent become U+FFFD.
fn write_element(xml: &mut String, name: &str, content: &str) {
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    for character in content.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
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

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec;
    use core::time::Duration;

    use crate::error::{Limit, MalformedAuthorization, Mechanism, RequestError, VerifyError};
    use crate::time::Timestamp;

    #[test]
    fn each_error_has_a_message_a_status_and_a_document_with_its_code() {
        let time = Timestamp::parse("20130524T120000Z").expect("a time");
        let (name, mechanism) = (String::from("x"), Mechanism::Query);
        for error in [
            VerifyError::TooLarge { limit: Limit::Headers, max: 1 },
            VerifyError::Request(RequestError::InvalidHost),
            VerifyError::RepeatedAuthorization,
            VerifyError::TwoMechanisms,
            VerifyError::SignatureVersion2,
            VerifyError::UnsupportedAlgorithm { mechanism, algorithm: name.clone() },
            VerifyError::Anonymous,
            VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components),
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::ExpiresNegative),
            VerifyError::InvalidDate,
            VerifyError::DateMismatch { mechanism, scope_date: name.clone(), time },
            VerifyError::WrongRegion { mechanism, region: name.clone(), expected: name.clone() },
            VerifyError::WrongService { mechanism, service: name.clone(), expected: name.clone() },
            VerifyError::RequestTimeTooSkewed { time, now: time, max_skew: Duration::from_secs(900) },
            VerifyError::NotYetValid { time, now: time },
            VerifyError::Expired { at: time, now: time, expires: Duration::from_secs(1) },
            VerifyError::UnsignedHeaders { names: vec![name.clone()] },
            VerifyError::MissingSignedHeader { name: name.clone() },
            VerifyError::ContradictoryHeader { name: name.clone() },
            VerifyError::MissingPayloadHash,
            VerifyError::InvalidPayloadHash,
            VerifyError::PayloadModeNotAccepted { mode: name.clone() },
            VerifyError::UnsupportedPayload { mode: name.clone() },
            VerifyError::UnsignedBody,
            VerifyError::BodyRequired,
            VerifyError::InvalidAccessKeyId { access_key_id: name.clone() },
            VerifyError::KeyMismatch,
            VerifyError::InvalidToken,
            VerifyError::SignatureDoesNotMatch,
            VerifyError::CredentialsExpired { at: time },
            VerifyError::PayloadMismatch { signed: name.clone(), received: name.clone() },
        ] {
            assert!(!error.to_string().is_empty(), "{error:?}");
            assert!((400..=599).contains(&error.status()), "{error:?}");
            let xml = error.to_xml("/", "1");
            assert!(xml.contains(&format!("<Code>{}</Code>", error.code())), "{xml}");
        }
    }
}
