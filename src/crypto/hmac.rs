//! HMAC-SHA256: once with [`hmac`], or many times with one [`HmacKey`].
//!
//! ```text
//! HMAC(key, message) = H((key ⊕ opad) | H((key ⊕ ipad) | message))
//! ```
//!
//! A signing key is used for a day. [`HmacKey`] keeps the two hash states after
//! `key ⊕ ipad` and `key ⊕ opad`, as RFC 2104, section 4, describes: this saves
//! two of the blocks of each signature. `docs/decisions/0013` has the numbers.
//!
//! Source: RFC 2104; FIPS 198-1.

use alloc::boxed::Box;
use alloc::vec::Vec;

use ::hmac::digest::FixedOutput;
use ::hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, block_api::compress256};
use zeroize::{Zeroize, Zeroizing, zeroize_bytes};

use super::sha256::{INITIAL_STATE, compress_from, compress_padded, digest, sha256};

/// Returns `HMAC(key, message)`.
pub(crate) fn hmac(key: &[u8], message: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut code = Zeroizing::new([0; 32]);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    // Writes into the array that is wiped. A returned value would leave a copy.
    mac.finalize_into((&mut *code).into());
    code
}

/// An HMAC key, as the two hash states after its two padded blocks. Wiped on drop.
///
/// The states are in a box: moving the key copies the pointer, and leaves no copy of the states on the
/// stack, which no code would wipe. `docs/decisions/0024` has the measurement.
#[derive(Clone)]
pub(crate) struct HmacKey(Box<States>);

#[derive(Clone)]
struct States {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// Creates a key from bytes of any length. This compresses two blocks, which each
    /// message then does not need.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK_LEN];
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            // A key longer than a block is replaced by its digest.
            None => block.iter_mut().zip(&*Zeroizing::new(sha256(key))).for_each(|(to, from)| *to = *from),
        }
        let mut key = Self(Box::new(States { inner: INITIAL_STATE, outer: INITIAL_STATE }));
        let States { inner, outer } = &mut *key.0;
        // The block still contains the first pad when the second is added, which removes it as well.
        for (pad, state) in [(INNER_PAD, inner), (INNER_PAD ^ OUTER_PAD, outer)] {
            block.iter_mut().for_each(|byte| *byte ^= pad);
            compress256(state, core::slice::from_ref(&block));
        }
        zeroize_bytes(&mut block);
        key
    }

    /// Returns `HMAC(key, message)`.
    #[inline]
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.finish(compress_padded(self.0.inner, BLOCK_BYTES, message))
    }

    /// Returns `HMAC(key, &buffer[start..])`. Pads in `buffer`, as
    /// [`sha256_from`](super::sha256_from) does.
    #[inline]
    pub(crate) fn mac_from(&self, buffer: &mut Vec<u8>, start: usize) -> [u8; 32] {
        self.finish(compress_from(self.0.inner, BLOCK_BYTES, buffer, start))
    }

    /// Hashes the inner digest with the outer state.
    #[inline]
    fn finish(&self, inner: [u32; 8]) -> [u8; 32] {
        // The padding after a block and a digest: 0x80, zeros, the length in bits.
        const PADDING: [u8; 32] = {
            let mut padding = [0; 32];
            padding[0] = 0x80;
            [padding[30], padding[31]] = (8 * 96u16).to_be_bytes();
            padding
        };
        let mut state = self.0.outer;
        compress256(&mut state, [digest(inner), PADDING].as_flattened().as_chunks().0);
        digest(state)
    }
}

impl Drop for States {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

const BLOCK_LEN: usize = 64;
/// The bytes that are hashed before the message.
const BLOCK_BYTES: u64 = 64;
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

#[cfg(test)]
mod tests {
    use super::{HmacKey, hmac};

    #[test]
    fn a_kept_key_computes_what_the_hmac_crate_computes() {
        let bytes: [u8; 200] = core::array::from_fn(|index| u8::try_from(index).expect("below 200"));
        let holds = |key_len: usize, message_len: usize| {
            let start = |length: usize| bytes.get(..length).expect("a length of the bytes");
            let (key, message) = (start(key_len), start(message_len));
            let kept = HmacKey::new(key);
            let expected = *hmac(key, message);
            assert_eq!(kept.mac(message), expected, "a key of {key_len} bytes, a message of {message_len}");
            let mut buffer = [b"before", message].concat();
            assert_eq!(kept.mac_from(&mut buffer, 6), expected, "{key_len}, {message_len}");
            assert_eq!(buffer.len(), 6 + message_len, "the padding is gone");
        };
        for message_len in 0..=200 {
            [0, 1, 32, 63, 64, 65, 130].into_iter().for_each(|key_len| holds(key_len, message_len));
        }
        for key_len in 0..=130 {
            [0, 8, 55, 56, 64, 120].into_iter().for_each(|message_len| holds(key_len, message_len));
        }
    }

    /// RFC 4231, sections 4.2, 4.3 and 4.7.
    #[test]
    fn codes_are_those_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, code) in cases {
            assert_eq!(hex::encode(*hmac(key, message)), code);
            assert_eq!(hex::encode(HmacKey::new(key).mac(message)), code);
        }
    }
}
