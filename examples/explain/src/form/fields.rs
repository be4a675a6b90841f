//! The fields of a form, up to its file.

use std::convert::Infallible;
use std::future::ready;

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use multer::Multipart;

use crate::facts::{Facts, Place};
use crate::lines::line;
use crate::report::Line;
use crate::request::Body;
use crate::words::Part;
use crate::{Asked, mask};

/// The fields of a form, and the name of its file.
pub(super) struct Fields {
    pub(super) list: Vec<(String, String)>,
    pub(super) file_name: String,
}

impl Fields {
    /// Reads the body. Returns `None` if it is not known or not a form.
    pub(super) fn of(asked: &Asked) -> Option<Self> {
        let boundary = multer::parse_boundary(asked.text("content-type")?).ok()?;
        let Body::Bytes(body) = &asked.body else { return None };
        let body = with_crlf(body);
        let body = stream::once(ready(Ok::<_, Infallible>(body)));
        let mut multipart = Multipart::new(body, boundary);
        let (mut list, mut file_name) = (Vec::new(), String::new());
        let read = async {
            while let Some(part) = multipart.next_field().await.ok()? {
                let name = part.name()?.to_owned();
                if name == "file" {
                    file_name = part.file_name().unwrap_or_default().to_owned();
                    break;
                }
                list.push((name, String::from_utf8(part.bytes().await.ok()?.to_vec()).ok()?));
            }
            Some(())
        };
        // The whole body is there, so the future is ready.
        read.now_or_never()??;
        Some(Self { list, file_name })
    }

    /// Returns the value of the first field of this name, or an empty text.
    pub(super) fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.list.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// Returns what the form states about the credentials.
    pub(super) fn facts(&self) -> Facts {
        let of = |name: &str| self.get(name).map(str::to_owned);
        let access_key_id = of("x-amz-credential").and_then(|text| Some(text.split_once('/')?.0.to_owned()));
        Facts { access_key_id, token: of("x-amz-security-token"), ..Facts::empty(Place::None) }
    }

    /// Returns the fields except the policy and its signature, in the order of their names.
    pub(super) fn other_fields(&self) -> Vec<(String, String)> {
        let mut fields: Vec<_> =
            self.list.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        fields.retain(|(name, _)| !matches!(name.as_str(), "policy" | "x-amz-signature"));
        fields.sort_unstable();
        fields
    }

    /// Returns the names and the values.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.list.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Returns a line for a field, masked.
pub(super) fn line_of((name, value): &(String, String)) -> Line {
    let part = Part::of_field(name).unwrap_or(Part::OtherField);
    line(part, &format!("{}:{}", mask::printable(name.as_bytes()), mask::value(name, value.as_bytes())))
}

/// Returns the body with the line endings of a form. Editors and terminals write LF for CR LF.
fn with_crlf(body: &[u8]) -> Bytes {
    if body.windows(2).any(|pair| pair == b"\r\n") {
        return Bytes::copy_from_slice(body);
    }
    Bytes::from(body.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r\n".as_slice()))
}
