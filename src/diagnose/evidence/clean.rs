//! Removes what terminals, editors and loggers add to a text: a byte order mark, carriage returns, colours, and
//! the marks of wire logs.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Returns the text without a byte order mark, carriage returns and escape sequences of terminals.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find(|character: char| character.is_ascii_alphabetic());
        rest = end.and_then(|end| after.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Returns the lines without the mark of a wire log: `>> "…[\r][\n]"` of Apache, and `> …` of curl.
pub(super) fn sent_lines(text: &str) -> Vec<String> {
    let is_curl = is_marked(text);
    let is_wire = text.contains(">> \"") && text.contains("[\\n]\"");
    let mut lines = Vec::new();
    for line in text.lines() {
        if is_wire {
            let sent = line.split_once(">> \"").map(|(_, rest)| rest.trim_end_matches('"'));
            lines.extend(sent.map(|sent| sent.replace("[\\r]", "").replace("[\\n]", "")));
        } else if is_curl {
            lines.extend(line.strip_prefix('>').map(|line| line.trim().to_string()));
        } else {
            lines.push(line.to_string());
        }
    }
    lines
}

/// Returns true if the lines of a request begin with `>`. A program that uses libcurl marks the first line only.
fn is_marked(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| !(line.starts_with("> ") && line.contains(" HTTP/")));
    lines.nth(1).is_some_and(|line| line.starts_with('>'))
}
