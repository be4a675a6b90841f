//! The program as a process, and the page that it serves.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::driver::Page;

/// A running lab. It ends with the test.
pub struct Lab {
    pub url: String,
    process: Child,
}

impl Lab {
    pub fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        let mut process = command.args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("Open ")?.to_owned()));
        Self { url: url.expect("the lab starts"), process }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Types at the end of a field, and waits until the page shows the answer.
pub async fn type_into(page: &Page, field: &str, text: &str) {
    for character in text.chars() {
        let before = answered(page).await;
        let control = page.client.find(Locator::Id(field)).await.unwrap();
        control.send_keys(&character.to_string()).await.unwrap();
        page.until(&format!("return Number(document.body.dataset.answered) > {before}")).await;
    }
}

/// Replaces the text of a field, and waits until the page shows the answer.
pub async fn fill(page: &Page, field: &str, text: &str) {
    let script = format!(
        "const control = document.getElementById({}); control.value = {};\
         control.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
        json!(field),
        json!(text)
    );
    acted(page, &script).await;
}

/// Runs a script that makes the page ask, and waits until the page shows the answer.
pub async fn acted(page: &Page, script: &str) {
    let before = answered(page).await;
    page.script(script).await;
    page.until(&format!("return Number(document.body.dataset.answered) > {before}")).await;
}

/// Chooses the kind of signature.
pub async fn choose_mode(page: &Page, mode: &str) {
    let radio = format!("document.querySelector('#mode [value={mode}]')");
    if page.script(&format!("return {radio}.checked")).await == json!(false) {
        acted(page, &format!("{radio}.click()")).await;
    }
}

/// Chooses a published example.
pub async fn choose_preset(page: &Page, name: &str) {
    let script = format!(
        "const select = document.querySelector('#preset'); select.value = {};\
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))",
        json!(name)
    );
    acted(page, &script).await;
}

/// Returns the number of answers that the page has shown.
async fn answered(page: &Page) -> u64 {
    page.script("return Number(document.body.dataset.answered)").await.as_u64().unwrap()
}

/// Returns the text of the first element that a selector finds.
pub async fn text(page: &Page, selector: &str) -> String {
    let script = format!("return document.querySelector({}).textContent", json!(selector));
    page.script(&script).await.as_str().unwrap().to_owned()
}

/// Returns the text of each visible element that a selector finds.
pub async fn texts(page: &Page, selector: &str) -> Vec<String> {
    let script = format!(
        "return [...document.querySelectorAll({})].filter((found) => found.checkVisibility()).map((found) => found.textContent)",
        json!(selector)
    );
    strings(page.script(&script).await)
}

pub fn strings(value: Value) -> Vec<String> {
    serde_json::from_value(value).unwrap()
}

/// Returns the text of a signer's line, without the mark of its end.
pub async fn line(page: &Page, id: &str) -> String {
    let script = format!(
        "return [...document.querySelectorAll('.signer [data-line={}] .piece')].map((piece) => piece.textContent).join('')",
        json!(id)
    );
    page.script(&script).await.as_str().unwrap().to_owned()
}

pub const SIGNATURE: &str = ".signer[data-pane=signature] .piece";
