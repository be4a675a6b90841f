//! SHA-256 and HMAC-SHA256: the only file of the core that names a crypto crate.
//! Features have one each: `crypto_ecdsa.rs`, and the trailers' checksums.
//!
//! Both work on whole 64-byte blocks where the text lies, so that nothing is
//! copied through a hasher's own buffer but the last few bytes.

use alloc::vec::Vec;
#[cfg(feature = "sigv4a")]
pub(crate) mod ecdsa;

use ctutils::CtEq;
use sha2::{Digest, Sha256, block_api::compress256};
use zeroize::{Zeroize, zeroize_bytes};

/// SHA-256 of the empty text: the payload of a request without a body.
pub(crate) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[inline]
pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut state = INITIAL_STATE;
    compress_all(&mut state, 0, data);
    bytes(state)
}

/// Continues a state, behind `before` bytes, with a text and its padding.
#[inline]
fn compress_all(state: &mut [u32; 8], before: u64, text: &[u8]) {
    let (blocks, rest) = text.as_chunks();
    if !blocks.is_empty() {
        compress256(state, blocks);
    }
    let bits = u64::try_from(text.len()).unwrap_or(u64::MAX).wrapping_add(before).wrapping_mul(8);
    let mut last = [[0u8; 64]; 2];
    let padded = if rest.len() < 56 { 1 } else { 2 };
    let last = last.get_mut(..padded).unwrap_or_default();
    let flat = last.as_flattened_mut();
    if let Some((start, [mark, ..])) = flat.split_at_mut_checked(rest.len()) {
        start.copy_from_slice(rest);
        *mark = 0x80;
    }
    if let Some(length) = flat.last_chunk_mut() {
        *length = bits.to_be_bytes();
    }
    compress256(state, last);
}

/// SHA-256 of `text` from `start` to its end.
#[inline]
pub(crate) fn sha256_tail(text: &mut Vec<u8>, start: usize) -> [u8; 32] {
    bytes(compress_tail(INITIAL_STATE, 0, text, start))
}

/// SHA-256 of `text` from `start` to its end, and of another text: a block of
/// each in turn. A hash is a chain of steps that wait for each other, and a
/// processor goes along two of them in less time than along one after the other.
#[inline]
pub(crate) fn sha256_tail_and(text: &mut Vec<u8>, start: usize, other: &[u8]) -> ([u8; 32], [u8; 32]) {
    let end = text.len();
    pad_tail(0, text, start);
    let (mut of_text, mut of_other) = (INITIAL_STATE, INITIAL_STATE);
    let blocks: &[[u8; 64]] = text.get(start..).unwrap_or_default().as_chunks().0;
    let pairs = blocks.len().min(other.len() / 64);
    for (block, beside) in blocks.iter().zip(other.as_chunks().0) {
        compress256(&mut of_text, core::slice::from_ref(block));
        compress256(&mut of_other, core::slice::from_ref(beside));
    }
    compress256(&mut of_text, blocks.get(pairs..).unwrap_or_default());
    text.truncate(end);
    let hashed = u64::try_from(64 * pairs).unwrap_or(u64::MAX);
    compress_all(&mut of_other, hashed, other.get(64 * pairs..).unwrap_or_default());
    (bytes(of_text), bytes(of_other))
}

/// The state after `text` from `start` to its end, where `before` bytes were
/// hashed to reach `state`. The text is padded where it lies, and the padding
/// taken away again.
#[inline]
fn compress_tail(mut state: [u32; 8], before: u64, text: &mut Vec<u8>, start: usize) -> [u32; 8] {
    let end = text.len();
    pad_tail(before, text, start);
    compress256(&mut state, text.get(start..).unwrap_or_default().as_chunks().0);
    text.truncate(end);
    state
}

/// Pads `text` from `start` on to whole blocks (FIPS 180-4, section 5.1.1), where
/// `before` bytes are hashed before it.
#[inline]
fn pad_tail(before: u64, text: &mut Vec<u8>, start: usize) {
    const PADDING: [u8; MOST_PADDING] = {
        let mut padding = [0; MOST_PADDING];
        padding[0] = 0x80;
        padding
    };
    let end = text.len();
    let length = end.saturating_sub(start);
    let bits = u64::try_from(length).unwrap_or(u64::MAX).wrapping_add(before).wrapping_mul(8);
    // From nine bytes more, the last eight of them the length.
    let padded = start + padded_length(length);
    text.extend_from_slice(&PADDING);
    text.truncate(padded - 8);
    text.extend_from_slice(&bits.to_be_bytes());
}

/// How long a text of this length is when it is padded: behind it stand a mark
/// and eight bytes at least.
#[inline]
pub(crate) const fn padded_length(length: usize) -> usize {
    (length + 72) / 64 * 64
}

/// The most that padding adds to a text.
pub(crate) const MOST_PADDING: usize = 72;

#[inline(always)]
fn bytes(state: [u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (bytes, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

/// A hash that is fed as a body streams past.
#[derive(Clone, Default)]
pub(crate) struct Sha256Stream(Sha256);

impl Sha256Stream {
    #[inline]
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    #[inline]
    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// An HMAC key as the two hash states that it leaves behind (RFC 2104, section
/// 4): keying costs two blocks, and is paid once. Wiped on drop.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// A key of any length.
    #[inline]
    pub(crate) fn new(key: &[u8]) -> Self {
        Self::joined(&[], key)
    }

    /// A key of two parts, of any length together.
    #[inline]
    pub(crate) fn joined(first: &[u8], second: &[u8]) -> Self {
        let mut block = [0; 64];
        match block.split_at_mut_checked(first.len()) {
            Some((start, rest)) if second.len() <= rest.len() => {
                start.copy_from_slice(first);
                if let Some(middle) = rest.get_mut(..second.len()) {
                    middle.copy_from_slice(second);
                }
            }
            _ => {
                let digest = Sha256::new().chain_update(first).chain_update(second).finalize();
                block.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
            }
        }
        let mut state_with = |pad: u8| {
            block.iter_mut().for_each(|byte| *byte ^= pad);
            let mut state = INITIAL_STATE;
            compress256(&mut state, core::slice::from_ref(&block));
            state
        };
        let inner = state_with(INNER_PAD);
        let outer = state_with(INNER_PAD ^ OUTER_PAD);
        zeroize_bytes(&mut block);
        Self { inner, outer }
    }

    /// The code of a message that ends `text`, from `start` on.
    #[inline]
    pub(crate) fn mac_tail(&self, text: &mut Vec<u8>, start: usize) -> [u8; 32] {
        self.finish(compress_tail(self.inner, 64, text, start))
    }

    /// Pads a message that ends `text`, from `start` on, for [`mac_padded`](Self::mac_padded).
    #[inline]
    pub(crate) fn pad(text: &mut Vec<u8>, start: usize) {
        pad_tail(64, text, start);
    }

    /// The code of a message that is padded.
    #[inline]
    pub(crate) fn mac_padded(&self, message: &[u8]) -> [u8; 32] {
        let mut state = self.inner;
        compress256(&mut state, message.as_chunks().0);
        self.finish(state)
    }

    /// The code of a message.
    #[inline]
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut state = self.inner;
        compress_all(&mut state, 64, message);
        self.finish(state)
    }

    #[inline]
    fn finish(&self, inner: [u32; 8]) -> [u8; 32] {
        // Behind a hash: the mark, and the length of a key block and a hash in bits.
        const PADDING: [u8; 32] = {
            let mut padding = [0; 32];
            padding[0] = 0x80;
            [padding[30], padding[31]] = (8 * 96u16).to_be_bytes();
            padding
        };
        let mut state = self.outer;
        compress256(&mut state, [bytes(inner), PADDING].as_flattened().as_chunks().0);
        bytes(state)
    }
}

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

impl Drop for HmacKey {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).to_bool()
}

/// FIPS 180-4, section 5.3.3.
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
