//! How much a request may ask of a verifier.

use super::VerifyError;
use crate::bytes::scan;
use crate::canonical::Fields;
use crate::request::Request;

/// How much a request may ask of a verifier, checked before anything is hashed.
///
/// ```
/// use countersign::*;
///
/// let limits = Limits::default().headers(50).uri_bytes(2048);
/// let verifier = Verifier::new("us-east-1", Service::S3)?.limits(limits);
///
/// let uri = format!("/bucket/{}", "a".repeat(2048));
/// let request = Request::new("GET", &uri, &[("host", "s3.example.com")]);
/// let error = verifier.claim(&request, ReceivedBody::Unread, Timestamp::now()).unwrap_err();
/// assert_eq!(error, VerifyError::TooLarge { what: "bytes of URI", limit: 2048 });
/// # Ok::<(), ConfigError>(())
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
    /// 256 headers, 64 KiB of them, 32 KiB of URI, 256 parameters; 256 fields
    /// of a form, 64 KiB of them, 256 conditions: several times what AWS
    /// accepts.
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
    /// Header fields.
    #[must_use]
    pub const fn headers(self, most: usize) -> Self {
        Self { headers: most, ..self }
    }

    /// Bytes of all header names and values together.
    #[must_use]
    pub const fn header_bytes(self, most: usize) -> Self {
        Self { header_bytes: most, ..self }
    }

    /// Bytes of the URI.
    #[must_use]
    pub const fn uri_bytes(self, most: usize) -> Self {
        Self { uri_bytes: most, ..self }
    }

    /// Query parameters.
    #[must_use]
    pub const fn parameters(self, most: usize) -> Self {
        Self { parameters: most, ..self }
    }

    /// Fields of a browser's form, before its file.
    #[must_use]
    pub const fn form_fields(self, most: usize) -> Self {
        Self { form_fields: most, ..self }
    }

    /// Bytes of the names and values of a form's fields together, the policy
    /// among them.
    #[must_use]
    pub const fn form_bytes(self, most: usize) -> Self {
        Self { form_bytes: most, ..self }
    }

    /// Conditions of a form's policy.
    #[must_use]
    pub const fn conditions(self, most: usize) -> Self {
        Self { conditions: most, ..self }
    }

    /// Before the headers are read.
    #[inline]
    pub(super) fn check(&self, request: &Request<'_>) -> Result<(), VerifyError> {
        over("bytes of URI", request.uri.len(), self.uri_bytes)?;
        over("headers", request.headers().len(), self.headers)?;
        // So short a URI cannot have as many.
        if request.uri.len() < self.parameters {
            return Ok(());
        }
        let uri = request.uri.as_bytes();
        if scan::count(uri, b'&') < self.parameters {
            return Ok(());
        }
        // In a path `&` is a character like any other.
        let query = scan::split_once(uri, b'?').map_or(&[][..], |(_, query)| query);
        over("query parameters", scan::count(query, b'&') + 1, self.parameters)
    }

    /// As soon as they are.
    #[inline]
    pub(super) fn check_headers(&self, fields: &Fields<'_>) -> Result<(), VerifyError> {
        over("bytes of headers", fields.bytes(), self.header_bytes)
    }
}

#[inline(always)]
fn over(what: &'static str, count: usize, limit: usize) -> Result<(), VerifyError> {
    if count > limit { Err(VerifyError::TooLarge { what, limit }) } else { Ok(()) }
}
