//! Values that change once a day, kept between signatures.

use alloc::string::String;

use super::Signer;
use super::scheme::SignKey;
use crate::canonical::percent as uri;
#[cfg(feature = "post-policy")]
use crate::error::SignError;
#[cfg(feature = "post-policy")]
use crate::steps::SigningKey;
use crate::time::Timestamp;

/// Everything in a signature that depends on nothing but the signer and the day.
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

/// A loan of the state that the signer keeps, without a lock and without
/// counting references.
pub(crate) struct DailyStateGuard {
    #[cfg(feature = "std")]
    cached: arc_swap::Guard<Option<alloc::sync::Arc<DailyState>>>,
    #[cfg(feature = "std")]
    fresh: Option<alloc::sync::Arc<DailyState>>,
    /// Without `std` nothing can be shared: the state is derived each time.
    #[cfg(not(feature = "std"))]
    fresh: Option<DailyState>,
}

impl Signer {
    /// Borrows what the signer keeps; [`DailyStateGuard::at`] finds the day in it.
    #[inline]
    pub(crate) fn daily_state(&self) -> DailyStateGuard {
        DailyStateGuard {
            #[cfg(feature = "std")]
            cached: self.daily.load(),
            fresh: None,
        }
    }

    /// Returns the signing key of a day, for what only HMAC signs.
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
    /// Returns the state of `time`'s day: the cached one, or a fresh one.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn at(&mut self, signer: &Signer, time: Timestamp) -> &DailyState {
        if let Some(state) = self.cached.as_ref().filter(|state| state.date == time.date_bytes()) {
            return state;
        }
        let state = alloc::sync::Arc::new(DailyState::new(signer, time));
        // The previous day does not replace the cached day, since both are in use
        // around midnight. Any other day does; otherwise one wrong date would stay.
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
                uri::encode(&credential)
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
        let ask = |text: &str| {
            signer.daily_state().at(&signer, Timestamp::parse(text).expect("a time"));
        };
        ask("20150830T235959Z");
        assert_eq!(cached(), Some(*b"20150830"));
        ask("20150831T000000Z");
        assert_eq!(cached(), Some(*b"20150831"));
        ask("20150830T235959Z");
        assert_eq!(cached(), Some(*b"20150831"));
        ask("99991231T000000Z");
        ask("20150831T000001Z");
        assert_eq!(cached(), Some(*b"20150831"));
    }
}
