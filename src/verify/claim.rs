//! [`Verifier::claim`], as the list of its checks, and its result.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "post-policy")]
use super::Credential;
use super::authorization::ParsedAuthorization;
use super::body::Mismatch;
use super::key::dummy_key_verifies;
use super::received::{ReceivedRequest, SignatureLocation};
#[cfg(feature = "post-policy")]
use super::record::Steps;
use super::record::{Record, SignatureFields};
use super::{Rejected, Verified, Verifier, VerifyError, VerifyingKey};
use crate::bytes::truncated;
use crate::canonical::LongDecoded;
use crate::canonical::target::Target;
use crate::canonical::{Fields, Pairs};
use crate::credentials::Credentials;
use crate::crypto::equal;
#[cfg(feature = "post-policy")]
use crate::error::Mechanism;
use crate::payload::ReceivedBody;
use crate::request::Request;
#[cfg(any(feature = "diagnose", feature = "post-policy", feature = "tokens"))]
use crate::steps::Signature;
#[cfg(feature = "tokens")]
use crate::steps::canonical_request::lines;
use crate::steps::{Explain, Scope};
use crate::time::Timestamp;

impl Verifier {
    /// Reads a received request, and checks everything that needs no secret.
    ///
    /// These checks are the limits, the grammar, that there is exactly one signature,
    /// its scope and its time, and that it covers `host` and every `x-amz-*` header.
    ///
    /// The result is not proven. It owns its data, so that it can be held while a key is
    /// looked up.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
    /// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
    /// # let authorization = signed.authorization();
    /// # headers.extend(signed.iter());
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// let claim = verifier.claim(&Request::new("GET", "/key", &headers), ReceivedBody::Bytes(b""), now)?;
    /// assert_eq!(claim.claimed_access_key_id(), "AKIDEXAMPLE");
    ///
    /// let anonymous = Request::new("GET", "/key", &headers[..1]);
    /// let error = verifier.claim(&anonymous, ReceivedBody::Bytes(b""), now).unwrap_err();
    /// assert_eq!(error, VerifyError::Anonymous);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the [`VerifyError`] of the first check that fails. The checks have the order of the
    /// variants, from `TooLarge` to `BodyRequired`. Then `Chunked` follows, if the headers that
    /// announce a chunked body are invalid.
    ///
    /// A request without a signature is [`VerifyError::Anonymous`]. A session token under the name
    /// that another service uses is [`VerifyError::InvalidToken`].
    pub fn claim(
        &self,
        request: &Request<'_>,
        body: ReceivedBody<'_>,
        now: Timestamp,
    ) -> Result<Claim, VerifyError> {
        // Read the request: its size, its target, its headers and its query.
        self.limits.check(request)?;
        let target = Target::parse_received(request.uri)?;
        let mut scratch = Vec::new();
        let mut fields = Fields::new();
        let mut pairs = Pairs::new();
        let mut received = ReceivedRequest::new(request.method, target, &mut fields, &mut pairs);
        received.read_headers(request, &self.limits)?;
        received.read_query(&mut scratch)?;

        // Find its only signature. Check the signature's grammar, scope and time.
        let mut decoded; // large, and needed for a presigned URL only
        let location = received.locate_signature()?;
        let ReceivedRequest { parameters, fields, .. } = &mut received;
        let authorization = match location {
            SignatureLocation::Header(value) => self.parse_header(value, fields)?,
            SignatureLocation::Query => {
                decoded = [LongDecoded::new(), LongDecoded::new()];
                self.parse_parameters(parameters, &mut decoded, fields)?
            }
        };
        let ParsedAuthorization { mechanism, credential, time, .. } = authorization;
        self.check_skew(&authorization, now)?;
        self.check_scope(mechanism, &credential, time, || received.region_set(&authorization))?;
        let expires = self.check_lifetime(&authorization, now)?;

        // Check that the signature covers the request, and find the payload line.
        received.reject_contradiction(mechanism)?;
        self.reject_misplaced(&received, mechanism)?;
        self.check_coverage(received.fields, &authorization)?;
        let token = self.session_token(&received, mechanism)?;
        let payload = self.payload_line(&received, &authorization, body)?;

        // Write steps 1 and 2, and after them the fields that the claim returns.
        let signature = authorization.signature.clone();
        let max_skew = self.max_skew;
        let fields =
            SignatureFields { mechanism, credential, signature, token, time, expires, now, max_skew };
        let steps = self.write_steps(&mut received, &authorization, payload, fields.max_len())?;
        steps.check_stream_headers()?;
        Ok(steps.into_claim(fields))
    }
}

/// A request that is well-formed and in time, and whose signature is **not verified yet**.
///
/// A claim offers what a key look-up needs, under names that begin with `claimed_`: an attacker
/// can choose these values. [`verify`](Self::verify) compares the signature.
///
/// A claim owns its data, so that it can be held across an `await`.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
/// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(signed.iter());
/// # let request = Request::new("GET", "/key", &headers);
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
///
/// // Look the key up, in a database or over the network.
/// let key = match claim.claimed_access_key_id() {
///     "AKIDEXAMPLE" => Some(claim.derive_key(&credentials)),
///     _ => None, // no such key: verify(None) does the same work and refuses
/// };
/// let verified = claim.verify(key.as_ref())?;
/// assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Claim {
    pub(super) record: Record,
    /// Present if `claim` received the body, and it is not the one that was signed.
    pub(super) mismatch: Option<Box<Mismatch>>,
}

impl Claim {
    /// Creates a claim over an arbitrary string to sign, such as a POST policy.
    #[cfg(feature = "post-policy")]
    pub(crate) fn of_string_to_sign(
        mechanism: Mechanism,
        string_to_sign: &str,
        credential: Credential<'_>,
        token: Option<&str>,
        signature: Signature,
        time: Timestamp,
        now: Timestamp,
    ) -> Self {
        let fields = SignatureFields {
            mechanism,
            credential,
            signature: Some(signature),
            token: token.map(str::as_bytes),
            time,
            expires: None,
            now,
            max_skew: core::time::Duration::ZERO, // a form has no events
        };
        Steps::of_string_to_sign(string_to_sign, fields.max_len()).into_claim(fields)
    }

    /// Returns the access key id that the request names.
    #[must_use]
    pub fn claimed_access_key_id(&self) -> &str {
        self.record.access_key_id()
    }

    /// Returns the credential scope that the request names: day, region and service.
    #[must_use]
    pub fn claimed_scope(&self) -> Scope<'_> {
        self.record.scope()
    }

    /// Returns the session token that the request carries, for a look-up that needs it.
    #[must_use]
    pub fn claimed_session_token(&self) -> Option<&str> {
        self.record.session_token()
    }

    /// Derives the verifying key of `credentials` for this claim's scope.
    ///
    /// The derivation costs four HMACs, or for SigV4a a multiplication on the curve. With the feature
    /// `std`, `verify_cached` keeps the key for the day.
    #[must_use]
    pub fn derive_key(&self, credentials: &Credentials) -> VerifyingKey {
        VerifyingKey::derive(credentials, &self.claimed_scope())
    }

    /// Compares the signature in constant time.
    ///
    /// Pass `None` if there is no such access key: the same work is done, and the claim is refused.
    ///
    /// # Errors
    ///
    /// Returns [`Rejected`], which contains the claim and a [`VerifyError`] from
    /// `InvalidAccessKeyId` on. `KeyMismatch` means that the key is not for the claim's access key id
    /// and scope: then the look-up is wrong, not the client.
    pub fn verify<'k>(self, key: impl Into<Option<&'k VerifyingKey>>) -> Result<Verified, Rejected> {
        match self.check(key.into()) {
            Ok(key) => Ok(Verified::new(self.record, key)),
            Err(error) => Err(Rejected::new(error, self)),
        }
    }

    /// Verifies the signature, then the body if `claim` received it. Returns the key.
    fn check<'k>(&self, key: Option<&'k VerifyingKey>) -> Result<&'k VerifyingKey, VerifyError> {
        let key = self.record.verify(key)?;
        match &self.mismatch {
            Some(mismatch) => Err(mismatch.error()),
            None => Ok(key),
        }
    }

    /// Returns steps 1 and 2 as the verifier computed them, for debugging.
    ///
    /// The explanation contains no signature. Do not send it to a client that you do not trust.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.record.explain()
    }

    #[cfg(feature = "tokens")]
    pub(crate) const fn time(&self) -> Timestamp {
        self.record.time
    }

    #[cfg(any(feature = "std", feature = "tokens"))]
    pub(crate) fn claimed_scope_str(&self) -> &str {
        self.record.scope_str()
    }

    /// Returns the name of the algorithm.
    #[cfg(feature = "tokens")]
    pub(crate) const fn algorithm(&self) -> &'static str {
        self.record.algorithm.name()
    }

    /// Returns *SignedHeaders*, joined by `;`.
    #[cfg(feature = "tokens")]
    pub(crate) fn signed_headers(&self) -> &str {
        self.record.transcript.signed_headers()
    }

    /// Iterates over the signed headers: names in lower case, values folded, sorted.
    #[cfg(feature = "tokens")]
    pub(crate) fn signed_header_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(self.record.transcript.headers())
    }

    #[cfg(any(feature = "diagnose", feature = "tokens"))]
    pub(crate) const fn signature(&self) -> Option<&Signature> {
        self.record.signature.as_ref()
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("claimed_access_key_id", &truncated(self.claimed_access_key_id()))
            .field("claimed_scope", &self.claimed_scope())
            .field("mechanism", &self.record.mechanism)
            .field("time", &self.record.time)
            .finish_non_exhaustive()
    }
}

impl Record {
    /// Verifies the signature. Compares the access key id, scope and session token with
    /// the key's, and checks that the key has not expired. Returns the key.
    pub(super) fn verify<'k>(&self, key: Option<&'k VerifyingKey>) -> Result<&'k VerifyingKey, VerifyError> {
        let Some(key) = key else {
            // The same work is done, so that the time does not reveal that the id is unknown. The
            // black box keeps the compiler from removing work whose result is not used.
            if let Some(signature) = &self.signature {
                let string_to_sign = self.transcript.string_to_sign();
                core::hint::black_box(dummy_key_verifies(&self.scope(), string_to_sign, signature));
            }
            return Err(self.unknown_access_key_id());
        };
        // Step 4 with the caller's key, and the comparison with the received signature.
        // A signature without the form of one matches nothing, and needs no work in either case.
        let verifies = |signature| key.key.verifies(self.transcript.string_to_sign(), signature);
        let matches = self.signature.as_ref().is_some_and(verifies);
        if !self.is_for(&key.access_key_id, &key.scope) {
            return Err(VerifyError::KeyMismatch);
        }
        if !matches {
            // The same work as for an unknown id, which has a longer error.
            drop(core::hint::black_box(self.unknown_access_key_id()));
            return Err(VerifyError::SignatureDoesNotMatch);
        }
        if !self.has_token_of(key) {
            return Err(VerifyError::InvalidToken);
        }
        match key.expiration {
            Some(at) if at <= self.now => Err(VerifyError::CredentialsExpired { at }),
            _ => Ok(key),
        }
    }

    #[cold]
    fn unknown_access_key_id(&self) -> VerifyError {
        VerifyError::InvalidAccessKeyId { access_key_id: truncated(self.access_key_id()) }
    }

    /// Returns true if the session token is the key's, or if both have none.
    fn has_token_of(&self, key: &VerifyingKey) -> bool {
        match (&key.session_token, self.session_token()) {
            (Some(expected), Some(token)) => equal(expected.as_bytes(), token.as_bytes()),
            (None, None) => true,
            _ => false,
        }
    }
}
