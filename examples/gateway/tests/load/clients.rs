//! The clients: steady ones that are measured, and slow and aborting ones that are not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::modes::{self, Mode, data};
use crate::running::BUCKET;

fn address(url: &str) -> &str {
    url.strip_prefix("http://").unwrap()
}

/// A number of connections that send one request after another.
pub struct Load {
    pub requests: usize,
    time: Duration,
    /// The latencies in microseconds, sorted.
    latencies: Vec<u64>,
}

impl Load {
    pub async fn run(url: &str, request: &Request<Bytes>, connections: usize, time: Duration) -> Self {
        let began = Instant::now();
        let clients: Vec<_> = (0..connections)
            .map(|_| tokio::spawn(steady(address(url).to_owned(), request.clone(), began + time)))
            .collect();
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await.unwrap());
        }
        latencies.sort_unstable();
        Self { requests: latencies.len(), time: began.elapsed(), latencies }
    }

    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.time.as_secs_f64()
    }

    /// Returns the median latency in microseconds.
    pub fn median(&self) -> f64 {
        self.latencies[self.latencies.len() / 2] as f64
    }
}

async fn steady(address: String, request: Request<Bytes>, until: Instant) -> Vec<u64> {
    let stream = TcpStream::connect(&address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = request.map(Full::new);
    // A connection of hyper's sends the target as it is: here a path.
    *request.uri_mut() = request.uri().path_and_query().unwrap().as_str().parse().unwrap();
    request.headers_mut().entry("host").or_insert(address.parse().unwrap());
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let began = Instant::now();
        sender.ready().await.unwrap();
        let answer = sender.send_request(request.clone()).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.into_body().collect().await.unwrap();
        latencies.push(u64::try_from(began.elapsed().as_micros()).unwrap());
    }
    latencies
}

const SLOW: usize = 64;
const ABORTING: usize = 8;

/// Clients that send a byte from time to time, and clients that abort each upload.
pub struct Disturbance {
    stop: Arc<AtomicBool>,
    aborted: Arc<AtomicU64>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Disturbance {
    pub async fn start(url: &str) -> Self {
        let (stop, aborted) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let object = format!("{url}/{BUCKET}/disturbance");
        let mut clients = Vec::new();
        for number in 0..SLOW + ABORTING {
            let mode = modes::MODES[number % modes::MODES.len()];
            let bytes = upload(mode, url, &object).await;
            let (address, stop, aborted) = (address(url).to_owned(), Arc::clone(&stop), Arc::clone(&aborted));
            clients.push(if number < SLOW {
                tokio::spawn(slow(address, bytes, stop))
            } else {
                tokio::spawn(abort(address, bytes, stop, aborted))
            });
        }
        Self { stop, aborted, clients }
    }

    pub fn aborted(&self) -> u64 {
        self.aborted.load(Ordering::Relaxed)
    }

    pub async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
    }
}

/// Returns an upload as it is sent.
async fn upload(mode: Mode, url: &str, object: &str) -> Vec<u8> {
    let request = modes::put(mode, object, &data(150_001)).await;
    let target = request.uri().path_and_query().unwrap();
    let mut head = format!("PUT {target} HTTP/1.1\r\nhost: {}\r\n", address(url));
    for (name, value) in request.headers() {
        if name != "host" && name != "content-length" {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
    }
    head += &format!("content-length: {}\r\n\r\n", request.body().len());
    [head.as_bytes(), request.body()].concat()
}

async fn slow(address: String, bytes: Vec<u8>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(&address).await else { continue };
        let (fast, slow) = bytes.split_at(bytes.len() / 2);
        let mut sent = stream.write_all(fast).await;
        for byte in slow {
            if sent.is_err() || stop.load(Ordering::Relaxed) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            sent = stream.write_all(&[*byte]).await;
        }
    }
}

/// Sends all but the last byte. The next upload begins when the gateway has given the last one up: otherwise a
/// slow machine would have more and more of them.
async fn abort(address: String, bytes: Vec<u8>, stop: Arc<AtomicBool>, aborted: Arc<AtomicU64>) {
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(&address).await else { continue };
        let _ = stream.write_all(&bytes[..bytes.len() - 1]).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
        aborted.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
