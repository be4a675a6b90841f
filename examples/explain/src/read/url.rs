//! A URL.

use crate::request::Body;
use crate::{Asked, Error, Form};

/// Reads a URL, also one in quotation marks or angle brackets.
pub(super) fn read(text: &str) -> Result<Asked, Error> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>', '`']);
    if !has_scheme(text) || text.contains(char::is_whitespace) {
        return Err(Error::NotARequest);
    }
    let mut asked = Asked::new(Form::Url, "GET", text).ok_or(Error::NoHost)?;
    asked.body = Body::Unknown;
    asked.notes.push("A URL does not state its method: GET is assumed; --method changes it.".to_owned());
    Ok(asked)
}

/// Returns true for a URL of HTTP or of a WebSocket.
pub(super) fn has_scheme(text: &str) -> bool {
    let (scheme, _) = text.split_once("://").unwrap_or_default();
    ["http", "https", "ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}
