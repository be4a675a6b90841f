//! The checksums that S3 defines for data: CRC32, CRC32C, CRC64NVME, SHA-1 and SHA-256.
//!
//! ```text
//! x-amz-checksum-ALGORITHM ":" base64(digest)      the digest in network byte order
//! ```
//!
//! Source: S3 User Guide, "Checking object integrity". This file has the names and the form of
//! the values. `state.rs` computes the values (feature `checksums`).

mod state;

pub(crate) use self::state::ChecksumState;

/// A checksum algorithm of S3. The checksum's value is base64 of the digest.
///
/// The names are always available. Computing needs the feature `checksums`.
///
/// ```
/// use countersign::Checksum;
///
/// assert_eq!(Checksum::Crc32c.name(), "x-amz-checksum-crc32c");
/// assert_eq!(Checksum::Crc32c.algorithm(), "CRC32C");
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
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Checksum {
    const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// Returns the name of the header or trailer that carries the checksum, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// Returns the algorithm's name as S3 writes it, such as `CRC32C`.
    #[must_use]
    pub const fn algorithm(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// Returns the algorithm whose [`name`](Self::name) is `name`, which must be in lower case.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|checksum| checksum.name() == name)
    }

    /// Returns true if this build computes checksums.
    pub(crate) const fn is_supported() -> bool {
        cfg!(feature = "checksums")
    }

    /// Returns the length in bytes of every value of this algorithm.
    pub(crate) const fn value_length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 8,
            Self::Crc64Nvme => 12,
            Self::Sha1 => 28,
            Self::Sha256 => 44,
        }
    }

    /// Returns true if `value` has the form of this algorithm's values: padded
    /// base64 of [`value_length`](Self::value_length).
    pub(crate) fn is_value(self, value: &str) -> bool {
        let digits = value.trim_end_matches('=');
        value.len() == self.value_length()
            && value.len() - digits.len() <= 2
            && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
    }
}

/// Returns true if `name`, in lower case, is the name of a checksum, also of an algorithm that
/// this crate does not know.
pub(crate) fn is_checksum_name(name: &str) -> bool {
    name.starts_with("x-amz-checksum-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_algorithm_by_its_exact_name() {
        for checksum in Checksum::ALL {
            assert_eq!(Checksum::from_name(checksum.name()), Some(checksum));
            assert!(is_checksum_name(checksum.name()));
        }
        for unknown in ["", "x-amz-checksum-", "x-amz-checksum-CRC32", "x-amz-checksum-md5", "crc32"] {
            assert_eq!(Checksum::from_name(unknown), None, "{unknown}");
        }
        assert!(is_checksum_name("x-amz-checksum-md5"));
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
