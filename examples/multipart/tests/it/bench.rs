//! A server, files with known bytes, and the events of a transfer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bucket::{Client, Keys, Server, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey};
use multipart::{Concurrency, Event, LocalFile, Options, Source, Transfer};

/// The engine takes parts of any size; S3 wants 5 MiB.
pub const PART: u64 = 256 * 1024;

pub struct Bench {
    pub server: Server,
    /// Talks to the server directly.
    pub direct: Client,
    pub folder: tempfile::TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let server = Server::start().await.unwrap();
        let direct = Storage::of(&server).unwrap().bucket(&server.bucket);
        Self { server, direct, folder: tempfile::tempdir().unwrap() }
    }

    /// Returns a client that talks to another address, such as that of a proxy.
    pub fn through(&self, url: &str) -> Client {
        let secret = SecretAccessKey::new(&self.server.secret_key);
        let keys = Keys::fixed(Credentials::new(&self.server.access_key, secret).unwrap());
        let endpoint = Endpoint::parse(url).unwrap();
        Storage::new(endpoint, &self.server.region, url, keys).unwrap().bucket(&self.server.bucket)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, size: usize, seed: u64) -> (PathBuf, Vec<u8>) {
        let (path, bytes) = (self.path(name), bytes(size, seed));
        std::fs::write(&path, &bytes).unwrap();
        (path, bytes)
    }

    /// Fails if the object is not these bytes, or if an upload is open.
    pub async fn check(&self, key: &str, bytes: &[u8]) {
        let found = self.direct.get(key).await.unwrap();
        assert!(
            found == bytes,
            "{key}: {} bytes, and they differ from the file's {}",
            found.len(),
            bytes.len()
        );
        assert_eq!(self.direct.list_uploads("").await.unwrap(), []);
    }
}

pub fn bytes(size: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; size];
    random.fill(&mut bytes);
    bytes
}

pub fn source(path: &Path) -> Source {
    Source::File(LocalFile::open(path).unwrap())
}

pub fn options() -> Options {
    Options {
        part_size: Some(PART),
        concurrency: Concurrency::Fixed(4),
        stall: Duration::from_secs(2),
        // A busy machine makes requests slow.
        hedge: false,
        ..Options::default()
    }
}

/// Returns a transfer and its events, without those that count bytes.
pub fn transfer(client: &Client, options: Options) -> (Transfer, Arc<Mutex<Vec<Event>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let reported = events.clone();
    let transfer = Transfer::new(client.clone(), options, move |event| {
        if !matches!(event, Event::Moved { .. }) {
            reported.lock().unwrap().push(event.clone());
        }
    });
    (transfer, events)
}

pub fn count(events: &Mutex<Vec<Event>>, wanted: impl Fn(&Event) -> bool) -> usize {
    events.lock().unwrap().iter().filter(|event| wanted(event)).count()
}
