//! What a server needs that verifies nothing itself, and hands the request on
//! to the service that can: AWS's STS, of a signed `GetCallerIdentity`.
//!
//! What is handed on is written anew from what was read. Not here: the checks
//! of such a request (`ext/tokens/identity.rs`).

use super::{Claim, Verifier};
use crate::steps::Signature;
use crate::steps::canonical_request::lines;

impl Verifier {
    /// For a service that takes a URL for so many seconds, whatever it says.
    pub(crate) fn lives(self, seconds: u32) -> Self {
        Self { lives: Some(seconds), ..self }
    }
}

impl Claim {
    pub(crate) const fn algorithm(&self) -> &'static str {
        self.record.algorithm.name()
    }

    pub(crate) fn claimed_scope_str(&self) -> &str {
        self.scope_str()
    }

    pub(crate) fn signed_headers(&self) -> &str {
        self.record.part(&self.record.workings.layout.names())
    }

    pub(crate) fn signed_header_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(self.record.headers())
    }

    pub(crate) const fn signature(&self) -> &Signature {
        &self.record.signature
    }
}
