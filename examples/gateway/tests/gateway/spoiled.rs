//! A server stores nothing of a body that is spoiled in any region, in any mode. `form.rs` does the same for
//! forms.

use bucket::Server;
use bytes::Bytes;
use http::Request;

use crate::modes::{MODES, Mode, data, put};
use crate::recorder::Recorder;
use crate::running::{BUCKET, Gateway, KEYS, Real, body, send};

/// Three chunks of 64 KiB, the last one short.
const LENGTH: usize = 150_001;

/// Returns the positions of the first, the middle and the last byte of the data, and of each run of bytes that
/// is not data: sizes and signatures of chunks, and the trailer.
pub fn regions(sent: &[u8]) -> Vec<usize> {
    let data: Vec<_> = (0..sent.len()).filter(|index| sent[*index] >= 0x80).collect();
    assert_eq!(data.len(), LENGTH);
    let mut regions = vec![data[0], data[LENGTH / 2], data[LENGTH - 1]];
    let mut start = 0;
    for run in sent.split(|byte| *byte >= 0x80) {
        if !run.is_empty() {
            regions.extend([start, start + run.len() / 2, start + run.len() - 1]);
        }
        start += run.len() + 1;
    }
    regions
}

pub fn spoil(request: &Request<Bytes>, position: usize) -> Request<bucket::BoxBody> {
    let mut sent = request.body().to_vec();
    sent[position] ^= 1;
    request.clone().map(|_| body(sent))
}

#[tokio::test]
async fn pay_08_a_spoiled_body_is_not_stored() {
    let server = Server::start().await.unwrap();
    not_stored(&server, &Gateway::before(&server)).await;
}

#[tokio::test]
async fn pay_08_a_spoiled_body_is_not_stored_when_it_is_sent_in_chunks() {
    let server = Server::start().await.unwrap();
    not_stored(&server, &Gateway::start(&server, &["--send-chunks"])).await;
}

async fn not_stored(server: &Server, gateway: &Gateway) {
    let direct = bucket::Storage::of(server).unwrap().bucket(BUCKET);
    let data = data(LENGTH);
    for (number, mode) in MODES.into_iter().enumerate() {
        let key = format!("object-{number}");
        let request = put(mode, &gateway.object(&key), &data).await;
        for position in regions(request.body()) {
            // The answer may be lost when the gateway closes the connection.
            if let Ok((status, answer)) = send(spoil(&request, position)).await {
                assert!(status.is_client_error(), "{mode:?} at {position}: {status} {answer}");
                let codes = [
                    "XAmzContentSHA256Mismatch",
                    "SignatureDoesNotMatch",
                    "BadDigest",
                    "InvalidDigest",
                    "IncompleteBody",
                    "MalformedTrailerError",
                ];
                assert!(codes.iter().any(|code| answer.contains(code)), "{mode:?} at {position}: {answer}");
            }
            let found = direct.head(&key).await;
            assert!(found.is_err(), "{mode:?}: an object was stored although byte {position} was spoiled");
        }
        let (status, answer) = send(request.map(body)).await.unwrap();
        assert_eq!(status, 200, "{mode:?}: {answer}");
        assert!(direct.get(&key).await.unwrap() == data, "{mode:?}: other bytes were stored");
    }
}

/// A server that requires no trailer and no checksum in it can be used by each client.
#[tokio::test]
async fn each_mode_is_sent_in_signed_chunks_on_request() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &["--send-chunks"]);
    for mode in MODES {
        let request = put(mode, &gateway.object("object"), &data(LENGTH)).await;
        let (status, answer) = send(request.map(body)).await.unwrap();
        assert_eq!(status, 200, "{mode:?}: {answer}");
        let [recorded] = &server.take().await[..] else { panic!("{mode:?}: one request") };
        let hash = recorded.header("x-amz-content-sha256");
        assert_eq!(hash, Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), "{mode:?}");
        assert_eq!(recorded.header("x-amz-trailer"), None, "{mode:?}");
        assert_eq!(recorded.header("x-amz-decoded-content-length"), Some("150001"), "{mode:?}");
    }
}

/// A server might keep what arrived of an upload that broke off. It never has all of it.
#[tokio::test]
async fn pay_08_a_server_never_receives_a_whole_body_that_is_spoiled() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &[]);
    let data = data(LENGTH);
    for mode in MODES {
        let request = put(mode, &gateway.object("object"), &data).await;
        for position in regions(request.body()) {
            let answer = send(spoil(&request, position)).await;
            assert!(answer.is_err() || answer.is_ok_and(|(status, _)| status.is_client_error()));
            for recorded in server.take().await {
                assert!(!recorded.is_whole(), "{mode:?} at {position}");
                let received = recorded.body.iter().filter(|byte| **byte >= 0x80).count();
                assert!(received < LENGTH, "{mode:?} at {position}: all data arrived");
            }
        }
        let (status, answer) = send(request.map(body)).await.unwrap();
        assert_eq!(status, 200, "{mode:?}: {answer}");
        let [recorded] = &server.take().await[..] else { panic!("{mode:?}: one request") };
        assert!(recorded.is_whole());
        let received: Vec<u8> = recorded.body.iter().copied().filter(|byte| *byte >= 0x80).collect();
        assert!(received == data, "{mode:?}: other bytes arrived");
        assert!(!recorded.head.contains("FULL") && recorded.head.contains("AKIDREAL"), "{}", recorded.head);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_stored() {
    use tokio::io::AsyncWriteExt;
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    let data = data(LENGTH);
    for mode in [Mode::Hash, Mode::SignedChunks, Mode::Unsigned(countersign::Checksum::Crc32)] {
        let request = put(mode, &gateway.object("short"), &data).await;
        let length = request.body().len();
        let mut head = format!("PUT {} HTTP/1.1\r\n", request.uri().path());
        head += &format!("host: {}\r\n", gateway.url.strip_prefix("http://").unwrap());
        for (name, value) in
            request.headers().iter().filter(|(name, _)| *name != "content-length" && *name != "host")
        {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        head += &format!("content-length: {length}\r\n\r\n");
        let address = gateway.url.strip_prefix("http://").unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&request.body()[..length - 1]).await.unwrap();
        stream.flush().await.unwrap();
        drop(stream);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(direct.head("short").await.is_err(), "{mode:?}");
    }
}
