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
    /// Only the URL is known: the headers are not.
    pub(crate) is_url: bool,
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

    /// Returns true if the request has a signature of Version 4.
    pub(crate) fn is_signed(&self) -> bool {
        self.authorization().is_some() || self.uri.contains("X-Amz-Signature=")
    }

    /// Returns the 64 digits of the signature.
    pub(crate) fn signature(&self) -> Option<&str> {
        let text = match self.authorization() {
            Some(value) => value.rsplit_once("Signature=")?.1,
            None => self.uri.rsplit_once("X-Amz-Signature=")?.1,
        };
        let end = text.find(|character: char| !character.is_ascii_hexdigit()).unwrap_or(text.len());
        text.get(..end)
    }

    /// Returns the credential: access key id and scope.
    pub(crate) fn credential(&self) -> Option<String> {
        let (_, rest) = match self.authorization() {
            Some(value) => value.split_once("Credential=")?,
            None => self.uri.split_once("X-Amz-Credential=")?,
        };
        let rest = rest.split([',', '&', ' ']).next()?;
        Some(rest.replace("%2F", "/").replace("%2f", "/"))
    }

    /// Returns true if the access key is one of temporary credentials of AWS.
    pub(crate) fn is_temporary(&self) -> bool {
        self.credential().is_some_and(|credential| credential.starts_with("ASIA"))
    }

    /// Returns true if the request has a session token.
    pub(crate) fn has_token(&self) -> bool {
        const NAMES: &[&str] = &["x-amz-security-token", "x-amz-s3session-token"];
        let uri = self.uri.to_ascii_lowercase();
        // A log can omit a header that the signature names.
        let signed = self.authorization().unwrap_or_default();
        NAMES.iter().any(|name| self.header(name).is_some() || uri.contains(name) || signed.contains(name))
    }

    /// Returns the path, as it is sent.
    pub(crate) fn path(&self) -> &str {
        split_url(&self.uri).1.split('?').next().unwrap_or_default()
    }

    /// Writes the request as an HTTP message without a body.
    pub(crate) fn to_message(&self) -> String {
        let (host, target) = split_url(&self.uri);
        let mut message = alloc::format!("{} {target} HTTP/1.1\n", self.method);
        if let Some(host) = host.filter(|_| self.header("host").is_none()) {
            message.push_str(&alloc::format!("Host: {host}\n"));
        }
        for (name, value) in &self.headers {
            message.push_str(&alloc::format!("{name}: {value}\n"));
        }
        message
    }

    /// Adds the header `host` of the URL, if the text has none.
    pub(crate) fn with_host(mut self) -> Self {
        let host = split_url(&self.uri).0.map(ToString::to_string);
        if let (None, Some(host)) = (self.header("host"), host) {
            self.headers.push(("host".into(), host));
        }
        self
    }
}

/// Splits a URL into its host, and its path and query.
fn split_url(uri: &str) -> (Option<&str>, &str) {
    let Some((_, rest)) = uri.split_once("://").filter(|_| !uri.starts_with('/')) else { return (None, uri) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at_checked(end).unwrap_or((rest, "/"));
    (Some(host), if target.is_empty() { "/" } else { target })
}

/// The maximum number of headers of a request that are read.
const MAX_HEADERS: usize = 256;

/// Finds the request in a text: in a HAR, a log of botocore, an HTTP message between other lines, an object of a
/// program, a command of curl, or a URL, which can be in the base64 of the text (`hidden`).
pub(super) fn find(text: &str, views: &[String], hidden: &str) -> Option<SentRequest> {
    let har = || {
        let is_har = |view: &&String| view.contains("\"headers\"") && view.contains("\"request\"");
        views.iter().take(1).filter(is_har).find_map(|view| of_har(view))
    };
    // A message in a string literal has its line endings as escapes.
    let escaped =
        || views.iter().skip(1).filter(|view| view.contains(" HTTP/")).find_map(|view| of_transcript(view));
    let signed = |request: &SentRequest| request.is_signed();
    har()
        .filter(signed)
        .or_else(|| of_botocore(text))
        .or_else(|| of_transcript(text).filter(signed))
        .or_else(|| escaped().filter(signed))
        .or_else(|| of_dotnet(text).filter(signed))
        .or_else(|| views.iter().find_map(|view| super::object::find(view)))
        .or_else(|| super::command::find(text))
        .or_else(|| of_url(text))
        .or_else(|| of_url(hidden))
        .or_else(har)
        .or_else(|| of_transcript(text))
}

/// Reads the trace of .NET's HttpClient: a line with the method and the URL, and indented header lines.
fn of_dotnet(text: &str) -> Option<SentRequest> {
    let (before, after) = text.rsplit_once("Request Headers:\n")?;
    let (_, line) = before.rsplit_once("HTTP request ")?;
    let mut words = line.lines().next()?.split_whitespace();
    let (method, uri) = (words.next()?, words.next().filter(|uri| uri.contains("://"))?);
    let lines = after.lines().take_while(|line| line.starts_with([' ', '\t'])).take(MAX_HEADERS);
    let headers = lines.map_while(|line| header_line(line.trim()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.trim().to_string())).collect();
    Some(SentRequest { method: method.into(), uri: uri.into(), headers, is_url: false })
}

/// Reads an HTTP message: the sent lines of a transcript of `curl -v` or of a wire log, or lines between others.
pub(super) fn of_transcript(text: &str) -> Option<SentRequest> {
    let lines = super::clean::sent_lines(text);
    let mut lines = lines.iter().map(String::as_str);
    // The last request is the one that the answer is about, if it is signed.
    let mut found: Option<SentRequest> = None;
    while let Some(line) = lines.next() {
        let line = line.trim();
        let Some((method, uri)) = request_line(line).or_else(|| logged_line(line)) else { continue };
        let mut headers = Vec::new();
        for line in lines.by_ref().take(MAX_HEADERS) {
            let Some((name, value)) = header_line(line.trim()) else { break };
            headers.push((name.to_string(), value.trim().to_string()));
        }
        let request = SentRequest { method, uri, headers, is_url: false };
        if request.is_signed() || !found.as_ref().is_some_and(SentRequest::is_signed) {
            found = Some(request);
        }
    }
    found
}

fn header_line(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_token)).then_some((name, value))
}

/// Splits `GET /path HTTP/1.1`, which other text can precede, such as `send: b'`.
fn request_line(line: &str) -> Option<(String, String)> {
    let (before, version) = line.rsplit_once(' ')?;
    let (before, uri) = before.rsplit_once(' ')?;
    let is_upper = |character: char| character.is_ascii_uppercase();
    let method = before.get(before.trim_end_matches(is_upper).len()..)?;
    let is_version =
        version.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("HTTP/")) && version.len() <= 8;
    let valid = !method.is_empty() && is_version && (uri.starts_with('/') || uri.contains("://"));
    valid.then(|| (method.to_string(), uri.to_string()))
}

/// Splits a request line as loggers print it: `--> GET URL`, `HTTP/1.1 GET URL`, or a method and a path alone.
fn logged_line(line: &str) -> Option<(String, String)> {
    const METHODS: &[&str] = &["GET", "PUT", "POST", "HEAD", "DELETE", "PATCH", "OPTIONS"];
    let is_mark = |character| matches!(character, '-' | '>' | ' ');
    let line = line.trim_start_matches(is_mark);
    let line = line.strip_prefix("HTTP/1.1 ").unwrap_or(line);
    let (method, rest) = line.split_once(' ')?;
    let (uri, after) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_url = is_url(uri);
    let valid = METHODS.contains(&method) && (is_url || uri.starts_with('/') && after.is_empty());
    valid.then(|| (method.to_string(), uri.to_string()))
}

/// Returns true for a URL of HTTP or of a WebSocket.
fn is_url(uri: &str) -> bool {
    ["https://", "http://", "wss://", "ws://"].iter().any(|scheme| uri.starts_with(scheme))
}

/// Reads a presigned URL. The method of a URL is not known; most are for `GET`.
fn of_url(text: &str) -> Option<SentRequest> {
    let plain = text.replace("&amp;", "&").replace("\\u0026", "&");
    let marker = plain.rfind("X-Amz-Signature=")?;
    let is_end =
        |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '`');
    let start = plain.get(..marker)?.rfind(is_end).map_or(0, |index| index + 1);
    let url = plain.get(start..)?;
    let url = url.get(..url.find(is_end).unwrap_or(url.len()))?;
    let url = url.trim_end_matches([',', ';', '}', ')']);
    is_url(url).then(|| SentRequest {
        method: "GET".into(),
        uri: url.into(),
        headers: Vec::new(),
        is_url: true,
    })
}

/// Reads the last signed entry of a HAR, or its last entry.
pub(super) fn of_har(text: &str) -> Option<SentRequest> {
    let entries: Vec<SentRequest> = text.split("\"request\"").skip(1).filter_map(of_entry).collect();
    entries.iter().rev().find(|entry| entry.is_signed()).or_else(|| entries.last()).cloned()
}

fn of_entry(request: &str) -> Option<SentRequest> {
    let (request, _) = request.split_once("\"response\"").unwrap_or((request, ""));
    let (method, _) = scan::literal(request, "method")?;
    let (uri, _) = scan::literal(request, "url")?;
    let (_, list) = request.split_once("\"headers\"").unwrap_or(("", ""));
    let list = list.split(']').next().unwrap_or_default();
    let header = |item: &str| {
        let ((name, _), (value, _)) = (scan::literal(item, "name")?, scan::literal(item, "value")?);
        match name.strip_prefix(':') {
            Some("authority") => Some(("host".into(), value)),
            Some(_) => None,
            None => Some((name, value)),
        }
    };
    let headers = list.split('}').take(MAX_HEADERS).filter_map(header).collect();
    Some(SentRequest { method, uri, headers, is_url: false })
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
    let headers = super::object::headers(list);
    Some(SentRequest { method, uri, headers, is_url: false })
}
