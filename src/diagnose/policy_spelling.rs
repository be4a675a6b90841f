//! The spellings of the Base64 text of a policy, as programs write them.
//!
//! ```text
//! standard alphabet with padding, in one line      what S3 expects
//! `-` and `_`, without `=`                         base64url (RFC 4648, section 5), as JSON Web Tokens have it
//! a line break after 60, 64 or 76 characters       Ruby's `encode64`; PEM (RFC 7468); MIME (RFC 2045), as in Python and Java
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Decodes the Base64 text of a form's policy in any spelling: in both alphabets, with and without padding and line breaks.
///
/// S3 accepts only the standard alphabet with padding. Returns `None` if the text does not decode to a JSON object; the JSON
/// itself is not checked.
///
/// ```
/// use countersign::diagnose::policy_document;
///
/// assert_eq!(policy_document("eyJjb25kaXRpb25zIjpbXX0=").as_deref(), Some(r#"{"conditions":[]}"#));
/// assert_eq!(policy_document("eyJjb25kaXRp\r\nb25zIjpbXX0").as_deref(), Some(r#"{"conditions":[]}"#));
/// assert_eq!(policy_document("policy"), None);
/// ```
#[must_use]
pub fn policy_document(text: &str) -> Option<String> {
    let plain: String = text.split_whitespace().collect();
    let bytes = LENIENT.decode(plain.replace('-', "+").replace('_', "/")).ok()?;
    let document = String::from_utf8(bytes).ok()?;
    document.trim_start().starts_with('{').then_some(document)
}

/// Returns the spellings that a signer could have signed of a policy that was received as `received`.
pub(super) fn all(received: &str, document: &str) -> Vec<String> {
    let line_feeds = received.replace("\r\n", "\n");
    let mut all: Vec<String> =
        alloc::vec![line_feeds.replace('\n', "\r\n"), line_feeds.trim_end().into(), line_feeds];
    for encoding in [&STANDARD, &URL_SAFE, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        let text = encoding.encode(document);
        for width in [60, 64, 76] {
            for line_break in ["\n", "\r\n"] {
                let broken = broken(&text, width, line_break);
                all.push(broken.clone() + line_break);
                all.push(broken);
            }
        }
        all.push(text);
    }
    all
}

/// Joins the lines of a text that have this many characters.
fn broken(text: &str, width: usize, line_break: &str) -> String {
    let mut out = String::new();
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % width == 0 {
            out.push_str(line_break);
        }
        out.push(character);
    }
    out
}

/// Returns what differs between two spellings of one policy, as two phrases: of the signed one, and of the received one.
pub(super) fn difference(signed: &str, received: &str) -> (String, String) {
    let aspects: [fn(&str) -> &'static str; 3] = [line_breaks, alphabet, padding];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for aspect in aspects {
        let (our, their) = (aspect(signed), aspect(received));
        if our != their {
            ours.push(our);
            theirs.push(their);
        }
    }
    match ours.is_empty() {
        true => (
            "with line breaks at other positions".into(),
            "with the line breaks that the policy has now".into(),
        ),
        false => (ours.join(" and "), theirs.join(" and ")),
    }
}

/// Returns what S3 does not accept in a spelling; empty for the spelling that S3 expects.
pub(super) fn oddities(text: &str) -> Vec<&'static str> {
    let is_odd = [text.contains('\n'), text.contains(['-', '_']), padding(text) == WITHOUT_PADDING];
    let names = [line_breaks(text), alphabet(text), padding(text)];
    is_odd.into_iter().zip(names).filter(|(is_odd, _)| *is_odd).map(|(_, name)| name).collect()
}

fn line_breaks(text: &str) -> &'static str {
    match (text.contains("\r\n"), text.contains('\n')) {
        (true, _) => "with CR LF as line break",
        (false, true) => "with LF as line break",
        (false, false) => "without line breaks",
    }
}

fn alphabet(text: &str) -> &'static str {
    if text.contains(['-', '_']) { "in the URL-safe alphabet" } else { "in the standard alphabet" }
}

fn padding(text: &str) -> &'static str {
    let digits = text.chars().filter(|character| !character.is_whitespace()).count();
    if digits % 4 == 0 { "with padding" } else { WITHOUT_PADDING }
}

const WITHOUT_PADDING: &str = "without padding";

/// Accepts Base64 with and without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
