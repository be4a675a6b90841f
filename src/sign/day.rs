//! All that changes once a day, kept.

use alloc::string::String;

use super::{SignError, Signer};
use crate::steps::SigningKey;
use crate::steps::algorithm::KeyToSign;
use crate::time::Timestamp;
use crate::uri;

/// All that changes once a day.
pub(crate) struct Day {
    #[cfg(feature = "std")]
    date: [u8; 8],
    /// Days since 1970.
    #[cfg(feature = "std")]
    number: i64,
    pub(crate) scope: String,
    /// `AWS4-HMAC-SHA256 Credential=…/scope, SignedHeaders=`
    pub(super) authorization: String,
    /// `X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=`
    pub(super) query: String,
    pub(crate) key: KeyToSign,
}

impl Signer {
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn day(&self, time: Timestamp) -> alloc::sync::Arc<Day> {
        let today = self.today.load();
        if let Some(day) = today.as_ref().filter(|day| day.date == time.date_bytes()) {
            return alloc::sync::Arc::clone(day);
        }
        let day = alloc::sync::Arc::new(Day::new(self, time));
        // Around midnight yesterday does not displace today; any other day that
        // is asked for does, or one odd date would be kept for good.
        if today.as_ref().is_none_or(|kept| kept.number - day.number != 1) {
            self.today.store(Some(alloc::sync::Arc::clone(&day)));
        }
        day
    }

    /// The key of a day, for what HMAC alone signs.
    pub(crate) fn signing_key(&self, time: Timestamp) -> Result<SigningKey, SignError> {
        match &self.day(time).key {
            KeyToSign::Hmac(key) => Ok(key.clone()),
            #[cfg(feature = "sigv4a")]
            KeyToSign::Ecdsa(_) => Err(SignError::UndefinedForSigV4a),
        }
    }

    /// Without `std` there is no place to share: the key is derived each time.
    #[cfg(not(feature = "std"))]
    #[inline]
    pub(crate) fn day(&self, time: Timestamp) -> Day {
        Day::new(self, time)
    }
}

impl Day {
    #[inline]
    fn new(signer: &Signer, time: Timestamp) -> Self {
        let id = signer.credentials.access_key_id();
        let (scope, key) = signer.regions.scope_and_key(&signer.credentials, &signer.service, &time);
        let algorithm = key.algorithm().name();
        let credential = alloc::format!("{id}/{scope}");
        Self {
            #[cfg(feature = "std")]
            date: time.date_bytes(),
            #[cfg(feature = "std")]
            number: time.unix().div_euclid(86_400),
            scope: alloc::format!("{scope}"),
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
    fn the_day_is_kept_and_a_past_day_does_not_displace_it() {
        use crate::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
        let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).expect("valid");
        let signer = Signer::new(credentials, "us-east-1", Service::S3).expect("valid");
        let kept = || signer.today.load().as_ref().map(|day| day.date);
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        drop(signer.day(at("20150830T235959Z")));
        assert_eq!(kept(), Some(*b"20150830"));
        drop(signer.day(at("20150831T000000Z")));
        assert_eq!(kept(), Some(*b"20150831"));
        drop(signer.day(at("20150830T235959Z")));
        assert_eq!(kept(), Some(*b"20150831"));
        drop(signer.day(at("99991231T000000Z")));
        drop(signer.day(at("20150831T000001Z")));
        assert_eq!(kept(), Some(*b"20150831"));
    }
}
