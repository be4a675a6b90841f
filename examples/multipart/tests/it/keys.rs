//! Credentials that change during a transfer. The server refuses the old ones from then on.

use std::sync::{Arc, Mutex};

use bucket::{AnyError, Client, Keys, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey};
use multipart::{Error, Event, Proof, Target, Transfer};

use crate::bench::{Bench, options, source};
use crate::proxy::{Fault, Proxy};

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
    Transfer::new(client.clone(), options(), move |event| {
        if !matches!(event, Event::Done { .. }) {
            return;
        }
        let mut done = done.lock().unwrap();
        *done += 1;
        if *done == after {
            bench.server.change_keys(SECOND.0, SECOND.1);
            *current.lock().unwrap() = credentials(SECOND);
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
        let again = seen.iter().find(|seen| seen.line == refused.line && seen.status == Some(200));
        assert_eq!(again.unwrap().access_key, SECOND.0, "{}", refused.line);
    }
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
