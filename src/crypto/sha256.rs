//! SHA-256 of bytes that are in memory already.
//!
//! The hasher of `sha2` copies its input into a buffer. These functions pass 64-byte
//! blocks to its compression function without a copy, and copy at most the bytes after
//! the last block. [`Sha256Stream`] uses the hasher for data that arrives in parts.
//!
//! Source: FIPS 180-4, sections 5.1.1 (padding), 5.3.3 and 6.2.

use alloc::vec::Vec;

use sha2::{Digest, Sha256, block_api::compress256};

/// SHA-256 of the empty string, in hex: the payload hash of a request without a body.
pub(crate) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Returns SHA-256 of `data`.
#[inline]
pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    digest(compress_padded(INITIAL_STATE, 0, data))
}

/// Returns `sha256(&buffer[start..])`.
///
/// Appends the padding to `buffer` and truncates it again. This copies nothing if the
/// buffer has capacity for [`MAX_PADDING`] more bytes.
#[inline]
pub(crate) fn sha256_from(buffer: &mut Vec<u8>, start: usize) -> [u8; 32] {
    digest(compress_from(INITIAL_STATE, 0, buffer, start))
}

/// Returns `(sha256(&buffer[start..]), sha256(other))`.
///
/// Compresses a block of each in turn. Each step of a hash needs the result of the
/// step before it, so a processor computes two independent hashes in less time when
/// their steps alternate.
#[inline]
pub(crate) fn sha256_pair(buffer: &mut Vec<u8>, start: usize, other: &[u8]) -> ([u8; 32], [u8; 32]) {
    let end = buffer.len();
    pad_in_place(0, buffer, start);
    let (mut state, mut other_state) = (INITIAL_STATE, INITIAL_STATE);
    let blocks: &[[u8; 64]] = buffer.get(start..).unwrap_or_default().as_chunks().0;
    let pairs = blocks.len().min(other.len() / 64);
    for (block, other_block) in blocks.iter().zip(other.as_chunks().0) {
        compress256(&mut state, core::slice::from_ref(block));
        compress256(&mut other_state, core::slice::from_ref(other_block));
    }
    compress256(&mut state, blocks.get(pairs..).unwrap_or_default());
    buffer.truncate(end);
    let hashed = u64::try_from(64 * pairs).unwrap_or(u64::MAX);
    let other_rest = other.get(64 * pairs..).unwrap_or_default();
    (digest(state), digest(compress_padded(other_state, hashed, other_rest)))
}

/// Continues a state, in which `before` bytes are hashed, with `data` and the padding.
#[inline]
pub(super) fn compress_padded(mut state: [u32; 8], before: u64, data: &[u8]) -> [u32; 8] {
    let (blocks, rest) = data.as_chunks();
    if !blocks.is_empty() {
        compress256(&mut state, blocks);
    }
    let mut last = [[0u8; 64]; 2];
    let last = last.get_mut(..if rest.len() < 56 { 1 } else { 2 }).unwrap_or_default();
    let flat = last.as_flattened_mut();
    if let Some((start, [mark, ..])) = flat.split_at_mut_checked(rest.len()) {
        start.copy_from_slice(rest);
        *mark = 0x80;
    }
    if let Some(length) = flat.last_chunk_mut() {
        *length = bit_length(before, data.len()).to_be_bytes();
    }
    compress256(&mut state, last);
    state
}

/// Continues a state, in which `before` bytes are hashed, with `&buffer[start..]` and
/// the padding.
#[inline]
pub(super) fn compress_from(
    mut state: [u32; 8],
    before: u64,
    buffer: &mut Vec<u8>,
    start: usize,
) -> [u32; 8] {
    let end = buffer.len();
    pad_in_place(before, buffer, start);
    compress256(&mut state, buffer.get(start..).unwrap_or_default().as_chunks().0);
    buffer.truncate(end);
    state
}

/// Pads `&buffer[start..]` to whole blocks, as the end of a message of which
/// `before` bytes are hashed already.
#[inline]
fn pad_in_place(before: u64, buffer: &mut Vec<u8>, start: usize) {
    const PADDING: [u8; MAX_PADDING] = {
        let mut padding = [0; MAX_PADDING];
        padding[0] = 0x80;
        padding
    };
    let length = buffer.len().saturating_sub(start);
    // 0x80, zeros and the length in 8 bytes: at least 9 bytes more.
    let padded = start + (length + 72) / 64 * 64;
    buffer.extend_from_slice(&PADDING);
    buffer.truncate(padded - 8);
    buffer.extend_from_slice(&bit_length(before, length).to_be_bytes());
}

/// The maximum length of the padding.
pub(crate) const MAX_PADDING: usize = 72;

#[inline]
fn bit_length(before: u64, length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX).wrapping_add(before).wrapping_mul(8)
}

#[inline]
pub(super) fn digest(state: [u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (bytes, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

/// SHA-256 of data that arrives in parts.
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

/// FIPS 180-4, section 5.3.3.
pub(super) const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use sha2::{Digest, Sha256};

    use super::{EMPTY_SHA256, Sha256Stream, sha256, sha256_from, sha256_pair};

    fn data(length: usize) -> Vec<u8> {
        (0..length).map(|index| u8::try_from(index % 251).expect("below 251")).collect()
    }

    #[test]
    fn digests_of_every_length_are_those_of_the_hasher() {
        for length in 0..=200 {
            let data = data(length);
            let expected: [u8; 32] = Sha256::digest(&data).into();
            assert_eq!(sha256(&data), expected, "{length}");
            let mut buffer = [b"before".as_slice(), &data].concat();
            assert_eq!(sha256_from(&mut buffer, 6), expected, "{length}");
            assert_eq!(buffer, [b"before".as_slice(), &data].concat(), "the padding is gone");
            let (start, rest) = data.split_at(length / 2);
            let mut stream = Sha256Stream::default();
            stream.update(start);
            stream.update(rest);
            assert_eq!(stream.finish(), expected, "{length}");
        }
        assert_eq!(hex::encode(sha256(b"")), EMPTY_SHA256);
    }

    #[test]
    fn the_digests_of_a_pair_are_those_of_each() {
        let lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 191, 192, 193, 500];
        for (length, other) in lengths.iter().flat_map(|length| lengths.map(|other| (*length, other))) {
            let (data, other) = (data(length), data(other));
            let mut buffer = [b"before".as_slice(), &data].concat();
            assert_eq!(sha256_pair(&mut buffer, 6, &other), (sha256(&data), sha256(&other)));
            assert_eq!(buffer.len(), 6 + length);
        }
    }
}
