//! Signs a request in its headers.

use alloc::vec::Vec;

use super::auth_headers::AddedHeaders;
use super::complete::{Complete, ExpectedHeaders, Placement};
use super::{AuthHeaders, Signer};
use crate::canonical::AwsHeader;
use crate::canonical::target::{Target, check_query, check_received_query};
use crate::error::{RequestError, SignError};
use crate::payload::{Payload, PayloadHash};
use crate::request::Request;
use crate::steps::canonical_request::{Path, Query};
use crate::steps::{Transcript, string_to_sign};
use crate::time::Timestamp;

impl Signer {
    /// Signs a request, and returns the headers to add to it.
    ///
    /// The signature covers `host` and every header of the request, except those
    /// in [`NEVER_SIGNED`](crate::NEVER_SIGNED) and those
    /// [excluded](Self::exclude_header) by the caller. The signer adds
    ///
    /// * `x-amz-date`,
    /// * `x-amz-content-sha256`, if the service requires it or the payload is not a hash,
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
    /// expired. The client sends the URI of the request, so a space or a non-ASCII character
    /// in it is an error: [`uri::encode_path`](crate::uri::encode_path) encodes a path, and
    /// [`uri::encode`](crate::uri::encode) a parameter.
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
    /// If the call succeeds, the result owns the buffer, and `buffer` is empty.
    /// [`AuthHeaders::into_buffer`] returns it for the next call. Once it is large
    /// enough, signing allocates nothing.
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
        // Complete the request as the server will receive it.
        let target = self.parse_target(request)?;
        self.check_expiration(time)?;
        self.check_stream(&payload)?;
        let payload = payload.hash();
        let mut scratch = Vec::new();
        let mut complete = Complete::new(request, target, payload.as_bytes());
        complete.check_path(self)?;
        let added = self.add_headers(&mut complete, &payload, &time)?; // host, x-amz-date, …
        let check = if self.service.rules().raw_path() { check_query } else { check_received_query };
        complete.read_query(self, check, &mut scratch)?;

        // Step 1: the canonical request.
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

        // Step 2: the string to sign.
        steps.write_string_to_sign(self.algorithm(), time.bytes(), daily.scope.as_bytes());

        // Steps 3 and 4: the signature, with the key of the day.
        let signature = daily.key.sign(&mut steps);
        Ok(AuthHeaders::place(steps, &added, daily, signature))
    }

    /// Splits the URI. The client sends it as it is, so a server must be able to read it.
    #[inline]
    fn parse_target<'r>(&self, request: &Request<'r>) -> Result<Target<'r>, RequestError> {
        let parse = if self.service.rules().raw_path() { Target::parse } else { Target::parse_received };
        parse(request.uri)
    }

    /// Adds `host` and the headers of a signature to `complete`, unless the request
    /// has them, and sorts all headers.
    #[inline]
    fn add_headers<'a>(
        &'a self,
        complete: &mut Complete<'a>,
        payload: &'a PayloadHash<'_>,
        time: &'a Timestamp,
    ) -> Result<AddedHeaders<'a>, SignError> {
        let rules = self.service.rules();
        let (token, rule) = (self.credentials.session_token(), rules.session_token());
        let token_header = AwsHeader::session_token(rule.header());
        let region_set = self.scheme.region_set();
        let expected = ExpectedHeaders {
            placement: Placement::Headers,
            date: time.bytes(),
            payload: self.expected_hash(payload),
            token: token.map(|token| (token_header, token.as_bytes())),
            token_is_signed: token.is_some() && rule.is_signed(),
            region_set: region_set.map(str::as_bytes),
        };
        complete.read_headers(self, &expected)?;

        let absent = |known| complete.fields.get(known).is_none();
        let sends_hash = self.sends_hash(payload)?;
        let added = AddedHeaders {
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

    /// Returns an error if the credentials have expired at `time`.
    pub(super) fn check_expiration(&self, time: Timestamp) -> Result<(), SignError> {
        match self.credentials.expiration() {
            Some(at) if at <= time => Err(SignError::CredentialsExpired { at }),
            _ => Ok(()),
        }
    }
}
