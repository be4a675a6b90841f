//! An HTTP message, or the sent lines of a transcript of `curl -v`.

use std::borrow::Cow;

use super::url::has_scheme;
use crate::request::Body;
use crate::{Asked, Error, Form};

/// Finds a message: the whole input, or the lines of a transcript that begin with `>`.
pub(super) fn find(input: &[u8]) -> Option<Cow<'_, [u8]>> {
    let first = lines(input).find(|line| !line.trim_ascii().is_empty())?;
    if request_line(first).is_some() {
        let start = input.iter().position(|byte| !byte.is_ascii_whitespace())?;
        return input.get(start..).map(Cow::Borrowed);
    }
    let mut sent: Vec<&[u8]> = lines(input).filter_map(|line| line.strip_prefix(b">")).collect();
    // The last request is the one that the user asks about.
    let start = sent.iter().rposition(|line| request_line(line.trim_ascii()).is_some())?;
    let mut message = Vec::new();
    for line in sent.drain(start..).take_while(|line| !line.trim_ascii().is_empty()) {
        message.extend_from_slice(line.trim_ascii());
        message.push(b'\n');
    }
    message.extend_from_slice(TRANSCRIPT);
    Some(Cow::Owned(message))
}

/// Marks the end of a transcript, which has no body.
const TRANSCRIPT: &[u8] = b"\n\0transcript";

fn lines(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    input.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Splits `GET /path HTTP/1.1`. The version may be missing.
fn request_line(line: &[u8]) -> Option<(&str, &str)> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let (method, rest) = line.split_once(' ')?;
    let is_method =
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    let target = match rest.rsplit_once(' ') {
        Some((target, version)) if version.starts_with("HTTP/") => target,
        _ => rest,
    };
    let is_target = target.starts_with('/') || has_scheme(target);
    (is_method && is_target).then_some((method, target))
}

/// Reads a message.
pub(super) fn read(message: &[u8]) -> Result<Asked, Error> {
    let (head, body) = split(message);
    let mut lines = lines(head);
    let (method, target) =
        lines.next().and_then(request_line).ok_or(Error::Http("the request line is missing"))?;
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    for line in lines {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if let Some((_, value)) = headers.last_mut() {
                value.push(b' ');
                value.extend_from_slice(line.trim_ascii());
            }
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = colon
            .filter(|colon| *colon > 0)
            .and_then(|colon| line.split_at_checked(colon))
            .ok_or(Error::Http("a header line has no colon"))?;
        let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
        headers.push((name, value.get(1..).unwrap_or_default().trim_ascii().to_vec()));
    }
    let host = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    let url = match (target.contains("://") && !target.starts_with('/'), &host) {
        (true, _) => target.to_owned(),
        (false, Some(host)) => format!("https://{host}{target}"),
        (false, None) => return Err(Error::Http("the header Host is missing")),
    };
    let mut asked = Asked::new(Form::HttpMessage, method, &url).ok_or(Error::NoHost)?;
    for (name, value) in headers {
        asked.push(&name, &value);
    }
    asked.body = body_of(&mut asked, body);
    Ok(asked)
}

/// Reads the head of a message, of which the body is not known.
pub(super) fn read_head(head: &str) -> Result<Asked, Error> {
    let mut asked = read(head.as_bytes())?;
    if !matches!(asked.method.as_str(), "GET" | "HEAD" | "DELETE") {
        asked.body = Body::Unknown;
    }
    asked.notes.clear();
    Ok(asked)
}

/// Splits the message at the empty line.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if at > 0 && line.trim_ascii().is_empty() {
            let head = message.get(..at).unwrap_or_default().trim_ascii_end();
            return (head, message.get(at + line.len()..).unwrap_or_default());
        }
        at += line.len();
    }
    (message.trim_ascii_end(), b"")
}

/// Splits the body from the answer of the service that follows it in the same text.
fn without_answer(body: &[u8]) -> (&[u8], bool) {
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let plain = line.strip_prefix(b"< ").unwrap_or(line);
        let status =
            plain.strip_prefix(b"HTTP/").and_then(|rest| rest.splitn(2, |byte| *byte == b' ').nth(1));
        let is_status = |status: &[u8]| status.len() > 2 && status.iter().take(3).all(u8::is_ascii_digit);
        if status.is_some_and(is_status) {
            let before = body.get(..at).unwrap_or_default();
            return (if before.trim_ascii().is_empty() { b"" } else { before }, true);
        }
        at += line.len();
    }
    (body, false)
}

/// Returns the body, with the length that `Content-Length` states, because an editor adds a line ending.
fn body_of(asked: &mut Asked, body: &[u8]) -> Body {
    let length = asked.text("content-length").and_then(|length| length.parse::<usize>().ok());
    let (before, starts_with_answer) = without_answer(body);
    // A body can contain messages itself, so an answer is searched for after its stated length.
    let own = length.filter(|length| *length <= body.len() && !(starts_with_answer && before.is_empty()));
    let (own, rest) = body.split_at_checked(own.unwrap_or_default()).unwrap_or((body, b""));
    let (before, has_answer) = without_answer(rest);
    let body = body.get(..own.len() + before.len()).unwrap_or(body);
    asked.has_answer = has_answer;
    if TRANSCRIPT.ends_with(body) && !body.is_empty() {
        asked.notes.push("A transcript of curl does not contain the body.".to_owned());
        return Body::Unknown;
    }
    match length {
        Some(length) if body.is_empty() && length > 0 => {
            asked.notes.push("The message does not contain its body.".to_owned());
            Body::Unknown
        }
        Some(length) if length <= body.len() => Body::Bytes(body.get(..length).unwrap_or_default().to_vec()),
        Some(_) => {
            asked.notes.push("The body is shorter than Content-Length states.".to_owned());
            Body::Bytes(body.to_vec())
        }
        None if body.trim_ascii().is_empty() && has_hash(asked) => {
            asked.notes.push("The message does not contain its body.".to_owned());
            Body::Unknown
        }
        None if body.trim_ascii().is_empty() => Body::Bytes(Vec::new()),
        None => Body::Bytes(body.to_vec()),
    }
}

/// Returns true if the message states the hash of a body that is not empty.
fn has_hash(asked: &Asked) -> bool {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    asked
        .text("x-amz-content-sha256")
        .is_some_and(|hash| hash.len() == 64 && !hash.eq_ignore_ascii_case(EMPTY))
}
