//! *CanonicalQueryString*: pairs decoded once, encoded once, and sorted; and the
//! names of those that carry a signature.

use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::{PERCENT, PLAIN, Place, class, decode, is_canonical_triplet, prefix, push_recoded};
use crate::request_error::RequestError;

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
