//! [`EditedRequest`], a request whose URI and list of headers were changed before signing.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::canonical::{Name, check_value, percent, trim};
use crate::error::RequestError;
use crate::request::Request;

/// A request with another URI and other headers than the one that it was made from. Created
/// by [`Request::strip_signature`] and [`Request::hoist_headers`].
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let (then, now) = (Timestamp::parse("20150830T123600Z")?, Timestamp::parse("20150830T124600Z")?);
/// let mut headers = vec![("host", "bucket.s3.amazonaws.com"), ("range", "bytes=0-9")];
/// let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), then)?;
/// headers.extend(&signed);
///
/// // A retry after ten minutes needs a new signature.
/// let stripped = Request::new("GET", "/key", &headers).strip_signature();
/// let retried = signer.sign(&stripped.request(), Payload::Bytes(b""), now)?;
/// assert_eq!(retried.signed_headers(), signed.signed_headers());
/// assert_eq!(retried.iter().next(), Some(("x-amz-date", "20150830T124600Z")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct EditedRequest<'r> {
    pub(super) method: &'r str,
    pub(super) uri: String,
    pub(super) headers: Vec<(&'r str, &'r [u8])>,
}

impl EditedRequest<'_> {
    /// Returns the request to sign.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request::from_bytes(self.method, &self.uri, &self.headers)
    }
}

/// Prints what the `Debug` of [`Request`] prints.
impl fmt::Debug for EditedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request().fmt(f)
    }
}

impl<'r> Request<'r> {
    /// Moves headers into the query, so that the holder of a presigned URL need not send
    /// them.
    ///
    /// S3 reads some `x-amz-*` headers from the query, such as `x-amz-acl`,
    /// `x-amz-checksum-mode` and `x-amz-request-payer`; its documentation does not say which.
    /// The header must then not be sent as well: S3 and a verifier reject an `x-amz-*` header
    /// that the signature does not cover. Names that no header has are ignored.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let headers = [("x-amz-request-payer", "requester"), ("content-type", "text/plain")];
    /// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &headers);
    /// let hoisted = request.hoist_headers(&["x-amz-request-payer"])?;
    /// let url = signer.presign(&hoisted.request(), Expires::HOUR, Timestamp::now())?;
    /// assert!(url.as_str().contains("&x-amz-request-payer=requester&"));
    /// assert_eq!(url.signed_headers(), "content-type;host");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`RequestError::RepeatedHeader`] if such a header is repeated, and
    /// [`RequestError::InvalidHeaderValue`] if its value is not UTF-8 or has a control
    /// character. Presigning rejects the parameters of a signature, such as `x-amz-date`.
    pub fn hoist_headers(&self, names: &[&str]) -> Result<EditedRequest<'r>, RequestError> {
        let mut wanted: Vec<(String, bool)> =
            names.iter().map(|name| (name.to_ascii_lowercase(), false)).collect();
        wanted.sort_unstable();
        let mut uri = String::from(self.uri);
        let mut separator = if uri.contains('?') { '&' } else { '?' };
        let mut headers = Vec::new();
        for (name, value) in self.headers() {
            let lowercase = name.to_ascii_lowercase();
            let index = wanted.partition_point(|(wanted, _)| *wanted < lowercase);
            let Some((_, is_hoisted)) = wanted.get_mut(index).filter(|(wanted, _)| *wanted == lowercase)
            else {
                headers.push((name, value));
                continue;
            };
            if core::mem::replace(is_hoisted, true) {
                return Err(RequestError::RepeatedHeader { name: lowercase });
            }
            let header = Name::new(name.as_bytes());
            check_value(&header, value)?;
            let value = core::str::from_utf8(trim(value))
                .map_err(|_| RequestError::InvalidHeaderValue { name: header.to_lowercase() })?;
            uri.push(separator);
            separator = '&';
            uri.push_str(&percent::encode(&lowercase));
            uri.push('=');
            uri.push_str(&percent::encode(value));
        }
        Ok(EditedRequest { method: self.method, uri, headers })
    }
}
