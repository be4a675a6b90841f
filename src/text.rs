//! Writing many short texts one behind the other.

use alloc::vec::Vec;

use crate::scan::first_sixteen;

/// Appends `bytes` to a buffer, as `extend_from_slice` does, but without a call
/// of `memcpy` where they are few: that would take longer than the copying.
#[inline(always)]
pub(crate) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.len() > 16 {
        return out.extend_from_slice(bytes);
    }
    let end = out.len() + bytes.len();
    out.extend_from_slice(&first_sixteen(bytes).to_le_bytes());
    out.truncate(end);
}

/// Room at the end of a buffer, to be filled sixteen bytes at a time.
pub(crate) struct Room<'b> {
    room: &'b mut [u8],
    filled: usize,
}

/// Appends at most `most` bytes to a buffer. Returns whether they found room.
#[inline(always)]
pub(crate) fn fill(out: &mut Vec<u8>, most: usize, write: impl FnOnce(&mut Room<'_>)) -> bool {
    let start = out.len();
    // The last text may be followed by up to sixteen bytes that do not count.
    out.resize(start + most + 16, 0);
    let mut room = Room { room: out.get_mut(start..).unwrap_or_default(), filled: 0 };
    write(&mut room);
    let filled = room.filled;
    out.truncate(start + filled);
    filled <= most
}

impl Room<'_> {
    /// The first `length` of sixteen bytes.
    #[inline(always)]
    pub(crate) fn put_sixteen(&mut self, bytes: u128, length: usize) {
        if let Some(to) = self.room.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut) {
            *to = bytes.to_le_bytes();
        }
        self.filled += length;
    }

    #[inline(always)]
    pub(crate) fn put_byte(&mut self, byte: u8) {
        if let Some(to) = self.room.get_mut(self.filled) {
            *to = byte;
        }
        self.filled += 1;
    }

    #[inline(always)]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last_chunk() else {
            return self.put_sixteen(first_sixteen(bytes), bytes.len());
        };
        for chunk in bytes.as_chunks().0 {
            self.put_sixteen(u128::from_le_bytes(*chunk), 16);
        }
        // These overlap the ones before.
        let rest = bytes.len() % 16;
        self.filled = self.filled.saturating_sub(16 - rest);
        self.put_sixteen(u128::from_le_bytes(*last), 16);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{fill, put};

    #[test]
    fn every_length_arrives() {
        let text: Vec<u8> = (1..=70).collect();
        for length in 0..=text.len() {
            let part = text.get(..length).expect("as long as the text");
            let mut expected = b"before".to_vec();
            expected.extend_from_slice(part);
            let mut out = b"before".to_vec();
            put(&mut out, part);
            assert_eq!(out, expected);

            let mut out = b"before".to_vec();
            assert!(fill(&mut out, length, |room| room.put(part)));
            assert_eq!(out, expected);
            assert_eq!(
                fill(&mut Vec::new(), length, |room| (0..30).for_each(|_| room.put(part))),
                length == 0
            );
        }
    }
}
