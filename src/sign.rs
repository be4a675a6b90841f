//! The signing end: a complete request in, what to add out.
//!
//! `sign` puts the signature into headers, `presign` into the query. Both
//! write one buffer, in which the text that is hashed and the text that is
//! handed out lie side by side, and never edit the caller's request.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::crypto::{EMPTY_SHA256, sha256_tail};
use crate::error::SignError;
use crate::headers::{Fields, folded, is_amz, is_never_signed};
use crate::payload::{Payload, PayloadHash};
use crate::request::{Request, RequestError, Target, is_authority};
use crate::service::{Service, TokenRule};
use crate::steps::canonical_request::{self, Path, Query, lines};
use crate::steps::string_to_sign::{self, ALGORITHM};
use crate::steps::{CredentialScope, Explain, Signature, SigningKey, Workings, masked_query};
use crate::time::{Expires, Timestamp};
use crate::uri::{self, Pairs, is_authentication_parameter, split_pair, write_pairs};

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
    credentials: Credentials,
    region: String,
    service: Service,
    /// The session token as a query carries it; empty where there is none.
    token_encoded: Zeroizing<String>,
    never_signed: Vec<Cow<'static, str>>,
    #[cfg(feature = "std")]
    today: arc_swap::ArcSwapOption<Day>,
}

/// All that changes once a day.
struct Day {
    date: [u8; 8],
    scope: String,
    /// `AWS4-HMAC-SHA256 Credential=…/scope, SignedHeaders=`
    authorization: String,
    /// `X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=`
    query: String,
    key: SigningKey,
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
        if !is_label(service.name()) {
            return Err(SignError::InvalidService);
        }
        let token_encoded = Zeroizing::new(credentials.session_token().map(uri::encode).unwrap_or_default());
        Ok(Self {
            credentials,
            region,
            service,
            token_encoded,
            never_signed: Vec::new(),
            #[cfg(feature = "std")]
            today: arc_swap::ArcSwapOption::empty(),
        })
    }

    /// Leaves one more header out of every signature, beside
    /// [`NEVER_SIGNED`](crate::headers::NEVER_SIGNED): one that something on
    /// the way is known to change.
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

    /// Signs in headers: returns those to add to the request.
    ///
    /// Signed are `Host` and every header of the view but those
    /// [never signed](crate::headers::NEVER_SIGNED); added are `x-amz-date`,
    /// the session token, `x-amz-content-sha256` where the service wants it,
    /// and `authorization`. A header among the first three that the view has
    /// already must say the same, and is not added again.
    ///
    /// # Errors
    ///
    /// [`SignError`]; a request that is signed already is one.
    pub fn sign(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        time: Timestamp,
    ) -> Result<AuthHeaders, SignError> {
        self.sign_again(AuthHeaders::default(), request, payload, time)
    }

    /// As [`sign`](Self::sign), into the buffer of a result that is done with:
    /// no allocation once it is large enough.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn sign_again(
        &self,
        used: AuthHeaders,
        request: &Request<'_>,
        payload: Payload<'_>,
        time: Timestamp,
    ) -> Result<AuthHeaders, SignError> {
        let target = Target::parse(request.uri)?;
        let rules = self.service.rules();
        if let Some(end) = self.credentials.end().filter(|end| *end <= time) {
            return Err(SignError::CredentialsEnded { end });
        }
        let payload = payload.hash();
        check_payload(&payload)?;
        let token = self.credentials.session_token();
        let signed_token = token.filter(|_| rules.token == TokenRule::Signed);

        // Complete the request.
        let mut fields = Fields::new();
        let own = Own {
            date: Some(time.as_str()),
            payload: rules.send_payload_hash.then(|| payload.as_str()),
            token: token.map(|token| (rules.token_name.header(), token)),
        };
        let present = self.read_headers(&mut fields, request, &target, &own)?;
        let add_date = !present.date;
        let add_payload = rules.send_payload_hash && !present.payload;
        let add_token = !present.token;
        if add_date {
            fields.push("x-amz-date", time.bytes());
        }
        if add_payload {
            fields.push("x-amz-content-sha256", payload.as_bytes());
        }
        if let Some(token) = signed_token.filter(|_| add_token) {
            fields.push(rules.token_name.header(), token.as_bytes());
        }
        fields.sort();
        let mut scratch = Vec::new();
        let mut pairs = Pairs::new();
        self.read_query(&mut pairs, target.query, &mut scratch)?;

        // Steps 1 to 4, in one buffer.
        let day = self.day(time);
        let mut text = used.text;
        text.clear();
        let own_text = 2 * day.authorization.len() + 2 * token.map_or(0, str::len) + 384;
        text.reserve(
            target.path.len() + target.query.len() + 2 * pairs.iter().len() + fields.written() + own_text,
        );
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&pairs));
        let layout = canonical_request::write(&mut text, request.method, path, query, &fields, &payload)?;
        let (to_sign, signature) = finish(&mut text, layout.start, time, &day);

        // Place.
        let authorization = text.len();
        text.extend_from_slice(day.authorization.as_bytes());
        text.extend_from_within(layout.names());
        text.extend_from_slice(b", Signature=");
        text.extend_from_slice(&signature.hex());
        let token_start = text.len();
        if let Some(token) = token.filter(|_| add_token) {
            text.extend_from_slice(token.as_bytes());
        }
        let end = text.len();
        Ok(AuthHeaders {
            time: add_date.then_some(time),
            payload: if add_payload { layout.payload() } else { 0..0 },
            token: (rules.token_name.header(), token_start..end),
            authorization: authorization..token_start,
            workings: Workings { layout, to_sign },
            signature,
            text,
        })
    }

    /// Signs in the query: returns the URL, and the headers that must be sent
    /// with it.
    ///
    /// The URL is absolute where the request's URI is. For S3 its path is in
    /// canonical spelling; its query always is. The payload is not signed for
    /// S3, and is that of an empty body elsewhere, unless the view has an
    /// `x-amz-content-sha256` header, which then binds the body.
    ///
    /// # Errors
    ///
    /// [`SignError`]: among them a lifetime past the end of the credentials,
    /// and `X-Amz-*` authentication parameters in the request.
    pub fn presign(
        &self,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_again(PresignedUrl::default(), request, expires, time)
    }

    /// As [`presign`](Self::presign), into the buffer of a result that is done
    /// with: no allocation once it is large enough.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_again(
        &self,
        used: PresignedUrl,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        let payload = request.headers().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"));
        let payload = match payload {
            Some((_, value)) => {
                let value = core::str::from_utf8(value).map_err(|_| SignError::InvalidPayload)?;
                PayloadHash::Literal(value.trim())
            }
            None if self.service.rules().send_payload_hash => PayloadHash::UNSIGNED,
            None => PayloadHash::Literal(EMPTY_SHA256),
        };
        self.presign_into(used, request, &payload, expires, time)
    }

    /// As [`presign`](Self::presign), with the payload stated: the URL is good
    /// for this body alone, where the service computes its hash for itself.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_with_payload(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_into(PresignedUrl::default(), request, &payload.hash(), expires, time)
    }

    fn presign_into(
        &self,
        used: PresignedUrl,
        request: &Request<'_>,
        payload: &PayloadHash<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        let target = Target::parse(request.uri)?;
        let rules = self.service.rules();
        check_payload(payload)?;
        let expires = self.lifetime(expires, time)?;
        let token = (rules.token_name.parameter(), self.token_encoded.as_str());
        let has_token = !token.1.is_empty();

        // Complete the request: its headers, then its URL.
        let mut fields = Fields::new();
        let own = Own { date: None, payload: Some(payload.as_str()), token: None };
        self.read_headers(&mut fields, request, &target, &own)?;
        fields.sort();
        let mut scratch = Vec::new();
        let mut more = Vec::new();
        let mut pairs = Pairs::new();
        self.read_query(&mut pairs, target.query, &mut scratch)?;
        let day = self.day(time);
        let authentication = |out: &mut Vec<u8>| -> Result<(), RequestError> {
            out.extend_from_slice(day.query.as_bytes());
            out.extend_from_slice(time.bytes());
            out.extend_from_slice(b"&X-Amz-Expires=");
            write_number(out, expires);
            if has_token && rules.token == TokenRule::Signed {
                write_parameter(out, token);
            }
            out.extend_from_slice(b"&X-Amz-SignedHeaders=");
            fields.write_names(out, b"%3B")
        };

        let mut text = used.text;
        text.clear();
        let url = target.front.len() + target.path.len() + target.query.len() + 2 * pairs.iter().len();
        text.reserve(
            2 * (url + day.query.len() + token.1.len() + fields.written() + 96) + day.scope.len() + 320,
        );
        text.extend_from_slice(target.front.as_bytes());
        let path_start = text.len();
        // The service decodes and encodes once: the canonical spelling can be sent.
        let send_canonical = !rules.encode_path_twice && !rules.normalize_path;
        if send_canonical {
            uri::write_path(&mut text, target.path, rules)?;
        } else {
            text.extend_from_slice(if target.path.is_empty() { b"/" } else { target.path.as_bytes() });
        }
        let path_end = text.len();
        text.push(b'?');
        let query_start = text.len();
        if pairs.iter().any(|pair| pair.name.starts_with(b"X-Amz-")) {
            // These sort in among ours.
            let mut block = Vec::new();
            authentication(&mut block)?;
            let block = String::from_utf8(block).unwrap_or_default();
            let mut all = Pairs::new();
            pairs.iter().for_each(|pair| all.push(*pair));
            all.read(&block, &mut more)?;
            all.sort();
            write_pairs(&mut text, all.iter());
        } else {
            let before = pairs.iter().take_while(|pair| pair.name < &b"X-Amz-"[..]).count();
            write_pairs(&mut text, pairs.iter().take(before));
            if before > 0 {
                text.push(b'&');
            }
            authentication(&mut text)?;
            if pairs.iter().len() > before {
                text.push(b'&');
                write_pairs(&mut text, pairs.iter().skip(before));
            }
        }
        let query_end = text.len();
        text.extend_from_slice(b"&X-Amz-Signature=");
        let signature_start = text.len();
        text.resize(signature_start + 64, b'0');
        if has_token && rules.token == TokenRule::Unsigned {
            write_parameter(&mut text, token);
        }
        let url_end = text.len();

        // Steps 1 to 4, behind the URL.
        let path =
            if send_canonical { Path::Written(path_start..path_end) } else { Path::Wire(target.path, rules) };
        let query = Query::Written(query_start..query_end);
        let layout = canonical_request::write(&mut text, request.method, path, query, &fields, payload)?;
        let (to_sign, signature) = finish(&mut text, layout.start, time, &day);

        // Place.
        if let Some(place) = text.get_mut(signature_start..signature_start + 64) {
            place.copy_from_slice(&signature.hex());
        }
        Ok(PresignedUrl {
            text,
            url_end,
            path_start,
            expires,
            time,
            workings: Workings { layout, to_sign },
            signature,
        })
    }

    /// The seconds that a URL signed at `time` may live.
    fn lifetime(&self, expires: Expires, time: Timestamp) -> Result<u32, SignError> {
        let Some(end) = self.credentials.end() else { return Ok(expires.as_secs()) };
        let left = end.unix() - time.unix();
        if left <= 0 {
            return Err(SignError::CredentialsEnded { end });
        }
        match u32::try_from(left) {
            Ok(left) if left < expires.as_secs() && expires.may_shorten() => Ok(left),
            Ok(left) if left < expires.as_secs() => Err(SignError::OutlivesCredentials { end }),
            _ => Ok(expires.as_secs()),
        }
    }

    /// The headers of the view that are signed, and `host`.
    fn read_headers<'r>(
        &self,
        fields: &mut Fields<'r>,
        request: &Request<'r>,
        target: &Target<'r>,
        own: &Own<'_>,
    ) -> Result<Present, SignError> {
        let mut present = Present::default();
        let mut host: Option<&'r [u8]> = None;
        for (name, value) in request.headers() {
            if name.eq_ignore_ascii_case("authorization") {
                return Err(SignError::AlreadySigned);
            }
            if is_never_signed(name) || self.never_signed.iter().any(|never| never.eq_ignore_ascii_case(name))
            {
                continue;
            }
            if name.eq_ignore_ascii_case("host") {
                if host.is_some() {
                    return Err(RequestError::RepeatedHeader { name: "host".into() }.into());
                }
                host = Some(value);
            } else if is_amz(name) {
                own.compare(name, value, &mut present)?;
            }
            fields.push(name, value);
        }
        match (host, target.host()) {
            (None, None) => return Err(RequestError::InvalidHost.into()),
            (None, Some(host)) => fields.push("host", host.as_bytes()),
            (Some(host), authority) => {
                let host = core::str::from_utf8(host).map_err(|_| RequestError::InvalidHost)?.trim();
                if !is_authority(host) {
                    return Err(RequestError::InvalidHost.into());
                }
                // In a URL the authority becomes the Host header.
                let same =
                    |authority: &str| authority.eq_ignore_ascii_case(host) || target.authority == Some(host);
                if own.date.is_none() && authority.is_some_and(|authority| !same(authority)) {
                    return Err(SignError::HostMismatch);
                }
            }
        }
        Ok(present)
    }

    /// The query's pairs, sorted.
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
        for pair in query.split('&') {
            let (name, _) = split_pair(pair);
            if is_authentication_parameter(name) {
                if name.eq_ignore_ascii_case("X-Amz-Signature") {
                    return Err(SignError::AlreadySigned);
                }
                reserved = Some(name);
            }
            if name.is_empty() && !pair.is_empty() {
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

    #[cfg(feature = "std")]
    fn day(&self, time: Timestamp) -> alloc::sync::Arc<Day> {
        let today = self.today.load();
        if let Some(day) = today.as_ref().filter(|day| day.date == time.date_bytes()) {
            return alloc::sync::Arc::clone(day);
        }
        let day = alloc::sync::Arc::new(Day::new(&self.credentials, &self.region, self.service.name(), time));
        // A day that is past does not displace a later one.
        if today.as_ref().is_none_or(|kept| kept.date < day.date) {
            self.today.store(Some(alloc::sync::Arc::clone(&day)));
        }
        day
    }

    /// Without `std` there is no place to share: the key is derived each time.
    #[cfg(not(feature = "std"))]
    fn day(&self, time: Timestamp) -> Day {
        Day::new(&self.credentials, &self.region, self.service.name(), time)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("credentials", &self.credentials)
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl Day {
    fn new(credentials: &Credentials, region: &str, service: &str, time: Timestamp) -> Self {
        let id = credentials.access_key_id();
        let scope = CredentialScope::new(time.date(), region, service);
        let key = SigningKey::derive(credentials.secret(), &scope);
        let credential = alloc::format!("{id}/{scope}");
        Self {
            date: time.date_bytes(),
            scope: alloc::format!("{scope}"),
            authorization: alloc::format!("{ALGORITHM} Credential={credential}, SignedHeaders="),
            query: alloc::format!(
                "X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={}&X-Amz-Date=",
                uri::encode(&credential)
            ),
            key,
        }
    }
}

/// Steps 2 to 4: hashes `text` from `start`, writes the string to sign behind
/// it and signs that.
fn finish(text: &mut Vec<u8>, start: usize, time: Timestamp, day: &Day) -> (Range<usize>, Signature) {
    let digest = sha256_tail(text, start);
    let to_sign = text.len();
    string_to_sign::write(text, time, day.scope.as_bytes(), &digest);
    let signature = day.key.sign_bytes(text.get(to_sign..).unwrap_or_default());
    (to_sign..text.len(), signature)
}

/// What a signer adds, to hold against what the view has already.
struct Own<'a> {
    /// `None` when presigning: the date goes into the query.
    date: Option<&'a str>,
    payload: Option<&'a str>,
    token: Option<(&'a str, &'a str)>,
}

/// Which of them the view has.
#[derive(Default)]
struct Present {
    date: bool,
    payload: bool,
    token: bool,
}

impl Own<'_> {
    fn compare(&self, name: &str, value: &[u8], present: &mut Present) -> Result<(), SignError> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let (seen, expected) = if is("x-amz-date") {
            (&mut present.date, self.date)
        } else if is("x-amz-content-sha256") {
            let Some(payload) = self.payload else { return Ok(()) };
            (&mut present.payload, Some(payload))
        } else if is("x-amz-security-token") || is("x-amz-s3session-token") {
            (&mut present.token, self.token.filter(|(header, _)| is(header)).map(|(_, token)| token))
        } else {
            return Ok(());
        };
        if *seen {
            return Err(RequestError::RepeatedHeader { name: name.to_ascii_lowercase() }.into());
        }
        *seen = true;
        let same =
            expected.is_some_and(|text| folded(value).is_ok_and(|value| value.as_slice() == text.as_bytes()));
        same.then_some(()).ok_or_else(|| SignError::HeaderMismatch { name: name.to_ascii_lowercase() })
    }
}

fn check_payload(payload: &PayloadHash<'_>) -> Result<(), SignError> {
    let mode = payload.as_str();
    let valid = !mode.is_empty() && mode.bytes().all(|byte| byte.is_ascii_graphic());
    valid.then_some(()).ok_or(SignError::InvalidPayload)
}

/// Letters, digits, `-` and `_`: nothing that could end a host name's label
/// and begin something else.
pub(crate) fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn write_parameter(out: &mut Vec<u8>, (name, value): (&str, &str)) {
    out.push(b'&');
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
    out.extend_from_slice(value.as_bytes());
}

/// A number of at most six digits.
fn write_number(out: &mut Vec<u8>, number: u32) {
    let mut divisor = 100_000;
    while divisor > 1 && number < divisor {
        divisor /= 10;
    }
    while divisor > 0 {
        let digit = u8::try_from(number / divisor % 10).unwrap_or_default();
        out.push(b'0' + digit);
        divisor /= 10;
    }
}

/// The headers that a signature adds to a request, with their workings.
///
/// `Debug` is closed: with the request they are as good as a key for a while.
#[derive(Default)]
pub struct AuthHeaders {
    text: Vec<u8>,
    time: Option<Timestamp>,
    payload: Range<usize>,
    token: (&'static str, Range<usize>),
    authorization: Range<usize>,
    workings: Workings,
    signature: Signature,
}

impl AuthHeaders {
    /// Names in lower case, and values, in the order `x-amz-date`,
    /// `x-amz-content-sha256`, session token, `authorization`; those that the
    /// request has already are left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let time = self.time.as_ref().map_or("", Timestamp::as_str);
        [
            ("x-amz-date", time),
            ("x-amz-content-sha256", self.part(&self.payload)),
            (self.token.0, self.part(&self.token.1)),
            ("authorization", self.authorization()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// The value of the `authorization` header.
    #[must_use]
    pub fn authorization(&self) -> &str {
        self.part(&self.authorization)
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(&self.workings.layout.names())
    }

    /// The signature alone: the seed of what follows in a stream.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Every step, for a reader.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.text, Some(&self.signature))
    }

    fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for AuthHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthHeaders(..)")
    }
}

/// A URL that carries its signature. **Whoever holds it may use it** until it
/// expires: `Debug` is closed, and it belongs in no log.
///
/// ```
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &[("content-type", "text/plain")]);
/// let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
///
/// assert!(url.as_str().starts_with("https://bucket.s3.amazonaws.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
/// assert_eq!(url.required_headers().collect::<Vec<_>>(), [("content-type", "text/plain")]);
/// assert_eq!(format!("{url:?}"), "PresignedUrl(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct PresignedUrl {
    /// The URL, then the steps.
    text: Vec<u8>,
    url_end: usize,
    path_start: usize,
    expires: u32,
    time: Timestamp,
    workings: Workings,
    signature: Signature,
}

impl PresignedUrl {
    /// The URL, in the form in which the request's URI was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.part(0..self.url_end)
    }

    /// The URL for a log: without its signature and its session token, and so
    /// of no use to whoever reads it.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    /// # let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
    /// assert!(url.masked().ends_with("&X-Amz-Signature=(not shown)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let (front, query) = self.as_str().split_once('?').unwrap_or((self.as_str(), ""));
        alloc::format!("{front}?{}", masked_query(query))
    }

    /// The request target, as an HTTP/1.1 request line has it: path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        self.part(self.path_start..self.url_end)
    }

    /// The URL, owned. No copy is made.
    #[must_use]
    pub fn into_string(self) -> String {
        let mut text = self.text;
        text.truncate(self.url_end);
        String::from_utf8(text).unwrap_or_default()
    }

    /// The headers that the client must send with the URL, exactly so, beside
    /// `Host`: names in lower case. Values that are not text are left out
    /// here; [`explain`](Self::explain) has them.
    pub fn required_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let block = self.text.get(self.workings.layout.headers()).unwrap_or_default();
        lines(block)
            .filter_map(|(name, value)| {
                Some((core::str::from_utf8(name).ok()?, core::str::from_utf8(value).ok()?))
            })
            .filter(|(name, _)| *name != "host")
    }

    /// *SignedHeaders*, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(self.workings.layout.names())
    }

    /// How long it lives, in seconds; less than was asked for where the
    /// credentials end earlier and that was allowed.
    #[must_use]
    pub const fn expires(&self) -> u32 {
        self.expires
    }

    /// The first second at which it is refused; `None` past the year 9999.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.time.plus_seconds(i64::from(self.expires) + 1)
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Every step, for a reader.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.text, Some(&self.signature))
    }

    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresignedUrl(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::write_number;
    use alloc::vec::Vec;

    #[test]
    fn numbers_are_written_without_leading_zeros() {
        for number in [0, 1, 9, 10, 900, 3600, 86_400, 604_800] {
            let mut text = Vec::new();
            write_number(&mut text, number);
            assert_eq!(text, alloc::format!("{number}").into_bytes());
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn the_day_is_kept_and_a_past_day_does_not_displace_it() {
        use crate::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
        let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).expect("valid");
        let signer = Signer::new(credentials, "us-east-1", Service::S3).expect("valid");
        let kept = || signer.today.load().as_ref().map(|day| day.date);
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        drop(signer.day(at("20150830T235959Z")));
        assert_eq!(kept(), Some(*b"20150830"));
        drop(signer.day(at("20150831T000000Z")));
        assert_eq!(kept(), Some(*b"20150831"));
        drop(signer.day(at("20150830T235959Z")));
        assert_eq!(kept(), Some(*b"20150831"));
    }
}
