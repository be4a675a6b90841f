//! [`Transcript`], one buffer with steps 1 and 2 of a signature.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::canonical_request::{CanonicalParts, Inputs};
use super::string_to_sign::{self, Algorithm};
use super::{CanonicalRequest, Explain, Signature};
use crate::bytes::cleared;
use crate::crypto::{MAX_PADDING, sha256_from, sha256_pair};
use crate::error::RequestError;

/// A buffer in which steps 1 and 2 are written and hashed, and the spans of their parts.
///
/// A URL or an `Authorization` header is [appended](Self::append) to the same buffer, so
/// that signing allocates once.
#[derive(Clone, Default)]
pub(crate) struct Transcript {
    bytes: Vec<u8>,
    canonical: CanonicalParts,
    to_sign: Range<usize>,
}

impl Transcript {
    /// Clears `buffer`, and reserves `capacity` bytes and the padding that hashing in place
    /// appends temporarily.
    #[inline]
    pub(crate) fn with_capacity(buffer: Vec<u8>, capacity: usize) -> Self {
        Self { bytes: cleared(buffer, capacity + MAX_PADDING), ..Self::default() }
    }

    /// Writes step 1 to the end of the buffer.
    #[inline]
    pub(crate) fn write_canonical_request(&mut self, inputs: &Inputs<'_, '_>) -> Result<(), RequestError> {
        self.canonical = inputs.write(&mut self.bytes)?;
        Ok(())
    }

    /// Hashes step 1, which must be at the end of the buffer, and writes step 2.
    #[inline]
    pub(crate) fn write_string_to_sign(&mut self, algorithm: Algorithm, time: &[u8], scope: &[u8]) {
        let digest = sha256_from(&mut self.bytes, self.canonical.start());
        self.append_string_to_sign(algorithm, time, scope, &digest);
    }

    /// Hashes step 1 and `body` together, writes step 2, and returns the hash of `body`.
    #[inline]
    pub(crate) fn write_string_to_sign_and_hash(
        &mut self,
        algorithm: Algorithm,
        time: &[u8],
        scope: &[u8],
        body: &[u8],
    ) -> [u8; 32] {
        let (digest, of_body) = sha256_pair(&mut self.bytes, self.canonical.start(), body);
        self.append_string_to_sign(algorithm, time, scope, &digest);
        of_body
    }

    #[inline]
    fn append_string_to_sign(&mut self, algorithm: Algorithm, time: &[u8], scope: &[u8], digest: &[u8; 32]) {
        let start = self.bytes.len();
        string_to_sign::write(&mut self.bytes, algorithm, time, scope, digest);
        self.to_sign = start..self.bytes.len();
    }

    /// Starts a transcript with a string to sign that contains no hash of a request, such
    /// as the policy of a form.
    #[cfg(feature = "post-policy")]
    pub(crate) fn of_string_to_sign(text: &str, capacity: usize) -> Self {
        let mut transcript = Self::with_capacity(Vec::new(), text.len() + capacity);
        transcript.to_sign = transcript.append(text.as_bytes());
        transcript
    }

    /// Appends `part` to the buffer, and returns its span.
    #[inline]
    pub(crate) fn append(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }

    /// Appends the bytes that `write` writes, and returns their span.
    #[inline]
    pub(crate) fn append_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Range<usize> {
        let start = self.bytes.len();
        write(&mut self.bytes);
        start..self.bytes.len()
    }

    /// Returns the buffer, for what is written before step 1.
    #[inline]
    pub(crate) const fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Returns the spans of step 1.
    #[inline]
    pub(crate) const fn canonical(&self) -> &CanonicalParts {
        &self.canonical
    }

    /// Returns a copy of step 1.
    pub(super) fn canonical_request(&self) -> CanonicalRequest {
        CanonicalRequest::copy_from(&self.bytes, self.canonical)
    }

    /// Returns the bytes of a span.
    #[inline]
    pub(crate) fn bytes(&self, span: Range<usize>) -> &[u8] {
        self.bytes.get(span).unwrap_or_default()
    }

    /// Returns a span that is ASCII, as a string.
    #[inline]
    pub(crate) fn part(&self, span: Range<usize>) -> &str {
        core::str::from_utf8(self.bytes(span)).unwrap_or_default()
    }

    /// Returns *CanonicalHeaders*.
    #[inline]
    pub(crate) fn headers(&self) -> &[u8] {
        self.bytes(self.canonical.headers())
    }

    /// Returns *SignedHeaders*.
    #[inline]
    pub(crate) fn signed_headers(&self) -> &str {
        self.part(self.canonical.signed_headers())
    }

    /// Returns the string to sign.
    #[inline]
    pub(crate) fn string_to_sign(&self) -> &[u8] {
        self.bytes(self.to_sign.clone())
    }

    /// Returns the index at which the string to sign begins.
    #[inline]
    pub(crate) const fn string_to_sign_start(&self) -> usize {
        self.to_sign.start
    }

    /// Returns true for a form. Its string to sign is a policy, without a canonical request before it.
    pub(super) fn is_of_form(&self) -> bool {
        self.canonical == CanonicalParts::default()
    }

    /// Returns the buffer, cleared, to be used again.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        let mut buffer = self.bytes;
        buffer.clear();
        buffer
    }

    /// Returns the first `length` bytes as a string. Nothing is copied.
    pub(crate) fn into_string(self, length: usize) -> String {
        let mut bytes = self.bytes;
        bytes.truncate(length);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Returns the steps in a form that can be printed.
    ///
    /// A verifier passes no signature, because the correct signature of a received request
    /// must never be printed.
    pub(crate) const fn explain<'a>(&'a self, signature: Option<&'a Signature>) -> Explain<'a> {
        Explain { steps: self, signature }
    }
}
