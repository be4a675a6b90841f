//! An entry of a HAR, a whole HAR, or only the request of an entry.

use serde::Deserialize;

use super::form_data::{self, BOUNDARY, Field};
use crate::request::Body;
use crate::{Asked, Error, Form};

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(rename = "postData")]
    post_data: Option<PostData>,
    #[serde(rename = "bodySize")]
    body_size: Option<i64>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    text: Option<String>,
    #[serde(default)]
    params: Vec<Parameter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    name: String,
    #[serde(default)]
    value: String,
    file_name: Option<String>,
}

/// Reads one entry.
pub(super) fn read(input: &[u8], mut entry: usize) -> Result<Asked, Error> {
    // A message of `serde_json` names the place, and does not quote the input.
    // Other text can follow the document.
    let mut documents = serde_json::Deserializer::from_slice(input).into_iter::<serde_json::Value>();
    let value = documents.next().unwrap_or(Ok(serde_json::Value::Null));
    let value = value.map_err(|error| Error::Har(error.to_string()))?;
    let entries = value.pointer("/log/entries").or(Some(&value)).and_then(serde_json::Value::as_array);
    let (count, value) = match entries {
        Some(entries) => {
            entry = chosen(entries, entry);
            let missing =
                || Error::Har(format!("it has {} entries, and no entry {}", entries.len(), entry + 1));
            (entries.len(), entries.get(entry).ok_or_else(missing)?)
        }
        None => (1, &value),
    };
    let request = value.get("request").unwrap_or(value);
    let incomplete = |_| Error::Har("a request needs `method`, `url` and `headers`".to_owned());
    let request: Request = Deserialize::deserialize(request).map_err(incomplete)?;
    let mut asked = Asked::new(Form::Har, &request.method, &request.url).ok_or(Error::NoHost)?;
    if count > 1 {
        asked.notes.push(format!("The HAR has {count} entries; this is number {}.", entry + 1));
    }
    for Header { name, value } in request.headers {
        match name.strip_prefix(':') {
            Some("authority") => asked.push("host", value.as_bytes()),
            Some(_) => {}
            None => asked.push(&name, value.as_bytes()),
        }
    }
    let size = request.body_size;
    asked.body = match request.post_data {
        Some(PostData { text: Some(text), ref params, .. }) if !text.is_empty() || params.is_empty() => {
            Body::Bytes(text.into_bytes())
        }
        Some(data) if !data.params.is_empty() => of_parameters(data, &mut asked),
        _ if size.is_some_and(|size| size > 0) => {
            asked.notes.push("The HAR does not contain the body.".to_owned());
            Body::Unknown
        }
        _ => Body::Bytes(Vec::new()),
    };
    Ok(asked)
}

/// Builds the body from the parameters of a form, which a HAR can have instead of the text.
fn of_parameters(data: PostData, asked: &mut Asked) -> Body {
    let content_type = asked.text("content-type").unwrap_or(data.mime_type);
    let is_multipart = content_type.to_ascii_lowercase().starts_with("multipart/form-data");
    let mut note = |text: &str| asked.notes.push(text.to_owned());
    let field = |Parameter { name, value, file_name }| Field { name, value, file_name };
    let fields: Vec<Field> = data.params.into_iter().map(field).collect();
    if is_multipart && !form_data::has_policy(&fields) {
        note("The HAR has the fields of the form, and not its body.");
        return Body::Unknown;
    }
    note("The body is built from the parameters of the HAR; its bytes can differ from those that were sent.");
    if is_multipart {
        let boundary = multer::parse_boundary(&content_type).ok();
        if boundary.is_none() {
            let with_boundary = format!("multipart/form-data; boundary={BOUNDARY}");
            asked.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            asked.push("Content-Type", with_boundary.as_bytes());
        }
        return Body::Bytes(form_data::multipart(&fields, boundary.as_deref().unwrap_or(BOUNDARY)));
    }
    asked.push_default("Content-Type", &content_type);
    let pairs = fields.iter().map(|field| (&field.name, &field.value));
    Body::Bytes(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes())
}

/// Returns the index of the last signed entry, if the first one was asked for and is not signed.
fn chosen(entries: &[serde_json::Value], entry: usize) -> usize {
    let is_signed = |entry: &serde_json::Value| {
        let request = entry.get("request").unwrap_or(entry).to_string();
        // A form has the signature in a field.
        request.contains("AWS4-HMAC-SHA256 ") || request.to_ascii_lowercase().contains("x-amz-signature")
    };
    if entry > 0 || entries.first().is_none_or(is_signed) {
        return entry;
    }
    entries.iter().rposition(is_signed).unwrap_or(entry)
}
