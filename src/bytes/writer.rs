//! Appends many short byte strings to one buffer.
//!
//! If the length is unknown at compile time, a copy of a few bytes is a call of
//! `memcpy`, which costs more than the copy. A write therefore stores 16 bytes. The
//! next write overwrites the excess, and the last excess is truncated.

use alloc::vec::Vec;

use super::prefix16;

/// Returns `{ used.clear(); used.reserve(bytes); used }`.
#[inline]
pub(crate) fn cleared(mut used: Vec<u8>, bytes: usize) -> Vec<u8> {
    if used.capacity() == 0 {
        // Takes fewer instructions than `reserve`.
        return Vec::with_capacity(bytes);
    }
    used.clear();
    used.reserve(bytes);
    used
}

/// The maximum number of bytes that a write stores after its content.
pub(crate) const SLACK: usize = 17;

/// Calls `write`, and appends everything that it writes to `out`.
///
/// `max_len` is the expected maximum length. If `out` has room for so many bytes and
/// [`SLACK`], nothing is allocated. If `write` writes more, a second buffer takes the
/// rest, and everything is still appended.
#[inline(always)]
pub(crate) fn extend_with(out: &mut Vec<u8>, max_len: usize, write: impl FnOnce(&mut SliceWriter<'_>)) {
    let start = out.len();
    let end = start + max_len + SLACK;
    out.resize(end, 0);
    let room = out.get_mut(start..).unwrap_or_default();
    let mut writer = SliceWriter { room, unused: 0, spilled: Vec::new() };
    write(&mut writer);
    let unused = writer.unused + writer.room.len();
    let spilled = writer.spilled;
    out.truncate(end - unused);
    if !spilled.is_empty() {
        out.extend_from_slice(&spilled);
    }
}

/// A cursor over a slice, and a second buffer for the writes that do not fit into it.
pub(crate) struct SliceWriter<'b> {
    room: &'b mut [u8],
    /// The number of bytes that were left in the slice when the first write did not fit.
    unused: usize,
    /// The first write that did not fit, and all later ones.
    spilled: Vec<u8>,
}

impl SliceWriter<'_> {
    /// Appends `prefix.to_le_bytes()[..length]` and `end`.
    #[inline(always)]
    pub(crate) fn push16(&mut self, prefix: u128, length: usize, end: u8) {
        if self.room.len() < SLACK {
            return self.spill(prefix.to_le_bytes().get(..length).unwrap_or_default(), Some(end));
        }
        let room = core::mem::take(&mut self.room);
        if let Some(to) = room.first_chunk_mut() {
            *to = prefix.to_le_bytes();
        }
        if let Some(after) = room.get_mut(length) {
            *after = end;
        }
        self.room = room.get_mut(length + 1..).unwrap_or_default();
    }

    /// Appends `bytes` and `end`.
    #[inline(always)]
    pub(crate) fn push_terminated(&mut self, bytes: &[u8], end: u8) {
        self.push_mapped(bytes, end, |sixteen| sixteen);
    }

    /// Appends `bytes` and `end`, with `map` applied to each 16 bytes. `map` must
    /// map each byte on its own.
    #[inline(always)]
    pub(crate) fn push_mapped(&mut self, bytes: &[u8], end: u8, map: impl Fn(u128) -> u128) {
        if bytes.len() < 16 {
            return self.push16(map(prefix16(bytes)), bytes.len(), end);
        }
        if self.room.len() <= bytes.len() {
            return self.spill_mapped(bytes, end, map);
        }
        let room = core::mem::take(&mut self.room);
        let Some((to, [after, room @ ..])) = room.split_at_mut_checked(bytes.len()) else { return };
        *after = end;
        self.room = room;
        let map = |sixteen: &[u8; 16]| map(u128::from_le_bytes(*sixteen)).to_le_bytes();
        for (to, from) in to.as_chunks_mut().0.iter_mut().zip(bytes.as_chunks().0) {
            *to = map(from);
        }
        // The last 16 bytes overlap the ones before them.
        if let (Some(to), Some(from)) = (to.last_chunk_mut(), bytes.last_chunk()) {
            *to = map(from);
        }
    }

    #[cold]
    fn spill_mapped(&mut self, bytes: &[u8], end: u8, map: impl Fn(u128) -> u128) {
        for chunk in bytes.chunks(16) {
            let mapped = map(prefix16(chunk)).to_le_bytes();
            self.spill(mapped.get(..chunk.len()).unwrap_or_default(), None);
        }
        self.spill(&[], Some(end));
    }

    /// Appends to the second buffer, and empties the slice, so that every later write
    /// appends there too.
    #[cold]
    #[inline(never)]
    fn spill(&mut self, bytes: &[u8], end: Option<u8>) {
        self.unused += core::mem::take(&mut self.room).len();
        self.spilled.extend_from_slice(bytes);
        self.spilled.extend(end);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{SLACK, SliceWriter, cleared, extend_with};
    use crate::bytes::{lowercase16, prefix16};

    fn string() -> Vec<u8> {
        (0..=70u8).map(|number| b'0' + number).collect()
    }

    #[test]
    fn writes_equal_appends_at_every_length_and_every_bound() {
        let string = string();
        for length in 0..=string.len() {
            let part = string.get(..length).expect("a length of the string");
            let short = part.get(..length.min(16)).expect("a prefix");
            let write = |writer: &mut SliceWriter<'_>| {
                writer.push_terminated(part, b':');
                writer.push_mapped(part, b';', lowercase16);
                writer.push16(prefix16(part), short.len(), b'\n');
                writer.push_terminated(part, b':');
            };
            let lower = part.to_ascii_lowercase();
            let expected =
                [b"before".as_slice(), part, b":", &lower, b";", short, b"\n", part, b":"].concat();
            let max_len = expected.len() - b"before".len();
            // A bound that is exact, one that is too high, and every one that is too low.
            for bound in (0..=max_len).chain([max_len + 1, max_len + 100]) {
                let mut out = b"before".to_vec();
                extend_with(&mut out, bound, write);
                assert_eq!(out, expected, "{length} bytes, bound {bound} of {max_len}");
            }
        }
    }

    #[test]
    fn a_bound_that_holds_allocates_nothing() {
        let string = string();
        for length in 0..=string.len() {
            let part = string.get(..length).expect("a length of the string");
            let mut out = Vec::with_capacity(length + 1 + SLACK);
            let address = out.as_ptr();
            extend_with(&mut out, length + 1, |writer| writer.push_terminated(part, b':'));
            assert_eq!(out.as_ptr(), address, "{length}");
        }
    }

    #[test]
    fn a_cleared_buffer_has_room() {
        for (capacity, bytes) in [(0, 0), (0, 10), (10, 5), (10, 500)] {
            let mut used = Vec::with_capacity(capacity);
            used.resize(capacity, 1);
            let out = cleared(used, bytes);
            assert!(out.is_empty() && out.capacity() >= bytes);
        }
    }
}
