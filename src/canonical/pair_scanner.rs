//! Splits a query that may be *CanonicalQueryString* already, in one pass.
//!
//! ```text
//! CanonicalQueryString = [ pair *( "&" pair ) ]
//! pair                 = *canonical "=" *canonical
//! canonical            = unreserved / "%" HEXDIG HEXDIG     upper case, of a byte that is not unreserved
//! ```
//!
//! The caller searches for the bytes that are not unreserved, and passes only those to
//! the scanner.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1; RFC 3986, sections
//! 2.1 and 2.3.

use super::percent::is_canonical_triplet;
use super::query::Pair;
use crate::bytes::prefix16;

/// A scanner that splits a query into pairs, and finds the first pair that is not as
/// *CanonicalQueryString* requires.
pub(super) struct PairScanner<'a> {
    query: &'a [u8],
    /// The indices of the start of the current pair and of its `=`.
    pub(super) start: usize,
    pub(super) equals: Option<usize>,
    /// The first 16 bytes of the previous name, most significant first.
    previous_name: u128,
    /// The start of the first pair that is empty, has no `=`, or may be out of order
    /// because the first 16 bytes of its name are not greater than the previous name's.
    pub(super) first_noncanonical: Option<usize>,
}

/// The role of a byte that is not unreserved in the pair that contains it.
pub(super) enum Delimiter {
    /// The `=`, or the `%` of a canonical triplet.
    InPair,
    /// A `&`.
    EndOfPair,
    /// Anything else: the pair is not in canonical spelling.
    Misspelled,
}

impl<'a> PairScanner<'a> {
    #[inline]
    pub(super) fn new(query: &'a [u8]) -> Self {
        Self { query, start: 0, equals: None, previous_name: 0, first_noncanonical: None }
    }

    /// Returns the role of the byte at `index`, which is not unreserved.
    #[inline]
    pub(super) fn delimiter(&mut self, index: usize) -> Delimiter {
        match self.query.get(index..) {
            Some([b'=', ..]) if self.equals.is_none() => {
                self.equals = Some(index);
                Delimiter::InPair
            }
            Some([b'%', high, low, ..]) if is_canonical_triplet(*high, *low) => Delimiter::InPair,
            Some([b'&', ..]) => Delimiter::EndOfPair,
            _ => Delimiter::Misspelled,
        }
    }

    /// Ends the current pair, and returns it unless it is empty.
    #[inline]
    pub(super) fn end_pair(&mut self, end: usize) -> Option<Pair<'a>> {
        let (start, equals) = (self.start, self.equals.take());
        self.start = end + 1;
        let name = self.query.get(start..equals.unwrap_or(end)).unwrap_or_default();
        if self.first_noncanonical.is_none() {
            let name = prefix16(name).swap_bytes();
            if equals.is_none() || name <= self.previous_name {
                self.first_noncanonical = Some(start);
            }
            self.previous_name = name;
        }
        let value = self.query.get(equals.map_or(end, |equals| equals + 1)..end).unwrap_or_default();
        if start < end { Some(Pair { name, value }) } else { None }
    }
}
