//! [`KeyCache`], which keeps verifying keys for the day.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use core::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Claim, VerifyingKey};
use crate::credentials::Credentials;
use crate::crypto::Sha256Stream;

/// A bounded cache of [`VerifyingKey`]s.
///
/// An entry is used only for the same access key id, secret, session token, expiration and scope, so
/// a new secret or a new day gets a new entry. When the cache is full, the oldest entry is removed.
///
/// Pass credentials from your own store, after [`claim`](crate::Verifier::claim) has accepted the
/// scope. Whoever knows an access key id can then add an entry for it, but only for a scope that the
/// verifier accepts: one or two days, one service, and one region unless it accepts every region.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
/// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(signed.iter());
/// # let request = Request::new("GET", "/key", &headers);
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let cache = KeyCache::new(10_000); // one for the whole server
/// for _ in 0..2 {
///     let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
///     let key = cache.key(&claim, &credentials); // derived once
///     claim.verify(key.as_ref())?;
/// }
/// assert_eq!(cache.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct KeyCache {
    capacity: usize,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    by_digest: BTreeMap<[u8; 32], Arc<VerifyingKey>>,
    oldest_first: VecDeque<[u8; 32]>,
}

impl KeyCache {
    /// Creates a cache of at most `capacity` keys, and at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), keys: Mutex::default() }
    }

    /// Returns the key of these credentials for the claim's scope, from the cache or derived.
    #[must_use]
    pub fn key(&self, claim: &Claim, credentials: &Credentials) -> Arc<VerifyingKey> {
        let digest = digest(claim, credentials);
        if let Some(key) = self.lock().by_digest.get(&digest) {
            return Arc::clone(key);
        }
        // Derived without the lock: two threads may derive the same key, and neither waits.
        let key = Arc::new(claim.derive_key(credentials));
        let mut keys = self.lock();
        if keys.by_digest.insert(digest, Arc::clone(&key)).is_none() {
            keys.oldest_first.push_back(digest);
        }
        while keys.by_digest.len() > self.capacity {
            let Some(oldest) = keys.oldest_first.pop_front() else { break };
            keys.by_digest.remove(&oldest);
        }
        key
    }

    /// Returns the number of keys in the cache.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().by_digest.len()
    }

    /// Returns true if the cache is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Keys> {
        // A panic while the lock is held can come only from an allocation that fails. The two
        // collections may then differ by one entry, which does no harm.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// Hashes everything that a key depends on. Each part follows its length, so
/// that two different lists of parts never hash the same bytes.
fn digest(claim: &Claim, credentials: &Credentials) -> [u8; 32] {
    let token = credentials.session_token().unwrap_or_default();
    let scope = claim.claimed_scope_str();
    let mut hash = Sha256Stream::default();
    for part in [credentials.access_key_id(), credentials.secret().expose(), token, scope] {
        hash.update(&part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    if let Some(expiration) = credentials.expiration() {
        hash.update(expiration.bytes());
    }
    hash.finish()
}
