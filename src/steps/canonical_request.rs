//! Step 1: the canonical request.
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
//! The rules of each part are in `canonical/`, one file each: `path.rs`,
//! `query.rs`, `header_block.rs`. Signer and verifier pass a complete request, and
//! this module cannot tell which of them called.
//!
//! Source: [IAM User Guide, "Create a signed AWS API request"][1], step 1.
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

/// A request in canonical form: the bytes that step 2 hashes.
///
/// `Display` prints exactly these bytes. A method returns each of the six parts. See
/// [the module](crate::steps) for an example.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    bytes: Vec<u8>,
    parts: CanonicalParts,
}

impl CanonicalRequest {
    /// Creates the canonical request of a complete request, which has every header that
    /// `signed` names.
    ///
    /// If the request has no `Host` header, the authority of its URI is the host.
    ///
    /// # Errors
    ///
    /// Returns [`RequestError`] if the request is malformed or ambiguous, or if a header in
    /// `signed` is missing.
    pub fn new(
        request: &Request<'_>,
        signed: &SignedHeaders<'_>,
        payload: &PayloadHash<'_>,
        rules: Rules,
    ) -> Result<Self, RequestError> {
        with_inputs(request, signed, payload, rules, |inputs, _| {
            let mut bytes = Vec::with_capacity(inputs.max_len());
            let parts = inputs.write(&mut bytes)?;
            Ok(Self { bytes, parts })
        })
    }

    /// Copies the canonical request that `parts` describes out of a larger buffer.
    pub(super) fn copy_from(buffer: &[u8], parts: CanonicalParts) -> Self {
        let bytes = buffer.get(parts.start..parts.end).unwrap_or_default().to_vec();
        Self { bytes, parts: parts.rebased() }
    }

    /// Returns *HTTPRequestMethod*.
    #[must_use]
    pub fn method(&self) -> &str {
        self.part(self.parts.method())
    }

    /// Returns *CanonicalURI*, the encoded path.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.part(self.parts.path())
    }

    /// Returns *CanonicalQueryString*.
    #[must_use]
    pub fn query(&self) -> &str {
        self.part(self.parts.query())
    }

    /// Returns *CanonicalHeaders*, each line with its line ending, as bytes: header values
    /// need not be UTF-8.
    #[must_use]
    pub fn headers(&self) -> &[u8] {
        self.bytes.get(self.parts.headers()).unwrap_or_default()
    }

    /// Returns *SignedHeaders*, the names joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(self.parts.signed_headers())
    }

    /// Returns *HashedPayload*, the last line.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        self.part(self.parts.payload())
    }

    /// Returns the whole canonical request: the bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the SHA-256 hash of the canonical request.
    pub(super) fn digest(&self) -> [u8; 32] {
        sha256(&self.bytes)
    }

    fn part(&self, span: Range<usize>) -> &str {
        self.bytes.get(span).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

/// Prints the bytes that are hashed. U+FFFD replaces bytes that are not UTF-8;
/// [`as_bytes`](CanonicalRequest::as_bytes) returns them unchanged.
impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}

/// Prints only the length, because a canonical request can contain a session token.
impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CanonicalRequest({} bytes)", self.bytes.len())
    }
}

/// Reads a complete request, and calls `use_inputs` with its six parts and with its query as sent.
pub(super) fn with_inputs<T>(
    request: &Request<'_>,
    signed: &SignedHeaders<'_>,
    payload: &PayloadHash<'_>,
    rules: Rules,
    use_inputs: impl FnOnce(&Inputs<'_, '_>, &str) -> Result<T, RequestError>,
) -> Result<T, RequestError> {
    let target = Target::parse(request.uri)?;
    let mut scratch = Vec::new();
    let mut fields = Fields::new();
    fields.read(request);
    if fields.get(AwsHeader::Host).is_none() {
        let host = target.host().ok_or(RequestError::InvalidHost)?;
        fields.push(None, AwsHeader::Host.name(), host.as_bytes());
    }
    // `signed` is a valid list already; only a missing header can fail here.
    if let Ok(Selected { missing: Some(missing), .. }) = fields.select(signed.as_bytes()) {
        return Err(RequestError::MissingHeader { name: String::from_utf8_lossy(missing).into() });
    }
    let mut pairs = Pairs::new();
    pairs.read(target.query, &mut scratch, check_query)?;
    pairs.sort();
    let inputs = Inputs {
        method: request.method,
        path: Path::Wire(target.path, rules),
        query: Query::Pairs(&pairs),
        headers: HeaderLines::Listed(&fields, signed),
        payload: payload.as_bytes(),
    };
    use_inputs(&inputs, target.query)
}

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

/// The spans of the six parts in the buffer that holds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CanonicalParts {
    start: usize,
    method_end: usize,
    path_end: usize,
    query_end: usize,
    headers_end: usize,
    names_end: usize,
    end: usize,
}

impl CanonicalParts {
    #[inline]
    pub(super) const fn start(&self) -> usize {
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

    /// Returns the same spans for a buffer that begins with the canonical request.
    const fn rebased(self) -> Self {
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
