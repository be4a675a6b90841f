//! The program as a process, and a storage that the tests can look into.
//!
//! With `LIVE_SERVER`, the storage is the one that the environment names; see `.ci/servers`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::http::Request;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bucket::{Client, Keys, Server, Storage, Transport};
use bytes::Bytes;
use countersign::s3::Endpoint;
use countersign::{Checksum, ChecksumValue, Credentials, SecretAccessKey};
use http_body_util::{BodyExt, Full};
use serde_json::Value;

/// The smallest PNG of one pixel.
pub fn png() -> Vec<u8> {
    let text =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    BASE64_STANDARD.decode(text).unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    ChecksumValue::of(Checksum::Sha256, bytes).to_string()
}

/// A running gallery. It ends with the test.
pub struct Gallery {
    pub url: String,
    pub bucket: Client,
    transport: Transport,
    keys: [String; 2],
    endpoint: String,
    process: Child,
    /// Runs as long as the gallery.
    #[expect(dead_code, reason = "dropping it stops it")]
    server: Option<Server>,
}

/// An answer of the service or of the storage.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: Bytes,
}

impl Gallery {
    pub async fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, None).await
    }

    /// Starts the program with the profile of a configuration file, or with the keys of the storage.
    pub async fn start_with(arguments: &[&str], profile: Option<&Path>) -> Self {
        let (endpoint, access_key, secret_key, name, server) = match live() {
            Some([endpoint, key, secret, name]) => (endpoint, key, secret, name, None),
            None => {
                let server = Server::start().await.unwrap();
                let (key, secret) = (server.access_key.clone(), server.secret_key.clone());
                (server.endpoint(), key, secret, server.bucket.clone(), Some(server))
            }
        };
        let credentials = Credentials::new(&*access_key, SecretAccessKey::new(&secret_key)).unwrap();
        let parsed = Endpoint::parse(&endpoint).unwrap();
        let storage = Storage::new(parsed, "us-east-1", &endpoint, Keys::fixed(credentials)).unwrap();
        let bucket = storage.bucket(&name);
        if server.is_none() {
            // It may be there: the tests share it.
            let _ = storage.send(bucket.call("PUT", "", &[]).unwrap()).await;
        }
        let keys = [access_key, secret_key];
        let mut command = command(&endpoint, &name, &keys);
        if let Some(profile) = profile {
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
            command.env("TEST_KEY", &keys[0]).env("TEST_SECRET", &keys[1]).env("AWS_CONFIG_FILE", profile);
            command.env("RUST_LOG", "off");
        }
        let (url, process) = run_command(command, arguments).await;
        Self { url, bucket, keys, endpoint, transport: Transport::new().unwrap(), process, server }
    }

    /// Takes over a gallery that [`run`] has started.
    pub fn of(url: String, server: &Server, process: Child) -> Self {
        let keys = [server.access_key.clone(), server.secret_key.clone()];
        let bucket = Storage::of(server).unwrap().bucket(&server.bucket);
        let endpoint = server.endpoint();
        Self { url, bucket, keys, endpoint, transport: Transport::new().unwrap(), process, server: None }
    }

    /// Returns the program on the same bucket, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&self.endpoint, self.bucket.name(), &self.keys);
        command.args(arguments);
        command
    }

    pub fn process(&self) -> &Child {
        &self.process
    }

    /// Starts another gallery on the same bucket.
    pub async fn another(&self) -> Self {
        let (url, process) = run(&self.endpoint, self.bucket.name(), &self.keys, &[]).await;
        let (keys, endpoint) = (self.keys.clone(), self.endpoint.clone());
        let bucket = self.bucket.clone();
        Self { url, bucket, keys, endpoint, transport: Transport::new().unwrap(), process, server: None }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", &format!("{}{path}", self.url), &[], b"").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.send("POST", &format!("{}{path}", self.url), &headers, body.to_string().as_bytes()).await
    }

    /// Sends without credentials, as a browser does.
    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers.iter().filter(|(name, _)| *name != "content-length") {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::copy_from_slice(body)).map_err(|never| match never {}).boxed_unsync();
        let answer = self.transport.open(request.body(body).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// Sends PUT with the URL and the headers of a ticket.
    pub async fn put(&self, ticket: &Value, body: &[u8]) -> Answer {
        self.put_with(ticket, &[], body).await
    }

    /// Sends PUT as [`put`](Self::put) does, with some headers changed.
    pub async fn put_with(&self, ticket: &Value, changed: &[(&str, &str)], body: &[u8]) -> Answer {
        let headers = ticket["headers"].as_object().unwrap();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                let changed = changed.iter().find(|(changed, _)| changed == name).map(|(_, value)| *value);
                (name.as_str(), changed.unwrap_or(value.as_str().unwrap()))
            })
            .collect();
        self.send("PUT", ticket["url"].as_str().unwrap(), &headers, body).await
    }

    pub async fn incoming(&self) -> Vec<String> {
        let all = self.bucket.list("incoming/").await.unwrap();
        all.into_iter().map(|object| object.key).collect()
    }
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Checks the status, and the code of the service or, unless a live server has codes of its own, of the storage.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        match self.json()["code"].as_str() {
            Some(found) => assert_eq!((self.status, found), (status, code), "{text}"),
            None if live().is_some() => assert!((400..500).contains(&self.status), "{} {text}", self.status),
            None => {
                assert_eq!(self.status, status, "{text}");
                assert!(text.contains(&format!("<Code>{code}</Code>")), "{text}");
            }
        }
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a gallery at an https endpoint in front of `server`, with a file of authorities.
pub async fn run_with_bundle(server: &Server, endpoint: &str, bundle: &Path) -> Gallery {
    let keys = [server.access_key.clone(), server.secret_key.clone()];
    let mut command = command(endpoint, &server.bucket, &keys);
    command.env("AWS_CA_BUNDLE", bundle);
    let (url, process) = run_command(command, &[]).await;
    Gallery::of(url, server, process)
}

/// Starts the program, and returns the address that it prints.
pub async fn run(endpoint: &str, name: &str, keys: &[String; 2], arguments: &[&str]) -> (String, Child) {
    run_command(command(endpoint, name, keys), arguments).await
}

async fn run_command(mut command: Command, arguments: &[&str]) -> (String, Child) {
    let listen: &[_] = if arguments.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
    // A user for each gallery, so that tests can share a bucket.
    command.args(listen).args(["--set-cors", "--user", &format!("t{}", random())]).args(arguments);
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    // The storage runs in this thread's runtime, so the thread must not wait.
    let url = move || lines.find_map(|line| Some(line.strip_prefix("open ")?.to_owned()));
    let url = tokio::task::spawn_blocking(url).await.unwrap();
    (url.expect("the gallery starts"), process)
}

pub fn command(endpoint: &str, name: &str, [access_key, secret_key]: &[String; 2]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
    command
        .args(["--endpoint", endpoint, "--bucket", name])
        .env("AWS_ACCESS_KEY_ID", access_key)
        .env("AWS_SECRET_ACCESS_KEY", secret_key)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_SESSION_TOKEN");
    command
}

/// The endpoint, the keys and the bucket of a live server.
pub fn live() -> Option<[String; 4]> {
    std::env::var("LIVE_SERVER").ok().filter(|name| !name.is_empty())?;
    let names = ["S3_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "S3_BUCKET"];
    Some(names.map(|name| std::env::var(name).expect(name)))
}

fn random() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
