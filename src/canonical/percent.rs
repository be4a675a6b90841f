//! Percent-encoding: *UriEncode* of the specification.
//!
//! Use [`query`] for a query, [`encode`] for one of its names or values, and [`encode_path`] for a
//! path, before the URI is signed.
//!
//! ```text
//! canonical   = *( unreserved / pct-encoded )        in a path also "/"
//! unreserved  = ALPHA / DIGIT / "-" / "." / "_" / "~"
//! pct-encoded = "%" HEXDIG HEXDIG                  upper case, of a byte that is not unreserved
//! ```
//!
//! Each byte has one canonical spelling. A string in another spelling is decoded once and
//! encoded once when it is signed.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1
//! (*UriEncode*); RFC 3986, sections 2.1 and 2.3.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte};
use smallvec::SmallVec;
use zeroize::Zeroizing;

use crate::bytes::{self, UNRESERVED};
use crate::error::{InvalidUri, RequestError};

/// Everything except *unreserved*.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a query name, a query value or a path segment.
///
/// Every byte except the unreserved characters of RFC 3986 (letters, digits, `-`,
/// `.`, `_`, `~`) becomes `%XX`, in upper case.
///
/// ```
/// assert_eq!(countersign::uri::encode("a/b c+d~é"), "a%2Fb%20c%2Bd~%C3%A9");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, RESERVED).collect()
}

/// Encodes a path like [`encode`], except that `/` is kept.
///
/// S3 signs exactly this spelling of an object's key, so the client can send the path as
/// it is signed.
///
/// ```
/// assert_eq!(countersign::uri::encode_path("/photos/a b+c.jpg"), "/photos/a%20b%2Bc.jpg");
/// ```
#[must_use]
pub fn encode_path(path: &str) -> String {
    const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');
    percent_encoding::utf8_percent_encode(path, RESERVED_IN_PATH).collect()
}

/// Encodes the names and values of a query, and joins them with `=` and `&`.
///
/// ```
/// let query = countersign::uri::query(&[("list-type", "2"), ("prefix", "a b+c/")]);
/// assert_eq!(query, "list-type=2&prefix=a%20b%2Bc%2F");
/// ```
#[must_use]
pub fn query(parameters: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(percent_encoding::utf8_percent_encode(name, RESERVED));
        query.push('=');
        query.extend(percent_encoding::utf8_percent_encode(value, RESERVED));
    }
    query
}

/// Encodes a secret like [`encode`], into a buffer that never grows: growing would leave
/// a copy in memory that is not wiped.
pub(crate) fn encode_secret(text: &str) -> Zeroizing<String> {
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    encoded.extend(percent_encoding::utf8_percent_encode(text, RESERVED));
    encoded
}

/// The part of a URI that is put into canonical spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    /// A path that is an object's key: `%2F` is a slash like any other.
    Key,
    /// A path of labels, such as ARNs: `/` separates labels, and `%2F` is a character of one.
    Labels,
    /// A name or a value of a query: `+` is a space.
    Query,
}

/// Appends `text` in canonical spelling: decodes it once, and encodes it once.
pub(super) fn push_canonical(
    out: &mut Vec<u8>,
    text: &[u8],
    component: Component,
) -> Result<(), RequestError> {
    push_canonical_with(out, text, component, |_, _| {})
}

/// Appends the bytes of [`push_canonical`]. After each byte or triplet of `text`, calls `each` with its
/// range in `text` and with the length of `out`.
#[inline]
pub(super) fn push_canonical_with(
    out: &mut Vec<u8>,
    text: &[u8],
    component: Component,
    mut each: impl FnMut(Range<usize>, usize),
) -> Result<(), RequestError> {
    let keep_slash = component != Component::Query;
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let start = text.len() - rest.len();
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let byte = decode_triplet(*high, *low).ok_or(InvalidUri::PercentEncoding)?;
                push_byte(out, byte, component == Component::Key);
                tail
            }
            (b'%', _) => return Err(InvalidUri::PercentEncoding.into()),
            (b'+', tail) if component == Component::Query => {
                push_byte(out, b' ', false);
                tail
            }
            (byte, tail) => {
                push_byte(out, byte, keep_slash);
                tail
            }
        };
        each(start..text.len() - rest.len(), out.len());
    }
    Ok(())
}

/// Returns true if two hex digits follow each `%`.
pub(crate) fn has_valid_triplets(text: &[u8]) -> bool {
    bytes::find_iter(text, b'%').all(|percent| match text.get(percent + 1..) {
        Some([high, low, ..]) => decode_triplet(*high, *low).is_some(),
        _ => false,
    })
}

/// Appends one byte in canonical spelling.
#[inline]
pub(crate) fn push_byte(out: &mut Vec<u8>, byte: u8, keep_slash: bool) {
    if is_unreserved(byte) || keep_slash && byte == b'/' {
        out.push(byte);
    } else {
        out.extend_from_slice(percent_encode_byte(byte).as_bytes());
    }
}

/// Returns true if `%`, `high` and `low` are in upper case and encode a byte that
/// is not unreserved.
#[inline]
pub(super) fn is_canonical_triplet(high: u8, low: u8) -> bool {
    // `a` to `f` are the only hex digits that are not less than `a`.
    high < b'a' && low < b'a' && decode_triplet(high, low).is_some_and(|byte| !is_unreserved(byte))
}

/// Returns the byte of `%`, `high` and `low`; `None` unless both are hex digits.
#[inline]
pub(super) fn decode_triplet(high: u8, low: u8) -> Option<u8> {
    let value = |digit: u8| HEX.get(usize::from(digit)).copied().unwrap_or(NO_HEX);
    let (high, low) = (value(high), value(low));
    ((high | low) < 16).then_some(high << 4 | low)
}

#[inline]
fn is_unreserved(byte: u8) -> bool {
    IS_UNRESERVED.get(usize::from(byte)).copied().unwrap_or_default()
}

/// [`UNRESERVED`] as a table, for strings that are written byte by byte.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const IS_UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = UNRESERVED.contains(byte as u8);
        byte += 1;
    }
    table
};

/// The value of each hex digit, in either case.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const HEX: [u8; 256] = {
    let mut table = [NO_HEX; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value as usize] as usize] = value;
        table[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    table
};
const NO_HEX: u8 = 0xff;

/// A decoded string, on the stack up to 256 bytes.
pub(crate) type Decoded = SmallVec<[u8; 256]>;

/// A decoded string, on the stack up to 1,024 bytes, which is enough for about 50 signed
/// headers of a URL.
pub(crate) type LongDecoded = SmallVec<[u8; 1024]>;

/// Decodes a string in canonical spelling once.
pub(crate) fn decoded(text: &[u8]) -> Decoded {
    let mut decoded = Decoded::new();
    decode_to(text, |part| decoded.extend_from_slice(part));
    decoded
}

/// Decodes a string in canonical spelling once. Returns `text` itself if it has no `%`.
#[inline]
pub(crate) fn decode_in<'a>(text: &'a [u8], scratch: &'a mut LongDecoded) -> &'a [u8] {
    if bytes::find(text, b'%').is_none() {
        return text;
    }
    // A decoded string is never longer.
    scratch.extend_from_slice(text);
    let room = scratch.as_mut_slice();
    let mut length = 0;
    decode_to(text, |part| {
        let end = length + part.len();
        if let Some(slots) = room.get_mut(length..end) {
            slots.copy_from_slice(part);
        }
        length = end;
    });
    room.get(..length).unwrap_or_default()
}

/// Decodes a string in canonical spelling once, and calls `push` with each part.
#[inline]
pub(crate) fn decode_to(text: &[u8], mut push: impl FnMut(&[u8])) {
    let mut start = 0;
    for percent in bytes::find_iter(text, b'%') {
        push(text.get(start..percent).unwrap_or_default());
        if let Some([high, low, ..]) = text.get(percent + 1..) {
            push(&[decode_triplet(*high, *low).unwrap_or_default()]);
        }
        start = percent + 3;
    }
    push(text.get(start..).unwrap_or_default());
}

/// Decodes a string in any spelling once.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn every_byte_has_one_canonical_spelling() {
        for byte in 0..=255u8 {
            let mut spelled = Vec::new();
            push_byte(&mut spelled, byte, false);
            let expected: String = percent_encoding::percent_encode(&[byte], RESERVED).collect();
            assert_eq!(spelled, expected.as_bytes());
            assert_eq!(decoded(&spelled).as_slice(), [byte]);
            for text in [alloc::format!("%{byte:02X}"), alloc::format!("%{byte:02x}")] {
                let mut recoded = Vec::new();
                push_canonical(&mut recoded, text.as_bytes(), Component::Query).expect("a triplet");
                assert_eq!(recoded, spelled, "{text}");
                let [_, high, low] = *text.as_bytes() else { panic!("three bytes") };
                assert_eq!(decode_triplet(high, low), Some(byte));
                assert_eq!(is_canonical_triplet(high, low), text.as_bytes() == spelled, "{text}");
            }
        }
    }

    #[test]
    fn rejects_a_percent_sign_without_two_hex_digits() {
        for text in ["%", "%4", "a%4", "%g0", "%0g", "%%41", "%+1"] {
            for component in [Component::Key, Component::Labels, Component::Query] {
                let result = push_canonical(&mut Vec::new(), text.as_bytes(), component);
                assert_eq!(result, Err(InvalidUri::PercentEncoding.into()), "{text}");
            }
        }
    }

    #[test]
    fn a_plus_is_a_space_only_in_a_query_and_an_encoded_slash_separates_only_in_a_key() {
        let spelled = |component| {
            let mut out = Vec::new();
            push_canonical(&mut out, b"a+b/%2F", component).expect("valid");
            String::from_utf8(out).expect("ASCII")
        };
        assert_eq!(spelled(Component::Key), "a%2Bb//");
        assert_eq!(spelled(Component::Labels), "a%2Bb/%2F");
        assert_eq!(spelled(Component::Query), "a%20b%2F%2F");
    }
}
