//! [`CompositeChecksum`], the checksum of a multipart upload of the type `COMPOSITE`.
//!
//! ```text
//! composite = base64(hash(digest of part 1 || … || digest of part N)) "-" N
//! ```
//!
//! Source: S3 User Guide, "Checking object integrity", *Composite checksums*.

use core::fmt;

use super::{Checksum, ChecksumHasher, ChecksumValue, InvalidChecksumValue};

/// The checksum of the checksums of a multipart upload's parts. `Display` writes S3's form,
/// Base64 and the number of parts.
///
/// S3 calls this type `COMPOSITE`. It depends on the division into parts. The type `FULL_OBJECT` is
/// the checksum of the data: [`ChecksumValue::combine`] returns it for CRCs. CRC64NVME has only the
/// latter.
///
/// ```
/// use countersign::{Checksum, ChecksumValue, CompositeChecksum};
///
/// let parts = [b"first part".as_slice(), b"second part"].map(|part| ChecksumValue::of(Checksum::Sha256, part));
/// let composite = CompositeChecksum::new(&parts).expect("two parts of one algorithm");
/// assert_eq!(composite.to_string(), "sg6d8BNJbkHAOY5kYrCynKnoKQWtMiDAkfK9TZUURiA=-2");
/// assert_eq!(CompositeChecksum::parse(Checksum::Sha256, &composite.to_string()), Ok(composite));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompositeChecksum {
    value: ChecksumValue,
    parts: u32,
}

impl CompositeChecksum {
    /// Computes the composite checksum of the parts, in their order.
    ///
    /// Returns `None` if there are no parts, if their algorithms differ, or if the algorithm is
    /// CRC64NVME.
    #[must_use]
    pub fn new(parts: &[ChecksumValue]) -> Option<Self> {
        let checksum = parts.first()?.checksum();
        if !has_composite(checksum) || parts.iter().any(|part| part.checksum() != checksum) {
            return None;
        }
        let mut hasher = ChecksumHasher::new(checksum);
        parts.iter().for_each(|part| hasher.update(part.as_bytes()));
        Some(Self { value: hasher.finish(), parts: u32::try_from(parts.len()).ok()? })
    }

    /// Parses S3's form, such as `y/Q5Jg==-2`.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidChecksumValue`] if `text` is not Base64 of a digest of the algorithm, `-` and
    /// a decimal number from 1 without leading zeros, or if the algorithm is CRC64NVME.
    pub fn parse(checksum: Checksum, text: &str) -> Result<Self, InvalidChecksumValue> {
        let invalid = InvalidChecksumValue { checksum };
        let (value, parts) = text.split_once('-').filter(|_| has_composite(checksum)).ok_or(invalid)?;
        let is_number = parts.bytes().all(|byte| byte.is_ascii_digit()) && !parts.starts_with('0');
        let parts = parts.parse().ok().filter(|_| is_number).ok_or(invalid)?;
        Ok(Self { value: ChecksumValue::parse(checksum, value)?, parts })
    }

    /// Returns the checksum of the concatenated digests.
    #[must_use]
    pub const fn value(&self) -> ChecksumValue {
        self.value
    }

    /// Returns the number of parts.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        self.parts
    }
}

/// Writes S3's form: Base64, `-` and the number of parts.
impl fmt::Display for CompositeChecksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.value, self.parts)
    }
}

fn has_composite(checksum: Checksum) -> bool {
    checksum != Checksum::Crc64Nvme
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_has_no_composite_checksum() {
        let of = |checksum| ChecksumValue::of(checksum, b"a");
        assert_eq!(CompositeChecksum::new(&[]), None);
        assert_eq!(CompositeChecksum::new(&[of(Checksum::Crc64Nvme)]), None);
        assert_eq!(CompositeChecksum::new(&[of(Checksum::Crc32), of(Checksum::Crc32c)]), None);
        for text in
            ["y/Q5Jg==", "y/Q5Jg==-", "y/Q5Jg==-0", "y/Q5Jg==-01", "y/Q5Jg==-+1", "y/Q5Jg==--1", "y/Q5Jg=-1"]
        {
            assert!(CompositeChecksum::parse(Checksum::Crc32, text).is_err(), "{text}");
        }
        assert!(CompositeChecksum::parse(Checksum::Crc64Nvme, "rosUhgp5mIg=-1").is_err());
    }
}
