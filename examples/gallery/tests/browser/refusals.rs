//! Refusals of the page and of the storage, and the words of the page for each.

use bucket::Body;
use serde_json::json;

use crate::driver::Page;
use crate::harness::{Gallery, png};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn an_expired_url_is_named_and_a_retry_takes_a_fresh_one() {
    let gallery = Gallery::start(&["--expires", "5s"]).await;
    let page = Page::open(&gallery.url).await;
    // The page receives the URL at once, and uses it when the clock is after the time that the URL states.
    page.script(
        "const { open, send } = XMLHttpRequest.prototype;\
         XMLHttpRequest.prototype.open = function (method, url) { this.sentTo = new URL(url); open.call(this, method, url); };\
         XMLHttpRequest.prototype.send = function (body) {\
           const query = this.sentTo.searchParams;\
           const signed = Date.parse(query.get('X-Amz-Date').replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));\
           const end = signed + 1000 * (Number(query.get('X-Amz-Expires')) + 1);\
           const late = () => { if (window.inTime || Date.now() > end) send.call(this, body); else setTimeout(late, 50); };\
           late(); }",
    )
    .await;
    let file = page.file("late.png", &png());
    page.choose(&[&file]).await;
    let [state, code, words] = page.ended("late.png").await;
    assert_eq!((&*state, &*code), ("row failed", "expired"), "{words}");
    assert!(words.contains("Retry takes a fresh one"), "{words}");
    page.script("window.inTime = true").await;
    page.click("Retry late.png").await;
    page.until("return document.querySelector('#rows .row.done')").await;
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn failures_are_told_apart() {
    let gallery = Gallery::start(&["--max-mib", "1"]).await;
    let page = Page::open(&gallery.url).await;
    let mut large = png();
    large.resize((1 << 20) + 1, 0);
    let files = [
        page.file("script.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
        page.file("too large.png", &large),
        page.file("empty.png", b""),
    ];
    page.choose(&files.iter().map(|path| &**path).collect::<Vec<_>>()).await;
    for (name, code) in
        [("script.png", "refused_type"), ("too large.png", "too_large"), ("empty.png", "empty_file")]
    {
        let [state, found, words] = page.ended(name).await;
        assert_eq!((&*state, &*found), ("row failed", code), "{words}");
    }

    // The bucket forgets its rules: the browser does not say why it fails, and the page finds out.
    let delete = gallery.bucket.call("DELETE", "", &[("cors", "")]).unwrap().body(Body::empty());
    gallery.bucket.storage().send(delete).await.unwrap();
    let file = page.file("no cors.png", &png());
    page.choose(&[&file]).await;
    let [_, code, words] = page.ended("no cors.png").await;
    assert_eq!(code, "cors", "{words}");
    assert!(words.contains("--set-cors"), "{words}");

    // A storage that says that a fresh URL has expired has another clock.
    page.script(
        "XMLHttpRequest.prototype.send = function () {\
           Object.defineProperty(this, 'status', { value: 403 });\
           Object.defineProperty(this, 'responseText', { value: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' });\
           this.onload(); }",
    )
    .await;
    let file = page.file("clock.png", &png());
    page.choose(&[&file]).await;
    assert_eq!(page.ended("clock.png").await[1], "clock");
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_storage_refuses_what_was_not_signed() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let expected = [
        ("as-signed", "200: accepted"),
        ("type", "403 SignatureDoesNotMatch"),
        ("byte", "403 SignatureDoesNotMatch"),
        ("bytes", "400 BadDigest"),
        ("key", "403 SignatureDoesNotMatch"),
        ("name", "403 SignatureDoesNotMatch"),
        ("twice", "412 PreconditionFailed"),
    ];
    for (attempt, answer) in expected {
        page.script(&format!("document.querySelector('[data-attempt={attempt}]').click()")).await;
        let shown =
            page.until(&format!("return document.querySelector('#attempt-{attempt}').textContent")).await;
        assert!(shown.as_str().unwrap().starts_with(answer), "{attempt}: {shown}");
    }
    assert_eq!(gallery.get("/api/images").await.ok()["images"], json!([]));
    page.close().await;
}
