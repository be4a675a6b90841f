//! Several files that share a transfer, its requests at the same time and its budget of retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use multipart::{Concurrency, Event, Options, Target, Transfer};

use crate::bench::{Bench, count, options, source, transfer};
use crate::proxy::{Fault, Proxy};

const MIB: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn several_files_shrink_at_the_same_time() {
    let bench = Bench::new().await;
    let cut = |_, line: &str| if line.contains("partNumber=") { Fault::CutAt(3 << 19) } else { Fault::None };
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    let options = Options {
        part_size: Some(2 * MIB),
        smallest_part: Some(MIB),
        concurrency: Concurrency::Fixed(2),
        hedge: true,
        ..options()
    };
    let (bar, least) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
    let (shown, lowest) = (bar.clone(), least.clone());
    let transfer = Transfer::new(bench.through(&proxy.url), options, move |event| {
        let change = match event {
            Event::Moved { bytes } | Event::Proven { bytes, .. } => *bytes as i64,
            Event::Lost { bytes } => -(*bytes as i64),
            _ => 0,
        };
        let now = shown.fetch_add(change, Ordering::SeqCst) + change;
        lowest.fetch_min(now, Ordering::SeqCst);
    });
    let files: Vec<_> = (0..3).map(|seed| bench.file(&format!("file-{seed}"), 17 << 20, seed)).collect();
    let uploads = files.iter().enumerate().map(|(number, (path, _))| {
        let (transfer, target) = (transfer.clone(), Target::new(&format!("object-{number}")));
        let source = source(path);
        tokio::spawn(async move { transfer.upload(source, &target).await })
    });
    for upload in uploads.collect::<Vec<_>>() {
        upload.await.unwrap().unwrap();
    }
    for (number, (_, bytes)) in files.iter().enumerate() {
        bench.check(&format!("object-{number}"), bytes).await;
    }
    assert_eq!((bar.load(Ordering::SeqCst), least.load(Ordering::SeqCst)), (3 * 17 * MIB as i64, 0));
    // A request takes at most four buffers of 256 KiB.
    assert!(transfer.buffered() as u64 <= 2 * MIB, "{}", transfer.buffered());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_at_a_time_is_never_two() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let hung = AtomicBool::new(false);
    // The last part has number 17.
    let hang =
        move |_, line: &str| match line.contains("partNumber=17&") && !hung.swap(true, Ordering::Relaxed) {
            true => Fault::Hang,
            false => Fault::None,
        };
    let proxy = Proxy::start(&bench.server.endpoint(), hang).await;
    let (part_size, concurrency) = (Some(MIB), Concurrency::Fixed(1));
    let options = Options { part_size, concurrency, hedge: true, stall: Duration::from_secs(3), ..options() };
    let (transfer, events) = transfer(&bench.through(&proxy.url), options);
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    bench.check("object", &bytes).await;
    assert_eq!(count(&events, |event| matches!(event, Event::Hedged { .. })), 0);
    assert_eq!(count(&events, |event| matches!(event, Event::Retry { .. })), 1);
}
