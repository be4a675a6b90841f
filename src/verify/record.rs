//! What [`Claim`](super::Claim) and [`Verified`](super::Verified) keep of a request.

use alloc::vec::Vec;
use core::ops::Range;

use super::BodyRule;
use crate::error::Mechanism;
use crate::steps::algorithm::Algorithm;
use crate::steps::{CredentialScope, Explain, Signature, Workings};
use crate::time::Timestamp;

/// A signed request: its first two steps and the fields of its signature, in one buffer.
#[derive(Clone)]
pub(super) struct Record {
    /// The canonical request and the string to sign; then the fields that the ranges refer to.
    pub(super) bytes: Vec<u8>,
    pub(super) workings: Workings,
    pub(super) access_key_id: Range<usize>,
    pub(super) scope: Range<usize>,
    pub(super) session_token: Option<Range<usize>>,
    pub(super) mechanism: Mechanism,
    pub(super) algorithm: Algorithm,
    pub(super) time: Timestamp,
    pub(super) now: Timestamp,
    pub(super) expires: Option<u32>,
    pub(super) signature: Signature,
    pub(super) body: BodyRule,
    pub(super) path_encoded_twice: bool,
}

impl Record {
    pub(super) fn access_key_id(&self) -> &str {
        self.part(&self.access_key_id)
    }

    pub(super) fn scope_str(&self) -> &str {
        self.part(&self.scope)
    }

    pub(super) fn scope(&self) -> CredentialScope<'_> {
        let mut parts = self.scope_str().split('/');
        let mut part = || parts.next().unwrap_or_default();
        match self.algorithm {
            Algorithm::Hmac => CredentialScope::new(part(), part(), part()),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => CredentialScope::without_region(part(), part()),
        }
    }

    pub(super) fn session_token(&self) -> Option<&str> {
        self.session_token.as_ref().map(|token| self.part(token))
    }

    pub(super) fn string_to_sign(&self) -> &[u8] {
        self.bytes.get(self.workings.to_sign.clone()).unwrap_or_default()
    }

    pub(super) fn headers(&self) -> &[u8] {
        self.bytes.get(self.workings.layout.headers()).unwrap_or_default()
    }

    pub(super) fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.bytes, None)
    }

    pub(super) fn part(&self, range: &Range<usize>) -> &str {
        self.bytes.get(range.clone()).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}
