//! When credentials are fetched, and when not.

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
