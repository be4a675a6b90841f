//! The body: which hash was signed for it, and whether it has that hash.

use alloc::boxed::Box;
use core::fmt;

use super::{Verifier, VerifyError};
use crate::bytes::digits::{bytes32, hex64};
use crate::canonical::SignedHeaders;
use crate::crypto::{Sha256Stream, equal, sha256};
use crate::error::{Mechanism, shown};
use crate::payload::{PayloadHash, ReceivedBody, StreamingMode};
use crate::service::PayloadRule;
use crate::steps::algorithm::Algorithm;

/// What a verified request's body still owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyRule {
    /// Nothing: the body was given with the claim, and is the one that was signed.
    Checked,
    /// The body must hash to this. A [`BodyChecker`] does it as it streams.
    MustHashTo([u8; 32]),
    /// The signature does not cover the body.
    Unsigned,
    /// The body is a stream of events, each with a signature of its own. An
    /// [`EventVerifier`](crate::event_stream::EventVerifier) checks them.
    #[cfg(feature = "event-stream")]
    Events,
    /// The body comes in chunks. A [`Decoder`](crate::chunked::Decoder) proves
    /// it as it streams; a [`BodyChecker`] refuses it.
    Chunked(StreamingMode),
}

impl BodyRule {
    /// What checks the body as it streams past.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let put = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
    /// # let signed = signer.sign(&put, Payload::Bytes(b"hello world"), now)?;
    /// # let mut headers: Vec<(&str, &str)> = vec![("host", "b.s3.amazonaws.com")];
    /// # headers.extend(signed.iter());
    /// # let request = Request::new("PUT", "/k", &headers);
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
    /// let key = claim.derive_key(&credentials);
    /// let verified = claim.verify(&key)?;
    ///
    /// let mut body = verified.body().checker();
    /// body.update(b"hello ");
    /// body.update(b"world");
    /// body.finish()?; // only now is the body proven
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn checker(self) -> BodyChecker {
        BodyChecker { rule: self, hash: Sha256Stream::default() }
    }
}

/// Hashes a body as it streams, and says at its end whether it is the one
/// that was signed.
#[derive(Clone)]
pub struct BodyChecker {
    rule: BodyRule,
    hash: Sha256Stream,
}

impl BodyChecker {
    /// The next piece, of any size.
    pub fn update(&mut self, piece: &[u8]) {
        if matches!(self.rule, BodyRule::MustHashTo(_)) {
            self.hash.update(piece);
        }
    }

    /// The end of the body. Where the signature does not cover it, or it was
    /// checked before, there is nothing to say.
    ///
    /// # Errors
    ///
    /// [`VerifyError::PayloadMismatch`]; [`VerifyError::UnsupportedPayload`]
    /// for a body in chunks or events, which are not read here.
    pub fn finish(self) -> Result<(), VerifyError> {
        let unsupported = |mode: &str| Err(VerifyError::UnsupportedPayload { mode: mode.into() });
        let signed = match self.rule {
            BodyRule::MustHashTo(signed) => signed,
            BodyRule::Checked | BodyRule::Unsigned => return Ok(()),
            BodyRule::Chunked(mode) => return unsupported(mode.name()),
            #[cfg(feature = "event-stream")]
            BodyRule::Events => return unsupported(PayloadHash::EVENTS.as_str()),
        };
        let received = self.hash.finish();
        if equal(&signed, &received) { Ok(()) } else { Err(payload_mismatch(&signed, &received)) }
    }
}

impl fmt::Debug for BodyChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyChecker").field("rule", &self.rule).finish_non_exhaustive()
    }
}

/// The hash that was signed, and that of another body.
pub(super) struct Mismatch {
    signed: [u8; 32],
    received: [u8; 32],
}

impl Mismatch {
    pub(super) fn error(&self) -> VerifyError {
        payload_mismatch(&self.signed, &self.received)
    }
}

fn payload_mismatch(signed: &[u8; 32], received: &[u8; 32]) -> VerifyError {
    VerifyError::PayloadMismatch { signed: hex::encode(signed), received: hex::encode(received) }
}

/// Compares a body's hash with the one that was signed.
#[inline]
pub(super) fn compare(signed: [u8; 32], received: [u8; 32]) -> Option<Box<Mismatch>> {
    (!equal(&received, &signed)).then(|| Box::new(Mismatch { signed, received }))
}

/// What the payload line asks of the body.
pub(super) enum Asked<'b> {
    /// To be hashed, and held against what was signed.
    Hash { signed: [u8; 32], body: &'b [u8] },
    /// No more than is known.
    Known(BodyRule, Option<Box<Mismatch>>),
}

impl From<BodyRule> for Asked<'_> {
    #[inline]
    fn from(rule: BodyRule) -> Self {
        Self::Known(rule, None)
    }
}

impl Verifier {
    /// The payload line, as it was sent or as it is `computed`; and what is
    /// known of the body.
    #[inline]
    pub(super) fn payload<'h, 'b>(
        &self,
        mechanism: Mechanism,
        algorithm: Algorithm,
        sent: Option<&'h [u8]>,
        signed: &SignedHeaders<'_>,
        body: ReceivedBody<'b>,
        computed: &'h mut [u8; 64],
    ) -> Result<(&'h [u8], Asked<'b>), VerifyError> {
        let unsigned = PayloadHash::UNSIGNED.as_bytes();
        // A service that is sent the hash reads words in its place, too.
        let modes = self.service.rules().payload() == PayloadRule::HashHeader;
        let line = match (mechanism, sent) {
            (Mechanism::Header, None) if modes => return Err(VerifyError::MissingPayloadHash),
            (Mechanism::Query, Some(sent)) if !signed.contains("x-amz-content-sha256") => {
                // Not signed: it may repeat what a URL says anyway, and no more.
                if sent != unsigned || !modes {
                    let names = alloc::vec!["x-amz-content-sha256".into()];
                    return Err(VerifyError::UnsignedHeaders { names });
                }
                sent
            }
            (Mechanism::Query, None) if modes => unsigned,
            (_, Some(sent)) => sent,
            (_, None) => {
                let digest = match body {
                    ReceivedBody::Bytes(body) => sha256(body),
                    ReceivedBody::Sha256(digest) => digest,
                    ReceivedBody::Unread => return Err(VerifyError::BodyNeeded),
                };
                *computed = hex64(&digest);
                return Ok((computed, BodyRule::Checked.into()));
            }
        };
        if modes && line == unsigned {
            return Ok((line, BodyRule::Unsigned.into()));
        }
        let Some(expected) = bytes32(line) else {
            let mode = core::str::from_utf8(line).map_err(|_| VerifyError::InvalidPayloadHash)?;
            return Ok((line, self.mode(mode, mechanism, algorithm, body)?.into()));
        };
        Ok(match body {
            ReceivedBody::Bytes(body) => (line, Asked::Hash { signed: expected, body }),
            ReceivedBody::Sha256(digest) => {
                (line, Asked::Known(BodyRule::Checked, compare(expected, digest)))
            }
            ReceivedBody::Unread => (line, BodyRule::MustHashTo(expected).into()),
        })
    }

    /// What a body owes whose payload line names a mode.
    fn mode(
        &self,
        mode: &str,
        mechanism: Mechanism,
        algorithm: Algorithm,
        body: ReceivedBody<'_>,
    ) -> Result<BodyRule, VerifyError> {
        // A stream goes on with the algorithm that it began with.
        if algorithm != Algorithm::Hmac && mode.starts_with("STREAMING-AWS4-HMAC-") {
            return Err(VerifyError::UnsupportedPayload { mode: shown(mode) });
        }
        // Never for a URL (PAY-06), nor where the whole body was read: its events come one by one.
        #[cfg(feature = "event-stream")]
        if mode == PayloadHash::EVENTS.as_str()
            && mechanism == Mechanism::Header
            && self.allow_events
            && matches!(body, ReceivedBody::Unread)
        {
            return Ok(BodyRule::Events);
        }
        let modes = self.service.rules().payload() == PayloadRule::HashHeader;
        // Read in pieces by who asks for it, in no other way; never for a URL (PAY-06).
        if let (Some(mode), Mechanism::Header, true, ReceivedBody::Unread) =
            (StreamingMode::parse(mode).ok(), mechanism, modes, body)
            && Algorithm::of_streaming_mode(mode).is_none_or(|of_mode| of_mode == algorithm)
        {
            return Ok(BodyRule::Chunked(mode));
        }
        Err(if mode.starts_with("STREAMING-") && modes {
            VerifyError::UnsupportedPayload { mode: shown(mode) }
        } else {
            VerifyError::InvalidPayloadHash
        })
    }
}
