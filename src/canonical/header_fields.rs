//! The header fields of a request, collected and sorted.
//!
//! ```text
//! order = by lowercase(name); fields of one name in the order in which they are sent
//! ```
//!
//! While fields are collected, the headers that the [scheme defines](AwsHeader)
//! are recorded, so that finding one later is an array access.
//!
//! `sign/` decides which headers a signer adds, and `verify/` which a verifier requires.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.

use core::cmp::Ordering;

use smallvec::SmallVec;

use super::{AwsHeader, Name};
use crate::bytes::SortedIndices;
use crate::request::Request;

/// One header field.
#[derive(Clone, Copy)]
pub(crate) struct Field<'r> {
    pub(crate) name: Name<'r>,
    pub(crate) value: &'r [u8],
    /// The index in the request's list of headers, for errors. `None` if the signer adds
    /// the header.
    pub(crate) index: Option<usize>,
    /// True if the field was [selected](Fields::select).
    pub(super) is_selected: bool,
}

/// Header fields in the order in which they are sent, and their canonical order. Up to 64
/// fields need no allocation.
pub(crate) struct Fields<'r> {
    pub(super) list: SmallVec<[Field<'r>; 64]>,
    pub(super) order: SortedIndices,
    /// True if `order` contains two fields of one name.
    pub(super) has_repeated_name: bool,
    /// The first value of each header that was recorded.
    recorded: [Option<&'r [u8]>; AwsHeader::ALL.len()],
    /// The headers that were recorded more than once, one bit each.
    repeated_bits: u32,
    /// The lengths of all names and of all values, in bytes.
    pub(super) name_bytes: usize,
    pub(super) value_bytes: usize,
}

impl<'r> Fields<'r> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            list: SmallVec::new(),
            order: SortedIndices::new(),
            has_repeated_name: false,
            recorded: [None; AwsHeader::ALL.len()],
            repeated_bits: 0,
            name_bytes: 0,
            value_bytes: 0,
        }
    }

    /// Adds and records every header of a request.
    #[inline]
    pub(crate) fn read(&mut self, request: &Request<'r>) {
        for (index, (name, value)) in request.headers().enumerate() {
            let name = Name::new(name.as_bytes());
            if let Some(header) = AwsHeader::from_name(&name) {
                self.record(header, value);
            }
            self.push(Some(index), name, value);
        }
    }

    /// Adds a field. `index` is its index in the request's list of headers, if it is one
    /// of them.
    #[inline]
    pub(crate) fn push(&mut self, index: Option<usize>, name: Name<'r>, value: &'r [u8]) {
        self.name_bytes += name.len();
        self.value_bytes += value.len();
        self.list.push(Field { name, value, index, is_selected: false });
    }

    /// Records the value of a header. The caller adds the field separately, if it is one.
    #[inline]
    pub(crate) fn record(&mut self, header: AwsHeader, value: &'r [u8]) {
        match self.recorded.get_mut(header.index()) {
            Some(slot @ None) => *slot = Some(value),
            _ => self.repeated_bits |= 1 << header.index(),
        }
    }

    /// Returns the first recorded value of a header.
    #[inline]
    pub(crate) fn get(&self, header: AwsHeader) -> Option<&'r [u8]> {
        self.recorded.get(header.index()).copied().flatten()
    }

    /// Returns the first of `headers` that was recorded more than once.
    #[inline]
    pub(crate) fn repeated(&self, headers: &[AwsHeader]) -> Option<AwsHeader> {
        if self.repeated_bits == 0 {
            return None;
        }
        headers.iter().copied().find(|header| self.repeated_bits & 1 << header.index() != 0)
    }

    /// Returns the length of all names and values.
    #[inline]
    pub(crate) const fn bytes(&self) -> usize {
        self.name_bytes + self.value_bytes
    }

    /// Returns the fields in the order in which they were added.
    #[inline]
    pub(crate) fn in_wire_order(&self) -> core::slice::Iter<'_, Field<'r>> {
        self.list.iter()
    }

    /// Sorts by name in lower case. Fields of one name keep their order.
    #[inline]
    pub(crate) fn sort(&mut self) {
        let Self { list, order, has_repeated_name, .. } = self;
        order.sort(
            list.len(),
            |index, start| list.get(index).map_or(0, |field| field.name.prefix_at(start)),
            |a, b| match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.name.compare(&b.name),
                _ => Ordering::Equal,
            },
        );
        let names = |(a, b): (usize, usize)| Some((list.get(a)?.name, list.get(b)?.name));
        *has_repeated_name = order.ties().filter_map(names).any(|(a, b): (Name<'_>, _)| a.eq_ignore_case(&b));
    }

    /// Returns the fields in canonical order. Must be called after [`sort`](Self::sort) or
    /// [`select`](Self::select).
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = &Field<'r>> {
        let list = self.list.as_slice();
        self.order.iter().filter_map(|index| list.get(index))
    }
}
