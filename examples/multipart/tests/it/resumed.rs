//! Uploads that another run has begun: the server is the only state.

use std::sync::atomic::{AtomicBool, Ordering};

use bucket::{Body, Client};
use countersign::{Checksum, ChecksumValue};
use futures_util::StreamExt;
use multipart::{Error, Event, Options, Source, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::bench::{Bench, PART, bytes, count, options, source, transfer};
use crate::proxy::{Fault, Proxy};

pub const CRC64: [(&str, &str); 2] =
    [("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "FULL_OBJECT")];

pub async fn put_part(client: &Client, id: &str, number: u32, algorithm: Checksum, bytes: &[u8]) {
    let sum = ChecksumValue::of(algorithm, bytes).to_string();
    let headers = [(algorithm.name(), &*sum)];
    client.upload_part("object", id, number, Body::bytes(bytes.to_vec()), &headers).await.unwrap();
}

fn parts(bytes: &[u8], part_size: u64) -> impl Iterator<Item = (u32, &[u8])> {
    (1..).zip(bytes.chunks(part_size as usize))
}

#[tokio::test]
async fn only_missing_and_different_parts_are_sent() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", (17 << 20) + 5, 1);
    let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
    for (number, part) in parts(&bytes, PART) {
        match number {
            // A part of the file as it was before.
            7 => put_part(&bench.direct, &id, number, Checksum::Crc64Nvme, &self::bytes(part.len(), 2)).await,
            // A part that was cut.
            8 => put_part(&bench.direct, &id, number, Checksum::Crc64Nvme, &part[1..]).await,
            20..30 => {}
            _ => put_part(&bench.direct, &id, number, Checksum::Crc64Nvme, part).await,
        }
    }
    // A file that was longer.
    put_part(&bench.direct, &id, 500, Checksum::Crc64Nvme, b"old").await;

    let (transfer, events) = transfer(&bench.direct, options());
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!((uploaded.sent, uploaded.found), (12 * PART, (17 << 20) + 5 - 12 * PART));
    for number in [7, 8] {
        assert_eq!(count(&events, |event| *event == Event::Differs { number }), 1);
    }
    assert_eq!(count(&events, |event| matches!(event, Event::Proven { .. })), 69 - 12);
    bench.check("object", &bytes).await;
}

#[tokio::test]
async fn parts_of_another_size_are_continued_in_that_size() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    for stream in [false, true] {
        let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
        for (number, part) in parts(&bytes, 1 << 20).take(3) {
            put_part(&bench.direct, &id, number, Checksum::Crc64Nvme, part).await;
        }
        let options = Options { part_size: None, smallest_part: Some(1 << 20), ..options() };
        let (transfer, _) = transfer(&bench.direct, options);
        let source = match stream {
            true => Source::Stream(Box::pin(std::io::Cursor::new(bytes.clone()))),
            false => source(&path),
        };
        let uploaded = transfer.upload(source, &Target::new("object")).await.unwrap();
        assert_eq!((uploaded.part_size, uploaded.found), (1 << 20, 3 << 20));
        bench.check("object", &bytes).await;
    }
}

#[tokio::test]
async fn parts_without_checksums_are_proven_by_their_md5() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let id = bench.direct.create_upload("object", &[]).await.unwrap();
    for (number, part) in parts(&bytes, PART).take(4) {
        let part = if number == 2 { self::bytes(part.len(), 2) } else { part.to_vec() };
        bench.direct.upload_part("object", &id, number, Body::bytes(part), &[]).await.unwrap();
    }
    let (transfer, _) = transfer(&bench.direct, options());
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(uploaded.found, 3 * PART);
    assert!(matches!(uploaded.proof, multipart::Proof::Parts(_)), "{:?}", uploaded.proof);
    bench.check("object", &bytes).await;
}

#[tokio::test]
async fn an_upload_of_another_program_is_left_alone() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let other =
        bench.direct.create_upload("object", &[("x-amz-checksum-algorithm", "SHA256")]).await.unwrap();
    put_part(&bench.direct, &other, 1, Checksum::Sha256, &bytes[..PART as usize]).await;
    let longer = bench.direct.create_upload("object-2", &CRC64).await.unwrap();

    let (transfer, _) = transfer(&bench.direct, options());
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(uploaded.sent, 17 << 20);
    let open: Vec<_> =
        bench.direct.list_uploads("").await.unwrap().into_iter().map(|upload| upload.id).collect();
    assert_eq!(open, [other, longer]);
}

#[tokio::test]
async fn an_upload_that_failed_is_continued_when_it_is_called_again() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let target = Target::new("object");
    let endpoint = bench.server.endpoint();
    let broken = crate::proxy::Proxy::start(&endpoint, |number, line| {
        match number > 20 && line.contains("partNumber=") {
            true => crate::proxy::Fault::Drop,
            false => crate::proxy::Fault::None,
        }
    });
    let broken = broken.await;
    let (first, _) = transfer(&bench.through(&broken.url), Options { retries: 5, ..options() });
    let error = first.upload(source(&path), &target).await.unwrap_err();
    assert!(matches!(error, Error::Budget { .. } | Error::GaveUp { .. }), "{error}");

    let (second, _) = transfer(&bench.direct, options());
    let uploaded = second.upload(source(&path), &target).await.unwrap();
    let there = broken.seen().iter().filter(|seen| seen.part().is_some() && seen.status == Some(200)).count();
    assert_eq!(uploaded.found, there as u64 * PART);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_parts_than_a_page_lists_are_found() {
    const SMALL: u64 = 16 * 1024;
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
    let there = parts(&bytes, SMALL).take(1050);
    let put = there.map(|(number, part)| put_part(&bench.direct, &id, number, Checksum::Crc64Nvme, part));
    futures_util::stream::iter(put).buffer_unordered(8).collect::<()>().await;

    let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
    let options = Options { part_size: Some(SMALL), ..options() };
    let (transfer, _) = transfer(&bench.through(&proxy.url), options);
    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(uploaded.found, 1050 * SMALL);
    let lists = |line: &str| line.starts_with("GET") && line.contains("uploadId=");
    assert_eq!(proxy.seen().iter().filter(|seen| lists(&seen.line)).count(), 2);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_the_server_lost_is_sent_by_the_next_run() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    let lost = AtomicBool::new(false);
    let endpoint = bench.server.endpoint();
    let proxy = Proxy::start(&endpoint, move |_, line| {
        let is_part = line.contains("partNumber=5&");
        if is_part && !lost.swap(true, Ordering::SeqCst) { Fault::Swallow } else { Fault::None }
    });
    let proxy = proxy.await;
    let (transfer, _) = transfer(&bench.through(&proxy.url), options());
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert_eq!(error.storage().and_then(bucket::Error::code), Some("InvalidPart"), "{error}");
    assert_eq!(bench.direct.head("object").await.unwrap_err().code(), Some("NotFound"));

    let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
    assert_eq!(uploaded.sent, PART);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_list_a_new_upload_begins() {
    let bench = Bench::new().await;
    let (path, bytes) = bench.file("file", 17 << 20, 1);
    for denied in ["uploads=", "uploadId="] {
        let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
        put_part(&bench.direct, &id, 1, Checksum::Crc64Nvme, &bytes[..PART as usize]).await;
        let endpoint = bench.server.endpoint();
        let proxy = Proxy::start(&endpoint, move |_, line| {
            let is_denied = line.starts_with("GET") && line.contains(denied);
            if is_denied { Fault::Status(403) } else { Fault::None }
        });
        let (transfer, _) = transfer(&bench.through(&proxy.await.url), options());
        let uploaded = transfer.upload(source(&path), &Target::new("object")).await.unwrap();
        assert_eq!((uploaded.sent, uploaded.found), (17 << 20, 0), "{denied}");
        assert!(bench.direct.get("object").await.unwrap() == bytes);
        let open: Vec<_> =
            bench.direct.list_uploads("").await.unwrap().into_iter().map(|upload| upload.id).collect();
        assert_eq!(open, [&*id], "{denied}");
        bench.direct.abort_upload("object", &id).await.unwrap();
        bench.direct.delete("object").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_upload_that_is_refused_is_not_announced() {
    let bench = Bench::new().await;
    let (path, _) = bench.file("file", 17 << 20, 1);
    let denied = |_, line: &str| match line.contains("uploads=") {
        true => Fault::Status(403),
        false => Fault::None,
    };
    let proxy = Proxy::start(&bench.server.endpoint(), denied).await;
    let (transfer, events) = transfer(&bench.through(&proxy.url), options());
    let error = transfer.upload(source(&path), &Target::new("object")).await.unwrap_err();
    assert_eq!(error.storage().and_then(bucket::Error::code), Some("AccessDenied"), "{error}");
    let notes: Vec<_> = events
        .lock()
        .unwrap()
        .iter()
        .filter_map(|event| match event {
            Event::Note { text } => Some(text.clone()),
            _ => None,
        })
        .collect();
    let refusal = "AccessDenied (HTTP 403): from the proxy";
    assert_eq!(notes, [format!("open uploads cannot be listed, so none is continued: {refusal}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_does_not_go_on_is_an_error() {
    const PAGE: &str = "<List><IsTruncated>true</IsTruncated><NextPartNumberMarker>7</NextPartNumberMarker>\
        <NextKeyMarker>object</NextKeyMarker><NextUploadIdMarker>id</NextUploadIdMarker>\
        <NextContinuationToken>token</NextContinuationToken></List>";
    let bench = Bench::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = bench.through(&format!("http://{}", listener.local_addr().unwrap()));
    // Each list gets its first page again, until the server ends.
    tokio::spawn(async move {
        for _ in 0..10 {
            let (mut connection, _) = listener.accept().await.unwrap();
            let length = PAGE.len();
            let _ = connection.read(&mut [0; 8192]).await.unwrap();
            let answer =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{PAGE}");
            connection.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let error = client.list_parts("object", "id").await.unwrap_err();
    assert!(matches!(error, bucket::Error::Answer(_)), "{error}");
    let error = client.list_uploads("object").await.unwrap_err();
    assert!(matches!(error, bucket::Error::Answer(_)), "{error}");
    let error = client.list("object").await.unwrap_err();
    assert!(matches!(error, bucket::Error::Answer(_)), "{error}");
}
