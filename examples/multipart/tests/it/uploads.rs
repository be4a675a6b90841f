//! Uploads without faults.

use std::io::Cursor;

use multipart::{Error, Event, Options, Proof, Source, Target};

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
