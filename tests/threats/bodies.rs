//! What leaves a proxy that is built on the adapters: a body that is not proven is never stored.
//!
//! A client over a plain socket sends a body to a proxy of hyper and `VerifyLayer`. The proxy sends it to a server of
//! hyper, which stores a body that it has received completely.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign::chunked::ChunkedBody;
use countersign::http_body::ProvenBody;
use countersign::tower::VerifyLayer;
use countersign::{Checksum, Credentials, Payload, Signer, Verified, Verifier};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::{ServiceBuilder, service_fn};

use testkit::*;

type Stored = Arc<Mutex<Vec<Bytes>>>;

/// The length that the proxy states to the server.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    /// It forwards `content-length`.
    Forwarded,
    /// It sends the body in HTTP's chunks.
    Unknown,
}

/// Starts the server. Returns its port, and what it stores.
async fn server() -> (u16, Stored) {
    let stored = Stored::default();
    let (listener, into) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), Arc::clone(&stored));
    let port = listener.local_addr().unwrap().port();
    let store = move |request: http::Request<Incoming>| {
        let into = Arc::clone(&into);
        async move {
            // An incomplete body is an error, and is not stored.
            if let Ok(body) = request.into_body().collect().await {
                into.lock().unwrap().push(body.to_bytes());
            }
            Ok::<_, Infallible>(http::Response::new(Full::<Bytes>::default()))
        }
    };
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = hyper::service::service_fn(store.clone());
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service);
            tokio::spawn(connection);
        }
    });
    (port, stored)
}

/// Starts a proxy that verifies. Returns its port.
async fn proxy(verifier: Verifier, server: u16, length: Length) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let keys = HashMap::<String, Credentials>::from([(ID.into(), credentials())]);
    let client: Client<_, ProvenBody<Incoming>> = Client::builder(TokioExecutor::new()).build_http();
    let forward = move |request: http::Request<ProvenBody<Incoming>>| {
        let client = client.clone();
        async move {
            assert!(request.extensions().get::<Verified>().is_some());
            let mut forwarded =
                http::Request::put(format!("http://127.0.0.1:{server}{}", request.uri().path()));
            let stated = request.headers().get("content-length").filter(|_| length == Length::Forwarded);
            if let Some(stated) = stated {
                forwarded = forwarded.header("content-length", stated);
            }
            if length == Length::Unknown {
                forwarded = forwarded.header("transfer-encoding", "chunked");
            }
            let response = client.request(forwarded.body(request.into_body()).unwrap()).await;
            let status = response.map_or(http::StatusCode::BAD_GATEWAY, |response| response.status());
            let response = http::Response::builder().status(status).body(Full::<Bytes>::default()).unwrap();
            Ok::<_, Infallible>(response)
        }
    };
    let layer = VerifyLayer::new(verifier, keys).with_clock(now);
    let service = TowerToHyperService::new(ServiceBuilder::new().layer(layer).service(service_fn(forward)));
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service.clone());
            tokio::spawn(connection);
        }
    });
    port
}

/// How the client frames and delivers a body.
#[derive(Clone, Copy, Debug)]
struct Delivery {
    /// The body is in HTTP's chunks, without `content-length`.
    http_chunks: bool,
    /// The last bytes are sent later than the others, so that they arrive in another piece.
    last_bytes_later: usize,
    /// The number of bytes that are not sent.
    missing: usize,
}

/// Sends a request. Returns the status of the response, if there is one.
async fn send(port: u16, wire: &Wire, delivery: Delivery) -> Option<u16> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut head = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", wire.method, wire.target).into_bytes();
    for (name, value) in &wire.headers {
        head.extend_from_slice(format!("{name}: ").as_bytes());
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    let length = wire.body.len();
    let framing = match delivery.http_chunks {
        true => "transfer-encoding: chunked\r\n\r\n".to_owned(),
        false => format!("content-length: {length}\r\n\r\n"),
    };
    head.extend_from_slice(framing.as_bytes());
    let sent = &wire.body[..length - delivery.missing];
    let (first, last) = sent.split_at(sent.len() - delivery.last_bytes_later.min(sent.len()));
    for piece in [first, last] {
        if delivery.http_chunks && !piece.is_empty() {
            head.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        }
        head.extend_from_slice(piece);
        if delivery.http_chunks && !piece.is_empty() {
            head.extend_from_slice(b"\r\n");
        }
        // The proxy may close the connection before it has read everything.
        let _ = socket.write_all(&std::mem::take(&mut head)).await;
        if !last.is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    if delivery.http_chunks && delivery.missing == 0 {
        let _ = socket.write_all(b"0\r\n\r\n").await;
    }
    if delivery.missing > 0 {
        let _ = socket.shutdown().await;
    }
    let mut response = Vec::new();
    let _ = socket.read_to_end(&mut response).await;
    let response = String::from_utf8_lossy(&response).into_owned();
    response.split(' ').nth(1)?.parse().ok()
}

/// Returns a request whose body is encoded in chunks.
fn chunked(signer: &Signer, body: &ChunkedBody, data: &[u8]) -> Wire {
    let wire = Wire::new("PUT", "/folder/test.txt");
    let (signed, mut encoder) = wire.view(|view| signer.sign_chunked(view, body, now())).unwrap();
    let mut encoded = Vec::new();
    encoder.encode_to(data, &mut encoded).unwrap();
    encoded.extend(encoder.finish(&[]).unwrap());
    signed.iter().fold(wire, |wire, (name, value)| wire.with(name, value)).body(encoded)
}

/// Returns requests that prove their body, one for each mode, with the name of the mode.
fn proving(data: &[u8]) -> Vec<(&'static str, Wire)> {
    let put = || Wire::new("PUT", "/folder/test.txt").body(data);
    let length = u64::try_from(data.len()).unwrap();
    let crc32 = countersign::ChecksumValue::of(Checksum::Crc32, data).to_string();
    let unsigned = put().with("x-amz-content-sha256", UNSIGNED).with("x-amz-checksum-crc32", crc32);
    let unsigned_signature = unsigned.view(|view| signer().sign(view, Payload::Unsigned, now())).unwrap();
    let unsigned = unsigned_signature.iter().fold(unsigned, |wire, (name, value)| wire.with(name, value));
    let small = |body: ChunkedBody| body.with_chunk_size(8192).unwrap();
    #[cfg_attr(not(feature = "sigv4a"), allow(unused_mut, reason = "SigV4a adds a mode"))]
    let mut modes = vec![
        ("hash", put().signed()),
        ("URL with a hash", put().with("x-amz-content-sha256", sha256(data)).presigned()),
        ("declared checksum", unsigned),
        ("signed chunks", chunked(&signer(), &small(ChunkedBody::signed(length)), data)),
        (
            "signed chunks and trailer",
            chunked(
                &signer(),
                &small(ChunkedBody::signed(length)).with_checksum(Checksum::Sha256).unwrap(),
                data,
            ),
        ),
        (
            "unsigned chunks and trailer",
            chunked(
                &signer(),
                &small(ChunkedBody::unsigned(length)).with_checksum(Checksum::Crc64Nvme).unwrap(),
                data,
            ),
        ),
    ];
    #[cfg(feature = "sigv4a")]
    modes.push((
        "SigV4a chunks",
        chunked(
            &Signer::sigv4a(credentials(), countersign::RegionSet::all(), countersign::Service::S3).unwrap(),
            &small(ChunkedBody::signed(length)),
            data,
        ),
    ));
    modes
}

fn s3() -> Verifier {
    #[cfg(feature = "sigv4a")]
    return verifier().allow_sigv4a();
    #[cfg(not(feature = "sigv4a"))]
    verifier()
}

/// Returns the index of each byte of the encoded body that is changed: the first, a middle and the last byte of the
/// data, and the last bytes of what follows it.
fn spoiled_bytes(wire: &Wire) -> Vec<usize> {
    let is_data = |byte: &u8| *byte == DATA;
    let first = wire.body.iter().position(is_data);
    let last = wire.body.iter().rposition(is_data);
    let (Some(first), Some(last)) = (first, last) else {
        return (0..wire.body.len()).rev().take(12).collect();
    };
    let middle = (first..=last).find(|index| *index >= last / 2 && wire.body[*index] == DATA).unwrap();
    let mut indices = vec![first, middle, last];
    indices.extend((last + 1..wire.body.len()).rev().step_by(5).take(8));
    indices.dedup();
    indices
}

/// A byte that the framing of chunks does not contain.
const DATA: u8 = b'~';

fn deliveries(missing: usize) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    for http_chunks in [false, true] {
        for last_bytes_later in [0, 1, 200] {
            deliveries.push(Delivery { http_chunks, last_bytes_later, missing });
        }
    }
    deliveries
}

#[test]
fn pay_08_a_tampered_body_does_not_leave_a_proxy() {
    run(async {
        for length in [Length::Forwarded, Length::Unknown] {
            let (server, stored) = server().await;
            let port = proxy(s3(), server, length).await;
            for size in [0, 1, 21, 20_000] {
                for (mode, good) in proving(&vec![DATA; size]) {
                    for delivery in deliveries(0) {
                        let context = format!("{mode}, {size} bytes, {length:?}, {delivery:?}");
                        assert_eq!(send(port, &good, delivery).await, Some(200), "{context}");
                        let stored_bodies = std::mem::take(&mut *stored.lock().unwrap());
                        assert!(
                            stored_bodies.len() == 1 && *stored_bodies[0] == vec![DATA; size],
                            "{context}"
                        );

                        for index in spoiled_bytes(&good) {
                            let mut bad = good.clone();
                            bad.body[index] ^= 1;
                            let status = send(port, &bad, delivery).await;
                            assert!(
                                status.is_none_or(|status| status == 400 || status == 403),
                                "{status:?} {context}"
                            );
                            assert!(stored.lock().unwrap().is_empty(), "byte {index}: {context}");
                        }
                        let longer = good.clone().body([&good.body[..], b"x"].concat());
                        assert_ne!(send(port, &longer, delivery).await, Some(200), "{context}");
                        assert!(stored.lock().unwrap().is_empty(), "one byte more: {context}");
                    }
                }
            }
        }
    });
}

#[test]
fn pay_08_a_truncated_body_does_not_leave_a_proxy() {
    run(async {
        for length in [Length::Forwarded, Length::Unknown] {
            let (server, stored) = server().await;
            let port = proxy(s3(), server, length).await;
            for (mode, good) in proving(&[DATA; 20_000]) {
                // The connection ends before the body.
                for delivery in [1, 2, 100, good.body.len()].into_iter().flat_map(deliveries) {
                    assert_ne!(send(port, &good, delivery).await, Some(200), "{mode}, {delivery:?}");
                    assert!(stored.lock().unwrap().is_empty(), "{mode}, {delivery:?}");
                }
                // The framing of HTTP says that the shorter body is complete.
                for missing in [1, 2, 100, good.body.len()] {
                    let shorter = good.clone().body(&good.body[..good.body.len() - missing]);
                    for delivery in deliveries(0) {
                        assert_ne!(
                            send(port, &shorter, delivery).await,
                            Some(200),
                            "{mode}, {missing}, {delivery:?}"
                        );
                        assert!(stored.lock().unwrap().is_empty(), "{mode}, {missing}, {delivery:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn pay_08_a_body_that_nothing_proves_is_passed_on_unless_a_signature_is_required() {
    run(async {
        let (server, stored) = server().await;
        let (lenient, strict) = (
            proxy(s3(), server, Length::Forwarded).await,
            proxy(s3().require_signed_body(), server, Length::Forwarded).await,
        );
        let put = Wire::new("PUT", "/folder/test.txt").body(vec![DATA; 20_000]);
        for mut wire in [put.clone().presigned(), unsigned(put)] {
            wire.body[19_999] = b'!';
            for delivery in deliveries(0) {
                assert_eq!(send(lenient, &wire, delivery).await, Some(200));
                assert_eq!(stored.lock().unwrap().pop().unwrap(), wire.body);
                assert_eq!(send(strict, &wire, delivery).await, Some(403));
                assert!(stored.lock().unwrap().is_empty());
            }
        }
    });
}

fn unsigned(wire: Wire) -> Wire {
    let signed = wire.view(|view| signer().sign(view, Payload::Unsigned, now())).unwrap();
    signed.iter().fold(wire, |wire, (name, value)| wire.with(name, value))
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
