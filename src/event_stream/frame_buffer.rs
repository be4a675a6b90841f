//! [`FrameBuffer`] collects the bytes of one frame after another from pieces of any size.

use alloc::vec::Vec;

use super::EventError;
use super::frame::PRELUDE_LEN;
use super::frame_reader::frame_len;

/// The frame that is being received, or the last complete one.
///
/// It never holds more than one frame, and allocates no memory before the bytes arrive.
pub(super) struct FrameBuffer {
    bytes: Vec<u8>,
    /// The length of the frame; `None` until its prelude is complete.
    frame_len: Option<usize>,
    pub(super) max_len: usize,
}

impl FrameBuffer {
    pub(super) const fn new(max_len: usize) -> Self {
        Self { bytes: Vec::new(), frame_len: None, max_len }
    }

    /// Moves bytes from `piece` into the frame. Returns true once the frame is complete. The next call
    /// then begins the next frame.
    pub(super) fn fill(&mut self, piece: &mut &[u8]) -> Result<bool, EventError> {
        if self.frame_len == Some(self.bytes.len()) {
            self.bytes.clear();
            self.frame_len = None;
        }
        let frame_len = match self.frame_len {
            Some(length) => length,
            None => {
                self.fill_to(PRELUDE_LEN, piece);
                let Ok(prelude) = self.bytes.as_slice().try_into() else { return Ok(false) };
                *self.frame_len.insert(frame_len(prelude, self.max_len)?)
            }
        };
        self.fill_to(frame_len, piece);
        Ok(self.bytes.len() == frame_len)
    }

    /// Returns the bytes of the frame that have arrived.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Frees the memory of the frame.
    pub(super) fn release(&mut self) {
        *self = Self::new(self.max_len);
    }

    /// Moves bytes from `piece` until the frame has `length` bytes.
    fn fill_to(&mut self, length: usize, piece: &mut &[u8]) {
        let missing = length.saturating_sub(self.bytes.len());
        let (taken, rest) = piece.split_at_checked(missing).unwrap_or((piece, &[]));
        self.bytes.extend_from_slice(taken);
        *piece = rest;
    }
}
