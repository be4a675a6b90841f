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

/// Finds what the client logged: botocore, the SDKs for Java and Go, and any program that prints its canonical
/// request after these words.
pub(super) fn of_client(views: &[String]) -> Found {
    for view in views {
        let is_canonical = |text: &String| Parts::parse(text.as_bytes()).is_some();
        let announced =
            last(view, "canonical", starts_canonical).and_then(|text| block(text, ends_canonical));
        let Some(canonical) = announced
            .filter(is_canonical)
            .or_else(|| assigned(view, METHODS, ends_canonical).filter(is_canonical))
        else {
            continue;
        };
        let to_sign = last(view, "string", starts_to_sign).and_then(|text| block(text, is_digest));
        let is_to_sign = |text: &String| ToSign::parse(text).is_some();
        let to_sign = to_sign
            .filter(is_to_sign)
            .or_else(|| assigned(view, &["AWS4-HMAC-SHA256\n"], is_digest).filter(is_to_sign));
        let signature = view.rfind("Signature:\n").and_then(|start| view.get(start + 11..));
        let signature = signature.and_then(|rest| rest.lines().next());
        let signature = signature.map(str::trim).filter(|line| is_digest(line)).map(Into::into);
        return Found { canonical: Some(canonical.into_bytes()), to_sign, signature, truncated: false };
    }
    Found::default()
}

/// The number of characters between the words that announce a string and the string.
const MAX_GAP: usize = 96;

/// Returns the text of the last string that `word` announces. What the service computed is skipped.
fn last<'t>(view: &'t str, word: &str, start_of: fn(&str) -> Option<usize>) -> Option<&'t str> {
    let lower = view.to_ascii_lowercase();
    let starts: Vec<usize> = lower.match_indices(word).map(|(start, _)| start).collect();
    starts.into_iter().rev().take(64).find_map(|start| {
        let (before, after) = view.split_at_checked(start)?;
        let end = (0..=MAX_GAP.min(after.len())).rev().find(|end| after.is_char_boundary(*end))?;
        let gap = after.get(..end)?;
        let line = gap.lines().next().unwrap_or_default();
        let is_service =
            before.ends_with(['<', '/']) || before.ends_with("lt;") || line.contains("should have been");
        let is_json = before.ends_with('"') && line.contains("\":");
        let at = start_of(gap).filter(|_| !is_service && !is_json)?;
        after.get(at..)
    })
}

/// Returns the last string that a program assigns, such as `request=$'GET\n/key…'` in the trace of a shell.
fn assigned(view: &str, starts: &[&str], ends: fn(&str) -> bool) -> Option<String> {
    let is_assigned = |start: &usize| {
        let before = view.get(..*start).unwrap_or_default().trim_end_matches(['\'', '"', '$']);
        before.ends_with('=')
    };
    let starts = starts.iter().flat_map(|text| view.match_indices(text).map(|(start, _)| start));
    starts.filter(is_assigned).max().and_then(|start| block(view.get(start..)?, ends))
}

/// The methods, as lines.
const METHODS: &[&str] = &["GET\n", "PUT\n", "POST\n", "HEAD\n", "DELETE\n", "PATCH\n", "OPTIONS\n"];

/// Returns the index of a line that is only a method, before a line with a path.
fn starts_canonical(gap: &str) -> Option<usize> {
    let starts = METHODS.iter().filter_map(|method| gap.find(method));
    starts
        .min()
        .filter(|start| gap.get(..*start).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
}

fn starts_to_sign(gap: &str) -> Option<usize> {
    gap.find("AWS4-").filter(|start| gap.get(*start..).is_some_and(|rest| rest.contains('\n')))
}

/// Returns the lines up to the first for which `ends` is true.
fn block(text: &str, ends: fn(&str) -> bool) -> Option<String> {
    let mut out = String::new();
    for line in text.lines().take(512) {
        let line = line.trim_end_matches(['\'', '"', ' ']);
        // A logger can write a string and what follows it in one line.
        let line = line.get(..64).filter(|start| is_digest(start) && line.len() > 64).unwrap_or(line);
        out.push_str(line);
        if ends(line.trim()) {
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
