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

use super::pair_scanner::{Delimiter, PairScanner};
use super::percent::{Component, push_canonical};
use crate::bytes::{self, SortedIndices, UNRESERVED, extend_with, prefix16_at};
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
        for index in bytes::find_iter_not(query, UNRESERVED) {
            match scanner.delimiter(index) {
                Delimiter::InPair => {}
                Delimiter::EndOfPair => {
                    if let Some(pair) = scanner.end_pair(index) {
                        self.list.push(pair);
                    }
                }
                Delimiter::Misspelled => {
                    self.list.truncate(before);
                    return false;
                }
            }
        }
        let last = scanner.equals.map(|_| scanner.start);
        if let Some(pair) = scanner.end_pair(query.len()) {
            self.list.push(pair);
        }
        match scanner.first_noncanonical {
            None => self.canonical_text = Some(query),
            Some(start) if last == Some(start) => {
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

    /// Returns the maximum length of *CanonicalQueryString*.
    #[inline]
    pub(crate) fn max_len(&self) -> usize {
        let sum = || self.list.iter().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
        self.canonical_text.map_or_else(sum, <[u8]>::len)
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
