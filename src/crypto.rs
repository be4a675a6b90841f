//! SHA-256 and HMAC-SHA256: the only file that names a crypto crate.
//!
//! Both work on whole 64-byte blocks where the text lies, so that nothing is
//! copied through a hasher's own buffer but the last few bytes.

use alloc::vec::Vec;
use ctutils::CtEq;
use hmac::KeyInit;
use hmac::block_api::HmacCore;
use sha2::digest::array::Array;
use sha2::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha2::{Digest, Sha256, block_api::compress256};

/// SHA-256 of the empty text: the payload of a request without a body.
pub(crate) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// SHA-256 of `text` from `start` to its end, padded in place (FIPS 180-4,
/// section 5.1.1); the padding is taken away again.
pub(crate) fn sha256_tail(text: &mut Vec<u8>, start: usize) -> [u8; 32] {
    let end = text.len();
    let length = end.saturating_sub(start);
    let bits = u64::try_from(length).unwrap_or(u64::MAX).wrapping_mul(8);
    text.push(0x80);
    let zeros = (120 - (length + 1) % 64) % 64;
    text.resize(end + 1 + zeros, 0);
    text.extend_from_slice(&bits.to_be_bytes());
    let mut state = INITIAL_STATE;
    compress256(&mut state, text.get(start..).unwrap_or_default().as_chunks::<64>().0);
    text.truncate(end);

    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

/// A hash that is fed as a body streams past.
#[derive(Clone, Default)]
pub(crate) struct Sha256Stream(Sha256);

impl Sha256Stream {
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// An HMAC key as the two hash states that it leaves behind: keying costs two
/// blocks, and is paid once. Both states are wiped on drop (feature `zeroize`
/// of `sha2`).
#[derive(Clone)]
pub(crate) struct HmacKey(HmacCore<Sha256>);

impl HmacKey {
    /// A key of any length.
    #[inline]
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(HmacCore::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    #[inline]
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut core = self.0.clone();
        let (blocks, rest) = message.as_chunks::<64>();
        core.update_blocks(Array::cast_slice_from_core(blocks));
        let mut mac = Array::default();
        core.finalize_fixed_core(&mut Buffer::<HmacCore<Sha256>>::new(rest), &mut mac);
        mac.into()
    }
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).to_bool()
}

/// Lower-case hex of 32 bytes, without a table and without a branch.
pub(crate) fn hex32(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [hex_digit(byte >> 4), hex_digit(byte & 0x0f)];
    }
    text
}

#[inline]
const fn hex_digit(nibble: u8) -> u8 {
    // The letters begin 39 places after where a tenth digit would stand; above
    // nine the difference wraps, and its top bit is set.
    nibble + b'0' + 39 * (9u8.wrapping_sub(nibble) >> 7)
}

/// FIPS 180-4, section 5.3.3.
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
