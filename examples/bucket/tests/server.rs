//! Requests that the server accepts and refuses.

mod wire;

use bucket::Server;
use wire::{Draft, encode_path, now};

async fn server() -> Server {
    Server::start().await.unwrap()
}

/// Keys that some step of a client, a server or a URL library likes to rewrite.
const HOSTILE_KEYS: [&str; 19] = [
    "plain.txt",
    "a b  c",
    "plus+plus",
    "100%25%20%zz",
    "double//slash",
    "/leading",
    "//two leading",
    "trailing/",
    "i/./dot",
    "i/x/../dotdot",
    "..",
    "../..",
    "日本語 ünïcödé 😀",
    "e\u{301} decomposed",
    "!*'();:@&=$,[]",
    "q?a=1&b=2#fragment",
    "<>\"{}|\\^`",
    "tab\there",
    "~-_.",
];

#[tokio::test]
async fn keys_survive_as_they_are() {
    let server = server().await;
    for key in HOSTILE_KEYS {
        Draft::new(&server, "PUT", key, key.as_bytes()).sign().send().await.accepted();
        let got = Draft::new(&server, "GET", key, b"").sign().send().await.accepted();
        assert_eq!(got.text(), key);
        let got = Draft::new(&server, "GET", key, b"").presign(60).send().await.accepted();
        assert_eq!(got.text(), key);
    }
    let listed = Draft::new(&server, "GET", "", b"").query("list-type", "2").query("encoding-type", "url");
    let listed = listed.sign().send().await.accepted().text();
    for key in HOSTILE_KEYS {
        assert!(listed.contains(&format!("<Key>{}</Key>", encode_path(key))), "{key} in {listed}");
        Draft::new(&server, "DELETE", key, b"").sign().send().await.accepted();
    }
    let listed = Draft::new(&server, "GET", "", b"").query("list-type", "2").sign().send().await;
    assert_eq!(listed.element("KeyCount"), "0");
}

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    let server = server().await;
    let put = || Draft::new(&server, "PUT", "key", b"body");

    let wrong_secret = put().secret("wrong");
    wrong_secret.clone().sign().send().await.refused(403, "SignatureDoesNotMatch");
    wrong_secret.presign(60).send().await.refused(403, "SignatureDoesNotMatch");

    for changed in [
        put().sign().retarget("/key", "/key-tampered"),
        put().presign(60).retarget("/key", "/key-tampered"),
        put().presign(60).retarget("X-Amz-Expires=60", "X-Amz-Expires=600"),
        put().sign().retarget("/key", "/key?acl"),
    ] {
        changed.send().await.refused(403, "SignatureDoesNotMatch");
    }
}

#[tokio::test]
async fn another_scope_is_refused() {
    let server = server().await;
    let get = || Draft::new(&server, "GET", "key", b"");

    let region = get().region("eu-west-1");
    region.clone().sign().send().await.refused(400, "AuthorizationHeaderMalformed");
    region.presign(60).send().await.refused(400, "AuthorizationHeaderMalformed");
    get().service("sts").sign().send().await.refused(400, "AuthorizationHeaderMalformed");
}

#[tokio::test]
async fn what_is_not_signed_is_refused() {
    let server = server().await;
    let put = || Draft::new(&server, "PUT", "key", b"body");

    let mut no_host = put().header("x-amz-meta-a", "b");
    no_host.wire = no_host.wire.without("host");
    no_host.sign().send().await.refused(403, "AccessDenied");

    put().sign().add("x-amz-meta-added", "later").send().await.refused(403, "AccessDenied");
    put().presign(60).add("x-amz-acl", "public-read").send().await.refused(403, "AccessDenied");
    put().header("x-amz-meta-signed", "yes").sign().send().await.accepted();
    put().header("x-amz-meta-signed", "yes").presign(60).send().await.accepted();

    // A signature over no credentials at all is none.
    let mut anonymous = put().sign();
    anonymous.wire = anonymous.wire.without("authorization");
    anonymous.send().await.refused(403, "AccessDenied");
}

#[tokio::test]
async fn one_mechanism_only() {
    let server = server().await;
    let signed = Draft::new(&server, "GET", "key", b"").sign().wire;
    let authorization = signed.text("authorization");
    let both = Draft::new(&server, "GET", "key", b"").presign(60).add("authorization", authorization);
    both.send().await.refused(400, "InvalidArgument");
}

#[tokio::test]
async fn an_unknown_algorithm_is_refused() {
    let server = server().await;
    let mut other = Draft::new(&server, "GET", "key", b"").sign();
    other.wire = other.wire.reauthorize("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512");
    other.send().await.refused(400, "InvalidRequest");

    let other = Draft::new(&server, "GET", "key", b"").presign(60);
    let other = other.retarget("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512");
    other.send().await.refused(501, "NotImplemented");
}

#[tokio::test]
async fn time_is_checked() {
    let server = server().await;
    let get = |time| Draft::new(&server, "GET", "", b"").time(time);

    get(now() - 1200).sign().send().await.refused(403, "RequestTimeTooSkewed");
    get(now() + 1200).sign().send().await.refused(403, "RequestTimeTooSkewed");
    get(now() - 600).sign().send().await.accepted();

    get(now() - 120).presign(60).send().await.refused(403, "AccessDenied");
    get(now() - 120).presign(180).send().await.accepted();
    get(now()).presign(604_800).send().await.accepted();
    get(now()).presign(604_801).send().await.refused(400, "AuthorizationQueryParametersError");
}

#[tokio::test]
async fn the_body_must_be_what_was_promised() {
    let server = server().await;
    let put = || Draft::new(&server, "PUT", "key", b"body");

    put().sign().body("evil").send().await.refused(400, "XAmzContentSHA256Mismatch");

    let md5 = "hBoreofaVfOghMF2JHlGSg==";
    put().header("content-md5", md5).sign().send().await.refused(400, "BadDigest");
    put().header("content-md5", "short").sign().send().await.refused(400, "InvalidDigest");
    put().header("x-amz-checksum-crc32", "AAAAAA==").sign().send().await.refused(400, "BadDigest");
    put().header("x-amz-checksum-sha256", "AAAAAA==").sign().send().await.refused(400, "BadDigest");

    // None of them was stored.
    Draft::new(&server, "GET", "key", b"").sign().send().await.refused(404, "NoSuchKey");

    put().header("content-md5", "hBotaJrYa9FhFEdFPCLG/A==").sign().send().await.accepted();
    put().header("x-amz-checksum-crc32", "26gLsg==").sign().send().await.accepted();
    put().sign_hash("UNSIGNED-PAYLOAD").send().await.accepted();
}

#[tokio::test]
async fn a_body_can_come_in_signed_chunks() {
    let server = server().await;
    let put = Draft::new(&server, "PUT", "key", b"").header("x-amz-decoded-content-length", "8");
    let signed = put.sign_hash("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    let (_, seed) = signed.wire.text("authorization").split_once("Signature=").unwrap();

    let (first, signature) = put.chunk(seed, "one ");
    let (second, signature) = put.chunk(&signature, "more");
    let (last, _) = put.chunk(&signature, "");
    let body = |frames: [&str; 3]| signed.clone().body(frames.concat());

    body([&first, &second, &last]).send().await.accepted();
    assert_eq!(Draft::new(&server, "GET", "key", b"").sign().send().await.text(), "one more");
    body([&second, &first, &last]).send().await.refused(403, "SignatureDoesNotMatch");
    body([&first, &second.replace("more", "evil"), &last]).send().await.refused(403, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn a_checksum_can_come_after_the_body() {
    let server = server().await;
    let put = Draft::new(&server, "PUT", "key", b"").header("x-amz-decoded-content-length", "4");
    let signed =
        put.header("x-amz-trailer", "x-amz-checksum-crc32").sign_hash("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let body = |body: &str| signed.clone().body(body);

    body("4\r\nbody\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n").send().await.refused(400, "BadDigest");
    body("4\r\nbody\r\n0\r\n\r\n").send().await.refused(400, "MalformedTrailerError");
    body("3\r\nbod\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")
        .send()
        .await
        .refused(400, "IncompleteBody");
    body("4\r\nbody\r\n0\r\nx-amz-checksum-crc32:26gLsg==\r\n\r\n").send().await.accepted();
    assert_eq!(Draft::new(&server, "GET", "key", b"").sign().send().await.text(), "body");
}

#[tokio::test]
async fn parts_of_an_object_can_be_read() {
    let server = server().await;
    let put = Draft::new(&server, "PUT", "key", b"0123456789").header("content-type", "text/plain");
    put.header("x-amz-meta-colour", "blue").sign().send().await.accepted();

    let got = Draft::new(&server, "GET", "key", b"").header("range", "bytes=2-4").sign().send().await;
    assert_eq!((got.status, got.text().as_str()), (206, "234"));
    assert!(got.head.contains("content-range: bytes 2-4/10"), "{}", got.head);

    let head = Draft::new(&server, "HEAD", "key", b"").sign().send().await.accepted().head;
    for line in ["content-length: 10", "content-type: text/plain", "x-amz-meta-colour: blue"] {
        assert!(head.contains(line), "{line} in {head}");
    }
}

#[tokio::test]
async fn an_object_can_come_in_parts_and_be_copied() {
    let server = server().await;
    let begun = Draft::new(&server, "POST", "big", b"").query("uploads", "").sign().send().await.accepted();
    let id = begun.element("UploadId");

    let mut listed = String::from("<CompleteMultipartUpload>");
    for (number, body) in [("1", "one "), ("2", "two")] {
        let part = Draft::new(&server, "PUT", "big", body.as_bytes()).query("partNumber", number);
        let head = part.query("uploadId", &id).sign().send().await.accepted().head;
        let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
        listed += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    listed += "</CompleteMultipartUpload>";

    let parts = Draft::new(&server, "GET", "big", b"").query("uploadId", &id).sign().send().await.accepted();
    assert_eq!(parts.text().matches("<Part>").count(), 2);

    let wrong = Draft::new(&server, "POST", "other", listed.as_bytes()).query("uploadId", &id);
    wrong.sign().send().await.refused(404, "NoSuchUpload");
    let complete = Draft::new(&server, "POST", "big", listed.as_bytes()).query("uploadId", &id);
    complete.sign().send().await.accepted();

    let source = format!("/{}/big", server.bucket);
    Draft::new(&server, "PUT", "copy", b"")
        .header("x-amz-copy-source", &source)
        .sign()
        .send()
        .await
        .accepted();
    assert_eq!(Draft::new(&server, "GET", "copy", b"").sign().send().await.text(), "one two");

    let both = b"<Delete><Object><Key>big</Key></Object><Object><Key>copy</Key></Object></Delete>";
    Draft::new(&server, "POST", "", both).query("delete", "").sign().send().await.accepted();
    Draft::new(&server, "GET", "copy", b"").sign().send().await.refused(404, "NoSuchKey");
}

#[tokio::test]
async fn an_upload_can_be_aborted() {
    let server = server().await;
    let begun = Draft::new(&server, "POST", "big", b"").query("uploads", "").sign().send().await.accepted();
    let id = begun.element("UploadId");
    Draft::new(&server, "DELETE", "big", b"").query("uploadId", &id).sign().send().await.accepted();
    let part = Draft::new(&server, "PUT", "big", b"part").query("partNumber", "1").query("uploadId", &id);
    part.sign().send().await.refused(404, "NoSuchUpload");
}

#[tokio::test]
async fn listings_have_pages_and_groups() {
    let server = server().await;
    for key in ["a/1", "a/2", "b", "c/1", "d"] {
        Draft::new(&server, "PUT", key, b"x").sign().send().await.accepted();
    }
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let mut page = Draft::new(&server, "GET", "", b"").query("list-type", "2").query("delimiter", "/");
        page = page.query("max-keys", "1");
        if let Some(token) = &token {
            page = page.query("continuation-token", token);
        }
        let page = page.sign().send().await.accepted();
        let names = [
            page.element("Key"),
            page.element("CommonPrefixes").replace("<Prefix>", "").replace("</Prefix>", ""),
        ];
        found.extend(names.into_iter().filter(|name| !name.is_empty()));
        if page.element("IsTruncated") != "true" {
            break;
        }
        token = Some(page.element("NextContinuationToken"));
    }
    assert_eq!(found, ["a/", "b", "c/", "d"]);

    let first =
        Draft::new(&server, "GET", "", b"").query("prefix", "a/").query("marker", "a/1").sign().send().await;
    assert_eq!(first.accepted().element("Key"), "a/2");
}

#[tokio::test]
async fn a_form_can_upload() {
    let server = server().await;
    let mut post = Draft::new(&server, "POST", "", b"");
    post.wire = post.wire.target(format!("/{}", server.bucket));
    post.form("a b+c", "from a form").send().await.accepted();
    assert_eq!(Draft::new(&server, "GET", "a b+c", b"").sign().send().await.text(), "from a form");

    post.clone().secret("wrong").form("key", "file").send().await.refused(403, "SignatureDoesNotMatch");
    post.clone().region("eu-west-1").form("key", "file").send().await.refused(403, "AccessDenied");

    let form = post.form("key", "file");
    let body = String::from_utf8(form.wire.body.clone()).unwrap();
    // AWS answers AccessDenied here; s3s answers InvalidPolicyDocument.
    form.body(body.replace("\r\nkey\r\n", "\r\nother\r\n"))
        .send()
        .await
        .refused(400, "InvalidPolicyDocument");
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = server().await;
    let address = server.endpoint().trim_start_matches("http://").to_owned();
    drop(server);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(&address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("still listening");
}
