//! [`Block`], 16 bytes in one vector, and [`Mask`], one bit of information about each.

use core::ops::{BitAnd, BitOr, Not};

use wide::u8x16;

use super::ByteSet;

/// 16 bytes in one vector.
#[derive(Clone, Copy)]
pub(crate) struct Block(pub(super) u8x16);

impl Block {
    #[inline(always)]
    pub(super) fn load(bytes: &[u8; 16]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// Returns the block of a [prefix](super::prefix16).
    #[inline(always)]
    pub(super) fn of_prefix(prefix: u128) -> Self {
        Self::load(&prefix.to_le_bytes())
    }

    /// Returns the lanes whose bytes are in `set`.
    #[inline(always)]
    pub(crate) fn is(self, set: impl ByteSet) -> Mask {
        set.lanes(self)
    }

    /// Returns the lanes whose bytes are `byte`.
    #[inline(always)]
    pub(super) fn eq(self, byte: u8) -> Mask {
        Mask(self.0.simd_eq(u8x16::splat(byte)))
    }

    /// Returns the lanes whose bytes are from `first` to `last`.
    #[inline(always)]
    pub(super) fn in_range(self, first: u8, last: u8) -> Mask {
        // Bytes below `first` wrap around, to more than `last - first`.
        let above = self.0 - u8x16::splat(first);
        Mask(above.min(u8x16::splat(last - first)).simd_eq(above))
    }
}

/// True (0xff) or false (0) for each of 16 lanes.
#[derive(Clone, Copy)]
pub(crate) struct Mask(pub(super) u8x16);

impl Mask {
    pub(super) const NONE: Self = Self(u8x16::ZERO);

    /// Returns one bit per lane, the first lane's lowest.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0.to_bitmask()
    }

    #[inline(always)]
    pub(super) fn any(self) -> bool {
        self.bits() != 0
    }
}

impl BitOr for Mask {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Mask {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Mask {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn lanes_are_compared_one_by_one() {
        for byte in 0..=255u8 {
            let block = Block::load(&core::array::from_fn(|lane| if lane == 5 { byte } else { 7 }));
            let bits = |has: &dyn Fn(u8) -> bool| {
                (0..16u32).map(|lane| u32::from(has(if lane == 5 { byte } else { 7 })) << lane).sum::<u32>()
            };
            assert_eq!(block.eq(7).bits(), bits(&|byte| byte == 7));
            for (first, last) in [(0, 0), (0, 255), (3, 9), (7, 7), (8, 200), (250, 255)] {
                assert_eq!(block.in_range(first, last).bits(), bits(&|byte| (first..=last).contains(&byte)));
            }
            assert_eq!((block.eq(7) & block.eq(byte)).bits(), bits(&|lane| lane == 7 && lane == byte));
            assert_eq!((block.eq(7) | block.eq(byte)).bits(), 0xffff);
            assert_eq!((!block.eq(7)).bits(), bits(&|byte| byte != 7));
            assert_eq!(block.eq(9).any(), byte == 9);
        }
    }
}
