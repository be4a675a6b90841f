//! Images in parts: each part is bound, a second start resumes, and the last request compares everything.

use serde_json::{Value, json};

use crate::harness::{Gallery, live, png, sha256};

const PART: usize = 8 << 20;

/// A PNG's beginning and 17 MiB of other bytes: three parts.
fn large() -> Vec<u8> {
    let mut bytes = png();
    bytes.extend((0..17 << 20).map(|index: u32| (index.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes
}

fn parts(bytes: &[u8]) -> Vec<Value> {
    let numbered = (1..).zip(bytes.chunks(PART));
    numbered
        .map(|(number, part)| json!({ "number": number, "size": part.len(), "sha256": sha256(part) }))
        .collect()
}

async fn start(gallery: &Gallery, bytes: &[u8]) -> Value {
    let first = sha256(&bytes[..PART]);
    let file = json!({ "filename": "large.png", "content_type": "image/png", "size": bytes.len(), "first_sha256": first });
    gallery.post("/api/multipart/start", &file).await.ok()
}

fn with(upload: &Value, parts: &[Value]) -> Value {
    json!({ "key": upload["key"], "upload_id": upload["upload_id"], "parts": parts })
}

async fn ticket(gallery: &Gallery, upload: &Value, part: &Value) -> Value {
    gallery.post("/api/multipart/urls", &with(upload, std::slice::from_ref(part))).await.ok()["parts"][0]
        .clone()
}

#[tokio::test]
async fn parts_are_bound_resumed_and_compared() {
    let gallery = Gallery::start(&[]).await;
    let bytes = large();
    let (all, pieces): (Vec<_>, Vec<_>) = (parts(&bytes), bytes.chunks(PART).collect());
    let upload = start(&gallery, &bytes).await;
    assert_eq!((&upload["part_size"], &upload["parts"]), (&json!(PART), &json!([])));

    let first = ticket(&gallery, &upload, &all[0]).await;
    let mut wrong = pieces[0].to_vec();
    wrong[100] ^= 1;
    let answer = gallery.put(&first, &wrong).await;
    if live().is_none() {
        answer.refused(400, "BadDigest");
    }
    gallery.put(&first, &[pieces[0], b"!"].concat()).await.refused(403, "SignatureDoesNotMatch");
    let mut other = first.clone();
    other["url"] = json!(first["url"].as_str().unwrap().replace("partNumber=1", "partNumber=2"));
    gallery.put(&other, pieces[0]).await.refused(403, "SignatureDoesNotMatch");

    for (part, piece) in all.iter().zip(&pieces).take(2) {
        assert_eq!(gallery.put(&ticket(&gallery, &upload, part).await, piece).await.status, 200);
    }
    gallery.post("/api/multipart/complete", &with(&upload, &all)).await.refused(409, "parts_differ");

    // After a reload, the page names the same file: the service finds the upload and its parts.
    let resumed = start(&gallery, &bytes).await;
    assert_eq!((&resumed["key"], &resumed["upload_id"]), (&upload["key"], &upload["upload_id"]));
    let found = resumed["parts"].as_array().unwrap();
    assert_eq!(found.iter().map(|part| part["number"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    if live().is_none() {
        assert_eq!(found.as_slice(), &all[..2]);
    }
    assert_eq!(gallery.put(&ticket(&gallery, &upload, &all[2]).await, pieces[2]).await.status, 200);
    let image = gallery.post("/api/multipart/complete", &with(&upload, &all)).await.ok();
    assert_eq!(image["size"], json!(bytes.len()));
    let again = gallery.post("/api/multipart/complete", &with(&upload, &all)).await.ok();
    assert_eq!(again["file_name"], image["file_name"], "a lost answer is asked for again");
    let shown = gallery.send("GET", image["url"].as_str().unwrap(), &[], b"").await;
    assert_eq!(sha256(&shown.body), sha256(&bytes));
}

#[tokio::test]
async fn a_part_with_other_bytes_is_found_before_the_image_is_made() {
    let gallery = Gallery::start(&[]).await;
    let bytes = large();
    let (all, pieces): (Vec<_>, Vec<_>) = (parts(&bytes), bytes.chunks(PART).collect());
    let upload = start(&gallery, &bytes).await;
    for (part, piece) in all.iter().zip(&pieces) {
        assert_eq!(gallery.put(&ticket(&gallery, &upload, part).await, piece).await.status, 200);
    }
    let mut said = all.clone();
    said[1]["sha256"] = json!(sha256(b"other"));
    let answer = gallery.post("/api/multipart/complete", &with(&upload, &said)).await;
    match answer.status {
        // A server that keeps no checksums: the image is read back, and deleted.
        422 if live().is_some() => answer.refused(422, "differs"),
        _ => answer.refused(409, "parts_differ"),
    }
}

#[tokio::test]
async fn only_parts_of_the_announced_file_are_signed() {
    let gallery = Gallery::start(&["--max-mib", "64"]).await;
    let bytes = large();
    let upload = start(&gallery, &bytes).await;
    let sum = sha256(b"");
    let wrong = [
        (json!({ "number": 0, "size": PART, "sha256": sum }), "bad_part"),
        (json!({ "number": 1, "size": PART + 1, "sha256": sum }), "bad_part"),
        (json!({ "number": 3, "size": PART, "sha256": sum }), "bad_part"),
        (json!({ "number": 4, "size": 1, "sha256": sum }), "bad_part"),
        (json!({ "number": u32::MAX, "size": PART, "sha256": sum }), "bad_part"),
        (json!({ "number": 1, "size": PART, "sha256": "" }), "bad_request"),
    ];
    for (part, code) in wrong {
        gallery.post("/api/multipart/urls", &with(&upload, &[part])).await.refused(400, code);
    }
    // A key that claims another size is another key: the storage knows no such upload.
    let mut larger = upload.clone();
    let key = upload["key"].as_str().unwrap();
    larger["key"] = json!(key.replace(&bytes.len().to_string(), &(65u64 << 20).to_string()));
    gallery.post("/api/multipart/urls", &with(&larger, &[])).await.refused(400, "bad_key");

    let named = json!({ "key": upload["key"], "upload_id": upload["upload_id"] });
    gallery.post("/api/multipart/abort", &named).await.ok();
    gallery.post("/api/multipart/abort", &named).await.ok();
    let anew = start(&gallery, &bytes).await;
    assert_ne!(anew["upload_id"], upload["upload_id"]);
}
