//! Buffers that are used again, so that a transfer takes the same memory from its beginning to its end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// The bytes of a file that are read at a time.
pub const PIECE: usize = 256 * 1024;

#[derive(Debug, Clone, Default)]
pub struct Pool {
    free: Arc<Mutex<Vec<Box<[u8]>>>>,
    made: Arc<AtomicUsize>,
}

/// A buffer, which goes back to the pool when it is dropped.
#[derive(Debug)]
pub struct Buffer {
    bytes: Box<[u8]>,
    length: usize,
    pool: Pool,
}

impl Pool {
    /// Returns the bytes of all buffers, whether they are in use or free.
    pub fn bytes(&self) -> usize {
        self.made.load(Ordering::Relaxed) * PIECE
    }

    /// Returns a buffer of at most [`PIECE`] bytes. It contains the bytes of its last use.
    pub fn take(&self, length: u64) -> Buffer {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let bytes = free.unwrap_or_else(|| {
            self.made.fetch_add(1, Ordering::Relaxed);
            vec![0; PIECE].into_boxed_slice()
        });
        let length = usize::try_from(length).unwrap_or(PIECE).min(PIECE);
        Buffer { bytes, length, pool: self.clone() }
    }
}

impl Buffer {
    /// The bytes go to the network without a copy.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl AsMut<[u8]> for Buffer {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.length]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}
