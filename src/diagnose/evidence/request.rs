//! Finds the request as it was sent: in a transcript of curl, a HAR entry, or a log of botocore.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::scan;

/// A request as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SentRequest {
    pub(crate) method: String,
    /// A path and a query, or a URL.
    pub(crate) uri: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl SentRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the request without `Authorization`, and that header's value.
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.header("authorization").filter(|value| value.starts_with("AWS4-"))
    }
}

/// The most headers of a request that are read.
const MAX_HEADERS: usize = 256;

/// Reads a transcript of `curl -v`: lines that begin with `>`; or an HTTP message.
pub(super) fn of_transcript(text: &str) -> Option<SentRequest> {
    let is_curl = text.lines().any(|line| line.starts_with("> "));
    let mut lines = text.lines().filter_map(|line| if is_curl { line.strip_prefix('>') } else { Some(line) });
    // The last request is the one that the answer is about.
    let mut found = None;
    while let Some(line) = lines.next() {
        let Some((method, uri)) = request_line(line.trim()) else { continue };
        let mut headers = Vec::new();
        for line in lines.by_ref().take(MAX_HEADERS) {
            let Some((name, value)) = line.trim().split_once(": ").or_else(|| line.trim().split_once(':'))
            else {
                break;
            };
            headers.push((name.to_string(), value.trim().to_string()));
        }
        found = Some(SentRequest { method, uri, headers });
    }
    found
}

/// Splits `GET /path HTTP/1.1`.
fn request_line(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    let (method, uri, version) = (words.next()?, words.next()?, words.next()?);
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let valid = is_method && version.starts_with("HTTP/") && (uri.starts_with('/') || uri.contains("://"));
    valid.then(|| (method.to_string(), uri.to_string()))
}

/// Reads the entry of a HAR.
pub(super) fn of_har(text: &str) -> Option<SentRequest> {
    let (_, request) = text.split_once("\"request\"")?;
    let (request, _) = request.split_once("\"response\"").unwrap_or((request, ""));
    let (method, _) = scan::literal(request, "method")?;
    let (uri, _) = scan::literal(request, "url")?;
    let (_, list) = request.split_once("\"headers\"").unwrap_or(("", ""));
    let list = list.split(']').next().unwrap_or_default();
    let header = |item: &str| {
        let ((name, _), (value, _)) = (scan::literal(item, "name")?, scan::literal(item, "value")?);
        (!name.starts_with(':')).then_some((name, value))
    };
    let headers = list.split('}').take(MAX_HEADERS).filter_map(header).collect();
    Some(SentRequest { method, uri, headers })
}

/// Reads the line of botocore that ends with `<AWSPreparedRequest …>`.
pub(super) fn of_botocore(text: &str) -> Option<SentRequest> {
    let start = text.rfind("<AWSPreparedRequest")?;
    let line = text.get(start..)?;
    let line = line.split_once("}>").map_or(line, |(line, _)| line);
    let is_word = |character: char| !matches!(character, ',' | ' ' | '>');
    let method = scan::word_after(line, "method=", is_word)?.to_string();
    let uri = scan::word_after(line, "url=", is_word)?.to_string();
    let (_, list) = line.split_once("headers={").unwrap_or(("", ""));
    let mut headers = Vec::new();
    let mut rest = list;
    while let Some(item) = rest.find(['\'', '"']).and_then(|start| rest.get(start..)) {
        let (Some((name, _)), Some((_, value))) = (scan::quoted(item), item.split_once(": ")) else { break };
        let Some((value_text, _)) = scan::quoted(value.trim_start()) else { break };
        rest = value.get(value_text.len() + 2..).unwrap_or_default();
        headers.push((name, value_text));
        if headers.len() >= MAX_HEADERS {
            break;
        }
    }
    Some(SentRequest { method, uri, headers })
}
