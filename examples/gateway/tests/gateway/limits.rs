//! Limits, timeouts, health, and the end.

use std::time::{Duration, Instant};

use bucket::Server;
use countersign::Payload;
use countersign::Timestamp;
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::rights::until;
use crate::running::{BUCKET, FULL, Gateway, Real, body, program, signer};

/// Begins an upload of 10 bytes, and sends the first five.
async fn begin(gateway: &Gateway, key: &str) -> TcpStream {
    let mut request = Request::put(gateway.object(key)).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b"helloworld"), Timestamp::now())
        .unwrap();
    let address = gateway.url.strip_prefix("http://").unwrap();
    let mut head = format!("PUT {} HTTP/1.1\r\n", request.uri().path());
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    if !request.headers().contains_key("host") {
        head += &format!("host: {address}\r\n");
    }
    head += "content-length: 10\r\nconnection: close\r\n\r\nhello";
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn end(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await;
    answer
}

/// Waits until so many requests run.
async fn running(gateway: &Gateway, count: usize) {
    let line = format!("gateway_requests_running {count}\n");
    for _ in 0..100 {
        if gateway.admin("/metrics").await.1.contains(&line) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not {count} requests run");
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_told_to_slow_down() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--max-requests", "1"]);
    let mut upload = begin(&gateway, "a").await;
    running(&gateway, 1).await;
    let error = gateway.client(FULL).get("a").await.unwrap_err();
    assert_eq!(error.code(), Some("SlowDown"));
    upload.write_all(b"world").await.unwrap();
    let answer = end(&mut upload).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    running(&gateway, 0).await;
    assert_eq!(gateway.client(FULL).get("a").await.unwrap(), "helloworld");
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits_until_another_one_closes() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--max-connections", "1"]);
    let mut upload = begin(&gateway, "a").await;
    running(&gateway, 1).await;
    // The object does not exist before the first connection has closed.
    let client = gateway.client(FULL);
    let object = tokio::spawn(async move { client.get("a").await });
    for _ in 0..50 {
        let metrics = gateway.admin("/metrics").await.1;
        assert!(metrics.contains("gateway_connections 1\n"), "{metrics}");
    }
    upload.write_all(b"world").await.unwrap();
    let answer = end(&mut upload).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(object.await.unwrap().unwrap(), "helloworld");
}

#[tokio::test]
async fn a_limit_that_is_not_usable_is_wrong_usage() {
    let server = Server::start().await.unwrap();
    let (endpoint, key, secret) = (server.endpoint(), &*server.access_key, &*server.secret_key);
    let folder = tempfile::tempdir().unwrap();
    for option in ["--max-requests", "--max-connections"] {
        for count in ["0", "18446744073709551615", "-1", "many"] {
            let mut program = program(folder.path(), &Real { endpoint: &endpoint, key, secret });
            let output = program.arg(format!("{option}={count}")).output().unwrap();
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{option} {count}: {error}");
            assert!(error.contains("use a number from 1 to 1000000"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_given_up() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--header-timeout", "1", "--idle-timeout", "1"]);
    let address = gateway.url.strip_prefix("http://").unwrap();
    let mut silent = TcpStream::connect(address).await.unwrap();
    silent.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n").await.unwrap();
    let began = Instant::now();
    end(&mut silent).await;
    assert!(began.elapsed() < Duration::from_secs(8));

    let mut upload = begin(&gateway, "idle").await;
    let answer = end(&mut upload).await;
    assert!(answer.contains("<Code>RequestTimeout</Code>"), "{answer}");
    assert!(gateway.client(FULL).head("idle").await.is_err());
    running(&gateway, 0).await;
}

#[tokio::test]
async fn a_stop_finishes_what_runs() {
    let server = Server::start().await.unwrap();
    // The upload is the only connection that is accepted.
    let mut gateway = Gateway::start(&server, &["--max-connections", "1"]);
    assert_eq!(gateway.admin("/healthz").await, (http::StatusCode::OK, "ok\n".to_owned()));
    let mut upload = begin(&gateway, "late").await;
    running(&gateway, 1).await;
    let id = gateway.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    until(&gateway, "stopping").await;
    assert_eq!(gateway.admin("/healthz").await.0, 503);
    let address = gateway.url.strip_prefix("http://").unwrap().to_owned();
    assert!(TcpStream::connect(address).await.is_err(), "a connection was accepted");
    upload.write_all(b"world").await.unwrap();
    let answer = end(&mut upload).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    assert_eq!(direct.get("late").await.unwrap(), "helloworld");
    assert!(gateway.process.wait().unwrap().success());
}
