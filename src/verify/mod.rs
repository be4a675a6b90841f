//! The verifying end, in two moves: `claim` reads the request and checks all
//! that needs no secret; the caller looks the key up, however it likes; then
//! `verify` is one HMAC and a comparison in constant time.
//!
//! The order of the checks is that of [`VerifyError`]'s variants.

mod arrived;
mod authorization;
mod body;
mod claim;
mod coverage;
mod error;
#[cfg(feature = "tokens")]
mod forward;
#[cfg(feature = "std")]
mod key_cache;
mod limits;
mod region;
mod verified;

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use smallvec::SmallVec;

use self::arrived::{Arrived, arrived_fields, authorization, is_version_2};
use self::authorization::{Authorization, Parameters};
use crate::crypto::sha256_tail;
use crate::ext::chunked::Announced;
use crate::headers::{CONTENT_SHA256, DATE, Fields, Name, REGION_SET, trim};
use crate::payload::{PayloadHash, ReceivedBody};
use crate::request::Request;
use crate::service::{Service, TokenName, TokenRule, is_label};
use crate::sign::SignError;
use crate::steps::Workings;
use crate::steps::algorithm::Algorithm;
use crate::steps::canonical_request::{self, Headers, Path, Query};
use crate::steps::string_to_sign;
use crate::target::Target;
use crate::text::put;
use crate::time::{Expires, Timestamp};
use crate::uri::{self, Pairs, decode_to, hash_parameter};

pub(crate) use self::authorization::{Credential, shown};
pub use self::authorization::{Malformed, Mechanism};
pub use self::body::{BodyChecker, BodyRule};
pub use self::claim::{Claim, VerifyingKey};
pub use self::error::VerifyError;
#[cfg(feature = "std")]
pub use self::key_cache::KeyCache;
pub use self::limits::Limits;
pub use self::verified::Verified;

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
/// let key = match claim.access_key_id() {
///     "AKIAIOSFODNN7EXAMPLE" => Some(claim.key(&credentials)), // your look-up, async or not
///     _ => None,
/// };
/// let verified = claim.verify(key.as_ref())?;
/// assert_eq!(verified.path(), b"/test.txt");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    region: Option<String>,
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
    /// [`SignError::InvalidRegion`] and [`SignError::InvalidService`], as for a
    /// [`Signer`](crate::Signer).
    pub fn new(region: impl Into<String>, service: Service) -> Result<Self, SignError> {
        let region = region.into();
        if !is_label(&region) {
            return Err(SignError::InvalidRegion);
        }
        Self::any_region(service).map(|verifier| Self { region: Some(region), ..verifier })
    }

    /// A verifier that takes any region's signatures.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidService`].
    pub fn any_region(service: Service) -> Result<Self, SignError> {
        if !is_label(service.name()) {
            return Err(SignError::InvalidService);
        }
        Ok(Self {
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
        })
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
    /// let verified = claim.verify(Some(&claim.key(&credentials)))?;
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

    /// Reads a request as it arrived and checks everything that needs no
    /// secret: limits, grammar, the one mechanism, scope, time, and that
    /// whatever steers the request is signed.
    ///
    /// What comes back is unproven; it is owned, and can wait for a look-up.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], in the order of its variants down to `BodyNeeded`; and
    /// `InvalidToken` for a token under the name that another service uses. A
    /// request without any authentication is [`VerifyError::Anonymous`].
    pub fn claim(
        &self,
        request: &Request<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        self.limits.check(request)?;
        let mut scratch = Vec::new();
        let target = Target::arrived(request.uri)?;
        let host = target.host();
        let mut arrived = Arrived {
            method: request.method,
            target,
            fields: Fields::new(),
            pairs: Pairs::new(),
            parameters: Parameters::default(),
        };
        arrived_fields(&mut arrived.fields, request, &target, host)?;
        arrived.pairs.read(arrived.target.query, &mut scratch)?;
        arrived.pairs.sort();
        let authorization = authorization(&arrived.fields)?;
        arrived.parameters =
            Parameters::of(&arrived.pairs).map_err(VerifyError::AuthorizationQueryParametersError)?;

        let version_2 = is_version_2(&arrived.pairs);
        match (authorization, arrived.parameters.is_empty()) {
            (Some(_), false) => Err(VerifyError::TwoMechanisms),
            (Some(_), true) | (None, false) if version_2 => Err(VerifyError::TwoMechanisms),
            (None, true) if version_2 => Err(VerifyError::SignatureVersion2),
            (None, true) => Err(VerifyError::Anonymous),
            (Some(value), true) => {
                let draft = self.read_header(&arrived.fields, value, now)?;
                self.finish(&mut arrived, draft, body, now)
            }
            (None, false) => {
                let mut decoded = SmallVec::new();
                let draft = self.read_parameters(&arrived.parameters, &mut decoded, now)?;
                if let Some(name) = arrived.fields.contradicting(&arrived.pairs) {
                    return Err(VerifyError::ContradictoryHeader { name });
                }
                self.finish(&mut arrived, draft, body, now)
            }
        }
    }

    fn read_header<'a>(
        &self,
        fields: &Fields<'a>,
        value: &'a [u8],
        now: Timestamp,
    ) -> Result<Draft<'a>, VerifyError> {
        let value = core::str::from_utf8(value)
            .map_err(|_| VerifyError::AuthorizationHeaderMalformed(Malformed::Components))?;
        let authorization = Authorization::from_header(value, |name| self.algorithm(name))?;
        // `Date` is read where there is no `x-amz-date`; what is read is what was signed.
        let time = fields.get(&DATE).or_else(|| fields.get(&Name::known("date")));
        let time = time.and_then(|time| Timestamp::from_bytes(trim(time)));
        let time = time.ok_or(VerifyError::InvalidDate)?;
        let region_set =
            || fields.get(&REGION_SET).filter(|_| authorization.signed.contains("x-amz-region-set"));
        self.check_scope(Mechanism::Header, &authorization.credential, time, region_set)?;
        if time.unix().abs_diff(now.unix()) > u64::from(self.max_skew) {
            return Err(VerifyError::RequestTimeTooSkewed { time, now, max_skew: self.max_skew });
        }
        Ok(Draft { mechanism: Mechanism::Header, authorization, time, expires: None })
    }

    fn read_parameters<'a>(
        &self,
        parameters: &Parameters<'_>,
        decoded: &'a mut SmallVec<[u8; 1024]>,
        now: Timestamp,
    ) -> Result<Draft<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationQueryParametersError;
        let text = |name| parameters.required(name).map_err(malformed);
        let algorithm = text("X-Amz-Algorithm")?;
        let credential = text("X-Amz-Credential")?;
        let time = text("X-Amz-Date")?;
        let expires = text("X-Amz-Expires")?;
        let signed = text("X-Amz-SignedHeaders")?;
        let signature = text("X-Amz-Signature")?;
        // Only these two have anything that a query encodes.
        decode_to(credential, |part| decoded.extend_from_slice(part));
        let middle = decoded.len();
        decode_to(signed, |part| decoded.extend_from_slice(part));
        let (credential, signed) = decoded.split_at_checked(middle).unwrap_or_default();
        let Some(algorithm) = self.algorithm(algorithm) else {
            let algorithm = shown(&String::from_utf8_lossy(&uri::decoded(algorithm)));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm });
        };
        let utf8 = |text: &'a [u8], or| core::str::from_utf8(text).map_err(|_| malformed(or));
        let credential = utf8(credential, Malformed::Credential)?;
        let signed = utf8(signed, Malformed::SignedHeaders)?;
        let authorization =
            Authorization::parse(algorithm, credential, signed, signature).map_err(malformed)?;
        let time = Timestamp::from_bytes(time).ok_or(malformed(Malformed::Date))?;
        let region_set = || parameters.get("X-Amz-Region-Set");
        self.check_scope(Mechanism::Query, &authorization.credential, time, region_set)?;
        let expires = number(expires).filter(|expires| *expires <= self.max_expires);
        let expires = expires.ok_or(malformed(Malformed::Expires))?;
        if time.unix() - now.unix() > i64::from(self.max_skew) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        let lives = self.lives.unwrap_or(expires);
        if now.unix() > time.unix() + i64::from(lives) {
            let at = time.plus_seconds(lives.into()).unwrap_or(time);
            return Err(VerifyError::Expired { at, now, expires });
        }
        Ok(Draft { mechanism: Mechanism::Query, authorization, time, expires: Some(expires) })
    }

    pub(crate) fn check_scope<'s>(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        time: Timestamp,
        region_set: impl FnOnce() -> Option<&'s [u8]>,
    ) -> Result<(), VerifyError> {
        if credential.date != time.date() {
            return Err(VerifyError::DateMismatch { mechanism, scope: credential.date.into(), time });
        }
        self.check_region(mechanism, credential, region_set)?;
        if credential.service != self.service.name() {
            let (service, expected) = (shown(credential.service), self.service.name().into());
            return Err(VerifyError::WrongService { mechanism, service, expected });
        }
        Ok(())
    }

    /// From a well-formed authentication to the string to sign.
    fn finish(
        &self,
        arrived: &mut Arrived<'_>,
        draft: Draft<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        let Arrived { method, target, fields, pairs, parameters } = arrived;
        let rules = self.service.rules();
        let Draft {
            mechanism,
            authorization: Authorization { credential, signed, signature },
            time,
            expires,
        } = draft;
        let token_name = rules.token_name;
        let token_header = fields.get(&Name::new(token_name.header()));
        let token_parameter = parameters.get(token_name.parameter());
        let sent_hash = fields.get(&CONTENT_SHA256).map(trim);
        let other_name = match token_name {
            TokenName::Security => TokenName::S3Session,
            TokenName::S3Session => TokenName::Security,
        };
        if fields.get(&Name::new(other_name.header())).is_some()
            || parameters.get(other_name.parameter()).is_some()
        {
            return Err(VerifyError::InvalidToken);
        }
        // A hash in the query would bind nothing, and look as if it did.
        if mechanism == Mechanism::Query
            && hash_parameter(pairs).is_some_and(|hash| hash != PayloadHash::UNSIGNED.as_bytes())
        {
            return Err(VerifyError::InvalidPayloadHash);
        }

        self.check_coverage(fields, &signed)?;
        let (line, body) = self.payload(mechanism, credential.algorithm, sent_hash, &signed, body)?;

        // The text that was signed.
        if mechanism == Mechanism::Query {
            pairs.remove("X-Amz-Signature");
            if rules.token == TokenRule::Unsigned {
                pairs.remove(token_name.parameter());
            }
        }
        let mut text = Vec::new();
        let own = 2 * (credential.access_key_id.len() + credential.scope.len()) + 384;
        let token_bytes = token_header.or(token_parameter).map_or(0, <[u8]>::len);
        text.reserve(
            target.path.len() + target.query.len() + pairs.len() + fields.written() + token_bytes + own,
        );
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&*pairs));
        let layout = canonical_request::write(
            &mut text,
            method,
            path,
            query,
            Headers::Selected(fields, &signed),
            &line,
        )?;
        let digest = sha256_tail(&mut text, layout.start);
        let to_sign = text.len();
        string_to_sign::write(&mut text, credential.algorithm, time, credential.scope.as_bytes(), &digest);
        let to_sign = to_sign..text.len();

        // What the caller asks for.
        let access_key_id = keep(&mut text, credential.access_key_id.as_bytes());
        let scope = keep(&mut text, credential.scope.as_bytes());
        let token = match (mechanism, token_header, token_parameter) {
            (Mechanism::Header, Some(token), _) => Some(keep(&mut text, trim(token))),
            (Mechanism::Query, _, Some(token)) => {
                let start = text.len();
                decode_to(token, |part| text.extend_from_slice(part));
                Some(start..text.len())
            }
            // A header cannot stand in for a presigned URL's parameter.
            (Mechanism::Query, Some(_), None) => {
                return Err(VerifyError::ContradictoryHeader { name: token_name.header().into() });
            }
            _ => None,
        };
        let claim = Claim {
            text,
            workings: Workings { layout, to_sign },
            mechanism,
            algorithm: credential.algorithm,
            time,
            now,
            expires,
            access_key_id,
            scope,
            token,
            signature,
            body,
            path_encoded_twice: rules.encode_path_twice,
        };
        if let BodyRule::Chunked(mode) = claim.body.rule {
            // Read again where it is needed: what it says must be clear before a key is looked up.
            Announced::read(mode, |name| canonical_request::header(claim.headers(), name))?;
        }
        Ok(claim)
    }
}

/// A number of digits alone.
fn number(digits: &[u8]) -> Option<u32> {
    let value = |digit: &u8| digit.is_ascii_digit().then(|| u32::from(digit - b'0'));
    let add = |number: u32, digit| number.checked_mul(10)?.checked_add(value(digit)?);
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}

/// Puts `part` behind `text`; returns where it lies.
fn keep(text: &mut Vec<u8>, part: &[u8]) -> Range<usize> {
    let start = text.len();
    put(text, part);
    start..text.len()
}

/// A well-formed authentication, before coverage is checked.
struct Draft<'a> {
    mechanism: Mechanism,
    authorization: Authorization<'a>,
    time: Timestamp,
    expires: Option<u32>,
}
