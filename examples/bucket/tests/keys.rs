//! Credentials are renewed before they end, and a failed renewal does no harm while they are valid.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bucket::{AnyError, Error, Keys, Server, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey, Timestamp};

/// Credentials number `n`, which end after `lifetime`.
fn credentials(n: u32, lifetime: u64) -> Credentials {
    let end = Timestamp::now().checked_add(Duration::from_secs(lifetime)).unwrap();
    Credentials::new(format!("AKID{n}"), SecretAccessKey::new("secret")).unwrap().with_expiration(end)
}

/// A storage whose n-th fetch answers `answers[n]`: a lifetime, or a failure.
fn storage(answers: &'static [Option<u64>]) -> (Storage, Arc<AtomicU32>) {
    let fetched = Arc::new(AtomicU32::new(0));
    let counter = fetched.clone();
    let keys = Keys::renewed(move || {
        let n = counter.fetch_add(1, Ordering::SeqCst);
        let answer = answers[n as usize];
        async move { answer.map(|lifetime| credentials(n, lifetime)).ok_or_else(|| AnyError::from("no network")) }
    });
    let endpoint = Endpoint::parse("http://127.0.0.1:1").unwrap();
    (Storage::new(endpoint, "us-east-1", "test", keys).unwrap(), fetched)
}

async fn key_of(storage: &Storage) -> String {
    storage.signer().await.unwrap().credentials().access_key_id().to_owned()
}

#[tokio::test]
async fn credentials_are_renewed_before_they_end() {
    let (storage, fetched) = storage(&[Some(299), Some(3600)]);
    assert_eq!(key_of(&storage).await, "AKID0");
    assert_eq!(key_of(&storage).await, "AKID1");
    assert_eq!(key_of(&storage).await, "AKID1");
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn callers_at_the_same_time_cause_one_renewal() {
    let (storage, fetched) = storage(&[Some(3600)]);
    let callers = (0..50).map(|_| {
        let storage = storage.clone();
        tokio::spawn(async move { key_of(&storage).await })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.await.unwrap(), "AKID0");
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn old_credentials_serve_until_they_end() {
    let (storage, _) = storage(&[Some(2), None, None]);
    assert_eq!(key_of(&storage).await, "AKID0");
    assert_eq!(key_of(&storage).await, "AKID0");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(matches!(storage.signer().await, Err(Error::Keys(_))));
}

#[tokio::test]
async fn a_storage_uses_a_server_of_the_caller() {
    let server = Server::start().await.unwrap();
    let client = Storage::of(&server).unwrap().bucket(&server.bucket);
    client.put("key", b"body", &[]).await.unwrap();
    assert_eq!(client.get("key").await.unwrap(), "body");
}
