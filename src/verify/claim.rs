//! [`Claim`], a request whose signature is not verified yet, and [`Rejected`], a claim that was
//! refused.

use alloc::boxed::Box;
use core::fmt;

use super::body::Mismatch;
use super::key::dummy_key_verifies;
use super::record::Record;
#[cfg(feature = "post-policy")]
use super::{Credential, body::BodyRule};
use super::{Verified, VerifyError, VerifyingKey};
use crate::credentials::Credentials;
use crate::crypto::equal;
#[cfg(feature = "post-policy")]
use crate::error::Mechanism;
use crate::error::shown;
use crate::steps::{Explain, Scope};
#[cfg(feature = "post-policy")]
use crate::steps::{Signature, Transcript};
#[cfg(any(feature = "post-policy", feature = "tokens"))]
use crate::time::Timestamp;

/// A request that is well-formed and in time, and whose signature is **not verified yet**.
///
/// A claim offers what a key look-up needs, under names that begin with `claimed_`: an attacker
/// chooses these values. [`verify`](Self::verify) compares the signature.
///
/// A claim owns its data, so that it can be held across an `await`.
pub struct Claim {
    pub(super) record: Record,
    /// The body's hash, if the body was given and is not the one that was signed.
    pub(super) mismatch: Option<Box<Mismatch>>,
}

impl Claim {
    /// Creates a claim over an arbitrary string to sign, such as a POST policy.
    #[cfg(feature = "post-policy")]
    pub(crate) fn of_text(
        mechanism: Mechanism,
        to_sign: &str,
        credential: &Credential<'_>,
        token: Option<&str>,
        signature: Signature,
        time: Timestamp,
        now: Timestamp,
    ) -> Self {
        let mut steps = Transcript::of_string_to_sign(to_sign, 0);
        let record = Record {
            access_key_id: steps.append(credential.access_key_id),
            scope: steps.append(credential.scope),
            session_token: token.map(|token| steps.append(token.as_bytes())),
            mechanism,
            algorithm: credential.algorithm,
            time,
            now,
            expires: None,
            signature,
            body: BodyRule::Unsigned,
            path_encoded_twice: false,
            steps,
        };
        Self { record, mismatch: None }
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

    #[cfg(any(feature = "post-policy", feature = "tokens"))]
    pub(crate) const fn time(&self) -> Timestamp {
        self.record.time
    }

    /// Derives the verifying key of `credentials` for this claim's scope.
    ///
    /// The derivation costs four HMACs, or for SigV4a a multiplication on the curve. A
    /// [`KeyCache`](crate::KeyCache) keeps the key for the day.
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
    /// [`Rejected`] with the claim and a [`VerifyError`], from `InvalidAccessKeyId` on.
    /// `WrongKey` means that the key is for another id or scope than the claim's.
    pub fn verify<'k>(self, key: impl Into<Option<&'k VerifyingKey>>) -> Result<Verified, Rejected> {
        match self.check(key.into()) {
            Ok(key) => Ok(Verified::new(self.record, key)),
            Err(error) => Err(Rejected(Box::new((error, self)))),
        }
    }

    /// Verifies the claim with `key` and returns the key.
    pub(crate) fn check<'k>(&self, key: Option<&'k VerifyingKey>) -> Result<&'k VerifyingKey, VerifyError> {
        let record = &self.record;
        let Some(key) = key else {
            // Compared nevertheless: the time must not tell whether the id exists.
            let _ = dummy_key_verifies(record.algorithm, record.string_to_sign(), &record.signature);
            return Err(VerifyError::InvalidAccessKeyId { access_key_id: shown(record.access_key_id()) });
        };
        record.check_key(key)?;
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

    #[cfg(any(feature = "std", feature = "tokens"))]
    pub(super) fn scope_str(&self) -> &str {
        self.record.scope_str()
    }
}

impl Record {
    /// Verifies the signature with `key`, and compares the key's id, scope, session token and
    /// expiration with the request's.
    pub(super) fn check_key(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        let matches = key.key.verifies(self.string_to_sign(), &self.signature);
        if key.access_key_id != self.access_key_id() || key.scope != self.scope_str() {
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
        match key.expiration.filter(|expiration| *expiration <= self.now) {
            Some(end) => Err(VerifyError::CredentialsEnded { end }),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("claimed_access_key_id", &self.claimed_access_key_id())
            .field("claimed_scope", &self.claimed_scope())
            .field("mechanism", &self.record.mechanism)
            .field("time", &self.record.time)
            .finish_non_exhaustive()
    }
}

/// A claim that was refused, with the reason.
///
/// `?` converts it to a [`VerifyError`]. The claim remains available for a log or an explanation.
#[derive(Debug)]
pub struct Rejected(Box<(VerifyError, Claim)>);

impl Rejected {
    /// Returns the reason.
    #[must_use]
    pub const fn error(&self) -> &VerifyError {
        &self.0.0
    }

    /// Returns the claim that was refused. It is not proven.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.0.1
    }

    /// Returns the reason and drops the claim.
    #[must_use]
    pub fn into_error(self) -> VerifyError {
        self.0.0
    }

    /// Returns the reason and the claim.
    #[must_use]
    pub fn into_parts(self) -> (VerifyError, Claim) {
        *self.0
    }
}

impl From<Rejected> for VerifyError {
    fn from(rejected: Rejected) -> Self {
        rejected.into_error()
    }
}

/// Prints the reason.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl core::error::Error for Rejected {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error().source()
    }
}
