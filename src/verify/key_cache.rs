//! Verifying keys, kept for the day by those who verify often.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use core::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Claim, VerifyingKey};
use crate::credentials::Credentials;
use crate::crypto::Sha256Stream;

/// A bounded cache of [`VerifyingKey`]s, by access key id, secret, session
/// token, end and scope. New secrets, and new days, are new entries; the oldest
/// entry goes when it is full.
///
/// Look a key up only after [`claim`](crate::Verifier::claim) has accepted the
/// scope: the credentials given must come from your own store.
///
/// ```
/// use countersign::KeyCache;
/// let cache = KeyCache::new(10_000);
/// assert_eq!(cache.len(), 0);
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
    /// A cache of at most `capacity` keys, and at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), keys: Mutex::default() }
    }

    /// The key of these credentials for the claim's scope, kept or derived.
    #[must_use]
    pub fn key(&self, claim: &Claim, credentials: &Credentials) -> Arc<VerifyingKey> {
        let digest = digest(claim, credentials);
        if let Some(key) = self.lock().by_digest.get(&digest) {
            return Arc::clone(key);
        }
        // Derived outside the lock: two threads may do it twice, none waits for it.
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

    /// How many keys it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().by_digest.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Keys> {
        // Nothing between lock and unlock can leave the maps half-changed but
        // running out of memory; a poisoned lock is as good as any.
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

/// Everything that a key depends on, each part behind its length so that none
/// can pose as two.
fn digest(claim: &Claim, credentials: &Credentials) -> [u8; 32] {
    let token = credentials.session_token().unwrap_or_default();
    let mut hash = Sha256Stream::default();
    for part in [credentials.access_key_id(), credentials.secret().expose(), token, claim.scope_str()] {
        hash.update(&part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    if let Some(end) = credentials.expiration() {
        hash.update(end.bytes());
    }
    hash.finish()
}
