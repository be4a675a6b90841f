//! A URL.

use crate::request::Body;
use crate::{Asked, Error, Form};

/// Reads a URL, also one in quotation marks or angle brackets.
pub(super) fn read(text: &str) -> Result<Asked, Error> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>', '`']);
    let has_scheme = ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if !has_scheme || text.contains(char::is_whitespace) {
        return Err(Error::NotARequest);
    }
    let mut asked = Asked::new(Form::Url, "GET", text).ok_or(Error::NoHost)?;
    asked.body = Body::Unknown;
    asked.notes.push("A URL does not state its method: GET is assumed; --method changes it.".to_owned());
    Ok(asked)
}
