//! Reads a presigned URL as it was pasted, and finds what happened to it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::canonical::percent::decode;

/// The parameters of a pasted presigned URL.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct PastedUrl {
    pub(crate) is_html_escaped: bool,
    pub(crate) is_encoded_again: bool,
    pub(crate) is_version_2: bool,
    /// The number of digits of the signature; `None` if it is missing.
    pub(crate) signature_len: Option<usize>,
    pub(crate) credential: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) expires: Option<u32>,
    pub(crate) signed_headers: Option<String>,
    pub(crate) has_token: bool,
}

/// Finds the first presigned URL in a text.
pub(super) fn find(text: &str) -> Option<PastedUrl> {
    let lower = text.to_ascii_lowercase();
    let marker = ["x-amz-algorithm", "x-amz-credential", "awsaccesskeyid="]
        .iter()
        .filter_map(|name| lower.find(name))
        .min()?;
    let is_end =
        |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '`');
    let before = text.get(..marker)?;
    let start = before.rfind(is_end).map_or(0, |index| index + 1);
    let url = text.get(start..)?;
    let url = url.get(..url.find(is_end).unwrap_or(url.len()))?;
    // The canonical query of an answer is not a URL.
    url.contains('?').then(|| read(url))
}

fn read(url: &str) -> PastedUrl {
    let is_html_escaped = url.contains("&amp;");
    let plain = url.replace("&amp;", "&").replace("\\u0026", "&");
    let (_, query) = plain.split_once('?').unwrap_or(("", &plain));
    let raw = |name: &str| {
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let value = |name: &str| raw(name).map(|value| String::from_utf8_lossy(&decode(value)).into_owned());
    PastedUrl {
        is_html_escaped,
        is_encoded_again: raw("X-Amz-Credential").is_some_and(|value| value.contains("%252F")),
        is_version_2: raw("AWSAccessKeyId").is_some() && raw("X-Amz-Algorithm").is_none(),
        signature_len: raw("X-Amz-Signature").map(str::len),
        credential: value("X-Amz-Credential"),
        date: value("X-Amz-Date").map(|date| date.to_string()),
        expires: raw("X-Amz-Expires").and_then(|expires| expires.parse().ok()),
        signed_headers: value("X-Amz-SignedHeaders"),
        has_token: raw("X-Amz-Security-Token").is_some() || raw("X-Amz-S3session-Token").is_some(),
    }
}

/// Returns the `host:port` of each URL in the text that has a port.
pub(super) fn ports(text: &str) -> Vec<String> {
    let authorities = text.split("://").skip(1).filter_map(|rest| {
        let end =
            rest.find(|character: char| !character.is_ascii_alphanumeric() && !".-:[]".contains(character));
        rest.get(..end.unwrap_or(rest.len()))
    });
    let has_port = |authority: &&str| crate::diagnose::host::split_port(authority).1.is_some();
    authorities.filter(has_port).take(MAX_PORTS).map(str::to_ascii_lowercase).collect()
}

/// The most URLs whose ports are read.
const MAX_PORTS: usize = 64;
