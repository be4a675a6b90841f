//! Failed requests: which are repeated, when, and for how long.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::transfer::Shared;
use crate::{Error, Event};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// The number of times that a request whose keys are refused is signed again, if the keys have changed.
const RENEWALS: u32 = 2;
/// The number of attempts to connect to a server that has never answered.
const FIRST_CONNECTIONS: u32 = 3;
/// The number of tokens that a retry costs. A success gives one token back.
const COST: i64 = 5;

/// The retries that all parts share: when everything fails, the transfer ends soon.
#[derive(Debug)]
pub struct Budget {
    tokens: AtomicI64,
    most: i64,
    /// True once the server has answered a request.
    has_answered: AtomicBool,
}

impl Budget {
    pub fn new(retries: u32) -> Self {
        let most = i64::from(retries) * COST;
        Self { tokens: AtomicI64::new(most), most, has_answered: AtomicBool::new(false) }
    }

    fn take(&self) -> bool {
        let less = |tokens| (tokens >= COST).then_some(tokens - COST);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// Gives all retries back.
    pub fn refill(&self) {
        self.tokens.store(self.most, Ordering::Relaxed);
    }

    pub fn succeeded(&self) {
        self.has_answered.store(true, Ordering::Relaxed);
        if self.tokens.load(Ordering::Relaxed) < self.most {
            self.tokens.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The failures of one request.
#[derive(Debug, Default)]
pub struct Failures {
    all: u32,
    /// The refusals because of the keys.
    of_keys: u32,
}

impl Failures {
    /// Returns true if an attempt has failed, and another one followed it.
    pub fn any(&self) -> bool {
        self.all > 0
    }
}

impl Shared {
    /// Tries until a request succeeds, is refused for good, or has failed too often. Each attempt makes
    /// its request again, so that its signature is fresh.
    pub async fn attempts<T, F>(&self, task: &str, mut attempt: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, bucket::Error>>,
    {
        let mut failures = Failures::default();
        loop {
            match attempt().await {
                Ok(value) => {
                    self.budget.succeeded();
                    return Ok(value);
                }
                Err(error) => self.pause(task, &mut failures, error).await?,
            }
        }
    }

    /// Waits before the next attempt, or returns the error if there is to be none.
    pub async fn pause(
        &self,
        task: &str,
        failures: &mut Failures,
        error: bucket::Error,
    ) -> Result<(), Error> {
        if matches!(error, bucket::Error::Refused(_)) {
            self.budget.has_answered.store(true, Ordering::Relaxed);
        }
        let kind = self.kind_of(&error);
        failures.all += 1;
        failures.of_keys += u32::from(kind == Kind::Keys);
        let attempts = self.attempts_of(kind);
        let is_last = failures.all >= attempts;
        match kind {
            Kind::Final => return Err(error.into()),
            Kind::NoConnection if is_last => return Err(error.into()),
            Kind::Keys if failures.of_keys > RENEWALS || !self.client.storage().renew_keys().await => {
                return Err(error.into());
            }
            Kind::Congestion => {
                if let Some(limit) = self.limiter.congested() {
                    self.tell(Event::Concurrency { limit });
                }
            }
            Kind::NoConnection | Kind::Failure | Kind::Keys => {}
        }
        if is_last {
            return Err(Error::GaveUp { attempts, source: error });
        }
        if !self.budget.take() {
            return Err(Error::Budget { source: error });
        }
        let wait = jitter(failures.all);
        tracing::debug!(task, %error, ?wait, "an attempt failed");
        let (task, reason) = (task.to_owned(), error.to_string());
        self.tell(Event::Retry { task, attempt: failures.all + 1, attempts, reason, wait });
        sleep(wait).await;
        Ok(())
    }

    fn kind_of(&self, error: &bucket::Error) -> Kind {
        match error.is_connect() && !self.budget.has_answered.load(Ordering::Relaxed) {
            true => Kind::NoConnection,
            false => Kind::of(error),
        }
    }

    /// Returns the number of attempts that a request has if this is its error.
    fn attempts_of(&self, kind: Kind) -> u32 {
        let most = self.options.attempts;
        match kind {
            Kind::Final => 1,
            Kind::NoConnection => most.min(FIRST_CONNECTIONS),
            Kind::Failure | Kind::Congestion | Kind::Keys => most,
        }
    }
}

/// Full jitter: anything up to the pause, which doubles each time. Clients that failed together do not
/// come back together.
fn jitter(failed: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << (failed - 1).min(20)).min(LONGEST_PAUSE);
    longest.mul_f64(fastrand::f64())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Repeating cannot help.
    Final,
    /// No connection was made to a server that has never answered. A wrong endpoint is likelier than a server
    /// that is down at the moment.
    NoConnection,
    /// The connection or the server has failed.
    Failure,
    /// There is too much to do.
    Congestion,
    /// The keys have ended, or were replaced.
    Keys,
}

impl Kind {
    fn of(error: &bucket::Error) -> Self {
        match error {
            bucket::Error::Timeout { .. } => Self::Congestion,
            bucket::Error::Transport { .. } | bucket::Error::Interrupted(_) | bucket::Error::Answer(_) => {
                Self::Failure
            }
            bucket::Error::Refused(refusal) => match (refusal.status, &*refusal.code) {
                (503 | 429, _) | (_, "SlowDown" | "RequestTimeout") => Self::Congestion,
                (500 | 502 | 504 | 408, _) | (_, "InternalError" | "IncompleteBody" | "BadDigest") => {
                    Self::Failure
                }
                (_, "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" | "InvalidAccessKeyId") => {
                    Self::Keys
                }
                // The answer to HEAD has no body, and so no code.
                (403, "Forbidden") => Self::Keys,
                _ => Self::Final,
            },
            _ => Self::Final,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_random() {
        for (failed, longest) in [(1, 100), (2, 200), (5, 1600), (30, 20_000)] {
            let pauses: Vec<_> = (0..50).map(|_| jitter(failed)).collect();
            assert!(pauses.iter().all(|pause| *pause <= Duration::from_millis(longest)));
            assert!(pauses.iter().any(|pause| *pause < Duration::from_millis(longest / 2)));
        }
    }

    #[test]
    fn the_budget_is_shared_and_refilled_by_successes() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        (0..2 * COST).for_each(|_| budget.succeeded());
        assert!(budget.take());
    }

    #[test]
    fn a_retry_that_is_denied_costs_nothing() {
        let budget = Budget::new(1);
        assert!(budget.take() && (0..100).all(|_| !budget.take()));
        (0..COST).for_each(|_| budget.succeeded());
        assert!(budget.take());
    }
}
