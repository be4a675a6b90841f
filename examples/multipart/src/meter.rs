//! Counts the bytes of one attempt, and ends an attempt that moves no byte.

use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::Event;
use crate::transfer::Shared;

/// Counts the bytes of one attempt.
pub struct Meter {
    shared: Shared,
    /// `None` when the attempt has ended and its bytes are lost.
    bytes: Mutex<Option<u64>>,
}

impl Meter {
    pub fn new(shared: &Shared) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { shared: shared.clone(), bytes: Mutex::new(Some(0)) })
    }

    pub fn moved(&self, bytes: usize) {
        let bytes = bytes as u64;
        // The task of the connection may read on until it notices that the attempt has ended. The lock is kept, so
        // that bytes are not reported as lost before they are reported as moved.
        let mut counted = self.counted();
        let Some(all) = counted.as_mut() else { return };
        *all += bytes;
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
            let before = *self.counted();
            tokio::select! {
                outcome = &mut attempt => return outcome.inspect(|_| lost.0 = None),
                () = sleep(stall) => {
                    if *self.counted() == before {
                        return Err(self.shared.timeout(stall));
                    }
                }
            }
        }
    }

    fn counted(&self) -> MutexGuard<'_, Option<u64>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reports the bytes of an attempt, unless it has succeeded.
struct Lost<'m>(Option<&'m Meter>);

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        if let Some(meter) = self.0
            && let Some(bytes) = meter.counted().take()
        {
            meter.shared.tell(Event::Lost { bytes });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use bucket::{Keys, Storage};
    use countersign::s3::Endpoint;
    use countersign::{Credentials, SecretAccessKey};

    use super::*;
    use crate::{Options, Transfer};

    #[tokio::test]
    async fn bytes_that_move_after_an_attempt_has_ended_do_not_count() {
        let keys = Keys::fixed(Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap());
        let endpoint = Endpoint::parse("http://localhost:1").unwrap();
        let client = Storage::new(endpoint, "us-east-1", "a test", keys).unwrap().bucket("examplebucket");
        let (bar, counted) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let shown = bar.clone();
        let transfer = Transfer::new(client, Options::default(), move |event| match event {
            Event::Moved { bytes } => _ = shown.fetch_add(*bytes as i64, Ordering::Relaxed),
            Event::Lost { bytes } => _ = shown.fetch_sub(*bytes as i64, Ordering::Relaxed),
            _ => {}
        });
        let meter = Meter::new(&transfer.shared);
        let attempt = async {
            meter.moved(3);
            counted.store(bar.load(Ordering::Relaxed), Ordering::Relaxed);
            Err::<(), _>(bucket::Error::Interrupted("a test".into()))
        };
        assert!(meter.watch(Duration::from_secs(60), attempt).await.is_err());

        meter.moved(5);
        assert_eq!((counted.load(Ordering::Relaxed), bar.load(Ordering::Relaxed)), (3, 0));
    }
}
