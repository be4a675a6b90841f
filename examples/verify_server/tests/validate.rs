//! Runs the program, and sends it what curl and countersign sign.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use bucket::Transport;
use countersign::chunked::ChunkedBody;
use countersign::http_body::EncodedBody;
use countersign::{Checksum, Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
use http_body_util::{BodyExt, Full};
use testkit_tls::{Authority, Host, Terminator, send_http2};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The running program. Dropping it ends it.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_verify_server"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { process, url }
    }

    /// Ends the program, and returns what it logged.
    fn log(mut self) -> String {
        self.process.kill().unwrap();
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn signer(secret: &str) -> Signer {
    let credentials = Credentials::new(KEY, SecretAccessKey::new(secret)).unwrap();
    Signer::new(credentials, "us-east-1", Service::S3).unwrap()
}

/// Signs `hello` and sends `body`. Returns the status and the answer.
async fn post(server: &Server, signer: &Signer, body: &'static str) -> (u16, String) {
    let mut request = http::Request::post(format!("{}/validate", server.url)).body(Full::from(body)).unwrap();
    countersign::http::sign(signer, &mut request, Payload::Bytes(b"hello"), Timestamp::now()).unwrap();
    let request = request.map(|body| body.map_err(|never| match never {}).boxed_unsync());
    let answer = Transport::new().unwrap().open(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn answers_who_signed_what() {
    let server = Server::start(&[]);
    let (status, answer) = post(&server, &signer(SECRET), "hello").await;
    assert_eq!(status, 200, "{answer}");
    for fact in [
        r#""signed_by":"AKIAIOSFODNN7EXAMPLE""#,
        r#""algorithm":"AWS4-HMAC-SHA256""#,
        "/us-east-1/s3/aws4_request",
        r#""signed_headers":"host;x-amz-content-sha256;x-amz-date""#,
        // printf hello | sha256sum
        r#""payload":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824""#,
        r#""bytes":5"#,
    ] {
        assert!(answer.contains(fact), "{fact}: {answer}");
    }
}

#[tokio::test]
async fn answers_s3s_error_to_another_body() {
    let server = Server::start(&[]);
    let (status, answer) = post(&server, &signer(SECRET), "jello").await;
    assert_eq!(status, 400);
    assert!(answer.contains("<Code>XAmzContentSHA256Mismatch</Code>"), "{answer}");
}

#[tokio::test]
async fn explains_a_wrong_secret_only_if_asked() {
    for (arguments, explained) in [(&["--explain"][..], true), (&[], false)] {
        let server = Server::start(arguments);
        let (status, answer) = post(&server, &signer("another secret"), "hello").await;
        assert_eq!(status, 403);
        assert!(answer.contains("<Code>SignatureDoesNotMatch</Code>"), "{answer}");
        let log = server.log();
        assert!(log.contains("refused POST /validate: SignatureDoesNotMatch"), "{log}");
        assert_eq!(log.contains("host;x-amz-content-sha256;x-amz-date"), explained, "{log}");
        assert!(!log.contains(SECRET) && !log.contains("another secret"), "{log}");
    }
}

#[tokio::test]
async fn accepts_an_upload_with_a_checksum_in_its_trailer() {
    let server = Server::start(&[]);
    let data = Full::from("hello world");
    let mut request = http::Request::put(format!("{}/bucket/key", server.url)).body(data).unwrap();
    let body = ChunkedBody::unsigned(11).with_checksum(Checksum::Crc32).unwrap();
    let encoder =
        countersign::http::sign_chunked(&signer(SECRET), &mut request, &body, Timestamp::now()).unwrap();
    let request = request.map(|data| EncodedBody::new(encoder, data).map_err(Into::into).boxed_unsync());
    assert_eq!(Transport::new().unwrap().open(request).await.unwrap().status(), 200);
}

/// A line that cannot be written, as on a full disk, ends neither the server nor an answer.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn answers_although_nothing_can_be_logged() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_verify_server"))
        .args(["--listen", &address.to_string(), "--explain"])
        .stdout(full())
        .stderr(full())
        .spawn()
        .unwrap();
    while std::net::TcpStream::connect(address).is_err() {
        assert!(process.try_wait().unwrap().is_none(), "the server has ended");
    }
    let server = Server { process, url: format!("http://{address}") };
    assert_eq!(post(&server, &signer("another secret"), "hello").await.0, 403);
    assert_eq!(post(&server, &signer(SECRET), "hello").await.0, 200);
}

/// A client over HTTP/2 signs `:authority`, and the load balancer writes it to `Host`, or another name.
#[tokio::test]
async fn verifies_after_a_load_balancer_that_keeps_the_host() {
    let authority = Authority::new();
    for (host, expected) in [(Host::Kept, 200), (Host::Changed("backend.internal"), 403)] {
        let server = Server::start(&["--explain"]);
        let terminator = Terminator::http2(authority.localhost(), &server.url, host);
        let uri = format!("{}/validate", terminator.url());
        let mut request = http::Request::post(uri).body(Full::from("hello")).unwrap();
        let payload = Payload::Bytes(b"hello");
        countersign::http::sign(&signer(SECRET), &mut request, payload, Timestamp::now()).unwrap();
        let (status, answer) = send_http2(&authority, request).await;
        assert_eq!(status, expected, "{answer}");
        let log = server.log();
        assert_eq!(log.contains("host:backend.internal"), expected == 403, "{log}");
    }
}

/// The command of the program's first lines.
#[test]
fn accepts_curl() {
    let server = Server::start(&[]);
    let curl = Command::new("curl")
        .args(["--silent", "--aws-sigv4", "aws:amz:us-east-1:s3", "-d", "hello"])
        // curl 7.88 sends this header only if it is asked to.
        .args(["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
        .args(["--user", &format!("{KEY}:{SECRET}"), &format!("{}/validate", server.url)])
        .output();
    let Ok(output) = curl else { return eprintln!("not run: curl is not installed") };
    let answer = String::from_utf8_lossy(&output.stdout);
    assert!(answer.contains(r#""signed_by":"AKIAIOSFODNN7EXAMPLE""#), "{answer}");
}

/// Runs the program until it ends. Returns its exit code and what it wrote on stderr.
fn ends(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_verify_server")).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The exit codes are those of `examples/README.md`.
#[test]
fn reports_a_failed_start_in_words() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, error) = ends(&["--listen", &address]);
    assert_eq!(code, Some(1), "{error}");
    let sentence = format!("Error: cannot listen on {address}; choose another address with --listen\n");
    assert!(error.starts_with(&sentence) && error.contains("Address already in use"), "{error}");

    for (arguments, sentence) in [
        (["--region", "EU WEST"], "the region \"EU WEST\" is not valid"),
        (["--access-key", "a,b"], "the access key id is not valid: allowed is visible ASCII, except a comma"),
        (["--secret", ""], "the secret access key is empty"),
        (["--secret", "hidden\n"], "the secret access key is not valid: remove line endings"),
        (["--listen", "8000"], "invalid value '8000' for '--listen <LISTEN>'"),
    ] {
        let (code, error) = ends(&arguments);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(sentence) && !error.contains("hidden"), "{error}");
    }
}
