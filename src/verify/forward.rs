//! What a server needs that verifies nothing itself, and hands the request on
//! to the service that can: AWS's STS, of a signed `GetCallerIdentity`.
//!
//! What is handed on is written anew from what was read. Not here: the checks
//! of such a request (`ext/tokens/identity.rs`).

use alloc::format;
use alloc::string::String;

use super::{Claim, Verifier};
use crate::steps::canonical_request::lines;

impl Verifier {
    /// For a service that takes a URL for so many seconds, whatever it says.
    pub(crate) fn lives(self, seconds: u32) -> Self {
        Self { lives: Some(seconds), ..self }
    }
}

impl Claim {
    /// The signed headers: names in lower case, values folded, sorted.
    pub(crate) fn signed_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(self.headers())
    }

    /// *SignedHeaders*.
    fn signed_names(&self) -> &str {
        self.steps.signed_headers()
    }

    /// The `Authorization` header, from its parts.
    pub(crate) fn authorization(&self) -> String {
        format!(
            "{} Credential={}/{}, SignedHeaders={}, Signature={}",
            self.algorithm.name(),
            self.access_key_id(),
            self.scope_text(),
            self.signed_names(),
            self.signature
        )
    }
}
