//! Looks at the bytes of a text sixteen at a time, without branching in
//! between.
//!
//! The texts of this scheme are short: a host, a name, a value. What is
//! shorter than sixteen bytes is filled up with zeros, and those are ignored.
//!
//! A question about bytes is a closure from [`Sixteen`] of them to as many
//! answers, [`Lanes`]. Those of which it is true are called *odd*: mostly they
//! are what a text should not have.
//!
//! Not here: what the bytes mean to the scheme.

mod places;

use core::ops::{BitAnd, BitOr, Not};

use wide::u8x16;

pub(crate) use self::places::{places, split_once};

/// The first sixteen bytes as a number, the first of them lowest; filled up
/// with zeros.
#[inline(always)]
pub(crate) fn first_sixteen(text: &[u8]) -> u128 {
    if let Some(first) = text.first_chunk() {
        return u128::from_le_bytes(*first);
    }
    // Two loads that overlap; of the second, what is behind the first.
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let behind = u64::from_le_bytes(*last) >> 8 >> (8 * (15 - text.len()));
        return u128::from(u64::from_le_bytes(*first)) | u128::from(behind) << 64;
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let behind = u64::from(u32::from_le_bytes(*last)) << (8 * (text.len() - 4));
        return u128::from(u64::from(u32::from_le_bytes(*first)) | behind);
    }
    match *text {
        [a] => u128::from(a),
        [a, b] => u128::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u128::from(u32::from_le_bytes([a, b, c, 0])),
        _ => 0,
    }
}

/// The same of a text that is known when the crate is compiled.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
pub(crate) const fn first_sixteen_of_known(text: &[u8]) -> u128 {
    let (mut first, mut index) = (0, 0);
    while index < text.len() && index < 16 {
        first |= (text[index] as u128) << (8 * index);
        index += 1;
    }
    first
}

/// A number whose lowest bytes have all bits set, so many of them; sixteen at most.
#[inline(always)]
pub(crate) fn lowest_bytes(count: usize) -> u128 {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const SET_THEN_NOT: [u8; 32] = {
        let mut bytes = [0; 32];
        let mut place = 0;
        while place < 16 {
            bytes[place] = 0xff;
            place += 1;
        }
        bytes
    };
    let from = 16usize.saturating_sub(count);
    SET_THEN_NOT.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

/// Sixteen bytes in lower case.
#[inline(always)]
pub(crate) fn lowercase(bytes: u128) -> u128 {
    let bytes = Sixteen::load(&bytes.to_le_bytes());
    let Lanes(upper) = bytes.within(b'A', b'Z');
    u128::from_le_bytes((bytes.0 | upper & u8x16::splat(0x20)).to_array())
}

/// Sixteen bytes that are known when the crate is compiled, in lower case.
pub(crate) const fn lowercase_of_known(bytes: u128) -> u128 {
    const EACH: u128 = u128::from_ne_bytes([1; 16]);
    let low = bytes & (0x7f * EACH);
    // The top bit of each byte: is it from 'A' (0x41), is it past 'Z' (0x5a)?
    let from_a = low + (0x80 - 0x41) * EACH;
    let past_z = low + (0x80 - 0x5b) * EACH;
    let upper = (from_a ^ past_z) & !bytes & (0x80 * EACH);
    bytes | (upper >> 2)
}

/// Sixteen bytes, to be asked about together.
#[derive(Clone, Copy)]
pub(crate) struct Sixteen(pub(crate) u8x16);

impl Sixteen {
    #[inline(always)]
    fn load(bytes: &[u8; 16]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// Which of them are `byte`.
    #[inline(always)]
    pub(crate) fn are(self, byte: u8) -> Lanes {
        Lanes(self.0.simd_eq(u8x16::splat(byte)))
    }

    /// Which of them lie between two bytes, or are one of the two.
    #[inline(always)]
    pub(crate) fn within(self, first: u8, last: u8) -> Lanes {
        let above = self.0 - u8x16::splat(first);
        Lanes(above.min(u8x16::splat(last - first)).simd_eq(above))
    }

    /// Those that are letters, in lower case (and some that are not, as others).
    #[inline(always)]
    pub(crate) fn letters(self) -> Lanes {
        Self(self.0 | u8x16::splat(0x20)).within(b'a', b'z')
    }

    /// Control characters but tab.
    #[inline(always)]
    pub(crate) fn controls(self) -> Lanes {
        (self.within(0, 0x1f) & !self.are(b'\t')) | self.are(0x7f)
    }

    /// Visible characters of ASCII.
    #[inline(always)]
    pub(crate) fn graphic(self) -> Lanes {
        self.within(b'!', b'~')
    }
}

/// Of each of sixteen bytes, whether something is so.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(pub(crate) u8x16);

impl Lanes {
    /// The lowest bit is the first lane's.
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0.to_bitmask()
    }

    #[inline(always)]
    fn any(self) -> bool {
        self.bits() != 0
    }
}

impl BitOr for Lanes {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Lanes {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Lanes {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// The bits of a text shorter than sixteen.
#[inline(always)]
fn bits_of_rest(text: &[u8], odd: &impl Fn(Sixteen) -> Lanes) -> u32 {
    bits_of_sixteen(first_sixteen(text), text.len(), odd)
}

/// Which of the first `length` of sixteen bytes are odd, as bits.
#[inline(always)]
pub(crate) fn bits_of_sixteen(bytes: u128, length: usize, odd: impl Fn(Sixteen) -> Lanes) -> u32 {
    odd(Sixteen::load(&bytes.to_le_bytes())).bits() & !(u32::MAX << length)
}

/// Whether any byte is odd.
#[inline(always)]
pub(crate) fn any(text: &[u8], odd: impl Fn(Sixteen) -> Lanes) -> bool {
    let Some(last) = text.last_chunk() else { return bits_of_rest(text, &odd) != 0 };
    // The last sixteen overlap the ones before; looking twice does no harm.
    let mut seen = odd(Sixteen::load(last));
    for chunk in text.as_chunks().0 {
        seen = seen | odd(Sixteen::load(chunk));
    }
    seen.bits() != 0
}

/// Whether any byte and the one behind it are odd together.
#[inline(always)]
pub(crate) fn any_pair(text: &[u8], odd: impl Fn(Sixteen, Sixteen) -> Lanes) -> bool {
    let (Some((_, next)), Some((_, text))) = (text.split_first(), text.split_last()) else { return false };
    let (Some(last), Some(last_next)) = (text.last_chunk(), next.last_chunk()) else {
        let load = |text| Sixteen::load(&first_sixteen(text).to_le_bytes());
        return odd(load(text), load(next)).bits() & !(u32::MAX << text.len()) != 0;
    };
    let mut seen = odd(Sixteen::load(last), Sixteen::load(last_next));
    for (chunk, next) in text.as_chunks().0.iter().zip(next.as_chunks().0) {
        seen = seen | odd(Sixteen::load(chunk), Sixteen::load(next));
    }
    seen.bits() != 0
}

/// Whether any byte is odd, together with the two behind it; behind the end of
/// the text there are zeros.
#[inline(always)]
pub(crate) fn any_triple(text: &[u8], odd: impl Fn(Sixteen, Sixteen, Sixteen) -> Lanes) -> bool {
    let [next, second] = [1, 2].map(|by| text.get(by..).unwrap_or_default());
    let whole = (text.as_chunks().0, next.as_chunks().0, second.as_chunks().0);
    let mut seen = Lanes(u8x16::splat(0));
    for ((bytes, next), second) in whole.0.iter().zip(whole.1).zip(whole.2) {
        seen = seen | odd(Sixteen::load(bytes), Sixteen::load(next), Sixteen::load(second));
    }
    // What is left is shorter than eighteen.
    let load = |by: usize| Sixteen::load(&first_sixteen(text.get(by..).unwrap_or_default()).to_le_bytes());
    let looked_at = 16 * whole.2.len();
    let in_rest = |start: usize| {
        let bits = odd(load(start), load(start + 1), load(start + 2)).bits();
        bits & !(u32::MAX << (text.len() - start).min(16)) != 0
    };
    seen.any() || [looked_at, looked_at + 16].into_iter().filter(|start| *start < text.len()).any(in_rest)
}

/// Where the first odd byte is.
#[inline(always)]
pub(crate) fn position(text: &[u8], odd: impl Fn(Sixteen) -> Lanes) -> Option<usize> {
    let (chunks, rest) = text.as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        let bits = odd(Sixteen::load(chunk)).bits();
        if bits != 0 {
            return Some(16 * index + lowest(bits));
        }
    }
    let bits = bits_of_rest(rest, &odd);
    if bits == 0 { None } else { Some(text.len() - rest.len() + lowest(bits)) }
}

/// Where the last odd byte is.
#[inline(always)]
pub(crate) fn last_position(text: &[u8], odd: impl Fn(Sixteen) -> Lanes) -> Option<usize> {
    let mut rest = text;
    while let Some((before, chunk)) = rest.split_last_chunk() {
        if let Some(place) = odd(Sixteen::load(chunk)).bits().checked_ilog2() {
            return Some(before.len() + usize::try_from(place).unwrap_or_default());
        }
        rest = before;
    }
    let place = bits_of_rest(rest, &odd).checked_ilog2()?;
    usize::try_from(place).ok()
}

/// The place of the lowest bit that is set.
#[inline(always)]
pub(crate) fn lowest(bits: u32) -> usize {
    usize::try_from(bits.trailing_zeros()).unwrap_or_default()
}

/// How many bytes are `wanted`, which is not zero.
#[inline(always)]
pub(crate) fn count(text: &[u8], wanted: u8) -> usize {
    let (chunks, rest) = text.as_chunks();
    // A lane that is counted holds 255, or -1; and no more than 255 of them.
    let add = |sums, chunk: &[u8; 16]| sums - Sixteen::load(chunk).are(wanted).0;
    let whole = chunks.chunks(254).map(|chunks| sum(chunks.iter().fold(u8x16::splat(0), add)));
    whole.sum::<usize>() + sum(add(u8x16::splat(0), &first_sixteen(rest).to_le_bytes()))
}

/// Whether a text is surely so many lines, each ended, without any blank or
/// control character: in one pass. Of a text shorter than sixteen bytes, or
/// longer than 4,000, it is never sure.
#[inline(always)]
pub(crate) fn is_lines_without_blanks(text: &[u8], lines: usize) -> bool {
    let (chunks, rest) = text.as_chunks();
    let Some(last) = text.last_chunk().filter(|_| chunks.len() < 250) else { return false };
    let new_lines = |bytes: Sixteen| bytes.are(b'\n');
    let odd = |bytes: Sixteen| Lanes(bytes.within(0, b' ').0 ^ new_lines(bytes).0) | bytes.are(0x7f);
    // A lane that is counted holds 255, or -1.
    let mut counted = u8x16::splat(0) - new_lines(Sixteen::load(&first_sixteen(rest).to_le_bytes())).0;
    let mut seen = odd(Sixteen::load(last));
    for chunk in chunks {
        let bytes = Sixteen::load(chunk);
        seen = seen | odd(bytes);
        counted -= new_lines(bytes).0;
    }
    !seen.any() && sum(counted) == lines
}

#[inline(always)]
fn sum(bytes: u8x16) -> usize {
    bytes.to_array().into_iter().map(usize::from).sum()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{
        Lanes, Sixteen, any, any_pair, any_triple, count, first_sixteen, is_lines_without_blanks,
        last_position, lowest_bytes, position,
    };

    /// Texts of every length around the sixteen, with one odd byte at every place.
    #[test]
    fn nothing_is_overlooked_at_any_length() {
        for length in 0..70 {
            let text = alloc::vec![b'a'; length];
            assert!(!any(&text, |bytes| bytes.are(b'b')));
            // What a short text is filled up with is not part of it.
            assert!(!any(&text, |bytes| bytes.are(0)));
            assert_eq!(position(&text, |bytes| bytes.are(0)), None);
            assert_eq!(last_position(&text, |bytes| bytes.are(0)), None);
            assert_eq!(count(&text, b'b'), 0);
            assert!(!any_pair(&text, |bytes, next| bytes.are(b'b') | next.are(b'b')));
            for place in 0..length {
                let mut text = text.clone();
                *text.get_mut(place).expect("a place in the text") = b'b';
                assert!(any(&text, |bytes| bytes.are(b'b')));
                assert_eq!(any_pair(&text, |bytes, _| bytes.are(b'b')), place + 1 < length);
                assert_eq!(any_pair(&text, |_, next| next.are(b'b')), place > 0);
                assert!(any_triple(&text, |bytes, _, _| bytes.are(b'b')));
                assert_eq!(any_triple(&text, |_, next, _| next.are(b'b')), place > 0);
                assert_eq!(any_triple(&text, |_, _, second| second.are(b'b')), place > 1);
                let before_end = |bytes: Sixteen, next: Sixteen, _| bytes.are(b'b') & next.are(0);
                assert_eq!(any_triple(&text, before_end), place + 1 == length);
                assert_eq!(position(&text, |bytes| bytes.are(b'b')), Some(place));
                assert_eq!(last_position(&text, |bytes| bytes.are(b'b')), Some(place));
                let last_but = if place + 1 == length { place.checked_sub(1) } else { Some(length - 1) };
                assert_eq!(last_position(&text, |bytes| bytes.are(b'a')), last_but);
                assert_eq!(count(&text, b'b'), 1);
                assert_eq!(count(&text, b'a'), length - 1);
            }
        }
        assert_eq!(count(&alloc::vec![b'b'; 10_000], b'b'), 10_000);
    }

    #[test]
    fn what_is_asked_of_each_byte() {
        for byte in 0..=255u8 {
            let is = |odd: fn(Sixteen) -> Lanes| any(&[byte], odd);
            assert_eq!(is(|bytes| bytes.within(b'0', b'9')), byte.is_ascii_digit());
            assert!(is(|bytes| bytes.within(0, 255)));
            assert_eq!(is(Sixteen::letters), byte.is_ascii_alphabetic());
            assert_eq!(is(Sixteen::graphic), byte.is_ascii_graphic());
            assert_eq!(is(Sixteen::controls), byte.is_ascii_control() && byte != b'\t');
            assert_eq!(is(|bytes| !bytes.are(b'a')), byte != b'a');
        }
    }

    #[test]
    fn the_first_sixteen_are_those_of_the_text() {
        let text: Vec<u8> = (1..=40).collect();
        for length in 0..=text.len() {
            let text = text.get(..length).expect("as long as the text");
            let mut filled = [0; 16];
            filled.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
            assert_eq!(first_sixteen(text).to_le_bytes(), filled);
        }
    }

    #[test]
    fn lines_without_blanks_are_told_from_others() {
        for length in 0..80 {
            let mut text = alloc::vec![b'a'; length];
            text.iter_mut().skip(6).step_by(7).for_each(|byte| *byte = b'\n');
            let lines = length / 7;
            assert_eq!(is_lines_without_blanks(&text, lines), length >= 16);
            assert!(!is_lines_without_blanks(&text, lines + 1));
            for (place, byte) in
                (0..length).flat_map(|place| [0, b' ', 0x1f, 0x7f, b'\t', b'\r'].map(|byte| (place, byte)))
            {
                let mut text = text.clone();
                *text.get_mut(place).expect("a place in the text") = byte;
                for lines in [lines, lines.saturating_sub(1)] {
                    assert!(!is_lines_without_blanks(&text, lines), "{byte} at {place} of {length}");
                }
            }
        }
        // As many new lines as a lane can count, and 256 times as many.
        assert!(is_lines_without_blanks(&alloc::vec![b'\n'; 3999], 3999));
        assert!(!is_lines_without_blanks(&alloc::vec![b'\n'; 16 * 256], 0));
    }

    #[test]
    fn lowest_bytes_are_as_many() {
        for count in 0..16 {
            assert_eq!(lowest_bytes(count), (1 << (8 * count)) - 1);
        }
        assert_eq!(lowest_bytes(16), u128::MAX);
        assert_eq!(lowest_bytes(40), u128::MAX);
    }
}
