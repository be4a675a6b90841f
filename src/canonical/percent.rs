//! Paths and queries in canonical form.
//!
//! One canonical form, computed from the text that goes over the wire, for
//! both ends. A text that is canonical already is found to be so and copied;
//! only other text is decoded and encoded.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1
//! (*UriEncode*); S3 API Reference, "Signature Calculations for the
//! Authorization Header", *CanonicalURI* and *CanonicalQueryString*.

use alloc::string::String;
use alloc::vec::Vec;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte};
use smallvec::SmallVec;
use zeroize::Zeroizing;

use crate::bytes::scan::{self, Lanes, Sixteen, first_sixteen};
use crate::bytes::text::Room;
use crate::error::{InvalidUri, RequestError};

/// Everything but `A-Z a-z 0-9 - . _ ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one query name or value, or one path segment: everything but the
/// unreserved characters of RFC 3986 becomes `%XX`, in upper case.
///
/// ```
/// assert_eq!(countersign::uri::encode("a/b c+d~é"), "a%2Fb%20c%2Bd~%C3%A9");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, RESERVED).collect()
}

/// As [`encode`], without leaving a half-written copy behind: for secrets.
pub(crate) fn encode_secret(text: &str) -> Zeroizing<String> {
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    encoded.extend(percent_encoding::utf8_percent_encode(text, RESERVED));
    encoded
}

/// Encodes a path whose slashes are separators: as [`encode`], but `/` stays.
///
/// What this returns is what S3 signs, so the key that is sent and the key
/// that is signed are one text.
///
/// ```
/// assert_eq!(countersign::uri::encode_path("/photos/a b+c.jpg"), "/photos/a%20b%2Bc.jpg");
/// ```
#[must_use]
pub fn encode_path(path: &str) -> String {
    const SET: &AsciiSet = &RESERVED.remove(b'/');
    percent_encoding::utf8_percent_encode(path, SET).collect()
}

/// Whether a byte stands for itself.
#[inline]
const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// Which of sixteen stand for themselves.
#[inline(always)]
pub(super) fn unreserved(bytes: Sixteen) -> Lanes {
    bytes.letters() | bytes.within(b'0', b'9') | bytes.within(b'-', b'.') | bytes.are(b'_') | bytes.are(b'~')
}

/// The same, and slashes, which lie between `.` and `0`.
#[inline(always)]
pub(super) fn unreserved_or_slash(bytes: Sixteen) -> Lanes {
    bytes.letters() | bytes.within(b'-', b'9') | bytes.are(b'_') | bytes.are(b'~')
}

/// What each byte is, in one look.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const CLASS: [u8; 256] = {
    let mut class = [ENCODED; 256];
    let mut byte = 0u8;
    loop {
        class[byte as usize] = match byte {
            b'/' => SLASH,
            b'%' => PERCENT,
            _ if is_unreserved(byte) => PLAIN,
            _ => ENCODED,
        };
        if byte == 255 {
            break;
        }
        byte += 1;
    }
    class
};
const PLAIN: u8 = 0;
const SLASH: u8 = 1;
const PERCENT: u8 = 2;
const ENCODED: u8 = 3;

#[inline]
fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or(ENCODED)
}

/// Whether a path is its own canonical form: unreserved characters, slashes, and
/// upper-case triplets of other bytes.
#[inline(always)]
pub(super) fn is_canonical_path(text: &[u8]) -> bool {
    let other = |bytes| !unreserved_or_slash(bytes);
    let Some(place) = scan::position(text, other) else { return true };
    let text = text.get(place..).unwrap_or_default();
    let odd = |bytes: Sixteen, high, low| other(bytes) & !(bytes.are(b'%') & surely_encoded(high, low));
    !scan::any_triple(text, odd) || has_canonical_triplets(text, other)
}

/// Which of sixteen pairs of digits are those of a byte that is encoded, in
/// upper case: all beyond ASCII, and of ASCII those that are seen most. The
/// others are looked at one by one. What lies between `9` and `A` counts as a
/// digit here: a path that has it is none, wherever it stands.
#[inline(always)]
fn surely_encoded(high: Sixteen, low: Sixteen) -> Lanes {
    let beyond_ascii = high.within(b'8', b'F');
    let hex = low.within(b'0', b'F');
    // 0x20 to 0x2f, without `-` and `.`
    let punctuation = high.are(b'2') & !low.within(b'D', b'E');
    hex & (beyond_ascii | punctuation)
}

/// Whether all that is `other` belongs to canonical triplets, exactly: one after
/// the other.
fn has_canonical_triplets(text: &[u8], other: impl Fn(Sixteen) -> Lanes) -> bool {
    let mut rest = text;
    while let Some(place) = scan::position(rest, &other) {
        rest = match rest.get(place..) {
            Some([b'%', high, low, tail @ ..]) if is_canonical_triplet(*high, *low) => tail,
            _ => return false,
        };
    }
    true
}

/// Whether a triplet is in upper case, and its byte should not stand for itself.
#[inline]
pub(super) fn is_canonical_triplet(high: u8, low: u8) -> bool {
    // Upper-case digits, and all others that are digits, sort below `a`.
    high < b'a' && low < b'a' && triplet(high, low).is_some_and(|byte| class(byte) != PLAIN)
}

#[inline]
pub(super) fn triplet(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (hex(high), hex(low));
    ((high | low) < 16).then_some(high << 4 | low)
}

#[inline]
fn hex(digit: u8) -> u8 {
    HEX.get(usize::from(digit)).copied().unwrap_or(NO_HEX)
}

/// What each digit is worth.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const HEX: [u8; 256] = {
    let mut hex = [NO_HEX; 256];
    let mut value = 0;
    while value < 16 {
        hex[b"0123456789abcdef"[value as usize] as usize] = value;
        hex[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    hex
};
const NO_HEX: u8 = 0xff;

/// One byte in canonical spelling.
#[inline]
pub(crate) fn push_byte(out: &mut Vec<u8>, byte: u8, slash: bool) {
    match class(byte) {
        PLAIN => out.push(byte),
        SLASH if slash => out.push(byte),
        _ => out.extend_from_slice(percent_encode_byte(byte).as_bytes()),
    }
}

/// Decodes once and encodes once.
pub(super) fn push_recoded(out: &mut Vec<u8>, text: &[u8], place: Place) -> Result<(), RequestError> {
    let slash = matches!(place, Place::Path);
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let byte = triplet(*high, *low).ok_or(InvalidUri::PercentEncoding)?;
                // An encoded slash is part of a segment, and stays encoded.
                push_byte(out, byte, false);
                tail
            }
            (b'%', _) => return Err(InvalidUri::PercentEncoding.into()),
            (b'+', tail) if matches!(place, Place::Query) => {
                push_byte(out, b' ', false);
                tail
            }
            (byte, tail) => {
                push_byte(out, byte, slash);
                tail
            }
        };
    }
    Ok(())
}

#[derive(Clone, Copy)]
pub(super) enum Place {
    Path,
    Query,
}

/// Short text that was decoded, on the stack while it is short.
pub(crate) type Decoded = SmallVec<[u8; 256]>;

/// Decodes canonical text once.
pub(crate) fn decoded(text: &[u8]) -> Decoded {
    let mut decoded = Decoded::new();
    decode_to(text, |part| decoded.extend_from_slice(part));
    decoded
}

/// Decodes canonical text once; `push` is given the parts.
#[inline(always)]
pub(crate) fn decode_to(text: &[u8], mut push: impl FnMut(&[u8])) {
    let mut start = 0;
    for percent in scan::places(text, |bytes| bytes.are(b'%')) {
        push(text.get(start..percent).unwrap_or_default());
        if let Some([high, low, ..]) = text.get(percent + 1..) {
            push(&[triplet(*high, *low).unwrap_or_default()]);
        }
        start = percent + 3;
    }
    push(text.get(start..).unwrap_or_default());
}

/// The same, into room for as many bytes as the text has.
#[inline(always)]
pub(crate) fn decode_into(room: &mut Room<'_>, text: &[u8]) {
    let mut rest = text;
    while let Some(percent) = scan::position(rest, |bytes| bytes.are(b'%')) {
        let Some((part, [_, high, low, behind @ ..])) = rest.split_at_checked(percent) else { return };
        let byte = triplet(*high, *low).unwrap_or_default();
        // Sixteen bytes at a time; those from the sign on are written over.
        match percent {
            0..=16 => room.put_sixteen(first_sixteen(rest), percent, byte),
            _ => room.put(part, byte),
        }
        rest = behind;
    }
    room.put_last(rest);
}

/// Decodes any text once.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}
