//! Round trips on a server of others, which `.ci/servers` starts. `LIVE_SERVER` is its name.

use std::io::Cursor;
use std::time::Duration;

use bucket::{Body, Client, Error, Keys, Storage};
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey};
use multipart::{Concurrency, LocalFile, Options, Proof, Source, Target, Transfer};

const MIB: u64 = 1 << 20;

fn client() -> Client {
    let get = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let credentials =
        Credentials::new(get("AWS_ACCESS_KEY_ID"), SecretAccessKey::new(get("AWS_SECRET_ACCESS_KEY")));
    let endpoint = Endpoint::parse(&get("S3_ENDPOINT")).unwrap();
    let keys = Keys::fixed(credentials.unwrap());
    Storage::new(endpoint, &get("AWS_REGION"), &get("S3_ENDPOINT"), keys).unwrap().bucket(&get("S3_BUCKET"))
}

/// Makes the bucket. A server can listen before it is ready.
async fn prepare(client: &Client) {
    for _ in 0..100 {
        match client.storage().send(client.call("PUT", "", &[]).unwrap()).await {
            Ok(_) => return,
            Err(error) if error.code().is_some_and(|code| code.starts_with("BucketAlready")) => return,
            Err(_) => tokio::time::sleep(Duration::from_millis(300)).await,
        }
    }
    panic!("the bucket cannot be made");
}

fn bytes(size: u64, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; size as usize];
    fastrand::Rng::with_seed(seed).fill(&mut bytes);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a server: see .ci/servers"]
async fn multipart_round_trip() {
    let server = std::env::var("LIVE_SERVER").unwrap_or_default();
    let client = client();
    prepare(&client).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("file"), folder.path().join("copy"));
    let options = Options {
        part_size: Some(5 * MIB),
        concurrency: Concurrency::Fixed(4),
        unproven: true,
        ..Options::default()
    };
    let transfer = Transfer::new(client.clone(), options, |event| {
        if let multipart::Event::Note { text } = event {
            println!("multipart: {text}");
        }
    });
    let mut proofs = Vec::new();
    for (key, size) in [("mp/small a+b", 1000), ("mp/empty", 0), ("mp/large", 17 * MIB + 3)] {
        let body = bytes(size, size);
        std::fs::write(&path, &body).unwrap();
        let source = || Source::File(LocalFile::open(&path).unwrap());
        let uploaded = transfer.upload(source(), &Target::new(key)).await.unwrap();
        assert_eq!(uploaded.sent, size);
        proofs.push(uploaded.proof);
        assert!(client.get(key).await.unwrap() == body, "{key}");
        let downloaded = transfer.download(key, &copy).await.unwrap();
        assert!(std::fs::read(&copy).unwrap() == body, "{key}");
        proofs.push(downloaded.proof);
        let only_new = Target { only_new: true, ..Target::new(key) };
        let error = transfer.upload(source(), &only_new).await.unwrap_err();
        assert!(matches!(error, multipart::Error::Exists { .. }), "{error}");
        let stream = Source::Stream(Box::pin(Cursor::new(body.clone())));
        transfer.upload(stream, &Target::new("mp/stream")).await.unwrap();
        assert!(client.get("mp/stream").await.unwrap() == body);
    }
    for proof in &proofs {
        println!("multipart: {server}: proven by {proof}");
    }
    assert!(!proofs.contains(&Proof::Length), "{proofs:?}");
    continues(&client, &transfer, folder.path()).await.unwrap();
    println!("multipart: {server}: ok");
}

/// Continues an upload that has a right part and a wrong one, and one whose part is longer than those that follow.
async fn continues(client: &Client, transfer: &Transfer, folder: &std::path::Path) -> Result<(), Error> {
    let (key, body) = ("mp/continued", bytes(17 * MIB, 9));
    let path = folder.join("continued");
    std::fs::write(&path, &body).unwrap();
    for (parts, found) in
        [(&[&body[..5 << 20], &body[..5 << 20]][..], 5 * MIB), (&[&body[..8 << 20]], 8 * MIB)]
    {
        begin(client, key, parts).await?;
        let source = Source::File(LocalFile::open(&path).unwrap());
        let uploaded = transfer.upload(source, &Target::new(key)).await.unwrap();
        assert_eq!((uploaded.found, uploaded.sent), (found, 17 * MIB - found));
        assert!(client.get(key).await? == body);
        let open: Vec<_> = client.list_uploads("mp/").await?;
        assert!(open.is_empty(), "{open:?}");
    }
    Ok(())
}

async fn begin(client: &Client, key: &str, parts: &[&[u8]]) -> Result<(), Error> {
    let crc64 = [("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "FULL_OBJECT")];
    let id = match client.create_upload(key, &crc64).await {
        Ok(id) => id,
        Err(_) => client.create_upload(key, &[]).await?,
    };
    for (number, part) in (1..).zip(parts) {
        let crc = countersign::ChecksumValue::of(countersign::Checksum::Crc64Nvme, part).to_string();
        let headers = [("x-amz-checksum-crc64nvme", &*crc)];
        client.upload_part(key, &id, number, Body::bytes(part.to_vec()), &headers).await?;
    }
    Ok(())
}
