//! Downloads without faults.

use std::fs;

use bucket::client::CompletedPart;
use bucket::{Body, Client};
use multipart::{Error, Options, Proof};

use crate::bench::{Bench, PART, bytes, options, transfer};
use crate::proxy::{Fault, Proxy};

async fn put_in_parts(client: &Client, key: &str, bytes: &[u8], part_size: usize, headers: &[(&str, &str)]) {
    let id = client.create_upload(key, headers).await.unwrap();
    let mut parts = Vec::new();
    for (number, part) in (1..).zip(bytes.chunks(part_size)) {
        let etag = client.upload_part(key, &id, number, Body::bytes(part.to_vec()), &[]).await.unwrap().etag;
        parts.push(CompletedPart { number, etag, checksum: None });
    }
    client.complete_upload(key, &id, &parts, &[]).await.unwrap();
}

#[tokio::test]
async fn objects_are_proven_by_what_the_server_has() {
    let bench = Bench::new().await;
    let body = bytes((3 << 20) + 1, 1);
    bench.direct.put("crc64", &body, &[]).await.unwrap();
    let crc32 = [("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", "FULL_OBJECT")];
    put_in_parts(&bench.direct, "crc32", &body, 1 << 20, &crc32).await;
    let (transfer, _) = transfer(&bench.direct, options());
    for (key, algorithm, whole) in [("crc64", "CRC64NVME", true), ("crc32", "CRC32", true)] {
        let copy = bench.path(key);
        let downloaded = transfer.download(key, &copy).await.unwrap();
        assert_eq!((downloaded.received, downloaded.found), ((3 << 20) + 1, 0));
        assert!(fs::read(copy).unwrap() == body);
        let (found, of_whole) = match downloaded.proof {
            Proof::Object(sum) => (sum.checksum().algorithm(), true),
            Proof::Parts(sum) => (sum.value().checksum().algorithm(), false),
            other => panic!("{other}"),
        };
        assert_eq!((found, of_whole), (algorithm, whole));
    }
    let names: Vec<_> =
        fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("multipart")), "{names:?}");
}

#[tokio::test]
async fn a_checksum_of_parts_is_proven_in_their_size() {
    let bench = Bench::new().await;
    let body = bytes((11 << 20) + 1, 1);
    put_in_parts(&bench.direct, "sha256", &body, 5 << 20, &[("x-amz-checksum-algorithm", "SHA256")]).await;
    put_in_parts(&bench.direct, "odd", &body, 4_000_000, &[("x-amz-checksum-algorithm", "SHA256")]).await;
    let (strict, _) = transfer(&bench.direct, options());
    let downloaded = strict.download("sha256", &bench.path("copy")).await.unwrap();
    assert!(matches!(downloaded.proof, Proof::Parts(sum) if sum.parts() == 3));

    let (copy, error) = (bench.path("odd"), strict.download("odd", &bench.path("odd")).await);
    if let Err(error) = error {
        assert!(matches!(error, Error::Unproven), "{error}");
        assert!(!copy.exists());
        let (lenient, _) = transfer(&bench.direct, Options { unproven: true, ..options() });
        let downloaded = lenient.download("odd", &copy).await.unwrap();
        assert_eq!((downloaded.received, downloaded.proof), (0, Proof::Length));
    }
    assert!(fs::read(copy).unwrap() == body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_continued_with_the_parts_that_are_right() {
    let bench = Bench::new().await;
    let body = bytes(10 * PART as usize, 1);
    bench.direct.put("object", &body, &[]).await.unwrap();
    let endpoint = bench.server.endpoint();
    let broken = Proxy::start(&endpoint, |number, _| match number {
        0..7 => Fault::None,
        _ => Fault::Drop,
    });
    let broken = broken.await;
    let copy = bench.path("copy");
    fs::write(&copy, b"before").unwrap();
    let (first, _) = transfer(&bench.through(&broken.url), Options { retries: 3, ..options() });
    first.download("object", &copy).await.unwrap_err();
    assert_eq!(fs::read(&copy).unwrap(), b"before");

    // A part of the disk is spoiled, and the last line of the journal is cut.
    let (partial, journal) = (bench.path(".copy.multipart"), bench.path(".copy.multipart-journal"));
    let mut spoiled = fs::read(&partial).unwrap();
    let lines = fs::read_to_string(&journal).unwrap();
    let first_part: usize = lines.lines().nth(1).unwrap().split_once(' ').unwrap().0.parse().unwrap();
    spoiled[(first_part - 1) * PART as usize] ^= 1;
    fs::write(&partial, spoiled).unwrap();
    fs::write(&journal, &lines[..lines.len() - 3]).unwrap();

    let (second, _) = transfer(&bench.direct, options());
    let downloaded = second.download("object", &copy).await.unwrap();
    assert_eq!(downloaded.found, (lines.lines().count() as u64 - 3) * PART);
    assert!(fs::read(&copy).unwrap() == body);
    assert!(!partial.exists() && !journal.exists());
}

#[tokio::test]
async fn an_object_that_has_changed_is_read_from_its_beginning() {
    let bench = Bench::new().await;
    let (old, new) = (bytes(4 * PART as usize, 1), bytes(4 * PART as usize, 2));
    let copy = bench.path("copy");
    bench.direct.put("object", &old, &[]).await.unwrap();
    let client = bench.direct.clone();
    let (client, replaced) = (client, new.clone());
    let runtime = tokio::runtime::Handle::current();
    let once = std::sync::Once::new();
    let transfer = multipart::Transfer::new(
        bench.direct.clone(),
        Options { concurrency: multipart::Concurrency::Fixed(1), ..options() },
        move |event| {
            if matches!(event, multipart::Event::Done { .. }) {
                once.call_once(|| {
                    let (client, replaced) = (client.clone(), replaced.clone());
                    runtime.spawn(async move { client.put("object", &replaced, &[]).await.unwrap() });
                });
            }
        },
    );
    // The file has the bytes of one version, even if the change comes too late.
    match transfer.download("object", &copy).await {
        Ok(_) => assert!(fs::read(&copy).unwrap() == old),
        Err(error) => {
            assert!(matches!(error, Error::ObjectChanged), "{error}");
            assert!(!copy.exists());
            transfer.download("object", &copy).await.unwrap();
            assert!(fs::read(&copy).unwrap() == new);
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_name_that_appears_during_the_download_is_not_replaced() {
    let bench = Bench::new().await;
    let body = bytes(3 * PART as usize, 1);
    bench.direct.put("object", &body, &[]).await.unwrap();
    for appears in ["a file", "a folder", "a link to nothing"] {
        let copy = bench.path("copy");
        let (to, once) = (copy.clone(), std::sync::Once::new());
        let during = multipart::Transfer::new(bench.direct.clone(), options(), move |event| {
            if matches!(event, multipart::Event::Done { .. }) {
                once.call_once(|| match appears {
                    "a file" => fs::write(&to, b"of another program").unwrap(),
                    "a folder" => fs::create_dir(&to).unwrap(),
                    _ => std::os::unix::fs::symlink("nothing", &to).unwrap(),
                });
            }
        });
        let error = during.download_new("object", &copy).await.unwrap_err();
        assert!(matches!(&error, Error::FileExists { path } if *path == copy), "{appears}: {error}");
        // Then the name exists before the download.
        let error = during.download_new("object", &copy).await.unwrap_err();
        assert!(matches!(&error, Error::FileExists { path } if *path == copy), "{appears}: {error}");
        match appears {
            "a file" => {
                assert_eq!(fs::read(&copy).unwrap(), b"of another program");
                fs::remove_file(&copy).unwrap();
            }
            "a folder" => fs::remove_dir(&copy).unwrap(),
            _ => {
                assert_eq!(fs::read_link(&copy).unwrap(), std::path::Path::new("nothing"));
                fs::remove_file(&copy).unwrap();
            }
        }
        let downloaded = during.download_new("object", &copy).await.unwrap();
        assert_eq!((downloaded.received, downloaded.found), (0, 3 * PART), "{appears}");
        assert!(fs::read(&copy).unwrap() == body);
        fs::remove_file(&copy).unwrap();
    }
}
