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
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use countersign::SecretAccessKey;

    use super::*;

    /// Credentials that are fetched with these results in turn, again and again.
    fn keys(answers: &'static [Answer]) -> (Keys, Arc<AtomicUsize>) {
        let fetched = Arc::new(AtomicUsize::new(0));
        let counter = fetched.clone();
        let keys = Keys::renewed(move || {
            let (id, lifetime) = match answers[counter.fetch_add(1, Ordering::Relaxed) % answers.len()] {
                Answer::Key(id, lifetime) => (id, lifetime),
                Answer::Failure => return std::future::ready(Err("no answer".into())),
            };
            let ends = now().unwrap().checked_add(Duration::from_secs(lifetime)).unwrap();
            let credentials = Credentials::new(id, SecretAccessKey::new("secret")).unwrap();
            std::future::ready(Ok(credentials.with_expiration(ends)))
        });
        (keys, fetched)
    }

    enum Answer {
        /// An access key, and the seconds until its end.
        Key(&'static str, u64),
        Failure,
    }

    #[tokio::test]
    async fn after_a_renewal_the_next_fetch_is_ten_seconds_later_at_the_earliest() {
        use Answer::{Failure, Key};
        const LAST: u64 = 3600;
        // (the results of the fetches, how many fetches the first requests cause, and the first refusals)
        let cases: [(&'static [Answer], usize, usize); 6] = [
            // A renewal fails while the old credentials are valid.
            (&[Key("A", 100), Failure], 2, 2),
            // There are no credentials.
            (&[Failure], 1, 1),
            // Each fetch brings credentials that end soon.
            (&[Key("A", 100)], 2, 2),
            // The service refuses the credentials, and they stay the same.
            (&[Key("A", LAST)], 1, 2),
            // The service refuses the credentials, and each fetch brings others.
            (&[Key("A", LAST), Key("B", LAST)], 1, 2),
            // The service refuses the credentials, and they cannot be renewed.
            (&[Key("A", LAST), Failure], 1, 2),
        ];
        for (number, (answers, by_requests, by_refusals)) in cases.into_iter().enumerate() {
            let (keys, fetched) = keys(answers);
            for _ in 0..100 {
                let has_credentials = keys.signer("us-east-1").await.is_ok();
                assert_eq!(has_credentials, !matches!(answers[0], Failure), "case {number}");
            }
            assert_eq!(fetched.load(Ordering::Relaxed), by_requests, "case {number}");
            for _ in 0..100 {
                keys.renew("us-east-1").await;
            }
            assert_eq!(fetched.load(Ordering::Relaxed), by_refusals, "case {number}");
            keys.state.lock().await.renewed = Instant::now().checked_sub(PAUSE);
            keys.renew("us-east-1").await;
            assert_eq!(fetched.load(Ordering::Relaxed), by_refusals + 1, "case {number}");
        }
    }

    #[tokio::test]
    async fn a_request_is_signed_again_after_its_keys_have_changed() {
        let (keys, _) = keys(&[Answer::Key("A", 3600), Answer::Key("A", 3600), Answer::Key("B", 3600)]);
        assert_eq!(keys.signer("us-east-1").await.unwrap().credentials().access_key_id(), "A");
        assert!(!keys.renew("us-east-1").await);
        keys.state.lock().await.renewed = Instant::now().checked_sub(PAUSE);
        assert!(keys.renew("us-east-1").await);
        // Other requests were signed with the old keys too.
        assert!(keys.renew("us-east-1").await);
        assert_eq!(keys.signer("us-east-1").await.unwrap().credentials().access_key_id(), "B");
        keys.state.lock().await.changed = Instant::now().checked_sub(IN_PROGRESS);
        assert!(!keys.renew("us-east-1").await);
    }

    #[tokio::test]
    async fn the_error_of_a_fetch_is_returned_until_the_next_one() {
        let (keys, _) = self::keys(&[Answer::Failure]);
        for _ in 0..2 {
            let error = keys.signer("us-east-1").await.err().unwrap();
            assert_eq!(error.to_string(), "there are no credentials: no answer");
        }
        // A wrong region is not an error of the credentials.
        let (keys, _) = self::keys(&[Answer::Key("A", 3600)]);
        for _ in 0..2 {
            let error = keys.signer("no region").await.err().unwrap();
            assert!(matches!(error, Error::Config(_)), "{error}");
        }
    }
}
