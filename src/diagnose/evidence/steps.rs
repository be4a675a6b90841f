//! Finds the steps that the service computed, and those that the client logged.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::scan;
use crate::diagnose::parts::Parts;
use crate::diagnose::to_sign::ToSign;

/// Steps 1, 2 and 4 of one side, as far as the text has them.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) canonical: Option<Vec<u8>>,
    pub(crate) to_sign: Option<String>,
    pub(crate) signature: Option<String>,
    pub(crate) truncated: bool,
}

/// Finds what the service computed: elements of XML, members of JSON, or sentences of a message.
pub(super) fn of_service(views: &[String]) -> Found {
    let mut found = Found::default();
    for view in views {
        if found.canonical.is_none() {
            found.canonical = service_canonical(view, &mut found.truncated);
        }
        if found.to_sign.is_none() {
            found.to_sign = service_to_sign(view, &mut found.truncated);
        }
        if found.signature.is_none() {
            found.signature = field(view, "SignatureProvided").map(|(text, _)| text.trim().to_string());
        }
    }
    found
}

/// Finds a value in an element, or in a literal.
pub(super) fn field(view: &str, name: &str) -> Option<(String, bool)> {
    scan::element(view, name).or_else(|| scan::literal(view, name))
}

fn service_canonical(view: &str, truncated: &mut bool) -> Option<Vec<u8>> {
    // The bytes survive every printer of XML.
    let bytes = field(view, "CanonicalRequestBytes").filter(|(_, cut)| !cut).and_then(|(text, _)| hex(&text));
    if let Some(bytes) = bytes.filter(|bytes| Parts::parse(bytes).is_some()) {
        return Some(bytes);
    }
    let (text, cut) = field(view, "CanonicalRequest")
        .or_else(|| between(view, "The Canonical String for this request should have been"))?;
    *truncated |= cut;
    Parts::parse(text.as_bytes()).map(|_| text.into_bytes())
}

fn service_to_sign(view: &str, truncated: &mut bool) -> Option<String> {
    let bytes = field(view, "StringToSignBytes").filter(|(_, cut)| !cut).and_then(|(text, _)| hex(&text));
    if let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.is_empty())
    {
        return Some(text);
    }
    let (text, cut) =
        field(view, "StringToSign").or_else(|| between(view, "The String-to-Sign should have been"))?;
    *truncated |= cut;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    Some(lines.join("\n").trim().to_string()).filter(|text| !text.is_empty())
}

/// Returns what is between apostrophes after a sentence of a message of API Gateway or STS.
fn between(view: &str, sentence: &str) -> Option<(String, bool)> {
    let (_, rest) = view.split_once(sentence)?;
    let start = rest.find('\'').filter(|start| *start < 8)?;
    let inside = rest.get(start + 1..)?;
    let end = inside.find("'\n").or_else(|| inside.find("',")).or_else(|| inside.rfind('\''));
    match end.and_then(|end| inside.get(..end)) {
        Some(text) => Some((text.to_string(), false)),
        None => Some((inside.to_string(), true)),
    }
}

/// Decodes hexadecimal bytes that spaces separate.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.split_whitespace().collect();
    hex::decode(digits).ok().filter(|bytes| !bytes.is_empty())
}

/// Finds what the client logged: botocore, and the SDKs for Java and Go.
pub(super) fn of_client(views: &[String]) -> Found {
    const CANONICAL: &[&str] =
        &["CanonicalRequest:\n", "Canonical Request:", "CANONICAL STRING", "canonical request:\n"];
    const TO_SIGN: &[&str] =
        &["StringToSign:\n", "String to Sign:", "String to sign:", "STRING TO SIGN", "string to sign:\n"];
    for view in views {
        let view = view.replace("\r\n", "\n");
        let end = view.find("SignatureDoesNotMatch").unwrap_or(view.len());
        let before = view.get(..end).unwrap_or_default();
        let canonical = block(before, CANONICAL, ends_canonical);
        let Some(canonical) = canonical.filter(|text| Parts::parse(text.as_bytes()).is_some()) else {
            continue;
        };
        let to_sign = block(before, TO_SIGN, is_digest).filter(|text| ToSign::parse(text).is_some());
        let signature = last(before, &["Signature:\n"]).and_then(|rest| rest.lines().next());
        let signature = signature.map(str::trim).filter(|line| is_digest(line)).map(Into::into);
        return Found { canonical: Some(canonical.into_bytes()), to_sign, signature, truncated: false };
    }
    Found::default()
}

/// Returns the text after the last of the markers.
fn last<'t>(text: &'t str, markers: &[&str]) -> Option<&'t str> {
    let after = |marker: &&str| text.rfind(*marker).map(|start| start + marker.len());
    markers.iter().filter_map(after).max().and_then(|start| text.get(start..))
}

/// Returns the lines after the last marker, up to the first for which `ends` is true.
fn block(text: &str, markers: &[&str], ends: fn(&str) -> bool) -> Option<String> {
    let rest = last(text, markers)?;
    let rest = match rest.split_once('\n') {
        // The rest of a line of dashes.
        Some((first, after)) if first.trim_matches(['-', ']', ' ', '\'', '"']).is_empty() => after,
        _ => rest,
    };
    let rest = rest.trim_start_matches([' ', '\'', '"']);
    let mut out = String::new();
    for line in rest.lines().take(512) {
        let line = line.trim_end_matches(['\'', '"', ' ']);
        out.push_str(line);
        if ends(line) {
            return Some(out);
        }
        out.push('\n');
    }
    None
}

fn ends_canonical(line: &str) -> bool {
    is_digest(line) || line == "UNSIGNED-PAYLOAD" || line.starts_with("STREAMING-")
}

fn is_digest(line: &str) -> bool {
    line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit())
}
