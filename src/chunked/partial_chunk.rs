//! [`PartialChunk`] buffers a chunk that arrives in several pieces. A chunk that arrives
//! in one piece is not copied.

use alloc::vec::Vec;
use core::ops::Deref;

use super::chain::ChunkChain;

/// The bytes of a chunk that have arrived. The buffer grows with the input, and is never
/// allocated for the size that the chunk states.
#[derive(Default)]
pub(super) struct PartialChunk(Vec<u8>);

impl PartialChunk {
    /// Appends the next piece of the chunk, and hashes it.
    ///
    /// Each step is hashed immediately before it is copied, so that the copy
    /// finds it in the processor's cache.
    pub(super) fn add<Key>(&mut self, mut piece: &[u8], mut chain: Option<&mut ChunkChain<Key>>) {
        while !piece.is_empty() {
            // End each step at a multiple of SHA-256's block size, so that SHA-256 does not buffer.
            let length = (STEP - self.len() % SHA256_BLOCK).min(piece.len());
            let (step, rest) = piece.split_at_checked(length).unwrap_or((piece, &[]));
            if let Some(chain) = &mut chain {
                chain.update(step);
            }
            self.0.extend_from_slice(step);
            piece = rest;
        }
    }

    /// Returns all bytes without a copy, and leaves an empty buffer.
    #[cfg(feature = "http-body")]
    pub(super) fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.0)
    }

    /// Removes all bytes, and keeps the allocation.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Deref for PartialChunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// The maximum number of bytes to copy at once. For more, `memcpy` may be a
/// single instruction (`rep movsb`), which takes ten times as long at some
/// alignments on some processors.
const STEP: usize = 2048;

const SHA256_BLOCK: usize = 64;
