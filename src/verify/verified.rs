//! What was proven, and nothing else.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use super::{BodyRule, Claim, VerifyError, VerifyingKey};
use crate::canonical::{percent as uri, split_pair};
use crate::error::Mechanism;
use crate::steps::algorithm::KeyToVerify;
use crate::steps::canonical_request::{header, lines};
use crate::steps::{Scope, Signature};
use crate::time::Timestamp;

/// A proven request: made by [`Claim::verify`] alone.
///
/// **Act on what it hands out.** What is not in it was not signed.
///
/// ```compile_fail
/// use countersign::{Claim, Verified};
/// fn forge(claim: &Claim) -> Verified<'_> { Verified { claim } }
/// ```
#[derive(Clone, Copy)]
pub struct Verified<'c> {
    pub(super) claim: &'c Claim,
}

impl<'c> Verified<'c> {
    /// The id of the key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &'c str {
        self.claim.access_key_id()
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> Scope<'c> {
        self.claim.scope()
    }

    /// Where the signature stood.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.claim.mechanism
    }

    /// The algorithm: `AWS4-HMAC-SHA256`, or `AWS4-ECDSA-P256-SHA256` where
    /// SigV4a is allowed.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        self.claim.algorithm.name()
    }

    /// When it was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.claim.time
    }

    /// How long ago, by the verifier's clock, in seconds; negative if ahead.
    #[must_use]
    pub const fn age(&self) -> i64 {
        self.claim.now.unix_seconds() - self.claim.time.unix_seconds()
    }

    /// The lifetime of a presigned URL in seconds.
    #[must_use]
    pub const fn expires(&self) -> Option<u32> {
        self.claim.expires
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'c str {
        self.claim.part(&self.claim.steps.canonical().method())
    }

    /// The path, decoded once: for S3 in path style `/bucket/key`, byte for
    /// byte; for other services with its dot segments resolved.
    #[must_use]
    pub fn path(&self) -> Vec<u8> {
        let canonical = self.claim.part(&self.claim.steps.canonical().path());
        let decoded = uri::decode(canonical);
        if self.claim.path_encoded_twice {
            return percent_encoding::percent_decode(&decoded).collect();
        }
        decoded
    }

    /// The query's names and values, decoded once, sorted. A presigned URL's
    /// own parameters are among them.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'c, [u8]>, Cow<'c, [u8]>)> + use<'c> {
        let query = self.claim.part(&self.claim.steps.canonical().query());
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = split_pair(pair);
            let decode = |text: &'c str| percent_encoding::percent_decode_str(text).into();
            (decode(name), decode(value))
        })
    }

    /// A signed header's value, trimmed and folded, repeated ones joined by
    /// `,`; by its name in any case. `None` for what was not signed.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'c [u8]> {
        header(self.claim.headers(), name)
    }

    /// The signed headers, names in lower case, sorted.
    pub fn headers(&self) -> impl Iterator<Item = (&'c [u8], &'c [u8])> + use<'c> {
        lines(self.claim.headers())
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &'c str {
        self.claim.part(&self.claim.steps.canonical().signed_headers())
    }

    /// The payload line: a hash in hex, or the name of a mode.
    #[must_use]
    pub fn payload_hash(&self) -> &'c str {
        self.claim.part(&self.claim.steps.canonical().payload())
    }

    /// SHA-256 of the canonical request, 64 hex digits: what a server keeps
    /// that wants to see each request once. It covers the time, and is the
    /// same for every spelling of the request.
    #[must_use]
    pub fn request_hash(&self) -> &'c str {
        let to_sign = core::str::from_utf8(self.claim.steps.string_to_sign()).unwrap_or_default();
        to_sign.rsplit('\n').next().unwrap_or_default()
    }

    /// The claim that was proven.
    #[cfg(feature = "event-stream")]
    pub(crate) const fn claim(&self) -> &'c Claim {
        self.claim
    }

    /// What a chunked body continues from: the key and the signature. The key
    /// proves the request once more, so that no other can continue it.
    pub(crate) fn seed<'k>(
        &self,
        key: &'k VerifyingKey,
    ) -> Result<(&'k KeyToVerify, &'c Signature), VerifyError> {
        self.claim.verify(Some(key))?;
        Ok((key.key(), &self.claim.signature))
    }

    /// What the body still owes. **Until it is paid, no byte of the body is
    /// proven.**
    #[must_use]
    pub const fn body(&self) -> BodyRule {
        self.claim.body.rule
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verified").field(self.claim).finish()
    }
}
