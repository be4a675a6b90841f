//! CRC-32C and CRC-64/NVME, and the CRC of two parts from the CRCs of each.
//!
//! ```text
//! crc(first || second) = crc(first) · x^(8 · length(second)) mod P  XOR  crc(second)
//! ```
//!
//! Source: zlib, `crc32_combine`. The equation holds for each CRC whose start value is also its
//! final mask, as in the three of S3.

#[cfg(not(target_os = "none"))]
pub(super) use self::fast::{Crc32c, Crc64Nvme};
#[cfg(target_os = "none")]
pub(super) use self::portable::{Crc32c, Crc64Nvme};

#[cfg(not(target_os = "none"))]
mod fast {
    #[derive(Clone)]
    pub(in crate::checksum) struct Crc32c(u32);

    impl Crc32c {
        pub(in crate::checksum) const fn new() -> Self {
            Self(0)
        }

        pub(in crate::checksum) fn update(&mut self, data: &[u8]) {
            self.0 = crc32c::crc32c_append(self.0, data);
        }

        pub(in crate::checksum) const fn finish(self) -> u32 {
            self.0
        }
    }

    #[derive(Clone)]
    pub(in crate::checksum) struct Crc64Nvme(crc64fast_nvme::Digest);

    impl Crc64Nvme {
        pub(in crate::checksum) fn new() -> Self {
            Self(crc64fast_nvme::Digest::new())
        }

        pub(in crate::checksum) fn update(&mut self, data: &[u8]) {
            self.0.write(data);
        }

        pub(in crate::checksum) fn finish(self) -> u64 {
            self.0.sum64()
        }
    }
}

/// For targets without the standard library: the same CRCs from tables.
#[cfg(any(test, target_os = "none"))]
mod portable {
    use crc::{Algorithm, CRC_32_ISCSI, Crc, Digest, Table};

    /// The entry of the CRC catalogue, which older versions of `crc` do not have.
    const CRC_64_NVME: Algorithm<u64> = Algorithm {
        width: 64,
        poly: 0xAD93_D235_94C9_3659,
        init: u64::MAX,
        refin: true,
        refout: true,
        xorout: u64::MAX,
        check: 0xAE8B_1486_0A79_9888,
        residue: 0xF310_303B_2B6F_6E42,
    };
    static CRC32C: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);
    static CRC64NVME: Crc<u64, Table<1>> = Crc::<u64, Table<1>>::new(&CRC_64_NVME);

    #[derive(Clone)]
    pub(in crate::checksum) struct Crc32c(Digest<'static, u32, Table<1>>);

    impl Crc32c {
        pub(in crate::checksum) fn new() -> Self {
            Self(CRC32C.digest())
        }

        pub(in crate::checksum) fn update(&mut self, data: &[u8]) {
            self.0.update(data);
        }

        pub(in crate::checksum) fn finish(self) -> u32 {
            self.0.finalize()
        }
    }

    #[derive(Clone)]
    pub(in crate::checksum) struct Crc64Nvme(Digest<'static, u64, Table<1>>);

    impl Crc64Nvme {
        pub(in crate::checksum) fn new() -> Self {
            Self(CRC64NVME.digest())
        }

        pub(in crate::checksum) fn update(&mut self, data: &[u8]) {
            self.0.update(data);
        }

        pub(in crate::checksum) fn finish(self) -> u64 {
            self.0.finalize()
        }
    }
}

/// A polynomial in reflected form: the coefficient of x⁰ is the highest of `width` bits.
#[derive(Clone, Copy)]
pub(super) struct Polynomial {
    width: u32,
    bits: u64,
}

impl Polynomial {
    pub(super) const CRC32: Self = Self { width: 32, bits: 0xEDB8_8320 };
    pub(super) const CRC32C: Self = Self { width: 32, bits: 0x82F6_3B78 };
    pub(super) const CRC64NVME: Self = Self { width: 64, bits: 0x9A6C_9329_AC4B_C9B5 };

    /// Returns the CRC of two parts of which the second has `second_len` bytes.
    pub(super) const fn combine(self, first: u64, second: u64, second_len: u64) -> u64 {
        self.multiply(self.power_of_x8(second_len), first) ^ second
    }

    /// Returns x^(8n) modulo the polynomial, by squaring.
    const fn power_of_x8(self, mut n: u64) -> u64 {
        let mut power = 1 << (self.width - 1);
        let mut square = power >> 8;
        while n > 0 {
            if n & 1 == 1 {
                power = self.multiply(power, square);
            }
            square = self.multiply(square, square);
            n >>= 1;
        }
        power
    }

    /// Returns a · b modulo the polynomial.
    const fn multiply(self, a: u64, mut b: u64) -> u64 {
        let mut product = 0;
        let mut bit = 1 << (self.width - 1);
        while bit > 0 {
            if a & bit > 0 {
                product ^= b;
            }
            b = if b & 1 == 1 { (b >> 1) ^ self.bits } else { b >> 1 };
            bit >>= 1;
        }
        product
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{fast, portable};

    #[test]
    fn the_portable_crcs_are_the_fast_ones() {
        let data: Vec<u8> = (0..=255_u8).cycle().take(5000).collect();
        for length in [0, 1, 7, 8, 64, 4999, 5000] {
            let (mut a, mut b) = (fast::Crc32c::new(), portable::Crc32c::new());
            let (mut c, mut d) = (fast::Crc64Nvme::new(), portable::Crc64Nvme::new());
            for piece in data.get(..length).expect("a prefix").chunks(1021) {
                a.update(piece);
                b.update(piece);
                c.update(piece);
                d.update(piece);
            }
            assert_eq!((a.finish(), c.finish()), (b.finish(), d.finish()), "{length}");
        }
    }
}
