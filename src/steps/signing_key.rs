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

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

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
        let [.., k_signing] = Self::chain(secret, scope);
        Self::from_bytes(&k_signing)
    }

    #[inline]
    pub(crate) fn from_bytes(k_signing: &[u8; 32]) -> Self {
        Self(HmacKey::new(k_signing))
    }

    /// The four keys of the derivation, in order: `k_date`, `k_region`,
    /// `k_service`, `k_signing`. **These are secrets**, for study and tests.
    #[must_use]
    pub fn chain(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> [Zeroizing<[u8; 32]>; 4] {
        let secret = secret.expose();
        let mut first = Zeroizing::new(String::with_capacity(4 + secret.len()));
        first.push_str("AWS4");
        first.push_str(secret);
        let hmac = |key: &[u8], text: &str| Zeroizing::new(HmacKey::new(key).mac(text.as_bytes()));
        let k_date = hmac(first.as_bytes(), scope.date());
        let k_region = hmac(&*k_date, scope.region());
        let k_service = hmac(&*k_region, scope.service());
        let k_signing = hmac(&*k_service, TERMINATOR);
        [k_date, k_region, k_service, k_signing]
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
