//! The lines of the steps, each with its part, masked.

use countersign::steps::{CanonicalRequest, is_secret};

use crate::mask;
use crate::report::{Line, Span};
use crate::words::Part;

/// The text in place of a hash that needs the body.
const UNKNOWN: &str = "(not known: the body is missing)";

/// Returns the lines of the canonical request. If the body is not known, the last line says so.
pub(crate) fn canonical_request(
    request: &CanonicalRequest,
    show_signature: bool,
    is_known: bool,
) -> Vec<Line> {
    let mut lines = vec![
        line(Part::Method, request.method()),
        line(Part::CanonicalUri, &mask::scrubbed(request.uri(), show_signature)),
    ];
    lines.push(query(request.query(), show_signature));
    for (name, value) in headers(request.headers()) {
        let name = String::from_utf8_lossy(name);
        let part = Part::of_header(&name);
        let text = format!("{}:{}", mask::printable(name.as_bytes()), mask::value(&name, value));
        lines.push(line(part, &text));
    }
    lines.push(line(Part::EmptyLine, ""));
    lines.push(line(Part::SignedHeaders, request.signed_headers()));
    let payload = mask::printable(request.payload_hash().as_bytes());
    lines.push(line(Part::PayloadHash, if is_known { &payload } else { UNKNOWN }));
    lines
}

/// Splits a canonical header block into names and values.
pub(crate) fn headers(block: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    block.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        Some((name, value.get(1..)?))
    })
}

fn query(query: &str, show_signature: bool) -> Line {
    let mut spans: Vec<Span> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if !spans.is_empty() {
            spans.push(span(Part::CanonicalQuery, "&"));
        }
        let name = pair.split('=').next().unwrap_or_default();
        let part = Part::of_parameter(name).unwrap_or(Part::CanonicalQuery);
        spans.push(span(part, &mask::parameter(pair, show_signature)));
    }
    of_spans(Part::CanonicalQuery, spans)
}

/// Returns the lines of the string to sign.
pub(crate) fn string_to_sign(text: &str, is_sigv4a: bool, is_known: bool) -> Vec<Line> {
    let parts = match is_sigv4a {
        false => [Part::Algorithm, Part::RequestDateTime, Part::CredentialScope, Part::CanonicalRequestHash],
        true => [Part::SigV4aAlgorithm, Part::RequestDateTime, Part::SigV4aScope, Part::CanonicalRequestHash],
    };
    text.split('\n')
        .zip(parts)
        .map(|(text, part)| match part {
            Part::CredentialScope => scope(text),
            Part::CanonicalRequestHash if !is_known => line(part, UNKNOWN),
            part => line(part, &mask::printable(text.as_bytes())),
        })
        .collect()
}

/// Returns the scope in pieces that have the parts of the keys.
fn scope(text: &str) -> Line {
    let parts = [Part::KDate, Part::KRegion, Part::KService, Part::KSigning];
    let mut spans = Vec::new();
    for (index, piece) in text.split('/').enumerate() {
        if index > 0 {
            spans.push(span(Part::CredentialScope, "/"));
        }
        let part = parts.get(index).copied().unwrap_or(Part::CredentialScope);
        spans.push(span(part, &mask::printable(piece.as_bytes())));
    }
    of_spans(Part::CredentialScope, spans)
}

/// Returns the derivation of the keys, in words.
pub(crate) fn signing_key(to_sign: &str, is_sigv4a: bool) -> Vec<Line> {
    if is_sigv4a {
        return vec![line(Part::SigV4aKey, "from HMAC(\"AWS4A\" + secret, access key id and a counter)")];
    }
    let scope = to_sign.split('\n').nth(2).unwrap_or_default();
    let mut pieces = scope.split('/').map(|piece| mask::printable(piece.as_bytes()));
    let keys = [
        (Part::KDate, "\"AWS4\" + secret"),
        (Part::KRegion, "kDate"),
        (Part::KService, "kRegion"),
        (Part::KSigning, "kService"),
    ];
    let mut lines = Vec::new();
    let mut key_part = Part::CredentialScope;
    for (part, key) in keys {
        let piece = pieces.next().unwrap_or_default();
        let spans = vec![
            span(Part::OtherHeader, "HMAC("),
            span(key_part, key),
            span(Part::OtherHeader, ", "),
            span(part, &format!("\"{piece}\"")),
            span(Part::OtherHeader, ")"),
        ];
        lines.push(of_spans(part, spans));
        key_part = part;
    }
    lines
}

/// Returns the lines of a signature that was computed, and of the one that was received. `None` needs the secret, or is
/// missing.
pub(crate) fn signatures(computed: Option<&str>, received: Option<&str>, show_signature: bool) -> [Line; 2] {
    let digits = |text: &str| mask::signature(text, show_signature);
    let computed = computed.map_or_else(|| "(needs the secret)".to_owned(), digits);
    let received = received.map_or_else(|| "(missing)".to_owned(), digits);
    [format!("{computed} computed"), format!("{received} received")].map(|text| line(Part::Signature, &text))
}

/// Returns a line for the expiration of a policy, and one for each of its conditions. `meets` returns whether the form meets a
/// condition, which is given as JSON.
pub(crate) fn policy(document: &[u8], meets: impl Fn(&str) -> Option<bool>) -> Vec<Line> {
    let Ok(policy) = serde_json::from_slice::<serde_json::Value>(document) else {
        return vec![line(Part::Policy, "(not shown: it is not JSON)")];
    };
    let expiration = policy.get("expiration").and_then(serde_json::Value::as_str).unwrap_or_default();
    let mut lines = vec![line(Part::PolicyExpiration, &mask::printable(expiration.as_bytes()))];
    for condition in conditions(&policy) {
        let text = condition.to_string();
        let shown =
            if secret_in(condition) { mask::MASK.to_owned() } else { mask::printable(text.as_bytes()) };
        lines.push(Line { met: meets(&text), ..line(Part::PolicyConditions, &shown) });
    }
    lines
}

/// Returns true if a policy can be printed: it is JSON, and no condition states a secret.
pub(crate) fn is_printable(document: &[u8]) -> bool {
    let policy = serde_json::from_slice::<serde_json::Value>(document);
    policy.is_ok_and(|policy| !conditions(&policy).iter().any(secret_in))
}

fn conditions(policy: &serde_json::Value) -> &[serde_json::Value] {
    policy.get("conditions").and_then(serde_json::Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns true if a condition states the value of a field that is a secret.
fn secret_in(condition: &serde_json::Value) -> bool {
    let is_name = |name: &str| is_secret(&name.trim_start_matches('$').to_ascii_lowercase());
    match condition {
        serde_json::Value::Object(members) => members.keys().any(|name| is_name(name)),
        serde_json::Value::Array(parts) => parts.iter().filter_map(|part| part.as_str()).any(is_name),
        _ => false,
    }
}

pub(crate) fn line(part: Part, text: &str) -> Line {
    of_spans(part, vec![span(part, text)])
}

fn span(part: Part, text: &str) -> Span {
    Span { part, text: text.to_owned() }
}

fn of_spans(part: Part, spans: Vec<Span>) -> Line {
    Line { part, text: spans.iter().map(|span| span.text.as_str()).collect(), spans, met: None }
}
