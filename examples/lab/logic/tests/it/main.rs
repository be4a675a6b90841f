//! The lab's function, asked as the page asks it.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

mod breaks;
mod code;
mod hostile;
mod panes;
mod presets;

use serde_json::{Value, json};

/// Asks a question.
fn ask(question: &Value) -> Value {
    serde_json::from_str(&lab_logic::answer(&question.to_string())).unwrap()
}

/// Returns the presets that every answer has.
fn presets() -> Vec<Value> {
    ask(&json!({}))["presets"].as_array().unwrap().clone()
}

/// Returns the text of a pane, with a line feed between its lines.
fn text(answer: &Value, pane: &str) -> String {
    lines(answer, pane).join("\n")
}

/// Returns the text of each line of a pane.
fn lines(answer: &Value, pane: &str) -> Vec<String> {
    let panes = answer["panes"].as_array().unwrap();
    let pane = panes.iter().find(|found| found["id"] == pane).unwrap_or_else(|| panic!("no pane {pane}"));
    let text = |line: &Value| -> String {
        line["pieces"].as_array().unwrap().iter().map(|piece| piece["text"].as_str().unwrap()).collect()
    };
    pane["lines"].as_array().unwrap().iter().map(text).collect()
}
