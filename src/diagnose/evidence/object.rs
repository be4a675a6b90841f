//! Finds a request in an object that a program printed: the configuration of an HTTP client in Node.js, or a
//! dictionary of Python.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::request::SentRequest;
use super::scan;

/// The number of bytes around the signature that are read.
const AROUND: usize = 16 << 10;
const MAX_HEADERS: usize = 256;

/// Reads the object around the last signature.
pub(super) fn find(text: &str) -> Option<SentRequest> {
    let at = text.rfind("Signature=")?;
    let before = text.get(..at)?;
    // The URL precedes the headers in `fetch(URL, { headers: … })`, and in what Rust prints.
    let start = match before.rfind("headers") {
        Some(start) if before.rfind("fetch(") < Some(start) => start,
        _ => at + text.get(at..)?.find("headers")?,
    };
    let open = text.get(start..)?.find('{')?;
    let inside = text.get(start + open + 1..)?;
    let end = inside.find(['}']).unwrap_or(inside.len());
    let headers = headers(inside.get(..end)?);
    let from = (start.saturating_sub(AROUND)..=start).find(|index| text.is_char_boundary(*index))?;
    let before = text.get(from..start)?;
    let before = before.rsplit("headers").next().unwrap_or(before);
    let after = inside.get(end..)?.split("response").next().unwrap_or_default();
    let value = |key: &str| {
        let of = |text: &str| scan::literal(text, key).map(|(value, _)| value).or_else(|| word(text, key));
        of(before).or_else(|| of(after))
    };
    let host =
        || headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, host)| host.clone());
    // Rust prints `uri: Uri { as_string: "https://…" }`.
    let uri = value("url")
        .or_else(|| value("as_string"))
        .or_else(|| value("uri"))
        .filter(|uri| uri.contains("://"))
        .or_else(|| {
            let host = value("hostname").or_else(|| value("host")).or_else(host)?;
            Some(alloc::format!("https://{host}{}", value("path")?))
        });
    // The browser's "Copy as fetch" has the URL as argument.
    let fetch = || {
        before.rsplit_once("fetch(").and_then(|(_, rest)| scan::quoted(rest.trim_start())).map(|(url, _)| url)
    };
    // A program in Python that prints both: `r.request.method, r.request.url`, which is `('GET', 'https://…')`.
    let tuple = || {
        let (_, rest) = before.rsplit_once("('")?;
        let (method, rest) = rest.split_once("',")?;
        let (url, _) = scan::quoted(rest.trim_start()).filter(|(url, _)| url.contains("://"))?;
        Some((method.into(), url))
    };
    let (method, uri) = match (value("method"), uri.or_else(fetch), tuple()) {
        (_, _, Some((method, url))) => (method, url),
        (method, uri, None) => (method?, uri?),
    };
    let method = method.trim_start_matches("Method(").trim_end_matches(')').to_ascii_uppercase();
    let request = SentRequest { method, uri, headers, is_url: false };
    request.is_signed().then_some(request)
}

/// Returns the last value after `key: ` that has no quotation marks, as Rust prints a method or a URL.
fn word(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once(&alloc::format!("{key}: "))?;
    let end =
        rest.find(|character: char| character.is_whitespace() || matches!(character, ',' | '}' | '\'' | '"'));
    rest.get(..end.unwrap_or(rest.len())).filter(|word| !word.is_empty()).map(ToString::to_string)
}

/// Reads lines such as `'Content-Type': 'application/json',` and `Accept: "*/*"`.
pub(super) fn headers(inside: &str) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut rest = inside;
    while let Some((name, after)) = rest.split_once(':') {
        let name = name.trim_matches(|character: char| {
            character.is_whitespace() || matches!(character, ',' | '\'' | '"' | '[')
        });
        let after = after.trim_start().trim_start_matches('[').trim_start();
        let Some((value, _)) = scan::quoted(after) else { break };
        let Some(end) = end_of_quoted(after) else { break };
        rest = after.get(end..).unwrap_or_default().trim_start_matches(']');
        headers.push((name.to_string(), value));
        if headers.len() >= MAX_HEADERS {
            break;
        }
    }
    headers
}

/// Returns the index after the string literal at the start of the text.
fn end_of_quoted(text: &str) -> Option<usize> {
    let text = text.strip_prefix('b').map_or((text, 0), |rest| (rest, 1));
    let quote = text.0.chars().next()?;
    let inside = text.0.get(1..)?;
    let mut is_escaped = false;
    for (index, character) in inside.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if character == quote {
            return Some(index + 2 + text.1);
        }
    }
    None
}
