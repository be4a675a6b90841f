//! The six parts of a canonical request before they are written, and the function that writes them.

use alloc::vec::Vec;
use core::ops::Range;

use super::CanonicalParts;
use crate::canonical::{Fields, Pairs, SignedHeaders, is_token, write_path};
use crate::error::RequestError;
use crate::service::Rules;

/// The five line endings between the six parts.
const LINE_ENDINGS: usize = 5;

/// The six parts of a canonical request, before they are written.
pub(crate) struct Inputs<'p, 'a> {
    pub(crate) method: &'p str,
    pub(crate) path: Path<'p>,
    pub(crate) query: Query<'p, 'a>,
    pub(crate) headers: HeaderLines<'p, 'a>,
    pub(crate) payload: &'p [u8],
}

/// The source of *CanonicalURI*.
pub(crate) enum Path<'a> {
    /// The path as sent or received, which is canonicalized.
    Wire(&'a str, Rules),
    /// A span of the output buffer, which contains a presigned URL with the canonical path.
    Written(Range<usize>),
}

/// The source of *CanonicalQueryString*.
pub(crate) enum Query<'p, 'a> {
    /// Pairs in canonical spelling, sorted.
    Pairs(&'p Pairs<'a>),
    /// A span of the output buffer, which contains a presigned URL with the canonical query.
    Written(Range<usize>),
}

/// The source of *CanonicalHeaders* and *SignedHeaders*.
pub(crate) enum HeaderLines<'p, 'a> {
    /// All of these fields, sorted.
    All(&'p Fields<'a>),
    /// The fields that a list names, in its order.
    Listed(&'p Fields<'a>, &'p SignedHeaders<'p>),
    /// Only `host`; its value is in lower case and without spaces.
    HostOnly(&'p str),
}

impl Inputs<'_, '_> {
    /// Returns the maximum number of bytes that [`write`](Self::write) appends, except for a
    /// path that is not in canonical spelling, which grows up to three times.
    #[inline]
    pub(crate) fn max_len(&self) -> usize {
        let path = match &self.path {
            Path::Wire(path, _) => path.len(),
            Path::Written(span) => span.len(),
        };
        let query = match &self.query {
            Query::Pairs(pairs) => pairs.max_len(),
            Query::Written(span) => span.len(),
        };
        self.method.len() + path + query + self.headers.max_len() + self.payload.len() + LINE_ENDINGS
    }

    /// Appends the canonical request to `out`. No other function writes step 1.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<CanonicalParts, RequestError> {
        let start = out.len();
        if !is_method(self.method) {
            return Err(RequestError::InvalidMethod);
        }
        out.extend_from_slice(self.method.as_bytes());
        let method_end = end_line(out);
        match &self.path {
            Path::Wire(path, rules) => write_path(out, path, *rules)?,
            Path::Written(span) => out.extend_from_within(span.clone()),
        }
        let path_end = end_line(out);
        match &self.query {
            Query::Pairs(pairs) => pairs.write(out),
            Query::Written(span) => out.extend_from_within(span.clone()),
        }
        let query_end = end_line(out);
        self.headers.write_block(out)?;
        let headers_end = end_line(out);
        self.headers.write_names(out);
        let names_end = end_line(out);
        out.extend_from_slice(self.payload);
        Ok(CanonicalParts { start, method_end, path_end, query_end, headers_end, names_end, end: out.len() })
    }
}

impl HeaderLines<'_, '_> {
    /// Returns the maximum length of *CanonicalHeaders* and *SignedHeaders* together.
    #[inline]
    pub(crate) fn max_len(&self) -> usize {
        match self {
            Self::All(fields) => fields.max_block_len() + fields.max_names_len(),
            Self::Listed(fields, signed) => fields.max_block_len() + signed.as_bytes().len(),
            Self::HostOnly(host) => "host:\n".len() + host.len() + "host".len(),
        }
    }

    /// Appends *CanonicalHeaders*: `name:value` and a line ending for each header.
    #[inline]
    fn write_block(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        match self {
            Self::All(fields) | Self::Listed(fields, _) => fields.write_block(out)?,
            Self::HostOnly(host) => {
                out.extend_from_slice(b"host:");
                out.extend_from_slice(host.as_bytes());
                out.push(b'\n');
            }
        }
        Ok(())
    }

    /// Appends *SignedHeaders*: the names, joined by `;`.
    #[inline]
    fn write_names(&self, out: &mut Vec<u8>) {
        match self {
            Self::All(fields) => fields.write_names(out),
            Self::Listed(_, signed) => out.extend_from_slice(signed.as_bytes()),
            Self::HostOnly(_) => out.extend_from_slice(b"host"),
        }
    }
}

/// Returns true if `method` is a token (RFC 9110, section 9.1).
#[inline]
fn is_method(method: &str) -> bool {
    // The common methods are not scanned.
    matches!(method, "GET" | "PUT" | "POST" | "HEAD" | "DELETE") || is_token(method.as_bytes())
}

/// Appends a line ending, and returns its index.
#[inline]
fn end_line(out: &mut Vec<u8>) -> usize {
    let end = out.len();
    out.push(b'\n');
    end
}
