//! Step 4: the signature, which prints as lower-case hex.
//!
//! ```text
//! AWS4-HMAC-SHA256         32 bytes, 64 digits
//! AWS4-ECDSA-P256-SHA256   a DER value of 8 to 72 bytes, 16 to 144 digits
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 5.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use crate::bytes::{decode_32, encode_32};
#[cfg(feature = "sigv4a")]
use crate::crypto::ecdsa::EcdsaSignature;
use crate::crypto::equal;

/// A signature. It has no `==`: the one comparison takes constant time.
///
/// ```
/// use countersign::steps::Signature;
///
/// let text = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
/// let signature = Signature::parse(text).unwrap();
/// assert_eq!(signature.to_string(), text);
/// assert!(signature.matches(&Signature::parse(text).unwrap()));
/// assert!(Signature::parse(&text.to_uppercase()).is_none());
/// ```
///
/// ```compile_fail
/// use countersign::steps::Signature;
/// let same = |a: Signature, b: Signature| a == b;
/// ```
#[derive(Clone)]
pub struct Signature(Value);

#[derive(Clone)]
enum Value {
    Hmac([u8; 32]),
    #[cfg(feature = "sigv4a")]
    Ecdsa(EcdsaSignature),
}

/// How many hex digits a signature has at most.
pub(crate) const MOST_DIGITS: usize = if cfg!(feature = "sigv4a") { 144 } else { 64 };

impl Signature {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(Value::Hmac(bytes))
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) const fn ecdsa(signature: EcdsaSignature) -> Self {
        Self(Value::Ecdsa(signature))
    }

    /// Reads exactly 64 lower-case hex digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_hex(text.as_bytes())
    }

    #[inline]
    pub(crate) fn from_hex(text: &[u8]) -> Option<Self> {
        decode_32(text).map(Self::new)
    }

    /// Reads lower-case hex of an ECDSA signature in DER, and no other form of
    /// the same numbers.
    ///
    /// ```
    /// use countersign::steps::Signature;
    ///
    /// assert!(Signature::parse_ecdsa("3006020101020102").is_some());
    /// assert!(Signature::parse_ecdsa("3006020100020102").is_none()); // r is zero
    /// assert!(Signature::parse_ecdsa("300702020001020102").is_none()); // a zero too many
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn parse_ecdsa(text: &str) -> Option<Self> {
        EcdsaSignature::parse(text.as_bytes()).ok().map(Self::ecdsa)
    }

    /// Whether both are the same HMAC, in constant time. Of ECDSA signatures
    /// sameness says nothing: ask the pair's public key.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Value::Hmac(a), Value::Hmac(b)) => equal(a, b),
            #[cfg(feature = "sigv4a")]
            _ => false,
        }
    }

    /// The 32 bytes of an HMAC, or the DER value.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Value::Hmac(bytes) => bytes,
            #[cfg(feature = "sigv4a")]
            Value::Ecdsa(signature) => signature.as_bytes(),
        }
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) const fn as_ecdsa(&self) -> Option<&EcdsaSignature> {
        match &self.0 {
            Value::Hmac(_) => None,
            Value::Ecdsa(signature) => Some(signature),
        }
    }

    #[inline]
    pub(crate) fn hex(&self) -> Hex {
        let mut hex = Hex { digits: [0; MOST_DIGITS], length: 0 };
        hex.length = self.write_hex(&mut hex.digits);
        hex
    }

    /// Writes the digits to where a text begins; returns how many there are.
    #[inline]
    pub(crate) fn write_hex(&self, text: &mut [u8]) -> usize {
        match &self.0 {
            Value::Hmac(bytes) => text.first_chunk_mut().map_or(0, |digits: &mut [u8; 64]| {
                *digits = encode_32(bytes);
                digits.len()
            }),
            #[cfg(feature = "sigv4a")]
            Value::Ecdsa(signature) => signature.write_hex(text),
        }
    }

    /// Writes the digits to the end of a text.
    #[inline]
    pub(crate) fn append_hex(&self, out: &mut Vec<u8>) {
        match &self.0 {
            Value::Hmac(bytes) => out.extend_from_slice(&encode_32(bytes)),
            #[cfg(feature = "sigv4a")]
            Value::Ecdsa(_) => out.extend_from_slice(&self.hex()),
        }
    }
}

/// The digits of a signature.
pub(crate) struct Hex {
    digits: [u8; MOST_DIGITS],
    length: usize,
}

impl Deref for Hex {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }
}

impl Default for Signature {
    fn default() -> Self {
        Self::new([0; 32])
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

/// Closed: the right signature for a request is as good as its key.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
