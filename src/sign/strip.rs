//! [`Request::strip_signature`] removes a signature, so that a request can be signed again.

use alloc::string::String;

use super::EditedRequest;
use crate::canonical::{is_authentication_parameter, is_aws_scheme, split_pair, trim};
use crate::request::Request;

impl<'r> Request<'r> {
    /// Removes the headers and query parameters that signing or presigning added: the
    /// signature, its time, its session token and its region set.
    ///
    /// Signing a signed request returns [`SignError::AlreadySigned`]. Remove the old
    /// signature to sign the request again.
    ///
    /// These headers are not removed, because the caller added them:
    ///
    /// * `x-amz-content-sha256` of a presigned request, which binds the URL to a body;
    /// * `authorization` with a scheme other than AWS's, such as `Bearer`;
    /// * `x-amz-region-set`, unless the signature in the headers is one of SigV4a.
    ///
    /// [`SignError::AlreadySigned`]: crate::SignError::AlreadySigned
    ///
    /// ```
    /// use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let (then, now) = (Timestamp::parse("20150830T123600Z")?, Timestamp::parse("20150830T124600Z")?);
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key?x-id=GetObject", &[]);
    /// let url = signer.presign(&request, Expires::HOUR, then)?;
    ///
    /// let old = Request::new("GET", url.as_str(), &[]);
    /// assert_eq!(signer.presign(&old, Expires::HOUR, now).unwrap_err(), SignError::AlreadySigned);
    /// let renewed = signer.presign(&old.strip_signature().request(), Expires::HOUR, now)?;
    /// assert_eq!(renewed.as_str(), signer.presign(&request, Expires::HOUR, now)?.as_str());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn strip_signature(&self) -> EditedRequest<'r> {
        let own = self.signature();
        let headers = self.headers().filter(|(name, value)| !own.added(name, value)).collect();
        let (front, query) = match self.uri.split_once('?') {
            Some((front, query)) => (front, Some(query)),
            None => (self.uri, None),
        };
        let mut uri = String::from(front);
        let mut separator = '?';
        for pair in query.into_iter().flat_map(|query| query.split('&')) {
            let (name, _) = split_pair(pair);
            if !is_authentication_parameter(name) {
                uri.push(separator);
                uri.push_str(pair);
                separator = '&';
            }
        }
        EditedRequest { method: self.method, uri, headers }
    }
}

/// The signature of a request, as far as it decides which headers signing added.
#[derive(Clone, Copy, Default)]
struct OldSignature {
    /// The signature is in the `authorization` header. Then signing added all headers.
    in_header: bool,
    in_query: bool,
    is_sigv4a: bool,
}

impl Request<'_> {
    /// Finds the signature as a verifier does: `authorization` with a scheme of AWS, or a
    /// query parameter that a signature has.
    fn signature(&self) -> OldSignature {
        let mut found = OldSignature::default();
        for (name, value) in self.headers() {
            if name.eq_ignore_ascii_case("authorization") && is_aws_scheme(trim(value)) {
                found.in_header = true;
                found.is_sigv4a |= trim(value).starts_with(b"AWS4-ECDSA-");
            }
        }
        let query = self.uri.split_once('?').map_or("", |(_, query)| query);
        found.in_query = query.split('&').any(|pair| is_authentication_parameter(split_pair(pair).0));
        found
    }
}

impl OldSignature {
    /// Returns true if signing added this header.
    fn added(self, name: &str, value: &[u8]) -> bool {
        const ALWAYS: [&str; 3] = ["x-amz-date", "x-amz-security-token", "x-amz-s3session-token"];
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        // With a signature in the query, or with two, the hash can be the caller's.
        is("authorization") && is_aws_scheme(trim(value))
            || is("x-amz-content-sha256") && self.in_header && !self.in_query
            || is("x-amz-region-set") && self.is_sigv4a && !self.in_query
            || ALWAYS.into_iter().any(is)
    }
}
