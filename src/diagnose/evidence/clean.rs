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

/// Returns the text without the prefix that a logger writes before each line of a request: time, level and thread.
///
/// The line of the signature shows the length of this prefix. A digit of a prefix can differ from line to line.
pub(super) fn without_prefixes(text: &str) -> String {
    let Some(prefix) = text.lines().rev().find_map(prefix_of_signature) else { return text.into() };
    let is_shared = |line: &str| {
        let mut characters = line.chars();
        prefix.chars().all(|expected| match characters.next() {
            Some(found) => found == expected || found.is_ascii_digit() && expected.is_ascii_digit(),
            None => false,
        })
    };
    let rest = |line: &'_ str| -> String { line.chars().skip(prefix.chars().count()).collect() };
    let lines = text.lines().map(|line| if is_shared(line) { rest(line) } else { line.to_string() });
    let mut out = lines.collect::<Vec<String>>().join("\n");
    out.push('\n');
    out
}

/// Returns the text before a header `Authorization`, or before the arrow of a presigned request.
fn prefix_of_signature(line: &str) -> Option<&str> {
    const STARTS: &[&str] = &["Authorization: AWS4-", "authorization: AWS4-", "--> ", "---> "];
    let is_signed = line.contains("AWS4-HMAC-SHA256");
    let start = STARTS.iter().filter_map(|start| line.find(start)).min().filter(|_| is_signed)?;
    let prefix = line.get(..start)?;
    // The marks of curl show which lines were sent. A quotation mark is that of a literal or of a shell.
    let is_mark = matches!(prefix.trim(), "" | ">");
    (!is_mark && !prefix.contains(['"', '\'', '`'])).then_some(prefix)
}

/// Returns the text with the headers of the AWS SDK for Rust as it prints other objects: `headers: {"name": "value"}`.
pub(super) fn plain_headers(text: &str) -> String {
    let text = text.replace("Headers { headers: {", "{");
    text.replace("HeaderValue { _private: H0(\"", "\"").replace("\") }", "\"")
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
