//! Step 1: the request in its one canonical form.
//!
//! ```text
//! CanonicalRequest =
//!     HTTPRequestMethod + '\n' +
//!     CanonicalURI + '\n' +
//!     CanonicalQueryString + '\n' +
//!     CanonicalHeaders + '\n' +
//!     SignedHeaders + '\n' +
//!     HashedPayload
//! ```
//!
//! Source: [IAM User Guide, "Create a signed AWS API request"][1], step 1.
//! Not here: which end asked. The signer's and the verifier's requests are
//! complete when they come, and cannot be told apart.
//!
//! [1]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::canonical::target::{Target, check_query};
use crate::canonical::{AwsHeader, Fields, Selected, SignedHeaders, is_token};
use crate::canonical::{Pairs, write_path};
use crate::crypto::sha256;
use crate::error::RequestError;
use crate::payload::PayloadHash;
use crate::request::Request;
use crate::service::Rules;

/// The text that a signature covers. Its `Display` is what gets hashed; the
/// six parts are slices of it.
///
/// See [the module of steps](crate::steps) for an example.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    text: Vec<u8>,
    layout: Layout,
}

impl CanonicalRequest {
    /// Canonicalizes a complete request: one that has every header named in
    /// `signed`.
    ///
    /// # Errors
    ///
    /// What no request can carry, and a signed header that is not there.
    pub fn new(
        request: &Request<'_>,
        signed: &SignedHeaders<'_>,
        payload: &PayloadHash<'_>,
        rules: Rules,
    ) -> Result<Self, RequestError> {
        let target = Target::parse(request.uri)?;
        let host = target.host();
        let mut fields = Fields::new();
        fields.read(request);
        if fields.get(AwsHeader::Host).is_none() {
            fields.push(None, AwsHeader::Host.name(), host.ok_or(RequestError::InvalidHost)?.as_bytes());
        }
        // `signed` is valid already; only a missing header can fail.
        if let Ok(Selected { missing: Some(missing), .. }) = fields.select(signed.as_bytes()) {
            return Err(RequestError::MissingHeader { name: String::from_utf8_lossy(missing).into() });
        }
        let mut text = Vec::new();
        let mut scratch = Vec::new();
        let mut pairs = Pairs::new();
        pairs.read(target.query, &mut scratch, check_query)?;
        pairs.sort();
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&pairs));
        let layout = write(
            &mut text,
            request.method,
            path,
            query,
            Headers::Selected(&fields, signed),
            payload.as_bytes(),
        )?;
        Ok(Self { text, layout })
    }

    #[inline]
    pub(crate) fn copy(text: &[u8], layout: Layout) -> Self {
        let from = layout.start;
        let text = text.get(from..layout.end).unwrap_or_default().to_vec();
        Self { text, layout: layout.moved_back(from) }
    }

    /// *HTTPRequestMethod*.
    #[must_use]
    pub fn method(&self) -> &str {
        self.part(self.layout.method())
    }

    /// *CanonicalURI*.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.part(self.layout.uri())
    }

    /// *CanonicalQueryString*.
    #[must_use]
    pub fn query(&self) -> &str {
        self.part(self.layout.query())
    }

    /// *CanonicalHeaders*, with the end of its last line. Bytes: header values
    /// need not be text.
    #[must_use]
    pub fn headers(&self) -> &[u8] {
        self.text.get(self.layout.headers()).unwrap_or_default()
    }

    /// *SignedHeaders*.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(self.layout.names())
    }

    /// *HashedPayload*.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        self.part(self.layout.payload())
    }

    /// The whole text.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    #[inline]
    pub(crate) fn digest(&self) -> [u8; 32] {
        sha256(&self.text)
    }

    #[inline]
    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

/// Bytes that are not UTF-8 print as `U+FFFD`; see [`as_bytes`](CanonicalRequest::as_bytes).
impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text))
    }
}

/// Closed: a canonical request can hold a session token.
impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CanonicalRequest({} bytes)", self.text.len())
    }
}

/// Where the six parts lie in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) start: usize,
    method_end: usize,
    uri_end: usize,
    query_end: usize,
    headers_end: usize,
    names_end: usize,
    pub(crate) end: usize,
}

impl Layout {
    #[inline]
    pub(crate) fn method(&self) -> Range<usize> {
        self.start..self.method_end
    }
    #[inline]
    pub(crate) fn uri(&self) -> Range<usize> {
        self.method_end + 1..self.uri_end
    }
    #[inline]
    pub(crate) fn query(&self) -> Range<usize> {
        self.uri_end + 1..self.query_end
    }
    #[inline]
    pub(crate) fn headers(&self) -> Range<usize> {
        self.query_end + 1..self.headers_end
    }
    #[inline]
    pub(crate) fn names(&self) -> Range<usize> {
        self.headers_end + 1..self.names_end
    }
    #[inline]
    pub(crate) fn payload(&self) -> Range<usize> {
        self.names_end + 1..self.end
    }

    #[inline]
    fn moved_back(self, by: usize) -> Self {
        Self {
            start: self.start - by,
            method_end: self.method_end - by,
            uri_end: self.uri_end - by,
            query_end: self.query_end - by,
            headers_end: self.headers_end - by,
            names_end: self.names_end - by,
            end: self.end - by,
        }
    }
}

/// Where the path comes from.
pub(crate) enum Path<'a> {
    /// The wire; it is put into canonical form.
    Wire(&'a str, Rules),
    /// The same buffer: a presigned URL has it in canonical form already.
    Written(Range<usize>),
}

/// Where the query comes from.
pub(crate) enum Query<'p, 'a> {
    /// Pairs in canonical spelling, sorted.
    Pairs(&'p Pairs<'a>),
    /// The same buffer: a presigned URL has it in canonical form already.
    Written(Range<usize>),
}

/// The signed headers.
pub(crate) enum Headers<'n, 'a> {
    /// All of them, sorted.
    All(&'n Fields<'a>),
    /// Those that a list names, in its order.
    Selected(&'n Fields<'a>, &'n SignedHeaders<'n>),
    /// `host` alone, in lower case, without blanks.
    Host(&'n str),
}

/// Writes the canonical request to the end of `out`: the one writer, for the
/// value above, for the signer and for the verifier.
#[inline]
pub(crate) fn write(
    out: &mut Vec<u8>,
    method: &str,
    path: Path<'_>,
    query: Query<'_, '_>,
    headers: Headers<'_, '_>,
    payload: &[u8],
) -> Result<Layout, RequestError> {
    let start = out.len();
    if !is_method(method) {
        return Err(RequestError::InvalidMethod);
    }
    out.extend_from_slice(method.as_bytes());
    let method_end = end_line(out);
    match path {
        Path::Wire(path, rules) => write_path(out, path, rules)?,
        Path::Written(range) => out.extend_from_within(range),
    }
    let uri_end = end_line(out);
    match query {
        Query::Pairs(pairs) => pairs.write(out),
        Query::Written(range) => out.extend_from_within(range),
    }
    let query_end = end_line(out);
    match headers {
        Headers::All(fields) | Headers::Selected(fields, _) => fields.write_block(out)?,
        Headers::Host(host) => {
            out.extend_from_slice(b"host:");
            out.extend_from_slice(host.as_bytes());
            out.push(b'\n');
        }
    }
    let headers_end = end_line(out);
    match headers {
        Headers::All(fields) => fields.write_names(out),
        Headers::Selected(_, signed) => out.extend_from_slice(signed.as_bytes()),
        Headers::Host(_) => out.extend_from_slice(b"host"),
    }
    let names_end = end_line(out);
    out.extend_from_slice(payload);
    Ok(Layout { start, method_end, uri_end, query_end, headers_end, names_end, end: out.len() })
}

/// The ends of its first five lines.
pub(crate) const BESIDE_PARTS: usize = 5;

/// Whether a method is a token; of those that are seen most, that is known.
#[inline]
fn is_method(method: &str) -> bool {
    matches!(method, "GET" | "PUT" | "POST" | "HEAD" | "DELETE") || is_token(method.as_bytes())
}

/// Ends a line; returns where its text ended.
#[inline]
fn end_line(out: &mut Vec<u8>) -> usize {
    let end = out.len();
    out.push(b'\n');
    end
}

/// A header line's value in a canonical block, by its name in any case.
#[inline]
pub(crate) fn header<'a>(block: &'a [u8], name: &str) -> Option<&'a [u8]> {
    lines(block).find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
}

/// Names and values of a canonical header block.
#[inline]
pub(crate) fn lines(block: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    block.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        Some((name, value.get(1..).unwrap_or_default()))
    })
}
