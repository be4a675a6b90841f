//! Step 3 of SigV4a: the key pair of an access key, good for every day,
//! region and service.
//!
//! ```text
//! k0(counter) = HMAC("AWS4A" + secret, fixed(counter))
//! fixed       = 00000001 | "AWS4-ECDSA-P256-SHA256" | 00 | access key id | counter | 00000100
//! private key = k0(counter) + 1, for the first counter from 1 to 254 whose k0 is at most n − 2
//! public key  = private key × G
//! ```
//!
//! Source: NIST SP 800-108, section 4.1 (one block of the counter mode, 256
//! bits), and FIPS 186-5, appendix A.2.2 (candidates that are tried in turn);
//! AWS's `aws-c-auth`, `key_derivation.c`, for what goes in. Not here: a scope.
//! Date and service are in the string to sign, regions among the headers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::{Signature, StringToSign};
use crate::credentials::Credentials;
use crate::crypto::HmacKey;
use crate::crypto::ecdsa::{PrivateKey, PublicPoint};

/// A private key and its public key. Wiped on drop, never printed.
///
/// ```
/// use countersign::steps::{SigningKeyPair, StringToSign};
/// use countersign::{Credentials, SecretAccessKey};
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let pair = SigningKeyPair::derive(&Credentials::new("AKIDEXAMPLE", secret)?).unwrap();
/// let text = StringToSign::from_text("AWS4-ECDSA-P256-SHA256\n…");
/// let signature = pair.sign(&text);
/// assert!(pair.public_key().verify(&text, &signature));
/// assert!(!pair.public_key().verify(&StringToSign::from_text("another"), &signature));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningKeyPair(PrivateKey);

impl SigningKeyPair {
    /// Derives the pair: one HMAC, nearly always, and one multiplication on the
    /// curve. `None` if 254 candidates in turn are above `n − 2`, of which each
    /// is with odds of 2⁻³².
    #[must_use]
    pub fn derive(credentials: &Credentials) -> Option<Self> {
        let secret = credentials.secret().expose();
        let mut key = Zeroizing::new(String::with_capacity(5 + secret.len()));
        key.push_str("AWS4A");
        key.push_str(secret);
        let hmac = HmacKey::new(key.as_bytes());
        first_key(|counter| hmac.mac(&fixed_input(credentials.access_key_id(), counter)))
    }

    /// Step 4: the signature, the same for the same text (RFC 6979).
    #[must_use]
    pub fn sign(&self, text: &StringToSign) -> Signature {
        self.sign_bytes(text.as_str().as_bytes())
    }

    pub(crate) fn sign_bytes(&self, text: &[u8]) -> Signature {
        Signature::ecdsa(self.0.sign(text))
    }

    /// The public key, which checks what this pair signs.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_point())
    }

    /// The private key, 32 bytes, big-endian. **It is a secret**, for study and
    /// tests.
    #[must_use]
    pub fn private_key(&self) -> Zeroizing<[u8; 32]> {
        self.0.bytes()
    }
}

impl fmt::Debug for SigningKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeyPair(..)")
    }
}

/// The key of the first candidate that makes one.
fn first_key(candidate: impl Fn(u8) -> [u8; 32]) -> Option<SigningKeyPair> {
    (1..=254).find_map(|counter| {
        let candidate = Zeroizing::new(candidate(counter));
        PrivateKey::from_candidate(&candidate).map(SigningKeyPair)
    })
}

fn fixed_input(access_key_id: &str, counter: u8) -> Vec<u8> {
    let label = Algorithm::Ecdsa.name();
    [&[0, 0, 0, 1], label.as_bytes(), &[0], access_key_id.as_bytes(), &[counter], &[0, 0, 1, 0]].concat()
}

/// The public half of a [`SigningKeyPair`]: with it a server checks signatures
/// and can make none.
///
/// ```
/// use countersign::steps::PublicKey;
/// assert!(PublicKey::from_coordinates(&[1; 32], &[1; 32]).is_none()); // not on the curve
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(PublicPoint);

impl PublicKey {
    /// Of a point's coordinates, big-endian; `None` where it is not on P-256.
    #[must_use]
    pub fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        PublicPoint::from_coordinates(x, y).map(Self)
    }

    /// A key that is nobody's.
    pub(crate) fn nobodys() -> Option<Self> {
        PublicPoint::generator().map(Self)
    }

    /// The coordinate x, big-endian.
    #[must_use]
    pub fn x(&self) -> [u8; 32] {
        self.0.coordinates().0
    }

    /// The coordinate y, big-endian.
    #[must_use]
    pub fn y(&self) -> [u8; 32] {
        self.0.coordinates().1
    }

    /// Whether the signature is of this text by this key. Of each signature
    /// there are two forms, and both are right.
    #[must_use]
    pub fn verify(&self, text: &StringToSign, signature: &Signature) -> bool {
        self.verifies_bytes(text.as_str().as_bytes(), signature)
    }

    pub(crate) fn verifies_bytes(&self, text: &[u8], signature: &Signature) -> bool {
        signature.as_ecdsa().is_some_and(|signature| self.0.verifies(text, signature))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (x, y) = self.0.coordinates();
        write!(f, "PublicKey({}, {})", hex::encode(x), hex::encode(y))
    }
}

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

    /// Derives with the first candidates replaced; returns the private key, and
    /// the counters that were asked for.
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

    /// Published with aws-c-auth (`tests/key_derivation_tests.c`), and for the
    /// other counters computed by Python's `hmac`.
    #[test]
    fn a_candidate_above_n_less_2_goes_to_the_next_counter() {
        let (id, secret) = ("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom");
        let first = "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd";
        let second = "29ba69b9724aaf3d0bd0e293fed474a5d551efc56fe98553d0db6319cffb4956";
        let number_128 = "0cb1d1990fd89b4786cfc9609129806b98f664d84d58301431892f62b27aa989";
        let number_254 = "081eac641c900fa26e28fe06787a785a9523396c5cf095145581bfa3571732d2";
        let most = "f".repeat(64);
        assert_eq!(derive(&[], id, secret), (Some(first.into()), vec(1)));
        for refused in [ORDER, ORDER_LESS_1, most.as_str()] {
            assert_eq!(derive(&[refused], id, secret), (Some(second.into()), vec(2)));
            assert_eq!(derive(&[refused; 127], id, secret), (Some(number_128.into()), vec(128)));
            assert_eq!(derive(&[refused; 253], id, secret), (Some(number_254.into()), vec(254)));
            assert_eq!(derive(&[refused; 254], id, secret), (None, vec(254)));
        }
    }

    fn vec(last: u8) -> Vec<u8> {
        (1..=last).collect()
    }

    #[test]
    fn the_ends_of_the_range_are_keys() {
        let zero = "0".repeat(64);
        assert_eq!(derive(&[&zero], "id", "secret").0, Some(alloc::format!("{}1", "0".repeat(63))));
        assert_eq!(derive(&[ORDER_LESS_2], "id", "secret"), (Some(ORDER_LESS_1.into()), vec(1)));
    }

    #[test]
    fn the_public_derivation_is_this_one() {
        let (id, secret) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let credentials = Credentials::new(id, SecretAccessKey::new(secret)).expect("valid");
        let pair = SigningKeyPair::derive(&credentials).expect("a key");
        assert_eq!(Some(hex::encode(*pair.private_key())), derive(&[], id, secret).0);
    }
}
