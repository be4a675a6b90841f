//! The chain of signatures: what both ends of a stream keep.

use alloc::string::String;
use alloc::vec::Vec;

use super::string_to_sign;
use crate::credentials::Credentials;
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::time::Timestamp;

/// The last signature, and the key of the last event's day.
pub(super) struct Chain {
    /// Frozen for the whole stream: each midnight takes a new key from them.
    pub(super) credentials: Option<Credentials>,
    region: String,
    service: String,
    /// `YYYYMMDD/region/service/aws4_request`
    scope: String,
    key: SigningKey,
    pub(super) prior: Signature,
    /// The last string to sign; its buffer is used again.
    text: Vec<u8>,
}

impl Chain {
    /// Creates a chain that begins with the signature of a request.
    pub(super) fn new(credentials: Credentials, scope: &CredentialScope<'_>, seed: Signature) -> Self {
        let key = SigningKey::derive(credentials.secret(), scope);
        Self { credentials: Some(credentials), ..Self::with_key(key, scope, seed) }
    }

    /// Creates a chain that has the key of one day only.
    pub(super) fn with_key(key: SigningKey, scope: &CredentialScope<'_>, seed: Signature) -> Self {
        Self {
            credentials: None,
            region: scope.region().into(),
            service: scope.service().into(),
            scope: alloc::format!("{scope}"),
            key,
            prior: seed,
            text: Vec::new(),
        }
    }

    /// Derives the key of these credentials for the chain's scope. Returns true if it is the
    /// chain's key; the chain then keeps the credentials for the keys of other days.
    pub(super) fn adopt(&mut self, credentials: Credentials) -> bool {
        let date = self.scope.as_bytes().first_chunk().copied().unwrap_or_default();
        let scope = CredentialScope::from_parts(date, &self.region, &self.service);
        let key = SigningKey::derive(credentials.secret(), &scope);
        let same = key.sign_bytes(&[]).matches(&self.key.sign_bytes(&[]));
        if same {
            self.credentials = Some(credentials);
        }
        same
    }

    /// Returns the signature of the next event; `None` if its day is another than the key's and
    /// there are no credentials to derive that day's key from.
    ///
    /// The signature does not become the prior one: a verifier must compare it first.
    pub(super) fn signature(&mut self, time: Timestamp, headers: &[u8], payload: &[u8]) -> Option<Signature> {
        if !self.scope.starts_with(time.date()) {
            let credentials = self.credentials.as_ref()?;
            let scope = CredentialScope::from_parts(time.date_bytes(), &self.region, &self.service);
            self.key = SigningKey::derive(credentials.secret(), &scope);
            self.scope = alloc::format!("{scope}");
        }
        self.text.clear();
        string_to_sign::write(
            &mut self.text,
            time,
            self.scope.as_bytes(),
            &self.prior.hex(),
            headers,
            payload,
        );
        Some(self.key.sign_bytes(&self.text))
    }
}
