//! Clients that send or take too little, and would hold a slot of `--max-requests` for hours.

use std::time::Duration;

use bucket::Server;
use bytes::Bytes;
use countersign::{Checksum, Payload, Timestamp};
use http::Request;
use http_body_util::BodyExt;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::flow::{head, metric};
use crate::form;
use crate::modes::{Mode, data, put};
use crate::recorder::Recorder;
use crate::running::{BUCKET, FULL, Gateway, KEYS, Real, body, signer};

/// Connects over HTTP/2. The client answers pings.
async fn http_2(gateway: &Gateway, window: u32) -> http2::SendRequest<bucket::BoxBody> {
    let address = gateway.url.strip_prefix("http://").unwrap();
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let mut builder = http2::Builder::new(TokioExecutor::new());
    let (sender, connection) = builder.initial_stream_window_size(window).handshake(stream).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn get(gateway: &Gateway, key: &str) -> Request<bucket::BoxBody> {
    read(gateway, "GET", key)
}

fn read(gateway: &Gateway, method: &str, key: &str) -> Request<bucket::BoxBody> {
    let mut request = Request::builder().method(method).uri(gateway.object(key)).body(body("")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    request
}

#[tokio::test]
async fn a_client_over_http_2_that_takes_nothing_is_given_up() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--header-timeout", "1", "--idle-timeout", "1"]);
    gateway.client(FULL).put("large", &vec![b'x'; 8 << 20], &[]).await.unwrap();
    for window in [0, 65_535] {
        let mut sender = http_2(&gateway, window).await;
        let mut answer = sender.send_request(get(&gateway, "large")).await.unwrap();
        assert_eq!(answer.status(), 200);
        metric(&gateway, "gateway_requests_running 0").await;
        // The connection goes on.
        let head = sender.send_request(read(&gateway, "HEAD", "large")).await.unwrap();
        assert_eq!(head.status(), 200, "{window}");
        assert!(answer.body_mut().collect().await.is_err(), "{window}");
    }
    assert!(gateway.log().contains("the client took nothing for 1 s"), "{}", gateway.log());
}

/// A client that takes each piece before the limit is served to the end.
#[tokio::test]
async fn a_client_over_http_2_that_takes_little_at_a_time_is_served() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--header-timeout", "1", "--idle-timeout", "1"]);
    let object = data(300_000);
    gateway.client(FULL).put("object", &object, &[]).await.unwrap();
    let mut sender = http_2(&gateway, 65_535).await;
    let mut answer = sender.send_request(get(&gateway, "object")).await.unwrap().into_body();
    let mut taken = Vec::new();
    while let Some(frame) = answer.frame().await {
        taken.extend(frame.unwrap().into_data().unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(taken == object);
}

#[tokio::test]
async fn a_connection_over_http_2_without_a_request_is_closed() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--header-timeout", "1", "--idle-timeout", "1"]);
    let sender = http_2(&gateway, 65_535).await;
    metric(&gateway, "gateway_connections 1").await;
    metric(&gateway, "gateway_connections 0").await;
    drop(sender);
}

const SLOW: [&str; 6] = ["--min-rate", "1000", "--min-rate-time", "1", "--idle-timeout", "5"];

/// Sends all but the last 100 bytes of a request at once, then one byte at a time. Returns the answer.
async fn trickle(gateway: &Gateway, request: &Request<Bytes>) -> String {
    let address = gateway.url.strip_prefix("http://").unwrap();
    let (first, last) = request.body().split_at(request.body().len() - 100);
    let head = head(request, address, request.body().len() as u64);
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let first = [head.as_bytes(), first].concat();
    let last = last.to_vec();
    let sender = tokio::spawn(async move {
        writer.write_all(&first).await.unwrap();
        for byte in last {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if writer.write_all(&[byte]).await.is_err() {
                return;
            }
        }
    });
    let mut answer = vec![0; 64 << 10];
    let length = tokio::time::timeout(Duration::from_secs(10), reader.read(&mut answer)).await;
    sender.abort();
    String::from_utf8_lossy(&answer[..length.expect("no answer").unwrap_or(0)]).into_owned()
}

#[tokio::test]
async fn an_upload_that_is_too_slow_is_ended_and_not_stored() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &SLOW);
    for mode in [Mode::Hash, Mode::SignedChunks, Mode::Unsigned(Checksum::Crc32)] {
        let request = put(mode, &gateway.object("slow"), &data(1000)).await;
        let answer = trickle(&gateway, &request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{mode:?}: {answer}");
        assert!(answer.contains("<Code>RequestTimeout</Code>"), "{mode:?}: {answer}");
        assert!(server.take().await.iter().all(|recorded| !recorded.is_whole()), "{mode:?}");
        metric(&gateway, "gateway_requests_running 0").await;
    }
    let form = form::form(FULL, &form::policy_in(BUCKET, "user/"), &[], &[b'x'; 1000]);
    let request = Request::post(format!("{}/{BUCKET}", gateway.url));
    let request = request.header("content-type", form::TYPE).body(form.into()).unwrap();
    let answer = trickle(&gateway, &request).await;
    assert!(answer.contains("<Code>RequestTimeout</Code>"), "{answer}");
    assert!(server.take().await.is_empty());
    metric(&gateway, "gateway_requests_running 0").await;
}

#[tokio::test]
async fn a_download_that_is_too_slow_is_ended() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--min-rate", "1000000000", "--min-rate-time", "1"]);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    direct.put("large", &vec![b'x'; 48 << 20], &[]).await.unwrap();
    let mut answer = bucket::Transport::new().unwrap().open(get(&gateway, "large")).await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut taken = 0;
    while let Some(Ok(frame)) = answer.body_mut().frame().await {
        taken += frame.into_data().unwrap().len();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(taken < 48 << 20, "the whole object was sent");
    metric(&gateway, "gateway_requests_running 0").await;
    assert!(gateway.log().contains("the client took"), "{}", gateway.log());
}
