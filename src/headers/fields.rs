//! Header fields in canonical order.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::{SignedHeaders, is_amz};
use crate::request_error::RequestError;
use crate::scan;
use crate::uri::{Decoded, Pairs, decoded, prefix, push_byte};

/// One header field, with the lower-cased start of its name to sort by.
#[derive(Clone, Copy)]
pub(crate) struct Field<'r> {
    prefix: u128,
    index: usize,
    pub(crate) name: &'r str,
    pub(crate) value: &'r [u8],
}

impl Field<'_> {
    fn order(&self, other: &Self) -> Ordering {
        self.prefix
            .cmp(&other.prefix)
            .then_with(|| compare_lowercase(self.name.as_bytes(), other.name.as_bytes()))
            .then(self.index.cmp(&other.index))
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Where it was in the request, counted from 0.
    pub(crate) const fn index(&self) -> usize {
        self.index
    }

    /// Against a name in lower case.
    fn compare_name(&self, name: &str) -> Ordering {
        self.prefix
            .cmp(&prefix(name.as_bytes()))
            .then_with(|| compare_lowercase(self.name.as_bytes(), name.as_bytes()))
    }

    /// Letters, digits and `-` throughout, as nearly all names are.
    fn is_plain(&self) -> bool {
        let name = self.name.as_bytes();
        !name.is_empty()
            && !scan::any(name, |byte| {
                !(byte.is_ascii_lowercase()
                    | byte.is_ascii_uppercase()
                    | byte.is_ascii_digit()
                    | (byte == b'-'))
            })
    }

    fn write_name(&self, out: &mut Vec<u8>) {
        let start = self.prefix.to_be_bytes();
        match start.get(..self.name.len()) {
            Some(name) => out.extend_from_slice(name),
            None => {
                out.extend_from_slice(&start);
                out.extend(lowercase(self.name).skip(start.len()));
            }
        }
    }

    fn same_name(&self, other: &Self) -> bool {
        self.prefix == other.prefix && self.is(other.name)
    }
}

/// As their lower-cased texts compare, sixteen bytes at a time.
fn compare_lowercase(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let order = lowercase_each(prefix(a)).cmp(&lowercase_each(prefix(b)));
        if order.is_ne() {
            return order;
        }
        (a, b) = (a.get(16..).unwrap_or_default(), b.get(16..).unwrap_or_default());
    }
    // Of two names that begin alike the longer one is greater. A NUL, which
    // `prefix` fills up with, is in no name.
    a.len().cmp(&b.len())
}

fn lowercase(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// Header fields, on the stack while there are no more than 64.
pub(crate) struct Fields<'r>(SmallVec<[Field<'r>; 64]>);

impl<'r> Fields<'r> {
    pub(crate) fn new() -> Self {
        Self(SmallVec::new())
    }

    pub(crate) fn push(&mut self, name: &'r str, value: &'r [u8]) {
        let prefix = lowercase_each(prefix(name.as_bytes()));
        self.0.push(Field { prefix, index: self.0.len(), name, value });
    }

    /// By lower-cased name; fields of one name keep their order of arrival.
    pub(crate) fn sort(&mut self) {
        if !self.0.is_sorted_by(|a, b| a.order(b) == Ordering::Less) {
            self.0.sort_unstable_by(Field::order);
        }
    }

    pub(crate) fn iter(&self) -> core::slice::Iter<'_, Field<'r>> {
        self.0.iter()
    }

    /// At most how many bytes the block and two lists of names take.
    pub(crate) fn written(&self) -> usize {
        self.0.iter().map(|field| 3 * field.name.len() + field.value.len() + 6).sum()
    }

    /// Keeps the fields that `signed` names, of sorted fields, in one walk over
    /// both; `left_out` sees the others. Returns the first name that no field has.
    pub(crate) fn keep<'s>(
        &mut self,
        signed: &'s SignedHeaders<'_>,
        mut left_out: impl FnMut(&Field<'r>),
    ) -> Option<&'s str> {
        let mut expected = signed.iter().peekable();
        let (mut current, mut missing) = ("", None);
        self.0.retain(|field| {
            if field.is(current) {
                return true;
            }
            while let Some(name) = expected.peek() {
                match field.compare_name(name) {
                    Ordering::Equal => {
                        current = name;
                        expected.next();
                        return true;
                    }
                    // The list is past where the header would have stood.
                    Ordering::Greater => {
                        missing = missing.or(Some(*name));
                        expected.next();
                    }
                    Ordering::Less => break,
                }
            }
            left_out(field);
            false
        });
        missing.or_else(|| expected.next())
    }

    /// Fields with the name of the one before them, of sorted fields.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &Field<'r>> {
        self.0.windows(2).filter_map(|two| match two {
            [a, b] if a.same_name(b) => Some(b),
            _ => None,
        })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'r [u8]> {
        self.0.iter().find(|field| field.is(name)).map(|field| field.value)
    }

    /// The first header that says something else than a query parameter of its
    /// name, or is not its only one: which of them counts, servers do not agree on.
    pub(crate) fn contradicting(&self, pairs: &Pairs<'_>) -> Option<String> {
        if !self.iter().any(|field| is_amz(field.name)) {
            return None;
        }
        let lower = |name: &[u8]| -> Decoded { name.iter().map(u8::to_ascii_lowercase).collect() };
        let mut named: SmallVec<[(Decoded, &[u8]); 12]> = pairs
            .iter()
            .filter(|pair| pair.name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-")))
            .map(|pair| (lower(&decoded(pair.name)), pair.value))
            .collect();
        named.sort_unstable();
        let mut previous = "";
        for field in self.iter().filter(|field| is_amz(field.name)) {
            let name = lower(field.name.as_bytes());
            let mut same_name = named.iter().skip(named.partition_point(|(other, _)| *other < name));
            let mut next = || same_name.next().filter(|(other, _)| *other == name);
            let Some((_, value)) = next() else { continue };
            let once = next().is_none() && !field.is(previous);
            previous = field.name;
            if !once || folded(field.value) != Ok(decoded(value)) {
                return Some(field.name.to_ascii_lowercase());
            }
        }
        None
    }

    /// *CanonicalHeaders*. Values are copied as they are; only where one pass
    /// over the lines finds something to trim, fold, join or refuse are they
    /// written again, value by value.
    pub(crate) fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let start = out.len();
        let mut previous: Option<&Field<'_>> = None;
        let mut repeated = false;
        for field in &self.0 {
            repeated |= previous.is_some_and(|previous| previous.same_name(field));
            previous = Some(field);
            field.write_name(out);
            out.push(b':');
            out.extend_from_slice(field.value);
            out.push(b'\n');
        }
        if repeated || !is_folded(out.get(start..).unwrap_or_default(), self.0.len()) {
            out.truncate(start);
            return self.write_folded(out);
        }
        Ok(())
    }

    fn write_folded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let mut previous: Option<&Field<'_>> = None;
        for field in &self.0 {
            if previous.is_some_and(|previous| previous.same_name(field)) {
                out.push(b',');
            } else {
                if previous.is_some() {
                    out.push(b'\n');
                }
                field.write_name(out);
                out.push(b':');
            }
            fold(field.value, |byte| out.push(byte))
                .map_err(|()| RequestError::InvalidHeaderValue { name: field.name.into() })?;
            previous = Some(field);
        }
        if previous.is_some() {
            out.push(b'\n');
        }
        Ok(())
    }

    /// *SignedHeaders*: the names joined by `;`.
    pub(crate) fn write_names(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        self.each_name(|field, first| {
            if !first {
                out.push(b';');
            }
            field.write_name(out);
        })
    }

    /// *SignedHeaders* as a query value, encoded.
    pub(crate) fn write_names_encoded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        self.each_name(|field, first| {
            if !first {
                out.extend_from_slice(b"%3B");
            }
            if field.is_plain() {
                field.write_name(out);
            } else {
                lowercase(field.name).for_each(|byte| push_byte(out, byte, false));
            }
        })
    }

    /// Calls `write` for each name once, and whether it is the first.
    fn each_name(&self, mut write: impl FnMut(&Field<'r>, bool)) -> Result<(), RequestError> {
        let mut previous: Option<&Field<'_>> = None;
        for field in &self.0 {
            if previous.is_some_and(|previous| previous.same_name(field)) {
                continue;
            }
            if !field.is_plain() && !is_token(field.name) {
                return Err(RequestError::InvalidHeaderName { index: field.index });
            }
            write(field, previous.is_none());
            previous = Some(field);
        }
        Ok(())
    }
}

/// Lower-cases the sixteen bytes of a number at once.
const fn lowercase_each(bytes: u128) -> u128 {
    const EACH: u128 = u128::from_ne_bytes([1; 16]);
    let low = bytes & (0x7f * EACH);
    // The top bit of each byte: is it from 'A' (0x41), is it past 'Z' (0x5a)?
    let from_a = low + (0x80 - 0x41) * EACH;
    let past_z = low + (0x80 - 0x5b) * EACH;
    let upper = (from_a ^ past_z) & !bytes & (0x80 * EACH);
    bytes | (upper >> 2)
}

/// Whether `count` lines hold no blank to fold and no control character.
fn is_folded(lines: &[u8], count: usize) -> bool {
    let control = |byte: u8| (byte < 0x20) & (byte != b'\n') | (byte == 0x7f);
    let blank = |byte: u8, next: u8| {
        (next == b' ') & ((byte == b' ') | (byte == b':')) | (byte == b' ') & (next == b'\n')
    };
    !scan::any_pair(lines, |byte, next| control(byte) | blank(byte, next))
        && scan::count(lines, b'\n') == count
}

/// A value without blanks at its ends, and with single ones inside. Blanks are
/// space and tab, and a line folded the old way (RFC 9112, section 5.2); other
/// white space is text.
fn fold(value: &[u8], mut push: impl FnMut(u8)) -> Result<(), ()> {
    let (mut begun, mut blank) = (false, false);
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (*first, tail) {
            (b' ' | b'\t', _) => blank = true,
            (b'\r', [b'\n', b' ' | b'\t', ..]) | (b'\n', [b' ' | b'\t', ..]) => blank = true,
            (byte, _) if byte < 0x20 || byte == 0x7f => return Err(()),
            (byte, _) => {
                if begun && blank {
                    push(b' ');
                }
                (begun, blank) = (true, false);
                push(byte);
            }
        }
    }
    Ok(())
}

/// A header value as it is signed: trimmed and folded.
pub(crate) fn folded(value: &[u8]) -> Result<SmallVec<[u8; 256]>, ()> {
    let mut text = SmallVec::new();
    fold(value, |byte| text.push(byte)).map(|()| text)
}

/// A header that no signature covers: still one that a request can carry.
pub(crate) fn check_field(index: usize, name: &str, value: &[u8]) -> Result<(), RequestError> {
    if !is_token(name) {
        return Err(RequestError::InvalidHeaderName { index });
    }
    if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(RequestError::InvalidHeaderValue { name: name.into() });
    }
    Ok(())
}

/// RFC 9110, section 5.6.2.
pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| TOKEN.get(usize::from(byte)).is_some_and(|token| *token))
}

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const TOKEN: [bool; 128] = {
    let mut token = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        token[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        byte += 1;
    }
    token
};
