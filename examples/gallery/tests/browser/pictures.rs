//! The page at several widths and in both colour schemes: nothing overflows, each control has a name.
//! With `GALLERY_PICTURES`, pictures are written to that folder.

use serde_json::{Value, json};

use crate::driver::Page;
use crate::harness::Gallery;

#[tokio::test]
#[ignore = "needs Chromium: see .ci/browser"]
async fn the_page_fits_and_has_names() {
    let gallery = Gallery::start(&[]).await;
    let page = Page::open(&gallery.url).await;
    fill(&page).await;
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)] {
        page.size(width, if width == 360 { 1500 } else { 1000 }).await;
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.devtools("Emulation.setEmulatedMedia", feature).await;
        let overflow = page
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await;
        assert_eq!(overflow, json!(0), "{scheme} at {width} px");
        page.picture(&format!("gallery-{scheme}-{width}.png")).await;
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
