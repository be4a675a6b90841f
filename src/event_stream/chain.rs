//! [`EventChain`], the state that the signer and the verifier of a stream keep between events.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::string_to_sign;
use crate::credentials::SecretAccessKey;
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::time::Timestamp;

/// The signature of the last event, and the key of that event's day.
pub(super) struct EventChain {
    region: String,
    service: String,
    /// `YYYYMMDD/region/service/aws4_request`
    scope: String,
    key: SigningKey,
    prior: Signature,
    /// The buffer of the string to sign, kept to avoid an allocation for each event.
    buffer: Vec<u8>,
}

impl EventChain {
    /// Creates a chain that begins with the signature of a request. `key` is the key of `scope`.
    pub(super) fn new(key: SigningKey, scope: &CredentialScope<'_>, seed: Signature) -> Self {
        Self {
            region: scope.region().into(),
            service: scope.service().into(),
            scope: format!("{scope}"),
            key,
            prior: seed,
            buffer: Vec::new(),
        }
    }

    /// Returns true if the chain has the key of this time's day.
    pub(super) fn has_key_for(&self, time: Timestamp) -> bool {
        self.date() == time.date_bytes()
    }

    /// Derives the key of this time's day, unless the chain has it.
    pub(super) fn change_day(&mut self, time: Timestamp, secret: &SecretAccessKey) {
        if !self.has_key_for(time) {
            let scope = CredentialScope::from_parts(time.date_bytes(), &self.region, &self.service);
            self.key = SigningKey::derive(secret, &scope);
            self.scope = format!("{scope}");
        }
    }

    /// Returns true if the chain's key was derived from this secret.
    pub(super) fn is_key_of(&self, secret: &SecretAccessKey) -> bool {
        let scope = CredentialScope::from_parts(self.date(), &self.region, &self.service);
        // Two keys cannot be compared, but signatures can, in constant time.
        let signature = SigningKey::derive(secret, &scope).sign_bytes(&[]);
        signature.matches(&self.key.sign_bytes(&[]))
    }

    /// Returns the signature of the next event with the current key.
    ///
    /// The signature does not become the prior one, because a verifier must compare it first.
    pub(super) fn signature(&mut self, time: Timestamp, headers: &[u8], payload: &[u8]) -> Signature {
        self.buffer.clear();
        let (scope, prior) = (self.scope.as_bytes(), self.prior.hex());
        string_to_sign::write(&mut self.buffer, time, scope, &prior, headers, payload);
        self.key.sign_bytes(&self.buffer)
    }

    /// Sets the prior signature of the next event.
    pub(super) fn set_prior(&mut self, signature: Signature) {
        self.prior = signature;
    }

    /// Returns the day of the current key, `YYYYMMDD`.
    fn date(&self) -> [u8; 8] {
        self.scope.as_bytes().first_chunk().copied().unwrap_or_default()
    }
}
