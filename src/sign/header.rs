//! Signing in headers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::Signer;
use super::complete::{AddedHeaders, Complete, Placement};
use super::daily::DailyState;
use crate::canonical::AwsHeader;
use crate::canonical::target::Target;
use crate::error::SignError;
use crate::payload::{Payload, PayloadHash};
use crate::request::Request;
use crate::service::PayloadRule;
use crate::steps::canonical_request::{Path, Query};
use crate::steps::{Explain, Signature, Transcript, string_to_sign};
use crate::time::Timestamp;

impl Signer {
    /// Signs a request in headers: returns the headers to add to it.
    ///
    /// The signature covers `host` and every header of the request, except those
    /// in [`NEVER_SIGNED`](crate::NEVER_SIGNED) and those
    /// [excluded](Self::exclude_header) by the caller. The signer adds
    ///
    /// * `x-amz-date`,
    /// * `x-amz-content-sha256`, if the service requires it or the payload is a stream,
    /// * the session token, if the credentials have one,
    /// * `x-amz-region-set`, for SigV4a,
    /// * `authorization`.
    ///
    /// If the request already has one of the first four, its value must be the one
    /// that the signer would add; it is not added again.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &[("content-type", "text/plain")]);
    /// let signed = signer.sign(&request, Payload::Bytes(b"hello"), Timestamp::now())?;
    /// assert_eq!(signed.signed_headers(), "content-type;host;x-amz-content-sha256;x-amz-date");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SignError`] if the request cannot be sent, is signed already, or
    /// has headers that contradict the signature; or if the credentials have
    /// expired.
    pub fn sign(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        time: Timestamp,
    ) -> Result<AuthHeaders, SignError> {
        self.sign_in(&mut Vec::new(), request, payload, time)
    }

    /// Signs as [`sign`](Self::sign) does, using the allocation of `buffer`.
    ///
    /// The buffer is taken if the call succeeds and left in place if it fails.
    /// [`AuthHeaders::into_buffer`] hands it back; once it is large enough, signing
    /// allocates nothing.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let mut buffer = Vec::new();
    /// for uri in ["https://bucket.s3.amazonaws.com/a", "https://bucket.s3.amazonaws.com/b"] {
    ///     let request = Request::new("GET", uri, &[]);
    ///     let signed = signer.sign_in(&mut buffer, &request, Payload::Bytes(b""), Timestamp::now())?;
    ///     println!("{}", signed.authorization());
    ///     buffer = signed.into_buffer();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sign`](Self::sign).
    pub fn sign_in(
        &self,
        buffer: &mut Vec<u8>,
        request: &Request<'_>,
        payload: Payload<'_>,
        time: Timestamp,
    ) -> Result<AuthHeaders, SignError> {
        let target = Target::parse(request.uri)?;
        self.check_expiration(time)?;
        let payload = payload.hash();

        let mut scratch = Vec::new();
        let mut complete = Complete::new(request, target, payload.as_bytes());
        let added = self.add_headers(&mut complete, &payload, &time)?; // host, x-amz-date, …; sorted
        complete.read_query(self, &mut scratch)?;

        let mut daily = self.daily_state();
        let daily = daily.at(self, time);
        let path = Path::Wire(target.path, self.service.rules());
        let inputs = complete.inputs(path, Query::Pairs(&complete.pairs));
        let capacity =
            inputs.max_len() + string_to_sign::max_len(daily.scope.len()) + added.max_len(daily, &complete);
        let mut steps = Transcript::with_capacity(core::mem::take(buffer), capacity);
        if let Err(error) = steps.write_canonical_request(&inputs) {
            *buffer = steps.into_buffer();
            return Err(error.into());
        }
        steps.write_string_to_sign(self.algorithm(), time, daily.scope.as_bytes()); // step 2
        let signature = daily.key.sign(&mut steps); // steps 3 and 4
        Ok(AuthHeaders::place(steps, &added, daily, signature))
    }

    /// Adds the headers of a signature to `complete`, and sorts all of them.
    #[inline]
    fn add_headers<'a>(
        &'a self,
        complete: &mut Complete<'a>,
        payload: &'a PayloadHash<'_>,
        time: &'a Timestamp,
    ) -> Result<Added<'a>, SignError> {
        let rules = self.service.rules();
        let (token, rule) = (self.credentials.session_token(), rules.session_token());
        let token_header = AwsHeader::session_token(rule.header());
        let region_set = self.scheme.region_set();
        let expected = AddedHeaders {
            placement: Placement::Headers,
            date: time.bytes(),
            payload: payload.as_bytes(),
            token: token.map(|token| (token_header, token.as_bytes())),
            token_is_signed: token.is_some() && rule.is_signed(),
            region_set: region_set.map(str::as_bytes),
        };
        complete.read_headers(self, complete.target.host(), &expected)?;

        let absent = |known| complete.fields.get(known).is_none();
        let sends_hash = rules.payload() == PayloadRule::HashHeader || payload.is_streaming();
        let added = Added {
            date: Some(*time).filter(|_| absent(AwsHeader::AmzDate)),
            payload: sends_hash && absent(AwsHeader::ContentSha256),
            token_name: rule.header().header_name(),
            token: token.filter(|_| absent(token_header)),
            region_set: region_set.filter(|_| absent(AwsHeader::RegionSet)),
        };
        let fields = [
            added.date.map(|_| (AwsHeader::AmzDate, &time.bytes()[..])),
            added.payload.then_some((AwsHeader::ContentSha256, payload.as_bytes())),
            added.token.filter(|_| rule.is_signed()).map(|token| (token_header, token.as_bytes())),
            added.region_set.map(|set| (AwsHeader::RegionSet, set.as_bytes())),
        ];
        for (known, value) in fields.into_iter().flatten() {
            complete.fields.push(None, known.name(), value);
        }
        complete.fields.sort();
        Ok(added)
    }

    fn check_expiration(&self, time: Timestamp) -> Result<(), SignError> {
        match self.credentials.expiration() {
            Some(at) if at <= time => Err(SignError::CredentialsExpired { at }),
            _ => Ok(()),
        }
    }
}

/// The headers that the request did not have yet.
struct Added<'a> {
    date: Option<Timestamp>,
    payload: bool,
    token_name: &'static str,
    token: Option<&'a str>,
    region_set: Option<&'a str>,
}

impl Added<'_> {
    /// Returns the maximum length of what [`AuthHeaders::place`] appends.
    #[inline]
    fn max_len(&self, daily: &DailyState, complete: &Complete<'_>) -> usize {
        let authorization = daily.authorization.len()
            + complete.fields.max_names_len()
            + SIGNATURE.len()
            + daily.key.algorithm().max_hex_len();
        authorization + self.token.map_or(0, str::len) + self.region_set.map_or(0, str::len)
    }
}

/// What precedes the last component of an `Authorization` header.
const SIGNATURE: &[u8; 12] = b", Signature=";

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
    fn place(mut steps: Transcript, added: &Added<'_>, daily: &DailyState, signature: Signature) -> Self {
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
    /// [`sign_chunked`](Signer::sign_chunked) adds precede these.
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

    /// Returns the buffer, cleared, for the next [`sign_in`](Signer::sign_in).
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
