//! The signature in headers.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::{Own, SignError, Signer, finish};
use crate::bytes::text::emptied;
use crate::canonical::Pairs;
use crate::canonical::target::Target;
use crate::canonical::{Fields, Known};
use crate::payload::Payload;
use crate::request::Request;
use crate::service::PayloadRule;
use crate::steps::canonical_request::{self, BESIDE_PARTS, Headers, Path, Query};
use crate::steps::string_to_sign::BESIDE_SCOPE;
use crate::steps::{Explain, Signature, Workings};
use crate::time::Timestamp;

impl Signer {
    /// Signs in headers: returns those to add to the request.
    ///
    /// Signed are `Host` and every header of the view but those
    /// [never signed](crate::canonical::NEVER_SIGNED); added are `x-amz-date`,
    /// `x-amz-content-sha256` where the service wants it or the payload is a
    /// stream, the session token, of SigV4a `x-amz-region-set`, and
    /// `authorization`. One of these, but the last, that the view has already
    /// must say the same, and is not added again.
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
        if let Some(end) = self.credentials.expiration().filter(|end| *end <= time) {
            return Err(SignError::CredentialsEnded { end });
        }
        let payload = payload.hash();
        let token = self.credentials.session_token();
        let signed_token = token.filter(|_| rules.session_token().is_signed());
        let token_header = rules.session_token().header();
        let known_token = Known::session_token(token_header);

        // Complete the request.
        let host = target.host();
        let mut fields = Fields::new();
        let own = Own {
            date: Some(time.bytes()),
            payload: payload.as_bytes(),
            token: token.map(|token| (known_token, token.as_bytes())),
            sign_token: signed_token.is_some(),
            region_set: self.regions.set().map(str::as_bytes),
        };
        self.read_headers(&mut fields, request, &target, host, &own)?;
        let absent = |known| fields.get(known).is_none();
        let add_date = absent(Known::AmzDate);
        let add_payload = (rules.payload() == PayloadRule::HashHeader || payload.is_streaming())
            && absent(Known::ContentSha256);
        let add_token = absent(known_token);
        let region_set = self.regions.set().filter(|_| absent(Known::RegionSet));
        let added = [
            add_date.then_some((Known::AmzDate, &time.bytes()[..])),
            add_payload.then_some((Known::ContentSha256, payload.as_bytes())),
            signed_token.filter(|_| add_token).map(|token| (known_token, token.as_bytes())),
            region_set.map(|set| (Known::RegionSet, set.as_bytes())),
        ];
        added.into_iter().flatten().for_each(|(known, value)| fields.push(0, known.name(), value));
        fields.sort();
        let mut scratch = Vec::new();
        let mut pairs = Pairs::new();
        self.read_query(&mut pairs, target.query, &mut scratch)?;

        // Steps 1 to 4, in one buffer.
        let mut today = self.today();
        let day = today.day(self, time);
        let from_uri = target.path.len() + target.query.len() + pairs.len();
        let headers = fields.block_bytes() + fields.names_bytes();
        let canonical = request.method.len() + from_uri + headers + payload.as_bytes().len() + BESIDE_PARTS;
        let digits = day.key.algorithm().most_digits();
        let authorization = day.authorization.len() + fields.names_bytes() + SIGNATURE.len() + digits;
        let beside = token.map_or(0, str::len) + region_set.map_or(0, str::len);
        let bytes = canonical + day.scope.len() + BESIDE_SCOPE + authorization + beside;
        let mut text = emptied(used.text, bytes);
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(&pairs));
        let layout = canonical_request::write(
            &mut text,
            request.method,
            path,
            query,
            Headers::All(&fields),
            payload.as_bytes(),
        )?;
        let (to_sign, signature) = finish(&mut text, layout.start, time, day);

        // Place.
        let authorization = text.len();
        text.extend_from_slice(day.authorization.as_bytes());
        text.extend_from_within(layout.names());
        text.extend_from_slice(SIGNATURE);
        signature.append_hex(&mut text);
        let token_start = text.len();
        if let Some(token) = token.filter(|_| add_token) {
            text.extend_from_slice(token.as_bytes());
        }
        let token_end = text.len();
        text.extend_from_slice(region_set.unwrap_or_default().as_bytes());
        let end = text.len();
        Ok(AuthHeaders {
            time: add_date.then_some(time),
            payload: if add_payload { layout.payload() } else { 0..0 },
            token: (token_header.header_name(), token_start..token_end),
            region_set: token_end..end,
            authorization: authorization..token_start,
            workings: Workings { layout, to_sign },
            signature,
            text,
        })
    }
}

/// What stands in an authorization before its last component.
const SIGNATURE: &[u8; 12] = b", Signature=";

/// The headers that a signature adds to a request, with their workings.
///
/// `Debug` is closed: with the request they are as good as a key for a while.
#[derive(Default)]
pub struct AuthHeaders {
    text: Vec<u8>,
    time: Option<Timestamp>,
    payload: Range<usize>,
    token: (&'static str, Range<usize>),
    region_set: Range<usize>,
    authorization: Range<usize>,
    workings: Workings,
    signature: Signature,
}

impl AuthHeaders {
    /// Names in lower case, and values, in the order `x-amz-date`,
    /// `x-amz-content-sha256`, session token, `x-amz-region-set` (of SigV4a),
    /// `authorization`; those that the request has already are left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let time = self.time.as_ref().map_or("", Timestamp::as_str);
        [
            ("x-amz-date", time),
            ("x-amz-content-sha256", self.part(&self.payload)),
            (self.token.0, self.part(&self.token.1)),
            ("x-amz-region-set", self.part(&self.region_set)),
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
