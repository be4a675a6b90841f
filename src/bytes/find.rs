//! Search for the members of a set of bytes.
//!
//! Bytes after the end of a short string are read as zeros, and their lanes are
//! ignored.

use wide::u8x16;

use super::{Block, ByteSet, Mask, first_set, low_bytes_mask, prefix16, prefix16_at};

/// Returns `bytes.iter().any(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn any(bytes: &[u8], set: impl ByteSet) -> bool {
    any_lane(bytes, |block| block.is(set))
}

/// Returns `bytes.iter().all(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn all(bytes: &[u8], set: impl ByteSet) -> bool {
    !any_lane(bytes, |block| !block.is(set))
}

/// Returns `bytes.iter().position(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn find(bytes: &[u8], set: impl ByteSet) -> Option<usize> {
    first_lane(bytes, |block| block.is(set))
}

/// Returns `bytes.iter().position(|byte| !set.contains(*byte))`.
#[inline(always)]
pub(crate) fn find_not(bytes: &[u8], set: impl ByteSet) -> Option<usize> {
    first_lane(bytes, |block| !block.is(set))
}

/// Returns `bytes.iter().rposition(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn rfind(bytes: &[u8], set: impl ByteSet) -> Option<usize> {
    let lanes = |block: Block| block.is(set);
    let mut rest = bytes;
    while let Some((before, chunk)) = rest.split_last_chunk() {
        if let Some(lane) = lanes(Block::load(chunk)).bits().checked_ilog2() {
            return Some(before.len() + usize::try_from(lane).unwrap_or_default());
        }
        rest = before;
    }
    let lane = bits_of_short(rest, lanes).checked_ilog2()?;
    usize::try_from(lane).ok()
}

/// Returns `(0..bytes.len()).filter(|index| set.contains(bytes[*index]))`.
#[inline(always)]
pub(crate) fn find_iter(bytes: &[u8], set: impl ByteSet) -> impl Iterator<Item = usize> {
    Lanes::new(bytes, move |block| block.is(set))
}

/// Returns `(0..bytes.len()).filter(|index| !set.contains(bytes[*index]))`.
#[inline(always)]
pub(crate) fn find_iter_not(bytes: &[u8], set: impl ByteSet) -> impl Iterator<Item = usize> {
    Lanes::new(bytes, move |block| !block.is(set))
}

/// Returns `bytes.iter().position(|byte| *byte == separator).map(|at| (&bytes[..at], &bytes[at + 1..]))`.
#[inline(always)]
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (before, rest) = bytes.split_at_checked(find(bytes, separator)?)?;
    Some((before, rest.get(1..)?))
}

/// Returns `bytes.iter().filter(|byte| **byte == counted).count()`.
#[inline(always)]
pub(crate) fn count(bytes: &[u8], counted: u8) -> usize {
    let (chunks, rest) = bytes.as_chunks();
    let add = |counts, chunk: &[u8; 16]| counts - Block::load(chunk).eq(counted).0;
    let blocks = chunks.chunks(MAX_COUNTED).map(|chunks| sum(chunks.iter().fold(u8x16::ZERO, add)));
    blocks.sum::<usize>() + count_in_short(rest, counted)
}

/// Returns `bytes.iter().all(|byte| set.contains(*byte)).then(|| count(bytes, counted))`.
#[inline(always)]
pub(crate) fn count_if_all(bytes: &[u8], set: impl ByteSet, counted: u8) -> Option<usize> {
    let Some(last) = bytes.last_chunk() else {
        return all(bytes, set).then(|| count_in_short(bytes, counted));
    };
    let (chunks, rest) = bytes.as_chunks();
    // The last 16 bytes overlap the blocks before them, which is harmless here.
    let mut outside = !Block::load(last).is(set);
    let mut total = count_in_short(rest, counted);
    for chunks in chunks.chunks(MAX_COUNTED) {
        let mut counts = u8x16::ZERO;
        for chunk in chunks {
            let block = Block::load(chunk);
            outside = outside | !block.is(set);
            counts -= block.eq(counted).0;
        }
        total += sum(counts);
    }
    if outside.any() { None } else { Some(total) }
}

/// Returns `bytes.windows(2).any(|two| lanes(two[0], two[1]))`.
#[inline(always)]
pub(crate) fn any_window2(bytes: &[u8], lanes: impl Fn(Block, Block) -> Mask) -> bool {
    let (Some((_, next)), Some((_, bytes))) = (bytes.split_first(), bytes.split_last()) else { return false };
    let (Some(last), Some(last_next)) = (bytes.last_chunk(), next.last_chunk()) else {
        let block = |bytes| Block::of_prefix(prefix16(bytes));
        return lanes(block(bytes), block(next)).bits() & low_bits(bytes.len()) != 0;
    };
    let mut found = lanes(Block::load(last), Block::load(last_next));
    for (chunk, next) in bytes.as_chunks().0.iter().zip(next.as_chunks().0) {
        found = found | lanes(Block::load(chunk), Block::load(next));
    }
    found.any()
}

/// Returns `[bytes, &[0, 0]].concat().windows(3).any(|three| lanes(three[0], three[1], three[2]))`.
#[inline(always)]
pub(crate) fn any_window3(bytes: &[u8], lanes: impl Fn(Block, Block, Block) -> Mask) -> bool {
    let [second, third] = [1, 2].map(|by| bytes.get(by..).unwrap_or_default());
    let chunks = (bytes.as_chunks().0, second.as_chunks().0, third.as_chunks().0);
    let mut found = Mask::NONE;
    for ((first, second), third) in chunks.0.iter().zip(chunks.1).zip(chunks.2) {
        found = found | lanes(Block::load(first), Block::load(second), Block::load(third));
    }
    // Fewer than 18 bytes are left.
    let block = |start: usize| Block::of_prefix(prefix16_at(bytes, start));
    let searched = 16 * chunks.2.len();
    let in_rest = |start: usize| {
        let bits = lanes(block(start), block(start + 1), block(start + 2)).bits();
        bits & low_bits(bytes.len() - start) != 0
    };
    found.any() || [searched, searched + 16].into_iter().filter(|start| *start < bytes.len()).any(in_rest)
}

/// Returns `prefix.to_le_bytes()[..length].iter().position(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn find_in_prefix(prefix: u128, length: usize, set: impl ByteSet) -> Option<usize> {
    let bits = Block::of_prefix(prefix).is(set).bits() & low_bits(length);
    if bits == 0 { None } else { Some(first_set(bits)) }
}

/// Returns `prefix.to_le_bytes()[..length].iter().all(|byte| set.contains(*byte))`.
#[inline(always)]
pub(crate) fn all_in_prefix(prefix: u128, length: usize, set: impl ByteSet) -> bool {
    (!Block::of_prefix(prefix).is(set)).bits() & low_bits(length) == 0
}

/// Returns true if `lanes` selects any byte.
#[inline(always)]
fn any_lane(bytes: &[u8], lanes: impl Fn(Block) -> Mask) -> bool {
    let Some(last) = bytes.last_chunk() else { return bits_of_short(bytes, lanes) != 0 };
    // The last 16 bytes overlap the blocks before them: searching a byte twice is
    // cheaper than a loop over what is left.
    let mut found = lanes(Block::load(last));
    for chunk in bytes.as_chunks().0 {
        found = found | lanes(Block::load(chunk));
    }
    found.any()
}

/// Returns the index of the first byte that `lanes` selects.
#[inline(always)]
fn first_lane(bytes: &[u8], lanes: impl Fn(Block) -> Mask) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        let bits = lanes(Block::load(chunk)).bits();
        if bits != 0 {
            return Some(16 * index + first_set(bits));
        }
    }
    let bits = bits_of_short(rest, lanes);
    if bits == 0 { None } else { Some(bytes.len() - rest.len() + first_set(bits)) }
}

/// The indices of the bytes that `lanes` selects.
struct Lanes<'b, F> {
    chunks: core::slice::Iter<'b, [u8; 16]>,
    rest: Option<&'b [u8]>,
    lanes: F,
    /// The selected lanes of the current block that were not returned yet, one bit each.
    bits: u32,
    /// The indices at which the current block and the next one begin.
    block: usize,
    next_block: usize,
}

impl<'b, F: Fn(Block) -> Mask> Lanes<'b, F> {
    #[inline(always)]
    fn new(bytes: &'b [u8], lanes: F) -> Self {
        let (chunks, rest) = bytes.as_chunks();
        Self { chunks: chunks.iter(), rest: Some(rest), lanes, bits: 0, block: 0, next_block: 0 }
    }
}

impl<F: Fn(Block) -> Mask> Iterator for Lanes<'_, F> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.bits = match self.chunks.next() {
                Some(chunk) => (self.lanes)(Block::load(chunk)).bits(),
                None => bits_of_short(self.rest.take()?, |block| (self.lanes)(block)),
            };
            (self.block, self.next_block) = (self.next_block, self.next_block + 16);
        }
        let index = self.block + first_set(self.bits);
        self.bits &= self.bits - 1;
        Some(index)
    }
}

/// Returns the lanes that `lanes` selects of fewer than 16 bytes, as bits.
#[inline(always)]
fn bits_of_short(bytes: &[u8], lanes: impl Fn(Block) -> Mask) -> u32 {
    lanes(Block::of_prefix(prefix16(bytes))).bits() & low_bits(bytes.len())
}

/// Counts a byte among fewer than 16.
#[inline(always)]
fn count_in_short(bytes: &[u8], counted: u8) -> usize {
    let equal = Block::of_prefix(prefix16(bytes)).eq(counted).0;
    sum(u8x16::ZERO - (equal & u8x16::new(low_bytes_mask(bytes.len()).to_le_bytes())))
}

/// Returns a number whose `count.min(16)` lowest bits are set.
#[inline(always)]
fn low_bits(count: usize) -> u32 {
    !(u32::MAX << count.min(16))
}

/// A lane that counts subtracts -1 for each match; it holds at most 255.
const MAX_COUNTED: usize = 254;

#[inline(always)]
fn sum(counts: u8x16) -> usize {
    counts.to_array().into_iter().map(usize::from).sum()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::bytes::{CONTROL_EXCEPT_TAB, UNRESERVED};

    /// Strings of every length from 0 to 70: all `a`, with each of some bytes at each
    /// index; and strings in which every byte differs from the next.
    fn strings() -> impl Iterator<Item = Vec<u8>> {
        (0..=70usize).flat_map(|length| {
            let one = (0..length).flat_map(move |index| {
                [0, b'b', 0xff].map(|byte| {
                    let mut string = alloc::vec![b'a'; length];
                    *string.get_mut(index).expect("an index below the length") = byte;
                    string
                })
            });
            let many = [1u8, 85].map(|step| {
                let byte = |index: usize| u8::try_from(index % 251).expect("below 251").wrapping_mul(step);
                (0..length).map(byte).collect::<Vec<u8>>()
            });
            one.chain(many).chain([alloc::vec![b'a'; length], alloc::vec![b'b'; length]])
        })
    }

    fn holds_the_contract(bytes: &[u8], set: impl ByteSet, counted: u8) {
        let has = |byte: &u8| set.contains(*byte);
        let indices = |wanted: bool| -> Vec<usize> {
            (0..bytes.len())
                .filter(|index| bytes.get(*index).is_some_and(|byte| has(byte) == wanted))
                .collect()
        };
        assert_eq!(any(bytes, set), bytes.iter().any(has));
        assert_eq!(all(bytes, set), bytes.iter().all(has));
        assert_eq!(find(bytes, set), bytes.iter().position(has));
        assert_eq!(find_not(bytes, set), bytes.iter().position(|byte| !has(byte)));
        assert_eq!(rfind(bytes, set), bytes.iter().rposition(has));
        assert_eq!(find_iter(bytes, set).collect::<Vec<_>>(), indices(true));
        assert_eq!(find_iter_not(bytes, set).collect::<Vec<_>>(), indices(false));
        let number = bytes.iter().filter(|byte| **byte == counted).count();
        assert_eq!(count(bytes, counted), number);
        assert_eq!(count_if_all(bytes, set, counted), bytes.iter().all(has).then_some(number));
        let at = bytes.iter().position(|byte| *byte == counted);
        let parts = at.and_then(|at| Some((bytes.get(..at)?, bytes.get(at + 1..)?)));
        assert_eq!(split_once(bytes, counted), parts);
        for length in 0..=if bytes.len() > 16 { 0 } else { bytes.len() } {
            let (prefix, start) = (prefix16(bytes), bytes.get(..length).expect("a length of the string"));
            assert_eq!(find_in_prefix(prefix, length, set), start.iter().position(has));
            assert_eq!(all_in_prefix(prefix, length, set), start.iter().all(has));
        }
    }

    #[test]
    fn searches_equal_their_naive_equivalents() {
        for bytes in strings() {
            holds_the_contract(&bytes, b'a', b'a');
            holds_the_contract(&bytes, 0, b'b');
            holds_the_contract(&bytes, UNRESERVED, 0);
            holds_the_contract(&bytes, CONTROL_EXCEPT_TAB, 0xff);
        }
    }

    #[test]
    fn windows_equal_their_naive_equivalents() {
        for bytes in strings() {
            for (first, second) in [(b'a', b'b'), (b'b', b'a'), (b'a', 0), (0, 0), (0xff, b'a'), (b'a', b'a')]
            {
                let expected = bytes.windows(2).any(|two| *two == [first, second]);
                assert_eq!(any_window2(&bytes, |a, b| a.is(first) & b.is(second)), expected);
                let padded = [bytes.as_slice(), &[0, 0]].concat();
                let expected = padded.windows(3).any(|three| *three == [b'a', first, second]);
                assert_eq!(any_window3(&bytes, |a, b, c| a.is(b'a') & b.is(first) & c.is(second)), expected);
            }
        }
    }

    #[test]
    fn counts_do_not_wrap_around() {
        for length in [254 * 16, 255 * 16, 256 * 16, 10_000] {
            let bytes = alloc::vec![b'b'; length];
            assert_eq!(count(&bytes, b'b'), length);
            assert_eq!(count_if_all(&bytes, UNRESERVED, b'b'), Some(length));
            assert_eq!(count_if_all(&bytes, UNRESERVED, b'a'), Some(0));
        }
    }
}
