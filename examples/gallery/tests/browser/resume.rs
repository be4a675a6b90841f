//! Large uploads that are interrupted: by a reload, by Cancel, by the network.

use serde_json::json;

use crate::driver::Page;
use crate::harness::{Gallery, png};

/// 4 parts.
fn large() -> Vec<u8> {
    let mut bytes = png();
    bytes.extend((0..30 << 20).map(|index: u32| (index.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes
}

/// Makes the network of the browser slow, so that an upload can be interrupted; 0 is unlimited.
async fn throttle(page: &Page, bytes_a_second: i64) {
    let rate = if bytes_a_second == 0 { -1 } else { bytes_a_second };
    page.devtools("Network.enable", json!({})).await;
    let conditions =
        json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate });
    page.devtools("Network.emulateNetworkConditions", conditions).await;
}

async fn stored_parts(gallery: &Gallery) -> usize {
    let uploads = gallery.bucket.list_uploads("incoming/").await.unwrap();
    let Some(upload) = uploads.first() else { return 0 };
    gallery.bucket.list_parts(&upload.key, &upload.id).await.unwrap().len()
}

async fn interrupt(gallery: &Gallery, page: &Page, bytes: &[u8]) {
    let file = page.file("large.png", bytes);
    // The first parts are fast, the others never end.
    page.script(
        "const send = XMLHttpRequest.prototype.send; let count = 0;\
         XMLHttpRequest.prototype.send = function (body) { if (++count <= 2) send.call(this, body); }",
    )
    .await;
    page.choose(&[&file]).await;
    for _ in 0..600 {
        if stored_parts(gallery).await == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("two parts were not stored: {}", page.script("return document.body.innerText").await);
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn an_upload_goes_on_after_a_reload() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let bytes = large();
    interrupt(&gallery, &page, &bytes).await;

    page.goto(&gallery.url).await;
    let left = page.script("return document.querySelector('#unfinished').innerText").await;
    assert!(left.as_str().unwrap().contains("Choose large.png again"), "{left}");
    throttle(&page, 4 << 20).await;
    let file = page.file("large.png", &bytes);
    page.choose(&[&file]).await;
    page.until("return document.querySelector('#rows .words').textContent.includes('2 were there already')")
        .await;
    throttle(&page, 0).await;
    let [state, _, words] = page.ended("large.png").await;
    assert_eq!(state, "row done", "{words}");
    let listed = gallery.get("/api/images").await.ok();
    let shown = gallery.send("GET", listed["images"][0]["url"].as_str().unwrap(), &[], b"").await;
    assert!(shown.body == bytes, "the storage has other bytes");
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_changed_file_sends_the_changed_parts_again() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let mut bytes = large();
    interrupt(&gallery, &page, &bytes).await;
    page.goto(&gallery.url).await;
    // One byte of the second part, which the storage has.
    bytes[9 << 20] ^= 1;
    throttle(&page, 4 << 20).await;
    let file = page.file("large.png", &bytes);
    page.choose(&[&file]).await;
    page.until("return document.querySelector('#rows .words').textContent.includes('1 had other bytes')")
        .await;
    throttle(&page, 0).await;
    assert_eq!(page.ended("large.png").await[0], "row done");
    let listed = gallery.get("/api/images").await.ok();
    let shown = gallery.send("GET", listed["images"][0]["url"].as_str().unwrap(), &[], b"").await;
    assert!(shown.body == bytes, "the storage has the bytes of the first attempt");
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn cancel_leaves_nothing_and_retry_starts_anew() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let bytes = large();
    interrupt(&gallery, &page, &bytes).await;
    page.click("Cancel large.png").await;
    assert_eq!(page.ended("large.png").await[1], "canceled");
    for _ in 0..100 {
        if gallery.bucket.list_uploads("incoming/").await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(gallery.bucket.list_uploads("incoming/").await.unwrap().is_empty());

    // A small one, canceled while its bytes are on the way.
    page.goto(&gallery.url).await;
    throttle(&page, 256 << 10).await;
    let mut small = png();
    small.resize(4 << 20, 1);
    let file = page.file("small.png", &small);
    page.choose(&[&file]).await;
    page.until("return document.querySelector('#rows progress').value > 0").await;
    page.click("Cancel small.png").await;
    assert_eq!(page.ended("small.png").await[1], "canceled");
    throttle(&page, 0).await;
    assert_eq!(page.names().await, Vec::<String>::new());
    page.click("Retry small.png").await;
    page.until("return document.querySelector('#rows .row.done')").await;
    assert_eq!(page.names().await, ["small.png"]);
    page.close().await;
}
