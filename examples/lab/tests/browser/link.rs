//! The link holds the request and no secret.

use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, acted, fill, line, text};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_link_restores_the_request_and_has_no_secret() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    fill(&page, "secret", "a/secret+of=mine").await;
    fill(&page, "session_token", "a/token+of=mine").await;
    fill(&page, "headers", "Range: bytes=0-9\nX-Note: a/token+of=mine and ünï").await;
    fill(&page, "url", "https://examplebucket.s3.amazonaws.com/a%20b?x=1&y=%2F").await;
    fill(&page, "region", "eu-central-1").await;
    let canonical = [line(&page, "canonical.path").await, line(&page, "canonical.query").await];
    page.script("document.querySelector('#copy-link').click()").await;
    let link = page.script("return location.href").await.as_str().unwrap().to_owned();
    assert!(link.contains('#') && link.contains("eu-central-1"), "{link}");
    for secret in ["secret+of", "secret%2Bof", "token+of", "token%2Bof"] {
        assert!(!link.contains(secret), "{link}");
    }
    // Another document: a change of the fragment alone would keep the fields.
    page.client.goto("about:blank").await.unwrap();
    page.goto(&link).await;
    assert_eq!([line(&page, "canonical.path").await, line(&page, "canonical.query").await], canonical);
    assert_eq!(page.script("return document.querySelector('#region').value").await, json!("eu-central-1"));
    assert_eq!(page.script("return document.querySelector('#session_token').value").await, json!(""));
    assert!(text(&page, "#link-note").await.contains("left out"));
    assert_eq!(
        page.script("return [localStorage.length, sessionStorage.length, document.cookie]").await,
        json!([0, 0, ""])
    );
    acted(&page, "document.querySelector('#tomorrow').click()").await;
    assert_eq!(page.script("return document.querySelector('#time').value").await, json!("20130525T000000Z"));
    page.close().await;
}
