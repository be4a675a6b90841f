//! Counts the bytes of one attempt, and ends an attempt that moves no byte.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::Event;
use crate::transfer::Shared;

/// Counts the bytes of one attempt.
pub struct Meter {
    shared: Shared,
    bytes: AtomicU64,
}

impl Meter {
    pub fn new(shared: &Shared) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { shared: shared.clone(), bytes: AtomicU64::new(0) })
    }

    pub fn moved(&self, bytes: usize) {
        let bytes = bytes as u64;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if let Some(limit) = self.shared.limiter.moved(bytes) {
            self.shared.tell(Event::Concurrency { limit });
        }
        self.shared.tell(Event::Moved { bytes });
    }

    /// The attempt has failed, and its bytes will be sent again.
    pub fn lost(&self) {
        self.shared.tell(Event::Lost { bytes: self.bytes.load(Ordering::Relaxed) });
    }

    /// Waits for an attempt as long as bytes move. An answer may take as long as `stall` after the last.
    pub async fn watch<T>(
        &self,
        stall: Duration,
        attempt: impl Future<Output = Result<T, bucket::Error>>,
    ) -> Result<T, bucket::Error> {
        let mut attempt = pin!(attempt);
        loop {
            let before = self.bytes.load(Ordering::Relaxed);
            tokio::select! {
                outcome = &mut attempt => return outcome,
                () = sleep(stall) => {
                    if self.bytes.load(Ordering::Relaxed) == before {
                        return Err(self.shared.timeout(stall));
                    }
                }
            }
        }
    }
}
