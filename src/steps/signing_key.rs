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

use zeroize::{Zeroizing, zeroize_bytes};

use super::string_to_sign::TERMINATOR;
use super::{CredentialScope, Signature, StringToSign};
use crate::credentials::SecretAccessKey;
use crate::crypto::HmacKey;

/// A signing key, kept as the two hash states that keying leaves behind.
/// Wiped on drop, never printed.
///
/// See [the module of steps](crate::steps) for an example.
#[derive(Clone)]
pub struct SigningKey(HmacKey);

impl SigningKey {
    /// Derives the key: four HMACs of four blocks of SHA-256 each, and two
    /// blocks for the states that are kept.
    #[must_use]
    pub fn derive(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> Self {
        let mut key = HmacKey::joined(b"AWS4", secret.expose().as_bytes());
        for part in Self::parts(scope) {
            let mut next = key.mac(part.as_bytes());
            key = HmacKey::new(&next);
            zeroize_bytes(&mut next);
        }
        Self(key)
    }

    #[inline]
    pub(crate) fn from_bytes(k_signing: &[u8; 32]) -> Self {
        Self(HmacKey::new(k_signing))
    }

    /// The four keys of the derivation, in order: `k_date`, `k_region`,
    /// `k_service`, `k_signing`. **These are secrets**, for study and tests.
    #[must_use]
    pub fn chain(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> [Zeroizing<[u8; 32]>; 4] {
        let [date, region, service, terminator] = Self::parts(scope);
        let hmac = |key: &HmacKey, part: &str| Zeroizing::new(key.mac(part.as_bytes()));
        let k_date = hmac(&HmacKey::joined(b"AWS4", secret.expose().as_bytes()), date);
        let k_region = hmac(&HmacKey::new(&*k_date), region);
        let k_service = hmac(&HmacKey::new(&*k_region), service);
        let k_signing = hmac(&HmacKey::new(&*k_service), terminator);
        [k_date, k_region, k_service, k_signing]
    }

    /// What each key is derived with from the one before it.
    fn parts<'a>(scope: &'a CredentialScope<'_>) -> [&'a str; 4] {
        [scope.date(), scope.region(), scope.service(), TERMINATOR]
    }

    /// Step 4: the signature.
    #[must_use]
    pub fn sign(&self, text: &StringToSign) -> Signature {
        self.sign_bytes(text.as_str().as_bytes())
    }

    #[inline]
    pub(crate) fn sign_bytes(&self, text: &[u8]) -> Signature {
        Signature::new(self.0.mac(text))
    }

    /// The signature of a string to sign that ends `text`, from `start` on.
    #[inline]
    pub(crate) fn sign_tail(&self, text: &mut Vec<u8>, start: usize) -> Signature {
        Signature::new(self.0.mac_tail(text, start))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}
