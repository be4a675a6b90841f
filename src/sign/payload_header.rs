//! `x-amz-content-sha256`: when the signer adds it, and what it must be.
//!
//! ```text
//!                  signed in headers           presigned
//! HashHeader       always                      unless UNSIGNED-PAYLOAD
//! BodyHash         if a mode is signed         if a mode is signed
//! OrdinaryHeader   never: the caller's         never: the caller's
//! ```

use super::Signer;
use crate::error::SignError;
use crate::payload::{Payload, PayloadHash, PayloadMode};
use crate::request::Request;
use crate::service::PayloadRule;
use crate::steps::Algorithm;

impl Signer {
    /// Rejects a stream whose chunks or events are signed with the other algorithm.
    #[inline]
    pub(super) fn check_stream(&self, payload: &Payload<'_>) -> Result<(), SignError> {
        let algorithm = match payload {
            Payload::Streaming(mode) => Algorithm::of_streaming_mode(*mode),
            #[cfg(feature = "sigv4a")]
            Payload::Events if self.algorithm() == Algorithm::Ecdsa => {
                return Err(SignError::NotSupportedBySigV4a);
            }
            _ => None,
        };
        if algorithm.is_some_and(|algorithm| algorithm != self.algorithm()) {
            return Err(SignError::UnsupportedPayload { mode: payload.hash().as_str().into() });
        }
        Ok(())
    }

    /// Returns true if the request must have `x-amz-content-sha256`.
    #[inline]
    pub(super) fn sends_hash(&self, payload: &PayloadHash<'_>) -> Result<bool, SignError> {
        // A service that does not require the header hashes the body, unless the header states a mode.
        Ok(self.service.rules().payload() == PayloadRule::HashHeader || self.requires_mode(payload)?)
    }

    /// Returns true if the client must send `x-amz-content-sha256` with the URL, because
    /// the service would assume another payload. Rejects a payload mode of a stream, whose
    /// chunks or events are signed after a request that is signed in headers.
    #[inline]
    pub(super) fn sends_hash_with_url(&self, payload: &PayloadHash<'_>) -> Result<bool, SignError> {
        if payload.is_streaming() {
            return Err(SignError::UnsupportedPayload { mode: payload.as_str().into() });
        }
        Ok(match self.service.rules().payload() {
            PayloadRule::HashHeader => *payload != PayloadHash::UNSIGNED,
            PayloadRule::BodyHash | PayloadRule::OrdinaryHeader => self.requires_mode(payload)?,
        })
    }

    /// Returns the payload that the request's header states, or the service's default.
    pub(super) fn default_payload<'r>(&self, request: &Request<'r>) -> Result<PayloadHash<'r>, SignError> {
        let is_hash = |name: &str| name.eq_ignore_ascii_case("x-amz-content-sha256");
        let rule = self.service.rules().payload();
        let stated = request.headers().find(|(name, _)| is_hash(name));
        match stated.filter(|_| rule != PayloadRule::OrdinaryHeader) {
            Some((_, value)) => {
                let value = core::str::from_utf8(value).map_err(|_| SignError::InvalidPayloadHash)?.trim();
                // A verifier rejects a hash in upper case.
                let is_valid = |hash: &PayloadHash<'_>| hash.is_sha256() || PayloadMode::new(value).is_ok();
                PayloadHash::from_header(value).filter(is_valid).ok_or(SignError::InvalidPayloadHash)
            }
            None if rule == PayloadRule::HashHeader => Ok(PayloadHash::UNSIGNED),
            None => Ok(PayloadHash::EMPTY),
        }
    }

    /// Returns the value that `x-amz-content-sha256` must have if the request has it.
    #[inline]
    pub(super) fn expected_hash<'p>(&self, payload: &'p PayloadHash<'_>) -> Option<&'p [u8]> {
        let is_compared = self.service.rules().payload() != PayloadRule::OrdinaryHeader;
        is_compared.then(|| payload.as_bytes())
    }

    /// Returns true if the payload is a mode, of which the service must be notified. Rejects
    /// a mode if the service cannot be.
    #[inline]
    fn requires_mode(&self, payload: &PayloadHash<'_>) -> Result<bool, SignError> {
        if payload.is_sha256() {
            return Ok(false);
        }
        match self.service.rules().payload() {
            PayloadRule::OrdinaryHeader => {
                Err(SignError::UnsupportedPayload { mode: payload.as_str().into() })
            }
            _ => Ok(true),
        }
    }
}
