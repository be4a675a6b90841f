//! Presigns URLs: signs a request in its query.

use alloc::vec::Vec;

use super::complete::{Complete, ExpectedHeaders, Placement};
use super::url_writer::{UrlSpans, UrlWriter};
use super::{PresignedUrl, Signer};
use crate::canonical::AwsHeader;
use crate::canonical::target::{Target, check_query};
use crate::error::SignError;
use crate::expires::Expires;
use crate::payload::{Payload, PayloadHash};
use crate::request::Request;
use crate::service::UrlLifetime;
use crate::steps::Transcript;
use crate::steps::canonical_request::{Path, Query};
use crate::time::Timestamp;

impl Signer {
    /// Signs a request in its query, and returns a URL that anyone can use until it
    /// expires, with the headers that must be sent with it.
    ///
    /// The URL is absolute if the request's URI is. Its query is in canonical
    /// spelling, and for S3 its path is too. Headers of the request become
    /// [`required_headers`](PresignedUrl::required_headers).
    ///
    /// For S3 the payload is unsigned. For other services it is the hash of an empty
    /// body. An `x-amz-content-sha256` header in the request states another payload,
    /// and binds the body to it.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// // "Example" of the S3 API Reference, "Authenticating Requests: Using Query Parameters".
    /// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
    /// let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[]);
    /// let url = signer.presign(&request, Expires::DAY, Timestamp::parse("20130524T000000Z")?)?;
    /// assert!(url.as_str().ends_with("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SignError`] if the request cannot be sent or already has
    /// parameters of a signature; or if the URL would outlive the credentials.
    /// [`SignError::UnsupportedPayload`] if the payload is a stream of chunks or events.
    pub fn presign(
        &self,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_payload(&mut Vec::new(), request, None, Some(expires), time)
    }

    /// Presigns as [`presign`](Self::presign) does, without `X-Amz-Expires`, for a service
    /// that does not require it. The service decides how long the URL is valid.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::new("iotdevicegateway")?)?;
    /// let mqtt = Request::new("GET", "wss://abc123-ats.iot.us-east-1.amazonaws.com/mqtt", &[]);
    /// let url = signer.presign_without_expires(&mqtt, Timestamp::now())?;
    /// assert!(!url.as_str().contains("X-Amz-Expires"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`presign`](Self::presign), and [`SignError::ExpiresRequired`]
    /// if the service [requires](crate::UrlLifetime) a lifetime, as S3 does.
    pub fn presign_without_expires(
        &self,
        request: &Request<'_>,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_payload(&mut Vec::new(), request, None, None, time)
    }

    /// Presigns as [`presign`](Self::presign) does, using the allocation of `buffer`.
    ///
    /// If the call succeeds, the result owns the buffer, and `buffer` is empty.
    /// [`PresignedUrl::into_buffer`] returns it for the next call. Once it is large
    /// enough, presigning allocates nothing.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let (mut buffer, mut page) = (Vec::new(), String::new());
    /// for uri in ["https://bucket.s3.amazonaws.com/a.png", "https://bucket.s3.amazonaws.com/b.png"] {
    ///     let request = Request::new("GET", uri, &[]);
    ///     let url = signer.presign_in(&mut buffer, &request, Expires::HOUR, Timestamp::now())?;
    ///     page.push_str(url.as_str());
    ///     buffer = url.into_buffer();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`presign`](Self::presign).
    pub fn presign_in(
        &self,
        buffer: &mut Vec<u8>,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_payload(buffer, request, None, Some(expires), time)
    }

    /// Presigns as [`presign`](Self::presign) does, for one body only.
    ///
    /// A service that requires `x-amz-content-sha256`, as S3 does, must receive this
    /// header with the URL, so it is one of the
    /// [`required_headers`](PresignedUrl::required_headers). For other services this is so
    /// if the payload is not a hash. Some S3-compatible servers ignore the header in
    /// presigned requests.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &[]);
    /// let payload = Payload::Bytes(b"hello");
    /// let url = signer.presign_with_payload(&request, payload, Expires::HOUR, Timestamp::now())?;
    /// assert_eq!(url.signed_headers(), "host;x-amz-content-sha256");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`presign`](Self::presign).
    pub fn presign_with_payload(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_payload(&mut Vec::new(), request, Some(payload), Some(expires), time)
    }

    /// Presigns a URL for this payload, or for the default payload if it is `None`.
    fn presign_payload(
        &self,
        buffer: &mut Vec<u8>,
        request: &Request<'_>,
        payload: Option<Payload<'_>>,
        expires: Option<Expires>,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        // Complete the request as the server will receive it.
        let target = Target::parse(request.uri)?;
        let payload = match payload {
            Some(payload) => payload.hash(),
            None => self.default_payload(request)?,
        };
        let lifetime = match expires {
            Some(expires) => Some(self.lifetime(expires, time)?),
            None => self.check_without_lifetime(time).map(|()| None)?,
        };
        let mut scratch = Vec::new();
        let mut complete = Complete::new(request, target, payload.as_bytes());
        complete.check_path(self)?;
        self.complete_url(&mut complete, &payload, &mut scratch)?;

        // Write the URL without its signature, and after it steps 1 and 2.
        let mut daily = self.daily_state();
        let url = UrlWriter::new(self, daily.at(self, time), &complete, time, lifetime);
        let mut steps = Transcript::with_capacity(core::mem::take(buffer), url.max_len());
        match self.write_steps(&mut steps, &url, &complete, time) {
            // Steps 3 and 4. The signature replaces the zeros in the URL.
            Ok(spans) => Ok(url.sign(steps, &spans)),
            Err(error) => {
                *buffer = steps.into_buffer();
                Err(error)
            }
        }
    }

    /// Writes the URL with zeros for its signature, and after it steps 1 and 2.
    #[inline]
    fn write_steps(
        &self,
        steps: &mut Transcript,
        url: &UrlWriter<'_, '_>,
        complete: &Complete<'_>,
        time: Timestamp,
    ) -> Result<UrlSpans, SignError> {
        let spans = url.write(steps.bytes_mut())?;
        let path = match &url.sent_path {
            None => Path::Written(spans.path.clone()),
            Some(sent) => Path::Wire(sent, self.service.rules()),
        };
        steps.write_canonical_request(&complete.inputs(path, Query::Written(spans.query.clone())))?;
        steps.write_string_to_sign(self.algorithm(), time.bytes(), url.daily.scope.as_bytes());
        Ok(spans)
    }

    /// Completes the headers of a request whose signature goes into its URL, and reads
    /// its query.
    #[inline]
    fn complete_url<'r>(
        &'r self,
        complete: &mut Complete<'r>,
        payload: &'r PayloadHash<'_>,
        scratch: &'r mut Vec<u8>,
    ) -> Result<(), SignError> {
        let sends_hash = self.sends_hash_with_url(payload)?;
        if !sends_hash {
            complete.set_host_only();
        }
        if complete.host_only.is_none() {
            let expected = ExpectedHeaders {
                placement: Placement::Query,
                date: &[],
                payload: self.expected_hash(payload),
                token: None,
                token_is_signed: false,
                region_set: self.scheme.region_set().map(str::as_bytes),
            };
            complete.read_headers(self, &expected)?;
            if sends_hash && complete.fields.get(AwsHeader::ContentSha256).is_none() {
                complete.fields.push(None, AwsHeader::ContentSha256.name(), payload.as_bytes());
            }
            complete.fields.sort();
        }
        let has_payload_hash = complete.read_query(self, check_query, scratch)?;
        if let Some(name) = complete.contradicting_header() {
            return Err(SignError::HeaderMismatch { name });
        }
        // Servers do not check the body against a query parameter.
        if has_payload_hash {
            return Err(SignError::ReservedParameter { name: "X-Amz-Content-Sha256".into() });
        }
        Ok(())
    }

    /// Checks that a URL without a lifetime can be signed at `time`.
    #[cold]
    fn check_without_lifetime(&self, time: Timestamp) -> Result<(), SignError> {
        if self.service.rules().url_lifetime() == UrlLifetime::Required {
            return Err(SignError::ExpiresRequired);
        }
        self.check_expiration(time)
    }

    /// Returns the lifetime in seconds of a URL that is signed at `time`. Returns an
    /// error if the URL would outlive the credentials and must not be shortened.
    pub(crate) fn lifetime(&self, expires: Expires, time: Timestamp) -> Result<u32, SignError> {
        let requested = expires.as_secs();
        let Some(at) = self.credentials.expiration() else { return Ok(requested) };
        if at <= time {
            return Err(SignError::CredentialsExpired { at });
        }
        match u32::try_from(at.unix_seconds() - time.unix_seconds()) {
            Ok(left) if left < requested && self.shortens_lifetime => Ok(left),
            Ok(left) if left < requested => Err(SignError::OutlivesCredentials { expiration: at }),
            _ => Ok(requested),
        }
    }
}
