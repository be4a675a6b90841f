//! The record of a signature's steps: one buffer with the spans of each.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::canonical_request::{CanonicalParts, Inputs, lines};
use super::string_to_sign::{self, Algorithm};
use super::{CanonicalRequest, Signature, StringToSign};
use crate::bytes::cleared;
use crate::crypto::{MAX_PADDING, sha256_from, sha256_pair};
use crate::error::RequestError;
use crate::time::Timestamp;

/// The buffer in which steps 1 and 2 are written and hashed, and the spans of
/// their parts.
///
/// Whatever else a result hands out (a URL, an `Authorization` header) is
/// [appended](Self::append) to the same buffer, so a result costs one allocation.
#[derive(Clone, Default)]
pub(crate) struct Transcript {
    bytes: Vec<u8>,
    canonical: CanonicalParts,
    to_sign: Range<usize>,
}

impl Transcript {
    /// Clears `buffer` and reserves `capacity` bytes, and the padding that
    /// hashing in place adds for a moment.
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

    /// Hashes step 1, which the buffer ends with, and writes step 2.
    #[inline]
    pub(crate) fn write_string_to_sign(&mut self, algorithm: Algorithm, time: Timestamp, scope: &[u8]) {
        let digest = sha256_from(&mut self.bytes, self.canonical.start());
        self.append_string_to_sign(algorithm, time, scope, &digest);
    }

    /// As [`write_string_to_sign`](Self::write_string_to_sign); returns the
    /// SHA-256 of `body`, hashed alongside step 1.
    #[inline]
    pub(crate) fn write_string_to_sign_and_hash(
        &mut self,
        algorithm: Algorithm,
        time: Timestamp,
        scope: &[u8],
        body: &[u8],
    ) -> [u8; 32] {
        let (digest, of_body) = sha256_pair(&mut self.bytes, self.canonical.start(), body);
        self.append_string_to_sign(algorithm, time, scope, &digest);
        of_body
    }

    #[inline]
    fn append_string_to_sign(
        &mut self,
        algorithm: Algorithm,
        time: Timestamp,
        scope: &[u8],
        digest: &[u8; 32],
    ) {
        let start = self.bytes.len();
        string_to_sign::write(&mut self.bytes, algorithm, time, scope, digest);
        self.to_sign = start..self.bytes.len();
    }

    /// Starts a transcript with a string to sign that hashes no request, such as
    /// the policy of a form.
    #[cfg(feature = "post-policy")]
    pub(crate) fn of_string_to_sign(text: &str, capacity: usize) -> Self {
        let mut transcript = Self::with_capacity(Vec::new(), text.len() + capacity);
        transcript.to_sign = transcript.append(text.as_bytes());
        transcript
    }

    /// Appends `part` to the buffer; returns its span.
    #[inline]
    pub(crate) fn append(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }

    /// Appends what `write` writes; returns its span.
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

    /// Returns true for the steps of a form: its string to sign is a policy, which no canonical request precedes.
    fn is_of_form(&self) -> bool {
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

    /// Returns the steps for a reader. A verifier passes no signature: the right
    /// one for somebody else's request is never printed.
    pub(crate) const fn explain<'a>(&'a self, signature: Option<&'a Signature>) -> Explain<'a> {
        Explain { steps: self, signature }
    }
}

/// Prints the steps of a signature: canonical request, string to sign, the
/// signing key's derivation by name, signature.
///
/// `println!("{}", signed.explain())` prints them all. Keys are named, never
/// printed. Session tokens and customer-provided encryption keys are masked;
/// [`canonical_request`](Self::canonical_request) has them, as they were hashed.
/// The policy of a form, which states its session token, is masked too.
///
/// ```
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::new("iam")?)?;
/// let request = Request::new("GET", "https://iam.amazonaws.com/?Action=ListUsers", &[]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::parse("20150830T123600Z")?)?;
/// let steps = signed.explain().to_string();
/// assert!(steps.contains("Action=ListUsers"));
/// assert!(steps.contains("20150830/us-east-1/iam/aws4_request"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Explain<'a> {
    steps: &'a Transcript,
    signature: Option<&'a Signature>,
}

impl Explain<'_> {
    /// Returns step 1 **unmasked**: the bytes that were hashed. It is empty for a form.
    #[must_use]
    pub fn canonical_request(&self) -> CanonicalRequest {
        CanonicalRequest::copy_from(&self.steps.bytes, self.steps.canonical)
    }

    /// Returns step 2 **unmasked**. The string to sign of a form is its policy, which states the session
    /// token.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign {
        StringToSign::from_text(String::from_utf8_lossy(self.steps.string_to_sign()))
    }
}

impl fmt::Display for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_of_form() {
            return write_form_steps(f);
        }
        let to_sign = self.string_to_sign();
        let scope: Vec<&str> = to_sign.as_str().lines().nth(2).unwrap_or_default().split('/').collect();
        write_canonical_request(f, &self.canonical_request())?;
        writeln!(f, "2. string to sign")?;
        for line in to_sign.as_str().lines() {
            writeln!(f, "   {line}")?;
        }
        writeln!(f, "3. signing key")?;
        match scope.as_slice() {
            [date, region, service, terminator] => {
                writeln!(f, "   k_date          HMAC(\"AWS4\" + secret, {date})")?;
                writeln!(f, "   k_region        HMAC(k_date, {region})")?;
                writeln!(f, "   k_service       HMAC(k_region, {service})")?;
                writeln!(f, "   k_signing       HMAC(k_service, {terminator})")?;
            }
            [_, _, _] => {
                writeln!(f, "   key pair        from HMAC(\"AWS4A\" + secret, access key id and counter)")?
            }
            _ => {}
        }
        writeln!(f, "4. signature")?;
        match (self.signature, scope.len()) {
            (Some(signature), _) => write!(f, "   {signature}"),
            (None, 3) => write!(f, "   ECDSA over the string to sign, checked with the public key"),
            (None, _) => write!(f, "   HMAC(k_signing, string to sign), compared in constant time"),
        }
    }
}

/// Writes the steps of a form, without its policy and its signature.
fn write_form_steps(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "1. canonical request")?;
    writeln!(f, "   a form has none")?;
    writeln!(f, "2. string to sign")?;
    writeln!(f, "   policy          {MASK}")?;
    writeln!(f, "3. signing key")?;
    writeln!(f, "   k_signing       of the scope in x-amz-credential")?;
    writeln!(f, "4. signature")?;
    write!(f, "   HMAC(k_signing, policy), compared in constant time")
}

fn write_canonical_request(f: &mut fmt::Formatter<'_>, request: &CanonicalRequest) -> fmt::Result {
    let query = masked_query(request.query());
    writeln!(f, "1. canonical request")?;
    writeln!(f, "   method          {}", request.method())?;
    writeln!(f, "   uri             {}", request.uri())?;
    writeln!(f, "   query           {}", if query.is_empty() { "-" } else { &query })?;
    for (index, (name, value)) in lines(request.headers()).enumerate() {
        let label = if index == 0 { "headers" } else { "" };
        let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
        writeln!(f, "   {label:<15} {name}:{}", if is_secret(&name) { MASK } else { &value })?;
    }
    writeln!(f, "   signed headers  {}", request.signed_headers())?;
    writeln!(f, "   payload         {}", request.payload_hash())
}

/// Prints the type's name alone: the steps can hold a session token.
impl fmt::Debug for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explain(..)")
    }
}

const MASK: &str = "(not shown)";

/// Returns true for a header, parameter or form field whose value is as
/// sensitive as a key. `name` is in lower case.
pub(crate) fn is_secret(name: &str) -> bool {
    matches!(
        name,
        "x-amz-security-token"
            | "x-amz-s3session-token"
            | "x-amz-server-side-encryption-customer-key"
            | "x-amz-copy-source-server-side-encryption-customer-key"
            | "x-amz-mfa"
            | "x-amz-signature"
            | "authorization"
            | "cookie"
    )
}

/// Returns a query with the values of [secret](is_secret) parameters masked.
pub(crate) fn masked_query(query: &str) -> String {
    let mut masked = String::with_capacity(query.len());
    for pair in query.split('&') {
        if !masked.is_empty() {
            masked.push('&');
        }
        match pair.split_once('=') {
            Some((name, _)) if is_secret(&name.to_ascii_lowercase()) => {
                masked.push_str(name);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(pair),
        }
    }
    masked
}
