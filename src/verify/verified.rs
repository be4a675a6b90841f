//! What was proven, and nothing else.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "event-stream")]
use super::VerifyError;
use super::key::VerifyKey;
use super::record::Record;
use super::{BodyRule, VerifyingKey};
use crate::canonical::{percent as uri, split_pair};
use crate::error::Mechanism;
use crate::steps::algorithm::Algorithm;
use crate::steps::canonical_request::{header, lines};
use crate::steps::{CredentialScope, Signature};
use crate::time::Timestamp;

/// A proven request: made by [`Claim::verify`] alone.
///
/// **Act on what it hands out.** What is not in it was not signed.
///
/// ```compile_fail
/// use countersign::{Claim, Verified};
/// fn forge(claim: Claim) -> Verified { Verified { claim } }
/// ```
#[derive(Clone)]
pub struct Verified {
    record: Record,
    /// The key of the signatures that follow in the body, if any do.
    body_key: Option<VerifyKey>,
    #[cfg(feature = "event-stream")]
    key_expiration: Option<Timestamp>,
}

impl Verified {
    /// Keeps what the body continues from.
    pub(super) fn new(record: Record, key: &VerifyingKey) -> Self {
        let continues = match record.body {
            BodyRule::Chunked(mode) => Algorithm::of_streaming_mode(mode).is_some(),
            #[cfg(feature = "event-stream")]
            BodyRule::Events => true,
            _ => false,
        };
        let body_key = continues.then(|| key.key.clone());
        Self {
            record,
            body_key,
            #[cfg(feature = "event-stream")]
            key_expiration: key.expiration,
        }
    }

    /// The id of the key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.record.access_key_id()
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.record.scope()
    }

    /// Where the signature stood.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.record.mechanism
    }

    /// The algorithm: `AWS4-HMAC-SHA256`, or `AWS4-ECDSA-P256-SHA256` where
    /// SigV4a is allowed.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        self.record.algorithm.name()
    }

    /// When it was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.record.time
    }

    /// How long ago, by the verifier's clock, in seconds; negative if ahead.
    #[must_use]
    pub const fn age(&self) -> i64 {
        self.record.now.unix_seconds() - self.record.time.unix_seconds()
    }

    /// The lifetime of a presigned URL in seconds.
    #[must_use]
    pub const fn expires(&self) -> Option<u32> {
        self.record.expires
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.record.part(&self.record.workings.layout.method())
    }

    /// The path, decoded once: for S3 in path style `/bucket/key`, byte for
    /// byte; for other services with its dot segments resolved.
    #[must_use]
    pub fn path(&self) -> Vec<u8> {
        let canonical = self.record.part(&self.record.workings.layout.uri());
        let decoded = uri::decode(canonical);
        if self.record.path_encoded_twice {
            return percent_encoding::percent_decode(&decoded).collect();
        }
        decoded
    }

    /// The query's names and values, decoded once, sorted. A presigned URL's
    /// own parameters are among them.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
        let query = self.record.part(&self.record.workings.layout.query());
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = split_pair(pair);
            let decode = |text| percent_encoding::percent_decode_str(text).into();
            (decode(name), decode(value))
        })
    }

    /// A signed header's value, trimmed and folded, repeated ones joined by
    /// `,`; by its name in any case. `None` for what was not signed.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        header(self.record.headers(), name)
    }

    /// The signed headers, names in lower case, sorted.
    pub fn headers(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(self.record.headers())
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.record.part(&self.record.workings.layout.names())
    }

    /// The payload line: a hash in hex, or the name of a mode.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        self.record.part(&self.record.workings.layout.payload())
    }

    /// SHA-256 of the canonical request, 64 hex digits: what a server keeps
    /// that wants to see each request once. It covers the time, and is the
    /// same for every spelling of the request.
    #[must_use]
    pub fn request_hash(&self) -> &str {
        let to_sign = self.record.part(&self.record.workings.to_sign);
        to_sign.rsplit('\n').next().unwrap_or_default()
    }

    /// Returns the key and the signature that the signatures in the body continue from, if the body
    /// contains any: signed chunks or events.
    pub(crate) const fn continuation(&self) -> Option<(&VerifyKey, &Signature)> {
        match &self.body_key {
            Some(key) => Some((key, &self.record.signature)),
            None => None,
        }
    }

    /// Returns the expiration of the credentials whose key verified the request.
    #[cfg(feature = "event-stream")]
    pub(crate) const fn key_expiration(&self) -> Option<Timestamp> {
        self.key_expiration
    }

    /// Returns the signature. It was compared already: it is for protocols that continue from it.
    #[cfg(feature = "event-stream")]
    pub(crate) const fn signature(&self) -> &Signature {
        &self.record.signature
    }

    /// Verifies the request again, with another key.
    #[cfg(feature = "event-stream")]
    pub(crate) fn check_key(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        self.record.check_key(key)
    }

    /// What the body still owes. **Until it is paid, no byte of the body is
    /// proven.**
    #[must_use]
    pub const fn body(&self) -> BodyRule {
        self.record.body
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("mechanism", &self.record.mechanism)
            .field("time", &self.record.time)
            .finish_non_exhaustive()
    }
}
