//! The signing end: a complete request in, what to add out.
//!
//! `sign` puts the signature into headers, `presign` into the query. Both
//! write one buffer, in which the text that is hashed and the text that is
//! handed out lie side by side, and never edit the caller's request.
//!
//! Not here: the steps themselves (`steps/`), which the verifier takes as well.

mod daily;
mod header;
mod presign;
mod presigned_url;
mod scheme;
mod strip;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use self::daily::Day;
use self::scheme::Regions;
use crate::canonical::target::{Target, check_query, is_authority};
use crate::canonical::{Fields, Known, Name, check_name, check_value, folded, trim};
use crate::canonical::{Pairs, Parameter, percent as uri};
use crate::credentials::Credentials;
use crate::crypto::sha256_tail;
use crate::error::{ConfigError, RequestError};
use crate::payload::PayloadHash;
use crate::region::Region;
#[cfg(feature = "sigv4a")]
use crate::region::RegionSet;
use crate::request::Request;
use crate::service::{RepeatedParameters, Service};
#[cfg(feature = "sigv4a")]
use crate::steps::SigningKeyPair;
use crate::steps::algorithm::Algorithm;
use crate::steps::{Signature, string_to_sign};
use crate::time::Timestamp;

pub use self::header::AuthHeaders;
pub use self::presigned_url::PresignedUrl;
pub use self::strip::StrippedRequest;
pub(crate) use crate::error::SignError;

/// Signs requests with one set of credentials, for one region and service.
///
/// The day's signing key, and all else that changes once a day, is kept and
/// shared between threads without a lock. New credentials make a new signer.
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
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::parse("20130524T000000Z").unwrap())?;
///
/// let headers: Vec<(&str, &str)> = signed.iter().collect();
/// assert_eq!(headers[0], ("x-amz-date", "20130524T000000Z"));
/// assert!(headers[2].1.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    pub(crate) credentials: Credentials,
    regions: Regions,
    pub(crate) service: Service,
    /// The session token as a query carries it; empty where there is none.
    token_encoded: Zeroizing<String>,
    never_signed: Vec<Cow<'static, str>>,
    shorten_to_credentials: bool,
    #[cfg(feature = "std")]
    today: arc_swap::ArcSwapOption<Day>,
}

impl Signer {
    /// A signer for one region and service.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegion`] if the region is empty or has a character
    /// other than a lower-case letter, a digit, `-` or `_`.
    pub fn new(
        credentials: Credentials,
        region: impl Into<String>,
        service: Service,
    ) -> Result<Self, ConfigError> {
        let region = Region::new(region.into())?;
        Ok(Self::for_regions(credentials, Regions::One(region), service))
    }

    /// A signer of SigV4a: ECDSA instead of HMAC, good in every region of the
    /// set. The key pair is derived here, once.
    ///
    /// It signs and presigns as any other does, and adds the set as
    /// `x-amz-region-set` or `X-Amz-Region-Set`. See `docs/sigv4a.md`.
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
    /// Returns [`ConfigError::KeyDerivationFailed`].
    #[cfg(feature = "sigv4a")]
    pub fn sigv4a(
        credentials: Credentials,
        regions: RegionSet,
        service: Service,
    ) -> Result<Self, ConfigError> {
        let pair = SigningKeyPair::derive(&credentials).ok_or(ConfigError::KeyDerivationFailed)?;
        Ok(Self::for_regions(credentials, Regions::Set(regions, pair), service))
    }

    fn for_regions(credentials: Credentials, regions: Regions, service: Service) -> Self {
        let token_encoded = credentials.session_token().map(uri::encode_secret).unwrap_or_default();
        Self {
            credentials,
            regions,
            service,
            token_encoded,
            never_signed: Vec::new(),
            shorten_to_credentials: false,
            #[cfg(feature = "std")]
            today: arc_swap::ArcSwapOption::empty(),
        }
    }

    /// Shortens the lifetime of a presigned URL that would outlive its credentials to
    /// their expiration, instead of returning an error.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let credentials = credentials.with_expiration(Timestamp::parse("20150830T124600Z")?);
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?.shorten_to_credentials();
    /// let request = Request::new("GET", "https://b.s3.amazonaws.com/k", &[]);
    /// let url = signer.presign(&request, Expires::HOUR, Timestamp::parse("20150830T123600Z")?)?;
    /// assert!(url.as_str().contains("&X-Amz-Expires=600&"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn shorten_to_credentials(self) -> Self {
        Self { shorten_to_credentials: true, ..self }
    }

    /// Leaves one more header out of every signature, beside
    /// [`NEVER_SIGNED`](crate::canonical::NEVER_SIGNED): one that something on
    /// the way is known to change. `Host`, and what signing itself adds, are
    /// always signed.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?.never_sign("content-type");
    /// let request = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[("content-type", "text/plain")]);
    /// let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
    /// assert!(url.as_str().contains("X-Amz-SignedHeaders=host&"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn never_sign(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.never_signed.push(header.into());
        self
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.regions.algorithm()
    }

    /// Who signs, for which one region, and for which service by its signing name.
    #[cfg(feature = "event-stream")]
    #[inline]
    pub(crate) fn identity(&self) -> Result<(&Credentials, &str, &str), SignError> {
        match &self.regions {
            Regions::One(region) => Ok((&self.credentials, region.as_str(), self.service.name())),
            #[cfg(feature = "sigv4a")]
            Regions::Set(..) => Err(SignError::UndefinedForSigV4a),
        }
    }

    /// The headers of the view that are signed, and `host`; checks that what
    /// signing adds is not there yet, or says the same.
    #[inline]
    fn read_headers<'r>(
        &self,
        fields: &mut Fields<'r>,
        request: &Request<'r>,
        target: &Target<'r>,
        authority: Option<&'r str>,
        own: &Own<'_>,
    ) -> Result<(), SignError> {
        let mut invalid = Ok(());
        // Whoever follows a URL writes `Host` anew, as the URL has it.
        let host = authority.filter(|_| own.date.is_none()).map(str::as_bytes);
        for (index, (name, mut value)) in request.headers().enumerate() {
            let name = Name::new(name.as_bytes());
            let signed = match Known::of(&name) {
                Some(known) => {
                    fields.note(known, value);
                    if known == Known::Host {
                        value = host.unwrap_or(value);
                    }
                    own.signs(known).unwrap_or_else(|| !self.leaves_out(&name))
                }
                None => {
                    invalid = invalid.and_then(|()| check_name(index, &name));
                    !self.leaves_out(&name)
                }
            };
            if signed {
                fields.push(index, name, value);
            } else {
                // Sent beside what is signed, so it must not be able to become more.
                invalid = invalid.and_then(|()| check_value(&name, value));
            }
        }
        if fields.get(Known::Authorization).is_some() {
            return Err(SignError::AlreadySigned);
        }
        invalid?;
        own.check(fields)?;
        match (fields.get(Known::Host), authority) {
            (None, None) => return Err(RequestError::InvalidHost.into()),
            (None, Some(_)) if own.date.is_some() && target.has_uppercase() => {
                return Err(RequestError::InvalidHost.into());
            }
            (None, Some(host)) => fields.push(0, Known::Host.name(), host.as_bytes()),
            (Some(host), authority) => {
                let host = Some(trim(host)).filter(|host| is_authority(host));
                let host = host.ok_or(RequestError::InvalidHost)?;
                if own.date.is_none() && authority.is_some_and(|authority| !target.has_host(authority, host))
                {
                    return Err(SignError::HostMismatch);
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn leaves_out(&self, name: &Name<'_>) -> bool {
        let never = |never: &Cow<'_, str>| never.as_bytes().eq_ignore_ascii_case(name.as_bytes());
        name.is_never_signed() || self.never_signed.iter().any(never)
    }

    /// The query's pairs, sorted. Returns whether one of them states a payload
    /// hash, which has no place in a URL.
    #[inline]
    fn read_query<'r>(
        &self,
        pairs: &mut Pairs<'r>,
        query: &'r str,
        scratch: &'r mut Vec<u8>,
    ) -> Result<bool, SignError> {
        if query.is_empty() {
            return Ok(false);
        }
        pairs.read(query, scratch, check_query)?;
        pairs.sort();
        let (mut reserved, mut states_hash) = (None, false);
        for pair in pairs.iter() {
            match Parameter::of(pair.name) {
                Some((Parameter::Signature, _)) => return Err(SignError::AlreadySigned),
                Some((Parameter::ContentSha256, _)) => {
                    states_hash |= pair.value != PayloadHash::UNSIGNED.as_bytes();
                }
                Some(_) => reserved = reserved.or(Some(pair.name)),
                None if pair.name.is_empty() => return Err(SignError::UnnamedParameter),
                _ => {}
            }
        }
        if let Some(name) = reserved {
            return Err(SignError::ReservedParameter { name: String::from_utf8_lossy(name).into() });
        }
        if self.service.rules().repeated_parameters() == RepeatedParameters::Rejected
            && let Some(name) = pairs.repeated()
        {
            return Err(SignError::RepeatedParameter { name: String::from_utf8_lossy(name).into_owned() });
        }
        Ok(states_hash)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("credentials", &self.credentials)
            .field("regions", &self.regions.as_str())
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// Steps 2 to 4: hashes `text` from `start`, writes the string to sign behind
/// it and signs that.
#[inline(always)]
fn finish(text: &mut Vec<u8>, start: usize, time: Timestamp, day: &Day) -> (Range<usize>, Signature) {
    let digest = sha256_tail(text, start);
    let to_sign = text.len();
    string_to_sign::write(text, day.key.algorithm(), time, day.scope.as_bytes(), &digest);
    let signature = day.key.sign_tail(text, to_sign);
    (to_sign..text.len(), signature)
}

/// What a signer adds, to hold against what the view has already.
struct Own<'a> {
    /// `None` when presigning: the date goes into the query.
    date: Option<&'a [u8]>,
    payload: &'a [u8],
    /// `None` when presigning, too.
    token: Option<(Known, &'a [u8])>,
    sign_token: bool,
    /// Of SigV4a alone.
    region_set: Option<&'a [u8]>,
}

impl Own<'_> {
    /// Whether a header that signing may add is to be signed; `None` for any
    /// other.
    #[inline]
    fn signs(&self, known: Known) -> Option<bool> {
        match known {
            Known::Host | Known::AmzDate | Known::ContentSha256 => Some(true),
            Known::RegionSet => self.region_set.map(|_| true),
            Known::SecurityToken | Known::S3SessionToken => Some(self.sign_token),
            _ => None,
        }
    }

    /// What may stand once stands once; and where the view has one of its own
    /// already, it says the same.
    #[inline]
    fn check(&self, fields: &Fields<'_>) -> Result<(), SignError> {
        let token = |name| self.token.and_then(|(own, token)| (own == name).then_some(token));
        let own = [
            (Known::AmzDate, self.date),
            (Known::ContentSha256, Some(self.payload)),
            (Known::SecurityToken, token(Known::SecurityToken)),
            (Known::S3SessionToken, token(Known::S3SessionToken)),
            (Known::RegionSet, self.region_set),
        ];
        if let Some(known) = fields.came_again(Known::ONCE) {
            return Err(RequestError::RepeatedHeader { name: known.name().to_lowercase() }.into());
        }
        for (known, expected) in own {
            let Some(value) = fields.get(known) else { continue };
            let ordinary = known == Known::RegionSet && expected.is_none();
            if ordinary {
                continue;
            }
            let same =
                |text: &[u8]| value == text || folded(value).is_ok_and(|value| value.as_slice() == text);
            if !expected.is_some_and(same) {
                return Err(SignError::HeaderMismatch { name: known.name().to_lowercase() });
            }
        }
        Ok(())
    }
}
