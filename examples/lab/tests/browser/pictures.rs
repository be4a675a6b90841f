//! The page at several widths and in both colour schemes: nothing overflows, each control has a name.
//! `.ci/browser --pictures` writes `docs/lab-light-1280.webp` and `docs/lab-dark-360.webp`.

use serde_json::{Value, json};

use crate::driver::Page;
use crate::joins::point_at_character;
use crate::lab::{Lab, acted, choose_mode, choose_preset};

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_page_fits_and_has_names() {
    let lab = Lab::start();
    let page = Page::open(&lab.url).await;
    for scheme in ["light", "dark"] {
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.devtools("Emulation.setEmulatedMedia", feature).await;
        for width in [360, 768, 1280, 1920] {
            page.size(width, 900).await;
            choose_preset(&page, "get-object").await;
            point_at_the_host(&page).await;
            if (scheme, width) == ("light", 1280) || (scheme, width) == ("dark", 360) {
                page.picture(&format!("lab-{scheme}-{width}.webp")).await;
            }
            for mode in ["header", "presigned", "chunked", "form", "sigv4a"] {
                choose_mode(&page, mode).await;
                overflow(&page, &format!("{scheme} at {width} px, {mode}")).await;
            }
            for (preset, name) in [
                ("chunked-trailer", "chunks-swapped"),
                ("post-policy", "policy-line-breaks"),
                ("get-object", "method"),
            ] {
                choose_preset(&page, preset).await;
                acted(&page, &format!("document.querySelector('[data-break={name}]').click()")).await;
                overflow(&page, &format!("{scheme} at {width} px, {name}")).await;
                contrast(&page, scheme).await;
                acted(&page, "document.querySelector('#breaks [aria-pressed=true]').click()").await;
            }
        }
    }
    let unnamed = page
        .script(
            "return [...document.querySelectorAll('button, input, textarea, select, a, [role=grid]')].filter((element) => \
             !(element.ariaLabel || element.textContent.trim() || element.labels?.length || element.ariaLabelledByElements?.length))\
             .map((element) => element.outerHTML)",
        )
        .await;
    assert_eq!(unnamed, json!([]));
    page.close().await;
}

/// Points at the host, with the panes at the top of a narrow screen.
async fn point_at_the_host(page: &Page) {
    let host = ".signer [data-line='canonical.header.host'] [data-part='header.host.value']";
    point_at_character(page, host, 0).await;
    page.script("if (innerWidth < 768) document.querySelector('#panes').scrollIntoView()").await;
    page.until("return document.querySelector('#words-title').textContent.includes('host')").await;
}

async fn overflow(page: &Page, case: &str) {
    let script = "return [...[document.documentElement, ...document.querySelectorAll('#inputs, .work, #panes, #bench, .pane, .words')]\
         .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'contents')\
         .map((element) => `${element.tagName}.${element.className}#${element.id}: ${element.scrollWidth} > ${element.clientWidth}`)]";
    assert_eq!(page.script(script).await, json!([]), "{case}");
}

/// WCAG 2.2 asks for 4.5 : 1 for text.
async fn contrast(page: &Page, scheme: &str) {
    let low: Value = page
        .script(
            "const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });\
             const light = (colour) => { context.fillStyle = colour; context.fillRect(0, 0, 1, 1);\
               const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255)\
               .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);\
               return 0.2126 * r + 0.7152 * g + 0.0722 * b; };\
             const ground = (element) => { for (; element; element = element.parentElement) {\
               const colour = getComputedStyle(element).backgroundColor; if (!/, 0\\)$/.test(colour)) return colour; } };\
             return [...document.querySelectorAll('p, h1, h2, h3, h4, button, label, .piece, .line-name, .bits, .state, mark, dd, dt, .segments span, code, pre')]\
               .filter((element) => element.textContent.trim() && element.checkVisibility()).map((element) => {\
                 const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];\
                 return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.className, element.textContent.slice(0, 40)]; })\
               .filter(([ratio]) => ratio < 4.5);",
        )
        .await;
    assert_eq!(low, json!([]), "{scheme}");
}
