//! Masks secrets in what a diagnosis quotes.

use alloc::borrow::Cow;
use alloc::string::String;

use super::parts::Parts;
use crate::steps::{is_secret, masked_query};

/// Returns the line of a header, with its value masked if it is a secret.
pub(super) fn header_line<'a>(name: &str, value: Option<&'a [u8]>) -> Cow<'a, [u8]> {
    let Some(value) = value else { return Cow::Borrowed(b"") };
    let line = if is_secret(&name.to_ascii_lowercase()) {
        alloc::format!("{name}:({} bytes, not shown)", value.len()).into_bytes()
    } else {
        [name.as_bytes(), b":", value].concat()
    };
    Cow::Owned(line)
}

/// Returns a query with the values of secret parameters masked.
pub(super) fn query(query: &str) -> String {
    masked_query(query)
}

/// Returns a path, with the value of a signature in it masked: a path can contain a whole URL.
pub(super) fn path(path: &str) -> String {
    let is_in_url = path.to_ascii_lowercase().contains("x-amz-signature");
    if is_in_url { masked_query(&path.replace('?', "&")) } else { path.into() }
}

/// Returns the first line of each side that differs, masked, for parts whose difference has no name.
pub(super) fn list(parts: &Parts) -> &[u8] {
    parts.signed_headers.as_bytes()
}
