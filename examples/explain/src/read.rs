//! Reads a request in the forms in which people have one.

mod command;
mod curl;
mod curl_data;
mod curl_form;
mod curl_options;
mod form_data;
mod har;
mod http;
mod page;
mod shell;
mod text;
mod url;

use countersign::diagnose::Evidence;

use crate::request::Body;
use crate::{Asked, Error, Form};

pub use curl::words as curl_words;
pub use text::plain;

/// The most bytes of an input that are read.
pub const MAX_INPUT: usize = 64 * 1024 * 1024;

/// Recognizes the form of an input, and reads the request. `entry` chooses an entry of a HAR, from 0.
///
/// # Errors
///
/// Returns [`Error`] if the input is not a request.
pub fn request(input: &[u8], entry: usize) -> Result<Asked, Error> {
    let input = input.get(..MAX_INPUT).unwrap_or(input);
    let input = &*plain(input);
    if is_terminal(input)
        && let Some(asked) = in_text(input)
    {
        return Ok(asked);
    }
    known(input, entry).or_else(|error| in_text(input).ok_or(error))
}

/// Reads an input that is a request and nothing else.
fn known(input: &[u8], entry: usize) -> Result<Asked, Error> {
    let start = input.trim_ascii_start();
    if start.starts_with(b"{") || is_list(start) {
        return har::read(start, entry);
    }
    if let Some(command) = command::find(start) {
        return curl::read(&command);
    }
    if let Some(message) = http::find(input) {
        let mut asked = http::read(&message)?;
        // The received lines of a transcript are the answer.
        asked.has_answer |= input.windows(8).any(|window| window == b"\n< HTTP/");
        return Ok(asked);
    }
    if start.starts_with(b"<")
        && let Some(asked) = page::read(start)
    {
        return Ok(asked);
    }
    url::read(&String::from_utf8_lossy(start))
}

/// Returns true for a list of JSON. A log can begin with a time in brackets.
fn is_list(start: &[u8]) -> bool {
    let inside = start.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.is_empty() || inside.starts_with(b"{") || inside.starts_with(b"]"))
}

/// Returns true for a command of curl with what it printed.
fn is_terminal(input: &[u8]) -> bool {
    let has = |text: &[u8]| input.windows(text.len()).any(|window| window == text);
    command::find(input.trim_ascii_start()).is_some() && has(b"\n> ") && has(b" HTTP/")
}

/// Finds a signed request in other text: a transcript, a log, an exception, a page.
fn in_text(input: &[u8]) -> Option<Asked> {
    let message = Evidence::from_bytes(input).sent_message()?;
    let mut asked = http::read_head(&message).ok()?;
    if let Some(body) = chunked_body(input, &asked) {
        asked.body = body;
        asked.form = Form::Text;
        asked.notes.push("The request was found in other text.".to_owned());
        return Some(asked);
    }
    asked.form = Form::Text;
    asked.notes.push("The request was found in other text; its body is not read.".to_owned());
    Some(asked)
}

/// Returns the body in chunks of a request in other text, whose lines have no prefix.
fn chunked_body(input: &[u8], asked: &Asked) -> Option<Body> {
    if !asked.text("x-amz-content-sha256")?.starts_with("STREAMING-") {
        return None;
    }
    let start = format!("{} ", asked.method).into_bytes();
    let is_start = |at: &usize| {
        let is_line = *at == 0 || input.get(at - 1) == Some(&b'\n');
        is_line && input.get(*at..).is_some_and(|rest| rest.starts_with(&start))
    };
    let message =
        (0..input.len()).filter(is_start).take(8).find_map(|at| http::read(input.get(at..)?).ok())?;
    let is_same = message.header("authorization") == asked.header("authorization");
    (is_same && matches!(&message.body, Body::Bytes(body) if !body.is_empty())).then_some(message.body)
}
