//! A chunk that comes in pieces: copied once, and hashed where it then lies.
//!
//! Not here: a chunk that is whole in the caller's piece, which is not copied.

use alloc::vec::Vec;
use core::ops::Deref;

use super::chain::Chain;

/// The beginning of a chunk. It grows with what comes.
#[derive(Default)]
pub(super) struct Held(Vec<u8>);

impl Held {
    /// Adds the next piece of a chunk of `size` bytes. What is hashed begins
    /// and ends with a block, but for the chunk's end, so that the hash copies
    /// nothing once more; and it was copied just now, so that it is near.
    pub(super) fn add<Key>(&mut self, piece: &[u8], size: usize, mut chain: Option<&mut Chain<Key>>) {
        for step in piece.chunks(STEP) {
            let start = whole_blocks(self.len());
            self.0.extend_from_slice(step);
            let end = if self.len() < size { whole_blocks(self.len()) } else { self.len() };
            if let Some(chain) = &mut chain {
                chain.update(self.get(start..end).unwrap_or_default());
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// So many bytes are copied before they are hashed. For more, `memcpy` may be
/// a single instruction (`rep movsb`), which takes ten times as long at some
/// alignments on some processors.
const STEP: usize = 2048;

/// A length without what is left of SHA-256's last block.
const fn whole_blocks(length: usize) -> usize {
    length - length % 64
}
