//! ECDSA over P-256 with SHA-256. The only file that names `p256` and `der`.
//!
//! ```text
//! ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }      (DER, at most 72 bytes)
//! ```
//!
//! Both `(r, s)` and `(r, n − s)` are valid: a low `s` is not required. Two
//! signatures of one message may therefore differ, and bytes do not identify one.
//!
//! Everything that uses the private key takes constant time: the comparison and
//! the sum that derive it, the multiplication that computes its public key, and
//! signing. Parsing and verifying a signature do not: all of their input is public.
//!
//! Source: FIPS 186-5, section 6; RFC 6979 (nonces); RFC 5480, appendix A, and
//! ITU-T X.690, section 10 (DER).

use der::asn1::UintRef;
use der::{Reader, SliceReader};
use p256::NistP256;
use p256::U256;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::elliptic_curve::Curve;
use p256::elliptic_curve::bigint::CtGt;
use zeroize::Zeroizing;

/// A private key and its public key. Wiped on drop, by `p256`.
#[derive(Clone)]
pub(crate) struct PrivateKey(p256::ecdsa::SigningKey);

impl PrivateKey {
    /// Returns the key `candidate + 1`; `None` if the candidate is above `n − 2`.
    ///
    /// The result of the comparison is not secret: it says that another candidate is
    /// needed. The compared numbers are.
    pub(crate) fn from_candidate(candidate: &[u8; 32]) -> Option<Self> {
        let candidate = Zeroizing::new(U256::from_be_slice(candidate));
        let max = NistP256::ORDER.wrapping_sub(&U256::from_u8(2));
        if candidate.ct_gt(&max).to_bool() {
            return None;
        }
        let key = Zeroizing::new(candidate.wrapping_add(&U256::ONE));
        let bytes = Zeroizing::new(key.to_be_bytes());
        p256::ecdsa::SigningKey::from_slice(bytes.as_ref()).ok().map(Self)
    }

    /// Signs SHA-256 of `message`, with the nonce of RFC 6979.
    pub(crate) fn sign(&self, message: &[u8]) -> EcdsaSignature {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        EcdsaSignature::from_der(signature.to_der().as_bytes())
    }

    /// Returns the public key.
    pub(crate) fn public_point(&self) -> PublicPoint {
        PublicPoint(*self.0.verifying_key())
    }

    /// Returns the private key, big-endian.
    pub(crate) fn bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }
}

/// A public key: a point on the curve, except the one at infinity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicPoint(p256::ecdsa::VerifyingKey);

impl PublicPoint {
    /// Returns the base point, as a dummy key: verifying with it takes as long as with
    /// any other, and its result must not be used.
    pub(crate) fn generator() -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_affine(p256::AffinePoint::GENERATOR).ok().map(Self)
    }

    /// Returns the point of big-endian coordinates; `None` if it is not on the curve.
    pub(crate) fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let point = p256::Sec1Point::from_affine_coordinates(x.into(), y.into(), false);
        p256::ecdsa::VerifyingKey::from_sec1_point(&point).ok().map(Self)
    }

    /// Returns x and y, big-endian.
    pub(crate) fn coordinates(&self) -> ([u8; 32], [u8; 32]) {
        let point = self.0.to_sec1_point(false);
        let bytes = |field: Option<&p256::FieldBytes>| field.map_or([0; 32], |field| (*field).into());
        (bytes(point.x()), bytes(point.y()))
    }

    /// Returns true if the signature is of SHA-256 of `message` by this key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &EcdsaSignature) -> bool {
        let signature = p256::ecdsa::Signature::from_der(signature.as_bytes());
        signature.is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

/// A signature in DER: `r` and `s`, both from 1 to `n − 1`.
#[derive(Clone)]
pub(crate) struct EcdsaSignature {
    der: [u8; Self::MAX_LEN],
    length: u8,
}

/// The reason why a string is not a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotASignature {
    /// The string is not one DER value of two positive integers in lower-case hex.
    Form,
    /// `r` or `s` is 0, or not below the order.
    Range,
}

impl EcdsaSignature {
    /// The maximum length: two integers of 33 bytes, and three headers of 2 bytes.
    pub(crate) const MAX_LEN: usize = 72;

    /// A signature without numbers, which no key verifies.
    pub(crate) const IMPOSSIBLE: Self = Self { der: [0; Self::MAX_LEN], length: 0 };

    /// Parses lower-case hex of strict DER: each length and number in its shortest
    /// form, and nothing after the value.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, NotASignature> {
        if text.len() > 2 * Self::MAX_LEN || text.iter().any(u8::is_ascii_uppercase) {
            return Err(NotASignature::Form);
        }
        let der = hex::decode(text).map_err(|_| NotASignature::Form)?;
        let (r, s) = integers(&der).map_err(|_| NotASignature::Form)?;
        if !is_in_range(r) || !is_in_range(s) {
            return Err(NotASignature::Range);
        }
        Ok(Self::from_der(&der)) // strict DER, so that writing `r` and `s` again gives the same bytes
    }

    /// Copies a DER value of at most [`MAX_LEN`](Self::MAX_LEN) bytes.
    fn from_der(value: &[u8]) -> Self {
        let mut der = [0; Self::MAX_LEN];
        der.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
        Self { der, length: u8::try_from(value.len()).unwrap_or_default() }
    }

    /// Returns the DER value.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.der.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Writes the DER value in lower-case hex, and returns the number of digits.
    pub(crate) fn write_hex(&self, digits: &mut [u8]) -> usize {
        let length = 2 * usize::from(self.length);
        let written = digits.get_mut(..length).map(|digits| hex::encode_to_slice(self.as_bytes(), digits));
        written.map_or(0, |_| length)
    }
}

/// Parses a DER sequence of two integers that are not negative.
fn integers(der: &[u8]) -> der::Result<(UintRef<'_>, UintRef<'_>)> {
    let mut reader = SliceReader::new(der)?;
    let pair = reader.sequence(|inner| Ok::<_, der::Error>((inner.decode()?, inner.decode()?)))?;
    reader.finish()?;
    Ok(pair)
}

/// Returns true for a number from 1 to `n − 1`. The number is public, so the comparison does not need
/// constant time. Nothing of `p256` is used: a program that verifies only HMAC can reach this function,
/// and must not contain the curve because of it.
fn is_in_range(number: UintRef<'_>) -> bool {
    padded(number.as_bytes()).is_some_and(|number| number != [0; 32] && number < ORDER)
}

/// Returns a number of at most 32 bytes with leading zeros; `None` if it is longer.
fn padded(number: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let start = bytes.len().checked_sub(number.len())?;
    bytes.get_mut(start..)?.copy_from_slice(number);
    Some(bytes)
}

/// The order *n* of the curve's group (SEC 2, section 2.4.2), big-endian.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;

    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    fn bytes(text: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).expect("64 hex digits");
        bytes
    }

    /// RFC 6979, appendix A.2.5: the curve P-256, its key, SHA-256.
    #[test]
    fn nonces_are_those_of_rfc_6979() {
        let less_1 = bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6720");
        let key = PrivateKey::from_candidate(&less_1).expect("a key");
        let (x, y) = key.public_point().coordinates();
        assert_eq!(hex::encode(x), "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
        assert_eq!(hex::encode(y), "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
        for (text, r, s) in [
            (
                "sample",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
            (
                "test",
                "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            ),
        ] {
            let integer = |number: &str| match number.starts_with(['8', '9', 'a', 'b', 'c', 'd', 'e', 'f']) {
                true => alloc::format!("022100{number}"),
                false => alloc::format!("0220{number}"),
            };
            let numbers = integer(r) + &integer(s);
            let expected = alloc::format!("30{:02x}{numbers}", numbers.len() / 2);
            assert_eq!(hex::encode(key.sign(text.as_bytes()).as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn numbers_out_of_range_and_other_forms_are_different_errors() {
        let der = |r: &str, s: &str| {
            let integer = |number: &str| alloc::format!("02{:02x}{number}", number.len() / 2);
            let numbers = integer(r) + &integer(s);
            alloc::format!("30{:02x}{numbers}", numbers.len() / 2)
        };
        let parse = |text: &str| {
            EcdsaSignature::parse(text.as_bytes()).map(|signature| hex::encode(signature.as_bytes()))
        };
        let order = "00".to_string() + ORDER;
        let last = "00".to_string() + "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
        for good in [der("01", "01"), der(&last, &last), der("7f", "0080"), der("0100", "01")] {
            assert_eq!(parse(&good), Ok(good.clone()));
        }
        let long = "01".to_string() + &"00".repeat(32);
        let most = "00".to_string() + &"ff".repeat(32);
        for number in ["00", &order, &most, &long] {
            assert_eq!(parse(&der(number, "01")), Err(NotASignature::Range), "r = {number}");
            assert_eq!(parse(&der("01", number)), Err(NotASignature::Range), "s = {number}");
        }
        // Negative; a zero too many; no bytes at all.
        for number in ["80", "ff", "0001", "007f", "000080", ""] {
            assert_eq!(parse(&der(number, "01")), Err(NotASignature::Form), "r = {number}");
            assert_eq!(parse(&der("01", number)), Err(NotASignature::Form), "s = {number}");
        }
        let good = der("01", "02");
        let others: [String; 14] = [
            String::new(),
            "30".into(),
            good.to_uppercase().replace("30", "3A"),
            good.clone() + "00",
            good.clone() + "0",
            " ".to_string() + &good,
            good.replace("3006", "308106"),
            good.replace("3006", "30820006"),
            good.replace("020101", "02810101"),
            good.replace("3006", "3080") + "0000",
            good.replace("3006", "3106"),
            good.replace("020102", "0a0102"),
            "3009020101020102020103".into(),
            "3003020101".into(),
        ];
        for text in others {
            assert_eq!(parse(&text), Err(NotASignature::Form), "{text}");
        }
    }

    #[test]
    fn rejects_a_point_that_is_not_on_the_curve() {
        let x = bytes("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
        let y = bytes("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
        let point = PublicPoint::from_coordinates(&x, &y).expect("the key of RFC 6979");
        assert_eq!(point.coordinates(), (x, y));
        let prime = bytes("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        for (x, y) in
            [(y, x), ([0; 32], [0; 32]), (x, [0; 32]), (x, prime), (prime, y), ([0xff; 32], [0xff; 32])]
        {
            assert!(PublicPoint::from_coordinates(&x, &y).is_none());
        }
    }
}
