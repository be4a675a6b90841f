//! Step 4: the signature.
//!
//! ```text
//! AWS4-HMAC-SHA256         hex(HMAC(k_signing, StringToSign))            64 digits
//! AWS4-ECDSA-P256-SHA256   hex(DER(ECDSA(private key, StringToSign)))    16 to 144 digits
//! ```
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 5.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use super::string_to_sign::Algorithm;
use crate::bytes::{decode_32, encode_32};
#[cfg(feature = "sigv4a")]
use crate::crypto::ecdsa::{EcdsaSignature, NotASignature};
use crate::crypto::equal;

/// A signature.
///
/// Signatures have no `==`: [`matches`](Self::matches), the only comparison, takes constant
/// time.
///
/// ```
/// use countersign::steps::Signature;
///
/// let hex = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
/// let signature = Signature::parse(hex)?;
/// assert_eq!(signature.to_string(), hex);
/// assert!(signature.matches(&Signature::parse(hex)?));
/// assert!(Signature::parse(&hex.to_uppercase()).is_err());
/// # Ok::<(), countersign::steps::InvalidSignature>(())
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

/// The maximum number of hex digits of a signature.
pub(crate) const MAX_HEX_LEN: usize = if cfg!(feature = "sigv4a") { 2 * 72 } else { 2 * 32 };

impl Signature {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(Value::Hmac(bytes))
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) const fn ecdsa(signature: EcdsaSignature) -> Self {
        Self(Value::Ecdsa(signature))
    }

    /// Parses the signature of `AWS4-HMAC-SHA256`: exactly 64 lower-case hex digits.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] for anything else.
    pub fn parse(hex: &str) -> Result<Self, InvalidSignature> {
        Self::from_hex(hex.as_bytes()).ok_or(InvalidSignature(()))
    }

    #[inline]
    fn from_hex(hex: &[u8]) -> Option<Self> {
        decode_32(hex).map(Self::new)
    }

    /// Parses the signature of `AWS4-ECDSA-P256-SHA256`: an ECDSA signature in DER,
    /// as lower-case hex.
    ///
    /// DER has one spelling for each pair of numbers. Every other spelling is rejected.
    ///
    /// ```
    /// use countersign::steps::Signature;
    ///
    /// assert!(Signature::parse_ecdsa("3006020101020102").is_ok());
    /// assert!(Signature::parse_ecdsa("3006020100020102").is_err()); // r is zero
    /// assert!(Signature::parse_ecdsa("300702020001020102").is_err()); // r has a superfluous zero byte
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] for anything else.
    #[cfg(feature = "sigv4a")]
    pub fn parse_ecdsa(hex: &str) -> Result<Self, InvalidSignature> {
        EcdsaSignature::parse(hex.as_bytes()).map(Self::ecdsa).map_err(|_| InvalidSignature(()))
    }

    /// Parses a received signature; returns `None` if it is malformed.
    ///
    /// A well-formed ECDSA signature whose numbers are out of range is accepted here, and
    /// never verifies.
    pub(crate) fn from_received(algorithm: Algorithm, hex: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Hmac => Self::from_hex(hex),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => match EcdsaSignature::parse(hex) {
                Ok(signature) => Some(Self::ecdsa(signature)),
                Err(NotASignature::Range) => Some(Self::ecdsa(EcdsaSignature::IMPOSSIBLE)),
                Err(NotASignature::Form) => None,
            },
        }
    }

    /// Returns true if both signatures are the same HMAC. Takes constant time.
    ///
    /// Returns false for ECDSA signatures, which only [`PublicKey::verify`] can check.
    ///
    /// [`PublicKey::verify`]: https://docs.rs/countersign/latest/countersign/steps/struct.PublicKey.html
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Value::Hmac(a), Value::Hmac(b)) => equal(a, b),
            #[cfg(feature = "sigv4a")]
            _ => false,
        }
    }

    /// Returns the 32 bytes of an HMAC, or the DER value of an ECDSA signature.
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

    /// Returns the hex digits, without an allocation.
    #[inline]
    pub(crate) fn hex(&self) -> Hex {
        let mut hex = Hex { digits: [0; MAX_HEX_LEN], length: 0 };
        hex.length = self.write_hex(&mut hex.digits);
        hex
    }

    /// Writes the hex digits to the start of `out`, and returns their number.
    #[inline]
    pub(crate) fn write_hex(&self, out: &mut [u8]) -> usize {
        match &self.0 {
            Value::Hmac(bytes) => out.first_chunk_mut().map_or(0, |digits: &mut [u8; 64]| {
                *digits = encode_32(bytes);
                digits.len()
            }),
            #[cfg(feature = "sigv4a")]
            Value::Ecdsa(signature) => signature.write_hex(out),
        }
    }

    /// Appends the hex digits to `out`.
    #[inline]
    pub(crate) fn append_hex(&self, out: &mut Vec<u8>) {
        match &self.0 {
            Value::Hmac(bytes) => out.extend_from_slice(&encode_32(bytes)),
            #[cfg(feature = "sigv4a")]
            Value::Ecdsa(_) => out.extend_from_slice(&self.hex()),
        }
    }
}

/// The hex digits of a signature.
pub(crate) struct Hex {
    digits: [u8; MAX_HEX_LEN],
    length: usize,
}

impl Deref for Hex {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }
}

/// Prints the hex digits, in lower case.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

/// Prints only the type's name, because whoever has the correct signature of a request can
/// send that request.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// The error of [`Signature::parse`] and `Signature::parse_ecdsa`.
///
/// ```
/// use countersign::steps::Signature;
///
/// let error = Signature::parse("f0e8").unwrap_err();
/// assert_eq!(error.to_string(), "a signature is 64 lower-case hex digits, or for SigV4a a DER value in lower-case hex");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidSignature(());

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a signature is 64 lower-case hex digits, or for SigV4a a DER value in lower-case hex")
    }
}

impl core::error::Error for InvalidSignature {}
