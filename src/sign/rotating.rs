//! [`RotatingSigner`], whose credentials can be replaced while other threads sign.

use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

use arc_swap::ArcSwap;

use super::Signer;
use crate::credentials::Credentials;
use crate::error::ConfigError;
use crate::time::Timestamp;

/// A signer for temporary credentials, which are replaced before they expire.
///
/// [`current`](Self::current) returns the signer to use, without a lock. What was started with it
/// continues with it: a body in chunks signs every chunk with the key that signed the request.
///
/// The crate has no clock and no I/O, so that your program fetches the credentials. `docs/credentials.md`
/// has the recipes, with `aws-config` and without.
///
/// ```
/// use core::time::Duration;
/// use countersign::*;
///
/// # let now = Timestamp::parse("20260301T120000Z")?;
/// # let fetch = |id: &str, expiration: &str| -> Result<Credentials, Box<dyn std::error::Error>> {
/// #     let credentials = Credentials::new(id, SecretAccessKey::new("secret"))?.with_session_token("token")?;
/// #     Ok(credentials.with_expiration(Timestamp::parse(expiration)?))
/// # };
/// let first = fetch("ASIAFIRST", "20260301T120400Z")?;
/// let signer = RotatingSigner::new(Signer::new(first, "us-east-1", Service::S3)?);
///
/// // Before each request. Another thread that comes here meanwhile gets `None`, and signs with the
/// // credentials that are still valid.
/// if let Some(refresh) = signer.start_refresh(now, Duration::from_secs(5 * 60)) {
///     match fetch("ASIASECOND", "20260301T180000Z") {
///         Ok(credentials) => refresh.finish(credentials)?,
///         Err(_) => drop(refresh), // the first credentials stay until they expire
///     }
/// }
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
/// let signed = signer.current().sign(&request, Payload::Bytes(b""), now)?;
/// assert!(signed.authorization().contains("Credential=ASIASECOND/"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RotatingSigner {
    current: ArcSwap<Signer>,
    is_refreshing: AtomicBool,
}

impl RotatingSigner {
    /// Creates a signer that starts with the credentials of `signer`.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self { current: ArcSwap::from_pointee(signer), is_refreshing: AtomicBool::new(false) }
    }

    /// Returns the signer with the current credentials, without a lock.
    ///
    /// Call this for each request, and keep the result for a body that is signed in chunks.
    #[must_use]
    pub fn current(&self) -> Arc<Signer> {
        self.current.load_full()
    }

    /// Replaces the credentials. The region, the service and the options remain.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let renewed = Credentials::new("ASIAEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = RotatingSigner::new(Signer::new(credentials, "us-east-1", Service::S3)?);
    /// let before = signer.current();
    /// signer.replace(renewed)?;
    /// assert_eq!(signer.current().credentials().access_key_id(), "ASIAEXAMPLE");
    /// assert_eq!(before.credentials().access_key_id(), "AKIDEXAMPLE"); // requests in progress are not affected
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Signer::with_credentials`]. The signer is then unchanged.
    pub fn replace(&self, credentials: Credentials) -> Result<(), ConfigError> {
        let signer = self.current().with_credentials(credentials)?;
        self.current.store(Arc::new(signer));
        Ok(())
    }

    /// Returns true if the current credentials expire within `duration` after `now`, or have expired.
    #[must_use]
    pub fn expires_within(&self, now: Timestamp, duration: Duration) -> bool {
        self.current.load().credentials().expires_within(now, duration)
    }

    /// Starts a refresh if the current credentials expire within `ahead` after `now`, and if no other
    /// refresh is in progress. Never waits.
    ///
    /// Choose `ahead` longer than a refresh with its retries takes, and shorter than the lifetime of
    /// new credentials. Five minutes are usual: the instance metadata service offers new credentials
    /// at least five minutes before the old ones expire.
    #[must_use]
    pub fn start_refresh(&self, now: Timestamp, ahead: Duration) -> Option<Refresh<'_>> {
        if !self.expires_within(now, ahead) || self.is_refreshing.swap(true, Ordering::Acquire) {
            return None;
        }
        let refresh = Refresh { signer: self };
        // Another refresh may have finished between the two conditions.
        self.expires_within(now, ahead).then_some(refresh)
    }
}

impl fmt::Debug for RotatingSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RotatingSigner").field("current", &*self.current.load()).finish_non_exhaustive()
    }
}

/// The only refresh in progress of a [`RotatingSigner`]. It can be held across an `await`.
///
/// Dropping the refresh, for example because fetching failed or was cancelled, keeps the credentials
/// and allows the next refresh.
#[must_use = "dropping the refresh keeps the old credentials"]
pub struct Refresh<'s> {
    signer: &'s RotatingSigner,
}

impl Refresh<'_> {
    /// Replaces the credentials, and ends the refresh.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`RotatingSigner::replace`].
    pub fn finish(self, credentials: Credentials) -> Result<(), ConfigError> {
        self.signer.replace(credentials)
    }
}

impl Drop for Refresh<'_> {
    fn drop(&mut self) {
        self.signer.is_refreshing.store(false, Ordering::Release);
    }
}

impl fmt::Debug for Refresh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresh(..)")
    }
}
