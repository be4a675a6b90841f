//! The state that all parts of all objects share.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bucket::Client;

use crate::hedge::Pace;
use crate::limiter::Limiter;
use crate::pool::Pool;
use crate::retry::Budget;
use crate::{Event, Options};

/// Cloudflare R2 refuses to complete an upload whose parts are not equal, except for the last:
/// <https://developers.cloudflare.com/r2/objects/upload-objects/>.
const ONLY_EQUAL_PARTS: &str = ".r2.cloudflarestorage.com";

/// Moves objects between files and a bucket. Clones share the number of requests at the same time, and
/// the budget of retries.
#[derive(Clone)]
pub struct Transfer {
    pub(crate) shared: Shared,
}

#[derive(Clone)]
pub struct Shared(Arc<Inner>);

pub struct Inner {
    pub client: Client,
    pub options: Options,
    pub limiter: Arc<Limiter>,
    pub budget: Budget,
    pub pace: Pace,
    pub pool: Pool,
    progress: Box<dyn Fn(&Event) + Send + Sync>,
}

impl Transfer {
    /// `progress` is called often, and from several threads.
    pub fn new(
        client: Client,
        mut options: Options,
        progress: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Self {
        if client.storage().endpoint().authority().ends_with(ONLY_EQUAL_PARTS) {
            options.smallest_part = None;
        }
        let (limiter, budget) = (Limiter::new(options.concurrency), Budget::new(options.retries));
        let (pool, progress) = (Pool::default(), Box::new(progress));
        let pace = Pace::default();
        Self { shared: Shared(Arc::new(Inner { client, options, limiter, budget, pace, pool, progress })) }
    }

    /// Returns the memory that all buffers for the bytes of objects take. It only grows, so it is the most
    /// that the transfer has taken. It depends on the number of requests at the same time, and not on the
    /// size of objects or parts.
    pub fn buffered(&self) -> usize {
        self.shared.pool.bytes()
    }
}

impl Deref for Shared {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    pub fn tell(&self, event: Event) {
        (self.progress)(&event);
    }

    pub fn note(&self, text: impl Into<String>) {
        self.tell(Event::Note { text: text.into() });
    }

    pub fn timeout(&self, limit: Duration) -> bucket::Error {
        let host = self.client.storage().endpoint().authority().to_owned();
        bucket::Error::Timeout { host, seconds: limit.as_secs() }
    }
}
