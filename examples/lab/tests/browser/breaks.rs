//! A broken request: the answer of the service, the causes of the diagnosis, and the differences of the panes.

use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, acted, choose_preset, fill, strings, text, texts};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn each_break_has_an_answer_and_a_diagnosis() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    for (preset, count) in
        [("get-object", 16), ("presigned-get", 17), ("chunked-trailer", 4), ("post-policy", 5)]
    {
        choose_preset(&page, preset).await;
        let buttons = "return [...document.querySelectorAll('#breaks button')].filter((button) => button.checkVisibility()).map((button) => button.dataset.break)";
        let names = strings(page.script(buttons).await);
        assert_eq!(names.len(), count, "{preset}: {names:?}");
        for name in names {
            acted(&page, &format!("document.querySelector('[data-break={}]').click()", json!(name))).await;
            // No cause is about the signature of a chunk, or of a policy that was not sent.
            let has_cause =
                !name.starts_with("chunks-") && !["chunk-changed", "policy-decoded"].contains(&name.as_str());
            assert_eq!(!texts(&page, "#broken .cause").await.is_empty(), has_cause, "{preset}: {name}");
            assert!(!text(&page, "#broken .says").await.is_empty(), "{preset}: {name}");
            assert!(text(&page, "#verdict").await.contains("✕ 40"), "{preset}: {name}");
            assert_eq!(page.script("return document.body.dataset.view").await, json!("both"));
            acted(&page, &format!("document.querySelector('[data-break={}]').click()", json!(name))).await;
            assert_eq!(texts(&page, "#broken > *").await, [""; 0]);
            assert_eq!(page.script("return document.body.dataset.view").await, json!("signer"));
        }
    }
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn a_pasted_answer_is_diagnosed() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let says = "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET\n/test.txt\n\nhost:internal:8080\nrange:bytes=0-9\n\
                x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nx-amz-date:20130524T000000Z\n\n\
                host;range;x-amz-content-sha256;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855</CanonicalRequest></Error>";
    fill(&page, "service_answer", says).await;
    assert!(!texts(&page, "#diagnosis .cause mark").await.is_empty());
    let accused = texts(&page, ".signer[data-pane=canonical] .accused").await;
    assert!(accused.contains(&"examplebucket.s3.amazonaws.com".to_owned()), "{accused:?}");
    fill(&page, "service_answer", "").await;
    assert_eq!(texts(&page, "#diagnosis > *, .accused").await, [""; 0]);
    page.close().await;
}
