//! Checks that a signature is neither too old nor from the future.

use core::time::Duration;

use super::authorization::ParsedAuthorization;
use super::{Verifier, VerifyError};
use crate::error::MalformedAuthorization;
use crate::time::Timestamp;

impl Verifier {
    /// Checks the time of a header signature, or the time and the lifetime of a
    /// presigned URL. Returns the lifetime in seconds.
    #[inline]
    pub(super) fn check_time(
        &self,
        authorization: &ParsedAuthorization<'_>,
        now: Timestamp,
    ) -> Result<Option<u32>, VerifyError> {
        let time = authorization.time;
        let Some(expires) = authorization.expires else {
            if Duration::from_secs(time.unix_seconds().abs_diff(now.unix_seconds())) > self.max_skew {
                return Err(VerifyError::RequestTimeTooSkewed { time, now, max_skew: self.max_skew });
            }
            return Ok(None);
        };
        let expires = parse_digits(expires).filter(|expires| *expires <= self.max_url_lifetime.as_secs());
        let expires =
            expires.ok_or(VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Expires))?;
        if self.is_ahead(time, now) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        let lifetime = self.fixed_lifetime.unwrap_or(expires);
        if now.unix_seconds() > time.unix_seconds() + i64::from(lifetime) {
            let at = time.checked_add(Duration::from_secs(lifetime.into())).unwrap_or(time);
            let expires = Duration::from_secs(expires.into());
            return Err(VerifyError::Expired { at, now, expires });
        }
        Ok(Some(expires))
    }

    /// Returns true if `time` is after `now` by more than the clocks may differ.
    #[inline]
    pub(crate) fn is_ahead(&self, time: Timestamp, now: Timestamp) -> bool {
        u64::try_from(time.unix_seconds() - now.unix_seconds())
            .is_ok_and(|ahead| Duration::from_secs(ahead) > self.max_skew)
    }
}

/// Parses one or more digits. A sign is not a digit.
fn parse_digits(digits: &[u8]) -> Option<u32> {
    let value = |digit: &u8| digit.is_ascii_digit().then(|| u32::from(digit - b'0'));
    let add = |number: u32, digit| number.checked_mul(10)?.checked_add(value(digit)?);
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;

    #[test]
    fn parses_digits_and_nothing_else() {
        assert_eq!(parse_digits(b"0"), Some(0));
        assert_eq!(parse_digits(b"0604800"), Some(604_800));
        assert_eq!(parse_digits(b"4294967295"), Some(u32::MAX));
        for invalid in [&b""[..], b"+1", b"-1", b" 1", b"1 ", b"1e3", b"0x1", b"4294967296"] {
            assert_eq!(parse_digits(invalid), None, "{invalid:?}");
        }
    }

    #[test]
    fn a_time_may_be_ahead_by_the_skew() {
        let time = |seconds: i64| Timestamp::from_unix_seconds(1_369_353_600 + seconds).expect("a time");
        let verifier = Verifier::any_region(Service::S3).with_max_skew(Duration::from_millis(2500));
        for (ahead, rejected) in [(-1000_i64, false), (0, false), (2, false), (3, true), (1_000_000, true)] {
            assert_eq!(verifier.is_ahead(time(ahead), time(0)), rejected, "{ahead} seconds");
        }
    }
}
