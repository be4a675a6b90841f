//! Credentials that change during a transfer. The server refuses the old ones from then on.

use std::sync::{Arc, Mutex};

use bucket::{AnyError, Client, Keys, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey};
use multipart::{Concurrency, Error, Event, Options, Proof, Target, Transfer};

use crate::bench::{Bench, options, source};
use crate::proxy::{Fault, Proxy, Seen};

const SECOND: (&str, &str) = ("AKIDSECOND", "another secret");

/// Holds the credentials that the next fetch returns, as a file of credentials does.
type Current = Arc<Mutex<Credentials>>;

fn credentials((access_key, secret_key): (&str, &str)) -> Credentials {
    Credentials::new(access_key, SecretAccessKey::new(secret_key)).unwrap()
}

fn client(bench: &Bench, url: &str) -> (Client, Current) {
    let first = credentials((&bench.server.access_key, &bench.server.secret_key));
    let current = Arc::new(Mutex::new(first));
    let fetched = current.clone();
    let keys = Keys::renewed(move || {
        let credentials = fetched.lock().unwrap().clone();
        async move { Ok::<_, AnyError>(credentials) }
    });
    let endpoint = Endpoint::parse(url).unwrap();
    let storage = Storage::new(endpoint, &bench.server.region, url, keys).unwrap();
    (storage.bucket(&bench.server.bucket), current)
}

/// Changes the keys after `after` parts.
fn transfer(bench: &Arc<Bench>, client: &Client, current: Current, after: usize) -> Transfer {
    let (bench, done) = (bench.clone(), Mutex::new(0));
    // Nothing stalls here. On a busy machine, a part may take longer than the other tests allow.
    let options = Options { stall: Options::default().stall, ..options() };
    Transfer::new(client.clone(), options, move |event| {
        if !matches!(event, Event::Done { .. }) {
            return;
        }
        let mut done = done.lock().unwrap();
        *done += 1;
        if *done == after {
            // In this order, so that a refused request finds the new keys.
            *current.lock().unwrap() = credentials(SECOND);
            bench.server.change_keys(SECOND.0, SECOND.1);
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_a_change_of_the_keys() {
    let bench = Arc::new(Bench::new().await);
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
    let (client, current) = client(&bench, &proxy.url);
    let transfer = transfer(&bench, &client, current, 10);
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(uploaded.sent, 17 << 20);
    assert!(client.get("object").await.unwrap() == bytes);

    // Each part that was refused was signed again, with the new keys.
    let seen = proxy.seen();
    let refused: Vec<_> = seen.iter().filter(|seen| seen.status == Some(403)).collect();
    assert!(!refused.is_empty());
    for refused in refused {
        assert_eq!(refused.access_key, bench.server.access_key);
        let is_again = |seen: &&Seen| {
            seen.line == refused.line && seen.status == Some(200) && seen.access_key == SECOND.0
        };
        assert_eq!(seen.iter().filter(is_again).count(), 1, "{}", refused.line);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_has_failed_before_survives_a_change_of_the_keys() {
    let bench = Arc::new(Bench::new().await);
    let (path, bytes) = bench.file("file", 17 << 20, 6);
    let failures = std::sync::atomic::AtomicU32::new(0);
    // A part is requested three times without an answer, and its fourth request is refused.
    let proxy = Proxy::start(&bench.server.endpoint(), move |_, line| {
        let is_part = line.contains("partNumber=50&");
        match is_part && failures.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 3 {
            true => Fault::Drop,
            false => Fault::None,
        }
    })
    .await;
    let (client, current) = client(&bench, &proxy.url);
    let first = Mutex::new(Some(current));
    let (server, options) = (bench.clone(), Options { concurrency: Concurrency::Fixed(1), ..options() });
    let transfer = Transfer::new(client.clone(), options, move |event| {
        if matches!(event, Event::Retry { attempt: 4, .. })
            && let Some(current) = first.lock().unwrap().take()
        {
            *current.lock().unwrap() = credentials(SECOND);
            server.server.change_keys(SECOND.0, SECOND.1);
        }
    });
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert!(client.get("object").await.unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_keys_after_the_last_part_is_survived() {
    let bench = Arc::new(Bench::new().await);
    let (path, bytes) = bench.file("file", 17 << 20, 2);
    let (client, current) = client(&bench, &bench.server.endpoint());
    let transfer = transfer(&bench, &client, current, 68);
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert!(client.get("object").await.unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_survives_a_change_of_the_keys() {
    let bench = Arc::new(Bench::new().await);
    let (_, bytes) = bench.file("file", 17 << 20, 3);
    bench.direct.put("object", &bytes, &[]).await.unwrap();
    let (client, current) = client(&bench, &bench.server.endpoint());
    let transfer = transfer(&bench, &client, current, 10);
    transfer.download("object", &bench.path("copy")).await.unwrap();
    assert!(std::fs::read(bench.path("copy")).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_server_does_not_know_are_refused_soon() {
    let bench = Arc::new(Bench::new().await);
    let (path, _) = bench.file("file", 1000, 4);
    let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
    let (client, current) = client(&bench, &proxy.url);
    *current.lock().unwrap() = credentials(("AKIDUNKNOWN", "secret"));
    let transfer = transfer(&bench, &client, current, 0);
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(&error, Error::Storage(error) if error.code() == Some("InvalidAccessKeyId")), "{error}");
    assert_eq!(proxy.seen().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_cannot_read_are_enough_for_an_upload() {
    let bench = Arc::new(Bench::new().await);
    let (path, bytes) = bench.file("file", 17 << 20, 5);
    let is_read = |line: &str| line.starts_with("HEAD");
    let schedule = move |_, line: &str| if is_read(line) { Fault::Status(403) } else { Fault::None };
    let proxy = Proxy::start(&bench.server.endpoint(), schedule).await;
    let (client, current) = client(&bench, &proxy.url);
    let transfer = transfer(&bench, &client, current, 0);
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!((uploaded.sent, uploaded.proof), (17 << 20, Proof::EachPart));
    bench.check("object", &bytes).await;
    // The program looks for the object before and after, and keys that have not changed are not tried again.
    assert_eq!(proxy.seen().iter().filter(|seen| is_read(&seen.line)).count(), 2);
}
