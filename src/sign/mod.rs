//! The signing end: a complete request in, what to add out.
//!
//! `sign` puts the signature into headers, `presign` into the query. Both
//! write one buffer, in which the text that is hashed and the text that is
//! handed out lie side by side, and never edit the caller's request.

mod day;
mod error;
mod header;
mod presign;
mod regions;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use self::day::Day;
use self::regions::Regions;
use crate::credentials::Credentials;
use crate::crypto::sha256_tail;
use crate::headers::{
    AUTHORIZATION, CONTENT_SHA256, DATE, Fields, HOST, Name, REGION_SET, S3SESSION_TOKEN, SECURITY_TOKEN,
    check_field, folded, is_never_signed, trim,
};
use crate::payload::PayloadHash;
#[cfg(feature = "sigv4a")]
use crate::region_set::RegionSet;
use crate::request::Request;
use crate::request_error::RequestError;
use crate::scan;
use crate::service::{Service, is_label};
#[cfg(feature = "sigv4a")]
use crate::steps::SigningKeyPair;
use crate::steps::algorithm::Algorithm;
use crate::steps::{Signature, string_to_sign};
use crate::target::{Target, has_uppercase, is_authority};
use crate::time::Timestamp;
use crate::uri::{self, Pairs, VERSION_2, is_authentication_parameter, split_pair};

pub use self::error::SignError;
pub use self::header::AuthHeaders;
pub use self::presign::PresignedUrl;

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
    #[cfg(feature = "std")]
    today: arc_swap::ArcSwapOption<Day>,
}

impl Signer {
    /// A signer for one region and service.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidRegion`] and [`SignError::InvalidService`] where one
    /// could not be a label of a host name.
    pub fn new(
        credentials: Credentials,
        region: impl Into<String>,
        service: Service,
    ) -> Result<Self, SignError> {
        let region = region.into();
        if !is_label(&region) {
            return Err(SignError::InvalidRegion);
        }
        Self::for_regions(credentials, Regions::One(region), service)
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
    /// [`SignError::InvalidService`], and [`SignError::NoKeyPair`].
    #[cfg(feature = "sigv4a")]
    pub fn sigv4a(credentials: Credentials, regions: RegionSet, service: Service) -> Result<Self, SignError> {
        let pair = SigningKeyPair::derive(&credentials).ok_or(SignError::NoKeyPair)?;
        Self::for_regions(credentials, Regions::Set(regions, pair), service)
    }

    fn for_regions(credentials: Credentials, regions: Regions, service: Service) -> Result<Self, SignError> {
        if !is_label(service.name()) {
            return Err(SignError::InvalidService);
        }
        let token_encoded = credentials.session_token().map(uri::encode_secret).unwrap_or_default();
        Ok(Self {
            credentials,
            regions,
            service,
            token_encoded,
            never_signed: Vec::new(),
            #[cfg(feature = "std")]
            today: arc_swap::ArcSwapOption::empty(),
        })
    }

    /// Leaves one more header out of every signature, beside
    /// [`NEVER_SIGNED`](crate::headers::NEVER_SIGNED): one that something on
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
            Regions::One(region) => Ok((&self.credentials, region, self.service.name())),
            #[cfg(feature = "sigv4a")]
            Regions::Set(..) => Err(SignError::UndefinedForSigV4a),
        }
    }

    /// The headers of the view that are signed, and `host`.
    #[inline]
    fn read_headers<'r>(
        &self,
        fields: &mut Fields<'r>,
        request: &Request<'r>,
        target: &Target<'r>,
        authority: Option<&'r str>,
        own: &Own<'_>,
    ) -> Result<Present, SignError> {
        let mut present = Present::default();
        let mut host: Option<&'r [u8]> = None;
        if request.headers().any(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION.as_str())) {
            return Err(SignError::AlreadySigned);
        }
        for (index, (name, value)) in request.headers().enumerate() {
            let name = Name::new(name);
            if name.is_amz() {
                let signed = own.signs(&name, value, &mut present)?;
                if !signed.unwrap_or_else(|| !self.leaves_out(name.as_str())) {
                    check_field(index, name.as_str(), value)?;
                    continue;
                }
            } else if name.is(&HOST) {
                if host.is_some() {
                    return Err(RequestError::RepeatedHeader { name: "host".into() }.into());
                }
                host = Some(value);
            } else if is_never_signed(name.as_str()) || self.leaves_out(name.as_str()) {
                // Sent beside what is signed, so it must not be able to become more.
                check_field(index, name.as_str(), value)?;
                continue;
            }
            fields.push(name, value);
        }
        match (host, authority) {
            (None, None) => return Err(RequestError::InvalidHost.into()),
            (None, Some(host)) if has_uppercase(host) => {
                return Err(RequestError::InvalidHost.into());
            }
            (None, Some(host)) => fields.push(HOST, host.as_bytes()),
            (Some(host), authority) => {
                let host = core::str::from_utf8(trim(host)).ok().filter(|host| is_authority(host));
                let host = host.ok_or(RequestError::InvalidHost)?;
                // In a URL the authority becomes the Host header.
                if own.date.is_none() && authority.is_some_and(|authority| !target.has_host(authority, host))
                {
                    return Err(SignError::HostMismatch);
                }
            }
        }
        Ok(present)
    }

    #[inline]
    fn leaves_out(&self, name: &str) -> bool {
        self.never_signed.iter().any(|never| never.eq_ignore_ascii_case(name))
    }

    /// The query's pairs, sorted.
    #[inline]
    fn read_query<'r>(
        &self,
        pairs: &mut Pairs<'r>,
        query: &'r str,
        scratch: &'r mut Vec<u8>,
    ) -> Result<(), SignError> {
        if query.is_empty() {
            return Ok(());
        }
        let mut reserved = None;
        for pair in scan::split(query, b'&') {
            let name = match pair.as_bytes() {
                // Nothing else can be a name to look at closely.
                [b'x' | b'X' | b'%' | b'A' | b'=', ..] => split_pair(pair).0,
                _ => continue,
            };
            if name == VERSION_2 {
                reserved = Some(name);
            }
            if is_authentication_parameter(name) {
                if name.eq_ignore_ascii_case("X-Amz-Signature") {
                    return Err(SignError::AlreadySigned);
                }
                reserved = Some(name);
            }
            if name.is_empty() {
                return Err(SignError::UnnamedParameter);
            }
        }
        if let Some(name) = reserved {
            return Err(SignError::ReservedParameter { name: name.into() });
        }
        pairs.read(query, scratch)?;
        pairs.sort();
        if !self.service.rules().repeat_parameters
            && let Some(name) = pairs.repeated()
        {
            return Err(SignError::RepeatedParameter { name: String::from_utf8_lossy(name).into_owned() });
        }
        Ok(())
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
#[inline]
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
    date: Option<&'a str>,
    payload: &'a str,
    /// `None` when presigning, too.
    token: Option<(&'a str, &'a str)>,
    sign_token: bool,
    /// Of SigV4a alone.
    region_set: Option<&'a str>,
}

/// Which of them the view has.
#[derive(Default)]
struct Present {
    date: bool,
    payload: bool,
    token: bool,
    region_set: bool,
}

impl Own<'_> {
    /// Whether a header that signing may add is to be signed; `None` for any
    /// other. Where one is there already it must say the same.
    #[inline]
    fn signs(&self, name: &Name<'_>, value: &[u8], present: &mut Present) -> Result<Option<bool>, SignError> {
        let (seen, expected, signed) = if name.is(&DATE) {
            (&mut present.date, self.date, true)
        } else if name.is(&CONTENT_SHA256) {
            (&mut present.payload, Some(self.payload), true)
        } else if name.is(&REGION_SET) && self.region_set.is_some() {
            (&mut present.region_set, self.region_set, true)
        } else if name.is(&SECURITY_TOKEN) || name.is(&S3SESSION_TOKEN) {
            let token = self.token.filter(|(header, _)| name.as_str().eq_ignore_ascii_case(header));
            (&mut present.token, token.map(|(_, token)| token), self.sign_token)
        } else {
            return Ok(None);
        };
        let lowercase = || name.as_str().to_ascii_lowercase();
        if *seen {
            return Err(RequestError::RepeatedHeader { name: lowercase() }.into());
        }
        *seen = true;
        let same =
            expected.is_some_and(|text| folded(value).is_ok_and(|value| value.as_slice() == text.as_bytes()));
        same.then_some(Some(signed)).ok_or_else(|| SignError::HeaderMismatch { name: lowercase() })
    }
}

#[inline]
fn check_payload(payload: &PayloadHash<'_>) -> Result<(), SignError> {
    let mode = payload.as_str();
    let valid = !mode.is_empty() && !scan::any(mode.as_bytes(), |bytes| !bytes.graphic());
    valid.then_some(()).ok_or(SignError::InvalidPayload)
}
