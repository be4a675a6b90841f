//! The verifying end, in two moves: `claim` reads the request and checks all
//! that needs no secret; the caller looks the key up, however it likes; then
//! `verify` is one HMAC and a comparison in constant time.
//!
//! The order of the checks is that of [`VerifyError`]'s variants.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::ops::Range;

use smallvec::SmallVec;
use zeroize::Zeroizing;

use crate::authorization::{
    Authorization, Credential, Decoded, Malformed, Mechanism, Parameters, decoded, is_ours, shown,
};
use crate::credentials::Credentials;
use crate::crypto::{HmacKey, Sha256Stream, equal, hex32, sha256, sha256_tail};
use crate::error::{SignError, VerifyError};
use crate::headers::{Field, Fields, SignedHeaders, folded, is_amz, is_token};
use crate::payload::{PayloadHash, ReceivedBody};
use crate::request::{Request, RequestError, Target, is_authority};
use crate::scan;
use crate::service::{Service, TokenRule};
use crate::sign::is_label;
use crate::steps::canonical_request::{self, Path, Query, header, lines};
use crate::steps::string_to_sign::{self, ALGORITHM};
use crate::steps::{CredentialScope, Explain, Signature, SigningKey, Workings, sha256_hex};
use crate::time::{Expires, Timestamp};
use crate::uri::{self, Pair, Pairs, split_pair};

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
    service: Service,
    max_skew: u32,
    max_expires: u32,
    limits: Limits,
    may_be_unsigned: Vec<String>,
}

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
}

impl Default for Limits {
    /// 256 headers, 64 KiB of them, 32 KiB of URI, 256 parameters: several
    /// times what AWS accepts.
    fn default() -> Self {
        Self { headers: 256, header_bytes: 64 << 10, uri_bytes: 32 << 10, parameters: 256 }
    }
}

impl Limits {
    fn check(&self, request: &Request<'_>) -> Result<(), VerifyError> {
        let over = |what, count: usize, limit| {
            if count > limit { Err(VerifyError::TooLarge { what, limit }) } else { Ok(()) }
        };
        over("bytes of URI", request.uri.len(), self.uri_bytes)?;
        over("headers", request.headers().len(), self.headers)?;
        let bytes = request.headers().map(|(name, value)| name.len() + value.len()).sum();
        over("bytes of headers", bytes, self.header_bytes)
    }

    fn check_parameters(&self, query: &str) -> Result<(), VerifyError> {
        let count = 1 + query.bytes().filter(|byte| *byte == b'&').count();
        let limit = self.parameters;
        if count > limit { Err(VerifyError::TooLarge { what: "query parameters", limit }) } else { Ok(()) }
    }
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
            limits: Limits::default(),
            may_be_unsigned: Vec::new(),
        })
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
    /// [`VerifyError`], in the order of its variants down to `BodyNeeded`. A
    /// request without any authentication is [`VerifyError::Anonymous`].
    pub fn claim(
        &self,
        request: &Request<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        self.limits.check(request)?;
        let mut scratch = Vec::new();
        let mut arrived = Arrived {
            method: request.method,
            target: arrived_target(request.uri)?,
            fields: Fields::new(),
            pairs: Pairs::new(),
            parameters: Parameters::default(),
        };
        arrived_fields(&mut arrived.fields, request, &arrived.target)?;
        self.limits.check_parameters(arrived.target.query)?;
        arrived.pairs.read(arrived.target.query, &mut scratch)?;
        arrived.pairs.sort();
        arrived.parameters =
            Parameters::of(&arrived.pairs).map_err(VerifyError::AuthorizationQueryParametersError)?;

        let version_2 = is_version_2(&arrived.pairs);
        match (authorization(&arrived.fields)?, arrived.parameters.is_empty()) {
            (Some(_), false) => Err(VerifyError::TwoMechanisms),
            (Some(_), true) if version_2 => Err(VerifyError::TwoMechanisms),
            (None, true) if version_2 => Err(VerifyError::SignatureVersion2),
            (None, true) => Err(VerifyError::Anonymous),
            (Some(value), true) => {
                let draft = self.read_header(&arrived.fields, value, now)?;
                self.finish(&mut arrived, draft, body, now)
            }
            (None, false) => {
                let (mut credential, mut signed) = (Decoded::new(), Decoded::new());
                let draft = self.read_parameters(&arrived.parameters, &mut credential, &mut signed, now)?;
                contradictions(&arrived.fields, &arrived.pairs)?;
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
        let authorization = Authorization::from_header(value)?;
        // `Date` is read where there is no `x-amz-date`; what is read is what was signed.
        let time = fields.get("x-amz-date").or_else(|| fields.get("date"));
        let time = time.and_then(|time| Timestamp::parse(core::str::from_utf8(trim(time)).ok()?));
        let time = time.ok_or(VerifyError::InvalidDate)?;
        self.check_scope(Mechanism::Header, &authorization.credential, time)?;
        if time.unix().abs_diff(now.unix()) > u64::from(self.max_skew) {
            return Err(VerifyError::RequestTimeTooSkewed { time, now, max_skew: self.max_skew });
        }
        Ok(Draft { mechanism: Mechanism::Header, authorization, time, expires: None })
    }

    fn read_parameters<'a>(
        &self,
        parameters: &Parameters<'_>,
        credential: &'a mut Decoded,
        signed: &'a mut Decoded,
        now: Timestamp,
    ) -> Result<Draft<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationQueryParametersError;
        let text = |name| parameters.decoded(name).map_err(malformed);
        let algorithm = text("X-Amz-Algorithm")?;
        *credential = text("X-Amz-Credential")?;
        let time = text("X-Amz-Date")?;
        let expires = text("X-Amz-Expires")?;
        *signed = text("X-Amz-SignedHeaders")?;
        let signature = text("X-Amz-Signature")?;
        if algorithm.as_slice() != ALGORITHM.as_bytes() {
            let algorithm = shown(&String::from_utf8_lossy(&algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { algorithm });
        }
        let utf8 = |text: &'a [u8], or| core::str::from_utf8(text).map_err(|_| malformed(or));
        let credential = utf8(credential, Malformed::Credential)?;
        let signed = utf8(signed, Malformed::SignedHeaders)?;
        let signature = core::str::from_utf8(&signature).map_err(|_| malformed(Malformed::Signature))?;
        let authorization = Authorization::parse(credential, signed, signature).map_err(malformed)?;
        let time = core::str::from_utf8(&time).ok().and_then(Timestamp::parse);
        let time = time.ok_or(malformed(Malformed::Date))?;
        self.check_scope(Mechanism::Query, &authorization.credential, time)?;
        let digits = !expires.is_empty() && expires.iter().all(u8::is_ascii_digit);
        let expires =
            core::str::from_utf8(&expires).ok().filter(|_| digits).and_then(|text| text.parse().ok());
        let expires: u32 =
            expires.filter(|expires| *expires <= self.max_expires).ok_or(malformed(Malformed::Expires))?;
        if time.unix() - now.unix() > i64::from(self.max_skew) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        if now.unix() > time.unix() + i64::from(expires) {
            let at = time.plus_seconds(expires.into()).unwrap_or(time);
            return Err(VerifyError::Expired { at, now, expires });
        }
        Ok(Draft { mechanism: Mechanism::Query, authorization, time, expires: Some(expires) })
    }

    fn check_scope(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        time: Timestamp,
    ) -> Result<(), VerifyError> {
        if credential.date != time.date() {
            return Err(VerifyError::DateMismatch { mechanism, scope: credential.date.into(), time });
        }
        if let Some(expected) = self.region.as_ref().filter(|region| *region != credential.region) {
            let region = shown(credential.region);
            return Err(VerifyError::WrongRegion { mechanism, region, expected: expected.clone() });
        }
        if credential.region.is_empty() {
            return Err(VerifyError::WrongRegion { mechanism, region: String::new(), expected: "*".into() });
        }
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
        let token_header = fields.get(token_name.header());
        let token_parameter = parameters.get(token_name.parameter());
        let sent_hash = fields.get("x-amz-content-sha256").map(trim);

        self.check_coverage(fields, &signed)?;
        let (line, body) = self.payload(mechanism, sent_hash, &signed, body)?;

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
            target.path.len()
                + target.query.len()
                + pairs.iter().len()
                + fields.written()
                + token_bytes
                + own,
        );
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&*pairs));
        let layout = canonical_request::write(&mut text, method, path, query, fields, &line)?;
        let digest = sha256_tail(&mut text, layout.start);
        let to_sign = text.len();
        string_to_sign::write(&mut text, time, credential.scope.as_bytes(), &digest);
        let to_sign = to_sign..text.len();

        // What the caller asks for.
        let mut keep = |part: &[u8]| {
            let start = text.len();
            text.extend_from_slice(part);
            start..text.len()
        };
        let access_key_id = keep(credential.access_key_id.as_bytes());
        let scope = keep(credential.scope.as_bytes());
        let token = match (mechanism, token_header, token_parameter) {
            (Mechanism::Header, Some(token), _) => Some(keep(trim(token))),
            (Mechanism::Query, _, Some(token)) => Some(keep(&decoded(token))),
            // A header cannot stand in for a presigned URL's parameter.
            (Mechanism::Query, Some(_), None) => {
                return Err(VerifyError::ContradictoryHeader { name: token_name.header().into() });
            }
            _ => None,
        };
        Ok(Claim {
            text,
            workings: Workings { layout, to_sign },
            mechanism,
            time,
            now,
            expires,
            access_key_id,
            scope,
            token,
            signature,
            body,
            path_encoded_twice: rules.encode_path_twice,
        })
    }

    /// Both ways: every header that steers the request is on the list, and
    /// everything on the list is there. Keeps the signed headers.
    fn check_coverage(&self, fields: &mut Fields<'_>, signed: &SignedHeaders<'_>) -> Result<(), VerifyError> {
        let mut expected = signed.iter().peekable();
        let (mut current, mut missing, mut invalid) = ("", None, None);
        let mut unsigned: Vec<String> = Vec::new();
        fields.retain(|field| {
            if field.is(current) {
                return true;
            }
            while let Some(name) = expected.peek() {
                match field.compare_name(name) {
                    Ordering::Equal => {
                        current = name;
                        expected.next();
                        return true;
                    }
                    // The list is past where the header would have stood.
                    Ordering::Greater => {
                        missing = missing.or(Some(*name));
                        expected.next();
                    }
                    Ordering::Less => break,
                }
            }
            if invalid.is_none() {
                invalid = unreadable(field);
            }
            if self.must_be_signed(field.name) && unsigned.last().is_none_or(|name| !field.is(name)) {
                unsigned.push(field.name.to_ascii_lowercase());
            }
            false
        });
        if let Some(error) = invalid {
            return Err(error.into());
        }
        if !unsigned.is_empty() {
            return Err(VerifyError::UnsignedHeaders { names: unsigned });
        }
        match missing.or_else(|| expected.next()) {
            Some(name) => Err(VerifyError::MissingSignedHeader { name: shown(name) }),
            None => Ok(()),
        }
    }

    /// `host`, and all that begins with `x-amz-`. The payload's hash is on
    /// the last line of what is signed, whether it is listed or not.
    fn must_be_signed(&self, name: &str) -> bool {
        if !is_amz(name) {
            return name.eq_ignore_ascii_case("host");
        }
        let rules = self.service.rules();
        let token_beside =
            rules.token == TokenRule::Unsigned && name.eq_ignore_ascii_case(rules.token_name.header());
        let exempt = self.may_be_unsigned.iter().any(|exempt| exempt.eq_ignore_ascii_case(name));
        !name.eq_ignore_ascii_case("x-amz-content-sha256") && !token_beside && !exempt
    }

    /// The payload line, and what is known of the body.
    fn payload<'h>(
        &self,
        mechanism: Mechanism,
        sent: Option<&'h [u8]>,
        signed: &SignedHeaders<'_>,
        body: ReceivedBody<'_>,
    ) -> Result<(PayloadHash<'h>, Body), VerifyError> {
        let sent = match sent {
            Some(sent) => Some(core::str::from_utf8(sent).map_err(|_| VerifyError::InvalidPayloadHash)?),
            None => None,
        };
        let modes = self.service.rules().send_payload_hash;
        let line = match (mechanism, sent) {
            (Mechanism::Header, None) if modes => return Err(VerifyError::MissingPayloadHash),
            (Mechanism::Query, Some(sent)) if !signed.contains("x-amz-content-sha256") => {
                // Not signed: it may repeat what a URL says anyway, and no more.
                if sent != PayloadHash::UNSIGNED.as_str() || !modes {
                    return Err(VerifyError::UnsignedHeaders {
                        names: alloc::vec!["x-amz-content-sha256".into()],
                    });
                }
                PayloadHash::UNSIGNED
            }
            (Mechanism::Query, None) if modes => PayloadHash::UNSIGNED,
            (_, Some(sent)) => PayloadHash::Literal(sent),
            (_, None) => {
                let digest = match body {
                    ReceivedBody::Bytes(body) => sha256(body),
                    ReceivedBody::Sha256(digest) => digest,
                    ReceivedBody::Unread => return Err(VerifyError::BodyNeeded),
                };
                return Ok((
                    PayloadHash::Sha256(hex32(&digest)),
                    Body { rule: BodyRule::Checked, mismatch: None },
                ));
            }
        };
        if line == PayloadHash::UNSIGNED && modes {
            return Ok((line, Body { rule: BodyRule::Unsigned, mismatch: None }));
        }
        let Some(expected) = sha256_hex(line.as_bytes()) else {
            let mode = line.as_str();
            return Err(if mode.starts_with("STREAMING-") && modes {
                VerifyError::UnsupportedPayload { mode: shown(mode) }
            } else {
                VerifyError::InvalidPayloadHash
            });
        };
        let received = match body {
            ReceivedBody::Bytes(body) => sha256(body),
            ReceivedBody::Sha256(digest) => digest,
            ReceivedBody::Unread => {
                return Ok((line, Body { rule: BodyRule::MustHashTo(expected), mismatch: None }));
            }
        };
        let mismatch = (!equal(&received, &expected)).then_some((expected, received));
        Ok((line, Body { rule: BodyRule::Checked, mismatch }))
    }
}

/// The request as it arrived, in order.
struct Arrived<'r> {
    method: &'r str,
    target: Target<'r>,
    fields: Fields<'r>,
    pairs: Pairs<'r>,
    parameters: Parameters<'r>,
}

/// A well-formed authentication, before coverage is checked.
struct Draft<'a> {
    mechanism: Mechanism,
    authorization: Authorization<'a>,
    time: Timestamp,
    expires: Option<u32>,
}

/// The target as an HTTP parser hands it over: visible ASCII.
fn arrived_target(uri: &str) -> Result<Target<'_>, VerifyError> {
    if scan::any(uri.as_bytes(), |byte| !byte.is_ascii_graphic()) {
        return Err(RequestError::InvalidUri.into());
    }
    Ok(Target::parse(uri)?)
}

/// The headers that arrived, sorted, with the one host among them.
fn arrived_fields<'r>(
    fields: &mut Fields<'r>,
    request: &Request<'r>,
    target: &Target<'r>,
) -> Result<(), VerifyError> {
    const ONCE: [&str; 9] = [
        "content-length",
        "date",
        "host",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-region-set",
        "x-amz-s3session-token",
        "x-amz-security-token",
    ];
    request.headers().for_each(|(name, value)| fields.push(name, value));
    fields.sort();
    if let Some(name) = fields.repeated().find_map(|field| ONCE.into_iter().find(|once| field.is(once))) {
        return Err(RequestError::RepeatedHeader { name: name.into() }.into());
    }
    match (fields.get("host"), target.host()) {
        (None, None) => Err(RequestError::InvalidHost.into()),
        (None, Some(host)) => {
            fields.push("host", host.as_bytes());
            fields.sort();
            Ok(())
        }
        (Some(host), authority) => {
            let host = core::str::from_utf8(trim(host)).ok().filter(|host| is_authority(host));
            let host = host.ok_or(RequestError::InvalidHost)?;
            let same =
                |authority: &str| authority.eq_ignore_ascii_case(host) || target.authority == Some(host);
            match authority {
                Some(authority) if !same(authority) => Err(RequestError::InvalidHost.into()),
                _ => Ok(()),
            }
        }
    }
}

/// The value of the one `Authorization` header, if it is of AWS's making.
fn authorization<'r>(fields: &Fields<'r>) -> Result<Option<&'r [u8]>, VerifyError> {
    let mut found = fields.iter().filter(|field| field.is("authorization"));
    let Some(first) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(VerifyError::RepeatedAuthorization);
    }
    Ok(Some(trim(first.value)).filter(|value| is_ours(value)))
}

fn is_version_2(pairs: &Pairs<'_>) -> bool {
    let has = |name: &[u8]| pairs.iter().any(|pair| pair.name.eq_ignore_ascii_case(name));
    has(b"Signature") || has(b"AWSAccessKeyId")
}

/// A header must not say something else than a signed parameter of its name.
fn contradictions(fields: &Fields<'_>, pairs: &Pairs<'_>) -> Result<(), VerifyError> {
    if !fields.iter().any(|field| is_amz(field.name)) {
        return Ok(());
    }
    let lower = |name: &[u8]| -> Decoded { name.iter().map(u8::to_ascii_lowercase).collect() };
    let mut named: SmallVec<[&Pair<'_>; 16]> = pairs
        .iter()
        .filter(|pair| pair.name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-")))
        .collect();
    named.sort_unstable_by_key(|pair| lower(pair.name));
    for field in fields.iter().filter(|field| is_amz(field.name)) {
        let name = lower(field.name.as_bytes());
        let first = named.partition_point(|pair| lower(pair.name) < name);
        let same_name = named.iter().skip(first).take_while(|pair| lower(pair.name) == name);
        for pair in same_name {
            if folded(field.value) != Ok(decoded(pair.value)) {
                return Err(VerifyError::ContradictoryHeader { name: field.name.to_ascii_lowercase() });
            }
        }
    }
    Ok(())
}

/// What is wrong with a header that no signature covers.
fn unreadable(field: &Field<'_>) -> Option<RequestError> {
    if !is_token(field.name) {
        return Some(RequestError::InvalidHeaderName { index: field.index() });
    }
    let control = field.value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
    control.then(|| RequestError::InvalidHeaderValue { name: field.name.into() })
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// A request that says who sent it: well-formed, in time, and **unproven**. It
/// offers what a key look-up needs, and [`verify`](Self::verify).
///
/// It owns what it needs, so it can be held across an await.
pub struct Claim {
    text: Vec<u8>,
    workings: Workings,
    mechanism: Mechanism,
    time: Timestamp,
    now: Timestamp,
    expires: Option<u32>,
    access_key_id: Range<usize>,
    scope: Range<usize>,
    token: Option<Range<usize>>,
    signature: Signature,
    body: Body,
    path_encoded_twice: bool,
}

/// What the body owes, and whether what came of it is another one.
struct Body {
    rule: BodyRule,
    mismatch: Option<([u8; 32], [u8; 32])>,
}

impl Claim {
    /// The id of the key that the request says it was signed with.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.part(&self.access_key_id)
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        let mut parts = self.part(&self.scope).split('/');
        let mut part = || parts.next().unwrap_or_default();
        CredentialScope::new(part(), part(), part())
    }

    /// The session token that came along, for a look-up that needs it.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.token.as_ref().map(|token| self.part(token))
    }

    /// Derives the key of these credentials for this claim's scope: four
    /// HMACs. A [`KeyCache`](crate::KeyCache) keeps it for the day.
    #[must_use]
    pub fn key(&self, credentials: &Credentials) -> VerifyingKey {
        VerifyingKey::derive(credentials, &self.scope())
    }

    /// Compares signatures in constant time. `None` says that there is no such
    /// key: the same work is done, and the claim is refused.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], from `InvalidAccessKeyId` on. `WrongKey` says that the
    /// key given is for another id or scope: the look-up's mistake.
    pub fn verify(&self, key: Option<&VerifyingKey>) -> Result<Verified<'_>, VerifyError> {
        let to_sign = self.text.get(self.workings.to_sign.clone()).unwrap_or_default();
        let right = match key {
            Some(key) => key.key.sign_bytes(to_sign),
            None => Signature::new(HmacKey::new(&[0; 32]).mac(to_sign)),
        };
        let matches = right.matches(&self.signature);
        let Some(key) = key else {
            return Err(VerifyError::InvalidAccessKeyId { access_key_id: shown(self.access_key_id()) });
        };
        if key.access_key_id != self.access_key_id() || key.scope != self.part(&self.scope) {
            return Err(VerifyError::WrongKey);
        }
        if !matches {
            return Err(VerifyError::SignatureDoesNotMatch);
        }
        let token_matches = match (&key.session_token, self.session_token()) {
            (Some(expected), Some(token)) => equal(expected.as_bytes(), token.as_bytes()),
            (None, None) => true,
            _ => false,
        };
        if !token_matches {
            return Err(VerifyError::InvalidToken);
        }
        if let Some((signed, received)) = &self.body.mismatch {
            return Err(payload_mismatch(signed, received));
        }
        Ok(Verified { claim: self })
    }

    /// Steps 1 and 2 as this end computed them, for a reader who debugs. Never
    /// send it to a client that you do not trust; there is no signature in it.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.text, None)
    }

    fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }

    fn headers(&self) -> &[u8] {
        self.text.get(self.workings.layout.headers()).unwrap_or_default()
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("mechanism", &self.mechanism)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

fn payload_mismatch(signed: &[u8; 32], received: &[u8; 32]) -> VerifyError {
    VerifyError::PayloadMismatch { signed: hex::encode(signed), received: hex::encode(received) }
}

/// A signing key together with what it is good for, so that a look-up that
/// answers for another id, day or token cannot pass.
///
/// Wiped on drop, never printed.
#[derive(Clone)]
pub struct VerifyingKey {
    access_key_id: String,
    session_token: Option<Zeroizing<String>>,
    scope: String,
    key: SigningKey,
}

impl VerifyingKey {
    /// Derives the key: four HMACs.
    #[must_use]
    pub fn derive(credentials: &Credentials, scope: &CredentialScope<'_>) -> Self {
        Self {
            access_key_id: credentials.access_key_id().into(),
            session_token: credentials.session_token().map(|token| Zeroizing::new(token.into())),
            scope: alloc::format!("{scope}"),
            key: SigningKey::derive(credentials.secret(), scope),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// A proven request: made by [`Claim::verify`] alone.
///
/// **Act on what it hands out.** What is not in it was not signed.
///
/// ```compile_fail
/// use countersign::{Claim, Verified};
/// fn forge(claim: &Claim) -> Verified<'_> { Verified { claim } }
/// ```
#[derive(Clone, Copy)]
pub struct Verified<'c> {
    claim: &'c Claim,
}

impl<'c> Verified<'c> {
    /// The id of the key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &'c str {
        self.claim.access_key_id()
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'c> {
        self.claim.scope()
    }

    /// Where the signature stood.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.claim.mechanism
    }

    /// The algorithm: always `AWS4-HMAC-SHA256`.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        ALGORITHM
    }

    /// When it was signed.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.claim.time
    }

    /// How long ago, by the verifier's clock, in seconds; negative if ahead.
    #[must_use]
    pub const fn age(&self) -> i64 {
        self.claim.now.unix() - self.claim.time.unix()
    }

    /// The lifetime of a presigned URL in seconds.
    #[must_use]
    pub const fn expires(&self) -> Option<u32> {
        self.claim.expires
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'c str {
        self.claim.part(&self.claim.workings.layout.method())
    }

    /// The path, decoded once: for S3 in path style `/bucket/key`, byte for
    /// byte; for other services with its dot segments resolved.
    #[must_use]
    pub fn path(&self) -> Vec<u8> {
        let canonical = self.claim.part(&self.claim.workings.layout.uri());
        let decoded = uri::decode(canonical);
        if self.claim.path_encoded_twice {
            return percent_encoding::percent_decode(&decoded).collect();
        }
        decoded
    }

    /// The query's names and values, decoded once, sorted. A presigned URL's
    /// own parameters are among them.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'c, [u8]>, Cow<'c, [u8]>)> + use<'c> {
        let query = self.claim.part(&self.claim.workings.layout.query());
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = split_pair(pair);
            let decode = |text: &'c str| percent_encoding::percent_decode_str(text).into();
            (decode(name), decode(value))
        })
    }

    /// A signed header's value, trimmed and folded, repeated ones joined by
    /// `,`; by its name in lower case. `None` for what was not signed.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'c [u8]> {
        header(self.claim.headers(), name)
    }

    /// The signed headers, names in lower case, sorted.
    pub fn headers(&self) -> impl Iterator<Item = (&'c [u8], &'c [u8])> + use<'c> {
        lines(self.claim.headers())
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &'c str {
        self.claim.part(&self.claim.workings.layout.names())
    }

    /// The payload line: a hash in hex, or the name of a mode.
    #[must_use]
    pub fn payload_hash(&self) -> &'c str {
        self.claim.part(&self.claim.workings.layout.payload())
    }

    /// What the body still owes. **Until it is paid, no byte of the body is
    /// proven.**
    #[must_use]
    pub const fn body(&self) -> BodyRule {
        self.claim.body.rule
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verified").field(self.claim).finish()
    }
}

/// What a verified request's body still owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyRule {
    /// Nothing: the body was given with the claim, and is the one that was signed.
    Checked,
    /// The body must hash to this. A [`BodyChecker`] does it as it streams.
    MustHashTo([u8; 32]),
    /// The signature does not cover the body.
    Unsigned,
}

impl BodyRule {
    /// What checks the body as it streams past.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let put = Request::new("PUT", "https://b.s3.amazonaws.com/k", &[]);
    /// # let signed = signer.sign(&put, Payload::Bytes(b"hello world"), now)?;
    /// # let mut headers: Vec<(&str, &str)> = vec![("host", "b.s3.amazonaws.com")];
    /// # headers.extend(signed.iter());
    /// # let request = Request::new("PUT", "/k", &headers);
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
    /// let verified = claim.verify(Some(&claim.key(&credentials)))?;
    ///
    /// let mut body = verified.body().checker();
    /// body.update(b"hello ");
    /// body.update(b"world");
    /// body.finish()?; // only now is the body proven
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn checker(self) -> BodyChecker {
        BodyChecker { rule: self, hash: Sha256Stream::default() }
    }
}

/// Hashes a body as it streams, and says at its end whether it is the one
/// that was signed.
#[derive(Clone)]
pub struct BodyChecker {
    rule: BodyRule,
    hash: Sha256Stream,
}

impl BodyChecker {
    /// The next piece, of any size.
    pub fn update(&mut self, piece: &[u8]) {
        if matches!(self.rule, BodyRule::MustHashTo(_)) {
            self.hash.update(piece);
        }
    }

    /// The end of the body. Where the signature does not cover it, or it was
    /// checked before, there is nothing to say.
    ///
    /// # Errors
    ///
    /// [`VerifyError::PayloadMismatch`].
    pub fn finish(self) -> Result<(), VerifyError> {
        let BodyRule::MustHashTo(signed) = self.rule else { return Ok(()) };
        let received = self.hash.finish();
        if equal(&signed, &received) { Ok(()) } else { Err(payload_mismatch(&signed, &received)) }
    }
}

impl fmt::Debug for BodyChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyChecker").field("rule", &self.rule).finish_non_exhaustive()
    }
}
