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

    /// Waits for an attempt as long as bytes move. An answer may take as long as `stall` after the last. If the
    /// attempt fails, or is dropped, its bytes are lost.
    pub async fn watch<T>(
        &self,
        stall: Duration,
        attempt: impl Future<Output = Result<T, bucket::Error>>,
    ) -> Result<T, bucket::Error> {
        let (mut attempt, mut lost) = (pin!(attempt), Lost(Some(self)));
        loop {
            let before = self.bytes.load(Ordering::Relaxed);
            tokio::select! {
                outcome = &mut attempt => return outcome.inspect(|_| lost.0 = None),
                () = sleep(stall) => {
                    if self.bytes.load(Ordering::Relaxed) == before {
                        return Err(self.shared.timeout(stall));
                    }
                }
            }
        }
    }
}

/// Reports the bytes of an attempt, unless it has succeeded.
struct Lost<'m>(Option<&'m Meter>);

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        if let Some(meter) = self.0 {
            meter.shared.tell(Event::Lost { bytes: meter.bytes.load(Ordering::Relaxed) });
        }
    }
}
