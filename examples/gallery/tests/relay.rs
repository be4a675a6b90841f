//! The cost of an upload for the service, signed and relayed. This command prints the table of docs/gallery.md:
//!
//! ```sh
//! cargo test --release -p gallery --test relay -- --ignored --nocapture
//! ```

#[path = "gallery/harness.rs"]
#[allow(dead_code, reason = "the measurement needs less of it")]
mod harness;

use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bucket::Server;
use harness::{Gallery, png, sha256};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Uploads of each size and way, if `RELAY_UPLOADS` is not set.
const UPLOADS: u32 = 40;

fn uploads() -> u32 {
    std::env::var("RELAY_UPLOADS")
        .map_or(UPLOADS, |number| number.parse().expect("RELAY_UPLOADS is a number"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: run it in a release build on an idle machine"]
async fn signed_and_relayed() {
    let uploads = uploads();
    println!("| size | way | bytes through the service | CPU of the service | time |");
    println!("| --- | --- | --- | --- | --- |");
    for size in [64 << 10, 1 << 20, 8 << 20] {
        for way in ["signed", "relayed"] {
            let [bytes, cpu, time] = measure(way, size, uploads).await;
            println!(
                "| {} KiB | {way} | {:.1} KiB | {:.1} ms | {:.1} ms |",
                size >> 10,
                bytes / 1024.0,
                cpu * 1000.0,
                time * 1000.0
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_a_signed_upload_do_not_pass_through_the_service() {
    let size = 1 << 20;
    let [signed, ..] = measure("signed", size, 1).await;
    assert!(signed > 1024.0 && signed < 64.0 * 1024.0, "{signed} bytes");
    // From the browser, and to the storage.
    let [relayed, ..] = measure("relayed", size, 1).await;
    assert!(relayed > 2.0 * size as f64, "{relayed} bytes");
}

/// Returns the bytes, the seconds of CPU and the seconds for one upload, with its confirmation.
async fn measure(way: &str, size: usize, uploads: u32) -> [f64; 3] {
    let storage = Server::start().await.unwrap();
    let bytes = Arc::new(AtomicU64::new(0));
    let upstream = proxy(storage.endpoint().trim_start_matches("http://").to_owned(), bytes.clone()).await;
    let own = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let page = proxy(own.clone(), bytes.clone()).await;
    let keys = [storage.access_key.clone(), storage.secret_key.clone()];
    let (_, process) = harness::run(
        &upstream,
        &storage.bucket,
        &keys,
        &["--relay", "--listen", &own, "--origin", &page, "--public-url", &storage.endpoint()],
    )
    .await;
    let gallery = Gallery::of(page, &storage, process);

    let mut image = png();
    image.resize(size, 7);
    let sum = sha256(&image);
    one(&gallery, way, &image, &sum).await;
    bytes.store(0, Ordering::Relaxed);
    let (cpu, begun) = (cpu_of(gallery.process()), Instant::now());
    for _ in 0..uploads {
        one(&gallery, way, &image, &sum).await;
    }
    let each = |total: f64| total / f64::from(uploads);
    let time = each(begun.elapsed().as_secs_f64());
    let cpu = each((cpu_of(gallery.process()) - cpu).as_secs_f64());
    [each(bytes.load(Ordering::Relaxed) as f64), cpu, time]
}

async fn one(gallery: &Gallery, way: &str, image: &[u8], sum: &str) {
    let key = if way == "signed" {
        let asked =
            json!({ "filename": "a.png", "content_type": "image/png", "size": image.len(), "sha256": sum });
        let ticket = gallery.post("/api/generate-upload-url", &asked).await.ok();
        gallery.put(&ticket, image).await.ok();
        ticket["key"].clone()
    } else {
        let sum = countersign::uri::encode(sum);
        let url = format!("{}/api/relay?filename=a.png&content_type=image/png&sha256={sum}", gallery.url);
        gallery.send("POST", &url, &[], image).await.ok()["key"].clone()
    };
    let said: Value = json!({ "key": key, "size": image.len(), "sha256": sum });
    gallery.post("/api/confirm", &said).await.ok();
}

/// Returns the CPU time of a process. Linux counts it in hundredths of a second; elsewhere it is zero.
fn cpu_of(process: &Child) -> Duration {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{}/stat", process.id())) else {
        return Duration::ZERO;
    };
    // The fields after the name, which is in parentheses: the 12th and 13th are user and system.
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = |field: usize| fields[field].parse::<u64>().unwrap();
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

/// Passes bytes on in both directions, and counts them. Returns its address.
async fn proxy(target: String, bytes: Arc<AtomicU64>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = TcpStream::connect(&target).await else { continue };
            let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
            tokio::spawn(pass(near_read, far_write, bytes.clone()));
            tokio::spawn(pass(far_read, near_write, bytes.clone()));
        }
    });
    address
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    bytes: Arc<AtomicU64>,
) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        bytes.fetch_add(read as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
}
