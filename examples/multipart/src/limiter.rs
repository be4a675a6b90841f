//! The limit of the requests that run at the same time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::Concurrency;

const FIRST: usize = 8;
/// A request in progress takes about a MiB, so this keeps a transfer within 64 MiB.
const MOST: usize = 32;
const WINDOW: Duration = Duration::from_secs(1);
/// After so many windows without a gain, the next number is tried again.
const PATIENCE: u32 = 10;

/// Lets as many requests run as the server takes.
///
/// Each second it compares the rate with the best so far: one more request is allowed while that makes
/// the transfer at least a twentieth faster. When the server asks to slow down, or does not answer, the
/// number is halved, at most once in a second.
pub struct Limiter {
    state: Mutex<State>,
    free: Notify,
    adaptive: bool,
}

struct State {
    running: usize,
    limit: usize,
    bytes: u64,
    window: Instant,
    best: f64,
    idle: u32,
    halved: Option<Instant>,
}

impl Limiter {
    pub fn new(concurrency: Concurrency) -> Arc<Self> {
        let (limit, adaptive) = match concurrency {
            Concurrency::Adaptive => (FIRST, true),
            Concurrency::Fixed(limit) => (limit.max(1), false),
        };
        let window = Instant::now();
        let state = State { running: 0, limit, bytes: 0, window, best: 0.0, idle: 0, halved: None };
        Arc::new(Self { state: Mutex::new(state), free: Notify::new(), adaptive })
    }

    /// Waits until one more request may run. It may run as long as the permit lives.
    pub async fn acquire(self: &Arc<Self>) -> Permit {
        loop {
            let freed = self.free.notified();
            if let Some(permit) = self.try_acquire() {
                return permit;
            }
            freed.await;
        }
    }

    /// Returns the right to run one more request, if it may run now.
    pub fn try_acquire(self: &Arc<Self>) -> Option<Permit> {
        let mut state = self.state();
        if state.running >= state.limit {
            return None;
        }
        state.running += 1;
        if state.running < state.limit {
            self.free.notify_one();
        }
        Some(Permit(self.clone()))
    }

    /// Counts bytes. Returns the limit if it has changed.
    pub fn moved(&self, bytes: u64) -> Option<usize> {
        if !self.adaptive {
            return None;
        }
        let mut state = self.state();
        state.bytes += bytes;
        let elapsed = state.window.elapsed();
        if elapsed < WINDOW {
            return None;
        }
        let rate = state.bytes as f64 / elapsed.as_secs_f64();
        let grown = state.step(rate);
        state.bytes = 0;
        state.window = Instant::now();
        let limit = state.limit;
        drop(state);
        self.free.notify_one();
        grown.then_some(limit)
    }

    /// Halves the number of requests. Returns the limit if it has changed.
    pub fn congested(&self) -> Option<usize> {
        let mut state = self.state();
        if !self.adaptive || state.halved.is_some_and(|then| then.elapsed() < WINDOW) {
            return None;
        }
        let before = state.limit;
        state.limit = (before / 2).max(1);
        state.halved = Some(Instant::now());
        state.best = 0.0;
        (state.limit != before).then_some(state.limit)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Decides at the end of a window. Returns true if the limit has grown.
    fn step(&mut self, rate: f64) -> bool {
        self.idle += 1;
        // A transfer that does not use what it has cannot tell whether more would help.
        let used = self.running >= self.limit;
        let faster = rate > self.best * 1.05;
        if !used || self.limit >= MOST || (!faster && self.idle < PATIENCE) {
            return false;
        }
        self.best = rate;
        self.idle = 0;
        self.limit += 1;
        true
    }
}

/// The right to run one request.
pub struct Permit(Arc<Limiter>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.state().running -= 1;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(limiter: &Limiter) -> MutexGuard<'_, State> {
        limiter.state()
    }

    #[test]
    fn the_limit_rises_while_the_transfer_gets_faster() {
        let limiter = Limiter::new(Concurrency::Adaptive);
        let mut state = state(&limiter);
        state.running = 8;
        assert!(state.step(100.0));
        state.running = 9;
        assert!(state.step(110.0));
        state.running = 10;
        assert!(!state.step(111.0));
        assert_eq!(state.limit, 10);
        // Ten windows later it is tried again.
        assert!((0..10).any(|_| state.step(111.0)));
    }

    #[test]
    fn the_limit_does_not_rise_unless_it_is_reached() {
        let limiter = Limiter::new(Concurrency::Adaptive);
        assert!(!state(&limiter).step(100.0));
    }

    #[test]
    fn the_limit_halves_once_for_failures_at_the_same_time() {
        let limiter = Limiter::new(Concurrency::Adaptive);
        assert_eq!(limiter.congested(), Some(4));
        assert_eq!(limiter.congested(), None);
        state(&limiter).halved = None;
        assert_eq!(limiter.congested(), Some(2));
        assert_eq!(Limiter::new(Concurrency::Fixed(3)).congested(), None);
    }

    #[tokio::test]
    async fn no_more_than_the_limit_run() {
        let limiter = Limiter::new(Concurrency::Fixed(2));
        let (first, _second) = (limiter.acquire().await, limiter.acquire().await);
        let third = tokio::time::timeout(Duration::from_millis(50), limiter.acquire());
        assert!(third.await.is_err());
        drop(first);
        tokio::time::timeout(Duration::from_secs(5), limiter.acquire()).await.unwrap();
    }
}
