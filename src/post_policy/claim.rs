//! [`FormClaim`], a form whose signature is not verified yet.

use core::fmt;

use super::verified_form::FormContents;
use super::{RejectedForm, VerifiedForm};
use crate::credentials::Credentials;
use crate::steps::Scope;
use crate::verify::{Claim, Rejected, Verified, VerifyingKey};

/// A form that meets the conditions of its policy, and whose signature is **not verified yet**.
///
/// A claim offers what a key look-up needs, under names that begin with `claimed_`: an attacker can
/// choose these values. [`verify`](Self::verify) compares the signature.
///
/// A claim owns its data, so that it can be held across an `await`.
///
/// ```
/// use countersign::post_policy::{FormKey, PostPolicy, ReceivedForm};
/// use countersign::*;
///
/// # let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// # let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let policy = PostPolicy::new("examplebucket", FormKey::exact("cat.jpg"), Expires::HOUR);
/// # let form = signer.sign_post_policy(&policy, now)?;
/// # let fields: Vec<(&str, &str)> = form.fields().collect();
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("POST", "/examplebucket", &[("host", "s3.example.com")]);
/// let claim = verifier.claim_form(&request, &ReceivedForm::new("examplebucket", &fields), now)?;
/// assert_eq!(claim.claimed_access_key_id(), "AKIAIOSFODNN7EXAMPLE");
///
/// let rejected = claim.verify(None).unwrap_err(); // there is no such key
/// assert_eq!(rejected.error().code(), "InvalidAccessKeyId");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FormClaim {
    pub(super) claim: Claim,
    pub(super) contents: FormContents,
}

impl FormClaim {
    /// Returns the access key id that the form names.
    #[must_use]
    pub fn claimed_access_key_id(&self) -> &str {
        self.claim.claimed_access_key_id()
    }

    /// Returns the credential scope that the form names: day, region and service.
    #[must_use]
    pub fn claimed_scope(&self) -> Scope<'_> {
        self.claim.claimed_scope()
    }

    /// Returns the session token that the form contains, for a look-up that needs it.
    #[must_use]
    pub fn claimed_session_token(&self) -> Option<&str> {
        self.claim.claimed_session_token()
    }

    /// Returns the claim of the policy's signature.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Derives the verifying key of `credentials` for this claim's scope: four HMACs.
    #[must_use]
    pub fn derive_key(&self, credentials: &Credentials) -> VerifyingKey {
        self.claim.derive_key(credentials)
    }

    /// Verifies like [`verify`](Self::verify), with a key from the cache, or derives the key and adds
    /// it to the cache if the form is proven. See [`Claim::verify_cached`].
    ///
    /// # Errors
    ///
    /// Returns [`RejectedForm`], as [`verify`](Self::verify) does. The cache is then unchanged.
    #[cfg(feature = "std")]
    pub fn verify_cached<'c>(
        self,
        keys: &crate::verify::KeyCache,
        credentials: impl Into<Option<&'c Credentials>>,
    ) -> Result<VerifiedForm, RejectedForm> {
        self.verify_with(|claim| claim.verify_cached(keys, credentials))
    }

    /// Compares the signature in constant time.
    ///
    /// Pass `None` if there is no such access key: the same work is done, and the claim is rejected.
    ///
    /// # Errors
    ///
    /// Returns [`RejectedForm`], which contains the claim and an error of [`Claim::verify`].
    pub fn verify<'k>(self, key: impl Into<Option<&'k VerifyingKey>>) -> Result<VerifiedForm, RejectedForm> {
        self.verify_with(|claim| claim.verify(key))
    }

    fn verify_with(
        self,
        verify: impl FnOnce(Claim) -> Result<Verified, Rejected>,
    ) -> Result<VerifiedForm, RejectedForm> {
        let Self { claim, contents } = self;
        match verify(claim) {
            Ok(verified) => Ok(VerifiedForm { verified, contents }),
            Err(rejected) => {
                let (error, claim) = rejected.into_parts();
                Err(RejectedForm::new(error, Self { claim, contents }))
            }
        }
    }
}

/// Prints the claimed access key id, scope, bucket and expiration, not the values of the fields.
impl fmt::Debug for FormClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormClaim")
            .field("claimed_access_key_id", &self.claimed_access_key_id())
            .field("claimed_scope", &self.claimed_scope())
            .field("bucket", &self.contents.bucket)
            .field("expiration", &self.contents.expiration)
            .finish_non_exhaustive()
    }
}
