//! Uploads without faults.

use std::io::Cursor;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use multipart::{Concurrency, Error, Event, Options, Proof, Source, Target, Transfer};
use tokio::io::{AsyncRead, ReadBuf};

use crate::bench::{Bench, PART, bytes, count, options, source, transfer};

#[tokio::test]
async fn sizes_around_the_limits_are_uploaded() {
    let bench = Bench::new().await;
    for (seed, size) in
        [0, 1, PART as usize + 1, (16 << 20) - 1, 16 << 20, (16 << 20) + 1].into_iter().enumerate()
    {
        let (path, bytes) = bench.file("file", size, seed as u64);
        let (transfer, _) = transfer(&bench.direct, Options { part_size: None, ..options() });
        for (key, source) in [("file", source(&path)), ("stream", stream(&bytes))] {
            let uploaded = transfer.upload(source, &Target::new(key)).await.unwrap();
            assert_eq!((uploaded.size, uploaded.sent, uploaded.found), (size as u64, size as u64, 0));
            assert!(matches!(uploaded.proof, Proof::Object(_)), "{:?}", uploaded.proof);
            bench.check(key, &bytes).await;
        }
    }
}

fn stream(bytes: &[u8]) -> Source {
    Source::Stream(Box::pin(Cursor::new(bytes.to_vec())))
}

/// Hands out the bytes of a stream and counts them.
struct Counted(Cursor<Vec<u8>>, Arc<AtomicUsize>);

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.0).poll_read(context, buffer);
        self.1.fetch_add(buffer.filled().len() - before, Ordering::SeqCst);
        read
    }
}

#[tokio::test]
async fn a_stream_takes_the_same_memory_whatever_its_parts() {
    let bench = Bench::new().await;
    let bytes = bytes(48 << 20, 7);
    for part_size in [1 << 20, 6 << 20, 20 << 20] {
        let read = Arc::new(AtomicUsize::new(0));
        let (count, done) = (read.clone(), AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let held = most.clone();
        let options = Options { part_size: Some(part_size), concurrency: Concurrency::Fixed(2), ..options() };
        let transfer = Transfer::new(bench.direct.clone(), options, move |event| match event {
            Event::Moved { .. } => {
                let acknowledged = done.load(Ordering::SeqCst) * part_size as usize;
                held.fetch_max(count.load(Ordering::SeqCst).saturating_sub(acknowledged), Ordering::SeqCst);
            }
            Event::Done { .. } => _ = done.fetch_add(1, Ordering::SeqCst),
            _ => {}
        });
        let source = Source::Stream(Box::pin(Counted(Cursor::new(bytes.clone()), read)));
        transfer.upload(source, &Target::new("object")).await.unwrap();
        bench.check("object", &bytes).await;

        // A request in progress takes at most four buffers of 256 KiB.
        assert!(transfer.buffered() <= 2 << 20, "{part_size}: {}", transfer.buffered());
        // The temporary files hold the parts of two requests, and the bytes that distinguish a stream
        // from a small object.
        let most = most.load(Ordering::SeqCst);
        assert!(most <= 2 * part_size as usize + (16 << 20), "{part_size}: {most}");
    }
}

#[tokio::test]
async fn the_server_keeps_the_checksum_and_the_description() {
    let bench = Bench::new().await;
    let (path, _) = bench.file("file", 17 << 20, 1);
    let target = Target {
        headers: vec![("content-type".into(), "video/mp4".into()), ("x-amz-meta-a".into(), "b".into())],
        ..Target::new("object")
    };
    let (transfer, _) = transfer(&bench.direct, options());
    let Proof::Object(crc) = transfer.upload(source(&path), &target).await.unwrap().proof else { panic!() };
    let head = bench.direct.head_with("object", &[("x-amz-checksum-mode", "ENABLED")]).await.unwrap();
    assert_eq!(head.headers["x-amz-checksum-crc64nvme"], crc.to_string());
    assert_eq!(head.headers["x-amz-checksum-type"], "FULL_OBJECT");
    assert_eq!((&*head.content_type, &head.headers["x-amz-meta-a"]), ("video/mp4", &"b".parse().unwrap()));
    // 17 MiB in parts of 256 KiB.
    assert!(head.etag.ends_with("-68"), "{}", head.etag);
}

#[tokio::test]
async fn an_object_that_has_the_bytes_is_not_sent_again() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let (transfer, events) = transfer(&bench.direct, options());
    let target = Target::new("object");
    transfer.upload(source(&path), &target).await.unwrap();
    let again = transfer.upload(source(&path), &target).await.unwrap();
    assert_eq!((again.sent, again.found), (0, 17 << 20));
    assert_eq!(count(&events, |event| matches!(event, Event::Done { .. })), 68);

    let (path, other) = bench.file("other", 17 << 20, 2);
    assert_eq!(transfer.upload(source(&path), &target).await.unwrap().sent, 17 << 20);
    assert_ne!(bytes, other);
    bench.check("object", &other).await;
}

#[tokio::test]
async fn an_object_that_exists_is_kept_if_only_a_new_one_is_wanted() {
    let bench = Bench::new().await;
    let (transfer, _) = transfer(&bench.direct, options());
    for size in [1000, 17 << 20] {
        let (path, bytes) = bench.file("file", size, 1);
        bench.direct.put("object", &bytes[1..], &[]).await.unwrap();
        let target = Target { only_new: true, ..Target::new("object") };
        let error = transfer.upload(source(&path), &target).await.unwrap_err();
        assert!(matches!(error, Error::Exists { same: false }), "{error}");
        bench.check("object", &bytes[1..]).await;

        bench.direct.put("object", &bytes, &[]).await.unwrap();
        let error = transfer.upload(source(&path), &target).await.unwrap_err();
        assert!(matches!(error, Error::Exists { same: true }), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_is_not_uploaded() {
    let bench = Bench::new().await;
    let (path, _) = bench.file("file", 17 << 20, 1);
    let changed = path.clone();
    let transfer = multipart::Transfer::new(bench.direct.clone(), options(), move |event| {
        if *event == (Event::Done { number: 3 }) {
            std::fs::write(&changed, bytes(17 << 20, 9)).unwrap();
        }
    });
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error}");
    assert_eq!(bench.direct.head("object").await.unwrap_err().code(), Some("NotFound"));
}
