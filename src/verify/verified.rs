//! [`Verified`], a request whose signature was verified.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

#[cfg(feature = "event-stream")]
use super::VerifyError;
use super::record::Record;
use super::{BodyCheck, SignatureKey, VerifyingKey};
use crate::canonical::{percent, split_pair};
use crate::crypto::sha256;
use crate::error::Mechanism;
use crate::steps::canonical_request::{header, lines};
use crate::steps::{Algorithm, Explain, Scope, Signature};
use crate::time::Timestamp;

/// A request whose signature was verified. Only [`Claim::verify`](crate::Claim::verify) creates one.
///
/// **Act on the values that it returns**, not on the received request: only these are signed.
///
/// It owns its data, so that it can be stored, sent to another task, or put into the extensions of
/// a request. A clone copies one buffer.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "s3.example.com"), ("range", "bytes=0-9")];
/// # let signed = signer.sign(&Request::new("GET", "/bucket/a%20key?partNumber=1", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(signed.iter());
/// # let request = Request::new("GET", "/bucket/a%20key?partNumber=1", &headers);
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
/// # let key = claim.derive_key(&credentials);
/// let verified: Verified = claim.verify(&key)?;
/// assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
/// assert_eq!(verified.path(), b"/bucket/a key");
/// assert_eq!(verified.query().next(), Some((b"partNumber"[..].into(), b"1"[..].into())));
/// assert_eq!(verified.header("Range"), Some(&b"bytes=0-9"[..]));
///
/// let task = std::thread::spawn(move || verified.method().to_owned());
/// assert_eq!(task.join().unwrap(), "GET");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Its fields are private, so no other code can create or change one:
///
/// ```compile_fail
/// use countersign::Verified;
/// fn forge(verified: Verified) -> Verified { Verified { ..verified } }
/// ```
#[derive(Clone)]
pub struct Verified {
    record: Record,
    /// The key of the signatures in the body, if the body has signatures.
    body_key: Option<SignatureKey>,
    #[cfg(feature = "event-stream")]
    key_expiration: Option<Timestamp>,
}

impl Verified {
    /// Creates the proof. It keeps the key only if the body contains signatures, which
    /// continue from the request's.
    #[inline]
    pub(super) fn new(record: Record, key: &VerifyingKey) -> Self {
        let continues = match record.body {
            BodyCheck::Chunked(mode) => Algorithm::of_streaming_mode(mode).is_some(),
            #[cfg(feature = "event-stream")]
            BodyCheck::Events => true,
            _ => false,
        };
        Self {
            record,
            body_key: continues.then(|| key.key.clone()),
            #[cfg(feature = "event-stream")]
            key_expiration: key.expiration,
        }
    }

    /// Returns the id of the access key that signed the request.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.record.access_key_id()
    }

    /// Returns the credential scope: the day, region and service that the signature is for.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        self.record.scope()
    }

    /// Returns where the request carried its signature.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.record.mechanism
    }

    /// Returns the name of the algorithm: `AWS4-HMAC-SHA256`, or `AWS4-ECDSA-P256-SHA256` if the
    /// verifier allows SigV4a.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        self.record.algorithm.name()
    }

    /// Returns the time of the signature.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.record.time
    }

    /// Returns how old the signature was when the claim was made. Returns zero if the signer's clock
    /// is ahead of the verifier's.
    #[must_use]
    pub fn age(&self) -> Duration {
        let seconds = self.record.now.unix_seconds() - self.record.time.unix_seconds();
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// Returns the lifetime of a presigned URL, as `X-Amz-Expires` states it. Returns `None` for a
    /// signature in a header, and for a URL of a service whose URLs need no lifetime.
    #[must_use]
    pub fn expires(&self) -> Option<Duration> {
        self.record.expires.map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        let steps = &self.record.transcript;
        steps.part(steps.canonical().method())
    }

    /// Returns the path, decoded once.
    ///
    /// For S3 in path style it is `/bucket/key`, with every byte of the key unchanged. For other
    /// services dot segments are resolved.
    #[must_use]
    pub fn path(&self) -> Vec<u8> {
        let steps = &self.record.transcript;
        let decoded = percent::decode(steps.part(steps.canonical().path()));
        if self.record.path_encoded_twice {
            return percent_encoding::percent_decode(&decoded).collect();
        }
        decoded
    }

    /// Iterates over the names and values of the query, decoded once, sorted. For a presigned URL
    /// they include the parameters of the signature, except the signature itself.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
        let steps = &self.record.transcript;
        let query = steps.part(steps.canonical().query());
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = split_pair(pair);
            let decode = |encoded| percent_encoding::percent_decode_str(encoded).into();
            (decode(name), decode(value))
        })
    }

    /// Returns the value of a signed header, by its name in any case. Returns `None` if the header is
    /// not signed.
    ///
    /// The value is trimmed, runs of spaces are folded to one, and the values of a repeated header
    /// are joined by `,`, those of `cookie` by `; `.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        header(self.record.transcript.headers(), name)
    }

    /// Iterates over the signed headers: names in lower case, sorted, with the values that
    /// [`header`](Self::header) returns.
    pub fn headers(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(self.record.transcript.headers())
    }

    /// Returns *SignedHeaders*, the names joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.record.transcript.signed_headers()
    }

    /// Returns the payload line: a hash in hexadecimal, or a payload mode.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        let steps = &self.record.transcript;
        steps.part(steps.canonical().payload())
    }

    /// Returns the SHA-256 of the string to sign, 64 hexadecimal digits. It covers the algorithm, the
    /// time, the credential scope and the canonical request.
    ///
    /// A server that must accept each request only once can store this value together with the access
    /// key id. Two spellings of one request have the same hash; a request that is signed again later,
    /// or for another region, has another.
    #[must_use]
    pub fn request_hash(&self) -> String {
        hex::encode(sha256(self.record.transcript.string_to_sign()))
    }

    /// Returns how the body must be checked. **Until it is checked, no byte of the body is proven.**
    pub const fn body(&self) -> BodyCheck {
        self.record.body
    }

    /// Returns steps 1 and 2, for debugging. The explanation contains no signature.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.record.explain()
    }

    /// Returns the key and the signature that the first signature in the body continues from.
    /// Returns `None` if the body has no signatures.
    pub(crate) fn continuation(&self) -> Option<(&SignatureKey, &Signature)> {
        self.body_key.as_ref().zip(self.record.signature.as_ref())
    }

    /// Returns how far the verifier lets the clocks differ.
    #[cfg(feature = "event-stream")]
    pub(crate) const fn max_skew(&self) -> Duration {
        self.record.max_skew
    }

    /// Returns the expiration of the credentials whose key verified the request.
    #[cfg(feature = "event-stream")]
    pub(crate) const fn key_expiration(&self) -> Option<Timestamp> {
        self.key_expiration
    }

    #[cfg(feature = "event-stream")]
    pub(crate) const fn signature(&self) -> Option<&Signature> {
        self.record.signature.as_ref()
    }

    /// Verifies the request again, with another key.
    #[cfg(feature = "event-stream")]
    pub(crate) fn verify_again(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        self.record.verify(Some(key)).map(|_| ())
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("mechanism", &self.record.mechanism)
            .field("time", &self.record.time)
            .finish_non_exhaustive()
    }
}
