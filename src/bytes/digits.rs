//! Hex of a hash, in lower case: sixteen digits at a time.
//!
//! For texts of any length there is the `hex` crate; a request writes two or three
//! of these, or reads two.

use wide::{i16x8, u8x16};

use crate::bytes::scan::{Lanes, Sixteen};

/// The 64 digits of 32 bytes, without a table and without a branch.
#[inline]
pub(crate) fn hex64(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for (text, bytes) in text.as_chunks_mut::<32>().0.iter_mut().zip(bytes.as_chunks().0) {
        let low_halves = u8x16::splat(0x0f);
        let bytes = u128::from_le_bytes(*bytes);
        let high = u8x16::new((bytes >> 4).to_le_bytes()) & low_halves;
        let low = u8x16::new(bytes.to_le_bytes()) & low_halves;
        let (first, second) = (u8x16::unpack_low(high, low), u8x16::unpack_high(high, low));
        *text = [digits(first), digits(second)].as_flattened().try_into().unwrap_or([0; 32]);
    }
    text
}

/// The digits of sixteen numbers below sixteen.
#[inline(always)]
fn digits(numbers: u8x16) -> [u8; 16] {
    let letters = numbers.max(u8x16::splat(10)).simd_eq(numbers);
    // The letters begin 39 places after where a tenth digit would stand.
    (numbers + u8x16::splat(b'0') + (letters & u8x16::splat(39))).to_array()
}

/// The 32 bytes of exactly 64 digits.
#[inline]
pub(crate) fn bytes32(text: &[u8]) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.try_into().ok()?;
    let mut bytes = [0; 32];
    let mut valid = u8x16::splat(0xff);
    for (bytes, text) in bytes.as_chunks_mut::<16>().0.iter_mut().zip(text.as_chunks::<32>().0) {
        let mut pairs = [i16x8::splat(0); 2];
        for (pairs, digits) in pairs.iter_mut().zip(text.as_chunks().0) {
            let digits = Sixteen(u8x16::new(*digits));
            let letters = digits.within(b'a', b'f');
            valid &= (letters | digits.within(b'0', b'9')).0;
            *pairs = joined(digits, letters);
        }
        let [first, second] = pairs;
        *bytes = u8x16::narrow_i16x8(first, second).to_array();
    }
    (valid.to_bitmask() == 0xffff).then_some(bytes)
}

/// The eight bytes that sixteen digits stand for.
#[inline(always)]
fn joined(Sixteen(digits): Sixteen, Lanes(letters): Lanes) -> i16x8 {
    // A letter's low half is its place in the alphabet, from 1.
    let numbers = (digits & u8x16::splat(0x0f)) + (letters & u8x16::splat(9));
    // Of two digits the first stands in the lower byte, and counts sixteenfold.
    let numbers = numbers.to_array();
    let pairs = numbers.as_chunks().0;
    let pair = |place: usize| pairs.get(place).map_or(0, |pair| i16::from_le_bytes(*pair));
    let pairs = i16x8::new(core::array::from_fn(pair));
    (pairs << 4 | pairs >> 8) & i16x8::splat(0xff)
}

#[cfg(test)]
mod tests {
    use super::{bytes32, hex64};

    #[test]
    fn digits_are_those_of_the_hex_crate() {
        for start in 0..=255u8 {
            let bytes: [u8; 32] = core::array::from_fn(|place| {
                start.wrapping_add(u8::try_from(place).expect("a place below 32").wrapping_mul(41))
            });
            let digits = hex64(&bytes);
            assert_eq!(digits[..], *hex::encode(bytes).as_bytes());
            assert_eq!(bytes32(&digits), Some(bytes));
        }
    }

    #[test]
    fn what_is_no_digit_is_found_at_every_place() {
        for place in 0..64 {
            for byte in 0..=255u8 {
                let mut digits = [b'0'; 64];
                *digits.get_mut(place).expect("a place below 64") = byte;
                let valid = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert_eq!(bytes32(&digits).is_some(), valid, "{byte} at {place}");
            }
        }
        assert_eq!(bytes32(&[b'0'; 63]), None);
        assert_eq!(bytes32(&[b'0'; 65]), None);
    }
}
