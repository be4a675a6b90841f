//! Checks that a signature is neither too old nor from the future.

use core::time::Duration;

use super::authorization::ParsedAuthorization;
use super::{Verifier, VerifyError};
use crate::error::MalformedAuthorization;
use crate::expires::Expires;
use crate::time::Timestamp;

impl Verifier {
    /// Checks the time of a signature that has no lifetime: one in a header, or one in a URL without
    /// `X-Amz-Expires`.
    ///
    /// The check precedes that of the scope: a client whose clock is wrong signs for another day, and
    /// must learn about its clock.
    #[inline]
    pub(super) fn check_skew(
        &self,
        authorization: &ParsedAuthorization<'_>,
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        let (time, max_skew) = (authorization.time, self.max_skew);
        let skew = Duration::from_secs(time.unix_seconds().abs_diff(now.unix_seconds()));
        if authorization.expires.is_none() && skew > max_skew {
            return Err(VerifyError::RequestTimeTooSkewed { time, now, max_skew });
        }
        Ok(())
    }

    /// Checks the time and the lifetime of a presigned URL. Returns the lifetime in seconds, and
    /// `None` for a signature that has none.
    #[inline]
    pub(super) fn check_lifetime(
        &self,
        authorization: &ParsedAuthorization<'_>,
        now: Timestamp,
    ) -> Result<Option<u32>, VerifyError> {
        let time = authorization.time;
        let Some(expires) = authorization.expires else { return Ok(None) };
        let expires = parse_expires(expires, self.max_url_lifetime)
            .map_err(VerifyError::AuthorizationQueryParametersError)?;
        if self.is_ahead(time, now) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        let lifetime = self.fixed_lifetime.unwrap_or(expires);
        // A lifetime of 0 has no first second, even if the signer's clock is ahead.
        if lifetime == 0 || now.unix_seconds() >= time.unix_seconds() + i64::from(lifetime) {
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

/// Parses *X-Amz-Expires*. 0 is a number, and means that the URL has expired.
fn parse_expires(expires: &[u8], max: Expires) -> Result<u32, MalformedAuthorization> {
    let are_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    match expires {
        [b'-', digits @ ..] if are_digits(digits) => Err(MalformedAuthorization::ExpiresNegative),
        digits if !are_digits(digits) => Err(MalformedAuthorization::ExpiresNotANumber),
        digits => parse_digits(digits)
            .filter(|seconds| *seconds <= max.as_secs())
            .ok_or(MalformedAuthorization::ExpiresTooLong { max: max.as_duration() }),
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
