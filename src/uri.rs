//! Paths and queries in canonical form.
//!
//! One canonical form, computed from the text that goes over the wire, for
//! both ends. A text that is canonical already is found to be so and copied;
//! only other text is decoded and encoded.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1
//! (*UriEncode*); S3 API Reference, "Signature Calculations for the
//! Authorization Header", *CanonicalURI* and *CanonicalQueryString*.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte};
use smallvec::SmallVec;
use zeroize::Zeroizing;

use crate::request::RequestError;
use crate::scan;
use crate::service::Rules;

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
const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
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

fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or(ENCODED)
}

/// Whether `text` is its own canonical form: unreserved characters, upper-case
/// triplets of other bytes, and slashes where they are separators.
fn is_canonical(text: &[u8], slash: bool) -> bool {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match class(*first) {
            PLAIN => tail,
            SLASH if slash => tail,
            PERCENT => match tail {
                [high, low, tail @ ..] if is_canonical_triplet(*high, *low) => tail,
                _ => return false,
            },
            _ => return false,
        };
    }
    true
}

/// The byte of a triplet in upper case, unless it should stand for itself.
fn is_canonical_triplet(high: u8, low: u8) -> bool {
    !matches!((high, low), (b'a'..=b'f', _) | (_, b'a'..=b'f'))
        && triplet(high, low).is_some_and(|byte| class(byte) != PLAIN)
}

fn triplet(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (hex(high), hex(low));
    ((high | low) < 16).then_some(high << 4 | low)
}

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
pub(crate) fn push_byte(out: &mut Vec<u8>, byte: u8, slash: bool) {
    match class(byte) {
        PLAIN => out.push(byte),
        SLASH if slash => out.push(byte),
        _ => out.extend_from_slice(percent_encode_byte(byte).as_bytes()),
    }
}

/// Decodes once and encodes once.
fn push_recoded(out: &mut Vec<u8>, text: &[u8], place: Place) -> Result<(), RequestError> {
    let slash = matches!(place, Place::Path);
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let byte = triplet(*high, *low).ok_or(RequestError::InvalidUri)?;
                // An encoded slash is part of a segment, and stays encoded.
                push_byte(out, byte, false);
                tail
            }
            (b'%', _) => return Err(RequestError::InvalidUri),
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
enum Place {
    Path,
    Query,
}

/// *CanonicalURI*, from the path as sent.
pub(crate) fn write_path(out: &mut Vec<u8>, path: &str, rules: Rules) -> Result<(), RequestError> {
    let as_sent = rules.normalize_path || rules.encode_path_twice;
    if as_sent && !rules.raw_path && scan::any(path.as_bytes(), |byte| !byte.is_ascii_graphic()) {
        return Err(RequestError::InvalidUri);
    }
    if rules.normalize_path {
        // Also of the segments that are resolved away.
        check_triplets(path.as_bytes())?;
        if has_encoded_dots(path) {
            return Err(RequestError::InvalidUri);
        }
    }
    if !rules.normalize_path || is_normal(path) {
        return write_segments(out, path, rules);
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    for segment in &segments {
        out.push(b'/');
        write_segments(out, segment, rules)?;
    }
    // A trailing slash stays while there is something before it.
    if segments.is_empty() || path.ends_with('/') {
        out.push(b'/');
    }
    Ok(())
}

/// A path as it can be sent: what RFC 3986, section 3.3, has no place for is
/// encoded. Clients would do so, or worse, behind the signature's back.
pub(crate) fn sendable(path: &str) -> Cow<'_, str> {
    const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'\\')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    if path.is_empty() {
        Cow::Borrowed("/")
    } else {
        percent_encoding::utf8_percent_encode(path, NOT_IN_A_PATH).into()
    }
}

/// Whether decoding the path makes a dot segment that was none before: the
/// signature would not resolve it, and whoever decodes the path might.
fn has_encoded_dots(path: &str) -> bool {
    path.contains('%') && dot_segments(percent_decode_str(path)) != dot_segments(path.bytes())
}

/// How many segments are `.` or `..`.
fn dot_segments(path: impl Iterator<Item = u8>) -> usize {
    let (mut segments, mut length, mut dots) = (0, 0usize, true);
    for byte in path.chain([b'/']) {
        if byte == b'/' {
            segments += usize::from(dots && (length == 1 || length == 2));
            (length, dots) = (0, true);
        } else {
            length += 1;
            dots &= byte == b'.';
        }
    }
    segments
}

/// Whether there is nothing to resolve: no empty and no dot segment.
fn is_normal(path: &str) -> bool {
    path.starts_with('/') && !path.contains("//") && !path.contains("/.")
}

fn write_segments(out: &mut Vec<u8>, path: &str, rules: Rules) -> Result<(), RequestError> {
    let path = if path.is_empty() { "/" } else { path };
    if rules.encode_path_twice {
        if path.bytes().all(|byte| class(byte) <= SLASH) {
            out.extend_from_slice(path.as_bytes());
        } else {
            check_triplets(path.as_bytes())?;
            path.bytes().for_each(|byte| push_byte(out, byte, true));
        }
        return Ok(());
    }
    if is_canonical(path.as_bytes(), true) {
        out.extend_from_slice(path.as_bytes());
        return Ok(());
    }
    push_recoded(out, path.as_bytes(), Place::Path)
}

fn check_triplets(text: &[u8]) -> Result<(), RequestError> {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (*first, tail) {
            (b'%', [high, low, tail @ ..]) if triplet(*high, *low).is_some() => tail,
            (b'%', _) => return Err(RequestError::InvalidUri),
            (_, tail) => tail,
        };
    }
    Ok(())
}

/// Name and value of a query pair as they stand; no `=` is an empty value.
pub(crate) fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// One query pair in canonical spelling, with the first bytes of its name as a
/// number to sort by.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    prefix: u128,
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl<'a> Pair<'a> {
    pub(crate) fn new(name: &'a [u8], value: &'a [u8]) -> Self {
        Self { prefix: prefix(name), name, value }
    }

    fn order(&self, other: &Self) -> Ordering {
        self.prefix
            .cmp(&other.prefix)
            .then_with(|| self.name.cmp(other.name))
            .then_with(|| self.value.cmp(other.value))
    }
}

/// The first sixteen bytes as a number: sorts as the text does where it differs.
#[inline]
pub(crate) fn prefix(text: &[u8]) -> u128 {
    if let Some(first) = text.first_chunk::<16>() {
        return u128::from_be_bytes(*first);
    }
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(text) {
        *to = *from;
    }
    u128::from_be_bytes(first)
}

/// The pairs of a query, on the stack while there are no more than 64.
pub(crate) struct Pairs<'a>(SmallVec<[Pair<'a>; 64]>);

impl<'a> Pairs<'a> {
    pub(crate) fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Adds the pairs of a query as sent, spelled canonically; a query of
    /// which some pair is not is written to `scratch` first. Empty pairs (`&&`)
    /// are dropped.
    pub(crate) fn read(&mut self, query: &'a str, scratch: &'a mut Vec<u8>) -> Result<(), RequestError> {
        let first = self.0.len();
        if self.read_canonical(query.as_bytes()) {
            return Ok(());
        }
        let raw = || query.split('&').filter(|pair| !pair.is_empty()).map(split_pair);
        let mut ends: SmallVec<[(usize, usize); 64]> = SmallVec::new();
        for (name, value) in raw() {
            push_recoded(scratch, name.as_bytes(), Place::Query)?;
            let middle = scratch.len();
            push_recoded(scratch, value.as_bytes(), Place::Query)?;
            ends.push((middle, scratch.len()));
        }
        let mut rest = scratch.as_slice();
        let mut start = 0;
        for (pair, (middle, end)) in self.0.iter_mut().skip(first).zip(ends) {
            let (name, after) = rest.split_at_checked(middle - start).unwrap_or_default();
            let (value, after) = after.split_at_checked(end - middle).unwrap_or_default();
            *pair = Pair::new(name, value);
            (rest, start) = (after, end);
        }
        Ok(())
    }

    /// Adds the pairs as they stand, in one pass; returns whether all of them
    /// are spelled canonically.
    fn read_canonical(&mut self, query: &'a [u8]) -> bool {
        let (mut rest, mut canonical) = (query, true);
        let (mut start, mut equals) = (query, None);
        loop {
            let [first, tail @ ..] = rest else {
                self.add(start, equals);
                return canonical;
            };
            (rest, canonical) = match (class(*first), tail) {
                (PLAIN, tail) => (tail, canonical),
                (PERCENT, [high, low, tail @ ..]) if is_canonical_triplet(*high, *low) => (tail, canonical),
                (_, tail) if *first == b'&' => {
                    self.add(start.get(..start.len() - rest.len()).unwrap_or_default(), equals);
                    (start, equals) = (tail, None);
                    (tail, canonical)
                }
                (_, tail) if *first == b'=' && equals.is_none() => {
                    equals = Some(start.len() - rest.len());
                    (tail, canonical)
                }
                (_, tail) => (tail, false),
            };
        }
    }

    fn add(&mut self, pair: &'a [u8], equals: Option<usize>) {
        let (name, value) = match equals.and_then(|equals| pair.split_at_checked(equals)) {
            Some((name, value)) => (name, value.get(1..).unwrap_or_default()),
            None => (pair, &[][..]),
        };
        if !pair.is_empty() {
            self.0.push(Pair::new(name, value));
        }
    }

    /// Sorted by encoded name, then by encoded value. Not by the joined text,
    /// in which `=` would sort above `-` and the digits.
    pub(crate) fn sort(&mut self) {
        if !self.0.is_sorted_by(|a, b| a.order(b).is_le()) {
            self.0.sort_unstable_by(Pair::order);
        }
    }

    pub(crate) fn iter(&self) -> core::slice::Iter<'_, Pair<'a>> {
        self.0.iter()
    }

    pub(crate) fn push(&mut self, pair: Pair<'a>) {
        self.0.push(pair);
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|pair| pair.name != name.as_bytes());
    }

    /// The first name that stands twice, of sorted pairs.
    pub(crate) fn repeated(&self) -> Option<&'a [u8]> {
        self.0.windows(2).find_map(|two| match two {
            [a, b] if a.name == b.name => Some(a.name),
            _ => None,
        })
    }
}

/// *CanonicalQueryString* of sorted pairs.
pub(crate) fn write_pairs<'p, 'a: 'p>(out: &mut Vec<u8>, pairs: impl Iterator<Item = &'p Pair<'a>>) {
    let start = out.len();
    for pair in pairs {
        if out.len() > start {
            out.push(b'&');
        }
        out.extend_from_slice(pair.name);
        out.push(b'=');
        out.extend_from_slice(pair.value);
    }
}

/// Decodes canonical text once, to the end of `out`.
pub(crate) fn push_decoded(out: &mut impl Extend<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some(percent) = rest.iter().position(|byte| *byte == b'%') {
        let (plain, encoded) = rest.split_at_checked(percent).unwrap_or_default();
        out.extend(plain.iter().copied());
        rest = match encoded {
            [_, high, low, tail @ ..] => {
                out.extend(triplet(*high, *low));
                tail
            }
            _ => &[],
        };
    }
    out.extend(rest.iter().copied());
}

/// Decodes a path or a query text once.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

/// The parameter that every presigned URL of Signature Version 2 has.
pub(crate) const VERSION_2: &str = "AWSAccessKeyId";

/// The parameters that carry a signature, by their decoded names.
pub(crate) const AUTHENTICATION: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// The value of an `X-Amz-Content-Sha256` parameter, in any case.
pub(crate) fn hash_parameter<'a>(pairs: &Pairs<'a>) -> Option<&'a [u8]> {
    pairs.iter().find(|pair| pair.name.eq_ignore_ascii_case(b"X-Amz-Content-Sha256")).map(|pair| pair.value)
}

/// Whether a query name as sent is one of [`AUTHENTICATION`], in any case and
/// any spelling.
pub(crate) fn is_authentication_parameter(name: &str) -> bool {
    if !name.starts_with(['x', 'X', '%']) {
        return false;
    }
    let is = |name: &[u8]| AUTHENTICATION.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    if name.contains('%') { is(&decode(name)) } else { is(name.as_bytes()) }
}
