//! A second attempt of a request that takes much longer than the others (hedging).
//!
//! One slow connection would otherwise decide when a transfer ends. No part is sent twice while another one
//! waits to be sent.

use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::select_ok;
use tokio::time::sleep;

use crate::Event;
use crate::transfer::Shared;

/// A request is slow when it takes this many times as long as the mean of the others.
const SLOW: f64 = 3.0;
const LEAST: Duration = Duration::from_secs(1);
/// The mean of fewer requests says little.
const ENOUGH: u32 = 3;

/// The time that parts took.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Took>);

#[derive(Debug, Default)]
struct Took {
    count: u32,
    total: Duration,
}

impl Pace {
    fn took(&self, time: Duration) {
        let mut took = self.state();
        took.count += 1;
        took.total += time;
    }

    /// Returns the time after which a request is slow, if enough have ended to know.
    fn slow(&self) -> Option<Duration> {
        let took = self.state();
        let mean = took.total.checked_div(took.count).filter(|_| took.count >= ENOUGH)?;
        Some(mean.mul_f64(SLOW).max(LEAST))
    }

    fn state(&self) -> MutexGuard<'_, Took> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Makes an attempt. If it is slow, and one more request may run, a second attempt begins, and the first
    /// success of the two counts. The other is dropped, and its connection closed.
    pub async fn hedged<T, F>(&self, task: &str, attempt: impl Fn() -> F) -> Result<T, bucket::Error>
    where
        F: Future<Output = Result<T, bucket::Error>>,
    {
        let began = Instant::now();
        let mut first = pin!(attempt());
        let _permit = loop {
            tokio::select! {
                outcome = &mut first => {
                    if outcome.is_ok() {
                        self.pace.took(began.elapsed());
                    }
                    return outcome;
                }
                () = sleep(LEAST) => {}
            }
            let is_slow = self.pace.slow().is_some_and(|slow| began.elapsed() >= slow);
            if is_slow
                && self.options.hedge
                && let Some(permit) = self.limiter.try_acquire()
            {
                break permit;
            }
        };
        self.tell(Event::Hedged { task: task.to_owned() });
        let second = pin!(attempt());
        let (sent, _) = select_ok([first, second]).await?;
        Ok(sent)
    }
}
