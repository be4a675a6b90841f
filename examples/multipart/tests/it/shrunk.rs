//! Parts that become shorter on a network that keeps losing them.

use std::sync::atomic::{AtomicUsize, Ordering};

use bucket::Body;
use countersign::Checksum;
use multipart::{Concurrency, Error, Event, Options, Source, Target, Uploaded};

use crate::bench::{Bench, count, options, source, transfer};
use crate::faults::{schedule, sent_twice};
use crate::proxy::{Fault, Proxy};
use crate::resumed::{CRC64, put_part};

const MIB: usize = 1 << 20;

fn shrinking() -> Options {
    let (part_size, smallest_part) = (Some(4 * MIB as u64), Some(MIB as u64 / 2));
    Options { part_size, smallest_part, concurrency: Concurrency::Fixed(3), ..options() }
}

/// Returns the number of a part that a request sends.
fn number(line: &str) -> Option<u32> {
    let (_, rest) = line.strip_prefix("PUT ")?.split_once("partNumber=")?;
    rest.split('&').next()?.parse().ok()
}

/// Returns the numbers of the parts that the server has stored, sorted. A part that is stored twice is in it twice.
fn stored(proxy: &Proxy) -> Vec<u32> {
    let seen = proxy.seen().into_iter().filter(|seen| seen.status == Some(200));
    let mut numbers: Vec<_> = seen.filter_map(|seen| number(&seen.line)).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_shrink_until_the_network_takes_them() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB + 5, 1);
    let cut = |_, _: &str| Fault::CutAt(3 * MIB / 2);
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    // Three parts at a time need six retries for each of the two lengths that are too long.
    let options = Options { retries: 8, ..shrinking() };
    let (transfer, events) = transfer(&bench.through(&proxy.url), options);
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!((uploaded.sent, uploaded.found), (17 * MIB as u64 + 5, 0));
    bench.check("object", &bytes).await;
    // 4 MiB, 2 MiB, and then 17 parts of 1 MiB and one of 5 bytes.
    assert_eq!(
        count(&events, |event| matches!(event, Event::Note { text } if text.contains("from now on"))),
        2
    );
    assert_eq!(stored(&proxy), (1..=18).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_part_keeps_its_length_when_a_later_one_is_there() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 20 * MIB, 2);
    let lost = AtomicUsize::new(0);
    let cut = move |_, line: &str| match number(line) {
        Some(2) if lost.fetch_add(1, Ordering::Relaxed) < 5 => Fault::Truncate,
        // The other parts are slow, so that some of them are not sent yet when part 2 is lost.
        Some(_) => Fault::Delay,
        None => Fault::None,
    };
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    let options = Options { part_size: Some(MIB as u64), ..shrinking() };
    let (transfer, _) = transfer(&bench.through(&proxy.url), options);
    transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    bench.check("object", &bytes).await;
    // Twenty parts would be enough: some of the last are shorter. No part is stored twice.
    let numbers = stored(&proxy);
    assert!(numbers.len() > 20, "{numbers:?}");
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_whose_answers_are_all_lost_is_found_at_the_server() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB, 7);
    // The last part has number 5.
    for lost in [2, 5] {
        let lose = move |_, line: &str| match number(line) == Some(lost) {
            true => Fault::LoseAnswer,
            false => Fault::None,
        };
        let proxy = Proxy::start(&bench.server.endpoint(), lose).await;
        let (transfer, _) = transfer(&bench.through(&proxy.url), shrinking());
        let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
        let length = if lost == 5 { 1 } else { 4 };
        assert_eq!(uploaded.found, length * MIB as u64);
        assert_eq!(stored(&proxy).iter().filter(|number| **number == lost).count(), 3);
        bench.check("object", &bytes).await;
        bench.direct.delete("object").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_file_that_is_lost_for_ever_ends_the_upload() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB, 8);
    let lose = |_, line: &str| match number(line) {
        Some(5..) => Fault::Truncate,
        _ => Fault::None,
    };
    let proxy = Proxy::start(&bench.server.endpoint(), lose).await;
    let options = Options { attempts: 4, ..shrinking() };
    let (first, _) = transfer(&bench.through(&proxy.url), options);
    let error = first.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::GaveUp { attempts: 4, .. }), "{error}");

    let (second, _) = transfer(&bench.direct, shrinking());
    let uploaded = second.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!((uploaded.sent, uploaded.found), (MIB as u64, 16 * MIB as u64));
    bench.check("object", &bytes).await;
}

/// Uploads over a network that cuts parts at 1.5 MiB and loses everything after a number of requests. Then the
/// same upload is continued over a good network.
async fn interrupted(bench: &Bench, source: impl Fn() -> Source, parts: usize) -> (Proxy, Uploaded) {
    let sent = AtomicUsize::new(0);
    let cut = move |_, line: &str| {
        let is_small = number(line).is_some_and(|number| number > 2);
        let sent = sent.fetch_add(usize::from(is_small), Ordering::Relaxed);
        match number(line) {
            // Two parts of 4 MiB are there before the network gets bad.
            Some(1 | 2) | None => Fault::None,
            _ if sent > parts => Fault::Drop,
            _ => Fault::CutAt(3 * MIB / 2),
        }
    };
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    let once = Options { attempts: 4, ..shrinking() };
    let (first, _) = transfer(&bench.through(&proxy.url), once);
    let error = first.upload(source(), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::GaveUp { .. } | Error::Budget { .. }), "{error}");

    let good = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
    let (second, _) = transfer(&bench.through(&good.url), shrinking());
    let uploaded = second.upload(source(), &Target::new("object")).await.unwrap();
    let before = stored(&proxy);
    assert!(stored(&good).iter().all(|number| !before.contains(number)), "{before:?}");
    (proxy, uploaded)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_parts_shrank_is_continued() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 33 * MIB + 5, 3);
    for parts in [24, 27, 31] {
        let (before, uploaded) = interrupted(&bench, || source(&path), parts).await;
        let small = stored(&before).len() as u64 - 2;
        assert!(small > 2, "{small}");
        assert_eq!(uploaded.found, (8 + small) * MIB as u64);
        bench.check("object", &bytes).await;
        bench.direct.delete("object").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_part_size_continues_an_upload() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB, 4);
    for (stream, wanted, part_size) in [(false, MIB, MIB), (false, 8 * MIB, 4 * MIB), (true, MIB, MIB)] {
        let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
        put_part(&bench.direct, &id, 2, Checksum::Crc64Nvme, &bytes[4 * MIB..8 * MIB]).await;
        let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
        let options = Options { part_size: Some(wanted as u64), ..shrinking() };
        let (transfer, _) = transfer(&bench.through(&proxy.url), options);
        let source = match stream {
            true => Source::Stream(Box::pin(std::io::Cursor::new(bytes.clone()))),
            false => source(&path),
        };
        let uploaded = transfer.upload(source, &Target::new("object")).await.unwrap();
        assert_eq!(uploaded.found, 4 * MIB as u64);
        // Part 1 has the length of part 2.
        assert_eq!(stored(&proxy).len(), 1 + (9 * MIB).div_ceil(part_size), "{wanted}");
        bench.check("object", &bytes).await;
        bench.direct.delete("object").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_parts_do_not_shrink() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB, 5);
    let cut = |_, line: &str| if number(line).is_some() { Fault::CutAt(3 * MIB / 2) } else { Fault::None };
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    let client = bench.through(&proxy.url);
    let equal = Options { smallest_part: None, attempts: 5, ..shrinking() };
    let (transfer, _) = transfer(&client, equal);
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::GaveUp { attempts: 5, .. } | Error::Budget { .. }), "{error}");

    // Without a checksum of the whole, a download is proven by parts of one length.
    let id = bench.direct.list_uploads("object").await.unwrap().remove(0).id;
    bench.direct.abort_upload("object", &id).await.unwrap();
    let id = bench.direct.create_upload("object", &[]).await.unwrap();
    let first = Body::bytes(bytes[..4 * MIB].to_vec());
    bench.direct.upload_part("object", &id, 1, first, &[]).await.unwrap();
    let (transfer, _) = crate::bench::transfer(&client, Options { attempts: 5, ..shrinking() });
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::GaveUp { attempts: 5, .. } | Error::Budget { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_failed_runs_can_shrink_parts() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 * MIB + 5, 6);
    let faults = schedule(1);
    let cut = move |number, line: &str| match faults(number, line) {
        Fault::None => Fault::CutAt(5 * MIB / 4),
        fault => fault,
    };
    let proxy = Proxy::start(&bench.server.endpoint(), cut).await;
    let client = bench.through(&proxy.url);
    let target = Target::new("object");
    let options = Options { retries: 12, part_size: Some(2 * MIB as u64), ..shrinking() };
    let mut runs = 0;
    while transfer(&client, options.clone()).0.upload(source(&path), &target).await.is_err() {
        runs += 1;
        assert!(runs < 50);
    }
    bench.check(&target.key, &bytes).await;
    assert_eq!(sent_twice(&proxy), None);
    // Nine parts of 2 MiB would be enough.
    assert!(stored(&proxy).last().is_some_and(|last| *last > 9), "{:?}", stored(&proxy));
}
