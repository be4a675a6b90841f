//! [`BodyCheck`], which states how the body of a verified request must be
//! checked, and [`BodyChecker`], which checks it by its hash.

use alloc::boxed::Box;
use core::fmt;

use super::VerifyError;
use crate::crypto::{Sha256Stream, equal};
#[cfg(feature = "event-stream")]
use crate::payload::PayloadHash;
use crate::payload::StreamingMode;

/// How the body of a verified request must be checked.
///
/// [`Verified::body`](crate::Verified::body) returns this value. Until the check is done, no byte of
/// the body is proven.
///
/// ```
/// use countersign::{BodyCheck, Verified};
///
/// /// Returns what a server must do with the body.
/// fn next_step(verified: &Verified) -> &'static str {
///     match verified.body() {
///         BodyCheck::Done => "the body was given to claim() and is the one that was signed",
///         BodyCheck::Sha256(_) => "hash the body with a BodyChecker",
///         BodyCheck::Chunked(_) => "read the body with a chunked::Decoder",
///         BodyCheck::Unsigned => "the signature does not cover the body",
///         _ => "refuse the request",
///     }
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use = "the body is not proven until this check is done"]
#[non_exhaustive]
pub enum BodyCheck {
    /// The body was given to [`claim`](crate::Verifier::claim), and is the one that was signed.
    Done,
    /// The body must have this SHA-256 hash. A [`BodyChecker`] compares it.
    Sha256([u8; 32]),
    /// The signature does not cover the body.
    Unsigned,
    /// The body is a stream of events, each with its own signature. An
    /// [`EventVerifier`](crate::event_stream::EventVerifier) checks them.
    #[cfg(feature = "event-stream")]
    Events,
    /// The body is sent in chunks. A [`Decoder`](crate::chunked::Decoder) checks them; a
    /// [`BodyChecker`] rejects such a body.
    Chunked(StreamingMode),
}

impl BodyCheck {
    /// Returns a checker for a body that is read in pieces.
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
    /// let mut checker = verified.body().checker();
    /// checker.update(b"hello ");
    /// checker.update(b"world");
    /// assert_eq!(checker.finish()?, BodyStatus::Proven); // only now is the body proven
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checker(self) -> BodyChecker {
        BodyChecker { check: self, hash: Sha256Stream::default() }
    }
}

/// Prints a hash in hexadecimal.
impl fmt::Debug for BodyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("Done"),
            Self::Sha256(hash) => write!(f, "Sha256({})", hex::encode(hash)),
            Self::Unsigned => f.write_str("Unsigned"),
            #[cfg(feature = "event-stream")]
            Self::Events => f.write_str("Events"),
            Self::Chunked(mode) => f.debug_tuple("Chunked").field(mode).finish(),
        }
    }
}

/// Hashes a body as it is read, and compares its hash with the one that was signed.
///
/// ```
/// use countersign::{BodyChecker, BodyStatus, VerifyError};
///
/// /// Stores a body that is read in pieces. `store` must be able to discard what it was given.
/// fn receive(
///     mut checker: BodyChecker,
///     pieces: impl Iterator<Item = Vec<u8>>,
///     store: &mut Vec<u8>,
/// ) -> Result<(), VerifyError> {
///     for piece in pieces {
///         checker.update(&piece);
///         store.extend(piece);
///     }
///     match checker.finish() {
///         Ok(BodyStatus::Proven) => Ok(()),
///         Ok(_) => Err(VerifyError::UnsignedBody), // this server accepts signed bodies only
///         Err(error) => {
///             store.clear();
///             Err(error)
///         }
///     }
/// }
/// ```
#[derive(Clone)]
#[must_use = "the body is proven only when `finish` returns `BodyStatus::Proven`"]
pub struct BodyChecker {
    check: BodyCheck,
    hash: Sha256Stream,
}

/// The result of a check that found no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a body that is not signed is not proven"]
#[non_exhaustive]
pub enum BodyStatus {
    /// The body is the one that was signed.
    Proven,
    /// The signature does not cover the body.
    NotSigned,
}

impl BodyChecker {
    /// Adds a piece of the body, of any length.
    pub fn update(&mut self, piece: &[u8]) {
        if matches!(self.check, BodyCheck::Sha256(_)) {
            self.hash.update(piece);
        }
    }

    /// Compares the hash of the whole body with the one that was signed.
    ///
    /// For [`BodyCheck::Done`] the pieces are ignored: the body that was given to `claim` is proven.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError::PayloadMismatch`] if the hashes differ, and
    /// [`VerifyError::UnsupportedPayload`] for a body in chunks or events, which has its own decoder.
    pub fn finish(self) -> Result<BodyStatus, VerifyError> {
        let unsupported = |mode: &str| Err(VerifyError::UnsupportedPayload { mode: mode.into() });
        let signed = match self.check {
            BodyCheck::Sha256(signed) => signed,
            BodyCheck::Done => return Ok(BodyStatus::Proven),
            BodyCheck::Unsigned => return Ok(BodyStatus::NotSigned),
            BodyCheck::Chunked(mode) => return unsupported(mode.name()),
            #[cfg(feature = "event-stream")]
            BodyCheck::Events => return unsupported(PayloadHash::EVENTS.as_str()),
        };
        match compare(signed, self.hash.finish()) {
            None => Ok(BodyStatus::Proven),
            Some(mismatch) => Err(mismatch.error()),
        }
    }
}

impl fmt::Debug for BodyChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyChecker").field("check", &self.check).finish_non_exhaustive()
    }
}

/// The hash that was signed, and the different hash of the body that was received.
pub(super) struct Mismatch {
    signed: [u8; 32],
    received: [u8; 32],
}

impl Mismatch {
    pub(super) fn error(&self) -> VerifyError {
        VerifyError::PayloadMismatch {
            signed: hex::encode(self.signed),
            received: hex::encode(self.received),
        }
    }
}

/// Compares the hash that was signed with the hash of the received body. Returns both if they differ.
#[inline]
pub(super) fn compare(signed: [u8; 32], received: [u8; 32]) -> Option<Box<Mismatch>> {
    (!equal(&received, &signed)).then(|| Box::new(Mismatch { signed, received }))
}
