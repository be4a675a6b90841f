//! Writing many short texts one behind the other.
//!
//! Copying a few bytes takes longest where their number is not known to the
//! compiler. So sixteen are written at once, and what was too much of them is
//! written over by the next text, or cut off at the end.

use alloc::vec::Vec;

use crate::bytes::scan::first_sixteen;

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

/// A buffer that is done with, empty, and with room for so many bytes.
#[inline]
pub(crate) fn emptied(mut used: Vec<u8>, bytes: usize) -> Vec<u8> {
    if used.capacity() == 0 {
        // Less work than to reserve.
        return Vec::with_capacity(bytes);
    }
    used.clear();
    used.reserve(bytes);
    used
}

/// Room in a buffer, to be filled sixteen bytes at a time. What finds no room is
/// left out, with all that comes behind it; nothing panics.
pub(crate) struct Room<'b> {
    left: &'b mut [u8],
}

/// So many bytes at once may be written, all of them behind the end. Where fewer
/// are left there at the end, something found no room.
pub(crate) const BEHIND: usize = 17;

/// Appends at most `most` bytes to a buffer. Returns whether they found room.
#[inline(always)]
pub(crate) fn fill(out: &mut Vec<u8>, most: usize, write: impl FnOnce(&mut Room<'_>)) -> bool {
    let start = out.len();
    out.resize(start + most + BEHIND, 0);
    let mut room = Room { left: out.get_mut(start..).unwrap_or_default() };
    write(&mut room);
    let left = room.left.len();
    out.truncate(start + most + BEHIND - left);
    left >= BEHIND
}

impl<'b> Room<'b> {
    /// Room for so many bytes: the short one, if they fit in, or else the long one.
    #[inline]
    pub(crate) fn of(bytes: usize, short: &'b mut [u8], long: &'b mut Vec<u8>) -> Self {
        if bytes + BEHIND <= short.len() {
            return Self { left: short };
        }
        long.resize(bytes + BEHIND, 0);
        Self { left: long }
    }

    /// What `write` fills, and the room behind it.
    #[inline(always)]
    pub(crate) fn write(self, write: impl FnOnce(&mut Room<'_>)) -> (&'b [u8], Self) {
        let mut room = Room { left: &mut *self.left };
        write(&mut room);
        let left = room.left.len();
        let (filled, left) = self.left.split_at_mut(self.left.len().saturating_sub(left));
        (filled, Self { left })
    }

    /// The first `length` of sixteen bytes, and the byte that ends them.
    #[inline(always)]
    pub(crate) fn put_sixteen(&mut self, bytes: u128, length: usize, end: u8) {
        let left = core::mem::take(&mut self.left);
        let Some(to) = left.first_chunk_mut::<BEHIND>() else { return };
        if let Some(sixteen) = to.first_chunk_mut() {
            *sixteen = bytes.to_le_bytes();
        }
        if let Some(behind) = to.get_mut(length) {
            *behind = end;
        }
        self.left = left.get_mut(length + 1..).unwrap_or_default();
    }

    #[inline(always)]
    pub(crate) fn put_byte(&mut self, byte: u8) {
        if let Some((to, left)) = core::mem::take(&mut self.left).split_first_mut() {
            *to = byte;
            self.left = left;
        }
    }

    /// A text that nothing ends.
    #[inline(always)]
    pub(crate) fn put_last(&mut self, bytes: &[u8]) {
        if let Some((to, left)) = core::mem::take(&mut self.left).split_at_mut_checked(bytes.len()) {
            to.copy_from_slice(bytes);
            self.left = left;
        }
    }

    /// A text, and the byte that ends it.
    #[inline(always)]
    pub(crate) fn put(&mut self, bytes: &[u8], end: u8) {
        match bytes.len() {
            0..16 => self.put_sixteen(first_sixteen(bytes), bytes.len(), end),
            _ => {
                self.put_changed(bytes, |sixteen| sixteen);
                self.put_byte(end);
            }
        }
    }

    /// Sixteen bytes or more, each changed in a way that does not depend on the
    /// others.
    #[inline(always)]
    pub(crate) fn put_changed(&mut self, bytes: &[u8], change: impl Fn(u128) -> u128) {
        let Some((to, left)) = core::mem::take(&mut self.left).split_at_mut_checked(bytes.len()) else {
            return;
        };
        self.left = left;
        let change = |sixteen: &[u8; 16]| change(u128::from_le_bytes(*sixteen)).to_le_bytes();
        for (to, from) in to.as_chunks_mut().0.iter_mut().zip(bytes.as_chunks().0) {
            *to = change(from);
        }
        // These overlap the ones before.
        if let (Some(to), Some(from)) = (to.last_chunk_mut(), bytes.last_chunk()) {
            *to = change(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Room, fill, put};

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
            assert!(fill(&mut out, length, |room| room.put_last(part)));
            assert_eq!(out, expected);

            let mut out = b"before".to_vec();
            assert!(fill(&mut out, length + 1, |room| room.put(part, b':')));
            expected.push(b':');
            assert_eq!(out, expected);
            // What finds no room is told, however much it is.
            for times in 2..30 {
                let more = |room: &mut Room<'_>| (0..times).for_each(|_| room.put(part, b':'));
                assert!(!fill(&mut Vec::new(), length + 1, more));
            }
        }
    }
}
