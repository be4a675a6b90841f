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

#[cfg(feature = "sigv4a")]
use super::SigningKeyPair;
use super::{Signature, SigningKey};
#[cfg(feature = "sigv4a")]
use crate::crypto::ecdsa::{EcdsaSignature, NotASignature};
use crate::payload::StreamingMode;

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

    /// Returns the algorithm that signs the chunks of a body; `None` if they are not
    /// signed.
    pub(crate) const fn of_streaming_mode(mode: StreamingMode) -> Option<Self> {
        match mode {
            StreamingMode::Signed | StreamingMode::SignedTrailer => Some(Self::Hmac),
            StreamingMode::UnsignedTrailer => None,
            #[cfg(feature = "sigv4a")]
            StreamingMode::SignedEcdsa | StreamingMode::SignedEcdsaTrailer => Some(Self::Ecdsa),
        }
    }

    /// The same, as the string to sign begins.
    #[inline(always)]
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
    pub(crate) fn sign_tail(&self, text: &mut Vec<u8>, start: usize) -> Signature {
        match self {
            Self::Hmac(key) => key.sign_tail(text, start),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(pair) => pair.sign_bytes(text.get(start..).unwrap_or_default()),
        }
    }
}
