//! Finds base64 of text: programs that pass a signed request on, such as the login of Vault, encode it.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The shortest run of characters that is decoded.
const MIN_LEN: usize = 24;
const MAX_RUNS: usize = 64;

/// Returns what the runs of base64 in the text contain, one a line. Empty if no run is text.
pub(super) fn decoded(text: &str) -> String {
    let belongs = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '=' | '_' | '-')
    };
    let runs = text.split(|character| !belongs(character)).filter(|run| run.len() >= MIN_LEN);
    let texts = runs.take(MAX_RUNS).filter_map(decode);
    texts.collect::<Vec<String>>().join("\n")
}

fn decode(run: &str) -> Option<String> {
    // The tokens of Kubernetes are base64 for URLs.
    let bytes = STANDARD.decode(run).or_else(|_| URL_SAFE_NO_PAD.decode(run)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let is_text = text.chars().all(|character| !character.is_control() || character.is_whitespace());
    is_text.then_some(text)
}
