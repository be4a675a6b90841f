//! [`ChecksumHasher`] computes a checksum with the feature `checksums`. Without it, the type has no
//! values.
//!
//! Except for `crypto/`, this is the only file that names crypto crates: `md5`, `sha1`, and `sha2`
//! for SHA-512.

#[cfg(feature = "checksums")]
pub use self::supported::ChecksumHasher;
#[cfg(not(feature = "checksums"))]
pub(crate) use self::unsupported::ChecksumHasher;

#[cfg(feature = "checksums")]
mod supported {
    use alloc::boxed::Box;
    use alloc::string::{String, ToString};
    use core::fmt;
    use core::hash::Hasher;

    use md5::Md5;
    use sha1::{Digest, Sha1};
    use sha2::Sha512;
    use twox_hash::{XxHash3_64, XxHash3_128, XxHash64};

    use crate::checksum::crc::{Crc32c, Crc64Nvme};
    use crate::checksum::{Checksum, ChecksumValue};
    use crate::crypto::Sha256Stream;

    /// Computes a checksum of data that arrives in pieces.
    ///
    /// ```
    /// use countersign::{Checksum, ChecksumHasher};
    ///
    /// let mut hasher = ChecksumHasher::new(Checksum::Crc32);
    /// hasher.update(b"1234");
    /// hasher.update(b"56789");
    /// assert_eq!(hasher.finish().to_string(), "y/Q5Jg==");
    /// ```
    #[derive(Clone)]
    pub struct ChecksumHasher(State);

    #[derive(Clone)]
    enum State {
        Crc32(crc32fast::Hasher),
        Crc32c(Crc32c),
        Crc64Nvme(Crc64Nvme),
        Md5(Md5),
        Sha1(Sha1),
        Sha256(Sha256Stream),
        Sha512(Box<Sha512>),
        XxHash64(XxHash64),
        XxHash3(Box<XxHash3_64>),
        XxHash128(Box<XxHash3_128>),
    }

    impl ChecksumHasher {
        /// Creates a hasher that has read no data.
        #[must_use]
        pub fn new(checksum: Checksum) -> Self {
            Self(match checksum {
                Checksum::Crc32 => State::Crc32(crc32fast::Hasher::new()),
                Checksum::Crc32c => State::Crc32c(Crc32c::new()),
                Checksum::Crc64Nvme => State::Crc64Nvme(Crc64Nvme::new()),
                Checksum::Md5 => State::Md5(Md5::new()),
                Checksum::Sha1 => State::Sha1(Sha1::new()),
                Checksum::Sha256 => State::Sha256(Sha256Stream::default()),
                Checksum::Sha512 => State::Sha512(Box::new(Sha512::new())),
                Checksum::XxHash64 => State::XxHash64(XxHash64::with_seed(0)),
                Checksum::XxHash3 => State::XxHash3(Box::new(XxHash3_64::new())),
                Checksum::XxHash128 => State::XxHash128(Box::new(XxHash3_128::new())),
            })
        }

        /// Returns a hasher if this build computes checksums.
        pub(crate) fn supported(checksum: Checksum) -> Option<Self> {
            Some(Self::new(checksum))
        }

        /// Returns the algorithm.
        #[must_use]
        pub const fn checksum(&self) -> Checksum {
            match &self.0 {
                State::Crc32(_) => Checksum::Crc32,
                State::Crc32c(_) => Checksum::Crc32c,
                State::Crc64Nvme(_) => Checksum::Crc64Nvme,
                State::Md5(_) => Checksum::Md5,
                State::Sha1(_) => Checksum::Sha1,
                State::Sha256(_) => Checksum::Sha256,
                State::Sha512(_) => Checksum::Sha512,
                State::XxHash64(_) => Checksum::XxHash64,
                State::XxHash3(_) => Checksum::XxHash3,
                State::XxHash128(_) => Checksum::XxHash128,
            }
        }

        /// Adds the next piece of the data, of any length.
        pub fn update(&mut self, data: &[u8]) {
            match &mut self.0 {
                State::Crc32(crc) => crc.update(data),
                State::Crc32c(crc) => crc.update(data),
                State::Crc64Nvme(crc) => crc.update(data),
                State::Md5(hash) => hash.update(data),
                State::Sha1(hash) => hash.update(data),
                State::Sha256(hash) => hash.update(data),
                State::Sha512(hash) => hash.update(data),
                State::XxHash64(hash) => hash.write(data),
                State::XxHash3(hash) => hash.write(data),
                State::XxHash128(hash) => hash.write(data),
            }
        }

        /// Returns the checksum of all data.
        #[must_use]
        pub fn finish(self) -> ChecksumValue {
            let checksum = self.checksum();
            let value = |digest: &[u8]| ChecksumValue::from_digest(checksum, digest);
            match self.0 {
                State::Crc32(crc) => value(&crc.finalize().to_be_bytes()),
                State::Crc32c(crc) => value(&crc.finish().to_be_bytes()),
                State::Crc64Nvme(crc) => value(&crc.finish().to_be_bytes()),
                State::Md5(hash) => value(&hash.finalize()),
                State::Sha1(hash) => value(&hash.finalize()),
                State::Sha256(hash) => value(&hash.finish()),
                State::Sha512(hash) => value(&hash.finalize()),
                State::XxHash64(hash) => value(&hash.finish().to_be_bytes()),
                State::XxHash3(hash) => value(&hash.finish().to_be_bytes()),
                State::XxHash128(hash) => value(&hash.finish_128().to_be_bytes()),
            }
        }

        /// Returns the checksum in Base64.
        pub(crate) fn finish_base64(self) -> String {
            self.finish().to_string()
        }
    }

    /// Prints the algorithm, not the data's state.
    impl fmt::Debug for ChecksumHasher {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_tuple("ChecksumHasher").field(&self.checksum()).finish()
        }
    }
}

#[cfg(not(feature = "checksums"))]
mod unsupported {
    use alloc::string::String;

    use crate::checksum::Checksum;

    /// Has no values: without the feature `checksums` no checksum is computed.
    #[derive(Debug, Clone)]
    pub(crate) enum ChecksumHasher {}

    impl ChecksumHasher {
        pub(crate) const fn supported(_: Checksum) -> Option<Self> {
            None
        }

        pub(crate) fn update(&mut self, _: &[u8]) {
            match *self {}
        }

        pub(crate) fn finish_base64(self) -> String {
            match self {}
        }
    }
}
