//! [`Layout`], the origin of each byte of a canonical request.

use alloc::vec::Vec;
use core::ops::Range;

use super::CanonicalRequest;
use super::canonical_request::{HeaderLines, Inputs, Path, Query, with_inputs};
use crate::canonical::SignedHeaders;
use crate::canonical::target::Target;
use crate::canonical::trace::{Origin, Trace};
use crate::canonical::write_path_with;
use crate::error::RequestError;
use crate::payload::PayloadHash;
use crate::request::Request;
use crate::service::Rules;

/// A canonical request, and the origin of each of its bytes in the request, for programs that explain a signature.
///
/// The functions that write the canonical request of a signer report the origins while they write, so a layout cannot differ
/// from what is signed. All ranges are indexes of bytes, and end before their last index.
///
/// ```
/// use countersign::steps::{Layout, Origin, PieceKind};
/// use countersign::{Payload, Request, Rules, SignedHeaders};
///
/// let request = Request::new("GET", "/a b.txt", &[("Host", "examplebucket.s3.amazonaws.com")]);
/// let signed = SignedHeaders::parse("host")?;
/// let layout = Layout::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3)?;
/// assert_eq!(layout.canonical_request().uri(), "/a%20b.txt");
///
/// // The pieces cover the canonical request in order: `GET`, a line ending, `/a`, `%20`, …
/// let pieces = layout.pieces();
/// assert_eq!((pieces[0].range.clone(), &pieces[0].origin), (0..3, &Origin::Method(0..3)));
/// assert_eq!((pieces[1].range.clone(), &pieces[1].origin), (3..4, &Origin::Constant));
/// assert_eq!((pieces[3].range.clone(), &pieces[3].origin), (6..9, &Origin::Path(2..3)));
/// assert_eq!((pieces[2].kind, pieces[3].kind), (PieceKind::Copied, PieceKind::Encoded));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Layout {
    request: CanonicalRequest,
    pieces: Vec<Piece>,
}

/// Successive bytes of a canonical request with one origin. A [`Layout`] creates pieces.
///
/// ```
/// use countersign::steps::{Layout, PieceKind};
/// use countersign::{Payload, Request, Rules, SignedHeaders};
///
/// let request = Request::new("GET", "/?b=2&a=1", &[("Host", "examplebucket.s3.amazonaws.com")]);
/// let signed = SignedHeaders::parse("host")?;
/// let layout = Layout::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3)?;
///
/// let canonical = layout.canonical_request().as_bytes();
/// let copied = layout.pieces().iter().filter(|piece| piece.kind == PieceKind::Copied);
/// let copied: Vec<_> = copied.map(|piece| canonical[piece.range.clone()].escape_ascii().to_string()).collect();
/// // The parameters are sorted. The names of the headers are in lower case, so they are not copied.
/// assert_eq!(
///     copied,
///     ["GET", "/", "a", "1", "b", "2", "examplebucket.s3.amazonaws.com", "UNSIGNED-PAYLOAD"],
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Piece {
    /// The indexes of the bytes in the canonical request. The range is not empty.
    pub range: Range<usize>,
    /// The change that the writer made to the bytes of the origin.
    pub kind: PieceKind,
    /// The bytes of the request from which the piece was written.
    pub origin: Origin,
}

/// The change that the writer of a canonical request made to the bytes of an [`Origin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PieceKind {
    /// Each byte is copied.
    Copied,
    /// Each byte is copied, and upper-case letters become lower-case letters, as in the name of a header.
    LowerCased,
    /// The piece is the canonical spelling of the whole origin: `%20` of a space, of `+` or of `%20`.
    Encoded,
    /// One space replaces spaces, tabs and folded lines of a header's value.
    Folded,
    /// The specification adds the piece: a separator (`&`, `=`, `:`, `,` or `;`) or a line ending.
    Constant,
}

impl Layout {
    /// Creates the layout of the canonical request that [`CanonicalRequest::new`] creates.
    ///
    /// # Errors
    ///
    /// Returns [`RequestError`] if the request is malformed or ambiguous, or if a header in `signed` is missing, as
    /// [`CanonicalRequest::new`] does.
    pub fn new(
        request: &Request<'_>,
        signed: &SignedHeaders<'_>,
        payload: &PayloadHash<'_>,
        rules: Rules,
    ) -> Result<Self, RequestError> {
        let canonical = CanonicalRequest::new(request, signed, payload, rules)?;
        let origins = with_inputs(request, signed, payload, rules, |inputs, query| {
            let mut origins = Origins(Vec::new());
            inputs.trace(query, &mut origins)?;
            Ok(origins.0)
        })?;
        let sources = Sources::new(request, payload)?;
        let mut pieces: Vec<Piece> = Vec::with_capacity(origins.len());
        let mut start = 0;
        for (end, origin) in origins {
            let written = canonical.as_bytes().get(start..end).unwrap_or_default();
            let kind = sources.kind(&origin, written);
            let is_appended = pieces.last_mut().is_some_and(|last| last.append(end, kind, &origin));
            if start < end && !is_appended {
                pieces.push(Piece { range: start..end, kind, origin });
            }
            start = end;
        }
        Ok(Self { request: canonical, pieces })
    }

    /// Returns the canonical request, to which the ranges of the pieces refer.
    #[must_use]
    pub const fn canonical_request(&self) -> &CanonicalRequest {
        &self.request
    }

    /// Returns the pieces, in order. Each byte of the canonical request is in exactly one of them.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// The end of each piece in the output, and its origin.
struct Origins(Vec<(usize, Origin)>);

impl Trace for Origins {
    fn record(&mut self, end: usize, origin: impl FnOnce() -> Origin) {
        self.0.push((end, origin()));
    }
}

impl Inputs<'_, '_> {
    /// Returns the bytes that [`write`](Self::write) writes, and reports their origins to `trace`. `sent` is the
    /// query as it is sent.
    fn trace(&self, sent: &str, trace: &mut impl Trace) -> Result<Vec<u8>, RequestError> {
        let mut written = Vec::with_capacity(self.max_len());
        let out = &mut written;
        out.extend_from_slice(self.method.as_bytes());
        trace.record(out.len(), || Origin::Method(0..self.method.len()));
        end_line(out, trace);
        if let Path::Wire(path, rules) = &self.path {
            write_path_with(out, path, *rules, trace)?;
        }
        end_line(out, trace);
        if let Query::Pairs(pairs) = &self.query {
            pairs.write_with(out, sent, trace)?;
        }
        end_line(out, trace);
        if let HeaderLines::Listed(fields, _) = &self.headers {
            fields.write_folded_with(out, trace)?;
            end_line(out, trace);
            fields.write_names_with(out, trace);
        }
        end_line(out, trace);
        out.extend_from_slice(self.payload);
        trace.record(out.len(), || Origin::Payload(0..self.payload.len()));
        Ok(written)
    }
}

fn end_line(out: &mut Vec<u8>, trace: &mut impl Trace) {
    out.push(b'\n');
    trace.record(out.len(), || Origin::Constant);
}

/// The parts of a request to which an [`Origin`] refers.
struct Sources<'r> {
    method: &'r str,
    target: Target<'r>,
    headers: Vec<(&'r str, &'r [u8])>,
    payload: &'r [u8],
}

impl<'r> Sources<'r> {
    fn new(request: &Request<'r>, payload: &'r PayloadHash<'_>) -> Result<Self, RequestError> {
        Ok(Self {
            method: request.method,
            target: Target::parse(request.uri)?,
            headers: request.headers().collect(),
            payload: payload.as_bytes(),
        })
    }

    /// Returns the change that the writer made to the bytes of `origin` to write `written`.
    fn kind(&self, origin: &Origin, written: &[u8]) -> PieceKind {
        match origin {
            Origin::Constant => PieceKind::Constant,
            _ if self.bytes(origin) == Some(written) => PieceKind::Copied,
            Origin::HeaderName { .. } => PieceKind::LowerCased,
            Origin::HeaderValue { .. } => PieceKind::Folded,
            Origin::Method(_) | Origin::Path(_) | Origin::Query(_) | Origin::Payload(_) => PieceKind::Encoded,
        }
    }

    /// Returns the bytes of `origin` as they are sent.
    fn bytes(&self, origin: &Origin) -> Option<&[u8]> {
        let header = |index: &Option<usize>| match index {
            Some(index) => self.headers.get(*index).copied(),
            None => Some(("host", self.target.host()?.as_bytes())),
        };
        let (part, range) = match origin {
            Origin::Constant => return None,
            Origin::Method(range) => (self.method.as_bytes(), range),
            Origin::Path(range) => (self.target.path.as_bytes(), range),
            Origin::Query(range) => (self.target.query.as_bytes(), range),
            Origin::Payload(range) => (self.payload, range),
            Origin::HeaderName { index, range } => (header(index)?.0.as_bytes(), range),
            Origin::HeaderValue { index, range } => (header(index)?.1, range),
        };
        part.get(range.clone())
    }
}

impl Piece {
    /// Appends a piece if its bytes and its origin follow those of this piece. Returns true if the piece was appended.
    fn append(&mut self, end: usize, kind: PieceKind, next: &Origin) -> bool {
        if (self.kind, kind) != (PieceKind::Copied, PieceKind::Copied) {
            return false;
        }
        let (range, next) = match (&mut self.origin, next) {
            (Origin::Path(range), Origin::Path(next)) | (Origin::Query(range), Origin::Query(next)) => {
                (range, next)
            }
            (Origin::HeaderValue { index, range }, Origin::HeaderValue { index: of_next, range: next })
                if index == of_next =>
            {
                (range, next)
            }
            _ => return false,
        };
        if range.end != next.start {
            return false;
        }
        range.end = next.end;
        self.range.end = end;
        true
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use super::*;
    use crate::payload::Payload;

    #[test]
    fn traces_the_bytes_that_are_signed() {
        let headers = [
            ("X-Amz-Date", "20130524T000000Z"),
            ("Host", "examplebucket.s3.amazonaws.com"),
            ("x-amz-meta-note", "  two   words "),
            ("X-Amz-Meta-Note", "again"),
        ];
        for (uri, rules) in [
            ("/", Rules::S3),
            ("/a%20b/%c3%bc(1)//c?b=2&a=1+2&a&&c=%7E/", Rules::S3),
            ("/a/../b//c%20d/?b=%2f&B=2", Rules::STANDARD),
            ("https://examplebucket.s3.amazonaws.com", Rules::STANDARD),
        ] {
            let request = Request::new("PUT", uri, &headers);
            let signed = SignedHeaders::parse("host;x-amz-date;x-amz-meta-note").unwrap();
            let payload = Payload::Bytes(b"hello").hash();
            let canonical = CanonicalRequest::new(&request, &signed, &payload, rules).unwrap();
            let traced = with_inputs(&request, &signed, &payload, rules, |inputs, query| {
                inputs.trace(query, &mut Origins(Vec::new()))
            });
            assert_eq!(traced.unwrap(), canonical.as_bytes(), "{uri}");
        }
    }
}
