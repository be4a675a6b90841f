//! Header fields in canonical order.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::SignedHeaders;
use super::name::Name;
use crate::order::Order;
use crate::request_error::RequestError;
use crate::scan::{self, Sixteen, first_sixteen};
use crate::text::{Room, fill};
use crate::uri::{Decoded, Pairs, decoded, push_byte};

/// One header field.
#[derive(Clone, Copy)]
pub(crate) struct Field<'r> {
    pub(crate) name: Name<'r>,
    pub(crate) value: &'r [u8],
    /// Where it was in the request, counted from 0.
    pub(crate) index: usize,
}

/// Header fields, on the stack while there are no more than 64: as they came,
/// and the order in which they are signed.
pub(crate) struct Fields<'r> {
    list: SmallVec<[Field<'r>; 64]>,
    order: Order,
    /// Bytes of all names, and of all values.
    lengths: (usize, usize),
}

impl<'r> Fields<'r> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { list: SmallVec::new(), order: Order::new(), lengths: (0, 0) }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, name: Name<'r>, value: &'r [u8]) {
        self.lengths.0 += name.as_str().len();
        self.lengths.1 += value.len();
        self.list.push(Field { name, value, index: self.list.len() });
    }

    /// By lower-cased name; fields of one name keep their order of arrival.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, .. } = self;
        order.sort(
            list.len(),
            |place, start| list.get(place).map_or(0, |field| field.name.part(start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.compare(&b.name),
                _ => Ordering::Equal,
            },
        );
    }

    /// As they came.
    #[inline]
    pub(crate) fn arrived(&self) -> core::slice::Iter<'_, Field<'r>> {
        self.list.iter()
    }

    /// In the order in which they are signed.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Field<'r>> {
        self.order.iter().filter_map(|place| self.list.get(place))
    }

    /// At most how many bytes the block and two lists of names take.
    #[inline]
    pub(crate) fn written(&self) -> usize {
        3 * self.lengths.0 + self.lengths.1 + 6 * self.list.len() + 32
    }

    /// Takes the order of `signed`, and leaves out what it does not name;
    /// `left_out` sees that. Returns the first name that no field has.
    #[inline]
    pub(crate) fn select<'s>(
        &mut self,
        signed: &'s SignedHeaders<'_>,
        left_out: impl FnMut(&Field<'r>),
    ) -> Option<&'s str> {
        match self.list.len() {
            0..=FEW => self.select_of_few(signed, left_out),
            _ => self.select_of_many(signed, left_out),
        }
    }

    /// Looks each name up among all fields.
    #[inline]
    fn select_of_few<'s>(
        &mut self,
        signed: &'s SignedHeaders<'_>,
        left_out: impl FnMut(&Field<'r>),
    ) -> Option<&'s str> {
        let Self { list, order, .. } = self;
        order.clear();
        let (mut selected, mut missing) = (0u32, None);
        for name in signed.iter().map(Name::new) {
            let before = selected;
            for (place, field) in list.iter().enumerate() {
                if field.name.is(&name) {
                    selected |= 1 << place;
                    order.push(field.name.part(0), place);
                }
            }
            if selected == before {
                missing = missing.or(Some(name.as_str()));
            }
        }
        let others = list.iter().enumerate().filter(|(place, _)| selected & 1 << place == 0);
        others.map(|(_, field)| field).for_each(left_out);
        missing
    }

    /// Sorts the fields, and walks along both.
    fn select_of_many<'s>(
        &mut self,
        signed: &'s SignedHeaders<'_>,
        mut left_out: impl FnMut(&Field<'r>),
    ) -> Option<&'s str> {
        self.sort();
        let mut names = signed.iter().map(Name::new);
        // The name at hand, and whether a field had it.
        let (mut current, mut found) = (names.next(), false);
        let mut missing = None;
        let Self { list, order, .. } = self;
        order.retain(|place| {
            let Some(field) = list.get(place) else { return false };
            while let Some(name) = current {
                if field.name.is(&name) {
                    found = true;
                    return true;
                }
                if field.name.is_before(&name) {
                    break;
                }
                if !found {
                    missing = missing.or(current);
                }
                (current, found) = (names.next(), false);
            }
            left_out(field);
            false
        });
        if found {
            current = names.next();
        }
        missing.or(current).map(|name| name.as_str())
    }

    /// Fields with the name of the one before them, of sorted fields.
    #[inline]
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &Field<'r>> {
        let fields = |(a, b)| Some((self.list.get(a)?, self.list.get(b)?));
        self.order.alike().filter_map(fields).filter(|(a, b)| a.name.is(&b.name)).map(|(_, field)| field)
    }

    #[inline]
    pub(crate) fn get(&self, name: &Name<'_>) -> Option<&'r [u8]> {
        self.list.iter().find(|field| field.name.is(name)).map(|field| field.value)
    }

    /// The first header that says something else than a query parameter of its
    /// name, or is not its only one: which of them counts, servers do not agree on.
    pub(crate) fn contradicting(&mut self, pairs: &Pairs<'_>) -> Option<String> {
        if !self.list.iter().any(|field| field.name.is_amz()) {
            return None;
        }
        self.sort();
        let lower = |name: &[u8]| -> Decoded { name.iter().map(u8::to_ascii_lowercase).collect() };
        let mut named: SmallVec<[(Decoded, &[u8]); 12]> = pairs
            .iter()
            .filter(|pair| pair.name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-")))
            .map(|pair| (lower(&decoded(pair.name)), pair.value))
            .collect();
        named.sort_unstable();
        let mut previous = None::<Name<'_>>;
        for field in self.iter().filter(|field| field.name.is_amz()) {
            let name = lower(field.name.as_str().as_bytes());
            let mut same_name = named.iter().skip(named.partition_point(|(other, _)| *other < name));
            let mut next = || same_name.next().filter(|(other, _)| *other == name);
            let Some((_, value)) = next() else { continue };
            let once = next().is_none() && previous.is_none_or(|previous| !field.name.is(&previous));
            previous = Some(field.name);
            if !once || folded(field.value) != Ok(decoded(value)) {
                return Some(field.name.as_str().to_ascii_lowercase());
            }
        }
        None
    }

    /// *CanonicalHeaders*. Values are copied as they are; only where a look at
    /// them finds something to trim, fold, join or refuse are they written
    /// again, byte by byte.
    #[inline]
    pub(crate) fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let start = out.len();
        let most = self.lengths.0 + self.lengths.1 + 2 * self.list.len();
        let mut canonical = self.repeated().next().is_none();
        let written = fill(out, most, |room| {
            for field in self.iter() {
                field.name.write(room);
                room.put_byte(b':');
                canonical &= write_if_folded(room, field.value);
                room.put_byte(b'\n');
            }
        });
        if canonical && written {
            return Ok(());
        }
        out.truncate(start);
        self.write_folded(out)
    }

    fn write_folded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let mut previous: Option<&Field<'_>> = None;
        for field in self.iter() {
            if previous.is_some_and(|previous| previous.name.is(&field.name)) {
                out.push(b',');
            } else {
                if previous.is_some() {
                    out.push(b'\n');
                }
                fill(out, field.name.as_str().len(), |room| field.name.write(room));
                out.push(b':');
            }
            fold(field.value, |byte| out.push(byte))
                .map_err(|()| RequestError::InvalidHeaderValue { name: field.name.as_str().into() })?;
            previous = Some(field);
        }
        if previous.is_some() {
            out.push(b'\n');
        }
        Ok(())
    }

    /// *SignedHeaders*: the names joined by `;`.
    #[inline]
    pub(crate) fn write_names(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        self.write_joined(out, false)
    }

    /// *SignedHeaders* as a query value, encoded.
    #[inline]
    pub(crate) fn write_names_encoded(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        self.write_joined(out, true)
    }

    /// Each name once.
    #[inline]
    fn write_joined(&self, out: &mut Vec<u8>, encoded: bool) -> Result<(), RequestError> {
        let start = out.len();
        let most = self.lengths.0 + 3 * self.list.len();
        let mut plain = true;
        let mut previous = None::<Name<'_>>;
        fill(out, most, |room| {
            for field in self.iter() {
                if let Some(previous) = previous {
                    if field.name.is(&previous) {
                        continue;
                    }
                    match encoded {
                        true => room.put(b"%3B"),
                        false => room.put_byte(b';'),
                    }
                }
                plain &= field.name.is_plain();
                field.name.write(room);
                previous = Some(field.name);
            }
        });
        if plain {
            return Ok(());
        }
        // Some name has a character that few have, or that none can have.
        if let Some(field) = self.iter().find(|field| !is_token(field.name.as_str())) {
            return Err(RequestError::InvalidHeaderName { index: field.index });
        }
        if encoded {
            out.truncate(start);
            let mut previous = None::<Name<'_>>;
            for name in self.iter().map(|field| field.name) {
                if let Some(previous) = previous.replace(name) {
                    if name.is(&previous) {
                        continue;
                    }
                    out.extend_from_slice(b"%3B");
                }
                name.as_str().bytes().for_each(|byte| push_byte(out, byte.to_ascii_lowercase(), false));
            }
        }
        Ok(())
    }
}

/// Writes a value as it came; returns whether that is how it is signed: no
/// blank to fold, no control character.
#[inline(always)]
fn write_if_folded(room: &mut Room<'_>, value: &[u8]) -> bool {
    if value.len() <= 16 {
        let bytes = first_sixteen(value);
        room.put_sixteen(bytes, value.len());
        let blanks = scan::bits_of_sixteen(bytes, value.len(), |bytes| bytes.are(b' '));
        let controls = scan::bits_of_sixteen(bytes, value.len(), |bytes| bytes.controls() | bytes.are(b'\t'));
        let ends = 1 | 1 << value.len().saturating_sub(1);
        return controls == 0 && blanks & (blanks >> 1 | ends) == 0;
    }
    room.put(value);
    !scan::any(value, |bytes| bytes.within(0, b' ') | bytes.are(0x7f)) || has_single_blanks(value)
}

/// With so few fields it takes less to look through all of them than to sort
/// them; and a bit for each fits into a number.
const FEW: usize = 32;

/// Whether a value that has blanks, or worse, is signed as it came.
fn has_single_blanks(value: &[u8]) -> bool {
    !scan::any(value, |bytes| bytes.controls() | bytes.are(b'\t'))
        && !scan::any_pair(value, |bytes, next| bytes.are(b' ') & next.are(b' '))
        && value.first() != Some(&b' ')
        && value.last() != Some(&b' ')
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

/// A value without the blanks at its ends.
#[inline]
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
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
    if scan::any(value, Sixteen::controls) {
        return Err(RequestError::InvalidHeaderValue { name: name.into() });
    }
    Ok(())
}

/// RFC 9110, section 5.6.2.
#[inline]
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
