//! All that changes once a day, kept.

use alloc::string::String;

#[cfg(feature = "post-policy")]
use super::SignError;
use super::Signer;
use crate::canonical::percent as uri;
#[cfg(feature = "post-policy")]
use crate::steps::SigningKey;
use crate::steps::algorithm::KeyToSign;
use crate::time::Timestamp;

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

/// The day at hand: the one that the signer keeps, held without counting who
/// holds it; or another, made for this signature.
pub(crate) struct Today {
    #[cfg(feature = "std")]
    kept: arc_swap::Guard<Option<alloc::sync::Arc<Day>>>,
    #[cfg(feature = "std")]
    other: Option<alloc::sync::Arc<Day>>,
    /// Without `std` there is no place to share: the key is derived each time.
    #[cfg(not(feature = "std"))]
    other: Option<Day>,
}

impl Signer {
    #[inline]
    pub(crate) fn today(&self) -> Today {
        Today {
            #[cfg(feature = "std")]
            kept: self.today.load(),
            other: None,
        }
    }

    /// The key of a day, for what HMAC alone signs.
    #[cfg(feature = "post-policy")]
    pub(crate) fn signing_key(&self, time: Timestamp) -> Result<SigningKey, SignError> {
        match &self.today().day(self, time).key {
            KeyToSign::Hmac(key) => Ok(key.clone()),
            #[cfg(feature = "sigv4a")]
            KeyToSign::Ecdsa(_) => Err(SignError::UndefinedForSigV4a),
        }
    }
}

impl Today {
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn day(&mut self, signer: &Signer, time: Timestamp) -> &Day {
        if let Some(day) = self.kept.as_ref().filter(|day| day.date == time.date_bytes()) {
            return day;
        }
        let day = alloc::sync::Arc::new(Day::new(signer, time));
        // Around midnight yesterday does not displace today; any other day that
        // is asked for does, or one odd date would be kept for good.
        if self.kept.as_ref().is_none_or(|kept| kept.number - day.number != 1) {
            signer.today.store(Some(alloc::sync::Arc::clone(&day)));
        }
        self.other.insert(day)
    }

    #[cfg(not(feature = "std"))]
    #[inline]
    pub(crate) fn day(&mut self, signer: &Signer, time: Timestamp) -> &Day {
        self.other.insert(Day::new(signer, time))
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
            number: time.unix_seconds().div_euclid(86_400),
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
        let ask = |text: &str| {
            signer.today().day(&signer, Timestamp::parse(text).expect("a time"));
        };
        ask("20150830T235959Z");
        assert_eq!(kept(), Some(*b"20150830"));
        ask("20150831T000000Z");
        assert_eq!(kept(), Some(*b"20150831"));
        ask("20150830T235959Z");
        assert_eq!(kept(), Some(*b"20150831"));
        ask("99991231T000000Z");
        ask("20150831T000001Z");
        assert_eq!(kept(), Some(*b"20150831"));
    }
}
