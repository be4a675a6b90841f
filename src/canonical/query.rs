//! *CanonicalQueryString*: the pairs of a query, encoded and sorted.
//!
//! ```text
//! CanonicalQueryString = [ pair *( "&" pair ) ]
//! pair                 = UriEncode(name) "=" UriEncode(value)
//! ```
//!
//! Sorted by encoded name, then by encoded value. Names and values are decoded
//! once before they are encoded. A pair without `=` has an empty value. Empty
//! pairs are dropped.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.

use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::percent::{Component, is_canonical_triplet, push_canonical};
use crate::bytes::{self, SortedIndices, UNRESERVED, extend_with, prefix16, prefix16_at};
use crate::error::RequestError;

/// Splits a query pair into name and value; the value is empty if there is no `=`.
#[inline]
pub(crate) fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// One query pair in canonical spelling.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

/// The pairs of a query, in the order of the wire, and their canonical order. On
/// the stack up to 64 pairs.
pub(crate) struct Pairs<'a> {
    list: SmallVec<[Pair<'a>; 64]>,
    order: SortedIndices,
    /// The query as it was read, if it is *CanonicalQueryString* already.
    canonical_text: Option<&'a [u8]>,
    /// The query without its last pair, if that is *CanonicalQueryString* of all
    /// pairs but the last. The last pair of a presigned URL is its signature.
    text_without_last: Option<&'a [u8]>,
}

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            list: SmallVec::new(),
            order: SortedIndices::new(),
            canonical_text: None,
            text_without_last: None,
        }
    }

    /// Adds the pairs of a query. Unless all of them are in canonical spelling, the
    /// query must pass `check`, and is respelled in `scratch`.
    #[inline]
    pub(crate) fn read(
        &mut self,
        query: &'a str,
        scratch: &'a mut Vec<u8>,
        check: impl FnOnce(&str) -> Result<(), RequestError>,
    ) -> Result<(), RequestError> {
        if self.read_canonical(query.as_bytes()) {
            return Ok(());
        }
        check(query)?;
        self.read_recoded(query, scratch)
    }

    /// Adds the pairs of a query that is in any spelling.
    pub(super) fn read_recoded(&mut self, query: &str, scratch: &'a mut Vec<u8>) -> Result<(), RequestError> {
        let mut lengths: SmallVec<[[usize; 2]; 64]> = SmallVec::new();
        for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).map(split_pair) {
            let mut push = |text: &str| -> Result<usize, RequestError> {
                let start = scratch.len();
                push_canonical(scratch, text.as_bytes(), Component::Query)?;
                Ok(scratch.len() - start)
            };
            lengths.push([push(name)?, push(value)?]);
        }
        let mut rest = scratch.as_slice();
        let mut take = |length: usize| {
            let (part, after) = rest.split_at_checked(length).unwrap_or_default();
            rest = after;
            part
        };
        for [name, value] in lengths {
            self.push(Pair { name: take(name), value: take(value) });
        }
        Ok(())
    }

    /// Adds the pairs of a query that is in canonical spelling. Returns false, and
    /// adds none, if some pair is not.
    #[inline]
    pub(super) fn read_canonical(&mut self, query: &'a [u8]) -> bool {
        let before = self.list.len();
        let mut scanner = PairScanner::new(query);
        if before > 0 {
            scanner.first_noncanonical = Some(0);
        }
        while let Some(pair) = scanner.next_pair() {
            self.list.push(pair);
        }
        if scanner.is_misspelled {
            self.list.truncate(before);
            return false;
        }
        match scanner.first_noncanonical {
            None => self.canonical_text = Some(query),
            Some(start) if scanner.is_last(start) => {
                self.text_without_last = start.checked_sub(1).and_then(|end| query.get(..end));
            }
            Some(_) => {}
        }
        true
    }

    /// Sorts by encoded name, then by encoded value. Sorting `name=value` would be
    /// wrong: `=` is greater than `-` and the digits.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, canonical_text, .. } = self;
        if list.is_empty() || canonical_text.is_some() {
            return order.identity(list.len());
        }
        order.sort(
            list.len(),
            |index, start| list.get(index).map_or(0, |pair| prefix16_at(pair.name, start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.cmp(b.name).then_with(|| a.value.cmp(b.value)),
                _ => Ordering::Equal,
            },
        );
    }

    /// Returns the pairs in the order of the wire.
    #[inline]
    pub(crate) fn in_wire_order(&self) -> core::slice::Iter<'_, Pair<'a>> {
        self.list.iter()
    }

    /// Returns the pairs in canonical order, once they are sorted.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pair<'a>> + Clone {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|index| list.get(index))
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, pair: Pair<'a>) {
        (self.canonical_text, self.text_without_last) = (None, None);
        self.list.push(pair);
    }

    /// Removes the last parameter of a name. Must be called before
    /// [`sort`](Self::sort).
    #[inline]
    pub(crate) fn remove(&mut self, name: &str) -> Option<Pair<'a>> {
        let index = self.list.iter().rposition(|pair| pair.name == name.as_bytes())?;
        let pair = self.list.remove(index);
        let (text, without_last) = (self.canonical_text.take(), self.text_without_last.take());
        if index == self.list.len() {
            // `&name=value` at the end.
            let before = |text: &[u8]| text.len().checked_sub(pair.name.len() + pair.value.len() + 2);
            self.canonical_text = without_last.or_else(|| text.and_then(|text| text.get(..before(text)?)));
        }
        Some(pair)
    }

    /// Returns the first name that is repeated, once the pairs are sorted.
    #[inline]
    pub(crate) fn repeated(&self) -> Option<&'a [u8]> {
        if self.canonical_text.is_some() {
            return None;
        }
        let names = |(a, b): (usize, usize)| Some((self.list.get(a)?.name, self.list.get(b)?.name));
        self.order.ties().filter_map(names).find(|(a, b)| a == b).map(|(name, _)| name)
    }

    /// Appends *CanonicalQueryString*, once the pairs are sorted.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self.canonical_text {
            Some(text) => out.extend_from_slice(text),
            None => write_pairs(out, self.iter()),
        }
    }
}

/// Appends *CanonicalQueryString* of sorted pairs.
#[inline]
pub(crate) fn write_pairs<'p, 'a: 'p>(out: &mut Vec<u8>, pairs: impl Iterator<Item = &'p Pair<'a>> + Clone) {
    let max_len = pairs.clone().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
    if max_len == 0 {
        return;
    }
    extend_with(out, max_len, |writer| {
        for pair in pairs {
            writer.push_terminated(pair.name, b'=');
            writer.push_terminated(pair.value, b'&');
        }
    });
    // No `&` after the last pair.
    out.pop();
}

/// Splits a query into pairs, in one pass over the bytes that are not unreserved.
///
/// The scanner also finds out how much of the query is *CanonicalQueryString*
/// already.
struct PairScanner<'a, I> {
    query: &'a [u8],
    /// Indices of the bytes that are not unreserved.
    delimiters: I,
    /// Where the current pair begins, and its `=`.
    start: usize,
    equals: Option<usize>,
    at_end: bool,
    /// The first 16 bytes of the previous name, most significant first.
    previous_name: u128,
    /// Where the first pair begins that is empty, lacks its `=` or may be out of
    /// order: its name's first 16 bytes are not greater than the previous name's.
    first_noncanonical: Option<usize>,
    /// True after a pair that is not in canonical spelling; the scanner stops there.
    is_misspelled: bool,
}

impl<'a> PairScanner<'a, ()> {
    #[inline]
    fn new(query: &'a [u8]) -> PairScanner<'a, impl Iterator<Item = usize>> {
        PairScanner {
            query,
            delimiters: bytes::find_iter_not(query, UNRESERVED),
            start: 0,
            equals: None,
            at_end: false,
            previous_name: 0,
            first_noncanonical: None,
            is_misspelled: false,
        }
    }
}

impl<'a, I: Iterator<Item = usize>> PairScanner<'a, I> {
    /// Returns the next pair that is not empty. Returns `None` after the last pair,
    /// and at the first that is misspelled.
    #[inline]
    fn next_pair(&mut self) -> Option<Pair<'a>> {
        while !self.at_end {
            let end = self.pair_end()?;
            let name = self.query.get(self.start..self.equals.unwrap_or(end)).unwrap_or_default();
            let value = self.equals.map_or(end, |equals| equals + 1);
            let pair = Pair { name, value: self.query.get(value..end).unwrap_or_default() };
            self.note_order(name);
            let is_empty = self.start == end;
            if !self.at_end {
                (self.start, self.equals) = (end + 1, None);
            }
            if !is_empty {
                return Some(pair);
            }
        }
        None
    }

    /// Returns where the current pair ends, and finds its `=`.
    #[inline]
    fn pair_end(&mut self) -> Option<usize> {
        loop {
            let Some(index) = self.delimiters.next() else {
                self.at_end = true;
                return Some(self.query.len());
            };
            match self.query.get(index..) {
                Some([b'=', ..]) if self.equals.is_none() => self.equals = Some(index),
                Some([b'%', high, low, ..]) if is_canonical_triplet(*high, *low) => {}
                Some([b'&', ..]) => return Some(index),
                _ => {
                    self.is_misspelled = true;
                    return None;
                }
            }
        }
    }

    #[inline]
    fn note_order(&mut self, name: &[u8]) {
        if self.first_noncanonical.is_some() {
            return;
        }
        let name = prefix16(name).swap_bytes();
        if self.equals.is_none() || name <= self.previous_name {
            self.first_noncanonical = Some(self.start);
        }
        self.previous_name = name;
    }

    /// Returns true if the last pair begins at `start` and has a `=`, once all
    /// pairs were read.
    #[inline]
    fn is_last(&self, start: usize) -> bool {
        self.start == start && self.equals.is_some()
    }
}
