//! The encoding of a text: Windows writes UTF-16, and a byte order mark before UTF-8.

use std::borrow::Cow;

/// Returns a text as UTF-8 without a byte order mark. A text without a mark is returned as it is.
#[must_use]
pub fn plain(input: &[u8]) -> Cow<'_, [u8]> {
    let of_pair: fn([u8; 2]) -> u16 = match input {
        [0xef, 0xbb, 0xbf, rest @ ..] => return Cow::Borrowed(rest),
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Cow::Borrowed(input),
    };
    let (pairs, _) = input.as_chunks();
    let units = pairs.iter().skip(1).map(|pair| of_pair(*pair));
    let text: String =
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Cow::Owned(text.into_bytes())
}
