//! Finds elements, string literals and lines in text that need not be well-formed.

use alloc::string::String;

use super::unescape::{backslashes, entities};

/// Returns the content of the first element of this name, with entities replaced, and true if its
/// end tag is missing.
pub(super) fn element(text: &str, name: &str) -> Option<(String, bool)> {
    let tag = alloc::format!("<{name}>");
    let (_, rest) = text.split_once(&tag)?;
    let end = alloc::format!("</{name}>");
    match rest.split_once(&end) {
        Some((content, _)) => Some((entities(content), false)),
        None => Some((entities(rest), true)),
    }
}

/// Returns the string literal after `key` and a colon, an equals sign or an arrow, and true if its
/// quotation mark at the end is missing.
///
/// Reads JSON (`"Code": "…"`), dictionaries of Python (`'Code': '…'`) and the output of Node.js
/// (`Code: '…' + '…'`).
pub(super) fn literal(text: &str, key: &str) -> Option<(String, bool)> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(key) {
        rest = after;
        if before.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '-') {
            continue;
        }
        let after = after.trim_start_matches(['"', '\'']).trim_start();
        let value = after.strip_prefix("=>").or_else(|| after.strip_prefix([':', '=']));
        if let Some(found) = value.and_then(|value| quoted(value.trim_start())) {
            return Some(found);
        }
    }
    None
}

/// Reads a string literal at the start of `text`, and the literals that `+` appends.
pub(super) fn quoted(text: &str) -> Option<(String, bool)> {
    let mut out = String::new();
    let mut rest = text.strip_prefix('b').filter(|rest| rest.starts_with(['\'', '"'])).unwrap_or(text);
    loop {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
        let inside = rest.get(1..)?;
        let Some(end) = end_of_literal(inside, quote) else {
            out.push_str(&backslashes(inside));
            return Some((out, true));
        };
        out.push_str(&backslashes(inside.get(..end)?));
        let after = inside.get(end + 1..)?.trim_start();
        match after.strip_prefix('+').map(str::trim_start) {
            Some(next) if next.starts_with(['"', '\'', '`']) => rest = next,
            _ => return Some((out, false)),
        }
    }
}

/// Returns the index of the first quotation mark that no backslash precedes.
fn end_of_literal(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(index, character)| {
        if is_escaped {
            is_escaped = false;
            return None;
        }
        is_escaped = character == '\\';
        (character == quote).then_some(index)
    })
}

/// Returns the run of characters after `prefix` for which `belongs` is true.
pub(super) fn word_after<'t>(text: &'t str, prefix: &str, belongs: impl Fn(char) -> bool) -> Option<&'t str> {
    let (_, rest) = text.split_once(prefix)?;
    let end = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
    rest.get(..end).filter(|word| !word.is_empty())
}

/// Returns the value of a header line in any case, with or without the mark of curl before it.
pub(super) fn header<'t>(lines: impl Iterator<Item = &'t str>, name: &str) -> Option<&'t str> {
    lines
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
