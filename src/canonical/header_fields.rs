//! Header fields in canonical order.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::header_name::BUCKETS;
use super::header_value::{fold, folded, is_folded};
use super::{Known, Name, SignedHeaders};
use crate::bytes::{SLACK, SortedIndices, extend_with, first_set};
use crate::canonical::{Decoded, Pairs, decoded, push_byte};
use crate::error::RequestError;
use crate::request::Request;

/// One header field.
#[derive(Clone, Copy)]
pub(crate) struct Field<'r> {
    pub(crate) name: Name<'r>,
    pub(crate) value: &'r [u8],
    /// Where it was in the request, counted from 0, for an error to name it. Of
    /// one that was added it says nothing.
    pub(crate) index: usize,
    /// Whether it was [selected](Fields::select).
    selected: bool,
}

/// Header fields, on the stack while there are no more than 64: as they came,
/// and the order in which they are signed.
pub(crate) struct Fields<'r> {
    list: SmallVec<[Field<'r>; 64]>,
    order: SortedIndices,
    /// Whether a name stands in that order twice.
    repeated: bool,
    /// The first value of each of these, and which of them came again, as bits.
    known: [Option<&'r [u8]>; Known::ALL.len()],
    again: u32,
    /// Bytes of all names, and of all values.
    lengths: (usize, usize),
}

impl<'r> Fields<'r> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            list: SmallVec::new(),
            order: SortedIndices::new(),
            repeated: false,
            known: [None; Known::ALL.len()],
            again: 0,
            lengths: (0, 0),
        }
    }

    /// Every header of a request.
    #[inline]
    pub(crate) fn read(&mut self, request: &Request<'r>) {
        for (index, (name, value)) in request.headers().enumerate() {
            let name = Name::new(name.as_bytes());
            if let Some(known) = Known::of(&name) {
                self.note(known, value);
            }
            self.push(index, name, value);
        }
    }

    /// How many bytes names and values have together.
    #[inline]
    pub(crate) const fn bytes(&self) -> usize {
        self.lengths.0 + self.lengths.1
    }

    #[inline]
    pub(crate) fn push(&mut self, index: usize, name: Name<'r>, value: &'r [u8]) {
        self.lengths.0 += name.len();
        self.lengths.1 += value.len();
        self.list.push(Field { name, value, index, selected: false });
    }

    /// Remembers the value of a header that is [`Known`], whether it is pushed or not.
    #[inline]
    pub(crate) fn note(&mut self, known: Known, value: &'r [u8]) {
        match self.known.get_mut(known.place()) {
            Some(slot @ None) => *slot = Some(value),
            _ => self.again |= 1 << known.place(),
        }
    }

    /// The value of a header that was noted; the first, if it came again.
    #[inline]
    pub(crate) fn get(&self, known: Known) -> Option<&'r [u8]> {
        self.known.get(known.place()).copied().flatten()
    }

    /// Whether any of these came again.
    #[inline]
    pub(crate) fn came_again(&self, known: &[Known]) -> Option<Known> {
        if self.again == 0 {
            return None;
        }
        known.iter().copied().find(|known| self.again & 1 << known.place() != 0)
    }

    /// By lower-cased name; fields of one name keep their order of arrival.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, repeated, .. } = self;
        order.sort(
            list.len(),
            |place, start| list.get(place).map_or(0, |field| field.name.part(start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.compare(&b.name),
                _ => Ordering::Equal,
            },
        );
        let name = |place: usize| list.get(place).map(|field| field.name);
        *repeated = order.ties().any(|(a, b)| name(a).zip(name(b)).is_some_and(|(a, b)| a.is(&b)));
    }

    /// In the order in which they are signed.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Field<'r>> {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|place| list.get(place))
    }

    /// At most how many bytes the block takes, and the room behind it.
    #[inline]
    pub(crate) fn block_bytes(&self) -> usize {
        self.most_of_block() + SLACK
    }

    /// At most how many bytes the list of names takes, and the room behind it.
    #[inline]
    pub(crate) fn names_bytes(&self) -> usize {
        self.most_of_names() + SLACK
    }

    /// Names, values, a colon and the end of a line for each.
    #[inline]
    fn most_of_block(&self) -> usize {
        self.lengths.0 + self.lengths.1 + 2 * self.list.len()
    }

    /// Names, and a separator behind each.
    #[inline]
    fn most_of_names(&self) -> usize {
        self.lengths.0 + self.list.len()
    }

    /// Reads *SignedHeaders*, takes its order, and leaves out what it does not
    /// name. Returns the list, and the first name on it that no field has.
    #[inline]
    pub(crate) fn select<'s>(&mut self, list: &'s [u8]) -> Option<(SignedHeaders<'s>, Option<&'s [u8]>)> {
        match self.list.len() {
            0..=FEW => self.select_of_few(list),
            _ => self.select_of_many(list),
        }
    }

    /// Looks each name up among the fields whose names fall into the same
    /// bucket, each bucket a set of places.
    #[inline]
    fn select_of_few<'s>(&mut self, names: &'s [u8]) -> Option<(SignedHeaders<'s>, Option<&'s [u8]>)> {
        let Self { list, order, repeated, lengths, .. } = self;
        let list = list.as_mut_slice();
        let mut buckets = [0u32; BUCKETS];
        for (place, field) in list.iter().enumerate() {
            if let Some(bucket) = buckets.get_mut(field.name.bucket()) {
                *bucket |= 1 << place;
            }
        }
        order.clear();
        *repeated = false;
        let (mut values, mut missing) = (0, None);
        let signed = SignedHeaders::read(names, |name| {
            let mut places = buckets.get(name.bucket()).copied().unwrap_or_default();
            let mut found = false;
            while places != 0 {
                let place = first_set(places);
                places &= places - 1;
                if let Some(field) = list.get_mut(place).filter(|field| field.name.is(&name)) {
                    field.selected = true;
                    *repeated |= found;
                    found = true;
                    order.push(place);
                    values += field.value.len();
                }
            }
            if !found {
                missing = missing.or(Some(name.as_bytes()));
            }
        });
        // Where a name is repeated the block is written otherwise.
        *lengths = (names.len(), values);
        Some((signed?, missing))
    }

    /// Sorts the fields, and walks along both.
    fn select_of_many<'s>(&mut self, signed: &'s [u8]) -> Option<(SignedHeaders<'s>, Option<&'s [u8]>)> {
        self.sort();
        let Self { list, order, .. } = self;
        let mut missing = None;
        let mut places = order.iter().peekable();
        let signed = SignedHeaders::read(signed, |name| {
            let mut found = false;
            while let Some(field) = places.peek().and_then(|place| list.get_mut(*place)) {
                if field.name.is(&name) {
                    (field.selected, found) = (true, true);
                } else if !field.name.is_before(&name) {
                    break;
                }
                places.next();
            }
            if !found {
                missing = missing.or(Some(name.as_bytes()));
            }
        });
        drop(places);
        order.retain(|place| list.get(place).is_some_and(|field| field.selected));
        Some((signed?, missing))
    }

    /// Those that were not selected, as they came.
    #[inline]
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &Field<'r>> {
        self.list.iter().filter(|field| !field.selected)
    }

    /// The first header that says something else than a query parameter of its
    /// name, or is not its only one: which of them counts, servers do not agree on.
    pub(crate) fn contradicting(&self, pairs: &Pairs<'_>) -> Option<String> {
        if !self.list.iter().any(|field| field.name.is_amz()) {
            return None;
        }
        let lower = |name: &[u8]| -> Decoded { name.iter().map(u8::to_ascii_lowercase).collect() };
        // Names, values, and whether a header had the name.
        let mut named: SmallVec<[(Decoded, &[u8], bool); 12]> = pairs
            .arrived()
            .filter(|pair| Name::new(pair.name).is_amz())
            .map(|pair| (lower(&decoded(pair.name)), pair.value, false))
            .collect();
        named.sort_unstable();
        let contradicts = |field: &&Field<'_>| {
            let name = lower(field.name.as_bytes());
            let first = named.partition_point(|(other, ..)| *other < name);
            let mut same = named.iter_mut().skip(first).take_while(|(other, ..)| *other == name);
            let Some((_, value, had)) = same.next() else { return false };
            let once = same.next().is_none() && !core::mem::replace(had, true);
            !once || folded(field.value) != Ok(decoded(value))
        };
        let field = self.list.iter().filter(|field| field.name.is_amz()).find(contradicts)?;
        Some(field.name.to_lowercase())
    }

    /// *CanonicalHeaders*. Values are copied as they are; only where a look at
    /// the whole finds something to trim, fold, join or refuse are they written
    /// again, byte by byte.
    #[inline]
    pub(crate) fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let start = out.len();
        extend_with(out, self.most_of_block(), |writer| {
            for field in self.iter() {
                field.name.write(writer, b':');
                writer.push_terminated(field.value, b'\n');
            }
        });
        let block = out.get(start..).unwrap_or_default();
        if !self.repeated && is_folded(block, self.order.len()) {
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
                extend_with(out, field.name.len() + 1, |writer| field.name.write(writer, b':'));
            }
            fold(field.value, |byte| out.push(byte)).map_err(|()| RequestError::InvalidHeaderValue {
                name: String::from_utf8_lossy(field.name.as_bytes()).into(),
            })?;
            previous = Some(field);
        }
        if previous.is_some() {
            out.push(b'\n');
        }
        Ok(())
    }

    /// *SignedHeaders*: the names joined by `;`, each once.
    #[inline]
    pub(crate) fn write_names(&self, out: &mut Vec<u8>) {
        extend_with(out, self.most_of_names(), |writer| {
            self.each_name(|name| name.write(writer, b';'));
        });
        // The last is followed by none.
        if self.order.len() > 0 {
            out.pop();
        }
    }

    /// *SignedHeaders* as a query value, encoded.
    pub(crate) fn write_names_encoded(&self, out: &mut Vec<u8>) {
        let mut separator: &[u8] = b"";
        self.each_name(|name| {
            out.extend_from_slice(separator);
            name.as_bytes().iter().for_each(|byte| push_byte(out, byte.to_ascii_lowercase(), false));
            separator = b"%3B";
        });
    }

    /// The names in order, each once.
    #[inline]
    fn each_name(&self, mut each: impl FnMut(&Name<'r>)) {
        let mut previous: Option<&Name<'_>> = None;
        for Field { name, .. } in self.iter() {
            if !self.repeated || previous.is_none_or(|previous| !name.is(previous)) {
                each(name);
            }
            previous = Some(name);
        }
    }
}

/// With so few fields a set of places fits into a number, and looking names up
/// takes less than sorting.
const FEW: usize = 32;
