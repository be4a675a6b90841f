//! The lifetime of a presigned URL.

use core::fmt;
use core::time::Duration;

/// The lifetime of a presigned URL: 1 second to 7 days.
///
/// A value outside of this range cannot be constructed, except by
/// [`longer_than_s3_allows`](Self::longer_than_s3_allows).
///
/// **A URL stops working when the credentials that signed it expire**, even if its
/// own lifetime is longer. Credentials of an IAM user do not expire; those of an
/// STS role last 15 minutes to 12 hours, of `GetSessionToken` up to 36 hours, of an
/// instance profile about 6 hours. If the expiration was set with
/// [`Credentials::with_expiration`], presigning a URL that would outlive the
/// credentials returns an error, or shortens the lifetime if the signer was created
/// with [`Signer::shorten_to_credentials`].
///
/// Source: [Amazon S3 API Reference, "Authenticating Requests: Using Query
/// Parameters"][1], *X-Amz-Expires*.
///
/// ```
/// use core::time::Duration;
/// use countersign::Expires;
///
/// assert_eq!(Expires::from_secs(900)?.as_duration(), Duration::from_secs(900));
/// assert_eq!(Expires::try_from(Duration::from_secs(3600))?, Expires::HOUR);
/// assert!(Expires::HOUR < Expires::WEEK);
///
/// let error = Expires::from_secs(604_801).unwrap_err();
/// assert_eq!(error.to_string(), "the lifetime of 604801 seconds is not valid: allowed are 1 to 604800 seconds (7 days)");
/// # Ok::<(), countersign::InvalidExpires>(())
/// ```
///
/// [`Credentials::with_expiration`]: crate::Credentials::with_expiration
/// [`Signer::shorten_to_credentials`]: crate::Signer::shorten_to_credentials
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expires {
    seconds: u32,
}

impl Expires {
    /// One hour.
    pub const HOUR: Self = Self { seconds: 3600 };
    /// One day.
    pub const DAY: Self = Self { seconds: 86_400 };
    /// Seven days, the maximum that the specification allows.
    pub const WEEK: Self = Self { seconds: 604_800 };

    /// Creates a lifetime of 1 to 604,800 seconds.
    ///
    /// ```
    /// use countersign::Expires;
    ///
    /// assert_eq!(Expires::from_secs(86_400)?, Expires::DAY);
    /// assert!(Expires::from_secs(0).is_err());
    /// # Ok::<(), countersign::InvalidExpires>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidExpires`] if `seconds` is 0 or more than 604,800.
    #[expect(clippy::as_conversions, reason = "checked against the maximum; `try_from` is not const")]
    pub const fn from_secs(seconds: u64) -> Result<Self, InvalidExpires> {
        if seconds >= 1 && seconds <= Self::WEEK.seconds as u64 {
            Ok(Self { seconds: seconds as u32 })
        } else {
            Err(InvalidExpires { seconds, max_days: 7 })
        }
    }

    /// Creates a lifetime of 1 to 2,592,000 seconds (30 days), for a provider that accepts
    /// more than 7 days. **AWS and most other providers reject such a URL**, at once and on
    /// every use.
    ///
    /// Yandex Object Storage accepts 30 days ([Yandex Cloud, "Pre-signed URLs"][yandex]). A
    /// server accepts them with [`Verifier::with_max_url_lifetime`]. Whoever finds such a URL
    /// can use it for a month.
    ///
    /// ```
    /// use countersign::{Expires, Service, Verifier};
    ///
    /// let month = Expires::longer_than_s3_allows(30 * 86_400)?;
    /// assert!(month > Expires::WEEK);
    /// let verifier = Verifier::new("ru-central1", Service::S3)?.with_max_url_lifetime(month);
    /// # let _ = verifier;
    ///
    /// let error = Expires::longer_than_s3_allows(2_592_001).unwrap_err();
    /// assert!(error.to_string().ends_with("allowed are 1 to 2592000 seconds (30 days)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidExpires`] if `seconds` is 0 or more than 2,592,000.
    ///
    /// [`Verifier::with_max_url_lifetime`]: crate::Verifier::with_max_url_lifetime
    /// [yandex]: https://yandex.cloud/en/docs/storage/concepts/pre-signed-urls
    #[expect(clippy::as_conversions, reason = "checked against the maximum; `try_from` is not const")]
    pub const fn longer_than_s3_allows(seconds: u64) -> Result<Self, InvalidExpires> {
        if seconds >= 1 && seconds <= 30 * 86_400 {
            Ok(Self { seconds: seconds as u32 })
        } else {
            Err(InvalidExpires { seconds, max_days: 30 })
        }
    }

    /// Returns the lifetime in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u32 {
        self.seconds
    }

    /// Returns the lifetime as a [`Duration`].
    ///
    /// ```
    /// use core::time::Duration;
    /// use countersign::Expires;
    ///
    /// assert_eq!(Expires::HOUR.as_duration(), Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub fn as_duration(self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }
}

/// Converts to whole seconds; a fraction of a second is dropped.
impl TryFrom<Duration> for Expires {
    type Error = InvalidExpires;

    fn try_from(lifetime: Duration) -> Result<Self, Self::Error> {
        Self::from_secs(lifetime.as_secs())
    }
}

impl From<Expires> for Duration {
    fn from(expires: Expires) -> Self {
        expires.as_duration()
    }
}

/// Writes the number of seconds, as `X-Amz-Expires` has it.
impl fmt::Display for Expires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seconds.fmt(f)
    }
}

/// The error of a lifetime that is shorter than 1 second or longer than the maximum.
///
/// ```
/// use countersign::Expires;
///
/// let error = Expires::from_secs(0).unwrap_err();
/// assert_eq!(error.seconds(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidExpires {
    seconds: u64,
    max_days: u32,
}

impl InvalidExpires {
    /// Returns the rejected number of seconds.
    #[must_use]
    pub const fn seconds(&self) -> u64 {
        self.seconds
    }
}

impl fmt::Display for InvalidExpires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seconds, max_days } = self;
        let max = max_days.saturating_mul(86_400);
        write!(
            f,
            "the lifetime of {seconds} seconds is not valid: allowed are 1 to {max} seconds ({max_days} days)"
        )
    }
}

impl core::error::Error for InvalidExpires {}

#[cfg(test)]
mod tests {
    use super::{Expires, InvalidExpires};
    use core::time::Duration;

    #[test]
    fn accepts_one_second_to_seven_days() {
        for seconds in [1, 2, 604_799, 604_800] {
            let expires = Expires::from_secs(seconds).expect("in range");
            assert_eq!(u64::from(expires.as_secs()), seconds);
            assert_eq!(Expires::try_from(Duration::from_secs(seconds)), Ok(expires));
        }
        // The last number is 1 when it is truncated to 32 bits.
        for seconds in [0, 604_801, u64::MAX, (1 << 32) + 1] {
            assert_eq!(Expires::from_secs(seconds), Err(InvalidExpires { seconds, max_days: 7 }));
        }
    }

    #[test]
    fn drops_fractions_of_a_second() {
        let milliseconds = |number| Expires::try_from(Duration::from_millis(number));
        assert_eq!(milliseconds(1999), Expires::from_secs(1));
        assert_eq!(milliseconds(999), Err(InvalidExpires { seconds: 0, max_days: 7 }));
    }
}
