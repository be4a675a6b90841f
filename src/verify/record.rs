//! What [`Claim`](super::Claim) and [`Verified`](super::Verified) keep of a request.

use core::ops::Range;

use super::BodyRule;
use crate::error::Mechanism;
#[cfg(feature = "sigv4a")]
use crate::steps::SigV4aScope;
use crate::steps::algorithm::Algorithm;
use crate::steps::{CredentialScope, Explain, Scope, Signature, Transcript};
use crate::time::Timestamp;

/// A signed request: its first two steps and the fields of its signature, in one buffer.
#[derive(Clone)]
pub(super) struct Record {
    /// The canonical request and the string to sign; then the fields that the ranges refer to.
    pub(super) steps: Transcript,
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

    pub(super) fn scope(&self) -> Scope<'_> {
        let scope = self.scope_str();
        let date = scope.as_bytes().first_chunk().copied().unwrap_or_default();
        let mut parts = scope.split('/').skip(1);
        let mut part = || parts.next().unwrap_or_default();
        match self.algorithm {
            Algorithm::Hmac => CredentialScope::from_parts(date, part(), part()).into(),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => SigV4aScope::from_parts(date, part()).into(),
        }
    }

    pub(super) fn session_token(&self) -> Option<&str> {
        self.session_token.as_ref().map(|token| self.part(token))
    }

    pub(super) fn string_to_sign(&self) -> &[u8] {
        self.steps.string_to_sign()
    }

    pub(super) fn headers(&self) -> &[u8] {
        self.steps.headers()
    }

    pub(super) fn explain(&self) -> Explain<'_> {
        self.steps.explain(None)
    }

    pub(super) fn part(&self, range: &Range<usize>) -> &str {
        self.steps.part(range.clone())
    }
}
