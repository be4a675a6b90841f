//! Objects that the server keeps and returns, through the client. Expected values were computed with
//! Python's hashlib; CRC-64/NVME by its catalogue entry, whose check value of `123456789` is
//! 0xae8b14860a799888.

use bucket::client::CompletedPart;
use bucket::{Body, Bucket, Client, Error};
use bytes::Bytes;
use http_body_util::BodyExt;

async fn bucket() -> (Bucket, Client) {
    let bucket = Bucket::local().await.unwrap();
    let client = bucket.client.clone();
    (bucket, client)
}

fn code<T>(outcome: Result<T, Error>) -> (u16, String) {
    match outcome {
        Err(Error::Refused(refusal)) => (refusal.status, refusal.code),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("the request was accepted"),
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_large_object_is_streamed_both_ways() {
    let (_server, client) = bucket().await;
    const PIECE: usize = 64 * 1024;
    let pieces = (0..64u8).map(|number| Ok(Bytes::from(vec![number; PIECE])));
    let body = Body::stream(64 * PIECE as u64, futures_util::stream::iter(pieces.collect::<Vec<_>>()));
    client.storage().open(client.call("PUT", "large", &[]).unwrap().body(body)).await.unwrap();
    assert_eq!(client.head("large").await.unwrap().size, 64 * PIECE as u64);

    let get = client.call("GET", "large", &[]).unwrap();
    let mut answer = client.storage().open(get).await.unwrap().into_body();
    let mut read = 0;
    while let Some(frame) = answer.frame().await {
        for byte in frame.unwrap().into_data().unwrap() {
            assert_eq!(usize::from(byte), read / PIECE);
            read += 1;
        }
    }
    assert_eq!(read, 64 * PIECE);

    let range = client.call("GET", "large", &[]).unwrap().header("range", "bytes=65535-65536");
    assert_eq!(client.storage().send(range).await.unwrap().body().as_ref(), [0, 1]);
}

#[tokio::test]
async fn a_copy_fulfils_the_conditions_on_its_source() {
    let (server, client) = bucket().await;
    client.put("source", b"hello", &[]).await.unwrap();
    let id = client.create_upload("copy", &[]).await.unwrap();
    let from = format!("/{}/source", server.name);
    let (etag, other) = ("\"5d41402abc4b2a76b9719d911017c592\"", "\"d41d8cd98f00b204e9800998ecf8427e\"");
    let part = [("partNumber", "1"), ("uploadId", &*id)];
    for query in [&[][..], &part[..]] {
        let copy = async |name: &str, etag: &str| {
            let call = client.call("PUT", "copy", query).unwrap();
            client.storage().send(call.header("x-amz-copy-source", &*from).header(name, etag)).await
        };
        copy("x-amz-copy-source-if-match", etag).await.unwrap();
        copy("x-amz-copy-source-if-none-match", other).await.unwrap();
        let failed = refused(412, "PreconditionFailed");
        assert_eq!(code(copy("x-amz-copy-source-if-match", other).await), failed);
        assert_eq!(code(copy("x-amz-copy-source-if-none-match", etag).await), failed);
    }
}

#[tokio::test]
async fn a_stream_of_another_length_is_not_stored() {
    let (_server, client) = bucket().await;
    let pieces =
        || futures_util::stream::iter([Ok(Bytes::from_static(b"two")), Ok(Bytes::from_static(b"two"))]);
    for length in [3, 4, 7] {
        let put = client.call("PUT", "key", &[]).unwrap().body(Body::stream(length, pieces()));
        let outcome =
            tokio::time::timeout(std::time::Duration::from_secs(20), client.storage().open(put)).await;
        assert!(outcome.unwrap().is_err(), "{length}");
    }
    assert_eq!(code(client.head("key").await), refused(404, "NotFound"));
}

#[tokio::test]
async fn a_conditional_write_changes_nothing_that_exists() {
    let (_server, client) = bucket().await;
    let new = [("if-none-match", "*")];
    client.put("key", b"first", &new).await.unwrap();
    assert_eq!(code(client.put("key", b"second", &new).await), refused(412, "PreconditionFailed"));
    let etag = format!("\"{}\"", client.head("key").await.unwrap().etag);
    assert_eq!(
        code(client.put("key", b"x", &[("if-match", "\"0\"")]).await),
        refused(412, "PreconditionFailed")
    );
    client.put("key", b"third", &[("if-match", &etag)]).await.unwrap();
    assert_eq!(client.get("key").await.unwrap(), "third");

    let read = |name| client.call("GET", "key", &[]).unwrap().header(name, &*etag);
    assert_eq!(code(client.storage().send(read("if-match")).await), refused(412, "PreconditionFailed"));
    assert_eq!(client.storage().send(read("if-none-match")).await.unwrap().body(), "third");

    let id = client.create_upload("key", &[]).await.unwrap();
    let part = client.upload_part("key", &id, 1, Body::bytes("part"), &[]).await.unwrap();
    let parts = [CompletedPart { number: 1, etag: part.etag, checksum: None }];
    let completed = client.complete_upload("key", &id, &parts, &new).await;
    assert_eq!(code(completed), refused(412, "PreconditionFailed"));
}

#[tokio::test]
async fn parts_have_checksums_and_so_has_the_object() {
    let (_server, client) = bucket().await;
    let parts = [
        ("one ", "aLJYlXTI+3JaSDaq75Rh85oQwBBkqlAJSJORiOTLpt4="),
        ("two", "P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM="),
    ];
    let id = client.create_upload("key", &[("x-amz-checksum-algorithm", "SHA256")]).await.unwrap();
    let mut completed = Vec::new();
    for (number, (body, sha256)) in (1..).zip(parts) {
        let headers = [("x-amz-checksum-sha256", sha256)];
        let part =
            client.upload_part("key", &id, number, Body::bytes(body).unsigned(), &headers).await.unwrap();
        completed.push(CompletedPart {
            number,
            etag: part.etag,
            checksum: Some(("sha256", sha256.to_owned())),
        });
    }
    let wrong = [("x-amz-checksum-sha256", parts[0].1)];
    let spoiled = client.upload_part("key", &id, 3, Body::bytes("three").unsigned(), &wrong).await;
    assert_eq!(code(spoiled), refused(400, "BadDigest"));
    let other = [("x-amz-checksum-crc32", "AAAAAA==")];
    let other = client.upload_part("key", &id, 3, Body::bytes("three"), &other).await;
    assert_eq!(code(other), refused(400, "InvalidRequest"));

    let listed = client.list_parts("key", &id).await.unwrap();
    let sums: Vec<_> = listed.into_iter().map(|part| (part.number, part.size, part.checksums)).collect();
    let sha256 = |index: usize| vec![("sha256".to_owned(), parts[index].1.to_owned())];
    assert_eq!(sums, [(1, 4, sha256(0)), (2, 3, sha256(1))]);

    let etag = client.complete_upload("key", &id, &completed, &[]).await.unwrap();
    assert_eq!(etag, "6f3d2e69f0928cb26de5134fbd3f9eb6-2");
    let head = client.head_with("key", &[("x-amz-checksum-mode", "ENABLED")]).await.unwrap().headers;
    assert_eq!(head["x-amz-checksum-sha256"], "OxooZexJJ8qaH9khNd4znMnEDXbVImJkw9SDWfrneJM=-2");
    assert_eq!(head["x-amz-checksum-type"], "COMPOSITE");
}

#[tokio::test]
async fn the_whole_object_is_compared_with_its_checksum() {
    let (_server, client) = bucket().await;
    let begin = [("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "FULL_OBJECT")];
    let id = client.create_upload("key", &begin).await.unwrap();
    let mut completed = Vec::new();
    for (number, body, crc) in [(1, "1234", "KfXb5+L/cdQ="), (2, "56789", "+H3Ihxds5mc=")] {
        let headers = [("x-amz-checksum-crc64nvme", crc)];
        let part = client.upload_part("key", &id, number, Body::bytes(body), &headers).await.unwrap();
        completed.push(CompletedPart {
            number,
            etag: part.etag,
            checksum: Some(("crc64nvme", crc.to_owned())),
        });
    }
    let complete = async |crc| {
        let headers = [("x-amz-checksum-crc64nvme", crc), ("x-amz-checksum-type", "FULL_OBJECT")];
        client.complete_upload("key", &id, &completed, &headers).await
    };
    assert_eq!(code(complete("KfXb5+L/cdQ=").await), refused(400, "BadDigest"));
    complete("rosUhgp5mIg=").await.unwrap();
    assert_eq!(client.get("key").await.unwrap(), "123456789");

    let head = client.head_with("key", &[("x-amz-checksum-mode", "ENABLED")]).await.unwrap().headers;
    assert_eq!(
        (&head["x-amz-checksum-crc64nvme"], &head["x-amz-checksum-type"]),
        (&"rosUhgp5mIg=".parse().unwrap(), &"FULL_OBJECT".parse().unwrap())
    );
    // S3 computes this checksum even if the client sends no checksum.
    client.put("other", b"123456789", &[]).await.unwrap();
    let head = client.head_with("other", &[("x-amz-checksum-mode", "ENABLED")]).await.unwrap().headers;
    assert_eq!(head["x-amz-checksum-crc64nvme"], "rosUhgp5mIg=");
}

#[tokio::test]
async fn more_than_a_thousand_parts_are_listed_in_pages() {
    let (_server, client) = bucket().await;
    let id = client.create_upload("a b", &[]).await.unwrap();
    for number in 1..=1001 {
        client.upload_part("a b", &id, number, Body::bytes("x"), &[]).await.unwrap();
    }
    let numbers: Vec<_> =
        client.list_parts("a b", &id).await.unwrap().into_iter().map(|part| part.number).collect();
    assert_eq!(numbers, (1..=1001).collect::<Vec<_>>());

    let uploads = client.list_uploads("a").await.unwrap();
    assert_eq!((uploads[0].key.as_str(), &uploads[0].id), ("a b", &id));
    client.abort_upload("a b", &id).await.unwrap();
    assert!(client.list_uploads("").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_read_can_choose_the_headers_of_its_answer() {
    let (_server, client) = bucket().await;
    client.put("key", b"body", &[("content-type", "text/plain")]).await.unwrap();
    let query = [
        ("response-content-type", "image/png"),
        ("response-content-disposition", "attachment; filename=\"a\""),
    ];
    for method in ["GET", "HEAD"] {
        let answer = client.storage().send(client.call(method, "key", &query).unwrap()).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"a\"");
    }
    let version = |id| client.call("GET", "key", &[("versionId", id)]).unwrap();
    assert_eq!(client.storage().send(version("null")).await.unwrap().body(), "body");
    assert_eq!(code(client.storage().send(version("v1")).await), refused(400, "InvalidArgument"));
}

#[tokio::test]
async fn a_customers_key_is_asked_for_again() {
    let (_server, client) = bucket().await;
    let key = [
        ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ("x-amz-server-side-encryption-customer-key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("x-amz-server-side-encryption-customer-key-md5", "KYvwGXoFFJ42a2u2GDWhwQ=="),
    ];
    client.put("key", b"body", &key).await.unwrap();
    assert_eq!(code(client.get("key").await), refused(400, "InvalidRequest"));
    let get = client.call("GET", "key", &[]).unwrap().headers(&key);
    assert_eq!(client.storage().send(get).await.unwrap().body(), "body");
}

#[tokio::test]
async fn a_part_can_be_copied() {
    let (server, client) = bucket().await;
    client.put("source", b"0123456789", &[]).await.unwrap();
    let id = client.create_upload("copy", &[]).await.unwrap();
    let query = [("partNumber", "1"), ("uploadId", &*id)];
    let source = format!("/{}/source", server.name);
    let copy = client.call("PUT", "copy", &query).unwrap();
    let copy = copy.header("x-amz-copy-source", source).header("x-amz-copy-source-range", "bytes=2-4");
    let answer = client.storage().send(copy).await.unwrap();
    let etag =
        bucket::xml::parse(answer.body()).unwrap().text_of("ETag").unwrap().trim_matches('"').to_owned();
    client
        .complete_upload("copy", &id, &[CompletedPart { number: 1, etag, checksum: None }], &[])
        .await
        .unwrap();
    assert_eq!(client.get("copy").await.unwrap(), "234");
}

#[tokio::test]
async fn a_browser_may_do_what_the_rules_say() {
    let (_server, client) = bucket().await;
    let transport = client.storage().transport();
    let url = client.object_url("key").unwrap();
    let preflight = async |origin, method, headers| {
        let asked = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", headers),
        ];
        transport.send("OPTIONS", &url, &asked, b"").await
    };
    assert_eq!(code(preflight("https://a.example", "PUT", "").await), refused(403, "AccessForbidden"));

    let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.example</AllowedOrigin>\
                 <AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader>\
                 <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    let put = client.call("PUT", "", &[("cors", "")]).unwrap();
    client.storage().send(put.body(Body::bytes(rules))).await.unwrap();
    let read = client.storage().send(client.call("GET", "", &[("cors", "")]).unwrap()).await.unwrap();
    let read = bucket::xml::parse(read.body()).unwrap();
    assert_eq!(read.child("CORSRule").unwrap().text_of("ExposeHeader"), Some("ETag"));

    let answer = preflight("https://a.example", "PUT", "X-Amz-Meta-A").await.unwrap();
    for (name, value) in [
        ("access-control-allow-origin", "https://a.example"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-headers", "X-Amz-Meta-A"),
        ("access-control-max-age", "60"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    for (origin, method, headers) in [
        ("https://a.example.com", "PUT", ""),
        ("https://a.example", "GET", ""),
        ("https://a.example", "PUT", "x-amz-meta-a, content-type"),
    ] {
        assert_eq!(code(preflight(origin, method, headers).await), refused(403, "AccessForbidden"));
    }
    let put = client.call("PUT", "key", &[]).unwrap().header("origin", "https://a.example");
    let answer = client.storage().send(put.body(Body::bytes("body"))).await.unwrap();
    assert_eq!(answer.headers()["access-control-expose-headers"], "ETag");
    let get = client.call("GET", "key", &[]).unwrap().header("origin", "https://a.example");
    let answer = client.storage().send(get).await.unwrap();
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
}
