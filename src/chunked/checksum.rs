//! Checksums that travel as trailers (feature `checksums`).
//!
//! ```text
//! x-amz-checksum-ALGORITHM ":" base64(digest), the digest in network order
//! ```
//!
//! Source: S3 User Guide, "Checking object integrity". This is the feature's
//! own file of crypto crates. Not here: checksums in headers, which cover what
//! a server stores and not what travelled, and checksums of checksums.

use alloc::string::String;

/// What a trailing checksum is computed with. Base64 of the digest is its value.
///
/// ```
/// use countersign::chunked::Checksum;
///
/// assert_eq!(Checksum::Crc32c.name(), "x-amz-checksum-crc32c");
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

    /// The trailer's name.
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

    /// The algorithm, as S3 writes it.
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

    pub(super) fn of_trailer(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|checksum| checksum.name() == name)
    }

    /// How long the value is.
    pub(super) const fn value_length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 8,
            Self::Crc64Nvme => 12,
            Self::Sha1 => 28,
            Self::Sha256 => 44,
        }
    }

    /// Whether a text could be a value: padded base64 of that length.
    pub(super) fn is_value(self, text: &str) -> bool {
        let digits = text.trim_end_matches('=');
        text.len() == self.value_length()
            && text.len() - digits.len() <= 2
            && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
    }
}

/// Whether a trailer claims to be a checksum, of whatever algorithm.
pub(super) fn is_checksum(name: &str) -> bool {
    name.starts_with("x-amz-checksum-")
}

#[cfg(feature = "checksums")]
pub(super) use self::running::Running;

#[cfg(feature = "checksums")]
mod running {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use sha1::{Digest, Sha1};

    use super::{Checksum, String};
    use crate::crypto::Sha256Stream;

    /// A checksum over data as it passes.
    #[derive(Clone)]
    pub(in super::super) enum Running {
        Crc32(crc32fast::Hasher),
        Crc32c(u32),
        Crc64Nvme(crc64fast_nvme::Digest),
        Sha1(Sha1),
        Sha256(Sha256Stream),
    }

    impl Running {
        pub(in super::super) fn new(checksum: Checksum) -> Option<Self> {
            Some(match checksum {
                Checksum::Crc32 => Self::Crc32(crc32fast::Hasher::new()),
                Checksum::Crc32c => Self::Crc32c(0),
                Checksum::Crc64Nvme => Self::Crc64Nvme(crc64fast_nvme::Digest::new()),
                Checksum::Sha1 => Self::Sha1(Sha1::new()),
                Checksum::Sha256 => Self::Sha256(Sha256Stream::default()),
            })
        }

        pub(in super::super) fn update(&mut self, data: &[u8]) {
            match self {
                Self::Crc32(crc) => crc.update(data),
                Self::Crc32c(crc) => *crc = crc32c::crc32c_append(*crc, data),
                Self::Crc64Nvme(crc) => crc.write(data),
                Self::Sha1(hash) => hash.update(data),
                Self::Sha256(hash) => hash.update(data),
            }
        }

        pub(in super::super) fn finish(self) -> String {
            match self {
                Self::Crc32(crc) => BASE64_STANDARD.encode(crc.finalize().to_be_bytes()),
                Self::Crc32c(crc) => BASE64_STANDARD.encode(crc.to_be_bytes()),
                Self::Crc64Nvme(crc) => BASE64_STANDARD.encode(crc.sum64().to_be_bytes()),
                Self::Sha1(hash) => BASE64_STANDARD.encode(hash.finalize()),
                Self::Sha256(hash) => BASE64_STANDARD.encode(hash.finish()),
            }
        }
    }
}

/// Without the feature there is none, and a body that needs one is refused.
#[cfg(not(feature = "checksums"))]
#[derive(Clone)]
pub(super) enum Running {}

#[cfg(not(feature = "checksums"))]
impl Running {
    pub(super) const fn new(_: Checksum) -> Option<Self> {
        None
    }

    pub(super) fn update(&mut self, _: &[u8]) {
        match *self {}
    }

    pub(super) fn finish(self) -> String {
        match self {}
    }
}
