//! Transfers over a network that drops, delays, truncates, spoils and loses, to a server that is busy.

use std::time::Duration;

use multipart::{Error, Event, Options, Target};

use crate::bench::{Bench, PART, count, options, source, transfer};
use crate::proxy::{Fault, Proxy};

const FAULTS: [Fault; 9] = [
    Fault::Drop,
    Fault::Truncate,
    Fault::LoseAnswer,
    Fault::CutAnswer,
    Fault::Spoil,
    Fault::Delay,
    Fault::Stall,
    Fault::Status(500),
    Fault::Status(503),
];

/// One request of three is broken, each in its own way.
pub fn schedule(seed: u64) -> impl Fn(usize, &str) -> Fault + Send + Sync {
    let random = std::sync::Mutex::new(fastrand::Rng::with_seed(seed));
    move |_, _| {
        let mut random = random.lock().unwrap();
        if random.u8(..3) > 0 { Fault::None } else { FAULTS[random.usize(..FAULTS.len())] }
    }
}

/// Returns the first part that was sent again after its sender had received an answer of success.
pub fn sent_twice(proxy: &Proxy) -> Option<String> {
    let mut acknowledged = Vec::new();
    for seen in proxy.seen() {
        let Some(part) = seen.part() else { continue };
        if acknowledged.iter().any(|known| known == part) {
            return Some(part.to_owned());
        }
        let delivered = !matches!(seen.fault, Fault::LoseAnswer | Fault::CutAnswer | Fault::Stall);
        if seen.status == Some(200) && delivered {
            acknowledged.push(part.to_owned());
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_every_fault() {
    let bench = Bench::new().await;
    // Below 16 MiB an object is sent in one request.
    let (path, bytes) = bench.file("file", (16 << 20) + 1, 1);
    for seed in 0..3 {
        let proxy = Proxy::start(&bench.server.endpoint(), schedule(seed)).await;
        let options = Options { part_size: Some(1 << 20), ..options() };
        let (transfer, events) = transfer(&bench.through(&proxy.url), options);
        let key = format!("object-{seed}");
        transfer.upload(source(&path), &Target::new(&key)).await.unwrap();
        bench.check(&key, &bytes).await;
        assert!(count(&events, |event| matches!(event, Event::Retry { .. })) > 0);
        assert_eq!(sent_twice(&proxy), None, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_upload_survives_every_fault() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 300_000, 2);
    for seed in 10..16 {
        let proxy = Proxy::start(&bench.server.endpoint(), schedule(seed)).await;
        let (transfer, _) = transfer(&bench.through(&proxy.url), options());
        let target = Target { only_new: true, ..Target::new(&format!("object-{seed}")) };
        transfer.upload(source(&path), &target).await.unwrap();
        bench.check(&target.key, &bytes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_survives_every_fault() {
    let bench = Bench::new().await;
    let (_, bytes) = bench.file("file", (5 << 20) + 3, 3);
    bench.direct.put("object", &bytes, &[]).await.unwrap();
    for seed in 20..23 {
        let proxy = Proxy::start(&bench.server.endpoint(), schedule(seed)).await;
        let (transfer, _) = transfer(&bench.through(&proxy.url), options());
        let copy = bench.path("copy");
        transfer.download("object", &copy).await.unwrap();
        assert!(std::fs::read(&copy).unwrap() == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_the_last_request_is_resolved_by_the_checksum() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 4);
    for only_new in [false, true] {
        // The request that completes has an upload's id, and no part's number.
        let lost = |_, line: &str| match line.starts_with("POST") && line.contains("uploadId=") {
            true => Fault::LoseAnswer,
            false => Fault::None,
        };
        let proxy = Proxy::start(&bench.server.endpoint(), lost).await;
        let (transfer, _) = transfer(&bench.through(&proxy.url), options());
        let target = Target { only_new, ..Target::new(if only_new { "new" } else { "object" }) };
        let uploaded = transfer.upload(source(&path), &target).await.unwrap();
        assert_eq!(uploaded.sent, 17 << 20);
        bench.check(&target.key, &bytes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_object_is_found_after_its_answer_was_lost() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 300_000, 7);
    // The server refuses the second request before it has read the body, and this answer is lost too.
    let schedule = |number, line: &str| match (line.starts_with("PUT"), number) {
        (true, 0..=1) => Fault::LoseAnswer,
        (true, _) => Fault::Drop,
        _ => Fault::None,
    };
    let proxy = Proxy::start(&bench.server.endpoint(), schedule).await;
    let (transfer, events) = transfer(&bench.through(&proxy.url), options());
    let target = Target { only_new: true, ..Target::new("object") };
    transfer.upload(source(&path), &target).await.unwrap();
    assert_eq!(count(&events, |event| matches!(event, Event::Retry { .. })), 1);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_the_first_request_leaves_no_upload_open() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 5);
    let lost = std::sync::atomic::AtomicBool::new(false);
    let schedule = move |_, line: &str| {
        let begins = line.starts_with("POST") && line.ends_with("?uploads=");
        match begins && !lost.swap(true, std::sync::atomic::Ordering::Relaxed) {
            true => Fault::LoseAnswer,
            false => Fault::None,
        }
    };
    let proxy = Proxy::start(&bench.server.endpoint(), schedule).await;
    let (transfer, events) = transfer(&bench.through(&proxy.url), options());
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(count(&events, |event| matches!(event, Event::Retry { .. })), 1);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_whose_answer_never_comes_is_sent_a_second_time() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 8);
    let hung = std::sync::atomic::AtomicBool::new(false);
    let schedule = move |_, line: &str| {
        let is_fifth = line.contains("partNumber=5&");
        match is_fifth && !hung.swap(true, std::sync::atomic::Ordering::Relaxed) {
            true => Fault::Hang,
            false => Fault::None,
        }
    };
    let proxy = Proxy::start(&bench.server.endpoint(), schedule).await;
    // Without the second attempt, the upload would take an hour.
    let options = Options { hedge: true, stall: Duration::from_secs(3600), ..options() };
    let (transfer, events) = transfer(&bench.through(&proxy.url), options);
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    bench.check("object", &bytes).await;
    assert_eq!(count(&events, |event| *event == Event::Hedged { task: "part 5".to_owned() }), 1);
    // The bytes of the attempt that was dropped do not count.
    let moved = |event: &Event| match event {
        Event::Lost { bytes } => *bytes,
        _ => 0,
    };
    assert_eq!(events.lock().unwrap().iter().map(moved).sum::<u64>(), PART);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_only_fails_ends_the_upload() {
    let bench = Bench::new().await;
    let (path, _) = bench.file("file", 1000, 6);
    let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::Status(503)).await;
    let few = Options { attempts: 3, ..options() };
    let (slow, _) = transfer(&bench.through(&proxy.url), few);
    let error = slow.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::GaveUp { attempts: 3, .. }), "{error}");
    assert_eq!(proxy.seen().len(), 3);

    let none = Options { retries: 1, ..options() };
    let (poor, _) = transfer(&bench.through(&proxy.url), none);
    let error = poor.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::Budget { .. }), "{error}");
    assert_eq!(proxy.seen().len(), 5);
}
