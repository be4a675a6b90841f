//! Masks secrets in what a diagnosis quotes.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::parts::Parts;
use crate::steps::{is_secret, masked_query};

/// Returns the line of a header, with its value masked if it is a secret.
pub(super) fn header_line<'a>(name: &str, value: Option<&'a [u8]>) -> Cow<'a, [u8]> {
    let Some(value) = value else { return Cow::Borrowed(b"") };
    let line = if is_secret(name) {
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

/// The names after which a value is a secret, also in the middle of a path or of another value.
const NAMES: &[&str] = &[
    "x-amz-signature",
    "x-amz-security-token",
    "x-amz-s3session-token",
    "signature",
    "server-side-encryption-customer-key",
];

/// Replaces a secret.
const MASK: &str = "(not shown)";

/// Masks the values of signatures and tokens wherever they are in a text: a path, a header or a message
/// can contain a whole URL.
pub(super) fn scrubbed(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_secret =
        |end: usize| lower.get(..end).is_some_and(|name| NAMES.iter().any(|known| name.ends_with(known)));
    let values = |equals: &'static str| {
        lower
            .match_indices(equals)
            .filter(|(index, _)| is_secret(*index))
            .map(move |(index, _)| index + equals.len())
    };
    let mut starts: Vec<usize> = ["=", "%3d", "%253d"].into_iter().flat_map(values).collect();
    starts.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for start in starts {
        if start < done {
            continue;
        }
        let value = lower.get(start..).unwrap_or_default();
        if value.starts_with(MASK) {
            continue;
        }
        let end = start + value_len(value);
        out.push_str(text.get(done..start).unwrap_or_default());
        if start < end {
            out.push_str(MASK);
        }
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Returns the length of the value at the start of `text`.
fn value_len(text: &str) -> usize {
    let is_end = |character: char| matches!(character, '&' | ',' | ' ' | ';' | '"' | '\'' | '<' | '\n');
    let value = text.split(is_end).next().unwrap_or_default();
    value.find("%26").unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use super::scrubbed;

    #[test]
    fn masks_signatures_and_tokens_in_any_text() {
        for (text, expected) in [
            ("X-Amz-Signature=ab&x=1", "X-Amz-Signature=(not shown)&x=1"),
            ("amp%3BX-Amz-Signature=ab&y", "amp%3BX-Amz-Signature=(not shown)&y"),
            ("/a%3FX-Amz-Signature%3Dab%26b", "/a%3FX-Amz-Signature%3D(not shown)%26b"),
            ("Signature=ab, Signature=cd", "Signature=(not shown), Signature=(not shown)"),
            ("a signature; X-Amz-Security-Token=t", "a signature; X-Amz-Security-Token=(not shown)"),
            ("x-amz-signature=", "x-amz-signature="),
            ("X-Amz-Signature=(not shown)&x=1", "X-Amz-Signature=(not shown)&x=1"),
            ("é X-Amz-SignedHeaders=host", "é X-Amz-SignedHeaders=host"),
        ] {
            assert_eq!(scrubbed(text), expected);
        }
    }
}
