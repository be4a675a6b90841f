//! Large uploads that are interrupted: by a reload, by Cancel, by the network.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::driver::Page;
use crate::harness::{Gallery, png, sha256};

const PART: usize = 8 << 20;

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

/// Returns the numbers and checksums of the parts that the storage lists.
async fn stored_parts(gallery: &Gallery) -> Vec<(u32, String)> {
    let uploads = gallery.bucket.list_uploads("incoming/").await.unwrap();
    let Some(upload) = uploads.first() else { return Vec::new() };
    let parts = gallery.bucket.list_parts(&upload.key, &upload.id).await.unwrap();
    parts.into_iter().map(|part| (part.number, part.checksums[0].1.clone())).collect()
}

/// Begins an upload of which the storage receives the parts 1 and 2, and never 3 and 4. The order in which
/// the page sends them is not fixed.
async fn interrupt(gallery: &Gallery, page: &Page, bytes: &[u8]) {
    let file = page.file("large.png", bytes);
    page.script(
        "const { open, send } = XMLHttpRequest.prototype;\
         XMLHttpRequest.prototype.open = function (method, url) { this.sentTo = url; open.call(this, method, url); };\
         XMLHttpRequest.prototype.send = function (body) { if (/partNumber=[12]&/.test(this.sentTo)) send.call(this, body); }",
    )
    .await;
    page.choose(&[&file]).await;
    eventually("the storage has parts 1 and 2", async || {
        let expected: Vec<_> =
            (1..).zip(bytes.chunks(PART)).take(2).map(|(number, part)| (number, sha256(part))).collect();
        stored_parts(gallery).await == expected
    })
    .await;
}

/// Loads the page again, and records the numbers of the parts that it sends from now on.
async fn reload(gallery: &Gallery, page: &Page) {
    page.goto(&gallery.url).await;
    page.script(
        "window.sentParts = []; const { open } = XMLHttpRequest.prototype;\
         XMLHttpRequest.prototype.open = function (method, url) {\
           const number = new URL(url, location).searchParams.get('partNumber');\
           if (number) window.sentParts.push(Number(number)); open.call(this, method, url); }",
    )
    .await;
}

async fn sent_parts(page: &Page) -> Value {
    page.script("return window.sentParts.sort()").await
}

/// Waits for a state that nothing announces.
async fn eventually(state: &str, mut reached: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !reached().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {state}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn an_upload_goes_on_after_a_reload() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let bytes = large();
    interrupt(&gallery, &page, &bytes).await;

    reload(&gallery, &page).await;
    let left = page.script("return document.querySelector('#unfinished').innerText").await;
    assert!(left.as_str().unwrap().contains("Choose large.png again"), "{left}");
    let file = page.file("large.png", &bytes);
    page.choose(&[&file]).await;
    let [state, _, words] = page.ended("large.png").await;
    assert_eq!(state, "row done", "{words}");
    assert!(words.ends_with("Of 4 parts, 2 were there already, and 0 had other bytes."), "{words}");
    assert_eq!(sent_parts(&page).await, json!([3, 4]), "only the missing parts are sent");
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
    reload(&gallery, &page).await;
    // Part 2 contains this byte.
    bytes[9 << 20] ^= 1;
    let file = page.file("large.png", &bytes);
    page.choose(&[&file]).await;
    let [state, _, words] = page.ended("large.png").await;
    assert_eq!(state, "row done", "{words}");
    assert!(words.ends_with("Of 4 parts, 1 was there already, and 1 had other bytes."), "{words}");
    assert_eq!(sent_parts(&page).await, json!([2, 3, 4]));
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
    eventually("the storage has no part", async || {
        gallery.bucket.list_uploads("incoming/").await.unwrap().is_empty()
    })
    .await;

    // A small image is canceled while the browser sends it.
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
