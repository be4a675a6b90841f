//! [`AuthHeaders`], the result of signing in headers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::complete::Complete;
use super::daily::DailyState;
use crate::steps::{Explain, Signature, Transcript};
use crate::time::Timestamp;

/// The headers that a signature adds to a request.
///
/// Iterate over a reference to get names and values. Together with the request
/// they authenticate whoever sends them, so `Debug` prints the type's name alone.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::now())?;
/// let mut names = Vec::new();
/// for (name, value) in &signed {
///     assert!(!value.is_empty());
///     names.push(name);
/// }
/// assert_eq!(names, ["x-amz-date", "x-amz-content-sha256", "authorization"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AuthHeaders {
    steps: Transcript,
    /// Headers that a protocol added to the request before it was signed.
    announced: Vec<(&'static str, String)>,
    time: Option<Timestamp>,
    payload: Range<usize>,
    token: (&'static str, Range<usize>),
    region_set: Range<usize>,
    authorization: Range<usize>,
    signature: Signature,
}

impl AuthHeaders {
    /// Appends the values of the headers to the buffer of the steps.
    #[inline]
    pub(super) fn place(
        mut steps: Transcript,
        added: &Added<'_>,
        daily: &DailyState,
        signature: Signature,
    ) -> Self {
        let signed_headers = steps.canonical().signed_headers();
        let payload = if added.payload { steps.canonical().payload() } else { 0..0 };
        let authorization = steps.append_with(|out| {
            out.extend_from_slice(daily.authorization.as_bytes());
            out.extend_from_within(signed_headers);
            out.extend_from_slice(SIGNATURE);
            signature.append_hex(out);
        });
        let token = steps.append(added.token.unwrap_or_default().as_bytes());
        let region_set = steps.append(added.region_set.unwrap_or_default().as_bytes());
        Self {
            time: added.date,
            payload,
            token: (added.token_name, token),
            region_set,
            authorization,
            signature,
            steps,
            announced: Vec::new(),
        }
    }

    /// Iterates over the headers: names in lower case, in the order `x-amz-date`,
    /// `x-amz-content-sha256`, session token, `x-amz-region-set`, `authorization`.
    /// Headers that the request already has are left out. The headers that
    /// [`sign_chunked`](crate::Signer::sign_chunked) adds precede these.
    pub fn iter(&self) -> AuthHeadersIter<'_> {
        AuthHeadersIter { headers: self, next: 0 }
    }

    /// Returns the header at a position of the order above; its value is empty if
    /// it is not added.
    fn header(&self, position: usize) -> Option<(&str, &str)> {
        if let Some((name, value)) = self.announced.get(position) {
            return Some((name, value));
        }
        Some(match position - self.announced.len() {
            0 => ("x-amz-date", self.time.as_ref().map_or("", Timestamp::as_str)),
            1 => ("x-amz-content-sha256", self.steps.part(self.payload.clone())),
            2 => (self.token.0, self.steps.part(self.token.1.clone())),
            3 => ("x-amz-region-set", self.steps.part(self.region_set.clone())),
            4 => ("authorization", self.authorization()),
            _ => return None,
        })
    }

    /// Also iterates over headers that a protocol added to the request before it
    /// was signed, as those of a chunked body.
    #[must_use]
    pub(crate) fn with_announced(self, headers: Vec<(&'static str, String)>) -> Self {
        Self { announced: headers, ..self }
    }

    /// Returns the value of the `authorization` header.
    #[must_use]
    pub fn authorization(&self) -> &str {
        self.steps.part(self.authorization.clone())
    }

    /// Returns *CanonicalHeaders*.
    pub(crate) fn canonical_headers(&self) -> &[u8] {
        self.steps.headers()
    }

    /// Returns *SignedHeaders*, the names joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.steps.signed_headers()
    }

    /// Returns the signature alone: the first input of the chain in a signed stream.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the steps, to be printed.
    #[must_use]
    pub const fn explain(&self) -> Explain<'_> {
        self.steps.explain(Some(&self.signature))
    }

    /// Returns the buffer, cleared, for the next [`sign_in`](crate::Signer::sign_in).
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.steps.into_buffer()
    }
}

impl<'a> IntoIterator for &'a AuthHeaders {
    type Item = (&'a str, &'a str);
    type IntoIter = AuthHeadersIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Prints the type's name alone.
impl fmt::Debug for AuthHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthHeaders(..)")
    }
}

/// The iterator of [`AuthHeaders::iter`].
#[derive(Clone)]
pub struct AuthHeadersIter<'a> {
    headers: &'a AuthHeaders,
    next: usize,
}

impl<'a> Iterator for AuthHeadersIter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let header = self.headers.header(self.next)?;
            self.next += 1;
            if !header.1.is_empty() {
                return Some(header);
            }
        }
    }
}

/// Prints the type's name alone.
impl fmt::Debug for AuthHeadersIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthHeadersIter(..)")
    }
}

/// The headers that the request did not have yet.
pub(super) struct Added<'a> {
    pub(super) date: Option<Timestamp>,
    pub(super) payload: bool,
    pub(super) token_name: &'static str,
    pub(super) token: Option<&'a str>,
    pub(super) region_set: Option<&'a str>,
}

impl Added<'_> {
    /// Returns the maximum length of what [`AuthHeaders::place`] appends.
    #[inline]
    pub(super) fn max_len(&self, daily: &DailyState, complete: &Complete<'_>) -> usize {
        let authorization = daily.authorization.len()
            + complete.fields.max_names_len()
            + SIGNATURE.len()
            + daily.key.algorithm().max_hex_len();
        authorization + self.token.map_or(0, str::len) + self.region_set.map_or(0, str::len)
    }
}

/// What precedes the last component of an `Authorization` header.
const SIGNATURE: &[u8; 12] = b", Signature=";
