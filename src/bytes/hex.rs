//! Lower-case hex of 32 bytes. For other lengths, use the `hex` crate.

use wide::{i16x8, u8x16};

use super::{Block, Mask};

/// Returns `hex::encode(bytes)`, as an array.
#[inline]
pub(crate) fn encode_32(bytes: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    for (digits, bytes) in digits.as_chunks_mut::<32>().0.iter_mut().zip(bytes.as_chunks().0) {
        let low_nibbles = u8x16::splat(0x0f);
        let bytes = u128::from_le_bytes(*bytes);
        let high = u8x16::new((bytes >> 4).to_le_bytes()) & low_nibbles;
        let low = u8x16::new(bytes.to_le_bytes()) & low_nibbles;
        let (first, second) = (u8x16::unpack_low(high, low), u8x16::unpack_high(high, low));
        let both = [digits_of(first), digits_of(second)];
        *digits = both.as_flattened().try_into().unwrap_or([0; 32]);
    }
    digits
}

/// Returns `nibbles.map(|nibble| b"0123456789abcdef"[nibble])`.
#[inline(always)]
fn digits_of(nibbles: u8x16) -> [u8; 16] {
    let is_letter = nibbles.max(u8x16::splat(10)).simd_eq(nibbles);
    // `a` is 39 characters after `:`, which follows `9`.
    (nibbles + u8x16::splat(b'0') + (is_letter & u8x16::splat(39))).to_array()
}

/// Returns `hex::decode(digits)`, or `None` unless `digits` are 64 lower-case hex digits.
#[inline]
pub(crate) fn decode_32(digits: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut bytes = [0; 32];
    let mut valid = !Mask::NONE;
    for (bytes, digits) in bytes.as_chunks_mut::<16>().0.iter_mut().zip(digits.as_chunks::<32>().0) {
        let mut pairs = [i16x8::splat(0); 2];
        for (pairs, digits) in pairs.iter_mut().zip(digits.as_chunks().0) {
            let digits = Block::load(digits);
            let letters = digits.in_range(b'a', b'f');
            valid = valid & (letters | digits.in_range(b'0', b'9'));
            *pairs = combine_nibbles(digits, letters);
        }
        let [first, second] = pairs;
        *bytes = u8x16::narrow_i16x8(first, second).to_array();
    }
    (valid.bits() == 0xffff).then_some(bytes)
}

/// Returns `digits.chunks(2).map(|two| 16 * value(two[0]) + value(two[1]))`.
#[inline(always)]
fn combine_nibbles(digits: Block, letters: Mask) -> i16x8 {
    // `b'a' & 0x0f` is 1: a letter's value is its low nibble and 9.
    let nibbles = (digits.0 & u8x16::splat(0x0f)) + (letters.0 & u8x16::splat(9));
    let nibbles = nibbles.to_array();
    let pairs = nibbles.as_chunks().0;
    let pair = |index: usize| pairs.get(index).map_or(0, |pair| i16::from_le_bytes(*pair));
    let pairs = i16x8::new(core::array::from_fn(pair));
    // The first digit of each pair is in the low byte.
    (pairs << 4 | pairs >> 8) & i16x8::splat(0xff)
}

#[cfg(test)]
mod tests {
    use super::{decode_32, encode_32};

    #[test]
    fn digits_are_those_of_the_hex_crate() {
        for start in 0..=255u8 {
            let bytes: [u8; 32] = core::array::from_fn(|index| {
                start.wrapping_add(u8::try_from(index).expect("an index below 32").wrapping_mul(41))
            });
            let digits = encode_32(&bytes);
            assert_eq!(digits[..], *hex::encode(bytes).as_bytes());
            assert_eq!(decode_32(&digits), Some(bytes));
        }
    }

    #[test]
    fn rejects_other_bytes_at_every_index_and_other_lengths() {
        for index in 0..64 {
            for byte in 0..=255u8 {
                let mut digits = [b'0'; 64];
                *digits.get_mut(index).expect("an index below 64") = byte;
                let valid = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert_eq!(decode_32(&digits).is_some(), valid, "{byte} at {index}");
            }
        }
        for length in (0..=70).filter(|length| *length != 64) {
            let digits = core::iter::repeat_n(b'0', length).collect::<alloc::vec::Vec<u8>>();
            assert_eq!(decode_32(&digits), None, "{length}");
        }
    }
}
