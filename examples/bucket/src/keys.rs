//! The keys that sign, and their renewal before they end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use countersign::{Credentials, Service, Signer};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{AnyError, Error, now};

/// The credentials, which are fetched again before they expire.
pub struct Keys {
    source: Source,
    current: Mutex<Option<Arc<Signer>>>,
    /// The time of the last renewal that failed.
    failed: Mutex<Option<Instant>>,
    /// The time of the last change after a refusal.
    changed: Mutex<Option<Instant>>,
}

enum Source {
    Fixed(Credentials),
    Renewed(Box<dyn Fn() -> Fetching + Send + Sync>),
}

type Fetching = Pin<Box<dyn Future<Output = Result<Credentials, AnyError>> + Send>>;

/// A request that is signed now may be checked minutes later.
const AHEAD: Duration = Duration::from_secs(300);

/// The time between two renewals of which the first has failed.
const PAUSE: Duration = Duration::from_secs(10);

/// The time for which requests that were signed with earlier credentials may still be answered.
const IN_PROGRESS: Duration = Duration::from_secs(60);

impl Keys {
    pub fn fixed(credentials: Credentials) -> Self {
        Self::new(Source::Fixed(credentials))
    }

    /// Takes credentials from `fetch`, again and again: AWS's configuration, or anything else.
    pub fn renewed<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Credentials, AnyError>> + Send + 'static,
    {
        Self::new(Source::Renewed(Box::new(move || Box::pin(fetch()))))
    }

    fn new(source: Source) -> Self {
        Self { source, current: Mutex::default(), failed: Mutex::default(), changed: Mutex::default() }
    }

    /// Returns a signer whose credentials are valid now. Callers that arrive during a renewal wait
    /// for it, so that there is one at a time. If a renewal fails, the old credentials serve as long
    /// as they are valid, and the next renewal is tried after ten seconds.
    pub(crate) async fn signer(&self, region: &str) -> Result<Arc<Signer>, Error> {
        let mut current = self.current.lock().await;
        if let Some(signer) = current.as_ref().filter(|signer| !ends_within(signer, AHEAD)) {
            return Ok(signer.clone());
        }
        let mut failed = self.failed.lock().await;
        let usable = current.clone().filter(|signer| !ends_within(signer, Duration::ZERO));
        if let (Some(old), Some(then)) = (&usable, *failed)
            && then.elapsed() < PAUSE
        {
            return Ok(old.clone());
        }
        let fetched = match &self.source {
            Source::Fixed(credentials) => Ok(credentials.clone()),
            Source::Renewed(fetch) => fetch().await,
        };
        match (fetched, usable) {
            (Ok(credentials), _) => {
                let signer = Arc::new(Signer::new(credentials, region.to_owned(), Service::S3)?);
                Ok(current.insert(signer).clone())
            }
            (Err(error), Some(old)) => {
                *failed = Some(Instant::now());
                tracing::warn!(%error, "the credentials were not renewed; the old ones are still valid");
                Ok(old)
            }
            (Err(error), None) => Err(Error::Keys(error)),
        }
    }
}

impl Keys {
    /// Fetches credentials again, because the service has refused a request. Returns true if they have
    /// changed now or less than a minute ago: then the request may have been signed with older ones.
    pub(crate) async fn renew(&self, region: &str) -> bool {
        let Source::Renewed(fetch) = &self.source else { return false };
        let mut current = self.current.lock().await;
        let mut changed = self.changed.lock().await;
        if let Ok(credentials) = fetch().await {
            let same = current.as_ref().is_some_and(|signer| is_same(signer.credentials(), &credentials));
            if !same && let Ok(signer) = Signer::new(credentials, region.to_owned(), Service::S3) {
                *current = Some(Arc::new(signer));
                *changed = Some(Instant::now());
            }
        }
        changed.is_some_and(|then| then.elapsed() < IN_PROGRESS)
    }
}

fn is_same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id() && one.session_token() == other.session_token()
}

fn ends_within(signer: &Signer, ahead: Duration) -> bool {
    let (Some(expiration), Ok(now)) = (signer.credentials().expiration(), now()) else { return false };
    now.checked_add(ahead).is_none_or(|then| expiration <= then)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use countersign::SecretAccessKey;

    use super::*;

    #[tokio::test]
    async fn a_renewal_that_fails_is_tried_again_after_a_pause() {
        let fetched = Arc::new(AtomicUsize::new(0));
        let counter = fetched.clone();
        // They end soon, so they are renewed at once.
        let ends = now().unwrap().checked_add(Duration::from_secs(100)).unwrap();
        let keys = Keys::renewed(move || {
            let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
            let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap();
            let credentials = credentials.with_expiration(ends);
            std::future::ready(if first { Ok(credentials) } else { Err("no answer".into()) })
        });
        for _ in 0..100 {
            assert!(keys.signer("us-east-1").await.is_ok());
        }
        assert_eq!(fetched.load(Ordering::Relaxed), 2);
        *keys.failed.lock().await = Instant::now().checked_sub(PAUSE);
        assert!(keys.signer("us-east-1").await.is_ok());
        assert_eq!(fetched.load(Ordering::Relaxed), 3);
    }
}
