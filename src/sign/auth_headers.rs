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
/// Iterate over a reference to get names and values.
///
/// Whoever has the request and these headers can send it, so `Debug` prints only the
/// type's name.
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
    pub(super) steps: Transcript,
    /// Headers that a protocol added to the request before it was signed.
    announced: Vec<(&'static str, String)>,
    time: Option<Timestamp>,
    payload: Range<usize>,
    token: (&'static str, Range<usize>),
    region_set: Range<usize>,
    /// Ends with the signature.
    pub(super) authorization: Range<usize>,
    pub(super) signature: Signature,
}

impl AuthHeaders {
    /// Appends the values of the headers to the buffer of the steps, and keeps them all.
    #[inline]
    pub(super) fn place(
        mut steps: Transcript,
        added: &AddedHeaders<'_>,
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

    /// Iterates over the headers to add. Names are in lower case.
    ///
    /// The order is `x-amz-date`, `x-amz-content-sha256`, the session token,
    /// `x-amz-region-set`, `authorization`, without those that the request already has.
    /// The headers that [`sign_chunked`](crate::Signer::sign_chunked) adds precede them.
    pub fn iter(&self) -> AuthHeadersIter<'_> {
        AuthHeadersIter { headers: self, next: 0 }
    }

    /// Returns the header at an index in the order of [`iter`](Self::iter). Its value is
    /// empty if it is not added. Returns `None` after the last header.
    fn header(&self, index: usize) -> Option<(&str, &str)> {
        if let Some((name, value)) = self.announced.get(index) {
            return Some((name, value));
        }
        Some(match index - self.announced.len() {
            0 => ("x-amz-date", self.time.as_ref().map_or("", Timestamp::as_str)),
            1 => ("x-amz-content-sha256", self.steps.part(self.payload.clone())),
            2 => (self.token.0, self.steps.part(self.token.1.clone())),
            3 => ("x-amz-region-set", self.steps.part(self.region_set.clone())),
            4 => ("authorization", self.authorization()),
            _ => return None,
        })
    }

    /// Adds the headers that a protocol added to the request before it was signed, such
    /// as those of a chunked body: the caller must add them to the request too.
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

    /// Returns the signature alone. In a signed stream the first chunk or event is
    /// signed with it.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the four steps, for debugging. Print it to see every byte that was signed.
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

/// Prints only the type's name.
impl fmt::Debug for AuthHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthHeaders(..)")
    }
}

/// Iterates over the names and values of [`AuthHeaders`]. Created by
/// [`AuthHeaders::iter`].
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

/// Prints only the type's name.
impl fmt::Debug for AuthHeadersIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthHeadersIter(..)")
    }
}

/// The values of the headers to add, without those that the request already has.
pub(super) struct AddedHeaders<'a> {
    pub(super) date: Option<Timestamp>,
    /// True if `x-amz-content-sha256` is added.
    pub(super) payload: bool,
    pub(super) token_name: &'static str,
    pub(super) token: Option<&'a str>,
    pub(super) region_set: Option<&'a str>,
}

impl AddedHeaders<'_> {
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

/// The separator and name of the last component of an `Authorization` header.
const SIGNATURE: &[u8; 12] = b", Signature=";
