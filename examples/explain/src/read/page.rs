//! A page with the form of a browser upload, as an application hands it out.

use html5gum::{StartTag, Token, Tokenizer};

use super::form_data::{self, BOUNDARY, Field};
use crate::request::Body;
use crate::{Asked, Form};

/// Finds the first form with a policy. Returns `None` if the page has none, or if the form is sent to the host of the page,
/// which is not known.
pub(super) fn read(page: &[u8]) -> Option<Asked> {
    let mut action = String::new();
    let mut fields = Vec::new();
    for Ok(token) in Tokenizer::new(page) {
        match token {
            Token::StartTag(tag) if *tag.name == b"form" => {
                (action, fields) = (attribute(&tag, b"action").unwrap_or_default(), Vec::new());
            }
            Token::StartTag(tag) if *tag.name == b"input" => fields.extend(field(&tag)),
            Token::EndTag(tag) if *tag.name == b"form" && form_data::has_policy(&fields) => break,
            _ => {}
        }
    }
    if !form_data::has_policy(&fields) {
        return None;
    }
    let mut asked = Asked::new(Form::Page, "POST", action.trim())?;
    asked.push("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}").as_bytes());
    asked.body = Body::Bytes(form_data::multipart(&fields, BOUNDARY));
    asked.notes.push("The fields are those of the page, before a user fills in the form.".to_owned());
    Some(asked)
}

/// Returns the field that a browser sends for an element; `None` for a button and for an element without a name.
fn field(tag: &StartTag<()>) -> Option<Field> {
    let kind = attribute(tag, b"type").unwrap_or_default().to_ascii_lowercase();
    if matches!(kind.as_str(), "button" | "reset" | "image") {
        return None;
    }
    let name = attribute(tag, b"name").filter(|name| !name.is_empty())?;
    let value = attribute(tag, b"value").unwrap_or_default().replace("\r\n", "\n");
    // A browser removes line breaks from a text of one line, and sends all others as CR LF.
    let value = value.replace('\n', if kind == "hidden" { "\r\n" } else { "" });
    Some(Field { name, value, file_name: (kind == "file").then(String::new) })
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
}
