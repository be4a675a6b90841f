//! The rights of a key. The path, sources of copies and each key of a deletion pass one check.

use bucket::xml::escape;
use bucket::{Call, Client, Server};
use countersign::{Checksum, ChecksumValue, Expires, Timestamp};

use crate::running::{BUCKET, FULL, Gateway, KEYS, READER, YEAR, body, send};

/// Sends a call, and returns the status and the code.
async fn ask(client: &Client, call: Call) -> (u16, String) {
    match client.storage().send(call).await {
        Ok(answer) => (answer.status().as_u16(), String::new()),
        Err(bucket::Error::Refused(refusal)) => (refusal.status, refusal.code.clone()),
        Err(error) => panic!("{error}"),
    }
}

fn call(client: &Client, method: &str, key: &str) -> Call {
    client.call(method, key, &[]).unwrap()
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn pol_a_key_reaches_its_prefix_only() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let (full, year, reader) = (gateway.client(FULL), gateway.client(YEAR), gateway.client(READER));
    let denied = refused(403, "AccessDenied");
    full.put("2023/old", b"old", &[]).await.unwrap();
    year.put("2024/new", b"new", &[("x-amz-meta-a", "b  c")]).await.unwrap();
    assert_eq!(year.get("2024/new").await.unwrap(), "new");
    assert_eq!(reader.get("2023/old").await.unwrap(), "old");
    for (client, method, key) in [
        (&year, "GET", "2023/old"),
        (&year, "PUT", "2023/new"),
        (&year, "DELETE", "2023/old"),
        (&year, "GET", "2024"),
        (&reader, "PUT", "2024/new"),
        (&reader, "DELETE", "2024/new"),
    ] {
        assert_eq!(ask(client, call(client, method, key)).await, denied, "{method} {key}");
    }
    let list = |client: &Client, prefix: &str| {
        client.call("GET", "", &[("list-type", "2"), ("prefix", prefix)]).unwrap()
    };
    assert_eq!(ask(&year, list(&year, "2024/")).await.0, 200);
    for (client, prefix) in [(&year, "2023/"), (&year, ""), (&year, "2024"), (&reader, "2024/")] {
        assert_eq!(ask(client, list(client, prefix)).await, denied, "{prefix}");
    }
    assert_eq!(year.list("2024/").await.unwrap().len(), 1);
    year.delete("2024/new").await.unwrap();
    assert!(full.head("2024/new").await.is_err());
}

#[tokio::test]
async fn cov_01_the_source_of_a_copy_is_checked() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let (full, year) = (gateway.client(FULL), gateway.client(YEAR));
    full.put("2023/a b", b"old", &[]).await.unwrap();
    full.put("2024/a b", b"new", &[]).await.unwrap();
    let copy = |source: &str| call(&year, "PUT", "2024/copy").header("x-amz-copy-source", source);
    assert_eq!(ask(&year, copy("/examplebucket/2024/a%20b")).await.0, 200);
    assert_eq!(full.get("2024/copy").await.unwrap(), "new");
    let denied = refused(403, "AccessDenied");
    for source in ["/examplebucket/2023/a%20b", "examplebucket%2F2023%2Fa%20b", "/otherbucket/2024/a"] {
        assert_eq!(ask(&year, copy(source)).await, denied, "{source}");
    }
    for source in
        ["/examplebucket/2024/../2023/a%20b", "/examplebucket/2024/a+b", "/examplebucket/2024/%2e%2e/x"]
    {
        assert_eq!(ask(&year, copy(source)).await.0, 400, "{source}");
    }
    let rename = |source: &str| {
        let call = year.call("PUT", "2024/renamed", &[("renameObject", "")]).unwrap();
        call.header("x-amz-rename-source", source)
    };
    for source in ["2023/a%20b", "/examplebucket/2023/a%20b", "/examplebucket/2024/a%20b"] {
        assert_eq!(ask(&year, rename(source)).await, denied, "{source}");
    }
}

pub fn batch(client: &Client, keys: &[&str]) -> Call {
    let objects: String =
        keys.iter().map(|key| format!("<Object><Key>{}</Key></Object>", escape(key))).collect();
    let document = format!("<Delete>{objects}</Delete>");
    let checksum = ChecksumValue::of(Checksum::Crc32, document.as_bytes()).to_string();
    let call = client.call("POST", "", &[("delete", "")]).unwrap().header("x-amz-checksum-crc32", checksum);
    call.body(bucket::Body::bytes(document))
}

#[tokio::test]
async fn each_key_of_a_deletion_is_checked() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let (full, year) = (gateway.client(FULL), gateway.client(YEAR));
    for key in ["2023/a", "2024/a", "2024/b&c"] {
        full.put(key, b"x", &[]).await.unwrap();
    }
    assert_eq!(ask(&year, batch(&year, &["2024/a", "2023/a"])).await, refused(403, "AccessDenied"));
    assert_eq!(ask(&year, batch(&year, &["2024/../2023/a"])).await.0, 400);
    assert_eq!(full.list("").await.unwrap().len(), 3, "a part of a refused deletion was done");
    assert_eq!(ask(&year, batch(&year, &["2024/a", "2024/b&c"])).await.0, 200);
    assert_eq!(full.list("").await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_unknown_is_refused_by_name() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let full = gateway.client(FULL);
    let object = |query: &[(&str, &str)]| full.call("GET", "a", query).unwrap();
    assert_eq!(ask(&full, object(&[("acl", "")])).await, refused(501, "NotImplemented"));
    assert_eq!(ask(&full, object(&[("torrent", "")])).await, refused(501, "NotImplemented"));
    assert_eq!(
        ask(&full, object(&[("tagging", ""), ("attributes", "")])).await,
        refused(400, "InvalidArgument")
    );
    let policy = full.call("GET", "", &[("policy", "")]).unwrap();
    assert_eq!(ask(&full, policy).await, refused(501, "NotImplemented"));
    let public = call(&full, "PUT", "a").header("x-amz-acl", "public-read");
    assert_eq!(ask(&full, public).await, refused(501, "NotImplemented"));
    assert_eq!(ask(&full, call(&full, "GET", "a/../b")).await, refused(400, "InvalidRequest"));
    let other = gateway.client(FULL).storage().bucket("otherbucket");
    assert_eq!(ask(&other, call(&other, "GET", "a")).await, refused(403, "AccessDenied"));
}

#[tokio::test]
async fn cov_an_unsigned_condition_is_refused_and_an_unsigned_range_dropped() {
    let server = Server::start().await.unwrap();
    for (pass, expected) in [(&[][..], "hello"), (&["--pass-unsigned", "Range"], "he")] {
        let gateway = Gateway::start(&server, pass);
        let full = gateway.client(FULL);
        full.put("a", b"hello", &[]).await.unwrap();
        let (now, expires) = (Timestamp::now(), Expires::HOUR);
        let url = full.presign("GET", "a", &[], expires, now).await.unwrap();
        let get = http::Request::get(url.as_str()).header("range", "bytes=0-1").body(body("")).unwrap();
        assert_eq!(send(get).await.unwrap().1, expected);
        let url = full.presign("PUT", "a", &[], expires, now).await.unwrap();
        let put = http::Request::put(url.as_str()).header("if-none-match", "*");
        let (status, answer) = send(put.header("content-length", 1).body(body("x")).unwrap()).await.unwrap();
        assert_eq!(status, 403);
        assert!(answer.contains("not signed: if-none-match"), "{answer}");
    }
}

#[tokio::test]
async fn the_gateway_answers_for_its_buckets() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let full = gateway.client(FULL);
    let get = Call::new("GET", format!("{}/", gateway.url));
    let answer = full.storage().send(get).await.unwrap();
    assert!(String::from_utf8_lossy(answer.body()).contains("<Name>examplebucket</Name>"));
    let location = full.call("GET", "", &[("location", "")]).unwrap();
    let answer = full.storage().send(location).await.unwrap();
    assert!(String::from_utf8_lossy(answer.body()).contains("<LocationConstraint"));
    assert_eq!(ask(&full, full.call("PUT", "", &[]).unwrap()).await, refused(409, "BucketAlreadyOwnedByYou"));
    assert_eq!(ask(&full, full.call("HEAD", "", &[]).unwrap()).await.0, 200);
    assert_eq!(ask(&full, full.call("DELETE", "", &[]).unwrap()).await, refused(405, "MethodNotAllowed"));
}

#[tokio::test]
async fn the_keys_are_read_again_when_they_change() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let full = gateway.client(FULL);
    full.put("a", b"hello", &[]).await.unwrap();
    // A file with an error changes nothing.
    std::fs::write(gateway.keys(), "[[key]]\nid = 1").unwrap();
    until(&gateway, "the old ones stay").await;
    assert_eq!(full.get("a").await.unwrap(), "hello");
    std::fs::remove_file(gateway.keys()).unwrap();
    until(&gateway, "keys.toml cannot be read reason=No such file").await;
    std::fs::write(gateway.keys(), KEYS.replace("full-secret-full", "other-secret-full")).unwrap();
    until(&gateway, "the keys were read again").await;
    assert_eq!(full.get("a").await.unwrap_err().code(), Some("SignatureDoesNotMatch"));
    let other = gateway.client(("FULL", "other-secret-full-secret-full-secret"));
    assert_eq!(other.get("a").await.unwrap(), "hello");
    let (_, metrics) = gateway.admin("/metrics").await;
    assert!(metrics.contains("gateway_key_file_errors_total 2"), "{metrics}");
}

/// A proxy in front of the gateway changed the host, as nginx does without `proxy_set_header Host`.
#[tokio::test]
async fn a_signature_that_does_not_match_is_diagnosed() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let url = format!("{}/{BUCKET}/a", gateway.url);
    let mut request = http::Request::get(&url).body(body("")).unwrap();
    let signer = crate::running::signer(FULL);
    countersign::http::sign(&signer, &mut request, countersign::Payload::Bytes(b""), Timestamp::now())
        .unwrap();
    *request.method_mut() = http::Method::DELETE;
    let (status, answer) = send(request).await.unwrap();
    assert_eq!(status, 403, "{answer}");
    until(&gateway, "The client signed").await;
    let log = gateway.log();
    assert!(log.contains("cause=\"method\""), "{log}");
    assert!(!log.contains(FULL.1), "{log}");
}

/// Waits for a line of the log.
pub async fn until(gateway: &Gateway, line: &str) {
    for _ in 0..100 {
        if gateway.log().contains(line) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("not logged: {line}");
}

#[tokio::test]
async fn a_refusal_is_logged_with_its_cause_and_without_secrets() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let year = gateway.client(YEAR);
    let error = year.get("2023/old").await.unwrap_err();
    let bucket::Error::Refused(refusal) = error else { panic!("{error}") };
    let id = refusal.request_id.unwrap();
    let stranger = gateway.client(("STRANGER", "a secret that no one knows"));
    assert_eq!(stranger.get("a").await.unwrap_err().code(), Some("InvalidAccessKeyId"));
    let url = year.presign("GET", "2024/none", &[], Expires::HOUR, Timestamp::now()).await.unwrap();
    let get = http::Request::get(url.as_str()).body(body("")).unwrap();
    assert_eq!(send(get).await.unwrap().0, 404);
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(&id)).unwrap();
    assert!(line.contains("YEAR has no right to read examplebucket/2023/old"), "{line}");
    assert!(log.contains("no key has the id"), "{log}");
    let signature = url.as_str().split("X-Amz-Signature=").nth(1).unwrap();
    for secret in [signature, YEAR.1, FULL.1, &server.secret_key] {
        assert!(!log.contains(secret), "{log}");
    }
    assert!(log.contains(&format!("/{BUCKET}/2024/none")), "{log}");
    let (status, metrics) = gateway.admin("/metrics").await;
    assert_eq!(status, 200);
    assert!(metrics.contains("gateway_refusals_total{code=\"AccessDenied\"} 1"), "{metrics}");
    assert!(metrics.contains("gateway_requests_running 0"), "{metrics}");
}
