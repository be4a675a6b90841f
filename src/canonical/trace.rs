//! The origin of each byte of a canonical request, which the writers of this folder report to a [`Trace`].
//!
//! A signer and a verifier pass `()`, which compiles to nothing.

use core::ops::Range;

use super::header_fields::Field;

/// The bytes of a request from which a writer wrote a piece of the canonical request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The specification: a separator or a line ending.
    Constant,
    /// Bytes of the method.
    Method(Range<usize>),
    /// Bytes of the path, counted from the start of the path. An empty range is the `/` that replaces an empty path.
    Path(Range<usize>),
    /// Bytes of the query, counted from the first byte after `?`.
    Query(Range<usize>),
    /// Bytes of a header's name.
    HeaderName {
        /// The index in the request's list of headers; `None` for a `Host` that the URI states.
        index: Option<usize>,
        /// The bytes of the name.
        range: Range<usize>,
    },
    /// Bytes of a header's value.
    HeaderValue {
        /// The index in the request's list of headers; `None` for a `Host` that the URI states.
        index: Option<usize>,
        /// The bytes of the value.
        range: Range<usize>,
    },
    /// The hash of the payload, or the word that replaces it.
    Payload(Range<usize>),
}

impl Origin {
    pub(super) fn name(field: &Field<'_>) -> Self {
        Self::HeaderName { index: field.index, range: 0..field.name.len() }
    }

    pub(super) const fn value(field: &Field<'_>, range: Range<usize>) -> Self {
        Self::HeaderValue { index: field.index, range }
    }
}

/// Records the origin of each byte, in order.
pub(crate) trait Trace {
    /// Records the origin of the bytes that were written since the last call. `end` is the length of the output.
    fn record(&mut self, end: usize, origin: impl FnOnce() -> Origin);
}

impl Trace for () {
    #[inline(always)]
    fn record(&mut self, _: usize, _: impl FnOnce() -> Origin) {}
}
