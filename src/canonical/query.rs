//! *CanonicalQueryString*: pairs decoded once, encoded once, and sorted.

use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::percent::{Place, is_canonical_triplet, push_recoded, unreserved};
use crate::bytes::order::{Order, part_of};
use crate::bytes::scan::{self, first_sixteen};
use crate::bytes::text::{fill, put};
use crate::error::RequestError;

/// Name and value of a query pair as they stand; no `=` is an empty value.
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

/// The pairs of a query, on the stack while there are no more than 64: as they
/// came, and the order in which they are signed.
pub(crate) struct Pairs<'a> {
    list: SmallVec<[Pair<'a>; 64]>,
    order: Order,
    /// What came, where it is *CanonicalQueryString* as it stands: each name
    /// sorts behind the one before.
    text: Option<&'a [u8]>,
    /// The same of all pairs but the last, which in a URL is its signature.
    but_last: Option<&'a [u8]>,
}

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { list: SmallVec::new(), order: Order::new(), text: None, but_last: None }
    }

    /// Adds the pairs of a query as sent, spelled canonically; a query of
    /// which some pair is not is checked, and written to `scratch` first. Empty
    /// pairs (`&&`) are dropped.
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

    fn read_recoded(&mut self, query: &str, scratch: &'a mut Vec<u8>) -> Result<(), RequestError> {
        let mut ends: SmallVec<[(usize, usize); 64]> = SmallVec::new();
        for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).map(split_pair) {
            push_recoded(scratch, name.as_bytes(), Place::Query)?;
            let middle = scratch.len();
            push_recoded(scratch, value.as_bytes(), Place::Query)?;
            ends.push((middle, scratch.len()));
        }
        let mut rest = scratch.as_slice();
        let mut start = 0;
        for (middle, end) in ends {
            let (name, behind) = rest.split_at_checked(middle - start).unwrap_or_default();
            let (value, behind) = behind.split_at_checked(end - middle).unwrap_or_default();
            self.push(Pair { name, value });
            (rest, start) = (behind, end);
        }
        Ok(())
    }

    /// Adds the pairs as they stand, or none of them: in one pass over all that
    /// does not stand for itself.
    #[inline]
    fn read_canonical(&mut self, query: &'a [u8]) -> bool {
        let first = self.list.len();
        // Where the first pair begins that would have to move, to be dropped or
        // written otherwise; surely none, if each name's first sixteen bytes are
        // more than those of the one before.
        let mut moves = if first == 0 { None } else { Some(0) };
        let mut previous = 0;
        let (mut start, mut equals) = (0, None);
        let mut places = scan::places(query, |bytes| !unreserved(bytes));
        loop {
            let place = places.next();
            let end = place.unwrap_or(query.len());
            match query.get(end..) {
                Some([b'=', ..]) if equals.is_none() => {
                    equals = Some(end);
                    continue;
                }
                Some([b'%', high, low, ..]) if is_canonical_triplet(*high, *low) => continue,
                Some([b'&', ..] | []) => {}
                _ => {
                    self.list.truncate(first);
                    return false;
                }
            }
            let name = query.get(start..equals.unwrap_or(end)).unwrap_or_default();
            if moves.is_none() {
                let number = first_sixteen(name).swap_bytes();
                if equals.is_none() || number <= previous {
                    moves = Some(start);
                }
                previous = number;
            }
            if start < end {
                let value = equals.map_or(end, |equals| equals + 1);
                self.list.push(Pair { name, value: query.get(value..end).unwrap_or_default() });
            }
            if place.is_none() {
                break;
            }
            (start, equals) = (end + 1, None);
        }
        match moves {
            None => self.text = Some(query),
            Some(moves) if moves == start && equals.is_some() => {
                self.but_last = start.checked_sub(1).and_then(|end| query.get(..end));
            }
            Some(_) => {}
        }
        true
    }

    /// Sorted by encoded name, then by encoded value. Not by the joined text,
    /// in which `=` would sort above `-` and the digits.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, text, .. } = self;
        if list.is_empty() || text.is_some() {
            return order.keep(list.len());
        }
        order.sort(
            list.len(),
            |place, start| list.get(place).map_or(0, |pair| part_of(pair.name, start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.cmp(b.name).then_with(|| a.value.cmp(b.value)),
                _ => Ordering::Equal,
            },
        );
    }

    /// As they came.
    #[inline(always)]
    pub(crate) fn arrived(&self) -> core::slice::Iter<'_, Pair<'a>> {
        self.list.iter()
    }

    /// Of sorted pairs, in order.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pair<'a>> + Clone {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|place| list.get(place))
    }

    /// Returns the maximum length of *CanonicalQueryString*.
    #[inline]
    pub(crate) fn max_len(&self) -> usize {
        let sum = || self.list.iter().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
        self.text.map_or_else(sum, <[u8]>::len)
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, pair: Pair<'a>) {
        (self.text, self.but_last) = (None, None);
        self.list.push(pair);
    }

    /// Leaves out a parameter that stands once, before they are sorted.
    #[inline]
    pub(crate) fn remove(&mut self, name: &str) -> Option<Pair<'a>> {
        let place = self.list.iter().rposition(|pair| pair.name == name.as_bytes())?;
        let pair = self.list.remove(place);
        let (all, but_last) = (self.text.take(), self.but_last.take());
        if place == self.list.len() {
            let end = |text: &[u8]| text.len().checked_sub(pair.name.len() + pair.value.len() + 2);
            self.text = but_last.or_else(|| all.and_then(|text| text.get(..end(text)?)));
        }
        Some(pair)
    }

    /// The first name that stands twice, of sorted pairs.
    #[inline]
    pub(crate) fn repeated(&self) -> Option<&'a [u8]> {
        if self.text.is_some() {
            return None;
        }
        let pairs = |(a, b)| Some((self.list.get(a)?, self.list.get(b)?));
        self.order.alike().filter_map(pairs).find(|(a, b)| a.name == b.name).map(|(a, _)| a.name)
    }

    /// *CanonicalQueryString*, of sorted pairs.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self.text {
            Some(text) => put(out, text),
            None => write_pairs(out, self.iter()),
        }
    }
}

/// *CanonicalQueryString* of sorted pairs.
#[inline]
pub(crate) fn write_pairs<'p, 'a: 'p>(out: &mut Vec<u8>, pairs: impl Iterator<Item = &'p Pair<'a>> + Clone) {
    let most = pairs.clone().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
    if most == 0 {
        return;
    }
    fill(out, most, |room| {
        for pair in pairs {
            room.put(pair.name, b'=');
            room.put(pair.value, b'&');
        }
    });
    // The last is followed by none.
    out.pop();
}
