//! Views: forced types, pages of the listing, and the headers of the page.

use serde_json::json;

use crate::harness::{Gallery, png};
use crate::small::{asked, uploaded};

#[tokio::test]
async fn a_view_forces_type_and_disposition() {
    let gallery = Gallery::start(&[]).await;
    let png = png();
    let ticket = gallery.post("/api/generate-upload-url", &asked(&png)).await.ok();
    gallery.put(&ticket, &png).await;
    let image = gallery.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
    let path = format!("/presigned-url?file_name={}", image["file_name"].as_str().unwrap());
    let fresh = gallery.get(&path).await.ok();
    let shown = gallery.send("GET", fresh["presigned_url"].as_str().unwrap(), &[], b"").await;
    assert_eq!(
        (shown.status, &shown.headers["content-type"], &*shown.body),
        (200, &"image/png".parse().unwrap(), &*png)
    );
    let disposition = "inline; filename=\"Gr__e (1).png\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29.png";
    assert_eq!(shown.headers["content-disposition"], disposition);

    let changed = fresh["presigned_url"].as_str().unwrap().replace("image%2Fpng", "text%2Fhtml");
    gallery.send("GET", &changed, &[], b"").await.refused(403, "SignatureDoesNotMatch");
    for path in ["/presigned-url", "/presigned-url?file_name=", "/presigned-url?file_name=../x.png"] {
        let answer = gallery.get(path).await;
        assert_eq!(answer.status, 400);
        assert!(answer.json()["message"].as_str().unwrap().contains("file_name"));
    }
    let missing = format!("/presigned-url?file_name={}.png", "0".repeat(32));
    gallery.get(&missing).await.refused(400, "unknown_image");
}

#[tokio::test]
async fn the_listing_comes_in_pages_newest_first() {
    let gallery = Gallery::start(&[]).await;
    let png = png();
    let mut names = Vec::new();
    for _ in 0..26 {
        let ticket = gallery.post("/api/generate-upload-url", &asked(&png)).await.ok();
        gallery.put(&ticket, &png).await;
        let image = gallery.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
        names.push(image["file_name"].clone());
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    names.reverse();
    let first = gallery.get("/api/images").await.ok();
    let after = countersign::uri::encode(first["next"].as_str().unwrap());
    let second = gallery.get(&format!("/api/images?after={after}")).await.ok();
    assert_eq!(second["next"], json!(null));
    let pages = [first, second].into_iter().flat_map(|page| page["images"].as_array().unwrap().clone());
    assert_eq!(pages.map(|image| image["file_name"].clone()).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn the_page_allows_itself_only() {
    let gallery = Gallery::start(&[]).await;
    for path in ["/", "/app.js", "/api/settings", "/nothing"] {
        let headers = gallery.get(path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let url = |path: &str| format!("{}{path}", gallery.url);
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
    gallery.send("POST", &url("/api/confirm"), &foreign, b"{}").await.refused(403, "foreign");
    gallery.send("GET", &url("/api/images"), &[("host", "evil.example")], b"").await.refused(403, "foreign");
    let answer = gallery.send("OPTIONS", &url("/api/confirm"), &foreign, b"").await;
    assert!(answer.headers.get("access-control-allow-origin").is_none());
}
