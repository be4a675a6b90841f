//! Verifies requests in two steps. [`Verifier::claim`] reads the request and checks
//! everything that needs no secret. The caller looks the key up. [`Claim::verify`]
//! then computes the signature and compares it in constant time.
//!
//! The checks run in the order of [`VerifyError`]'s variants, with the
//! exceptions listed there. `claim.rs` calls them in that order.

mod authorization;
mod body;
#[cfg(feature = "checksums")]
mod checksum_checker;
mod claim;
mod claimed_scope;
mod coverage;
mod credential;
mod declared_checksum;
mod key;
#[cfg(feature = "std")]
mod key_cache;
mod limits;
mod parameters;
mod payload_line;
mod received;
mod record;
mod rejected;
mod scope;
mod stream_headers;
mod validity;
mod verified;

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::error::ConfigError;
use crate::expires::Expires;
use crate::region::Region;
use crate::service::Service;
use crate::steps::Algorithm;
#[cfg(feature = "sigv4a")]
use crate::steps::Curve;

pub use self::body::{BodyCheck, BodyChecker, BodyStatus};
#[cfg(feature = "checksums")]
pub use self::checksum_checker::{ChecksumChecker, DeclaredChecksums};
pub use self::claim::Claim;
pub use self::claimed_scope::ClaimedScope;
pub(crate) use self::credential::Credential;
pub(crate) use self::key::SignatureKey;
pub use self::key::VerifyingKey;
#[cfg(feature = "std")]
pub use self::key_cache::KeyCache;
pub use self::limits::Limits;
pub use self::rejected::Rejected;
pub(crate) use self::stream_headers::{
    DECODED_CONTENT_LENGTH, StreamHeaders, TRAILER, TRAILER_SIGNATURE, TrailerNames,
};
pub use self::verified::Verified;
pub(crate) use crate::error::VerifyError;

/// Verifies requests for one region and service.
///
/// By default a verifier accepts
///
/// * HMAC signatures, in the `Authorization` header or in a presigned URL;
/// * clocks that differ by up to 15 minutes;
/// * presigned URLs with a lifetime of up to 7 days;
/// * requests within [`Limits::default`].
///
/// ```
/// use countersign::*;
///
/// # let secret = || SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret())?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::parse("20130524T000000Z")?;
/// # let get = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[]);
/// # let url = signer.presign(&get, Expires::HOUR, now)?;
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("GET", url.path_and_query(), &[("Host", "examplebucket.s3.amazonaws.com")]);
///
/// let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
/// let key = match claim.claimed_access_key_id() {
///     "AKIAIOSFODNN7EXAMPLE" => Some(claim.derive_key(&credentials)), // your look-up, async or not
///     _ => None,
/// };
/// let verified = claim.verify(key.as_ref())?;
/// assert_eq!(verified.path(), b"/test.txt");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    /// `None` accepts every region.
    region: Option<Region>,
    pub(crate) service: Service,
    max_skew: Duration,
    pub(crate) max_url_lifetime: Expires,
    /// The lifetime of URLs in seconds, for a service that ignores `X-Amz-Expires`.
    fixed_lifetime: Option<u32>,
    pub(crate) limits: Limits,
    unsigned_headers: Vec<String>,
    require_signed_body: bool,
    #[cfg(feature = "event-stream")]
    allow_events: bool,
    /// The curve of SigV4a, if the verifier accepts it.
    #[cfg(feature = "sigv4a")]
    sigv4a: Option<Curve>,
}

impl Verifier {
    /// Creates a verifier for one region and service.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegion`] if the region is empty or has a character other than a
    /// lower-case letter, a digit, `-` or `_`.
    pub fn new(region: impl Into<String>, service: Service) -> Result<Self, ConfigError> {
        let region = Region::new(region.into())?;
        Ok(Self { region: Some(region), ..Self::any_region(service) })
    }

    /// Creates a verifier that accepts signatures for every region.
    #[must_use]
    pub fn any_region(service: Service) -> Self {
        Self {
            region: None,
            service,
            max_skew: Duration::from_secs(15 * 60),
            max_url_lifetime: Expires::WEEK,
            fixed_lifetime: None,
            limits: Limits::default(),
            unsigned_headers: Vec::new(),
            require_signed_body: false,
            #[cfg(feature = "event-stream")]
            allow_events: false,
            #[cfg(feature = "sigv4a")]
            sigv4a: None,
        }
    }

    /// Sets how far the clocks of signer and verifier may differ, in both directions
    /// (default: 15 minutes).
    ///
    /// ```
    /// use core::time::Duration;
    /// use countersign::*;
    ///
    /// let (time, now) = (Timestamp::parse("20240501T120000Z")?, Timestamp::parse("20240501T120600Z")?);
    /// let verifier = Verifier::new("us-east-1", Service::S3)?.with_max_skew(Duration::from_secs(5 * 60));
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let mut headers = vec![("host", "s3.example.com")];
    /// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Unsigned, time)?;
    /// # headers.extend(&signed);
    /// let request = Request::new("GET", "/key", &headers); // signed at `time`
    /// let error = verifier.claim(&request, ReceivedBody::Unread, now).unwrap_err();
    /// assert!(matches!(error, VerifyError::RequestTimeTooSkewed { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_max_skew(self, max_skew: Duration) -> Self {
        Self { max_skew, ..self }
    }

    /// Sets the longest lifetime that a presigned URL may state (default: 7 days).
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// let verifier = Verifier::new("us-east-1", Service::S3)?.with_max_url_lifetime(Expires::HOUR);
    /// let url = signer.presign(&Request::new("GET", "https://s3.example.com/key", &[]), Expires::DAY, now)?;
    /// let request = Request::new("GET", url.path_and_query(), &[("host", "s3.example.com")]);
    /// let error = verifier.claim(&request, ReceivedBody::Unread, now).unwrap_err();
    /// assert_eq!(error.code(), "AuthorizationQueryParametersError");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_max_url_lifetime(self, max_url_lifetime: Expires) -> Self {
        Self { max_url_lifetime, ..self }
    }

    /// Sets the lifetime of every presigned URL, in seconds. The lifetime that the URL
    /// states is ignored, as it is by STS.
    #[cfg(feature = "tokens")]
    pub(crate) fn with_fixed_lifetime(self, seconds: u32) -> Self {
        Self { fixed_lifetime: Some(seconds), ..self }
    }

    /// Sets the limits that a request must not exceed (default: [`Limits::default`]).
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Accepts one `x-amz-*` header without a signature, by its name in any case.
    ///
    /// Use this for a header that your proxy adds, and that your server ignores: an attacker could
    /// send it too. [`Verified`] does not return the header.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let mut headers = vec![("host", "s3.example.com")];
    /// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
    /// # headers.extend(&signed);
    /// headers.push(("x-amz-cf-id", "added by a proxy")); // after the request was signed
    /// let request = Request::new("GET", "/key", &headers);
    ///
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// assert!(verifier.claim(&request, ReceivedBody::Bytes(b""), now).is_err());
    /// let verifier = verifier.allow_unsigned_header("x-amz-cf-id");
    /// assert!(verifier.claim(&request, ReceivedBody::Bytes(b""), now).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn allow_unsigned_header(mut self, name: impl Into<String>) -> Self {
        self.unsigned_headers.push(name.into());
        self
    }

    /// Accepts requests whose body is a stream of signed events.
    ///
    /// [`Verified::body`] is [`BodyCheck::Events`] for such a request, and an
    /// [`EventVerifier`](crate::event_stream::EventVerifier) checks the events. Without this option
    /// the request is rejected.
    #[cfg(feature = "event-stream")]
    #[must_use]
    pub fn allow_events(self) -> Self {
        Self { allow_events: true, ..self }
    }

    /// Accepts SigV4a in addition to HMAC. Each request names its algorithm.
    ///
    /// The verifier's region must be in the region set that the request signs. See `docs/sigv4a.md`.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    /// # let now = Timestamp::now();
    /// let signer = Signer::sigv4a(credentials.clone(), RegionSet::parse("eu-*")?, Service::S3)?;
    /// let url = signer.presign(&Request::new("GET", "https://example.com/key", &[]), Expires::HOUR, now)?;
    ///
    /// let headers = [("host", "example.com")];
    /// let request = Request::new("GET", url.path_and_query(), &headers);
    /// let verifier = Verifier::new("eu-west-1", Service::S3)?;
    /// assert!(matches!(
    ///     verifier.claim(&request, ReceivedBody::Unread, now),
    ///     Err(VerifyError::UnsupportedAlgorithm { .. })
    /// ));
    /// let claim = verifier.allow_sigv4a().claim(&request, ReceivedBody::Unread, now)?;
    /// let key = claim.derive_key(&credentials);
    /// assert_eq!(claim.verify(&key)?.algorithm(), "AWS4-ECDSA-P256-SHA256");
    ///
    /// let elsewhere = Verifier::new("us-east-1", Service::S3)?.allow_sigv4a();
    /// assert!(matches!(
    ///     elsewhere.claim(&request, ReceivedBody::Unread, now),
    ///     Err(VerifyError::WrongRegion { .. })
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn allow_sigv4a(self) -> Self {
        Self { sigv4a: Some(Curve::P256), ..self }
    }

    /// Rejects requests whose signature does not cover the body, with [`VerifyError::UnsignedBody`].
    ///
    /// Such requests are
    ///
    /// * requests with the payload line `UNSIGNED-PAYLOAD`, as nearly every presigned URL of S3;
    /// * bodies in chunks without signatures (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`);
    /// * browser forms, whose file is not signed.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let mut headers = vec![("host", "s3.example.com")];
    /// let verifier = Verifier::new("us-east-1", Service::S3)?.require_signed_body();
    /// let signed = signer.sign(&Request::new("PUT", "/bucket/key", &headers), Payload::Unsigned, now)?;
    /// headers.extend(signed.iter());
    /// let request = Request::new("PUT", "/bucket/key", &headers);
    /// let error = verifier.claim(&request, ReceivedBody::Unread, now).unwrap_err();
    /// assert_eq!(error, VerifyError::UnsignedBody);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn require_signed_body(self) -> Self {
        Self { require_signed_body: true, ..self }
    }

    /// Returns the algorithm with exactly this name, if the verifier accepts it.
    #[inline]
    fn algorithm(&self, name: &[u8]) -> Option<Algorithm> {
        let is_allowed = |algorithm: &Algorithm| match algorithm {
            Algorithm::Hmac => true,
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => self.sigv4a.is_some(),
        };
        Algorithm::from_name(name).filter(is_allowed)
    }
}
