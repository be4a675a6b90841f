//! Input is shown as text, and nothing leaves the machine.

use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, fill, strings, text, texts};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn typed_markup_is_shown_as_text_and_no_policy_is_violated() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    page.script("window.violations = []; document.addEventListener('securitypolicyviolation', ({ blockedURI }) => window.violations.push(blockedURI))").await;
    let markup = "<img src=https://example.com/x onerror=alert(1)><script>alert(1)</script>";
    fill(&page, "headers", &format!("X-Markup: {markup}")).await;
    fill(&page, "service_answer", markup).await;
    fill(&page, "session_token", "<script>alert(1)</script>").await;
    fill(&page, "url", &format!("https://examplebucket.s3.amazonaws.com/?q={markup}")).await;
    fill(&page, "url", "https://examplebucket.s3.amazonaws.com/").await;
    assert!(
        texts(&page, ".signer[data-pane=canonical] .code").await.iter().any(|line| line.contains(markup))
    );
    assert!(text(&page, "#code").await.contains(markup));
    assert_eq!(texts(&page, ".error, .errors li").await, [""; 0]);
    assert_eq!(page.script("return document.querySelectorAll('img, main script').length").await, json!(0));
    assert_eq!(page.script("return window.violations").await, json!([]));

    let asked = strings(
        page.script(
            "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)",
        )
        .await,
    );
    let origin = lab.url.trim_end_matches('/');
    assert!(asked.iter().all(|asked| asked == origin), "{asked:?}");
    // The policy is in force: a request to another host is refused by the browser.
    page.script("fetch('https://example.com/').catch(() => {})").await;
    page.until("return window.violations.length === 1").await;
    page.close().await;
}
