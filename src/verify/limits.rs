//! How much a request may ask of a verifier.

use super::VerifyError;
use crate::request::Request;
use crate::scan;

/// How much a request may ask of a verifier, checked before anything is hashed.
///
/// ```
/// use countersign::Limits;
/// let limits = Limits { headers: 50, ..Limits::default() };
/// assert_eq!(limits.parameters, 256);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Header fields.
    pub headers: usize,
    /// Bytes of all header names and values together.
    pub header_bytes: usize,
    /// Bytes of the URI.
    pub uri_bytes: usize,
    /// Query parameters.
    pub parameters: usize,
    /// Fields of a browser's form, before its file.
    pub form_fields: usize,
    /// Bytes of their names and values together, the policy among them.
    pub form_bytes: usize,
    /// Conditions of a form's policy.
    pub conditions: usize,
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
    #[inline]
    pub(super) fn check(&self, request: &Request<'_>) -> Result<(), VerifyError> {
        let over = |what, count: usize, limit| {
            if count > limit { Err(VerifyError::TooLarge { what, limit }) } else { Ok(()) }
        };
        over("bytes of URI", request.uri.len(), self.uri_bytes)?;
        over("headers", request.headers().len(), self.headers)?;
        let bytes = request.headers().map(|(name, value)| name.len() + value.len()).sum();
        over("bytes of headers", bytes, self.header_bytes)?;
        // So short a URI cannot have as many.
        if request.uri.len() < self.parameters {
            return Ok(());
        }
        let separators = scan::count(request.uri.as_bytes(), b'&');
        over("query parameters", separators + 1, self.parameters)
    }
}
