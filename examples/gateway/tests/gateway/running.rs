//! A running gateway, and clients of it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bucket::{AnyError, BoxBody, Client, Keys, Server, Storage, Transport};
use bytes::Bytes;
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey, Service, Signer};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tempfile::TempDir;

pub const BUCKET: &str = "examplebucket";
pub const REGION: &str = "us-east-1";

/// All rights in the bucket.
pub const FULL: (&str, &str) = ("FULL", "full-secret-full-secret-full-secret");
/// All rights under `2024/`.
pub const YEAR: (&str, &str) = ("YEAR", "year-secret-year-secret-year-secret");
/// Reads only.
pub const READER: (&str, &str) = ("READER", "reader-secret-reader-secret-reader");
/// Calls one operation of one service.
pub const AGENT: (&str, &str) = ("AGENT", "agent-secret-agent-secret-agent-se");

pub const KEYS: &str = r#"
[[key]]
id = "FULL"
secret = "full-secret-full-secret-full-secret"
name = "the tests"
allow = [{ bucket = "examplebucket", rights = ["read", "write", "delete", "list"] }]

[[key]]
id = "YEAR"
secret = "year-secret-year-secret-year-secret"
allow = [{ bucket = "examplebucket", prefix = "2024/", rights = ["read", "write", "delete", "list"] }]

[[key]]
id = "READER"
secret = "reader-secret-reader-secret-reader"
allow = [{ bucket = "examplebucket", rights = ["read"] }]
"#;

/// A gateway in a process of its own. Dropping it ends it.
pub struct Gateway {
    pub process: Child,
    pub url: String,
    pub admin: String,
    pub folder: TempDir,
}

/// The address of the server that the gateway protects, and its real credentials.
pub struct Real<'r> {
    pub endpoint: &'r str,
    pub key: &'r str,
    pub secret: &'r str,
}

impl Gateway {
    /// Starts a gateway in front of a server.
    pub fn before(server: &Server) -> Self {
        Self::start(server, &[])
    }

    pub fn start(server: &Server, arguments: &[&str]) -> Self {
        let (key, secret) = (&server.access_key, &server.secret_key);
        Self::start_with(&Real { endpoint: &server.endpoint(), key, secret }, KEYS, arguments)
    }

    pub fn start_with(real: &Real<'_>, keys: &str, arguments: &[&str]) -> Self {
        Self::launch(real, keys, &[arguments, &["-v"]].concat())
    }

    /// Starts a gateway with exactly these arguments. Without `-v` it logs only refusals.
    pub fn launch(real: &Real<'_>, keys: &str, arguments: &[&str]) -> Self {
        Self::launch_with(real, keys, arguments, |_| {})
    }

    /// Starts a gateway with a changed command.
    pub fn launch_with(
        real: &Real<'_>,
        keys: &str,
        arguments: &[&str],
        change: impl FnOnce(&mut Command),
    ) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("keys.toml"), keys).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut command = program(folder.path(), real);
        change(&mut command);
        let mut process = command
            .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--keys", "keys.toml"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut address = || {
            let line = lines.next().expect("the gateway has ended").unwrap();
            line.split(' ').find(|word| word.starts_with("http://")).unwrap().to_owned()
        };
        let (url, admin) = (address(), address());
        Self { process, url, admin, folder }
    }

    pub fn keys(&self) -> PathBuf {
        self.folder.path().join("keys.toml")
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Returns a client of the gateway.
    pub fn client(&self, key: (&str, &str)) -> Client {
        let endpoint = Endpoint::parse(&self.url).unwrap();
        Storage::new(endpoint, REGION, "gateway", Keys::fixed(credentials(key))).unwrap().bucket(BUCKET)
    }

    pub fn object(&self, key: &str) -> String {
        format!("{}/{BUCKET}/{key}", self.url)
    }

    pub async fn admin(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(format!("{}{path}", self.admin)).body(body("")).unwrap();
        read(Transport::new().unwrap().open(request).await.unwrap()).await
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

/// Returns the program, with the credentials of its server and no other configuration.
pub fn program(folder: &Path, real: &Real<'_>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .env("S3_ENDPOINT", real.endpoint)
        .env("AWS_ACCESS_KEY_ID", real.key)
        .env("AWS_SECRET_ACCESS_KEY", real.secret)
        .env("AWS_REGION", REGION)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

pub fn credentials((id, secret): (&str, &str)) -> Credentials {
    Credentials::new(id, SecretAccessKey::new(secret)).unwrap()
}

pub fn signer(key: (&str, &str)) -> Signer {
    Signer::new(credentials(key), REGION, Service::S3).unwrap()
}

pub fn body(bytes: impl Into<Bytes>) -> BoxBody {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Sends a request as it is. An upload that the gateway refuses early may break off.
pub async fn send(request: Request<BoxBody>) -> Result<(StatusCode, String), AnyError> {
    let answer = Transport::new()?.open(request).await?;
    Ok(read(answer).await)
}

pub async fn read(answer: Response<Incoming>) -> (StatusCode, String) {
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}
