//! Measures the gateway under load, and prints tables:
//!
//! ```sh
//! cargo test --release -p gateway --test load -- --ignored --nocapture
//! ```
//!
//! `LOAD_SECONDS` (10) is the time of each row, and `LOAD_CONNECTIONS` (256) the number of connections.
//! The clients, the gateway and its server share this machine. The server answers at once and stores nothing,
//! so the table shows the cost of the gateway, and nothing of a server's.

mod clients;
mod cost;
mod process;
mod server;

#[path = "../gateway/modes.rs"]
#[allow(dead_code, reason = "the load needs less of it")]
mod modes;
#[path = "../gateway/running.rs"]
#[allow(dead_code, reason = "the load needs less of it")]
mod running;

use std::time::{Duration, Instant};

use bytes::Bytes;
use countersign::{Checksum, Expires, Payload, Timestamp};
use http::Request;
use modes::{Mode, data};
use running::{FULL, Gateway, KEYS, Real, signer};

use crate::clients::{Disturbance, Load};
use crate::server::Server;

/// The body of the uploads.
const UPLOAD: usize = 16 << 10;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: run it in a release build on an idle machine"]
async fn requests_per_second_memory_and_connections() {
    let seconds = Duration::from_secs(setting("LOAD_SECONDS", 10));
    let connections = usize::try_from(setting("LOAD_CONNECTIONS", 256)).unwrap();
    let server = Server::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::launch(&real, KEYS, &[]);
    cost(&server, &gateway, seconds, connections).await;
    println!();
    endurance(&server, &gateway, seconds * 3, connections).await;
}

/// Prints each request sent directly and through the gateway.
async fn cost(server: &Server, gateway: &Gateway, time: Duration, connections: usize) {
    println!(
        "| request | connections | direct | through | median direct | through | CPU of the gateway | verify and sign |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: |");
    for kind in [Kind::Get, Kind::Presigned, Kind::Put, Kind::PutTrailer] {
        let (direct, through) = (kind.request(&server.url).await, kind.request(&gateway.url).await);
        let own = cost::verify_and_sign(&through, kind);
        for connections in [1, connections] {
            // The first second fills pools and caches.
            Load::run(&gateway.url, &through, connections, Duration::from_secs(1)).await;
            let plain = Load::run(&server.url, &direct, connections, time).await;
            let before = process::cpu(gateway.process.id());
            let load = Load::run(&gateway.url, &through, connections, time).await;
            let cpu = (process::cpu(gateway.process.id()) - before).as_secs_f64() / load.requests as f64;
            let share = 100.0 * own / cpu;
            println!(
                "| {kind:?} | {connections} | {:.0}/s | {:.0}/s | {:.0} µs | {:.0} µs | {:.0} µs | {:.1} µs, {share:.1} % |",
                plain.per_second(),
                load.per_second(),
                plain.median(),
                load.median(),
                cpu * 1e6,
                own * 1e6,
            );
        }
    }
}

/// Prints the memory of the gateway over time, under load, with slow clients and aborted uploads.
async fn endurance(server: &Server, gateway: &Gateway, time: Duration, connections: usize) {
    let requests = [Kind::Get.request(&gateway.url).await, Kind::PutTrailer.request(&gateway.url).await];
    let disturbance = Disturbance::start(&gateway.url).await;
    let (began, step) = (Instant::now(), time / 10);
    println!("| time | requests | memory of the gateway | open connections | uploads aborted |");
    println!("| --: | --: | --: | --: | --: |");
    let mut memory = Vec::new();
    for turn in 0..10 {
        let load = Load::run(&gateway.url, &requests[turn % 2], connections, step).await;
        memory.push(process::memory(gateway.process.id()));
        println!(
            "| {:.0} s | {:.0}/s | {:.1} MiB | {} | {} |",
            began.elapsed().as_secs_f64(),
            load.per_second(),
            memory[turn],
            open(gateway, "gateway_connections ").await,
            disturbance.aborted(),
        );
    }
    disturbance.stop().await;
    for _ in 0..400 {
        if open(gateway, "gateway_connections ").await == 0 && server.connections() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let clients = open(gateway, "gateway_connections ").await;
    let running = open(gateway, "gateway_requests_running ").await;
    println!(
        "\nAfter the end: {clients} connections of clients, {running} requests, {} connections to the server, \
              {:.1} MiB.",
        server.connections(),
        process::memory(gateway.process.id())
    );
    assert_eq!((clients, running, server.connections()), (0, 0, 0), "a connection or a request is leaked");
    let most = |memory: &[f64]| memory.iter().copied().fold(0.0, f64::max);
    let growth = most(&memory[5..]) - most(&memory[..5]);
    assert!(growth < 8.0, "the memory grows: {memory:?}");
}

async fn open(gateway: &Gateway, name: &str) -> u64 {
    let (_, metrics) = gateway.admin("/metrics").await;
    metrics.lines().find_map(|line| line.strip_prefix(name)?.parse().ok()).unwrap()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Get,
    Presigned,
    /// 16 KiB, with their hash.
    Put,
    /// 16 KiB as SDKs send them by default: in chunks, with a checksum in the trailer.
    PutTrailer,
}

impl Kind {
    /// Returns a signed request, which is sent again and again.
    async fn request(self, url: &str) -> Request<Bytes> {
        let url = format!("{url}/{}/object", running::BUCKET);
        let mut request = Request::get(&url).body(Bytes::new()).unwrap();
        match self {
            Self::Put => return modes::put(Mode::Hash, &url, &data(UPLOAD)).await,
            Self::PutTrailer => {
                return modes::put(Mode::UnsignedTrailer(Checksum::Crc32), &url, &data(UPLOAD)).await;
            }
            Self::Get => {
                countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b""), Timestamp::now())
                    .unwrap();
            }
            Self::Presigned => {
                countersign::http::presign(&signer(FULL), &mut request, Expires::HOUR, Timestamp::now())
                    .unwrap();
            }
        }
        request
    }
}
