//! A shell whose environment names the server, and nothing of the user's.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bucket::{Client, Keys, Server, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub struct Shell {
    pub runtime: Runtime,
    pub client: Client,
    pub endpoint: String,
    pub access_key: String,
    pub secret_key: String,
    pub bucket: String,
    folder: TempDir,
    _server: Option<Server>,
}

impl Shell {
    pub fn new() -> Self {
        let runtime = runtime();
        let server = runtime.block_on(Server::start()).unwrap();
        let Server { access_key, secret_key, bucket, .. } = &server;
        let facts = [server.endpoint(), access_key.clone(), secret_key.clone(), bucket.clone()];
        let shell = Self::with(runtime, facts, Some(server));
        shell.put("hello.txt", b"Hello, bucket.\n");
        shell
    }

    /// Uses the server that `.ci/servers` has started, with a bucket that does not exist yet.
    pub fn live() -> Self {
        let variable =
            |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run .ci/servers"));
        let bucket = format!("share-{}", std::process::id());
        let facts = ["S3_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(variable);
        let [endpoint, access_key, secret_key] = facts;
        Self::with(runtime(), [endpoint, access_key, secret_key, bucket], None)
    }

    fn with(runtime: Runtime, facts: [String; 4], server: Option<Server>) -> Self {
        let [endpoint, access_key, secret_key, bucket] = facts;
        let keys = Credentials::new(&*access_key, SecretAccessKey::new(&*secret_key)).unwrap();
        let storage = Endpoint::parse(&endpoint).unwrap();
        let storage = Storage::new(storage, "us-east-1", &endpoint, Keys::fixed(keys)).unwrap();
        let client = storage.bucket(&bucket);
        let folder = tempfile::tempdir().unwrap();
        Self { runtime, client, endpoint, access_key, secret_key, bucket, folder, _server: server }
    }

    /// A command in the folder, with an environment of its own.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let programs = Path::new(env!("CARGO_BIN_EXE_share")).parent().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("TZ", "Europe/Vienna")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("S3_ENDPOINT", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", &self.access_key)
            .env("AWS_SECRET_ACCESS_KEY", &self.secret_key)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn share<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A]) -> Output {
        self.command(env!("CARGO_BIN_EXE_share")).args(arguments).output().unwrap()
    }

    /// Runs a script with `sh`.
    pub fn run(&self, script: &str) -> Output {
        self.command("sh").args(["-c", script]).output().unwrap()
    }

    /// Runs `share … --json` and returns what it writes.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.share(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn object(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    pub fn put(&self, key: &str, body: &[u8]) {
        self.runtime.block_on(self.client.put(key, body, &[])).unwrap();
    }

    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.runtime.block_on(self.client.get(key)).ok().map(|body| body.to_vec())
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.file(name), bytes).unwrap();
    }

    /// Replaces the keys by those of a program, as `credential_process` allows.
    pub fn with_credential_process(&self, command: &mut Command, seconds: i64, token: &str) {
        let end = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let Self { access_key, secret_key, .. } = self;
        let end = end.strftime("%Y-%m-%dT%H:%M:%SZ");
        self.write(
            "credentials.json",
            format!(
                "{{\"Version\":1,\"AccessKeyId\":\"{access_key}\",\"SecretAccessKey\":\"{secret_key}\",\
                 \"SessionToken\":\"{token}\",\"Expiration\":\"{end}\"}}"
            )
            .as_bytes(),
        );
        let file = self.file("credentials.json");
        self.write("config", format!("[default]\ncredential_process = cat {}\n", file.display()).as_bytes());
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_CONFIG_FILE", self.file("config"));
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
