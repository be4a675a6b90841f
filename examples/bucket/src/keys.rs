//! The keys that sign, and their renewal before they end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::{Credentials, Service, Signer};
use tokio::sync::Mutex;

use crate::{AnyError, Error, now};

/// The credentials, which are fetched again before they expire.
pub struct Keys {
    source: Source,
    current: Mutex<Option<Arc<Signer>>>,
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

/// The time for which requests that were signed with earlier credentials may still be answered.
const IN_PROGRESS: Duration = Duration::from_secs(60);

impl Keys {
    pub fn fixed(credentials: Credentials) -> Self {
        Self { source: Source::Fixed(credentials), current: Mutex::default(), changed: Mutex::default() }
    }

    /// Takes credentials from `fetch`, again and again: AWS's configuration, or anything else.
    pub fn renewed<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Credentials, AnyError>> + Send + 'static,
    {
        let source = Source::Renewed(Box::new(move || Box::pin(fetch())));
        Self { source, current: Mutex::default(), changed: Mutex::default() }
    }

    /// Returns a signer whose credentials are valid now. Callers that arrive during a renewal wait
    /// for it, so that there is one at a time. If a renewal fails, the old credentials serve as long
    /// as they are valid.
    pub(crate) async fn signer(&self, region: &str) -> Result<Arc<Signer>, Error> {
        let mut current = self.current.lock().await;
        if let Some(signer) = current.as_ref().filter(|signer| !ends_within(signer, AHEAD)) {
            return Ok(signer.clone());
        }
        let fetched = match &self.source {
            Source::Fixed(credentials) => Ok(credentials.clone()),
            Source::Renewed(fetch) => fetch().await,
        };
        match (fetched, current.as_ref()) {
            (Ok(credentials), _) => {
                let signer = Arc::new(Signer::new(credentials, region.to_owned(), Service::S3)?);
                Ok(current.insert(signer).clone())
            }
            (Err(error), Some(old)) if !ends_within(old, Duration::ZERO) => {
                tracing::warn!(%error, "the credentials were not renewed; the old ones are still valid");
                Ok(old.clone())
            }
            (Err(error), _) => Err(Error::Keys(error)),
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
