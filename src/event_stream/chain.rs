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
    pub(super) credentials: Credentials,
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
    /// A chain that begins with a request's signature.
    pub(super) fn new(credentials: Credentials, scope: &CredentialScope<'_>, seed: Signature) -> Self {
        Self {
            key: SigningKey::derive(credentials.secret(), scope),
            credentials,
            region: scope.region().into(),
            service: scope.service().into(),
            scope: alloc::format!("{scope}"),
            prior: seed,
            text: Vec::new(),
        }
    }

    /// The signature of what comes next. It does not become the prior one by
    /// itself: the verifying end must see it match first.
    pub(super) fn signature(&mut self, time: Timestamp, headers: &[u8], payload: &[u8]) -> Signature {
        if !self.scope.starts_with(time.date()) {
            let scope = CredentialScope::from_parts(time.date_bytes(), &self.region, &self.service);
            self.key = SigningKey::derive(self.credentials.secret(), &scope);
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
        self.key.sign_bytes(&self.text)
    }
}
