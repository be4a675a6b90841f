//! Connections and memory: no connection is leaked, and a body is never collected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bucket::{Server, Transport};
use countersign::{Payload, Timestamp};
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::modes::{MODES, data, put};
use crate::running::{FULL, Gateway, KEYS, Real, body, signer};

/// A length that exceeds the buffers of two pairs of sockets: Linux gives at most 6 MiB to a receiver and 4 MiB to a sender.
const LARGE: u64 = 64 << 20;

/// Writes the head of a request as it is sent.
pub fn head<B>(request: &Request<B>, address: &str, length: u64) -> String {
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n", request.method(), request.uri().path());
    for (name, value) in request.headers() {
        if name != "host" && name != "content-length" {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
    }
    head + &format!("content-length: {length}\r\n\r\n")
}

/// Waits until a line is in `/metrics`.
pub async fn metric(gateway: &Gateway, line: &str) {
    for _ in 0..200 {
        if gateway.admin("/metrics").await.1.contains(&format!("{line}\n")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{line}: {}", gateway.admin("/metrics").await.1);
}

#[tokio::test]
async fn aborted_uploads_and_slow_clients_leave_no_connection_open() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--header-timeout", "1", "--idle-timeout", "1"]);
    let address = gateway.url.strip_prefix("http://").unwrap();
    gateway.client(FULL).put("large", &vec![b'x'; 16 << 20], &[]).await.unwrap();
    let mut open = Vec::new();
    for mode in MODES {
        // The client goes away in the head, after it, in the body, and one byte before its end.
        let request = put(mode, &gateway.object("aborted"), &data(150_001)).await;
        let length = request.body().len();
        let head = head(&request, address, length as u64);
        let sent = [head.as_bytes(), request.body()].concat();
        for length in [head.len() / 2, head.len(), head.len() + length / 2, sent.len() - 1] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&sent[..length]).await.unwrap();
        }
        // The client stays, and sends no more.
        for length in [0, head.len() / 2, head.len(), head.len() + length / 2] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&sent[..length]).await.unwrap();
            open.push(stream);
        }
    }
    // The client asks for a large object, and does not read it.
    let mut get = Request::get(gateway.object("large")).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut get, Payload::Bytes(b""), Timestamp::now()).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head(&get, address, 0).as_bytes()).await.unwrap();
    open.push(stream);

    metric(&gateway, "gateway_requests_running 0").await;
    metric(&gateway, "gateway_connections 0").await;
    let direct = bucket::Storage::of(&server).unwrap().bucket(&server.bucket);
    assert!(direct.head("aborted").await.is_err());
    drop(open);
}

/// Writes until nothing was taken for a while. Returns the number of bytes that were taken.
async fn write_until_it_stalls(stream: &mut (impl AsyncWriteExt + Unpin), length: u64) -> u64 {
    let piece = vec![0x80; 64 << 10];
    let mut written = 0;
    while written < length {
        match tokio::time::timeout(Duration::from_secs(1), stream.write(&piece)).await {
            Ok(Ok(count)) => written += count as u64,
            Ok(Err(error)) => panic!("after {written} bytes: {error}"),
            Err(_) => break,
        }
    }
    written
}

/// A gateway that collected bodies would take all of it from its client.
#[tokio::test]
async fn an_upload_waits_for_a_server_that_does_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    let real = Real { endpoint: &url, key: "AKIDREAL", secret: "real" };
    let gateway = Gateway::start_with(&real, KEYS, &["--idle-timeout", "2"]);
    let address = gateway.url.strip_prefix("http://").unwrap();
    let mut request = Request::put(gateway.object("large")).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Unsigned, Timestamp::now()).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head(&request, address, LARGE).as_bytes()).await.unwrap();
    let taken = write_until_it_stalls(&mut stream, LARGE).await;
    assert!(taken > 0 && taken < LARGE, "{taken} bytes");
    // The server never takes the rest, and the request ends although its client waits.
    metric(&gateway, "gateway_requests_running 0").await;
    assert!(gateway.log().contains("the server took or answered nothing for 2 s"), "{}", gateway.log());
    drop(stream);
}

#[tokio::test]
async fn a_client_that_goes_away_before_the_answer_frees_its_slot() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let gateway = Gateway::start_with(&Real { endpoint: &url, key: "AKIDREAL", secret: "real" }, KEYS, &[]);
    let address = gateway.url.strip_prefix("http://").unwrap();
    let mut request = Request::get(gateway.object("a")).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head(&request, address, 0).as_bytes()).await.unwrap();
    // The request has reached the server, which does not answer.
    let (mut server, _) = listener.accept().await.unwrap();
    assert!(server.read(&mut [0; 100]).await.unwrap() > 0);
    metric(&gateway, "gateway_requests_running 1").await;
    drop(stream);
    metric(&gateway, "gateway_requests_running 0").await;
    metric(&gateway, "gateway_connections 0").await;
}

/// A gateway that collected answers would take all of it from its server.
#[tokio::test]
async fn a_download_waits_for_a_client_that_does_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicU64::new(u64::MAX));
    let shared = Arc::clone(&taken);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut piece = [0; 8192];
        assert!(stream.read(&mut piece).await.unwrap() > 0);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {LARGE}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        shared.store(write_until_it_stalls(&mut stream, LARGE).await, Ordering::SeqCst);
        // The connection stays open until the client has gone.
        let _ = stream.read(&mut piece).await;
    });
    let gateway = Gateway::start_with(&Real { endpoint: &url, key: "AKIDREAL", secret: "real" }, KEYS, &[]);
    let mut request = Request::get(gateway.object("large")).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    let answer = Transport::new().unwrap().open(request).await.unwrap();
    while taken.load(Ordering::SeqCst) == u64::MAX {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let taken = taken.load(Ordering::SeqCst);
    assert!(taken > 0 && taken < LARGE, "{taken} bytes");
    drop(answer);
    metric(&gateway, "gateway_requests_running 0").await;
}
