//! *CanonicalQueryString*: pairs decoded once, encoded once, and sorted; and the
//! names of those that carry a signature.

use alloc::vec::Vec;
use core::cmp::Ordering;

use smallvec::SmallVec;

use super::{Place, decode, is_canonical, push_recoded};
use crate::order::{Order, part_of};
use crate::request_error::RequestError;
use crate::scan::{self, first_sixteen, first_sixteen_of_known, lowercase, lowercase_each};
use crate::text::fill;

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
}

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { list: SmallVec::new(), order: Order::new() }
    }

    /// Adds the pairs of a query as sent, spelled canonically; a query of
    /// which some pair is not is written to `scratch` first. Empty pairs (`&&`)
    /// are dropped.
    #[inline]
    pub(crate) fn read(&mut self, query: &'a str, scratch: &'a mut Vec<u8>) -> Result<(), RequestError> {
        let canonical = is_canonical(query.as_bytes(), |bytes| bytes.are(b'&') | bytes.are(b'='));
        if canonical && self.read_canonical(query.as_bytes()) {
            return Ok(());
        }
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

    /// Adds the pairs as they stand, or none of them: an `=` in a value is not
    /// canonical.
    #[inline]
    fn read_canonical(&mut self, query: &'a [u8]) -> bool {
        let first = self.list.len();
        let separator = |text: &[u8]| scan::position(text, |bytes| bytes.are(b'&') | bytes.are(b'='));
        let mut rest = Some(query);
        while let Some(text) = rest {
            let (name, behind) = split_behind(text, separator(text));
            let empty = name.is_empty() && behind.first() != Some(&b'=');
            let (value, behind) = match behind {
                [b'=', value @ ..] => split_behind(value, separator(value)),
                behind => (&[][..], behind),
            };
            rest = match behind {
                [b'&', rest @ ..] => Some(rest),
                [] => None,
                _ => {
                    self.list.truncate(first);
                    return false;
                }
            };
            if !empty {
                self.list.push(Pair { name, value });
            }
        }
        true
    }

    /// Sorted by encoded name, then by encoded value. Not by the joined text,
    /// in which `=` would sort above `-` and the digits.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order } = self;
        order.sort(
            list.len(),
            |place, start| list.get(place).map_or(0, |pair| part_of(pair.name, start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.cmp(b.name).then_with(|| a.value.cmp(b.value)),
                _ => Ordering::Equal,
            },
        );
    }

    /// Of sorted pairs, in order.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pair<'a>> + Clone {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|place| list.get(place))
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, pair: Pair<'a>) {
        self.list.push(pair);
    }

    /// Leaves out a parameter, of sorted pairs.
    #[inline]
    pub(crate) fn remove(&mut self, name: &str) {
        let Self { list, order } = self;
        order.retain(|place| list.get(place).is_some_and(|pair| pair.name != name.as_bytes()));
    }

    /// The first name that stands twice, of sorted pairs.
    #[inline]
    pub(crate) fn repeated(&self) -> Option<&'a [u8]> {
        let pairs = |(a, b)| Some((self.list.get(a)?, self.list.get(b)?));
        self.order.alike().filter_map(pairs).find(|(a, b)| a.name == b.name).map(|(a, _)| a.name)
    }
}

/// A text up to a place, or all of it; and what is left.
#[inline(always)]
fn split_behind(text: &[u8], place: Option<usize>) -> (&[u8], &[u8]) {
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, &[]))
}

/// *CanonicalQueryString* of sorted pairs.
#[inline]
pub(crate) fn write_pairs<'p, 'a: 'p>(out: &mut Vec<u8>, pairs: impl Iterator<Item = &'p Pair<'a>> + Clone) {
    let most = pairs.clone().map(|pair| pair.name.len() + pair.value.len() + 2).sum();
    fill(out, most, |room| {
        let mut first = true;
        for pair in pairs {
            if !first {
                room.put_byte(b'&');
            }
            first = false;
            room.put(pair.name);
            room.put_byte(b'=');
            room.put(pair.value);
        }
    });
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
#[inline]
pub(crate) fn hash_parameter<'a>(pairs: &Pairs<'a>) -> Option<&'a [u8]> {
    pairs.iter().find(|pair| pair.name.eq_ignore_ascii_case(b"X-Amz-Content-Sha256")).map(|pair| pair.value)
}

/// Which of [`AUTHENTICATION`] a decoded name is, in any case.
#[inline]
pub(crate) fn authentication_parameter(name: &[u8]) -> Option<usize> {
    if !matches!(name.first(), Some(b'x' | b'X')) {
        return None;
    }
    let first = lowercase(first_sixteen(name));
    let known =
        |(start, known): (&u128, &&str)| *start == first && known.as_bytes().eq_ignore_ascii_case(name);
    STARTS.iter().zip(&AUTHENTICATION).position(known)
}

/// The first sixteen bytes of each, in lower case.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const STARTS: [u128; AUTHENTICATION.len()] = {
    let (mut starts, mut index) = ([0; AUTHENTICATION.len()], 0);
    while index < starts.len() {
        starts[index] = lowercase_each(first_sixteen_of_known(AUTHENTICATION[index].as_bytes()));
        index += 1;
    }
    starts
};

/// Whether a query name as sent is one of [`AUTHENTICATION`], in any case and
/// any spelling.
#[inline]
pub(crate) fn is_authentication_parameter(name: &str) -> bool {
    if name.contains('%') {
        return authentication_parameter(&decode(name)).is_some();
    }
    authentication_parameter(name.as_bytes()).is_some()
}
