//! Masks secrets, and makes text safe for a terminal.

use countersign::steps::is_secret;

/// The text that replaces a secret.
pub(crate) const MASK: &str = "(not shown)";

/// Returns the value of a header, or the mask if it is a secret.
pub(crate) fn value(name: &str, value: &[u8]) -> String {
    if is_secret(name) { MASK.to_owned() } else { printable(value) }
}

/// Returns a parameter with its value masked if it is a secret or a signature.
pub(crate) fn parameter(pair: &str, show_signature: bool) -> String {
    let Some((name, value)) = pair.split_once('=') else { return scrubbed(pair, show_signature) };
    let value = match name.to_ascii_lowercase().as_str() {
        "x-amz-signature" => signature(value, show_signature),
        name if is_secret(name) => MASK.to_owned(),
        _ => return scrubbed(pair, show_signature),
    };
    format!("{}={value}", printable(name.as_bytes()))
}

/// Returns text with signatures and session tokens masked wherever they are: in a URL that was escaped or encoded once
/// more, the names and the separators have other spellings.
pub(crate) fn scrubbed(text: &str, show_signature: bool) -> String {
    const NAMES: [&str; 3] = ["x-amz-signature", "x-amz-security-token", "x-amz-s3session-token"];
    let lower = text.to_ascii_lowercase();
    let (mut out, mut at) = (String::new(), 0);
    let slice = |text: &str, from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    while let Some((start, name)) =
        NAMES.iter().filter_map(|name| Some((at + lower.get(at..)?.find(name)?, *name))).min()
    {
        let after = start + name.len();
        let rest = lower.get(after..).unwrap_or_default();
        let separator = ["=", "%3d", "%253d"].iter().find(|separator| rest.starts_with(**separator));
        let value = after + separator.map_or(0, |separator| separator.len());
        out += &printable(slice(text, at, value).as_bytes());
        at = value;
        if separator.is_some() {
            let rest = lower.get(value..).unwrap_or_default();
            let ends = ["&", "%26", "%2526", " ", "\"", "'", ";"];
            let length = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
            at = value + length;
            let digits = slice(text, value, at);
            out += &match name {
                "x-amz-signature" => signature(&digits, show_signature),
                _ => MASK.to_owned(),
            };
        }
    }
    out + &printable(text.get(at..).unwrap_or_default().as_bytes())
}

/// Returns the first digits of a signature, which are enough to compare two. With the rest of the request, a
/// signature is permission to send it.
pub(crate) fn signature(digits: &str, show: bool) -> String {
    match digits.get(..8) {
        Some(start) if !show && digits.len() > 8 => format!("{}… {MASK}", printable(start.as_bytes())),
        _ => printable(digits.as_bytes()),
    }
}

/// Returns text that a terminal prints as it is: control characters, directional characters and bytes that are not
/// UTF-8 are escaped.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let is_directional = matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            if character.is_control() || is_directional {
                out.extend(character.escape_unicode());
            } else {
                out.push(character);
            }
        }
        for byte in chunk.invalid() {
            out += &format!("\\x{byte:02x}");
        }
    }
    out
}
