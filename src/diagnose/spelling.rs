//! Other spellings of a path or of a query: decoded, encoded once, with plus signs as spaces.

use alloc::string::String;
use alloc::vec::Vec;

use crate::canonical::percent::{decode, push_byte};

/// Decodes and encodes each segment once. An encoded slash stays encoded.
pub(super) fn recoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    for (index, segment) in text.split('/').enumerate() {
        if index > 0 {
            out.push(b'/');
        }
        decode(segment).iter().for_each(|byte| push_byte(&mut out, *byte, false));
    }
    lossy(out)
}

/// Encodes a path that is encoded already.
pub(super) fn encoded_again(text: &str, keep_slash: bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    text.bytes().for_each(|byte| push_byte(&mut out, byte, keep_slash));
    lossy(out)
}

/// Decodes once. Returns `None` if nothing is encoded.
pub(super) fn decoded_once(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let decoded = String::from_utf8(decode(text)).ok()?;
    (decoded != text).then_some(decoded)
}

/// Resolves dot segments and repeated slashes.
pub(super) fn normalized(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let slash = if path.ends_with(['/', '.']) && !segments.is_empty() { "/" } else { "" };
    alloc::format!("/{}{slash}", segments.join("/"))
}

/// Writes spaces and plus signs, in every spelling, as `+`.
pub(super) fn with_plus(text: &str) -> String {
    text.replace("%20", "+").replace("%2B", "+").replace("%2b", "+").replace(' ', "+")
}

/// Returns true if both spell the same characters, except for the case of hexadecimal digits and
/// for unreserved characters that are encoded.
pub(super) fn differ_in_hex_only(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        let mut out = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            let digits = (byte == b'%').then(|| bytes.clone().take(2).collect::<Vec<u8>>());
            match digits.map(lossy) {
                Some(digits) if digits.len() == 2 && decode(&alloc::format!("%{digits}")).len() == 1 => {
                    bytes.by_ref().take(2).for_each(drop);
                    let decoded = decode(&alloc::format!("%{digits}"));
                    decoded.iter().for_each(|byte| push_byte(&mut out, *byte, false));
                }
                _ => out.push(byte),
            }
        }
        out
    };
    plain(a) == plain(b)
}

/// Returns the text in which each byte that is not ASCII was written as a character of Latin-1.
pub(super) fn latin1_as_utf8(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}

/// Returns true if two strings differ only in characters that are not ASCII: in their encoding, or in
/// how accents are composed.
pub(super) fn differ_in_non_ascii_only(a: &[u8], b: &[u8]) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return false;
    }
    let same = |a: &[u8], b: &[u8]| latin1_as_utf8(a) == b || latin1_as_utf8(b) == a;
    // A question mark instead of each character, or nothing.
    let ascii = |text: &[u8]| -> Vec<u8> {
        text.iter().copied().filter(|byte| byte.is_ascii() && *byte != b'?').collect()
    };
    if a.is_ascii() != b.is_ascii() && ascii(a) == ascii(b) {
        return true;
    }
    same(a, b)
        || matches!((core::str::from_utf8(a), core::str::from_utf8(b)), (Ok(a), Ok(b)) if compose_alike(a, b))
}

/// Returns true if both strings agree in every character, except where one has a letter with a
/// combining mark and the other a composed letter.
fn compose_alike(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(x), Some(y)) if x == y => {}
            (Some(x), Some(y)) => {
                let x_marked = a.next_if(|next| is_combining(*next)).is_some();
                let y_marked = b.next_if(|next| is_combining(*next)).is_some();
                let composes = x_marked && !y_marked && x.is_ascii() && !y.is_ascii();
                let decomposes = y_marked && !x_marked && y.is_ascii() && !x.is_ascii();
                if !composes && !decomposes {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

const fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Returns the value without spaces at its ends, with runs of spaces replaced by one.
pub(super) fn folded(value: &[u8]) -> Vec<u8> {
    let words = value.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ')
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
