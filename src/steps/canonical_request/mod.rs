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

mod inputs;
mod parts;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

pub(crate) use self::inputs::{HeaderLines, Inputs, Path, Query};
pub(crate) use self::parts::{CanonicalParts, header, lines};
use crate::canonical::target::{Target, check_query};
use crate::canonical::{AwsHeader, Fields, Pairs, Selected, SignedHeaders};
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
