//! [`Check`], what is done with the bytes of a body: each mode in one enum.

use alloc::boxed::Box;

use ::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;

use super::BodyOptions;
#[cfg(feature = "event-stream")]
use super::EventBodies;
use crate::bytes::decode_32;
use crate::chunked::{Decoder, VerifiedBody};
use crate::error::VerifyError;
use crate::payload::StreamingMode;
#[cfg(feature = "checksums")]
use crate::verify::ChecksumChecker;
use crate::verify::{BodyCheck, BodyChecker, BodyStatus, Verified};

/// The check of a body, and of the checksums that its request declares.
pub(super) struct Check {
    mode: Mode,
    #[cfg(feature = "checksums")]
    checksums: ChecksumChecker,
}

enum Mode {
    Whole(BodyChecker),
    Chunked(Box<Decoder>),
}

/// The result of a check that found no error.
pub(super) struct Checked {
    pub(super) status: BodyStatus,
    /// The trailers of a body in chunks.
    pub(super) trailers: HeaderMap,
}

impl Check {
    /// Creates the check of the body of `verified`. Returns `None` if there is nothing to check.
    pub(super) fn new(verified: &Verified, options: &BodyOptions) -> Result<Option<Self>, VerifyError> {
        let mode = match verified.body() {
            BodyCheck::Chunked(_) => {
                let decoder = Decoder::new_with(verified, options.unknown_checksums)?;
                Mode::Chunked(Box::new(options.configure(decoder)))
            }
            // The body was given to `claim`, and may be another one than this. Its hash was signed.
            BodyCheck::Done => match decode_32(verified.payload_hash().as_bytes()) {
                Some(hash) => Mode::Whole(BodyCheck::Sha256(hash).checker()),
                None => return Err(unsupported(verified)),
            },
            check @ (BodyCheck::Sha256(_) | BodyCheck::Unsigned) => Mode::Whole(check.checker()),
            #[cfg(feature = "event-stream")]
            BodyCheck::Events if options.events == EventBodies::PassUnverified => return Ok(None),
            #[cfg(feature = "event-stream")]
            BodyCheck::Events => return Err(unsupported(verified)),
        };
        #[cfg(feature = "checksums")]
        let mut checksums = ChecksumChecker::new(verified, options.unknown_checksums)?;
        #[cfg(feature = "checksums")]
        if let Some(signed) = decode_32(verified.payload_hash().as_bytes()) {
            checksums.leave_out(&signed);
        }
        #[cfg(feature = "checksums")]
        let has_checksums = !checksums.is_empty();
        #[cfg(not(feature = "checksums"))]
        let has_checksums = false;
        if verified.body() == BodyCheck::Unsigned && !has_checksums {
            return Ok(None);
        }
        Ok(Some(Self {
            mode,
            #[cfg(feature = "checksums")]
            checksums,
        }))
    }

    /// Returns the length of the data in bytes, if the body is in chunks and its request states it.
    pub(super) fn decoded_length(&self) -> Option<u64> {
        match &self.mode {
            Mode::Whole(_) => None,
            Mode::Chunked(decoder) => Some(decoder.decoded_length()),
        }
    }

    /// Takes bytes from the front of `input`, and returns data. Returns `None` once `input` is empty.
    pub(super) fn next(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, VerifyError> {
        let data = match &mut self.mode {
            Mode::Whole(checker) => {
                checker.update(input);
                Some(core::mem::take(input)).filter(|data| !data.is_empty())
            }
            Mode::Chunked(decoder) => decoder.decode_bytes(input)?,
        };
        #[cfg(feature = "checksums")]
        if let Some(data) = &data {
            self.checksums.update(data);
        }
        Ok(data)
    }

    /// Completes the check at the end of the body.
    pub(super) fn finish(self) -> Result<Checked, VerifyError> {
        let checked = match self.mode {
            Mode::Whole(checker) => Checked { status: checker.finish()?, trailers: HeaderMap::new() },
            Mode::Chunked(decoder) => {
                let status = status_of(decoder.mode());
                Checked { status, trailers: trailers(&decoder.finish()?) }
            }
        };
        #[cfg(feature = "checksums")]
        self.checksums.finish()?;
        Ok(checked)
    }
}

/// Returns the error for a body that has another decoder.
fn unsupported(verified: &Verified) -> VerifyError {
    VerifyError::UnsupportedPayload { mode: verified.payload_hash().into() }
}

/// A checksum does not prove who sent the data: an attacker can compute it too.
const fn status_of(mode: StreamingMode) -> BodyStatus {
    match mode {
        StreamingMode::UnsignedTrailer => BodyStatus::NotSigned,
        _ => BodyStatus::Proven,
    }
}

/// The decoder accepts only trailers that are valid header fields.
fn trailers(body: &VerifiedBody) -> HeaderMap {
    let fields = body.trailers().filter_map(|(name, value)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    });
    fields.collect()
}
