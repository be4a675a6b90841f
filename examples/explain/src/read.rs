//! Reads a request in the forms in which people have one.

mod curl;
mod curl_data;
mod curl_options;
mod har;
mod http;
mod shell;
mod url;

use crate::{Asked, Error};

pub use curl::words as curl_words;

/// The most bytes of an input that are read.
pub const MAX_INPUT: usize = 64 * 1024 * 1024;

/// Recognizes the form of an input, and reads the request. `entry` chooses an entry of a HAR, from 0.
///
/// # Errors
///
/// Returns [`Error`] if the input is not a request.
pub fn request(input: &[u8], entry: usize) -> Result<Asked, Error> {
    let input = input.get(..MAX_INPUT).unwrap_or(input);
    let start = input.trim_ascii_start();
    if start.starts_with(b"{") || start.starts_with(b"[") {
        return har::read(start, entry);
    }
    if let Some(command) = curl::find(start) {
        return curl::read(command);
    }
    if let Some(message) = http::find(input) {
        return http::read(&message);
    }
    url::read(&String::from_utf8_lossy(start))
}
