//! Requests that a hostile page or user would send.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Gallery, png, sha256};
use crate::small::{asked, uploaded};

async fn stored(gallery: &Gallery, bytes: &[u8]) -> Value {
    let ticket = gallery.post("/api/generate-upload-url", &asked(bytes)).await.ok();
    assert_eq!(gallery.put(&ticket, bytes).await.status, 200);
    ticket
}

async fn begun(gallery: &Gallery) -> Value {
    let file = json!({ "filename": "l.png", "content_type": "image/png", "size": 17 << 20, "first_sha256": sha256(b"") });
    gallery.post("/api/multipart/start", &file).await.ok()
}

#[tokio::test]
async fn an_upload_belongs_to_one_user() {
    let victim = Gallery::start(&[]).await;
    let attacker = victim.another().await;
    let png = png();
    let ticket = stored(&victim, &png).await;
    attacker.post("/api/confirm", &uploaded(&ticket, &png)).await.refused(400, "bad_key");
    let upload = begun(&victim).await;
    let named = json!({ "key": upload["key"], "upload_id": upload["upload_id"], "parts": [] });
    for path in ["/api/multipart/urls", "/api/multipart/complete", "/api/multipart/abort"] {
        attacker.post(path, &named).await.refused(400, "bad_key");
    }
    // The id of the victim's upload with a key of the attacker: the storage compares them.
    let own = begun(&attacker).await;
    let mixed = json!({ "key": own["key"], "upload_id": upload["upload_id"] });
    attacker.post("/api/multipart/abort", &mixed).await;
    let prefix = upload["key"].as_str().unwrap();
    assert_eq!(victim.bucket.list_uploads(prefix).await.unwrap().len(), 1);

    let image = victim.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
    let path = format!("/presigned-url?file_name={}", image["file_name"].as_str().unwrap());
    attacker.get(&path).await.refused(400, "unknown_image");
    assert_eq!(attacker.get("/api/images").await.ok()["images"], json!([]));
}

#[tokio::test]
async fn a_key_of_the_users_choosing_lists_nothing() {
    let gallery = Gallery::start(&[]).await;
    let upload = begun(&gallery).await;
    let key = upload["key"].as_str().unwrap();
    let other = key.rsplit_once('-').unwrap().0.to_owned() + &format!("-{}.png", "0".repeat(32));
    let parts: Vec<_> = [8 << 20, 8 << 20, 1 << 20]
        .iter()
        .enumerate()
        .map(|(index, size)| json!({ "number": index + 1, "size": size, "sha256": sha256(b"") }))
        .collect();
    let said = json!({ "key": other, "upload_id": upload["upload_id"], "parts": parts });
    gallery.post("/api/multipart/complete", &said).await.refused(409, "not_uploaded");
    for key in ["0".repeat(32) + ".png", format!("../{}.png", "0".repeat(32)), "0".repeat(32)] {
        let key = format!("{}{key}", &upload["key"].as_str().unwrap()[..key_prefix(&upload)]);
        let said = json!({ "key": key, "size": 1, "sha256": sha256(b"") });
        let answer = gallery.post("/api/confirm", &said).await;
        assert!([400, 409].contains(&answer.status), "{answer:?}");
    }
}

fn key_prefix(upload: &Value) -> usize {
    upload["key"].as_str().unwrap().rfind('/').unwrap() + 1
}

#[tokio::test]
async fn confirmations_at_the_same_time_list_one_image_with_its_thumbnail() {
    let gallery = Gallery::start(&[]).await;
    let (png, thumbnail) = (png(), b"\xff\xd8\xff\xe0 a thumbnail");
    for _ in 0..5 {
        let mut wanted = asked(&png);
        wanted["thumbnail"] = json!({ "size": thumbnail.len(), "sha256": sha256(thumbnail) });
        let ticket = gallery.post("/api/generate-upload-url", &wanted).await.ok();
        gallery.put(&ticket, &png).await.ok();
        gallery.put(&ticket["thumbnail"], thumbnail).await.ok();
        let said = uploaded(&ticket, &png);
        let answers = join_all((0..8).map(|_| gallery.post("/api/confirm", &said))).await;
        let names: Vec<_> = answers.into_iter().map(|answer| answer.ok()["file_name"].clone()).collect();
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        let listed = gallery.get("/api/images").await.ok();
        assert_eq!(listed["images"][0]["file_name"], names[0]);
        let shown =
            gallery.send("GET", listed["images"][0]["thumbnail_url"].as_str().unwrap(), &[], b"").await;
        assert_eq!(shown.body, &thumbnail[..]);
    }
}

#[tokio::test]
async fn other_types_under_the_type_of_an_image_are_deleted() {
    let gallery = Gallery::start(&[]).await;
    let files: [&[u8]; 6] = [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*\x00\x00*/=0;alert(1)",
        b"\0\0\0\x1cftypisom\0\0\0\0isommp42",
        b" \x89PNG\r\n\x1a\n",
        b"\xef\xbb\xbf\x89PNG\r\n\x1a\n",
    ];
    for bytes in files {
        let ticket = stored(&gallery, bytes).await;
        gallery.post("/api/confirm", &uploaded(&ticket, bytes)).await.refused(422, "differs");
        assert!(!gallery.incoming().await.contains(&ticket["key"].as_str().unwrap().to_owned()));
    }
}

/// Bytes that are a PNG and a page: they are shown as a PNG only.
#[tokio::test]
async fn a_png_that_is_also_a_page_is_never_a_page() {
    let gallery = Gallery::start(&[]).await;
    let both = [&*png(), b"<!doctype html><script>alert(document.domain)</script>"].concat();
    let ticket = stored(&gallery, &both).await;
    let image = gallery.post("/api/confirm", &uploaded(&ticket, &both)).await.ok();
    let url = image["url"].as_str().unwrap();
    assert_eq!(gallery.send("GET", url, &[], b"").await.headers["content-type"], "image/png");
    let page = url.replace("response-content-type=image%2Fpng", "response-content-type=text%2Fhtml");
    assert_ne!(page, url);
    gallery.send("GET", &page, &[], b"").await.refused(403, "SignatureDoesNotMatch");
    let (start, end) = url.split_once("response-content-type=image%2Fpng").unwrap();
    let bare = format!("{}{}", start.trim_end_matches('&'), end);
    gallery.send("GET", &bare, &[], b"").await.refused(403, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn names_of_files_are_only_shown() {
    let gallery = Gallery::start(&[]).await;
    let png = png();
    let long = "x".repeat(5000);
    let names = [
        ("../../images/other/x.png", "x.png"),
        ("..\\..\\x.png", "x.png"),
        ("a\r\nx-amz-acl: public-read.png", "ax-amz-acl: public-read.png"),
        ("\"; filename=\"evil.html", "\"; filename=\"evil.html"),
        ("\u{202e}gnp.exe", "gnp.exe"),
        ("nul\0.png", "nul.png"),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("..", ".."),
        (&long, &long[..120]),
    ];
    for (given, shown) in names {
        let mut wanted = asked(&png);
        wanted["filename"] = json!(given);
        let ticket = gallery.post("/api/generate-upload-url", &wanted).await.ok();
        assert!(!ticket["key"].as_str().unwrap().contains("x.png"), "{ticket}");
        assert_eq!(gallery.put(&ticket, &png).await.status, 200, "{given:?}");
        let image = gallery.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
        assert_eq!(image["name"], shown);
    }
}

#[tokio::test]
async fn a_file_name_of_another_form_is_refused() {
    let gallery = Gallery::start(&[]).await;
    let id = "0".repeat(32);
    for name in [
        String::new(),
        "..".to_owned(),
        format!("../other/{id}.png"),
        format!("..%2fother%2f{id}.png"),
        format!("%2e%2e/{id}.png"),
        format!("{id}.png%00"),
        format!("{id}.png/../{id}.png"),
        format!("{id}.svg"),
        format!("{id}.PNG"),
        format!("{}.png", "A".repeat(32)),
        format!("%ff{id}.png"),
        "x".repeat(4000),
    ] {
        let answer = gallery.get(&format!("/presigned-url?file_name={name}")).await;
        assert_eq!((answer.status, &answer.json()["presigned_url"]), (400, &Value::Null), "{name}");
    }
    gallery.get("/api/images?after=%00").await.refused(400, "bad_request");
    for query in ["after=x", "after=..%2f..%2f"] {
        let answer = gallery.get(&format!("/api/images?{query}")).await;
        assert!([200, 400].contains(&answer.status), "{query}: {answer:?}");
        assert!(answer.status == 400 || answer.json()["images"] == json!([]), "{query}: {answer:?}");
    }
}

#[tokio::test]
async fn requests_that_are_too_large_or_too_deep_are_refused() {
    let gallery = Gallery::start(&[]).await;
    // One byte more than the service reads.
    let mut wanted = asked(b"x");
    wanted["filename"] = json!("");
    wanted["filename"] = json!("x".repeat((2 << 20) + 1 - wanted.to_string().len()));
    for path in ["/api/generate-upload-url", "/api/upload-form", "/api/confirm", "/api/multipart/start"] {
        gallery.post(path, &wanted).await.refused(400, "bad_request");
    }
    let deep = "[".repeat(100_000);
    let json = [("content-type", "application/json")];
    let url = format!("{}/api/confirm", gallery.url);
    gallery.send("POST", &url, &json, deep.as_bytes()).await.refused(400, "bad_request");
    gallery.send("POST", &url, &[("content-type", "text/plain")], b"{}").await.refused(400, "bad_request");

    let upload = begun(&gallery).await;
    let part = json!({ "number": 3, "size": 1 << 20, "sha256": sha256(b"") });
    let many = json!({ "key": upload["key"], "upload_id": upload["upload_id"], "parts": vec![part; 101] });
    gallery.post("/api/multipart/urls", &many).await.refused(400, "bad_request");
}
