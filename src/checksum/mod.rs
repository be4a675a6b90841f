//! The checksums that S3 defines for data: three CRCs, four cryptographic hashes and three XXHashes.
//!
//! ```text
//! x-amz-checksum-ALGORITHM ":" base64(digest)      the digest in network byte order
//! ```
//!
//! Source: S3 User Guide, "Checking object integrity". This file has the names and the form of
//! the values. The other files compute values (feature `checksums`).

#[cfg(feature = "checksums")]
mod composite;
#[cfg(feature = "checksums")]
mod crc;
mod hasher;
#[cfg(feature = "checksums")]
mod value;

#[cfg(feature = "checksums")]
pub use self::composite::CompositeChecksum;
#[cfg(feature = "checksums")]
pub use self::hasher::ChecksumHasher;
#[cfg(not(feature = "checksums"))]
pub(crate) use self::hasher::ChecksumHasher;
#[cfg(feature = "checksums")]
pub use self::value::{ChecksumValue, InvalidChecksumValue};

/// A checksum algorithm of S3. The checksum's value is Base64 of the digest.
///
/// The names are always available. Computing needs the feature `checksums`.
///
/// ```
/// use countersign::Checksum;
///
/// assert_eq!(Checksum::Crc32c.name(), "x-amz-checksum-crc32c");
/// assert_eq!(Checksum::Crc32c.algorithm(), "CRC32C");
/// assert_eq!(Checksum::Crc32c.length(), 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checksum {
    /// CRC-32, as in gzip.
    Crc32,
    /// CRC-32C (Castagnoli), as in iSCSI.
    Crc32c,
    /// CRC-64/NVME.
    Crc64Nvme,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// XXH64 with seed 0.
    XxHash64,
    /// XXH3 of 64 bits with seed 0.
    XxHash3,
    /// XXH3 of 128 bits with seed 0.
    XxHash128,
}

impl Checksum {
    /// All algorithms.
    pub const ALL: [Self; 10] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::XxHash64,
        Self::XxHash3,
        Self::XxHash128,
    ];

    /// Returns the name of the header or trailer that carries the checksum, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Md5 => "x-amz-checksum-md5",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
            Self::XxHash64 => "x-amz-checksum-xxhash64",
            Self::XxHash3 => "x-amz-checksum-xxhash3",
            Self::XxHash128 => "x-amz-checksum-xxhash128",
        }
    }

    /// Returns the algorithm's name as `x-amz-checksum-algorithm` contains it, such as `CRC32C`.
    #[must_use]
    pub const fn algorithm(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            Self::XxHash64 => "XXHASH64",
            Self::XxHash3 => "XXHASH3",
            Self::XxHash128 => "XXHASH128",
        }
    }

    /// Returns the algorithm whose [`name`](Self::name) is `name`, in any case. Returns `None` for an
    /// algorithm that this crate does not know.
    ///
    /// ```
    /// use countersign::Checksum;
    ///
    /// assert_eq!(Checksum::from_name("X-Amz-Checksum-CRC32"), Some(Checksum::Crc32));
    /// assert_eq!(Checksum::from_name("x-amz-checksum-mode"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|checksum| checksum.name().eq_ignore_ascii_case(name))
    }

    /// Returns the algorithm whose [`algorithm`](Self::algorithm) is `name`, in any case.
    ///
    /// ```
    /// use countersign::Checksum;
    ///
    /// assert_eq!(Checksum::from_algorithm("XXHASH3"), Some(Checksum::XxHash3));
    /// assert_eq!(Checksum::from_algorithm("CRC16"), None);
    /// ```
    #[must_use]
    pub fn from_algorithm(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|checksum| checksum.algorithm().eq_ignore_ascii_case(name))
    }

    /// Returns the length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme | Self::XxHash64 | Self::XxHash3 => 8,
            Self::Md5 | Self::XxHash128 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Returns true if this build computes checksums.
    pub(crate) const fn is_supported() -> bool {
        cfg!(feature = "checksums")
    }

    /// Returns the length of every value in Base64, in bytes.
    pub(crate) const fn value_length(self) -> usize {
        self.length().div_ceil(3) * 4
    }

    /// Returns true if `value` has the form of this algorithm's values: padded
    /// Base64 of [`value_length`](Self::value_length).
    pub(crate) fn is_value(self, value: &str) -> bool {
        let digits = value.trim_end_matches('=');
        value.len() == self.value_length()
            && value.len() - digits.len() <= 2
            && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
    }
}

/// The treatment of a checksum that this build cannot compute.
///
/// ```
/// use countersign::chunked::{DecodeError, Decoder};
/// use countersign::{UnknownChecksums, Verified};
///
/// /// Reads any trailing checksum; the caller looks at `VerifiedBody::unchecked_checksum`.
/// fn decoder(verified: &Verified) -> Result<Decoder, DecodeError> {
///     Decoder::new_with(verified, UnknownChecksums::HandOver)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum UnknownChecksums {
    /// Refuses the request, and names the checksum.
    #[default]
    Refuse,
    /// Accepts the request. The caller must check the checksum, which is returned after the body.
    HandOver,
}

/// Returns true if `name`, in lower case, is the name of a checksum, also of an algorithm that
/// this crate does not know.
pub(crate) fn is_checksum_name(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|algorithm| !NOT_CHECKSUMS.contains(&algorithm))
}

/// The prefix of the names of checksums.
pub(crate) const PREFIX: &str = "x-amz-checksum-";
/// Headers with the prefix that contain a setting: `x-amz-checksum-mode: ENABLED`.
const NOT_CHECKSUMS: [&str; 3] = ["algorithm", "mode", "type"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_algorithm_by_its_name() {
        for checksum in Checksum::ALL {
            assert_eq!(Checksum::from_name(checksum.name()), Some(checksum));
            assert_eq!(Checksum::from_algorithm(checksum.algorithm()), Some(checksum));
            assert!(is_checksum_name(checksum.name()));
            assert_eq!(
                checksum.name().strip_prefix(PREFIX).map(str::to_ascii_uppercase).as_deref(),
                Some(checksum.algorithm())
            );
        }
        for unknown in ["", "x-amz-checksum-", "x-amz-checksum-crc16", "crc32"] {
            assert_eq!(Checksum::from_name(unknown), None, "{unknown}");
        }
        assert!(is_checksum_name("x-amz-checksum-crc16"));
        for setting in ["x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"] {
            assert!(!is_checksum_name(setting), "{setting}");
        }
        assert!(!is_checksum_name("x-amz-sdk-checksum-algorithm"));
    }

    #[test]
    fn checks_the_form_of_a_value() {
        for (value, expected) in [
            ("y/Q5Jg==", true),
            ("y/Q5Jg=", false),
            ("y/Q5Jg===", false),
            ("y/Q5J===", false),
            ("y/Q5=g==", false),
            ("y_Q5Jg==", false),
            ("y/Q5Jga=", true),
            ("", false),
        ] {
            assert_eq!(Checksum::Crc32.is_value(value), expected, "{value}");
        }
    }
}
