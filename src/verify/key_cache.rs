//! [`KeyCache`], which keeps verifying keys for the day.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use core::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Claim, Rejected, Verified, VerifyingKey};
use crate::credentials::Credentials;
use crate::crypto::Sha256Stream;

/// A bounded cache of [`VerifyingKey`]s. [`Claim::verify_cached`] uses it.
///
/// A key is added only after it has verified a request, so that whoever does not have the secret
/// access key cannot change the cache. When the cache is full, the oldest key is removed.
///
/// A key is used only for the same access key id, secret, session token, expiration and scope: new
/// credentials and a new day get a new key.
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
///     let credentials = Some(&credentials).filter(|_| claim.claimed_access_key_id() == "AKIDEXAMPLE");
///     claim.verify_cached(&cache, credentials)?; // derives the key once
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

impl Claim {
    /// Verifies like [`verify`](Self::verify), with a key from the cache, or derives the key and adds
    /// it to the cache if the claim is proven.
    ///
    /// Pass the credentials that your store has for
    /// [`claimed_access_key_id`](Self::claimed_access_key_id), or `None` if it has none. [`KeyCache`]
    /// has an example.
    ///
    /// # Errors
    ///
    /// Returns [`Rejected`], as [`verify`](Self::verify) does. The cache is then unchanged.
    pub fn verify_cached<'c>(
        self,
        keys: &KeyCache,
        credentials: impl Into<Option<&'c Credentials>>,
    ) -> Result<Verified, Rejected> {
        let Some(credentials) = credentials.into() else { return self.verify(None) };
        let digest = digest(&self, credentials);
        let cached = keys.lock().by_digest.get(&digest).map(Arc::clone);
        if let Some(key) = cached {
            return self.verify(&*key);
        }
        // Derived without the lock: two threads may derive the same key, and neither waits.
        let key = self.derive_key(credentials);
        let verified = self.verify(&key)?;
        keys.insert(digest, key);
        Ok(verified)
    }
}

impl KeyCache {
    /// Creates a cache of at most `capacity` keys, and at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), keys: Mutex::default() }
    }

    /// Adds a key that has verified a request, and removes the oldest keys if there are too many.
    fn insert(&self, digest: [u8; 32], key: VerifyingKey) {
        let key = Arc::new(key);
        let mut keys = self.lock();
        if keys.by_digest.insert(digest, key).is_none() {
            keys.oldest_first.push_back(digest);
        }
        while keys.by_digest.len() > self.capacity {
            let Some(oldest) = keys.oldest_first.pop_front() else { break };
            keys.by_digest.remove(&oldest);
        }
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
