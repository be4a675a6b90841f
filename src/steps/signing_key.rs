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

/// A signing key, kept as the two hash states that keying leaves behind.
/// Wiped on drop, never printed.
///
/// See [the module of steps](crate::steps) for an example.
#[derive(Clone)]
pub struct SigningKey(HmacKey);

impl SigningKey {
    /// Derives the key: the last of the four keys of the [derivation](Self::chain).
    #[must_use]
    pub fn derive(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> Self {
        let [_, _, _, k_signing] = Self::chain(secret, scope);
        Self::from_bytes(&k_signing)
    }

    #[inline]
    pub(crate) fn from_bytes(k_signing: &[u8; 32]) -> Self {
        Self(HmacKey::new(k_signing))
    }

    /// Derives the four keys in order: `k_date`, `k_region`, `k_service`,
    /// `k_signing`. **They are secrets**: use them to study and test a derivation.
    #[must_use]
    pub fn chain(secret: &SecretAccessKey, scope: &CredentialScope<'_>) -> [Zeroizing<[u8; 32]>; 4] {
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

    /// Step 4: the signature.
    #[must_use]
    pub fn sign(&self, text: &StringToSign) -> Signature {
        self.sign_bytes(text.as_str().as_bytes())
    }

    #[inline]
    pub(crate) fn sign_bytes(&self, text: &[u8]) -> Signature {
        Signature::new(self.0.mac(text))
    }

    /// Returns `sign_bytes(&text[start..])`; pads in `text`, and truncates it again.
    #[inline]
    pub(crate) fn sign_from(&self, text: &mut Vec<u8>, start: usize) -> Signature {
        Signature::new(self.0.mac_from(text, start))
    }
}

/// What is put before the secret key.
const PREFIX: &[u8] = b"AWS4";

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}
