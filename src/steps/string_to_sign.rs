//! Step 2: the text that is signed.
//!
//! ```text
//! StringToSign =
//!     Algorithm + '\n' +
//!     RequestDateTime + '\n' +
//!     CredentialScope + '\n' +
//!     hex(SHA-256(CanonicalRequest))
//! CredentialScope = YYYYMMDD/region/service/aws4_request
//!                 | YYYYMMDD/service/aws4_request            (AWS4-ECDSA-P256-SHA256)
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", steps 2 and 3.
//! Not here: the key.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::CanonicalRequest;
use super::algorithm::Algorithm;
use crate::Timestamp;
use crate::bytes::encode_32;
use crate::crypto::MAX_PADDING;

/// The last part of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// The day, region and service that a signing key is good for.
///
/// ```
/// use countersign::steps::CredentialScope;
/// let scope = CredentialScope::new("20130524", "us-east-1", "s3");
/// assert_eq!(scope.to_string(), "20130524/us-east-1/s3/aws4_request");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CredentialScope<'a> {
    date: &'a str,
    region: Option<&'a str>,
    service: &'a str,
}

impl<'a> CredentialScope<'a> {
    /// A scope of its three parts; the fourth is always `aws4_request`.
    #[must_use]
    pub const fn new(date: &'a str, region: &'a str, service: &'a str) -> Self {
        Self { date, region: Some(region), service }
    }

    /// A scope of SigV4a, which names no region.
    ///
    /// ```
    /// use countersign::steps::CredentialScope;
    /// let scope = CredentialScope::without_region("20130524", "s3");
    /// assert_eq!(scope.to_string(), "20130524/s3/aws4_request");
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub const fn without_region(date: &'a str, service: &'a str) -> Self {
        Self { date, region: None, service }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self.region {
            #[cfg(feature = "sigv4a")]
            None => Algorithm::Ecdsa,
            _ => Algorithm::Hmac,
        }
    }

    /// `YYYYMMDD`.
    #[must_use]
    pub const fn date(&self) -> &'a str {
        self.date
    }

    /// The region; empty in a scope of SigV4a.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        match self.region {
            Some(region) => region,
            None => "",
        }
    }

    /// The service's signing name.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }
}

impl fmt::Display for CredentialScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, service) = (self.date, self.service);
        match self.region {
            Some(region) => write!(f, "{date}/{region}/{service}/{TERMINATOR}"),
            None => write!(f, "{date}/{service}/{TERMINATOR}"),
        }
    }
}

/// The text that is signed. Its `Display` is that text.
///
/// See [the module of steps](crate::steps) for an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringToSign(String);

impl StringToSign {
    /// Of a request, its time and its scope.
    #[must_use]
    pub fn new(time: Timestamp, scope: &CredentialScope<'_>, request: &CanonicalRequest) -> Self {
        let mut text = Vec::new();
        write(&mut text, scope.algorithm(), time, alloc::format!("{scope}").as_bytes(), &request.digest());
        Self(String::from_utf8(text).unwrap_or_default())
    }

    /// Takes a string to sign that stands already, from a log or a protocol
    /// that builds its own.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// At most how many bytes the string to sign takes beside its scope, padded: the
/// longer name of an algorithm, the time, a digest, and three ends of lines.
pub(crate) const BESIDE_SCOPE: usize = 22 + 16 + 64 + 3 + MAX_PADDING;

/// Writes the string to sign to the end of `out`.
#[inline]
pub(crate) fn write(
    out: &mut Vec<u8>,
    algorithm: Algorithm,
    time: Timestamp,
    scope: &[u8],
    digest: &[u8; 32],
) {
    algorithm.write_first_line(out);
    out.extend_from_slice(time.bytes());
    out.push(b'\n');
    out.extend_from_slice(scope);
    out.push(b'\n');
    out.extend_from_slice(&encode_32(digest));
}
