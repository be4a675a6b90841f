//! The first 16 bytes of a string as one number, which is compared in one operation.
//!
//! The first byte of the string is the lowest byte of the number. A string that is
//! shorter than 16 bytes is padded with zeros.

use wide::u8x16;

use super::Block;

/// Returns `u128::from_le_bytes(array::from_fn(|index| *bytes.get(index).unwrap_or(&0)))`.
#[inline(always)]
pub(crate) fn prefix16(bytes: &[u8]) -> u128 {
    if let Some(first) = bytes.first_chunk::<16>() {
        return u128::from_le_bytes(*first);
    }
    // The two loads overlap. The second keeps only the bytes that follow the first.
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let rest = u64::from_le_bytes(*last) >> 8 >> (8 * (15 - bytes.len()));
        return u128::from(u64::from_le_bytes(*first)) | u128::from(rest) << 64;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let rest = u64::from(u32::from_le_bytes(*last)) << (8 * (bytes.len() - 4));
        return u128::from(u64::from(u32::from_le_bytes(*first)) | rest);
    }
    match *bytes {
        [a] => u128::from(a),
        [a, b] => u128::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u128::from(u32::from_le_bytes([a, b, c, 0])),
        _ => 0,
    }
}

/// Returns `prefix16(bytes)`, for constants.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
pub(crate) const fn prefix16_const(bytes: &[u8]) -> u128 {
    let (mut prefix, mut index) = (0, 0);
    while index < bytes.len() && index < 16 {
        prefix |= (bytes[index] as u128) << (8 * index);
        index += 1;
    }
    prefix
}

/// Returns `prefix16(bytes.get(start..).unwrap_or_default())`.
#[inline(always)]
pub(crate) fn prefix16_at(bytes: &[u8], start: usize) -> u128 {
    prefix16(bytes.get(start..).unwrap_or_default())
}

/// Returns `u128::from_le_bytes(prefix.to_le_bytes().map(|byte| byte.to_ascii_lowercase()))`.
#[inline(always)]
pub(crate) fn lowercase16(prefix: u128) -> u128 {
    let block = Block::of_prefix(prefix);
    let upper = block.in_range(b'A', b'Z').0;
    u128::from_le_bytes((block.0 | upper & u8x16::splat(0x20)).to_array())
}

/// Returns `lowercase16(prefix)`, for constants.
pub(crate) const fn lowercase16_const(prefix: u128) -> u128 {
    let mut bytes = prefix.to_le_bytes();
    bytes.make_ascii_lowercase();
    u128::from_le_bytes(bytes)
}

/// Returns `u128::from_le_bytes(array::from_fn(|index| if index < count { 0xff } else { 0 }))`.
#[inline(always)]
pub(crate) fn low_bytes_mask(count: usize) -> u128 {
    const ONES_THEN_ZEROS: [u8; 32] = *[[0xff; 16], [0; 16]].as_flattened().first_chunk().expect("32 bytes");
    let start = 16usize.saturating_sub(count);
    ONES_THEN_ZEROS.get(start..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

/// Returns `(0..32).find(|bit| bits & 1 << bit != 0).unwrap_or(32)`.
#[inline(always)]
pub(crate) fn first_set(bits: u32) -> usize {
    usize::try_from(bits.trailing_zeros()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn prefixes_equal_their_naive_equivalents() {
        let bytes: Vec<u8> = (1..=70).map(|number: u8| number.wrapping_mul(37)).collect();
        for length in 0..=bytes.len() {
            let bytes = bytes.get(..length).expect("a length of the string");
            let naive = |start: usize| {
                u128::from_le_bytes(core::array::from_fn(|index| *bytes.get(start + index).unwrap_or(&0)))
            };
            assert_eq!(prefix16(bytes), naive(0));
            assert_eq!(prefix16_const(bytes), naive(0));
            for start in 0..=length + 1 {
                assert_eq!(prefix16_at(bytes, start), naive(start));
            }
        }
    }

    #[test]
    fn lower_case_equals_its_naive_equivalent() {
        for byte in 0..=255u8 {
            for lane in 0..16 {
                let bytes: [u8; 16] = core::array::from_fn(|index| if index == lane { byte } else { b'Q' });
                let lower = u128::from_le_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
                assert_eq!(lowercase16(u128::from_le_bytes(bytes)), lower);
                assert_eq!(lowercase16_const(u128::from_le_bytes(bytes)), lower);
            }
        }
    }

    #[test]
    fn masks_and_bits_equal_their_naive_equivalents() {
        for count in 0..=40 {
            let naive = core::array::from_fn(|index| if index < count { 0xff } else { 0 });
            assert_eq!(low_bytes_mask(count), u128::from_le_bytes(naive));
        }
        for bits in (0..32).map(|bit| 1u32 << bit).chain([0, 6, 0x8000_0001, u32::MAX]) {
            assert_eq!(first_set(bits), (0..32).find(|bit| bits & 1 << bit != 0).unwrap_or(32));
        }
    }
}
