//! Writes steps 1 and 2 of a received request into a buffer, and after them the fields
//! that [`Claim`] and [`Verified`](super::Verified) return.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

use super::authorization::ParsedAuthorization;
use super::body::{BodyCheck, Mismatch, compare};
use super::payload_line::{BodyTask, PayloadLine};
use super::received::ReceivedRequest;
use super::stream_headers::StreamHeaders;
use super::{Claim, Credential, Verifier, VerifyError};
use crate::canonical::decode_to;
use crate::checksum::UnknownChecksums;
use crate::error::Mechanism;
use crate::steps::canonical_request::{HeaderLines, Inputs, Path, Query, lines};
use crate::steps::string_to_sign;
use crate::steps::{Algorithm, CredentialScope, Explain, Scope, Signature, Transcript, unsigned_parameters};
#[cfg(feature = "sigv4a")]
use crate::steps::{Curve, SigV4aScope};
use crate::time::Timestamp;

impl Verifier {
    /// Writes the canonical request and the string to sign into a buffer that has room
    /// for `fields_len` more bytes.
    #[inline]
    pub(super) fn write_steps(
        &self,
        received: &mut ReceivedRequest<'_, '_>,
        authorization: &ParsedAuthorization<'_>,
        payload: PayloadLine<'_>,
        fields_len: usize,
    ) -> Result<Steps, VerifyError> {
        let ParsedAuthorization { mechanism, credential, signed_headers, .. } = authorization;
        let time = authorization.http_date.unwrap_or(authorization.time.bytes());
        let rules = self.service.rules();
        if *mechanism == Mechanism::Query {
            for name in unsigned_parameters(rules) {
                received.pairs.remove(name);
            }
        }
        received.pairs.sort();
        let inputs = Inputs {
            method: received.method,
            path: Path::Wire(received.target.path, rules),
            query: Query::Pairs(received.pairs),
            headers: HeaderLines::Listed(received.fields, signed_headers),
            payload: payload.line.as_bytes(),
        };
        let (algorithm, scope) = (credential.algorithm, credential.scope);
        let capacity = inputs.max_len() + string_to_sign::max_len(scope.len()) + fields_len;
        let mut transcript = Transcript::with_capacity(Vec::new(), capacity);
        transcript.write_canonical_request(&inputs)?;
        let (body, mismatch) = match payload.task {
            BodyTask::Hash { signed, body } => {
                let received = transcript.write_string_to_sign_and_hash(algorithm, time, scope, body);
                (BodyCheck::Done, compare(signed, received))
            }
            BodyTask::Decided(body, mismatch) => {
                transcript.write_string_to_sign(algorithm, time, scope);
                (body, mismatch)
            }
        };
        Ok(Steps {
            transcript,
            body,
            mismatch,
            path_encoded_twice: rules.encodes_path_again(),
            #[cfg(feature = "sigv4a")]
            curve: self.sigv4a,
        })
    }
}

/// Steps 1 and 2 of a request, and the result of the check of its body.
pub(super) struct Steps {
    transcript: Transcript,
    body: BodyCheck,
    mismatch: Option<Box<Mismatch>>,
    path_encoded_twice: bool,
    #[cfg(feature = "sigv4a")]
    curve: Option<Curve>,
}

/// The fields of a signature that a claim returns.
pub(super) struct SignatureFields<'a> {
    pub(super) mechanism: Mechanism,
    pub(super) credential: Credential<'a>,
    /// `None` if the received value does not have the form of a signature.
    pub(super) signature: Option<Signature>,
    /// The session token. It is percent-encoded if it is from a query.
    pub(super) token: Option<&'a [u8]>,
    pub(super) time: Timestamp,
    pub(super) expires: Option<u32>,
    pub(super) now: Timestamp,
    pub(super) max_skew: Duration,
}

impl SignatureFields<'_> {
    /// Returns the maximum number of bytes that [`Steps::into_claim`] appends.
    #[inline]
    pub(super) fn max_len(&self) -> usize {
        let Credential { access_key_id, scope, .. } = self.credential;
        access_key_id.len() + scope.len() + self.token.map_or(0, <[u8]>::len)
    }
}

impl Steps {
    /// Creates the steps of a string to sign that has no canonical request.
    #[cfg(feature = "post-policy")]
    pub(super) fn of_string_to_sign(string_to_sign: &str, fields_len: usize) -> Self {
        let transcript = Transcript::of_string_to_sign(string_to_sign, fields_len);
        Self {
            transcript,
            body: BodyCheck::Unsigned,
            mismatch: None,
            path_encoded_twice: false,
            #[cfg(feature = "sigv4a")]
            curve: None,
        }
    }

    /// Checks the headers that announce a chunked body, so that an error in them is
    /// found before a key is looked up. The decoder reads the headers again.
    #[inline]
    pub(super) fn check_stream_headers(&self) -> Result<(), VerifyError> {
        if let BodyCheck::Chunked(mode) = self.body {
            let headers = || lines(self.transcript.headers());
            StreamHeaders::read(mode, headers, UnknownChecksums::HandOver)?;
        }
        Ok(())
    }

    /// Appends the fields to the buffer, and returns the claim.
    #[inline]
    pub(super) fn into_claim(self, fields: SignatureFields<'_>) -> Claim {
        let Self { mut transcript, body, mismatch, path_encoded_twice, .. } = self;
        let SignatureFields { mechanism, credential, signature, token, time, expires, now, max_skew } =
            fields;
        let access_key_id = transcript.append(credential.access_key_id);
        let scope = transcript.append(credential.scope);
        let session_token = token.map(|token| match mechanism {
            Mechanism::Query => {
                transcript.append_with(|out| decode_to(token, |part| out.extend_from_slice(part)))
            }
            _ => transcript.append(token),
        });
        let algorithm = credential.algorithm;
        let record = Record {
            transcript,
            access_key_id,
            scope,
            session_token,
            mechanism,
            algorithm,
            time,
            now,
            max_skew,
            expires,
            signature,
            body,
            path_encoded_twice,
            #[cfg(feature = "sigv4a")]
            curve: self.curve,
        };
        Claim { record, mismatch }
    }
}

/// A signed request: its steps and the fields of its signature, in one buffer.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) transcript: Transcript,
    access_key_id: Range<usize>,
    scope: Range<usize>,
    session_token: Option<Range<usize>>,
    pub(super) mechanism: Mechanism,
    pub(super) algorithm: Algorithm,
    pub(super) time: Timestamp,
    /// The verifier's time.
    pub(super) now: Timestamp,
    /// How far the verifier lets clocks differ, for the events in the body.
    #[cfg_attr(not(feature = "event-stream"), expect(dead_code, reason = "only events have dates"))]
    pub(super) max_skew: Duration,
    /// The lifetime of a presigned URL in seconds.
    pub(super) expires: Option<u32>,
    /// `None` if the received value does not have the form of a signature.
    pub(super) signature: Option<Signature>,
    pub(super) body: BodyCheck,
    pub(super) path_encoded_twice: bool,
    /// The curve of SigV4a, if the verifier accepts it.
    #[cfg(feature = "sigv4a")]
    curve: Option<Curve>,
}

impl Record {
    pub(super) fn access_key_id(&self) -> &str {
        self.transcript.part(self.access_key_id.clone())
    }

    pub(super) fn session_token(&self) -> Option<&str> {
        self.session_token.clone().map(|token| self.transcript.part(token))
    }

    pub(super) fn scope_str(&self) -> &str {
        self.transcript.part(self.scope.clone())
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        let scope = self.scope_str();
        let date = scope.as_bytes().first_chunk().copied().unwrap_or_default();
        let mut parts = scope.split('/').skip(1);
        let mut part = || parts.next().unwrap_or_default();
        #[cfg(feature = "sigv4a")]
        if let (Algorithm::Ecdsa, Some(curve)) = (self.algorithm, self.curve) {
            return SigV4aScope::from_parts(date, part(), curve).into();
        }
        CredentialScope::from_parts(date, part(), part()).into()
    }

    /// Returns true if the credential has this access key id and this scope.
    #[inline]
    pub(super) fn is_for(&self, access_key_id: &str, scope: &str) -> bool {
        self.transcript.bytes(self.access_key_id.clone()) == access_key_id.as_bytes()
            && self.transcript.bytes(self.scope.clone()) == scope.as_bytes()
    }

    pub(super) const fn explain(&self) -> Explain<'_> {
        self.transcript.explain(None)
    }
}
