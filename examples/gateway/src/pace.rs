//! [`Pace`]: the rate of a client, over the time that the gateway waits for it.

use std::fmt;
use std::time::Duration;

use crate::arguments::Limits;

/// Compares the bytes of a client with `--min-rate`, once for each `--min-rate-time` of waiting.
///
/// Each period is judged alone. Otherwise a client that sends a megabyte at once could send one byte at a time
/// for the rest of an hour.
pub struct Pace {
    rate: u64,
    period: Duration,
    waited: Duration,
    bytes: u64,
}

/// The reason to end a request whose client is too slow.
#[derive(Debug, PartialEq, Eq)]
pub struct TooSlow {
    pub bytes: u64,
    pub seconds: u64,
}

impl Pace {
    pub const fn new(limits: &Limits) -> Self {
        let (rate, period) = (limits.min_rate, Duration::from_secs(limits.min_rate_time));
        Self { rate, period, waited: Duration::ZERO, bytes: 0 }
    }

    /// Counts bytes, and the time that the gateway waited for them. The time that the server needs does not count.
    pub fn add(&mut self, waited: Duration, bytes: usize) -> Result<(), TooSlow> {
        self.waited = self.waited.saturating_add(waited);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if self.waited < self.period {
            return Ok(());
        }
        let (bytes, seconds) = (self.bytes, self.waited.as_secs());
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        if bytes < self.rate.saturating_mul(seconds) { Err(TooSlow { bytes, seconds }) } else { Ok(()) }
    }
}

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes in {} s, which is less than --min-rate", self.bytes, self.seconds)
    }
}

impl std::error::Error for TooSlow {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace { rate: 1000, period: Duration::from_secs(10), waited: Duration::ZERO, bytes: 0 }
    }

    #[test]
    fn each_period_is_judged_alone() {
        let second = Duration::from_secs(1);
        let mut pace = pace();
        assert!((0..100).all(|_| pace.add(second, 1000).is_ok()));
        assert!((0..9).all(|_| pace.add(second, 999).is_ok()));
        assert_eq!(pace.add(second, 999), Err(TooSlow { bytes: 9990, seconds: 10 }));
        // A gigabyte gives no credit for the next period.
        assert_eq!(pace.add(10 * second, 1 << 30), Ok(()));
        assert_eq!(pace.add(10 * second, 9999), Err(TooSlow { bytes: 9999, seconds: 10 }));
    }

    #[test]
    fn only_the_time_that_the_gateway_waits_for_the_client_counts() {
        let mut pace = pace();
        assert!((0..1_000_000).all(|_| pace.add(Duration::ZERO, 0).is_ok()));
        assert_eq!(pace.add(Duration::from_secs(9), 0), Ok(()));
        let mut without = Pace { rate: 0, ..self::pace() };
        assert!((0..100).all(|_| without.add(Duration::from_secs(60), 0).is_ok()));
    }
}
