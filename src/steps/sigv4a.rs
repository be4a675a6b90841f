//! Step 3 of SigV4a: the key pair of an access key, which is valid for every day, region
//! and service.
//!
//! ```text
//! k0(counter) = HMAC("AWS4A" + secret, fixed(counter))
//! fixed       = 00000001 | "AWS4-ECDSA-P256-SHA256" | 00 | access key id | counter | 00000100
//! private key = k0(counter) + 1, for the first counter from 1 to 254 whose k0 is at most n − 2
//! public key  = private key × G
//! CredentialScope = YYYYMMDD/service/aws4_request
//! ```
//!
//! The string to sign contains the date and the service. A signed header or query
//! parameter contains the regions.
//!
//! Source: NIST SP 800-108, section 4.1 (one block of the counter mode, 256
//! bits); FIPS 186-5, appendix A.2.2 (rejection of candidates); AWS's
//! `aws-c-auth`, `key_derivation.c`, for the inputs.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::curve::{Curve, EcdsaKeyPair};
use super::string_to_sign::{Algorithm, TERMINATOR};
use super::{Signature, StringToSign};
use crate::credentials::Credentials;
use crate::crypto::HmacKey;
use crate::crypto::ecdsa::{PrivateKey, PublicPoint};
use crate::error::ConfigError;
use crate::service::Service;
use crate::time::Timestamp;

/// The day and service that a SigV4a signature is valid for:
/// `YYYYMMDD/service/aws4_request`.
///
/// The scope has no region, so no HMAC signing key can be derived for it.
///
/// ```
/// use countersign::steps::SigV4aScope;
/// use countersign::{Service, Timestamp};
///
/// let scope = SigV4aScope::new(Timestamp::parse("20130524T000000Z")?, &Service::S3);
/// assert_eq!(scope.to_string(), "20130524/s3/aws4_request");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail
/// use countersign::steps::{SigV4aScope, SigningKey};
/// use countersign::SecretAccessKey;
///
/// fn derive(secret: &SecretAccessKey, scope: &SigV4aScope<'_>) -> SigningKey {
///     SigningKey::derive(secret, scope)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SigV4aScope<'a> {
    date: [u8; 8],
    service: &'a str,
    curve: Curve,
}

impl<'a> SigV4aScope<'a> {
    /// Creates the scope of `time`'s day.
    #[must_use]
    pub fn new(time: Timestamp, service: &'a Service) -> Self {
        Self { date: time.date_bytes(), service: service.name(), curve: Curve::P256 }
    }

    /// Creates a scope from the parts of a received credential.
    pub(crate) const fn from_parts(date: [u8; 8], service: &'a str, curve: Curve) -> Self {
        Self { date, service, curve }
    }

    /// Returns the functions that derive the public key for this scope.
    pub(crate) const fn curve(&self) -> Curve {
        self.curve
    }

    /// Returns the day, as `YYYYMMDD`.
    #[must_use]
    pub fn date(&self) -> &str {
        core::str::from_utf8(&self.date).unwrap_or_default()
    }

    /// Returns the service's signing name.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }
}

impl fmt::Display for SigV4aScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{TERMINATOR}", self.date(), self.service)
    }
}

/// A private key and its public key. Wiped on drop, never printed.
///
/// ```
/// use countersign::steps::{SigningKeyPair, StringToSign};
/// use countersign::{Credentials, SecretAccessKey};
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let pair = SigningKeyPair::derive(&Credentials::new("AKIDEXAMPLE", secret)?)?;
/// let to_sign = StringToSign::from_text("AWS4-ECDSA-P256-SHA256\n…");
/// let signature = pair.sign(&to_sign);
/// assert!(pair.public_key().verify(&to_sign, &signature));
/// assert!(!pair.public_key().verify(&StringToSign::from_text("another"), &signature));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningKeyPair(PrivateKey);

impl SigningKeyPair {
    /// Derives the key pair. This takes nearly always one HMAC, and one multiplication on
    /// the curve.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::KeyDerivationFailed`] if all 254 candidates are
    /// above `n − 2`. The probability of each is 2⁻³².
    pub fn derive(credentials: &Credentials) -> Result<Self, ConfigError> {
        let secret = credentials.secret().expose();
        let mut key = Zeroizing::new(String::with_capacity("AWS4A".len() + secret.len()));
        key.push_str("AWS4A");
        key.push_str(secret);
        let hmac = HmacKey::new(key.as_bytes());
        first_key(|counter| hmac.mac(&fixed_input(credentials.access_key_id(), counter)))
            .ok_or(ConfigError::KeyDerivationFailed)
    }

    /// Signs a string to sign (step 4). The nonce is deterministic (RFC 6979), so
    /// equal strings have equal signatures.
    #[must_use]
    pub fn sign(&self, to_sign: &StringToSign) -> Signature {
        self.sign_bytes(to_sign.as_str().as_bytes())
    }

    pub(crate) fn sign_bytes(&self, to_sign: &[u8]) -> Signature {
        Signature::ecdsa(self.0.sign(to_sign))
    }

    /// Returns the public key, which verifies what this pair signs.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_point())
    }

    /// Returns the private key: 32 bytes, big-endian, wiped on drop.
    ///
    /// **The key is a secret.** Use this function to study or test a derivation.
    #[must_use]
    pub fn private_key(&self) -> Zeroizing<[u8; 32]> {
        self.0.bytes()
    }
}

impl EcdsaKeyPair for SigningKeyPair {
    fn sign(&self, to_sign: &[u8]) -> Signature {
        self.sign_bytes(to_sign)
    }

    fn scope<'s>(&self, time: Timestamp, service: &'s Service) -> SigV4aScope<'s> {
        SigV4aScope::new(time, service)
    }

    fn derive_again(&self, credentials: &Credentials) -> Result<Box<dyn EcdsaKeyPair>, ConfigError> {
        Ok(Box::new(Self::derive(credentials)?))
    }

    fn clone_box(&self) -> Box<dyn EcdsaKeyPair> {
        Box::new(self.clone())
    }
}

/// Prints only the type's name.
impl fmt::Debug for SigningKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeyPair(..)")
    }
}

/// Returns the key pair of the first candidate that is in range.
fn first_key(candidate: impl Fn(u8) -> [u8; 32]) -> Option<SigningKeyPair> {
    (1..=254).find_map(|counter| {
        let candidate = Zeroizing::new(candidate(counter));
        PrivateKey::from_candidate(&candidate).map(SigningKeyPair)
    })
}

/// Returns *fixed*, the message of the HMAC for one counter.
fn fixed_input(access_key_id: &str, counter: u8) -> Vec<u8> {
    let label = Algorithm::Ecdsa.name();
    [&[0, 0, 0, 1], label.as_bytes(), &[0], access_key_id.as_bytes(), &[counter], &[0, 0, 1, 0]].concat()
}

/// The public key of a [`SigningKeyPair`], which verifies signatures and cannot create any.
///
/// ```
/// use countersign::steps::PublicKey;
/// assert!(PublicKey::from_coordinates(&[1; 32], &[1; 32]).is_err()); // not on the curve
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(PublicPoint);

impl PublicKey {
    /// Creates a key from the coordinates of its point, big-endian.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidPublicKey`] if no point of P-256 has these coordinates.
    pub fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Result<Self, InvalidPublicKey> {
        PublicPoint::from_coordinates(x, y).map(Self).ok_or(InvalidPublicKey(()))
    }

    /// Returns the dummy key, which no access key has. Verifying with it takes as long as
    /// verifying with a real key.
    pub(super) fn dummy() -> Option<Self> {
        PublicPoint::generator().map(Self)
    }

    /// Returns the coordinate x, big-endian.
    #[must_use]
    pub fn x(&self) -> [u8; 32] {
        self.0.coordinates().0
    }

    /// Returns the coordinate y, big-endian.
    #[must_use]
    pub fn y(&self) -> [u8; 32] {
        self.0.coordinates().1
    }

    /// Returns true if the signature is this key's signature of the string to sign.
    ///
    /// For each ECDSA signature with `s` there is another with `n − s`. Both verify.
    #[must_use]
    pub fn verify(&self, to_sign: &StringToSign, signature: &Signature) -> bool {
        self.verifies_bytes(to_sign.as_str().as_bytes(), signature)
    }

    pub(super) fn verifies_bytes(&self, to_sign: &[u8], signature: &Signature) -> bool {
        signature.as_ecdsa().is_some_and(|signature| self.0.verifies(to_sign, signature))
    }
}

/// Prints both coordinates in hex.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (x, y) = self.0.coordinates();
        write!(f, "PublicKey({}, {})", hex::encode(x), hex::encode(y))
    }
}

/// The error of [`PublicKey::from_coordinates`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPublicKey(());

impl fmt::Display for InvalidPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no point of the curve P-256 has these coordinates")
    }
}

impl core::error::Error for InvalidPublicKey {}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;

    use super::*;
    use crate::SecretAccessKey;

    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const ORDER_LESS_1: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
    const ORDER_LESS_2: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f";

    fn bytes(text: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).expect("64 hex digits");
        bytes
    }

    /// Derives with the first candidates replaced; returns the private key and the
    /// counters that were used.
    fn derive(replaced: &[&str], id: &str, secret: &str) -> (Option<String>, Vec<u8>) {
        let asked = RefCell::new(Vec::new());
        let hmac = HmacKey::new([b"AWS4A", secret.as_bytes()].concat().as_slice());
        let pair = first_key(|counter| {
            asked.borrow_mut().push(counter);
            match replaced.get(usize::from(counter) - 1) {
                Some(text) => bytes(text),
                None => hmac.mac(&fixed_input(id, counter)),
            }
        });
        (pair.map(|pair| hex::encode(*pair.private_key())), asked.into_inner())
    }

    /// The value of counter 1 is published with aws-c-auth
    /// (`tests/key_derivation_tests.c`); the others were computed with Python's `hmac`.
    #[test]
    fn a_candidate_above_n_minus_2_is_skipped() {
        let (id, secret) = ("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom");
        let first = "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd";
        let second = "29ba69b9724aaf3d0bd0e293fed474a5d551efc56fe98553d0db6319cffb4956";
        let number_128 = "0cb1d1990fd89b4786cfc9609129806b98f664d84d58301431892f62b27aa989";
        let number_254 = "081eac641c900fa26e28fe06787a785a9523396c5cf095145581bfa3571732d2";
        let maximum = "f".repeat(64);
        assert_eq!(derive(&[], id, secret), (Some(first.into()), vec(1)));
        for rejected in [ORDER, ORDER_LESS_1, maximum.as_str()] {
            assert_eq!(derive(&[rejected], id, secret), (Some(second.into()), vec(2)));
            assert_eq!(derive(&[rejected; 127], id, secret), (Some(number_128.into()), vec(128)));
            assert_eq!(derive(&[rejected; 253], id, secret), (Some(number_254.into()), vec(254)));
            assert_eq!(derive(&[rejected; 254], id, secret), (None, vec(254)));
        }
    }

    fn vec(last: u8) -> Vec<u8> {
        (1..=last).collect()
    }

    #[test]
    fn both_bounds_of_the_range_are_valid_keys() {
        let zero = "0".repeat(64);
        assert_eq!(derive(&[&zero], "id", "secret").0, Some(alloc::format!("{}1", "0".repeat(63))));
        assert_eq!(derive(&[ORDER_LESS_2], "id", "secret"), (Some(ORDER_LESS_1.into()), vec(1)));
    }

    #[test]
    fn the_public_function_derives_the_same_key() {
        let (id, secret) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let credentials = Credentials::new(id, SecretAccessKey::new(secret)).expect("valid");
        let pair = SigningKeyPair::derive(&credentials).expect("a key");
        assert_eq!(Some(hex::encode(*pair.private_key())), derive(&[], id, secret).0);
    }
}
