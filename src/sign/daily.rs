//! Caches the values of a signer that change once a day.

use alloc::string::String;

use super::Signer;
use super::scheme::SignKey;
use crate::canonical::percent;
#[cfg(feature = "post-policy")]
use crate::error::SignError;
#[cfg(feature = "post-policy")]
use crate::steps::SigningKey;
use crate::time::Timestamp;

/// The parts of a signature that depend only on the signer and the day.
pub(crate) struct DailyState {
    #[cfg(feature = "std")]
    date: [u8; 8],
    /// Days since 1970-01-01.
    #[cfg(feature = "std")]
    day: i64,
    pub(crate) scope: String,
    /// `AWS4-HMAC-SHA256 Credential=…/scope, SignedHeaders=`
    pub(super) authorization: String,
    /// `X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=`
    pub(super) query: String,
    pub(crate) key: SignKey,
}

/// Borrows the state that the signer caches, without a lock and without counting
/// references.
pub(crate) struct DailyStateGuard {
    #[cfg(feature = "std")]
    cached: arc_swap::Guard<Option<alloc::sync::Arc<DailyState>>>,
    #[cfg(feature = "std")]
    fresh: Option<alloc::sync::Arc<DailyState>>,
    /// Without `std` nothing is cached: the state is derived each time.
    #[cfg(not(feature = "std"))]
    fresh: Option<DailyState>,
}

impl Signer {
    /// Borrows the state that the signer caches. [`DailyStateGuard::at`] returns it, or
    /// derives the state of another day.
    #[inline]
    pub(crate) fn daily_state(&self) -> DailyStateGuard {
        DailyStateGuard {
            #[cfg(feature = "std")]
            cached: self.daily.load(),
            fresh: None,
        }
    }

    /// Returns the signing key of `time`'s day, for a protocol that has no SigV4a. A
    /// signer for SigV4a returns an error.
    #[cfg(feature = "post-policy")]
    pub(crate) fn signing_key(&self, time: Timestamp) -> Result<SigningKey, SignError> {
        match &self.daily_state().at(self, time).key {
            SignKey::Hmac(key) => Ok(key.clone()),
            #[cfg(feature = "sigv4a")]
            SignKey::Ecdsa(_) => Err(SignError::NotSupportedBySigV4a),
        }
    }
}

impl DailyStateGuard {
    /// Returns the state of `time`'s day, from the cache or derived.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn at(&mut self, signer: &Signer, time: Timestamp) -> &DailyState {
        if let Some(state) = self.cached.as_ref().filter(|state| state.date == time.date_bytes()) {
            return state;
        }
        let state = alloc::sync::Arc::new(DailyState::new(signer, time));
        // The previous day does not replace the cached day, because both are in use
        // around midnight. Any other day does, so that a wrong date does not remain.
        if self.cached.as_ref().is_none_or(|cached| cached.day - state.day != 1) {
            signer.daily.store(Some(alloc::sync::Arc::clone(&state)));
        }
        self.fresh.insert(state)
    }

    /// Derives the state of `time`'s day.
    #[cfg(not(feature = "std"))]
    #[inline]
    pub(crate) fn at(&mut self, signer: &Signer, time: Timestamp) -> &DailyState {
        self.fresh.insert(DailyState::new(signer, time))
    }
}

impl DailyState {
    fn new(signer: &Signer, time: Timestamp) -> Self {
        let (scope, key) = signer.scheme.scope_and_key(&signer.credentials, &signer.service, time);
        let algorithm = key.algorithm().name();
        let credential = alloc::format!("{}/{scope}", signer.credentials.access_key_id());
        Self {
            #[cfg(feature = "std")]
            date: time.date_bytes(),
            #[cfg(feature = "std")]
            day: time.unix_seconds().div_euclid(86_400),
            scope,
            authorization: alloc::format!("{algorithm} Credential={credential}, SignedHeaders="),
            query: alloc::format!(
                "X-Amz-Algorithm={algorithm}&X-Amz-Credential={}&X-Amz-Date=",
                percent::encode(&credential)
            ),
            key,
        }
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    #[test]
    fn the_previous_day_does_not_replace_the_cached_day() {
        use crate::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
        let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).expect("valid");
        let signer = Signer::new(credentials, "us-east-1", Service::S3).expect("valid");
        let cached = || signer.daily.load().as_ref().map(|state| state.date);
        let sign_at = |time: &str| {
            signer.daily_state().at(&signer, Timestamp::parse(time).expect("a time"));
        };
        sign_at("20150830T235959Z");
        assert_eq!(cached(), Some(*b"20150830"));
        sign_at("20150831T000000Z");
        assert_eq!(cached(), Some(*b"20150831"));
        sign_at("20150830T235959Z");
        assert_eq!(cached(), Some(*b"20150831"));
        sign_at("99991231T000000Z");
        sign_at("20150831T000001Z");
        assert_eq!(cached(), Some(*b"20150831"));
    }
}
