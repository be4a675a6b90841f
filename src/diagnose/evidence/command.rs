//! Finds a command of curl in the text of a terminal.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::request::SentRequest;

/// The maximum number of words of a command that are read.
const MAX_WORDS: usize = 512;

/// Reads the last command of curl that has a URL and a signature.
pub(super) fn find(text: &str) -> Option<SentRequest> {
    let starts: Vec<usize> = text.match_indices("curl").map(|(start, _)| start).collect();
    starts.into_iter().rev().take(64).find_map(|start| of_command(text, start))
}

fn of_command(text: &str, start: usize) -> Option<SentRequest> {
    let before = text.get(..start)?;
    let after = text.get(start + 4..)?;
    let after = after.strip_prefix(".exe").unwrap_or(after);
    let is_word = !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '/' | '-' | '"'))
        && after.starts_with([' ', '\t', '\\']);
    let words = if after.contains("^\"") { words(&without_carets(after)) } else { words(after) };
    is_word.then(|| request(&words)).flatten()
}

/// Removes the escapes of cmd.exe, which browsers write with "Copy as cURL (cmd)".
fn without_carets(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '^' => out.extend(characters.next().map(|next| if next == '\n' { ' ' } else { next })),
            other => out.push(other),
        }
    }
    out
}

fn request(words: &[String]) -> Option<SentRequest> {
    let (mut method, mut uri, mut has_body) = (None, None, false);
    let mut headers = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" | "--request" => method = words.next().cloned(),
            "-H" | "--header" => {
                let (name, value) = words.next().and_then(|header| header.split_once(':'))?;
                headers.push((name.trim().to_string(), value.trim().to_string()));
            }
            "-I" | "--head" => method = Some("HEAD".into()),
            "-x" | "--proxy" | "-e" | "--referer" | "-o" | "--output" | "-u" | "--user" | "-A" | "-b" => {
                words.next();
            }
            "--url" => uri = words.next().cloned(),
            word if word.starts_with("-d") || word.starts_with("--data") || word == "--json" => {
                has_body = true
            }
            word if word.starts_with('-') && !word.starts_with("--") && word.ends_with('I') => {
                method = Some("HEAD".into());
            }
            word if word.contains("://") && !word.starts_with('-') => uri = Some(word.to_string()),
            _ => {}
        }
    }
    let uri: String = uri?;
    let is_signed = uri.contains("X-Amz-Signature=")
        || headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let method = method.unwrap_or_else(|| if has_body { "POST" } else { "GET" }.into());
    is_signed.then_some(SentRequest { method, uri, headers, is_url: false })
}

/// Splits a command as a shell does, up to the end of its line. A prompt after a line that continues is skipped.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | '^' | '`' if characters.peek() == Some(&'\n') => {
                characters.next();
                while characters.next_if(|next| matches!(next, ' ' | '\t' | '>')).is_some() {}
                words.extend(word.take());
            }
            '\n' | '|' | ';' => break,
            '\\' => word.get_or_insert_default().extend(characters.next()),
            quote @ ('\'' | '"') => {
                let word = word.get_or_insert_default();
                while let Some(inside) = characters.next().filter(|inside| *inside != quote) {
                    let is_escape = inside == '\\' && quote == '"';
                    word.extend(if is_escape { characters.next() } else { Some(inside) });
                }
            }
            ' ' | '\t' => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
        if words.len() > MAX_WORDS {
            break;
        }
    }
    words.extend(word);
    words
}
