//! The payload line, the last line of the canonical request, and what it
//! requires of the body.

use alloc::boxed::Box;
use alloc::string::String;

use super::authorization::ParsedAuthorization;
use super::body::{BodyCheck, Mismatch, compare};
use super::received::ReceivedRequest;
use super::{Verifier, VerifyError};
use crate::bytes::{decode_32, encode_32};
use crate::canonical::{AwsHeader, trim};
use crate::crypto::sha256;
use crate::error::Mechanism;
use crate::payload::{PayloadHash, ReceivedBody, StreamingMode};
use crate::service::PayloadRule;
use crate::steps::Algorithm;

/// The payload line of a request, and what remains to be done with the body.
pub(super) struct PayloadLine<'a> {
    pub(super) line: Line<'a>,
    pub(super) task: BodyTask<'a>,
}

/// The last line of the canonical request.
pub(super) enum Line<'a> {
    /// The line that the request states, or that its URL implies.
    Sent(&'a [u8]),
    /// The hash of the body, in hexadecimal.
    Computed([u8; 64]),
}

impl Line<'_> {
    #[inline]
    pub(super) const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sent(line) => line,
            Self::Computed(line) => line,
        }
    }
}

/// What remains to be done with the body.
pub(super) enum BodyTask<'b> {
    /// Hash the body, and compare its hash with the one that was signed.
    Hash { signed: [u8; 32], body: &'b [u8] },
    /// No hash is needed now. If the body is already known to differ, the error is
    /// returned once the signature is verified.
    Decided(BodyCheck, Option<Box<Mismatch>>),
}

impl From<BodyCheck> for BodyTask<'_> {
    #[inline]
    fn from(check: BodyCheck) -> Self {
        Self::Decided(check, None)
    }
}

impl Verifier {
    /// Returns the payload line as it was sent. If it was not sent, and the service
    /// does not expect it, computes it from the body.
    #[inline]
    pub(super) fn payload_line<'a>(
        &self,
        received: &ReceivedRequest<'a, '_>,
        authorization: &ParsedAuthorization<'_>,
        body: ReceivedBody<'a>,
    ) -> Result<PayloadLine<'a>, VerifyError> {
        let Some(sent) = self.sent_payload_line(received, authorization)? else {
            let digest = match body {
                ReceivedBody::Bytes(body) => sha256(body),
                ReceivedBody::Sha256(digest) => digest,
                ReceivedBody::Unread => return Err(VerifyError::BodyRequired),
            };
            let line = Line::Computed(encode_32(&digest));
            return Ok(PayloadLine { line, task: BodyCheck::Done.into() });
        };
        let line = Line::Sent(sent);
        if self.expects_payload_hash() && sent == PayloadHash::UNSIGNED.as_bytes() {
            self.check_unsigned_body_is_allowed()?;
            return Ok(PayloadLine { line, task: BodyCheck::Unsigned.into() });
        }
        let Some(signed) = decode_32(sent) else {
            let mode = core::str::from_utf8(sent).map_err(|_| VerifyError::InvalidPayloadHash)?;
            let check = self.body_check_of_mode(mode, authorization, body)?;
            return Ok(PayloadLine { line, task: check.into() });
        };
        let task = match body {
            ReceivedBody::Bytes(body) => BodyTask::Hash { signed, body },
            ReceivedBody::Sha256(received) => BodyTask::Decided(BodyCheck::Done, compare(signed, received)),
            ReceivedBody::Unread => BodyCheck::Sha256(signed).into(),
        };
        Ok(PayloadLine { line, task })
    }

    /// Returns the payload line that the request states, or that its URL implies.
    /// Returns `None` if the line is the body's hash and is not sent.
    #[inline]
    fn sent_payload_line<'a>(
        &self,
        received: &ReceivedRequest<'a, '_>,
        authorization: &ParsedAuthorization<'_>,
    ) -> Result<Option<&'a [u8]>, VerifyError> {
        if self.service.rules().payload() == PayloadRule::OrdinaryHeader {
            return Ok(None);
        }
        let unsigned = PayloadHash::UNSIGNED.as_bytes();
        let header = received.fields.get(AwsHeader::ContentSha256).map(trim);
        match (authorization.mechanism, header) {
            (Mechanism::Header, None) if self.expects_payload_hash() => Err(VerifyError::MissingPayloadHash),
            (Mechanism::Query, None) if self.expects_payload_hash() => Ok(Some(unsigned)),
            (Mechanism::Query, Some(header))
                if !authorization.signed_headers.contains("x-amz-content-sha256") =>
            {
                // An unsigned header may only repeat what the URL implies (PAY-06).
                if header != unsigned || !self.expects_payload_hash() {
                    let names = alloc::vec!["x-amz-content-sha256".into()];
                    return Err(VerifyError::UnsignedHeaders { names });
                }
                Ok(Some(header))
            }
            (_, header) => Ok(header),
        }
    }

    /// Returns how the body must be checked if the payload line is a payload mode.
    ///
    /// A body in chunks or events is accepted only if the signature is in a header
    /// (PAY-06), and only if the caller has not read the body: a decoder must verify it
    /// chunk by chunk.
    fn body_check_of_mode(
        &self,
        mode: &str,
        authorization: &ParsedAuthorization<'_>,
        body: ReceivedBody<'_>,
    ) -> Result<BodyCheck, VerifyError> {
        if !is_payload_mode(mode) {
            return Err(VerifyError::InvalidPayloadHash);
        }
        let algorithm = authorization.credential.algorithm;
        // The signatures in the body use the algorithm of the request.
        if algorithm != Algorithm::Hmac && mode.starts_with("STREAMING-AWS4-HMAC-") {
            return Err(VerifyError::UnsupportedPayload { mode: mode.into() });
        }
        let streams = authorization.mechanism == Mechanism::Header && matches!(body, ReceivedBody::Unread);
        #[cfg(feature = "event-stream")]
        if streams && self.allow_events && mode == PayloadHash::EVENTS.as_str() {
            return Ok(BodyCheck::Events);
        }
        if streams
            && self.expects_payload_hash()
            && let Ok(mode) = StreamingMode::parse(mode)
            && Algorithm::of_streaming_mode(mode).is_none_or(|of_mode| of_mode == algorithm)
        {
            if Algorithm::of_streaming_mode(mode).is_none() {
                self.check_unsigned_body_is_allowed()?;
            }
            return Ok(BodyCheck::Chunked(mode));
        }
        let mode: String = mode.into();
        Err(if self.expects_payload_hash() || mode == PayloadHash::EVENTS.as_str() {
            VerifyError::UnsupportedPayload { mode }
        } else {
            VerifyError::PayloadModeNotAccepted { mode }
        })
    }

    /// Returns true if the service expects the header `x-amz-content-sha256`. Only such a
    /// service accepts payload modes.
    #[inline]
    fn expects_payload_hash(&self) -> bool {
        self.service.rules().payload() == PayloadRule::HashHeader
    }

    /// Returns an error if the verifier requires a signed body.
    #[inline]
    pub(crate) const fn check_unsigned_body_is_allowed(&self) -> Result<(), VerifyError> {
        if self.require_signed_body { Err(VerifyError::UnsignedBody) } else { Ok(()) }
    }
}

/// Returns true for the payload modes that AWS defines, whether or not this build and this verifier accept them.
fn is_payload_mode(line: &str) -> bool {
    matches!(
        line,
        "UNSIGNED-PAYLOAD"
            | "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
            | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
            | "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
            | "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"
            | "STREAMING-AWS4-HMAC-SHA256-EVENTS"
    )
}
