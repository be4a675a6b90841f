//! [`ServerClock`], which corrects a client's clock by the server's.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicI64, Ordering};

use ::http::{Response, StatusCode};

use super::clock::Clock;
use crate::time::Timestamp;

/// The client's clock, corrected by the difference that the latest refusal of the server showed.
#[derive(Clone, Default)]
pub(super) struct ServerClock {
    clock: Clock,
    /// In seconds. Positive if the server's clock is ahead.
    difference: Arc<AtomicI64>,
}

impl ServerClock {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, difference: Arc::default() }
    }

    /// Returns the time of the server.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        let corrected = now.unix_seconds().saturating_add(self.difference.load(Ordering::Relaxed));
        Timestamp::from_unix_seconds(corrected).unwrap_or(now)
    }

    /// Learns the server's time from the header `Date` of a response, if the response refuses the request
    /// and the clocks differ by more than four minutes.
    ///
    /// AWS's services allow a difference of 5 or 15 minutes. The reason for the refusal, such as
    /// `RequestTimeTooSkewed`, is in the body, which is the caller's to read.
    pub(super) fn learn<R>(&self, response: &Response<R>) {
        let is_refusal = matches!(response.status(), StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN);
        let date = response.headers().get("date").filter(|_| is_refusal);
        let date = date.and_then(|date| Timestamp::parse_http_date(date.to_str().ok()?).ok());
        let Some(server) = date.map(|date| date.unix_seconds()) else { return };
        if server.abs_diff(self.now().unix_seconds()) > MAX_DIFFERENCE {
            self.difference.store(server - self.clock.now().unix_seconds(), Ordering::Relaxed);
        }
    }
}

/// In seconds.
const MAX_DIFFERENCE: u64 = 4 * 60;
