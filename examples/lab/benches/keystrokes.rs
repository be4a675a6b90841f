//! Measures the time from a keystroke to the screen: `cargo bench -p lab --all-features --bench keystrokes`.
//!
//! The program types 200 characters into the page in headless Chromium, half of them into the URL and half into the
//! headers. It prints the median and the 95th percentile of each part of the time, in Markdown, with the date and the
//! machine. It writes nothing.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic ends the measurement")]

#[path = "../../gallery/tests/browser/driver.rs"]
#[allow(dead_code, reason = "the driver can do more than this page needs")]
mod driver;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use driver::Page;
use serde_json::{Value, json};

/// The number of characters for each field.
const COUNT: usize = 100;
/// Chromium draws a frame as soon as there is something to draw. Otherwise it waits for the next frame of the display.
const NO_WAIT: [&str; 2] = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

#[tokio::main]
async fn main() {
    if std::env::args().all(|argument| argument != "--bench") {
        return println!("run `cargo bench -p lab --all-features --bench keystrokes`");
    }
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the lab starts");
    let mut line = String::new();
    BufReader::new(lab.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Open ").unwrap().to_owned();
    println!("{}\n", machine());
    println!("| part | median, ms | 95th percentile, ms |\n|---|---|---|");
    row("the function alone", function());
    let page = Page::open_with(&url, 1280, &NO_WAIT).await;
    let times = type_all(&page).await;
    row("request and answer", of(&times, 0));
    row("script that shows the answer", of(&times, 1));
    row("style, layout and paint", of(&times, 2));
    row("**keystroke to screen**", of(&times, 3));
    page.close().await;
    let page = Page::open_with(&url, 1280, &[]).await;
    row("keystroke to screen, with the wait for a display of 60 Hz", of(&type_all(&page).await, 3));
    page.close().await;
    lab.kill().unwrap();
    lab.wait().unwrap();
}

/// Times the function for the first preset.
fn function() -> Vec<f64> {
    let once = |_| {
        let start = Instant::now();
        assert!(lab_logic::answer("{\"lists\": false}").contains("f0e8bdb87c964420"));
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..2 * COUNT).map(once).collect()
}

/// Types into both fields. Returns the times of each keystroke.
async fn type_all(page: &Page) -> Vec<Value> {
    page.script(OBSERVE).await;
    let mut typed = 0;
    for field in ["url", "headers"] {
        page.script(&format!("document.getElementById('{field}').focus()")).await;
        page.script("const field = document.activeElement; field.selectionStart = field.value.length").await;
        for index in 0..COUNT {
            let text = char::from(b'a' + u8::try_from(index % 26).unwrap()).to_string();
            page.devtools("Input.dispatchKeyEvent", json!({ "type": "keyDown", "text": text })).await;
            page.devtools("Input.dispatchKeyEvent", json!({ "type": "keyUp" })).await;
            typed += 1;
            page.until(&format!("return window.times.length === {typed}")).await;
        }
    }
    page.script("return window.times").await.as_array().unwrap().clone()
}

/// Records four times of each keystroke: until the answer, of the script, of the drawing, and all of it. The first
/// task after the callbacks of a frame begins when the frame is drawn.
const OBSERVE: &str = "window.times = []; let start = 0;\
    document.addEventListener('input', () => { start = performance.now(); }, true);\
    performance.setResourceTimingBufferSize(1000);\
    new MutationObserver(() => {\
      const shown = performance.now();\
      const received = performance.getEntriesByType('resource').at(-1).responseEnd;\
      requestAnimationFrame(() => {\
        const frame = performance.now();\
        const { port1, port2 } = new MessageChannel();\
        port1.onmessage = () => {\
          const end = performance.now();\
          requestAnimationFrame(() => { window.times.push([received - start, shown - received, end - frame, end - start]); });\
        };\
        port2.postMessage(0);\
      });\
    }).observe(document.body, { attributeFilter: ['data-answered'] });";

fn of(times: &[Value], part: usize) -> Vec<f64> {
    times.iter().map(|times| times[part].as_f64().unwrap()).collect()
}

fn row(part: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let (median, late) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("| {part} | {median:.1} | {late:.1} |");
}

/// Returns the date, the processor and the browser.
fn machine() -> String {
    let output = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{}, {} threads of {}, {}, load {}",
        output("date", "+%F"),
        std::thread::available_parallelism().map_or(1, usize::from),
        model.map_or("an unknown processor", |(_, model)| model),
        output("chromium", "--version"),
        load.split(' ').next().unwrap_or_default(),
    )
}
