//! Pieces that belong together light up, by pointer and by keyboard.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, line, strings, text};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_piece_shows_where_it_goes_and_where_it_comes_from() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    point_at(&page, ".signer[data-pane=canonical] [data-part=method]").await;
    for (part, light) in
        [("method", "here"), ("canonical_hash", "to"), ("signature", "to"), ("key.signing", "")]
    {
        assert_eq!(lights(&page, part).await, [light], "{part}");
    }
    assert_eq!(marked(&page, "origin").await, ["GET"]);

    point_at(&page, ".signer[data-pane=signature] [data-part=signature]").await;
    for part in ["method", "canonical_hash", "key.date", "key.signing", "scope.region", "header.host.value"] {
        assert_eq!(lights(&page, part).await, ["from"], "{part}");
    }
    for field in ["method", "url", "headers", "region", "service", "time", "secret"] {
        let lit = format!("return document.querySelector('[data-field={field}]').classList.contains('lit')");
        assert_eq!(page.script(&lit).await, json!(true), "{field}");
    }
    assert_eq!(
        page.script("return document.querySelector('[data-field=session_token]').classList.contains('lit')")
            .await,
        json!(false)
    );
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn one_character_is_joined_in_both_directions() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    // "/test.txt": the third character is the e.
    point_at_character(&page, ".signer [data-line='canonical.path'] .piece", 2).await;
    assert_eq!(marked(&page, "character-typed").await, ["e"]);
    let place = page.script("return [...CSS.highlights.get('character-typed')][0].startOffset").await;
    assert_eq!(place, json!("https://examplebucket.s3.amazonaws.com/t".len()));

    // The first "a" of the host in the field, by the caret.
    page.script("const url = document.querySelector('#url'); url.focus(); url.setSelectionRange(10, 10)")
        .await;
    page.until("return CSS.highlights.get('character')?.size && [...CSS.highlights.get('character')].every((range) => range.startContainer.data[range.startOffset] === 'a')").await;
    let lines = page
        .script("return [...CSS.highlights.get('character')].map((range) => range.startContainer.parentElement.closest('.line').dataset.line)")
        .await;
    assert!(strings(lines).contains(&"canonical.header.host".to_owned()));
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_keyboard_alone_reaches_each_line() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let press = async |key: Key| {
        let element = page.client.active_element().await.unwrap();
        element.send_keys(&char::from(key).to_string()).await.unwrap();
    };
    let focused = "return document.activeElement.closest('.line')?.dataset.line ?? ''";
    page.client
        .find(Locator::Id("session_token"))
        .await
        .unwrap()
        .send_keys(&char::from(Key::Tab).to_string())
        .await
        .unwrap();
    assert_eq!(page.script(focused).await, json!("canonical.method"));
    assert_eq!(lights(&page, "method").await, ["here"]);
    assert!(text(&page, "#live").await.contains(": GET."));
    press(Key::Down).await;
    assert_eq!(page.script(focused).await, json!("canonical.path"));
    press(Key::Up).await;
    let mut lines = vec![page.script(focused).await];
    let count = page
        .script(
            "return [...document.querySelectorAll('.line')].filter((line) => line.checkVisibility()).length",
        )
        .await;
    for _ in 1..count.as_u64().unwrap() {
        press(Key::Down).await;
        lines.push(page.script(focused).await);
    }
    let all = page.script("return [...document.querySelectorAll('.line')].filter((line) => line.checkVisibility()).map((line) => line.dataset.line)").await;
    assert_eq!(json!(lines), all);
    press(Key::Escape).await;
    assert_eq!(page.script("return document.querySelectorAll('#panes [data-light]').length").await, json!(0));
    assert_eq!(text(&page, "#live").await, "");
    assert_eq!(line(&page, "canonical.method").await, "GET");
    page.close().await;
}

/// Returns the lights of the signer's pieces that show a part, each once.
async fn lights(page: &Page, part: &str) -> Vec<String> {
    let script = format!(
        "return [...new Set([...document.querySelectorAll('.signer [data-part=\"{part}\"]')].map((piece) => piece.dataset.light ?? ''))]"
    );
    strings(page.script(&script).await)
}

/// Returns the texts that the fields or panes mark with a name.
async fn marked(page: &Page, name: &str) -> Vec<String> {
    let script = format!(
        "return [...(CSS.highlights.get('{name}') ?? [])].map((range) => range.startContainer.data.slice(range.startOffset, range.endOffset))"
    );
    strings(page.script(&script).await)
}

async fn point_at(page: &Page, selector: &str) {
    point_at_character(page, selector, 0).await;
}

pub async fn point_at_character(page: &Page, selector: &str, index: usize) {
    let script = format!(
        "const piece = document.querySelector({}); piece.scrollIntoView({{ block: 'center' }}); const range = new Range();\
         range.setStart(piece.firstChild, {index}); range.setEnd(piece.firstChild, {index} + 1);\
         const box = range.getBoundingClientRect(); return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]",
        json!(selector)
    );
    let [x, y]: [f64; 2] = serde_json::from_value(page.script(&script).await).unwrap();
    page.devtools("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y })).await;
}
