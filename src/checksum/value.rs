//! [`ChecksumValue`], the checksum of some data.

use core::fmt;

use base64::Engine;
use base64::display::Base64Display;
use base64::prelude::BASE64_STANDARD;

use super::crc::Polynomial;
use super::{Checksum, ChecksumHasher};

/// A checksum: an algorithm and a digest. `Display` writes Base64, the value of the header.
///
/// ```
/// use countersign::{Checksum, ChecksumValue};
///
/// let value = ChecksumValue::of(Checksum::Sha1, b"123456789");
/// assert_eq!(value.to_string(), "98O8HYCOBHMq32eZZczDTKeuNEE=");
/// assert_eq!(value, ChecksumValue::parse(Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE=")?);
/// assert_eq!(value.checksum().name(), "x-amz-checksum-sha1");
/// # Ok::<(), countersign::InvalidChecksumValue>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChecksumValue {
    checksum: Checksum,
    /// The digest, followed by zeros.
    bytes: [u8; MAX_LENGTH],
}

impl ChecksumValue {
    /// Creates a checksum from the bytes of a digest, in network byte order.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidChecksumValue`] if `digest` does not have the algorithm's
    /// [length](Checksum::length).
    pub fn new(checksum: Checksum, digest: &[u8]) -> Result<Self, InvalidChecksumValue> {
        if digest.len() == checksum.length() {
            Ok(Self::from_digest(checksum, digest))
        } else {
            Err(InvalidChecksumValue { checksum })
        }
    }

    /// Parses the value of a header: Base64 with padding.
    ///
    /// ```
    /// use countersign::{Checksum, ChecksumValue};
    ///
    /// let error = ChecksumValue::parse(Checksum::Crc32, "y/Q5Jg").unwrap_err();
    /// assert_eq!(error.to_string(), "the value is not Base64 of 4 bytes, which CRC32 has");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidChecksumValue`] if `base64` is not Base64 of a digest of the algorithm.
    pub fn parse(checksum: Checksum, base64: &str) -> Result<Self, InvalidChecksumValue> {
        let invalid = InvalidChecksumValue { checksum };
        if base64.len() != checksum.value_length() {
            return Err(invalid);
        }
        Self::new(checksum, &BASE64_STANDARD.decode(base64).map_err(|_| invalid)?)
    }

    /// Computes the checksum of `data`.
    #[must_use]
    pub fn of(checksum: Checksum, data: &[u8]) -> Self {
        let mut hasher = ChecksumHasher::new(checksum);
        hasher.update(data);
        hasher.finish()
    }

    /// Creates a checksum. A digest of another length is cut or filled with zeros.
    pub(super) fn from_digest(checksum: Checksum, digest: &[u8]) -> Self {
        let mut bytes = [0; MAX_LENGTH];
        bytes.iter_mut().zip(digest).for_each(|(slot, byte)| *slot = *byte);
        Self { checksum, bytes }
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// Returns the digest, in network byte order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.checksum.length()).unwrap_or_default()
    }

    /// Returns the checksum of two parts, one after the other, without their data: a multipart
    /// upload's checksum of the type `FULL_OBJECT`. `second_len` is the length of the second part's
    /// data in bytes.
    ///
    /// Returns `None` if the algorithms differ, or are not a CRC: other checksums cannot be combined.
    ///
    /// ```
    /// use countersign::{Checksum, ChecksumValue};
    ///
    /// let crc = |data: &[u8]| ChecksumValue::of(Checksum::Crc64Nvme, data);
    /// let whole = crc(b"1234").combine(crc(b"56789"), 5);
    /// assert_eq!(whole, Some(crc(b"123456789")));
    /// ```
    #[must_use]
    pub fn combine(self, second: Self, second_len: u64) -> Option<Self> {
        let polynomial = match self.checksum {
            Checksum::Crc32 => Polynomial::CRC32,
            Checksum::Crc32c => Polynomial::CRC32C,
            Checksum::Crc64Nvme => Polynomial::CRC64NVME,
            _ => return None,
        };
        if second.checksum != self.checksum {
            return None;
        }
        let crc = polynomial.combine(self.number(), second.number(), second_len).to_be_bytes();
        Some(Self::from_digest(self.checksum, crc.get(crc.len().checked_sub(self.checksum.length())?..)?))
    }

    /// Returns the digest of a CRC as a number.
    fn number(&self) -> u64 {
        self.as_bytes().iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}

/// Writes the value of a header: Base64.
impl fmt::Display for ChecksumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(self.as_bytes(), &BASE64_STANDARD).fmt(f)
    }
}

/// Prints the algorithm and the value in Base64.
impl fmt::Debug for ChecksumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.checksum)
    }
}

/// The error of a value that is not a digest of its algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidChecksumValue {
    /// The algorithm.
    pub checksum: Checksum,
}

impl fmt::Display for InvalidChecksumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, length) = (self.checksum.algorithm(), self.checksum.length());
        write!(f, "the value is not Base64 of {length} bytes, which {algorithm} has")
    }
}

impl core::error::Error for InvalidChecksumValue {}

/// The length of the longest digest, that of SHA-512.
const MAX_LENGTH: usize = 64;

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    /// The CRC catalogue's check values, and awscrt 0.38 for the others.
    #[test]
    fn computes_the_published_check_values() {
        for (checksum, expected) in [
            (Checksum::Crc32, "y/Q5Jg=="),
            (Checksum::Crc32c, "4waSgw=="),
            (Checksum::Crc64Nvme, "rosUhgp5mIg="),
            (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
            (Checksum::XxHash64, "jLhB20DmroM="),
            (Checksum::XxHash3, "ctyxi2ehff8="),
            (Checksum::XxHash128, "MxGUd+3l3NXpcWQnaB1YYA=="),
        ] {
            let mut hasher = ChecksumHasher::new(checksum);
            hasher.update(b"1234");
            hasher.update(b"56789");
            let value = hasher.finish();
            assert_eq!(value.to_string(), expected, "{checksum:?}");
            assert_eq!(expected.len(), checksum.value_length());
            assert!(checksum.is_value(expected));
            assert_eq!(ChecksumValue::parse(checksum, expected), Ok(value));
        }
    }

    /// The headers that boto3 1.44 sends for `hello, world`; MD5 from RFC 1321, A.5.
    #[test]
    fn computes_what_boto3_sends() {
        for (checksum, expected) in [
            (
                Checksum::Sha512,
                "9l80GzWYH9qEKwmyyK+bzbdgKkwub6H31B8JdNPjEi8mj8edWkr2Y1j1EziFzRwWXJFvgKsl5djZXbRvgDx4LA==",
            ),
            (Checksum::XxHash64, "q9wqYfH5H0w="),
            (Checksum::XxHash3, "ZgaH7ewHVlM="),
            (Checksum::XxHash128, "rvfXM2ShGmMvxPrvzEIsuA=="),
        ] {
            assert_eq!(ChecksumValue::of(checksum, b"hello, world\n").to_string(), expected);
        }
        let md5 = ChecksumValue::of(Checksum::Md5, b"abc");
        assert_eq!(hex::encode(md5.as_bytes()), "900150983cd24fb0d6963f7d28e17f72");
    }

    /// A mebibyte of the bytes 0 to 255: long enough for the vector code. Values of awscrt 0.38.
    #[test]
    fn computes_long_data_in_pieces_of_any_length() {
        let data: Vec<u8> = (0..=255_u8).cycle().take(1 << 20).collect();
        for (checksum, expected) in [
            (Checksum::XxHash64, "ROx1QFed0/A="),
            (Checksum::XxHash3, "02wOE6PfE54="),
            (Checksum::XxHash128, "GyCNKDkJN3TTbA4To98Tng=="),
        ] {
            let mut hasher = ChecksumHasher::new(checksum);
            data.chunks(1021).for_each(|piece| hasher.update(piece));
            assert_eq!(hasher.finish().to_string(), expected, "{checksum:?}");
        }
        // 80798773, 2099622509 and 11105426436841627963 in decimal.
        for (checksum, crc) in [
            (Checksum::Crc32, 80_798_773),
            (Checksum::Crc32c, 2_099_622_509),
            (Checksum::Crc64Nvme, 11_105_426_436_841_627_963),
        ] {
            assert_eq!(ChecksumValue::of(checksum, &data).number(), crc);
        }
    }

    #[test]
    fn combines_crcs_of_parts_of_any_length() {
        let data: Vec<u8> = (0..=255_u8).cycle().take(5000).collect();
        for checksum in Checksum::ALL {
            let is_crc = checksum.algorithm().starts_with("CRC");
            for cut in [0, 1, 4, 255, 4096, 4999, 5000] {
                let (first, second) = data.split_at(cut);
                let (a, b) = (ChecksumValue::of(checksum, first), ChecksumValue::of(checksum, second));
                let expected = is_crc.then(|| ChecksumValue::of(checksum, &data));
                let length = u64::try_from(second.len()).expect("a length");
                assert_eq!(a.combine(b, length), expected, "{checksum:?} {cut}");
            }
        }
        let (a, b) = (ChecksumValue::of(Checksum::Crc32, b"a"), ChecksumValue::of(Checksum::Crc32c, b"b"));
        assert_eq!(a.combine(b, 1), None);
    }

    #[test]
    fn parses_padded_base64_of_the_right_length() {
        for value in ["", "y/Q5Jg", "y/Q5Jg=", "y/Q5Jg=", "y_Q5Jg==", "y/Q5Jh==", "y/Q5Jga=", " y/Q5Jg=="] {
            let error = ChecksumValue::parse(Checksum::Crc32, value);
            assert_eq!(error, Err(InvalidChecksumValue { checksum: Checksum::Crc32 }), "{value:?}");
        }
        assert!(ChecksumValue::new(Checksum::Md5, &[0; 15]).is_err());
    }
}
