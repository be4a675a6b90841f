//! A chunk that comes in pieces: hashed where it lies, and then copied.
//!
//! Not here: a chunk that is whole in the caller's piece, which is not copied.

use alloc::vec::Vec;
use core::ops::Deref;

use super::chain::Chain;

/// The beginning of a chunk. It grows with what comes.
#[derive(Default)]
pub(super) struct Held(Vec<u8>);

impl Held {
    /// Adds the next piece of a chunk. It is read from memory by the hash, which
    /// goes on meanwhile; the copy finds it near.
    pub(super) fn add<Key>(&mut self, mut piece: &[u8], mut chain: Option<&mut Chain<Key>>) {
        while !piece.is_empty() {
            // To the end of a block, so that the hash need not keep the rest of one.
            let step = (STEP - self.len() % 64).min(piece.len());
            let (step, rest) = piece.split_at_checked(step).unwrap_or((piece, &[]));
            if let Some(chain) = &mut chain {
                chain.update(step);
            }
            self.0.extend_from_slice(step);
            piece = rest;
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

/// So many bytes are copied at once. For more, `memcpy` may be a single
/// instruction (`rep movsb`), which takes ten times as long at some alignments
/// on some processors.
const STEP: usize = 2048;
