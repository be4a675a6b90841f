//! Each preset reaches AWS's value, and each kind of signature has its panes.

use serde_json::json;

use crate::driver::Page;
use crate::lab::{Lab, choose_mode, choose_preset, strings, text, texts};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn each_preset_reaches_the_published_value() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let names = "return [...document.querySelectorAll('#preset option:not([value=\"\"])')].map((option) => option.value)";
    let names = strings(page.script(names).await);
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        choose_preset(&page, &name).await;
        let verdict = text(&page, "#verdict").await;
        assert!(
            verdict.contains("✓ AWS’s own value reached") && verdict.contains("✓ Verifier accepts"),
            "{name}: {verdict}"
        );
        assert_eq!(page.script("return document.querySelector('#preset').value").await, json!(name));
    }
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn each_mode_has_its_panes_and_fields() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let modes: [(&str, &[&str], &[&str]); 5] = [
        ("presigned", &["canonical", "string_to_sign", "keys", "signature", "final"], &["expires"]),
        (
            "chunked",
            &["canonical", "string_to_sign", "keys", "signature", "chunks", "final"],
            &["chunk_size", "trailer"],
        ),
        ("form", &["policy", "keys", "signature", "final"], &["policy"]),
        ("sigv4a", &["canonical", "string_to_sign", "keys", "signature", "sigv4a_signature"], &["payload"]),
        ("header", &["canonical", "string_to_sign", "keys", "signature", "final"], &["payload"]),
    ];
    for (mode, panes, fields) in modes {
        choose_mode(&page, mode).await;
        let shown = page.script("return [...document.querySelectorAll('#panes .signer')].filter((pane) => pane.checkVisibility()).map((pane) => pane.dataset.pane)").await;
        let shown = strings(shown);
        for pane in panes {
            assert!(shown.iter().any(|found| found == pane), "{mode} has {shown:?}");
        }
        for field in fields {
            let visible = format!("return document.getElementById('{field}').checkVisibility()");
            assert_eq!(page.script(&visible).await, json!(true), "{mode}: {field}");
        }
        assert_eq!(texts(&page, ".error, .errors li").await, [""; 0], "{mode}");
        let code = text(&page, "#code").await;
        assert!(code.contains("countersign"), "{mode}: {code}");
    }
    page.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_verifier_is_shown_instead_of_the_signer_or_with_it() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    let sides = "return ['signer', 'verifier'].map((side) => document.querySelector(`.pane.${side}[data-pane=canonical]`).checkVisibility())";
    for (view, shown) in [("signer", [true, false]), ("verifier", [false, true]), ("both", [true, true])] {
        page.script(&format!("document.querySelector('#view [value={view}]').click()")).await;
        assert_eq!(page.script(sides).await, json!(shown), "{view}");
    }
    assert_eq!(page.script("return document.querySelectorAll('.differs').length").await, json!(0));
    page.close().await;
}
