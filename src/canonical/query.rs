//! *CanonicalQueryString*: the pairs of a query, encoded and sorted.
//!
//! ```text
//! CanonicalQueryString = [ pair *( "&" pair ) ]
//! pair                 = UriEncode(name) "=" UriEncode(value)
//! ```
//!
//! Pairs are sorted by encoded name, then by encoded value. Names and values are decoded
//! once before they are encoded. A pair without `=` has an empty value. Empty pairs are
//! dropped.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.

use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::pair_scanner::{Delimiter, PairScanner};
use super::percent::{Component, push_canonical, push_canonical_with};
use super::trace::{Origin, Trace};
use crate::bytes::{self, SortedIndices, UNRESERVED, extend_with, prefix16_at};
use crate::error::RequestError;

/// Splits a query pair into name and value; the value is empty if there is no `=`.
#[inline]
pub(crate) fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// Iterates over the names and values of a query as they are sent, without its empty pairs.
#[inline]
fn raw_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(split_pair)
}

/// One query pair in canonical spelling.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

/// The pairs of a query in the order in which they are sent, and their canonical order.
/// Up to 64 pairs need no allocation.
pub(crate) struct Pairs<'a> {
    list: SmallVec<[Pair<'a>; 64]>,
    order: SortedIndices,
    /// The query as it was read, if it is *CanonicalQueryString* already.
    canonical: Option<&'a [u8]>,
    /// The query without its last pair, if only the last pair keeps the query from being
    /// *CanonicalQueryString*. The last pair of a presigned URL is its signature.
    canonical_without_last: Option<&'a [u8]>,
}

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            list: SmallVec::new(),
            order: SortedIndices::new(),
            canonical: None,
            canonical_without_last: None,
        }
    }

    /// Adds the pairs of a query.
    ///
    /// If a pair is not in canonical spelling, the query must pass `check`, and is written
    /// in canonical spelling to `scratch`.
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

    /// Adds the pairs of a query in any spelling, decoded and encoded.
    pub(super) fn read_recoded(&mut self, query: &str, scratch: &'a mut Vec<u8>) -> Result<(), RequestError> {
        let mut lengths: SmallVec<[[usize; 2]; 64]> = SmallVec::new();
        for (name, value) in raw_pairs(query) {
            let mut push = |part: &str| -> Result<usize, RequestError> {
                let start = scratch.len();
                push_canonical(scratch, part.as_bytes(), Component::Query)?;
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

    /// Adds the pairs of a query in canonical spelling. Returns false, and adds no pair, if
    /// a pair is in another spelling.
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
            None => self.canonical = Some(query),
            Some(start) if last == Some(start) => {
                self.canonical_without_last = start.checked_sub(1).and_then(|end| query.get(..end));
            }
            Some(_) => {}
        }
        true
    }

    /// Sorts by encoded name, then by encoded value.
    ///
    /// Sorting strings of the form `name=value` gives another order, because `=` is
    /// greater than `-`, `.` and the digits.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, canonical, .. } = self;
        if list.is_empty() || canonical.is_some() {
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

    /// Returns the pairs in the order in which they are sent.
    #[inline]
    pub(crate) fn in_wire_order(&self) -> core::slice::Iter<'_, Pair<'a>> {
        self.list.iter()
    }

    /// Returns the pairs in canonical order. Must be called after [`sort`](Self::sort).
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pair<'a>> + Clone {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|index| list.get(index))
    }

    /// Returns the maximum length of *CanonicalQueryString*.
    #[inline]
    pub(crate) fn max_len(&self) -> usize {
        let sum = || self.list.iter().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
        self.canonical.map_or_else(sum, <[u8]>::len)
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, pair: Pair<'a>) {
        (self.canonical, self.canonical_without_last) = (None, None);
        self.list.push(pair);
    }

    /// Removes the last pair of a name. Must be called before [`sort`](Self::sort).
    #[inline]
    pub(crate) fn remove(&mut self, name: &str) -> Option<Pair<'a>> {
        let index = self.list.iter().rposition(|pair| pair.name == name.as_bytes())?;
        let pair = self.list.remove(index);
        let (canonical, without_last) = (self.canonical.take(), self.canonical_without_last.take());
        if index == self.list.len() {
            // Without `&name=value` at the end, the query is still canonical.
            let before = |query: &[u8]| query.len().checked_sub(pair.name.len() + pair.value.len() + 2);
            self.canonical = without_last.or_else(|| canonical.and_then(|query| query.get(..before(query)?)));
        }
        Some(pair)
    }

    /// Returns the first name that is repeated. Must be called after [`sort`](Self::sort).
    #[inline]
    pub(crate) fn repeated(&self) -> Option<&'a [u8]> {
        if self.canonical.is_some() {
            return None;
        }
        let names = |(a, b): (usize, usize)| Some((self.list.get(a)?.name, self.list.get(b)?.name));
        self.order.ties().filter_map(names).find(|(a, b)| a == b).map(|(name, _)| name)
    }

    /// Appends *CanonicalQueryString*. Must be called after [`sort`](Self::sort).
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self.canonical {
            Some(query) => out.extend_from_slice(query),
            None => write_pairs(out, self.iter()),
        }
    }
}

impl Pairs<'_> {
    /// Appends *CanonicalQueryString* of the pairs that were read from `query`, and reports the origin of each
    /// byte to `trace`. Must be called after [`sort`](Self::sort).
    pub(crate) fn write_with(
        &self,
        out: &mut Vec<u8>,
        query: &str,
        trace: &mut impl Trace,
    ) -> Result<(), RequestError> {
        let raw: Vec<(&str, &str)> = raw_pairs(query).collect();
        for (position, index) in self.order.iter().enumerate() {
            let (name, value) = raw.get(index).copied().unwrap_or_default();
            for (separator, part) in [(b'&', name), (b'=', value)] {
                if separator == b'=' || position > 0 {
                    out.push(separator);
                    trace.record(out.len(), || Origin::Constant);
                }
                // A missing value is an empty string outside of the query. No byte comes from it.
                let start = part.as_ptr().addr().saturating_sub(query.as_ptr().addr());
                push_canonical_with(out, part.as_bytes(), Component::Query, |range, end| {
                    trace.record(end, || Origin::Query(start + range.start..start + range.end));
                })?;
            }
        }
        Ok(())
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
