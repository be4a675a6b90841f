//! Computes checksums with the feature `checksums`. Without it, `ChecksumState` has no values.
//!
//! Except for `crypto/`, this is the only file that names a crypto crate: `sha1`.

#[cfg(feature = "checksums")]
pub(crate) use self::supported::ChecksumState;
#[cfg(not(feature = "checksums"))]
pub(crate) use self::unsupported::ChecksumState;

#[cfg(feature = "checksums")]
mod supported {
    use alloc::string::String;

    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use sha1::{Digest, Sha1};

    use crate::checksum::Checksum;
    use crate::crypto::Sha256Stream;

    /// The state of a checksum after the data that it was updated with.
    #[derive(Clone)]
    pub(crate) enum ChecksumState {
        Crc32(crc32fast::Hasher),
        Crc32c(u32),
        Crc64Nvme(crc64fast_nvme::Digest),
        Sha1(Sha1),
        Sha256(Sha256Stream),
    }

    impl ChecksumState {
        /// Returns the state before any data; `None` if this build cannot compute the checksum.
        pub(crate) fn new(checksum: Checksum) -> Option<Self> {
            Some(match checksum {
                Checksum::Crc32 => Self::Crc32(crc32fast::Hasher::new()),
                Checksum::Crc32c => Self::Crc32c(0),
                Checksum::Crc64Nvme => Self::Crc64Nvme(crc64fast_nvme::Digest::new()),
                Checksum::Sha1 => Self::Sha1(Sha1::new()),
                Checksum::Sha256 => Self::Sha256(Sha256Stream::default()),
            })
        }

        /// Adds the next piece of the data.
        pub(crate) fn update(&mut self, data: &[u8]) {
            match self {
                Self::Crc32(crc) => crc.update(data),
                Self::Crc32c(crc) => *crc = crc32c::crc32c_append(*crc, data),
                Self::Crc64Nvme(crc) => crc.write(data),
                Self::Sha1(hash) => hash.update(data),
                Self::Sha256(hash) => hash.update(data),
            }
        }

        /// Returns the value: base64 of the digest.
        pub(crate) fn finish(self) -> String {
            match self {
                Self::Crc32(crc) => BASE64_STANDARD.encode(crc.finalize().to_be_bytes()),
                Self::Crc32c(crc) => BASE64_STANDARD.encode(crc.to_be_bytes()),
                Self::Crc64Nvme(crc) => BASE64_STANDARD.encode(crc.sum64().to_be_bytes()),
                Self::Sha1(hash) => BASE64_STANDARD.encode(hash.finalize()),
                Self::Sha256(hash) => BASE64_STANDARD.encode(hash.finish()),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// The CRC catalogue's check values and the digests of the same nine digits.
        #[test]
        fn computes_the_published_check_values() {
            for (checksum, expected) in [
                (Checksum::Crc32, "y/Q5Jg=="),
                (Checksum::Crc32c, "4waSgw=="),
                (Checksum::Crc64Nvme, "rosUhgp5mIg="),
                (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
                (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
            ] {
                let mut state = ChecksumState::new(checksum).expect("the feature is enabled");
                state.update(b"1234");
                state.update(b"56789");
                let value = state.finish();
                assert_eq!(value, expected, "{checksum:?}");
                assert_eq!(value.len(), checksum.value_length());
                assert!(checksum.is_value(&value));
            }
        }
    }
}

#[cfg(not(feature = "checksums"))]
mod unsupported {
    use alloc::string::String;

    use crate::checksum::Checksum;

    /// Has no values: without the feature `checksums` no checksum is computed.
    #[derive(Clone)]
    pub(crate) enum ChecksumState {}

    impl ChecksumState {
        pub(crate) const fn new(_: Checksum) -> Option<Self> {
            None
        }

        pub(crate) fn update(&mut self, _: &[u8]) {
            match *self {}
        }

        pub(crate) fn finish(self) -> String {
            match self {}
        }
    }
}
