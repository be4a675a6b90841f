//! The verifying end, in two moves: `claim` reads the request and checks all
//! that needs no secret; the caller looks the key up, however it likes; then
//! `verify` is one HMAC and a comparison in constant time.
//!
//! The order of the checks is that of [`VerifyError`]'s variants, with the
//! exceptions that stand there. Not here: the checks themselves (`read.rs`).

mod authorization;
mod body;
mod claim;
mod coverage;
#[cfg(feature = "tokens")]
mod forward;
mod key;
#[cfg(feature = "std")]
mod key_cache;
mod limits;
mod read;
mod received;
mod record;
mod scope;
mod verified;

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ConfigError;
use crate::expires::Expires;
use crate::region::Region;
use crate::service::Service;
use crate::steps::algorithm::Algorithm;

pub(crate) use self::authorization::Credential;
pub use self::body::{BodyChecker, BodyRule};
pub use self::claim::{Claim, Rejected};
pub(crate) use self::key::VerifyKey;
pub use self::key::VerifyingKey;
#[cfg(feature = "std")]
pub use self::key_cache::KeyCache;
pub use self::limits::Limits;
pub use self::verified::Verified;
pub(crate) use crate::error::VerifyError;

/// Verifies requests for one region and service.
///
/// ```
/// use countersign::*;
///
/// # let secret = || SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret())?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::parse("20130524T000000Z").unwrap();
/// # let get = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[]);
/// # let url = signer.presign(&get, Expires::HOUR, now)?;
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("GET", url.target(), &[("Host", "examplebucket.s3.amazonaws.com")]);
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
    region: Option<Region>,
    pub(crate) service: Service,
    pub(crate) max_skew: u32,
    pub(crate) max_expires: u32,
    /// How long a URL lives, where the service does not go by what it says.
    lives: Option<u32>,
    pub(crate) limits: Limits,
    may_be_unsigned: Vec<String>,
    #[cfg(feature = "event-stream")]
    allow_events: bool,
    #[cfg(feature = "sigv4a")]
    sigv4a: bool,
}

impl Verifier {
    /// A verifier for one region and service: 15 minutes of skew, URLs of up
    /// to 7 days.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegion`] if the region is empty or has a character
    /// other than a lower-case letter, a digit, `-` or `_`.
    pub fn new(region: impl Into<String>, service: Service) -> Result<Self, ConfigError> {
        let region = Region::new(region.into())?;
        Ok(Self { region: Some(region), ..Self::any_region(service) })
    }

    /// A verifier that takes any region's signatures.
    #[must_use]
    pub fn any_region(service: Service) -> Self {
        Self {
            region: None,
            service,
            max_skew: 900,
            max_expires: Expires::WEEK.as_secs(),
            lives: None,
            limits: Limits::default(),
            may_be_unsigned: Vec::new(),
            #[cfg(feature = "event-stream")]
            allow_events: false,
            #[cfg(feature = "sigv4a")]
            sigv4a: false,
        }
    }

    /// Accepts SigV4a beside HMAC: which of the two a request is held against, it
    /// names itself. The verifier's region must be in its signed region set. See
    /// `docs/sigv4a.md`.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    /// # let now = Timestamp::now();
    /// let signer = Signer::sigv4a(credentials.clone(), RegionSet::parse("eu-*").unwrap(), Service::S3)?;
    /// let url = signer.presign(&Request::new("GET", "https://example.com/key", &[]), Expires::HOUR, now)?;
    ///
    /// let headers = [("host", "example.com")];
    /// let request = Request::new("GET", url.target(), &headers);
    /// let verifier = Verifier::new("eu-west-1", Service::S3)?;
    /// assert!(verifier.claim(&request, ReceivedBody::Unread, now).is_err()); // not asked to
    /// let claim = verifier.allow_sigv4a().claim(&request, ReceivedBody::Unread, now)?;
    /// let key = claim.derive_key(&credentials);
    /// let verified = claim.verify(&key)?;
    /// assert_eq!(verified.algorithm(), "AWS4-ECDSA-P256-SHA256");
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
        Self { sigv4a: true, ..self }
    }

    /// The algorithm of this exact name, if this verifier reads it.
    fn algorithm(&self, name: &[u8]) -> Option<Algorithm> {
        match name {
            _ if name == Algorithm::Hmac.name().as_bytes() => Some(Algorithm::Hmac),
            #[cfg(feature = "sigv4a")]
            _ if self.sigv4a && name == Algorithm::Ecdsa.name().as_bytes() => Some(Algorithm::Ecdsa),
            _ => None,
        }
    }

    /// How far the clocks may be apart, in seconds, in both directions.
    #[must_use]
    pub fn max_skew(self, seconds: u32) -> Self {
        Self { max_skew: seconds, ..self }
    }

    /// The longest lifetime of a URL that is accepted.
    #[must_use]
    pub fn max_expires(self, expires: Expires) -> Self {
        Self { max_expires: expires.as_secs(), ..self }
    }

    /// Other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Accepts requests whose body is a stream of signed events.
    /// [`Verified::body`] is [`BodyRule::Events`] then, and an
    /// [`EventVerifier`](crate::event_stream::EventVerifier) proves them; a
    /// server that does not read events refuses such requests.
    #[cfg(feature = "event-stream")]
    #[must_use]
    pub fn allow_events(self) -> Self {
        Self { allow_events: true, ..self }
    }

    /// Lets one `x-amz-` header arrive unsigned: one that a proxy of yours
    /// adds, and whose value your server does not act upon. [`Verified`] does
    /// not hand it out.
    #[must_use]
    pub fn may_be_unsigned(mut self, header: impl Into<String>) -> Self {
        self.may_be_unsigned.push(header.into());
        self
    }
}
