//! The origin of each byte of a canonical request, which the writers of this folder report to a [`Trace`].
//!
//! A signer and a verifier pass `()`, which compiles to nothing.

use core::ops::Range;

use super::header_fields::Field;

/// The bytes of a request from which a piece of its canonical request was written: the part of the request, and the indexes
/// of the bytes in this part as it is sent.
///
/// ```
/// use countersign::steps::{Layout, Origin};
/// use countersign::{Payload, Request, Rules, SignedHeaders};
///
/// let headers = [("Range", "bytes=0-9"), ("Host", "examplebucket.s3.amazonaws.com")];
/// let request = Request::new("GET", "/test.txt", &headers);
/// let signed = SignedHeaders::parse("host;range")?;
/// let layout = Layout::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3)?;
///
/// let values = layout.pieces().iter().filter_map(|piece| match &piece.origin {
///     Origin::HeaderValue { index: Some(index), range } => Some(&headers[*index].1[range.clone()]),
///     _ => None,
/// });
/// assert_eq!(values.collect::<Vec<_>>(), ["examplebucket.s3.amazonaws.com", "bytes=0-9"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// Bytes of a header's name. The name of a repeated header is that of its first line.
    HeaderName {
        /// The index of the header in the request's list; `None` for a `Host` that the URI states.
        index: Option<usize>,
        /// The bytes of the name.
        range: Range<usize>,
    },
    /// Bytes of a header's value.
    HeaderValue {
        /// The index of the header in the request's list; `None` for the authority of the URI, which replaces a missing `Host`.
        index: Option<usize>,
        /// The bytes of the value, or of the authority.
        range: Range<usize>,
    },
    /// Bytes of the payload's hash, or of the word that replaces it, such as `UNSIGNED-PAYLOAD`.
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
