//! The parts of a canonical request that was written, and the lines of its header block.

use core::ops::Range;

/// The spans of the six parts in the buffer that holds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CanonicalParts {
    pub(super) start: usize,
    pub(super) method_end: usize,
    pub(super) path_end: usize,
    pub(super) query_end: usize,
    pub(super) headers_end: usize,
    pub(super) names_end: usize,
    pub(super) end: usize,
}

impl CanonicalParts {
    #[inline]
    pub(in crate::steps) const fn start(&self) -> usize {
        self.start
    }
    #[inline]
    pub(crate) fn method(&self) -> Range<usize> {
        self.start..self.method_end
    }
    #[inline]
    pub(crate) fn path(&self) -> Range<usize> {
        self.method_end + 1..self.path_end
    }
    #[inline]
    pub(crate) fn query(&self) -> Range<usize> {
        self.path_end + 1..self.query_end
    }
    #[inline]
    pub(crate) fn headers(&self) -> Range<usize> {
        self.query_end + 1..self.headers_end
    }
    #[inline]
    pub(crate) fn signed_headers(&self) -> Range<usize> {
        self.headers_end + 1..self.names_end
    }
    #[inline]
    pub(crate) fn payload(&self) -> Range<usize> {
        self.names_end + 1..self.end
    }

    /// Returns the spans for a buffer that begins with the canonical request.
    pub(super) const fn rebased(self) -> Self {
        Self {
            start: 0,
            method_end: self.method_end - self.start,
            path_end: self.path_end - self.start,
            query_end: self.query_end - self.start,
            headers_end: self.headers_end - self.start,
            names_end: self.names_end - self.start,
            end: self.end - self.start,
        }
    }
}

/// Returns the value of the first line of a canonical header block with this
/// name, in any case.
#[inline]
pub(crate) fn header<'a>(block: &'a [u8], name: &str) -> Option<&'a [u8]> {
    lines(block).find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
}

/// Iterates over the names and values of a canonical header block.
#[inline]
pub(crate) fn lines(block: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    block.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        Some((name, value.get(1..).unwrap_or_default()))
    })
}
