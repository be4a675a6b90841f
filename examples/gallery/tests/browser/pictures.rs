//! The page at several widths and in both colour schemes: nothing overflows, each control has a name.
//! `.ci/browser --pictures` writes the pictures of docs/gallery.md.

use serde_json::{Value, json};

use crate::driver::Page;
use crate::harness::Gallery;

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_page_fits_and_has_names() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    fill(&page).await;
    for (scheme, width) in
        [("light", 1280), ("dark", 1280), ("light", 768), ("dark", 768), ("light", 360), ("dark", 360)]
    {
        page.size(width, 900).await;
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.devtools("Emulation.setEmulatedMedia", feature).await;
        let overflow = page
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await;
        assert_eq!(overflow, json!(0), "{scheme} at {width} px");
        let height = page.script("return document.documentElement.scrollHeight").await;
        page.size(width, height.as_u64().unwrap().try_into().unwrap()).await;
        // One picture of each scheme is enough.
        if [("light", 1280), ("dark", 360)].contains(&(scheme, width)) {
            page.picture(&format!("gallery-{scheme}-{width}.webp")).await;
        }
        contrast(&page, scheme).await;
    }
    let unnamed = page
        .script(
            "return [...document.querySelectorAll('button, input, a, progress, dialog')].filter((element) => \
             !(element.ariaLabel || element.textContent.trim() || element.labels?.length || element.ariaLabelledByElements?.length))\
             .map((element) => element.outerHTML)",
        )
        .await;
    assert_eq!(unnamed, json!([]));
    readers(&page).await;
    page.close().await;
}

/// Draws pictures in the page and chooses them, and something that is none.
async fn fill(page: &Page) {
    page.script(
        "const data = new DataTransfer(); const names = ['Dünen am Morgen.png', 'harbour.jpg', 'meadow.webp', 'night sky.png'];\
         Promise.all(names.map((name, index) => new Promise((done) => {\
           const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 480;\
           const context = canvas.getContext('2d'); const sky = context.createLinearGradient(0, 0, 0, 480);\
           const colours = [['#f6c89f', '#b5651d'], ['#9cc9e8', '#1f4e79'], ['#cfe8a9', '#3a7d34'], ['#101a3c', '#4b3b78']][index];\
           sky.addColorStop(0, colours[0]); sky.addColorStop(1, colours[1]); context.fillStyle = sky; context.fillRect(0, 0, 640, 480);\
           context.fillStyle = '#ffffffcc'; context.beginPath(); context.arc(120 + 130 * index, 120, 50, 0, 7); context.fill();\
           canvas.toBlob((blob) => done(new File([blob], name)), 'image/' + name.split('.')[1].replace('jpg', 'jpeg')); })))\
         .then((files) => { for (const file of [...files, new File(['<svg/>'], 'drawing.svg')]) data.items.add(file);\
           document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); });",
    )
    .await;
    page.until("return document.querySelectorAll('.row.done').length === 4 && document.querySelectorAll('.row.failed').length === 1").await;
    page.until("return [...document.querySelectorAll('#images img')].filter((img) => img.naturalWidth > 0).length === 4").await;
    page.script("document.querySelector('[data-attempt=byte]').click()").await;
    page.until("return document.querySelector('#attempt-byte').textContent").await;
}

/// Checks the parts of the page that screen readers and keyboards use, and that nothing moves. The browser
/// prefers reduced motion.
async fn readers(page: &Page) {
    let levels = page.script("return [...document.querySelectorAll('h1, h2, h3')].filter((element) => element.checkVisibility()).map((element) => element.tagName)").await;
    assert_eq!(levels, json!(["H1", "H2", "H2", "H2"]));
    let regions = page
        .script(
            "return ['status', 'alert'].map((role) => document.querySelectorAll(`[role=${role}]`).length)",
        )
        .await;
    assert_eq!(regions, json!([1, 1]));
    let said = page.script("return document.querySelector('[role=status]').textContent").await;
    assert!(said.as_str().unwrap().contains(": "), "the last upload is announced: {said}");
    let moving = page
        .script(
            "return [...document.querySelectorAll('*')].filter((element) => {\
               const style = getComputedStyle(element); return style.transitionDuration !== '0s' || style.animationName !== 'none'; })\
             .map((element) => element.outerHTML)",
        )
        .await;
    assert_eq!(moving, json!([]));
    // Tab reaches each control in the order of the page, and each shows that it has the focus.
    let controls = "[...document.querySelectorAll('button, input, summary')].filter((element) => element.checkVisibility())";
    let count = page
        .script(&format!("document.activeElement.blur(); return {controls}.length"))
        .await
        .as_u64()
        .unwrap();
    assert!(count > 12, "{count}");
    let mut last = -1;
    page.script("window.getSelection().removeAllRanges(); document.querySelector('#files').focus()").await;
    for _ in 0..count {
        let at = page
            .script(&format!(
                "const controls = {controls}; const element = document.activeElement;\
            const shown = element.id === 'files' ? element.nextElementSibling : element;\
            return getComputedStyle(shown).outlineStyle === 'solid' ? controls.indexOf(element) : null"
            ))
            .await;
        let at = at.as_i64().expect("the focus is visible");
        assert_eq!(at, last + 1);
        last = at;
        if last + 1 == i64::try_from(count).unwrap() {
            break;
        }
        for kind in ["keyDown", "keyUp"] {
            let tab = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            page.devtools("Input.dispatchKeyEvent", tab).await;
        }
    }
}

/// WCAG 2.2 asks for 4.5 : 1 for text.
async fn contrast(page: &Page, scheme: &str) {
    let low: Value = page
        .script(
            "const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)\
               .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);\
               return 0.2126 * r + 0.7152 * g + 0.0722 * b; };\
             const ground = (element) => { for (; element; element = element.parentElement) {\
               const colour = getComputedStyle(element).backgroundColor; if (!/, 0\\)$/.test(colour)) return colour; } };\
             return [...document.querySelectorAll('p, h1, h2, button, label, output, summary, .name, .size')]\
               .filter((element) => element.textContent.trim() && element.checkVisibility()).map((element) => {\
                 const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];\
                 return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.textContent.slice(0, 40)]; })\
               .filter(([ratio]) => ratio < 4.5);",
        )
        .await;
    assert_eq!(low, json!([]), "{scheme}");
}
