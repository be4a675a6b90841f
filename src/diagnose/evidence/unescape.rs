//! Undoes the escapes of XML, HTML, JSON and of programming languages.
//!
//! Crates for XML, HTML and JSON reject text that is truncated or mixed with the lines of a log, and
//! people have such text. This scanner leaves unchanged what it does not know.

use alloc::string::String;
use alloc::vec::Vec;

/// Returns the text, and the text with its escapes undone once and twice, without repetitions.
pub(super) fn views(text: &str) -> Vec<String> {
    let (plain, decoded) = (backslashes(text), entities(text));
    let twice = [entities(&plain), entities(&decoded), backslashes(&plain)];
    let mut views = alloc::vec![String::from(text)];
    for view in [plain, decoded].into_iter().chain(twice) {
        if !views.contains(&view) {
            views.push(view);
        }
    }
    views
}

/// Replaces entities and character references once.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(before);
        match entity(from) {
            Some((character, length)) => {
                out.push(character);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// Returns the character of the entity at the start of `text`, and the entity's length.
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

/// Replaces the escapes of a string literal once: `\n`, `\"`, `\u0026`, `\x27` and the like.
pub(super) fn backslashes(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.extend_from_slice(before.as_bytes());
        let length = push_escape(from, &mut out);
        rest = from.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Appends the character of the escape at the start of `text`; returns the escape's length.
fn push_escape(text: &str, out: &mut Vec<u8>) -> usize {
    let hex =
        |from: usize, to: usize| text.get(from..to).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let simple = match text.as_bytes().get(1) {
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(quote @ (b'"' | b'\'' | b'\\' | b'/' | b'`')) => *quote,
        Some(b'x') => {
            // A byte of a literal of bytes in Python.
            let Some(Ok(byte)) = hex(2, 4).map(u8::try_from) else { return push_backslash(out) };
            out.push(byte);
            return 4;
        }
        Some(b'u') => {
            let Some(character) = hex(2, 6).and_then(char::from_u32) else { return push_backslash(out) };
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return 6;
        }
        _ => return push_backslash(out),
    };
    out.push(simple);
    2
}

fn push_backslash(out: &mut Vec<u8>) -> usize {
    out.push(b'\\');
    1
}

#[cfg(test)]
mod tests {
    use super::{backslashes, entities};

    #[test]
    fn replaces_known_escapes_once_and_keeps_others() {
        for (text, expected) in
            [("a&amp;lt;b&#10;&#x41;&apos;", "a&lt;b\nA'"), ("&unknown; &amp &;&", "&unknown; &amp &;&")]
        {
            assert_eq!(entities(text), expected);
        }
        for (text, expected) in [
            (r#"GET\n\"a\"\u0026\x27\\n"#, "GET\n\"a\"&'\\n"),
            (r"\xc3\xa9 \q \u12", "é \\q \\u12"),
            ("\\", "\\"),
        ] {
            assert_eq!(backslashes(text), expected);
        }
    }
}
