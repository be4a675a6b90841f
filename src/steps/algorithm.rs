//! The two algorithms, and the keys of each: all that steps 2 to 4 need to know
//! of which one it is.
//!
//! ```text
//!                      AWS4-HMAC-SHA256                   AWS4-ECDSA-P256-SHA256
//! credential scope     date/region/service/aws4_request   date/service/aws4_request
//! key                  HMACs along the scope              a key pair, the same for every scope
//! signature            the HMAC of the string to sign     ECDSA over it, in DER
//! ```
//!
//! Source: IAM User Guide, "Elements of an AWS API request signature". Not here:
//! the region set, which is a header or a parameter like any other.

use alloc::vec::Vec;

use super::{CredentialScope, Signature, SigningKey};
#[cfg(feature = "sigv4a")]
use super::{PublicKey, SigningKeyPair};
use crate::credentials::Credentials;
#[cfg(feature = "sigv4a")]
use crate::crypto::ecdsa::{EcdsaSignature, NotASignature};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hmac,
    #[cfg(feature = "sigv4a")]
    Ecdsa,
}

impl Algorithm {
    /// As it stands in headers, queries and the string to sign.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "AWS4-HMAC-SHA256",
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => "AWS4-ECDSA-P256-SHA256",
        }
    }

    /// The same, as the string to sign begins.
    #[inline]
    pub(crate) fn write_first_line(self, out: &mut Vec<u8>) {
        // Texts of a known length are written without a call.
        match self {
            Self::Hmac => out.extend_from_slice(b"AWS4-HMAC-SHA256\n"),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => out.extend_from_slice(b"AWS4-ECDSA-P256-SHA256\n"),
        }
    }

    /// Hex digits of its longest signature.
    pub(crate) const fn most_digits(self) -> usize {
        match self {
            Self::Hmac => 64,
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => 2 * EcdsaSignature::LONGEST,
        }
    }

    /// A signature as it arrived, if it has this algorithm's form. One that has,
    /// but of numbers that no signature is made of, will not verify.
    pub(crate) fn read_signature(self, text: &[u8]) -> Option<Signature> {
        match self {
            Self::Hmac => Signature::from_hex(text),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa => match EcdsaSignature::parse(text) {
                Ok(signature) => Some(Signature::ecdsa(signature)),
                Err(NotASignature::Range) => Some(Signature::ecdsa(EcdsaSignature::IMPOSSIBLE)),
                Err(NotASignature::Form) => None,
            },
        }
    }
}

/// What signs, a key of either algorithm.
#[derive(Clone)]
pub(crate) enum KeyToSign {
    Hmac(SigningKey),
    #[cfg(feature = "sigv4a")]
    Ecdsa(SigningKeyPair),
}

impl KeyToSign {
    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(_) => Algorithm::Hmac,
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(_) => Algorithm::Ecdsa,
        }
    }

    /// Signs a string to sign, whatever its first line.
    pub(crate) fn sign_from(&self, text: &mut Vec<u8>, start: usize) -> Signature {
        match self {
            Self::Hmac(key) => key.sign_from(text, start),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(pair) => pair.sign_bytes(text.get(start..).unwrap_or_default()),
        }
    }
}

/// What verifies: of HMAC the same key, of ECDSA the public one alone.
#[derive(Clone)]
pub(crate) enum KeyToVerify {
    Hmac(SigningKey),
    /// `None` verifies nothing: no key could be derived.
    #[cfg(feature = "sigv4a")]
    Ecdsa(Option<PublicKey>),
}

impl KeyToVerify {
    pub(crate) fn derive(credentials: &Credentials, scope: &CredentialScope<'_>) -> Self {
        match scope.algorithm() {
            Algorithm::Hmac => Self::Hmac(SigningKey::derive(credentials.secret(), scope)),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => {
                Self::Ecdsa(SigningKeyPair::derive(credentials).map(|pair| pair.public_key()))
            }
        }
    }

    /// Whether the signature is that of this string to sign, whatever its first
    /// line.
    pub(crate) fn verifies(&self, text: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Hmac(key) => key.sign_bytes(text).matches(signature),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(key) => key.as_ref().is_some_and(|key| key.verifies_bytes(text, signature)),
        }
    }
}
