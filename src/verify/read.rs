//! From a request as it arrived to a claim: everything that needs no secret.
//!
//! One pass over the headers, one over the query; then either the
//! `Authorization` header or the query's parameters are read to a [`Draft`], and
//! from there on there is one way for both.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using the Authorization
//! Header" and "… Using Query Parameters". Not here: the grammar of the fields
//! (`authorization.rs`), and the key (`claim.rs`).

use alloc::vec::Vec;
use core::ops::Range;

use super::authorization::{Authorization, Credential, Parameters};
use super::body::{Asked, Body};
use super::received::{Arrived, authorization, check_arrived};
use super::{BodyRule, Claim, Verifier, VerifyError};
use crate::canonical::target::{Target, check_received_query};
use crate::canonical::{AwsHeader, Fields, Selected, SignedHeaders, trim};
use crate::canonical::{LongDecoded, Pairs, Parameter, decode_in, decode_to, percent as uri};
use crate::chunked::Announced;
use crate::crypto::{sha256_from, sha256_pair};
use crate::error::{Malformed, Mechanism, shown_bytes};
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::{TokenName, TokenRule};
use crate::steps::Workings;
use crate::steps::canonical_request::{self, BESIDE_PARTS, Headers, Path, Query};
use crate::steps::string_to_sign::{self, BESIDE_SCOPE};
use crate::time::Timestamp;

impl Verifier {
    /// Reads a request as it arrived and checks everything that needs no
    /// secret: limits, grammar, the one mechanism, scope, time, and that
    /// whatever steers the request is signed.
    ///
    /// What comes back is unproven; it is owned, and can wait for a look-up.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], in the order that it states, down to `BodyNeeded`; then
    /// `Chunked`, for what the request says of a body in chunks. `InvalidToken`
    /// is a token under the name that another service uses. A request without
    /// any authentication is [`VerifyError::Anonymous`].
    pub fn claim(
        &self,
        request: &Request<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        self.limits.check(request)?;
        let target = Target::parse_received(request.uri)?;
        let mut scratch = Vec::new();
        let mut fields = Fields::new();
        fields.read(request);
        self.limits.check_headers(&fields)?;
        check_arrived(&mut fields, &target)?;
        let mut pairs = Pairs::new();
        if !target.query.is_empty() {
            pairs.read(target.query, &mut scratch, check_received_query)?;
        }
        let authorization = authorization(&fields)?;
        let mut parameters = Parameters::default();
        parameters.read(&pairs).map_err(VerifyError::AuthorizationQueryParametersError)?;

        // What a URL's parameters are decoded to; a header's are read where they stand.
        let mut decoded;
        let version_2 = parameters.get(Parameter::Version2).is_some();
        let draft = match (authorization, parameters.is_empty()) {
            (Some(_), false) => return Err(VerifyError::TwoMechanisms),
            (Some(_), true) | (None, false) if version_2 => return Err(VerifyError::TwoMechanisms),
            (None, true) if version_2 => return Err(VerifyError::SignatureVersion2),
            (None, true) => return Err(VerifyError::Anonymous),
            (Some(value), true) => self.read_header(&mut fields, value, now)?,
            (None, false) => {
                decoded = [LongDecoded::new(), LongDecoded::new()];
                let draft = self.read_parameters(&mut fields, &parameters, &mut decoded, now)?;
                if let Some(name) = fields.contradicting(&pairs) {
                    return Err(VerifyError::ContradictoryHeader { name });
                }
                draft
            }
        };
        let arrived = Arrived {
            method: request.method,
            target,
            fields: &mut fields,
            pairs: &mut pairs,
            parameters: &parameters,
        };
        self.finish(arrived, &draft, body, now)
    }

    #[inline]
    fn read_header<'a>(
        &self,
        fields: &mut Fields<'a>,
        value: &'a [u8],
        now: Timestamp,
    ) -> Result<Draft<'a>, VerifyError> {
        let authorization = Authorization::from_header(value, |name| self.algorithm(name))?;
        let selected = fields.select(authorization.signed);
        let Ok(Selected { signed_headers: signed, missing }) = selected else {
            return Err(VerifyError::AuthorizationHeaderMalformed(Malformed::SignedHeaders));
        };
        // `Date` is read where there is no `x-amz-date`; what is read is what was signed.
        let time = fields.get(AwsHeader::AmzDate).or_else(|| fields.get(AwsHeader::Date));
        let time = time.and_then(|time| Timestamp::parse_near(now, trim(time)));
        let Some(time) = time else { return Err(VerifyError::InvalidDate) };
        let region_set = || fields.get(AwsHeader::RegionSet).filter(|_| signed.contains("x-amz-region-set"));
        self.check_scope(Mechanism::Header, &authorization.credential, time, region_set)?;
        if time.unix().abs_diff(now.unix()) > u64::from(self.max_skew) {
            return Err(VerifyError::RequestTimeTooSkewed { time, now, max_skew: self.max_skew });
        }
        Ok(Draft { mechanism: Mechanism::Header, authorization, signed, missing, time, expires: None })
    }

    #[inline]
    fn read_parameters<'a>(
        &self,
        fields: &mut Fields<'_>,
        parameters: &Parameters<'a>,
        decoded: &'a mut [LongDecoded; 2],
        now: Timestamp,
    ) -> Result<Draft<'a>, VerifyError> {
        let malformed = VerifyError::AuthorizationQueryParametersError;
        let text = |parameter| parameters.required(parameter).map_err(malformed);
        let algorithm = text(Parameter::Algorithm)?;
        let credential = text(Parameter::Credential)?;
        let time = text(Parameter::Date)?;
        let expires = text(Parameter::Expires)?;
        let signed = text(Parameter::SignedHeaders)?;
        let signature = text(Parameter::Signature)?;
        // Only these two have anything that a query encodes.
        let [of_credential, of_signed] = decoded;
        let (credential, signed) = (decode_in(credential, of_credential), decode_in(signed, of_signed));
        let Some(algorithm) = self.algorithm(algorithm) else {
            let algorithm = shown_bytes(&uri::decoded(algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm });
        };
        let authorization =
            Authorization::parse(algorithm, credential, signed, signature).map_err(malformed)?;
        let selected = fields.select(signed).map_err(|_| malformed(Malformed::SignedHeaders))?;
        let Selected { signed_headers: signed, missing } = selected;
        let time = Timestamp::parse_near(now, time).ok_or_else(|| malformed(Malformed::Date))?;
        let region_set = || parameters.get(Parameter::RegionSet);
        self.check_scope(Mechanism::Query, &authorization.credential, time, region_set)?;
        let expires = number(expires).filter(|expires| *expires <= self.max_expires);
        let expires = expires.ok_or_else(|| malformed(Malformed::Expires))?;
        if time.unix() - now.unix() > i64::from(self.max_skew) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        let lives = self.lives.unwrap_or(expires);
        if now.unix() > time.unix() + i64::from(lives) {
            let at = time.plus_seconds(lives.into()).unwrap_or(time);
            return Err(VerifyError::Expired { at, now, expires });
        }
        Ok(Draft {
            mechanism: Mechanism::Query,
            authorization,
            signed,
            missing,
            time,
            expires: Some(expires),
        })
    }

    pub(crate) fn check_scope<'s>(
        &self,
        mechanism: Mechanism,
        credential: &Credential<'_>,
        time: Timestamp,
        region_set: impl FnOnce() -> Option<&'s [u8]>,
    ) -> Result<(), VerifyError> {
        if credential.date != time.date_bytes() {
            return Err(VerifyError::DateMismatch { mechanism, scope: shown_bytes(credential.date), time });
        }
        self.check_region(mechanism, credential, region_set)?;
        if credential.service != self.service.name().as_bytes() {
            let (service, expected) = (shown_bytes(credential.service), self.service.name().into());
            return Err(VerifyError::WrongService { mechanism, service, expected });
        }
        Ok(())
    }

    /// From a well-formed authentication to the string to sign.
    #[inline]
    fn finish(
        &self,
        arrived: Arrived<'_, '_>,
        draft: &Draft<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        let rules = self.service.rules();
        let Draft {
            mechanism,
            authorization: Authorization { credential, signature, .. },
            signed,
            missing,
            time,
            expires,
        } = draft;
        let (mechanism, time, expires) = (*mechanism, *time, *expires);
        self.check_places(&arrived, mechanism)?;
        self.check_coverage(arrived.fields, *missing)?;
        let token = self.token(&arrived, mechanism)?;
        let Arrived { method, target, fields, pairs, .. } = arrived;
        let sent_hash = fields.get(AwsHeader::ContentSha256).map(trim);
        let mut computed = [0; 64];
        let (line, asked) =
            self.payload(mechanism, credential.algorithm, sent_hash, signed, body, &mut computed)?;

        // The text that was signed.
        if mechanism == Mechanism::Query {
            pairs.remove(Parameter::Signature.name());
            if rules.token == TokenRule::Unsigned {
                pairs.remove(rules.token_name.parameter().name());
            }
        }
        pairs.sort();
        let from_uri = target.path.len() + target.query.len() + pairs.len();
        let headers = fields.max_block_len() + signed.as_bytes().len();
        let canonical = method.len() + from_uri + headers + line.len() + BESIDE_PARTS;
        let kept = credential.access_key_id.len() + credential.scope.len() + token.map_or(0, <[u8]>::len);
        let bytes = canonical + credential.scope.len() + BESIDE_SCOPE + kept;
        let mut text = Vec::with_capacity(bytes);
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&*pairs));
        let layout = canonical_request::write(
            &mut text,
            method,
            path,
            query,
            Headers::Selected(fields, signed),
            line,
        )?;
        let (digest, body) = match asked {
            Asked::Hash { signed, body } => {
                let (digest, received) = sha256_pair(&mut text, layout.start, body);
                (digest, Body::came(signed, received))
            }
            Asked::Known(body) => (sha256_from(&mut text, layout.start), body),
        };
        let to_sign = text.len();
        string_to_sign::write(&mut text, credential.algorithm, time, credential.scope, &digest);
        let to_sign = to_sign..text.len();

        // What the caller asks for.
        let access_key_id = keep(&mut text, credential.access_key_id);
        let scope = keep(&mut text, credential.scope);
        let token = token.map(|token| match mechanism {
            Mechanism::Query => {
                let start = text.len();
                decode_to(token, |part| text.extend_from_slice(part));
                start..text.len()
            }
            _ => keep(&mut text, token),
        });
        if let BodyRule::Chunked(mode) = body.rule {
            // Read again where it is needed: what it says must be clear before a key is looked up.
            let block = text.get(layout.headers()).unwrap_or_default();
            Announced::read(mode, |name| canonical_request::header(block, name))?;
        }
        Ok(Claim {
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
            signature: signature.clone(),
            body,
            path_encoded_twice: rules.encode_path_twice,
        })
    }

    /// A token under the name that another service uses, and a payload hash in
    /// the query: neither would bind anything, and both look as if they did.
    #[inline]
    fn check_places(&self, arrived: &Arrived<'_, '_>, mechanism: Mechanism) -> Result<(), VerifyError> {
        let Arrived { fields, parameters, .. } = arrived;
        let other = match self.service.rules().token_name {
            TokenName::Security => TokenName::S3Session,
            TokenName::S3Session => TokenName::Security,
        };
        if fields.get(other.known()).is_some() || parameters.get(other.parameter()).is_some() {
            return Err(VerifyError::InvalidToken);
        }
        if mechanism == Mechanism::Query && parameters.binds_payload {
            return Err(VerifyError::InvalidPayloadHash);
        }
        Ok(())
    }

    /// The session token as it stands where the signature does. A header cannot
    /// stand in for a presigned URL's parameter.
    #[inline]
    fn token<'r>(
        &self,
        arrived: &Arrived<'r, '_>,
        mechanism: Mechanism,
    ) -> Result<Option<&'r [u8]>, VerifyError> {
        let name = self.service.rules().token_name;
        let header = arrived.fields.get(name.known());
        if mechanism != Mechanism::Query {
            return Ok(header.map(trim));
        }
        let parameter = arrived.parameters.get(name.parameter());
        match (header, parameter) {
            (Some(_), None) => Err(VerifyError::ContradictoryHeader { name: name.header().into() }),
            _ => Ok(parameter),
        }
    }
}

/// A number of digits alone.
fn number(digits: &[u8]) -> Option<u32> {
    let value = |digit: &u8| digit.is_ascii_digit().then(|| u32::from(digit - b'0'));
    let add = |number: u32, digit| number.checked_mul(10)?.checked_add(value(digit)?);
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}

/// Puts `part` behind `text`; returns where it lies.
#[inline]
pub(super) fn keep(text: &mut Vec<u8>, part: &[u8]) -> Range<usize> {
    let start = text.len();
    text.extend_from_slice(part);
    start..text.len()
}

/// A well-formed authentication, before coverage is checked.
struct Draft<'a> {
    mechanism: Mechanism,
    authorization: Authorization<'a>,
    signed: SignedHeaders<'a>,
    /// The first signed header that did not arrive.
    missing: Option<&'a [u8]>,
    time: Timestamp,
    expires: Option<u32>,
}
