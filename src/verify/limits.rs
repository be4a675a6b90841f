//! [`Limits`] on the size of a request.

use super::VerifyError;
use crate::bytes;
use crate::canonical::Fields;
use crate::error::Limit;
use crate::request::Request;

/// Limits on the size of a request. They are checked before anything is hashed.
///
/// ```
/// use countersign::*;
///
/// let limits = Limits::default().with_headers(50).with_uri_bytes(2048);
/// let verifier = Verifier::new("us-east-1", Service::S3)?.with_limits(limits);
///
/// let uri = format!("/bucket/{}", "a".repeat(2048));
/// let request = Request::new("GET", &uri, &[("host", "s3.example.com")]);
/// let error = verifier.claim(&request, ReceivedBody::Unread, Timestamp::now()).unwrap_err();
/// assert!(matches!(error, VerifyError::TooLarge { limit: Limit::UriBytes, max: 2048, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(crate) headers: usize,
    pub(crate) header_bytes: usize,
    pub(crate) uri_bytes: usize,
    pub(crate) parameters: usize,
    pub(crate) form_fields: usize,
    pub(crate) form_bytes: usize,
    pub(crate) conditions: usize,
}

impl Default for Limits {
    /// Returns limits of several times what AWS accepts: 256 headers with 64 KiB, a URI of 32 KiB
    /// with 256 parameters, 256 form fields with 64 KiB, 256 conditions of a policy.
    fn default() -> Self {
        Self {
            headers: 256,
            header_bytes: 64 << 10,
            uri_bytes: 32 << 10,
            parameters: 256,
            form_fields: 256,
            form_bytes: 64 << 10,
            conditions: 256,
        }
    }
}

impl Limits {
    /// Sets the maximum number of header fields.
    #[must_use]
    pub const fn with_headers(self, max: usize) -> Self {
        Self { headers: max, ..self }
    }

    /// Sets the maximum number of bytes of all header names and values together.
    #[must_use]
    pub const fn with_header_bytes(self, max: usize) -> Self {
        Self { header_bytes: max, ..self }
    }

    /// Sets the maximum number of bytes of the URI.
    #[must_use]
    pub const fn with_uri_bytes(self, max: usize) -> Self {
        Self { uri_bytes: max, ..self }
    }

    /// Sets the maximum number of query parameters.
    #[must_use]
    pub const fn with_parameters(self, max: usize) -> Self {
        Self { parameters: max, ..self }
    }

    /// Sets the maximum number of fields before the file in a browser's form.
    #[must_use]
    pub const fn with_form_fields(self, max: usize) -> Self {
        Self { form_fields: max, ..self }
    }

    /// Sets the maximum number of bytes of the names and values of a form's fields together,
    /// including the policy.
    #[must_use]
    pub const fn with_form_bytes(self, max: usize) -> Self {
        Self { form_bytes: max, ..self }
    }

    /// Sets the maximum number of conditions in a form's policy.
    #[must_use]
    pub const fn with_conditions(self, max: usize) -> Self {
        Self { conditions: max, ..self }
    }

    /// Checks the length of the URI and the number of headers and parameters, before
    /// they are read.
    #[inline]
    pub(super) fn check(&self, request: &Request<'_>) -> Result<(), VerifyError> {
        let uri = request.uri.as_bytes();
        check(Limit::UriBytes, uri.len(), self.uri_bytes)?;
        check(Limit::Headers, request.headers().len(), self.headers)?;
        // More than `parameters` parameters need at least that many `&`, and so that many bytes.
        if uri.len() < self.parameters || bytes::count(uri, b'&') < self.parameters {
            return Ok(());
        }
        // `&` in a path does not separate parameters.
        let query = bytes::split_once(uri, b'?').map_or(&[][..], |(_, query)| query);
        let count = if query.is_empty() { 0 } else { bytes::count(query, b'&') + 1 };
        check(Limit::Parameters, count, self.parameters)
    }

    /// Checks the total length of the headers.
    #[inline]
    pub(super) fn check_headers(&self, fields: &Fields<'_>) -> Result<(), VerifyError> {
        check(Limit::HeaderBytes, fields.bytes(), self.header_bytes)
    }
}

#[inline]
const fn check(limit: Limit, count: usize, max: usize) -> Result<(), VerifyError> {
    if count > max { Err(VerifyError::TooLarge { limit, max }) } else { Ok(()) }
}
