//! Step 3: the key of one day, region and service.
//!
//! ```text
//! k_date    = HMAC("AWS4" + secret, YYYYMMDD)
//! k_region  = HMAC(k_date, region)
//! k_service = HMAC(k_region, service)
//! k_signing = HMAC(k_service, "aws4_request")
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 4.

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::string_to_sign::TERMINATOR;
use super::{CredentialScope, Signature, StringToSign};
use crate::credentials::SecretAccessKey;
use crate::crypto::{HmacKey, hmac};

/// The key that signs all requests of one day, region and service. Wiped on drop,
/// never printed.
///
/// The key is stored as the two SHA-256 states of an HMAC, which saves two blocks of each
/// signature. See [the module](crate::steps) for an example.
#[derive(Clone)]
pub struct SigningKey(HmacKey);

impl SigningKey {
    /// Derives the key: the last of the four keys of the [derivation](Self::derivation).
    #[must_use]
    pub fn derive(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> Self {
        let [_, _, _, k_signing] = Self::derivation(secret, scope);
        Self::from_bytes(&k_signing)
    }

    /// Derives the four keys in order: `k_date`, `k_region`, `k_service`, `k_signing`.
    ///
    /// **The keys are secrets.** Use this function to study or test a derivation.
    ///
    /// ```
    /// use countersign::steps::{CredentialScope, SigningKey};
    /// use countersign::{Region, SecretAccessKey, Service, Timestamp};
    ///
    /// // "Deriving a signing key" of the AWS General Reference.
    /// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let (region, service) = (Region::new("us-east-1")?, Service::new("iam")?);
    /// let scope = CredentialScope::new(Timestamp::parse("20150830T123600Z")?, &region, &service);
    /// let [_, _, _, k_signing] = SigningKey::derivation(&secret, &scope);
    /// assert_eq!(hex::encode(*k_signing), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn derivation(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> [Zeroizing<[u8; 32]>; 4] {
        let secret = secret.expose().as_bytes();
        let mut key = Zeroizing::new(Vec::with_capacity(PREFIX.len() + secret.len()));
        key.extend_from_slice(PREFIX);
        key.extend_from_slice(secret);
        let k_date = hmac(&key, scope.date().as_bytes());
        let k_region = hmac(&*k_date, scope.region().as_bytes());
        let k_service = hmac(&*k_region, scope.service().as_bytes());
        let k_signing = hmac(&*k_service, TERMINATOR.as_bytes());
        [k_date, k_region, k_service, k_signing]
    }

    /// Creates the key from `k_signing`.
    pub(crate) fn from_bytes(k_signing: &[u8; 32]) -> Self {
        Self(HmacKey::new(k_signing))
    }

    /// Signs a string to sign (step 4).
    #[must_use]
    pub fn sign(&self, to_sign: &StringToSign) -> Signature {
        self.sign_bytes(to_sign.as_str().as_bytes())
    }

    /// Returns the signature of a string to sign.
    #[inline]
    pub(crate) fn sign_bytes(&self, to_sign: &[u8]) -> Signature {
        Signature::new(self.0.mac(to_sign))
    }

    /// Returns `sign_bytes(&out[start..])`. Appends the padding to `out`, and truncates it
    /// again.
    #[inline]
    pub(crate) fn sign_from(&self, out: &mut Vec<u8>, start: usize) -> Signature {
        Signature::new(self.0.mac_from(out, start))
    }
}

/// The prefix of the secret in the key of the first HMAC.
const PREFIX: &[u8] = b"AWS4";

/// Prints only the type's name.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}
