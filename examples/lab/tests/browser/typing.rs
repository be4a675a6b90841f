//! One character is typed: the panes show it, and the hashes change.

use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, SIGNATURE, fill, line, text, texts, type_into};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_typed_character_is_in_the_canonical_request_and_changes_the_signature() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let before = text(&page, SIGNATURE).await;
    // AWS publishes this signature for "Example: GET Object".
    assert_eq!(before, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assert!(text(&page, "#verdict").await.contains("AWS’s own value reached"));
    assert_eq!(line(&page, "canonical.path").await, "/test.txt");

    type_into(&page, "url", "x").await;
    assert_eq!(line(&page, "canonical.path").await, "/test.txtx");
    let after = text(&page, SIGNATURE).await;
    let bits = format!("{} of 256 bits changed", differing_bits(&before, &after));
    assert_eq!(texts(&page, ".signer[data-pane=signature] .bits").await, [bits]);
    assert!(!text(&page, "#verdict").await.contains("reached"));
    // The keys do not depend on the path.
    assert_eq!(texts(&page, ".signer[data-pane=keys] .bits:not(:empty)").await, [""; 0]);
    let changed = texts(&page, ".signer[data-pane=canonical] [class*=changed-]").await;
    assert_eq!(changed, ["/test.txtx"]);
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_line_that_did_not_change_keeps_its_elements() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    page.script(
        "window.writes = []; new MutationObserver((all) => { for (const { target } of all) {\
           const line = (target.nodeType === 1 ? target : target.parentElement).closest('.line'); if (line) window.writes.push(line.dataset.line); } })\
         .observe(document.querySelector('#panes'), { childList: true, characterData: true, subtree: true })",
    )
    .await;
    type_into(&page, "url", "x").await;
    let written =
        page.script("return [...new Set(window.writes)].filter((id) => id.startsWith('canonical.'))").await;
    assert_eq!(written, json!(["canonical.path"]));
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_late_answer_does_not_replace_a_newer_one() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    // The answer to the first question arrives when the test says so, although the page no longer waits for it.
    page.script(
        "const send = window.fetch; let first = true;\
         window.fetch = async (url, { signal, ...options }) => { const reply = await send(url, options);\
           if (first) { first = false; await new Promise((done) => { window.release = done; }); window.late = reply.clone().text(); }\
           return reply; };\
         const url = document.querySelector('#url'); url.value += 'a'; url.dispatchEvent(new InputEvent('input', { bubbles: true }))",
    )
    .await;
    page.until("return window.release").await;
    fill(&page, "url", "https://examplebucket.s3.amazonaws.com/test.txtab").await;
    assert_eq!(line(&page, "canonical.path").await, "/test.txtab");
    page.script("window.release(); return window.late").await;
    // The page has read the late answer when a question that was asked after it is answered.
    fill(&page, "region", "eu-central-1").await;
    assert_eq!(line(&page, "canonical.path").await, "/test.txtab");
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn an_error_is_shown_at_its_field() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    fill(&page, "time", "yesterday").await;
    assert_eq!(texts(&page, "[data-field=time] .error").await.len(), 1);
    assert_eq!(page.script("return document.querySelector('#time').ariaInvalid").await, json!("true"));
    fill(&page, "time", "20130524T000000Z").await;
    assert_eq!(texts(&page, ".error").await, [""; 0]);
    page.close().await;
}

fn differing_bits(one: &str, other: &str) -> u32 {
    let digits = |text: &str| -> Vec<u32> { text.chars().map(|digit| digit.to_digit(16).unwrap()).collect() };
    digits(one).iter().zip(digits(other)).map(|(one, other)| (one ^ other).count_ones()).sum()
}
