//! Several images at once, by each way in and each way out.

use fantoccini::Locator;
use serde_json::json;

use crate::driver::Page;
use crate::harness::{Gallery, png};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn several_images_are_uploaded_and_shown() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let files: Vec<_> = (1..=5).map(|number| page.file(&format!("cat {number}.png"), &png())).collect();
    page.choose(&files.iter().map(|path| &**path).collect::<Vec<_>>()).await;
    for number in 1..=5 {
        let [state, _, words] = page.ended(&format!("cat {number}.png")).await;
        assert_eq!(state, "row done", "{words}");
    }
    assert_eq!(page.names().await.len(), 5);
    // The thumbnails were made by the page, and come from the storage.
    page.until("return [...document.querySelectorAll('#images img')].filter((img) => img.naturalWidth > 0).length === 5").await;
    let sources = page
        .script("return [...document.querySelectorAll('#images img')].map((img) => new URL(img.src).origin)")
        .await;
    let storage = gallery.get("/api/settings").await.ok()["storage"].clone();
    assert!(sources.as_array().unwrap().iter().all(|origin| *origin == storage), "{sources}");

    // After a reload, they are listed; a view gets a fresh URL. Keys alone reach it.
    page.goto(&gallery.url).await;
    page.script("document.querySelector('.tile').focus()").await;
    page.client.active_element().await.unwrap().send_keys("\u{e007}").await.unwrap();
    page.until("const img = document.querySelector('#view-image'); return document.querySelector('#view').open && img.naturalWidth > 0").await;
    page.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
    page.until("return !document.querySelector('#view').open").await;
    assert_eq!(page.script("return document.activeElement.className").await, "tile", "the focus returns");
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn images_are_dropped_and_pasted() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let event = |kind: &str, name: &str, field: &str| {
        format!(
            "const bytes = Uint8Array.from(atob({}), (letter) => letter.charCodeAt(0));\
             const data = new DataTransfer(); data.items.add(new File([bytes], '{name}', {{ type: 'text/html' }}));\
             document.body.dispatchEvent(new {kind}('{}', {{ {field}: data, bubbles: true, cancelable: true }}))",
            json!(base64::Engine::encode(&base64::prelude::BASE64_STANDARD, png())),
            if field == "dataTransfer" { "drop" } else { "paste" },
        )
    };
    page.script(&event("DragEvent", "dropped.png", "dataTransfer")).await;
    page.script(&event("ClipboardEvent", "pasted.png", "clipboardData")).await;
    // A name is text, also if it is HTML.
    let name = "<img src=x onerror=window.executed=true>.png";
    page.script(&event("DragEvent", name, "dataTransfer")).await;
    for name in ["dropped.png", "pasted.png", name] {
        // The type is that of the bytes, whatever the file says of itself.
        assert_eq!(page.ended(name).await[0], "row done");
    }
    page.until("return document.querySelectorAll('#images .name').length === 3").await;
    page.goto(&gallery.url).await;
    assert!(page.names().await.contains(&name.to_owned()));
    let executed = page.script("return [window.executed, document.querySelector('[src=x]')]").await;
    assert_eq!(executed, json!([null, null]));
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn forms_and_the_relay_upload_too() {
    let gallery = Gallery::start(&["--relay"]).await;
    let page = Page::open(&gallery.url).await;
    page.client.find(Locator::Css(".ways summary")).await.unwrap().click().await.unwrap();
    for way in ["form", "relay"] {
        page.client.find(Locator::Css(&format!("[value={way}]"))).await.unwrap().click().await.unwrap();
        let file = page.file(&format!("by {way} é.png"), &png());
        page.choose(&[&file]).await;
        let [state, _, words] = page.ended(&format!("by {way} é.png")).await;
        assert_eq!(state, "row done", "{words}");
    }
    assert_eq!(page.names().await, ["by relay é.png", "by form é.png"]);
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_large_image_goes_in_parts() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    let mut bytes = png();
    bytes.resize(25 << 20, 7);
    let file = page.file("large.png", &bytes);
    page.choose(&[&file]).await;
    let [state, _, words] = page.ended("large.png").await;
    assert_eq!(state, "row done", "{words}");
    let listed = gallery.get("/api/images").await.ok();
    let image = &listed["images"][0];
    assert_eq!(image["size"], json!(bytes.len()));
    let shown = gallery.send("GET", image["url"].as_str().unwrap(), &[], b"").await;
    assert!(shown.body == bytes, "the storage has other bytes");
    assert_eq!(page.script("return localStorage.getItem('gallery-unfinished')").await, "[]");
    page.close().await;
}
