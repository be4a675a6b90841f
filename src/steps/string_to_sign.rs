//! Step 2: the string to sign.
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

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::CanonicalRequest;
#[cfg(feature = "sigv4a")]
use super::SigV4aScope;
use crate::bytes::{self, DIGIT, VISIBLE, encode_32};
use crate::payload::StreamingMode;
use crate::region::Region;
use crate::service::Service;
use crate::time::Timestamp;

/// The last part of every credential scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// An algorithm that signs requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hmac,
    #[cfg(feature = "sigv4a")]
    Ecdsa,
}

impl Algorithm {
    /// Returns the name that headers, queries and the string to sign use.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "AWS4-HMAC-SHA256",
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => "AWS4-ECDSA-P256-SHA256",
        }
    }

    /// Returns the algorithm with exactly this name, if this build has it.
    #[inline]
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"AWS4-HMAC-SHA256" => Some(Self::Hmac),
            #[cfg(feature = "sigv4a")]
            b"AWS4-ECDSA-P256-SHA256" => Some(Self::Ecdsa),
            _ => None,
        }
    }

    /// Returns the algorithm that signs the chunks of a body; `None` if they are not
    /// signed.
    pub(crate) const fn of_streaming_mode(mode: StreamingMode) -> Option<Self> {
        match mode {
            StreamingMode::Signed | StreamingMode::SignedTrailer => Some(Self::Hmac),
            StreamingMode::UnsignedTrailer => None,
            #[cfg(feature = "sigv4a")]
            StreamingMode::SignedEcdsa | StreamingMode::SignedEcdsaTrailer => Some(Self::Ecdsa),
        }
    }

    /// Returns the maximum number of hex digits of a signature.
    pub(crate) const fn max_hex_len(self) -> usize {
        match self {
            Self::Hmac => 64,
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => super::MAX_HEX_LEN,
        }
    }

    /// Appends the first line of the string to sign.
    #[inline]
    fn write_first_line(self, out: &mut Vec<u8>) {
        // A constant length in each arm compiles to plain stores instead of a `memcpy`.
        match self {
            Self::Hmac => out.extend_from_slice(b"AWS4-HMAC-SHA256\n"),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => out.extend_from_slice(b"AWS4-ECDSA-P256-SHA256\n"),
        }
    }
}

/// The day, region and service that an HMAC signing key is valid for:
/// `YYYYMMDD/region/service/aws4_request`.
///
/// ```
/// use countersign::steps::CredentialScope;
/// use countersign::{Region, Service, Timestamp};
///
/// let region = Region::new("us-east-1")?;
/// let scope = CredentialScope::new(Timestamp::parse("20130524T000000Z")?, &region, &Service::S3);
/// assert_eq!(scope.to_string(), "20130524/us-east-1/s3/aws4_request");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CredentialScope<'a> {
    date: [u8; 8],
    region: &'a str,
    service: &'a str,
}

impl<'a> CredentialScope<'a> {
    /// Creates the scope of `time`'s day.
    #[must_use]
    pub fn new(time: Timestamp, region: &'a Region, service: &'a Service) -> Self {
        Self { date: time.date_bytes(), region: region.as_str(), service: service.name() }
    }

    /// Parses a scope, such as one from a log or from another implementation.
    ///
    /// Region and service may be any visible ASCII here, because they were chosen
    /// by somebody else.
    ///
    /// ```
    /// use countersign::steps::CredentialScope;
    ///
    /// let scope = CredentialScope::parse("20150830/us-east-1/iam/aws4_request")?;
    /// assert_eq!((scope.date(), scope.region(), scope.service()), ("20150830", "us-east-1", "iam"));
    /// assert!(CredentialScope::parse("20150830/iam/aws4_request").is_err()); // SigV4a's has no region
    /// # Ok::<(), countersign::steps::InvalidScope>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidScope`] for anything but `YYYYMMDD/region/service/aws4_request`.
    pub fn parse(scope: &'a str) -> Result<Self, InvalidScope> {
        let mut parts = scope.split('/');
        let (Some(date), Some(region), Some(service), Some(TERMINATOR), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidScope(()));
        };
        let is_visible = |part: &str| !part.is_empty() && bytes::all(part.as_bytes(), VISIBLE);
        match date.as_bytes().try_into() {
            Ok(digits) if bytes::all(date.as_bytes(), DIGIT) && is_visible(region) && is_visible(service) => {
                Ok(Self::from_parts(digits, region, service))
            }
            _ => Err(InvalidScope(())),
        }
    }

    /// Creates a scope from the parts of a received credential.
    pub(crate) const fn from_parts(date: [u8; 8], region: &'a str, service: &'a str) -> Self {
        Self { date, region, service }
    }

    /// Returns the day, as `YYYYMMDD`.
    #[must_use]
    pub fn date(&self) -> &str {
        core::str::from_utf8(&self.date).unwrap_or_default()
    }

    /// Returns the region.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        self.region
    }

    /// Returns the service's signing name.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }
}

impl fmt::Display for CredentialScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{TERMINATOR}", self.date(), self.region, self.service)
    }
}

/// The error of [`CredentialScope::parse`].
///
/// ```
/// use countersign::steps::CredentialScope;
///
/// let error = CredentialScope::parse("2015-08-30/us-east-1/iam/aws4_request").unwrap_err();
/// assert_eq!(error.to_string(), "a credential scope is YYYYMMDD/region/service/aws4_request, in visible ASCII");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidScope(());

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a credential scope is YYYYMMDD/region/service/aws4_request, in visible ASCII")
    }
}

impl core::error::Error for InvalidScope {}

/// The credential scope of either algorithm.
///
/// ```
/// use countersign::steps::{CredentialScope, Scope};
/// use countersign::{Region, Service, Timestamp};
///
/// let region = Region::new("eu-west-1")?;
/// let scope = Scope::from(CredentialScope::new(Timestamp::parse("20130524T000000Z")?, &region, &Service::S3));
/// assert_eq!((scope.date(), scope.region(), scope.service()), ("20130524", Some("eu-west-1"), "s3"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope<'a> {
    /// A scope of `AWS4-HMAC-SHA256`, which names its region.
    Regional(CredentialScope<'a>),
    /// A scope of SigV4a, whose regions are in `x-amz-region-set`.
    #[cfg(feature = "sigv4a")]
    SigV4a(SigV4aScope<'a>),
}

impl<'a> Scope<'a> {
    /// Returns the day, as `YYYYMMDD`.
    #[must_use]
    pub fn date(&self) -> &str {
        match self {
            Self::Regional(scope) => scope.date(),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(scope) => scope.date(),
        }
    }

    /// Returns the region; `None` for SigV4a, whose scope has none.
    #[must_use]
    pub const fn region(&self) -> Option<&'a str> {
        match self {
            Self::Regional(scope) => Some(scope.region()),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(_) => None,
        }
    }

    /// Returns the service's signing name.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        match self {
            Self::Regional(scope) => scope.service(),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(scope) => scope.service(),
        }
    }

    /// Returns the algorithm whose scopes have this form.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Regional(_) => Algorithm::Hmac,
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(_) => Algorithm::Ecdsa,
        }
    }
}

impl<'a> From<CredentialScope<'a>> for Scope<'a> {
    fn from(scope: CredentialScope<'a>) -> Self {
        Self::Regional(scope)
    }
}

#[cfg(feature = "sigv4a")]
impl<'a> From<SigV4aScope<'a>> for Scope<'a> {
    fn from(scope: SigV4aScope<'a>) -> Self {
        Self::SigV4a(scope)
    }
}

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regional(scope) => scope.fmt(f),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(scope) => scope.fmt(f),
        }
    }
}

/// The string that the signing key signs. `Display` prints exactly those bytes.
///
/// See [the module](crate::steps) for an example.
#[derive(Clone, PartialEq, Eq)]
pub struct StringToSign(String);

impl StringToSign {
    /// Creates the string to sign of a request.
    #[must_use]
    pub fn new<'a>(time: Timestamp, scope: impl Into<Scope<'a>>, request: &CanonicalRequest) -> Self {
        let scope = scope.into();
        let mut out = Vec::new();
        write(
            &mut out,
            scope.algorithm(),
            time.bytes(),
            alloc::format!("{scope}").as_bytes(),
            &request.digest(),
        );
        Self(String::from_utf8(out).unwrap_or_default())
    }

    /// Wraps an existing string to sign, such as one from a log, or the string of a protocol
    /// that defines its own. The string is not checked.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Prints the length alone: a form's string to sign is its policy, which can hold a
/// session token.
impl fmt::Debug for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StringToSign({} bytes)", self.0.len())
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Appends the string to sign to `out`. `time` is the time as the request states it: `YYYYMMDDTHHMMSSZ`, or
/// in the format of HTTP if `Date` is the only header with the time.
#[inline]
pub(crate) fn write(out: &mut Vec<u8>, algorithm: Algorithm, time: &[u8], scope: &[u8], digest: &[u8; 32]) {
    algorithm.write_first_line(out);
    out.extend_from_slice(time);
    out.push(b'\n');
    out.extend_from_slice(scope);
    out.push(b'\n');
    out.extend_from_slice(&encode_32(digest));
}

/// Returns the maximum length of a string to sign with a scope of this length.
#[inline]
pub(crate) const fn max_len(scope: usize) -> usize {
    "AWS4-ECDSA-P256-SHA256\n".len() + "Fri, 24 May 2013 00:00:00 -0000\n".len() + scope + "\n".len() + 64
}
