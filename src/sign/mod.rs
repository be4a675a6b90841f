//! Signs requests, and returns what to add to them.
//!
//! [`Signer::sign`] puts the signature into headers, [`Signer::presign`] into the
//! query. Both complete the request as the server will receive it, take the four
//! steps of `steps/`, and place the signature. Neither edits the caller's request.

mod auth_headers;
mod complete;
mod daily;
mod edited;
mod header;
mod header_choice;
mod payload_header;
mod presign;
mod presigned_url;
#[cfg(feature = "std")]
mod rotating;
mod scheme;
mod strip;
mod unsigned;
mod url_writer;

#[cfg(feature = "sigv4a")]
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use self::header_choice::HeaderChoice;
use self::scheme::Scheme;
use crate::canonical::percent;
use crate::credentials::Credentials;
use crate::error::ConfigError;
#[cfg(feature = "event-stream")]
use crate::error::SignError;
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::service::Service;
use crate::steps::Algorithm;
#[cfg(feature = "sigv4a")]
use crate::steps::SigningKeyPair;

pub use self::auth_headers::{AuthHeaders, AuthHeadersIter};
pub use self::edited::EditedRequest;
pub use self::presigned_url::PresignedUrl;
#[cfg(feature = "std")]
pub use self::rotating::{Refresh, RotatingSigner};
pub(crate) use self::scheme::SignKey;
pub use self::unsigned::Unsigned;

/// Signs requests with one set of credentials, for one region and service.
///
/// A signer keeps the day's signing key and everything else that changes once a
/// day, and shares it between threads without a lock. When credentials are
/// renewed, [`with_credentials`](Self::with_credentials) creates a signer for them.
/// With the feature `std`, `RotatingSigner` replaces them while other threads sign.
///
/// ```
/// use countersign::*;
///
/// // "Example: GET Object" of the S3 API Reference.
/// let credentials = Credentials::new(
///     "AKIAIOSFODNN7EXAMPLE",
///     SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
/// )?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[("Range", "bytes=0-9")]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::parse("20130524T000000Z")?)?;
///
/// let headers: Vec<(&str, &str)> = signed.iter().collect();
/// assert_eq!(headers[0], ("x-amz-date", "20130524T000000Z"));
/// assert!(headers[2].1.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    pub(crate) credentials: Credentials,
    scheme: Scheme,
    pub(crate) service: Service,
    /// The session token, percent-encoded for a query; empty if there is none.
    token_encoded: Zeroizing<String>,
    /// The caller's choices of headers. The last one of a name is valid.
    header_choices: Vec<HeaderChoice>,
    shortens_lifetime: bool,
    #[cfg(feature = "std")]
    daily: arc_swap::ArcSwapOption<daily::DailyState>,
}

impl Signer {
    /// Creates a signer for one region and service.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegion`] if the region is empty or has a
    /// character other than a lower-case letter, a digit, `-` or `_`.
    pub fn new(
        credentials: Credentials,
        region: impl Into<String>,
        service: Service,
    ) -> Result<Self, ConfigError> {
        Ok(Self::with_scheme(credentials, Scheme::Region(Region::new(region.into())?), service))
    }

    /// Creates a signer for SigV4a, whose signatures use ECDSA instead of HMAC and
    /// are valid in every region of the set. The key pair is derived here, once.
    ///
    /// The signer signs and presigns like any other. It adds the region set as the
    /// header `x-amz-region-set` or the parameter `X-Amz-Region-Set`.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    /// let signer = Signer::sigv4a(credentials, RegionSet::all(), Service::S3)?;
    /// let request = Request::new("GET", "https://mrap.accesspoint.s3-global.amazonaws.com/key", &[]);
    /// let signed = signer.sign(&request, Payload::Unsigned, Timestamp::now())?;
    /// assert!(signed.authorization().starts_with("AWS4-ECDSA-P256-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/"));
    /// assert!(signed.iter().any(|header| header == ("x-amz-region-set", "*")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::KeyDerivationFailed`], with a probability of 2⁻⁸¹²⁸.
    #[cfg(feature = "sigv4a")]
    pub fn sigv4a(
        credentials: Credentials,
        regions: RegionSet,
        service: Service,
    ) -> Result<Self, ConfigError> {
        let pair = SigningKeyPair::derive(&credentials)?;
        Ok(Self::with_scheme(credentials, Scheme::RegionSet(regions, Box::new(pair)), service))
    }

    fn with_scheme(credentials: Credentials, scheme: Scheme, service: Service) -> Self {
        let token_encoded = credentials.session_token().map(percent::encode_secret).unwrap_or_default();
        Self {
            credentials,
            scheme,
            service,
            token_encoded,
            header_choices: Vec::new(),
            shortens_lifetime: false,
            #[cfg(feature = "std")]
            daily: arc_swap::ArcSwapOption::empty(),
        }
    }

    /// Returns the same signer with other credentials, such as renewed ones.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let renewed = Credentials::new("ASIAEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "eu-west-1", Service::S3)?;
    /// let signer = signer.with_credentials(renewed)?;
    /// assert_eq!(signer.credentials().access_key_id(), "ASIAEXAMPLE");
    /// assert_eq!(signer.region(), Some("eu-west-1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if no key pair can be derived for SigV4a. For HMAC there
    /// is no error.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, ConfigError> {
        let scheme = match &self.scheme {
            Scheme::Region(region) => Scheme::Region(region.clone()),
            #[cfg(feature = "sigv4a")]
            Scheme::RegionSet(set, pair) => Scheme::RegionSet(set.clone(), pair.derive_again(&credentials)?),
        };
        Ok(Self {
            header_choices: self.header_choices.clone(),
            shortens_lifetime: self.shortens_lifetime,
            ..Self::with_scheme(credentials, scheme, self.service.clone())
        })
    }

    /// Shortens the lifetime of a presigned URL that would outlive its credentials.
    /// Without this option, presigning such a URL returns
    /// [`SignError::OutlivesCredentials`](crate::SignError::OutlivesCredentials).
    ///
    /// ```
    /// # use countersign::*;
    /// let now = Timestamp::parse("20240501T120000Z")?;
    /// let credentials = Credentials::new("ASIAEXAMPLE", SecretAccessKey::new("secret"))?
    ///     .with_session_token("token")?
    ///     .with_expiration(Timestamp::parse("20240501T123000Z")?);
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?.shorten_to_credentials();
    /// let url = signer.presign(&Request::new("GET", "https://b.s3.amazonaws.com/k", &[]), Expires::HOUR, now)?;
    /// assert_eq!(url.expires().as_secs(), 1800);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn shorten_to_credentials(mut self) -> Self {
        self.shortens_lifetime = true;
        self
    }

    /// Returns the credentials that sign.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the region that signatures are valid for, or `None` for SigV4a, which
    /// has a region set.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match &self.scheme {
            Scheme::Region(region) => Some(region.as_str()),
            #[cfg(feature = "sigv4a")]
            Scheme::RegionSet(..) => None,
        }
    }

    /// Returns the service that signatures are valid for.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.scheme.algorithm()
    }

    /// Returns the name and the encoded value of the session token's query
    /// parameter; the value is empty if there is no token.
    #[inline]
    fn token_parameter(&self) -> (&'static str, &str) {
        (self.service.rules().session_token().header().parameter_name(), self.token_encoded.as_str())
    }

    /// Returns the credentials, the region and the service, for a protocol that has no
    /// SigV4a. A signer for SigV4a returns an error.
    #[cfg(feature = "event-stream")]
    #[inline]
    pub(crate) fn identity(&self) -> Result<(&Credentials, &Region, &Service), SignError> {
        match &self.scheme {
            Scheme::Region(region) => Ok((&self.credentials, region, &self.service)),
            #[cfg(feature = "sigv4a")]
            Scheme::RegionSet(..) => Err(SignError::NotSupportedBySigV4a),
        }
    }
}

/// Prints who signs and for what, without secrets.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("credentials", &self.credentials)
            .field("regions", &self.scheme.as_str())
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}
