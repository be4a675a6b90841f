//! The keys that sign, and their renewal before they end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use countersign::{ConfigError, Credentials, Service, Signer};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::causes;
use crate::{AnyError, Error, now};

/// The credentials, which are fetched again before they expire, and after the service has refused them.
///
/// After a renewal, and after a fetch that failed, the next fetch is ten seconds later at the earliest. Until
/// then the credentials or the error of the last one are returned, however many requests are sent or refused.
pub struct Keys {
    source: Source,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Signer>>,
    /// The reason why the last fetch failed.
    failed: Option<Failed>,
    /// The time of the last renewal, or of the last fetch that failed.
    renewed: Option<Instant>,
    /// The time at which a renewal brought other credentials.
    changed: Option<Instant>,
}

/// The reason why there are no credentials. It is returned more than once, and [`Error`] is not `Clone`.
#[derive(Clone)]
enum Failed {
    Fetch(String),
    Config(ConfigError),
}

enum Source {
    Fixed(Credentials),
    Renewed(Box<dyn Fn() -> Fetching + Send + Sync>),
}

type Fetching = Pin<Box<dyn Future<Output = Result<Credentials, AnyError>> + Send>>;

/// A request that is signed now may be checked minutes later.
const AHEAD: Duration = Duration::from_secs(300);

/// The shortest time between a renewal and the next fetch.
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
        Self { source, state: Mutex::default() }
    }

    /// Returns a signer whose credentials are valid now. Callers that arrive during a renewal wait
    /// for it, so that there is one at a time. If a renewal fails, the old credentials serve as long
    /// as they are valid.
    pub(crate) async fn signer(&self, region: &str) -> Result<Arc<Signer>, Error> {
        let mut state = self.state.lock().await;
        if !state.has_valid(AHEAD) {
            self.fetch(&mut state, region).await;
        }
        let valid = state.has_valid(Duration::ZERO);
        match (&state.current, &state.failed) {
            (_, Some(failed)) if !valid => Err(failed.clone().into()),
            (Some(signer), _) => Ok(signer.clone()),
            (None, _) => Err(Error::Keys("nothing was fetched".into())),
        }
    }

    /// Fetches credentials again, because the service has refused a request. Returns true if they have
    /// changed now or less than a minute ago: then the request may have been signed with older ones.
    pub(crate) async fn renew(&self, region: &str) -> bool {
        if matches!(self.source, Source::Fixed(_)) {
            return false;
        }
        let mut state = self.state.lock().await;
        self.fetch(&mut state, region).await;
        state.changed.is_some_and(|then| then.elapsed() < IN_PROGRESS)
    }

    /// Fetches credentials, unless the last renewal is too recent.
    async fn fetch(&self, state: &mut State, region: &str) {
        if state.renewed.is_some_and(|then| then.elapsed() < PAUSE) {
            return;
        }
        let fetched = match &self.source {
            Source::Fixed(credentials) => Ok(credentials.clone()),
            Source::Renewed(fetch) => fetch().await.map_err(|error| Failed::Fetch(causes(error.as_ref()))),
        };
        let signer = fetched.and_then(|credentials| {
            Signer::new(credentials, region.to_owned(), Service::S3).map_err(Failed::Config)
        });
        let moment = Some(Instant::now());
        match (signer, &state.current) {
            (Ok(signer), old) => {
                if let Some(old) = old {
                    state.renewed = moment;
                    let same = is_same(old.credentials(), signer.credentials());
                    state.changed = if same { state.changed } else { moment };
                }
                state.current = Some(Arc::new(signer));
                state.failed = None;
            }
            (Err(failed), _) => {
                if state.has_valid(Duration::ZERO) {
                    let error = Error::from(failed.clone());
                    tracing::warn!(%error, "the credentials were not renewed; the old ones are still valid");
                }
                state.renewed = moment;
                state.failed = Some(failed);
            }
        }
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Fetch(reason) => Self::Keys(reason.into()),
            Failed::Config(error) => Self::Config(error),
        }
    }
}

impl State {
    /// Returns true if there are credentials that are valid after this time.
    fn has_valid(&self, ahead: Duration) -> bool {
        self.current.as_ref().is_some_and(|signer| !ends_within(signer, ahead))
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
mod tests;
