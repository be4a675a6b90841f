//! Writes steps 1 and 2 of a received request, and keeps what
//! [`Claim`] and [`Verified`](super::Verified) return.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use super::authorization::ParsedAuthorization;
use super::body::{BodyCheck, Mismatch, compare};
use super::payload_line::{BodyTask, Payload};
use super::received::ReceivedRequest;
use super::{Claim, Credential, Verifier, VerifyError};
use crate::canonical::{Parameter, decode_to};
use crate::chunked::Announced;
use crate::crypto::{sha256_tail, sha256_tail_and};
use crate::error::Mechanism;
use crate::service::TokenRule;
use crate::steps::algorithm::Algorithm;
use crate::steps::canonical_request::{self, BESIDE_PARTS, Headers, Path, Query};
use crate::steps::string_to_sign::{self, BESIDE_SCOPE};
use crate::steps::{CredentialScope, Explain, Signature, Workings};
use crate::time::Timestamp;

impl Verifier {
    /// Writes the canonical request and the string to sign, into a buffer with
    /// room for `kept` more bytes.
    #[inline]
    pub(super) fn write_steps(
        &self,
        received: &mut ReceivedRequest<'_, '_>,
        authorization: &ParsedAuthorization<'_>,
        payload: Payload<'_>,
        kept: usize,
    ) -> Result<Steps, VerifyError> {
        let ParsedAuthorization { mechanism, credential, signed_headers, time, .. } = authorization;
        let rules = self.service.rules();
        let ReceivedRequest { method, target, fields, pairs, .. } = received;
        if *mechanism == Mechanism::Query {
            pairs.remove(Parameter::Signature.name());
            if rules.token == TokenRule::Unsigned {
                pairs.remove(rules.token_name.parameter().name());
            }
        }
        pairs.sort();
        let from_uri = target.path.len() + target.query.len() + pairs.len();
        let headers = fields.block_bytes() + signed_headers.as_bytes().len();
        let canonical = method.len() + from_uri + headers + payload.line.as_bytes().len() + BESIDE_PARTS;
        let mut bytes = Vec::with_capacity(canonical + credential.scope.len() + BESIDE_SCOPE + kept);
        let (path, query) = (Path::Wire(target.path, rules), Query::Pairs(pairs));
        let headers = Headers::Selected(fields, signed_headers);
        let layout =
            canonical_request::write(&mut bytes, method, path, query, headers, payload.line.as_bytes())?;
        let (digest, body, mismatch) = match payload.task {
            BodyTask::Hash { signed, body } => {
                let (digest, received) = sha256_tail_and(&mut bytes, layout.start, body);
                (digest, BodyCheck::Done, compare(signed, received))
            }
            BodyTask::None(body, mismatch) => (sha256_tail(&mut bytes, layout.start), body, mismatch),
        };
        let start = bytes.len();
        string_to_sign::write(&mut bytes, credential.algorithm, *time, credential.scope, &digest);
        let workings = Workings { layout, to_sign: start..bytes.len() };
        Ok(Steps { bytes, workings, body, mismatch, path_encoded_twice: rules.encode_path_twice })
    }
}

/// Steps 1 and 2 of a request, and what is known of its body.
pub(super) struct Steps {
    bytes: Vec<u8>,
    workings: Workings,
    body: BodyCheck,
    mismatch: Option<Box<Mismatch>>,
    path_encoded_twice: bool,
}

/// The fields of a signature that a claim keeps.
pub(super) struct SignatureFields<'a> {
    pub(super) mechanism: Mechanism,
    pub(super) credential: Credential<'a>,
    pub(super) signature: Signature,
    /// The session token, as the header, the query or the form spells it.
    pub(super) token: Option<&'a [u8]>,
    pub(super) time: Timestamp,
    pub(super) expires: Option<u32>,
    pub(super) now: Timestamp,
}

impl Steps {
    /// Starts with a string to sign that is not made from a request.
    #[cfg(feature = "post-policy")]
    pub(super) fn of_string_to_sign(string_to_sign: &str) -> Self {
        let bytes = Vec::from(string_to_sign);
        let workings = Workings { to_sign: 0..bytes.len(), ..Workings::default() };
        Self { bytes, workings, body: BodyCheck::Unsigned, mismatch: None, path_encoded_twice: false }
    }

    /// Checks the headers that announce a chunked body, so that an error in
    /// them is found before a key is looked up. The decoder reads them again.
    #[inline]
    pub(super) fn check_stream_headers(&self) -> Result<(), VerifyError> {
        if let BodyCheck::Chunked(mode) = self.body {
            let block = self.bytes.get(self.workings.layout.headers()).unwrap_or_default();
            Announced::read(mode, |name| canonical_request::header(block, name))?;
        }
        Ok(())
    }

    /// Appends the fields to the buffer.
    #[inline]
    pub(super) fn keep(self, fields: SignatureFields<'_>) -> Claim {
        let Self { mut bytes, workings, body, mismatch, path_encoded_twice } = self;
        let SignatureFields { mechanism, credential, signature, token, time, expires, now } = fields;
        let access_key_id = append(&mut bytes, credential.access_key_id);
        let scope = append(&mut bytes, credential.scope);
        let session_token = token.map(|token| match mechanism {
            Mechanism::Query => {
                let start = bytes.len();
                decode_to(token, |part| bytes.extend_from_slice(part));
                start..bytes.len()
            }
            _ => append(&mut bytes, token),
        });
        let algorithm = credential.algorithm;
        let record = Record {
            bytes,
            workings,
            access_key_id,
            scope,
            session_token,
            mechanism,
            algorithm,
            time,
            now,
            expires,
            signature,
            body,
            path_encoded_twice,
        };
        Claim { record, mismatch }
    }
}

/// Appends `part`, and returns its span.
#[inline]
fn append(bytes: &mut Vec<u8>, part: &[u8]) -> Range<usize> {
    let start = bytes.len();
    bytes.extend_from_slice(part);
    start..bytes.len()
}

/// A signed request: its steps and the fields of its signature, in one buffer.
#[derive(Clone)]
pub(super) struct Record {
    bytes: Vec<u8>,
    workings: Workings,
    access_key_id: Range<usize>,
    scope: Range<usize>,
    session_token: Option<Range<usize>>,
    pub(super) mechanism: Mechanism,
    pub(super) algorithm: Algorithm,
    pub(super) time: Timestamp,
    /// The verifier's time.
    pub(super) now: Timestamp,
    /// The lifetime of a presigned URL in seconds.
    pub(super) expires: Option<u32>,
    pub(super) signature: Signature,
    pub(super) body: BodyCheck,
    pub(super) path_encoded_twice: bool,
}

impl Record {
    pub(super) fn access_key_id(&self) -> &str {
        self.part(self.access_key_id.clone())
    }

    pub(super) fn scope_str(&self) -> &str {
        self.part(self.scope.clone())
    }

    pub(super) fn scope(&self) -> CredentialScope<'_> {
        let mut parts = self.scope_str().split('/');
        let mut part = || parts.next().unwrap_or_default();
        match self.algorithm {
            Algorithm::Hmac => CredentialScope::new(part(), part(), part()),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => CredentialScope::without_region(part(), part()),
        }
    }

    pub(super) fn session_token(&self) -> Option<&str> {
        self.session_token.clone().map(|token| self.part(token))
    }

    pub(super) fn method(&self) -> &str {
        self.part(self.workings.layout.method())
    }

    pub(super) fn path(&self) -> &str {
        self.part(self.workings.layout.uri())
    }

    pub(super) fn query(&self) -> &str {
        self.part(self.workings.layout.query())
    }

    pub(super) fn headers(&self) -> &[u8] {
        self.bytes.get(self.workings.layout.headers()).unwrap_or_default()
    }

    pub(super) fn signed_headers(&self) -> &str {
        self.part(self.workings.layout.names())
    }

    pub(super) fn payload_line(&self) -> &str {
        self.part(self.workings.layout.payload())
    }

    pub(super) fn string_to_sign(&self) -> &[u8] {
        self.bytes.get(self.workings.to_sign.clone()).unwrap_or_default()
    }

    pub(super) fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.bytes, None)
    }

    /// Returns true if the credential has this access key id and this scope.
    #[inline]
    pub(super) fn is_for(&self, access_key_id: &str, scope: &str) -> bool {
        self.bytes(&self.access_key_id) == access_key_id.as_bytes()
            && self.bytes(&self.scope) == scope.as_bytes()
    }

    #[inline]
    fn bytes(&self, span: &Range<usize>) -> &[u8] {
        self.bytes.get(span.clone()).unwrap_or_default()
    }

    fn part(&self, span: Range<usize>) -> &str {
        core::str::from_utf8(self.bytes(&span)).unwrap_or_default()
    }
}
