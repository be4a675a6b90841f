//! Sorting by comparing 12 bytes of each string at a time.

use core::cmp::Ordering;

use smallvec::SmallVec;

/// Indices into a list of strings, in the order of the strings.
///
/// Each index is packed into one number with 12 bytes of its string, so that most
/// comparisons compare two numbers and most moves move one.
#[derive(Default)]
pub(crate) struct SortedIndices {
    /// Bytes 0..12 of a string in the high 96 bits, and its index in the low 32 bits. In
    /// a run of strings that agree in these bytes, bytes 12..24 replace them.
    keys: SmallVec<[u128; 64]>,
    /// True if two or more strings agree in bytes 0..12.
    has_ties: bool,
}

impl SortedIndices {
    #[inline]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Replaces the indices by `(0..count).collect::<Vec<_>>().sort_by(compare)`.
    ///
    /// `prefix_at` returns the [prefix](super::prefix16_at) of a string from a start
    /// on. `compare` is called for strings that agree in their first 24 bytes, and
    /// compares them as slices. Equal strings keep their order.
    #[inline]
    pub(crate) fn sort(
        &mut self,
        count: usize,
        prefix_at: impl Fn(usize, usize) -> u128,
        compare: impl Fn(usize, usize) -> Ordering,
    ) {
        let keys = &mut self.keys;
        keys.clear();
        // Takes fewer instructions than `extend`.
        for index in 0..count {
            keys.push(key(prefix_at(index, 0), index));
        }
        self.has_ties = false;
        if is_strictly_increasing(keys) {
            return;
        }
        keys.sort_unstable();
        self.has_ties = !is_strictly_increasing(keys);
        if !self.has_ties {
            return;
        }
        for run in runs_of_ties(keys) {
            for key_of in run.iter_mut() {
                let index = index(*key_of);
                *key_of = key(prefix_at(index, PREFIX_LEN), index);
            }
            run.sort_unstable();
            for equal in runs_of_ties(run) {
                equal.sort_by(|a, b| compare(index(*a), index(*b)));
            }
        }
    }

    /// Replaces the indices by `0..count`.
    #[inline]
    pub(crate) fn identity(&mut self, count: usize) {
        self.clear();
        for index in 0..count {
            self.push(index);
        }
    }

    /// Appends an index without comparing its string.
    #[inline(always)]
    pub(crate) fn push(&mut self, index: usize) {
        self.keys.push(key(0, index));
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.keys.clear();
        self.has_ties = false;
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns the indices in order.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + Clone {
        self.keys.iter().map(|key| index(*key))
    }

    /// Returns the pairs of neighbours whose strings may be equal. Must be called after
    /// [`sort`](Self::sort).
    #[inline]
    pub(crate) fn ties(&self) -> impl Iterator<Item = (usize, usize)> {
        let keys = if self.has_ties { self.keys.as_slice() } else { &[] };
        keys.windows(2).filter_map(|two| match two {
            [a, b] if is_tie(a, b) => Some((index(*a), index(*b))),
            _ => None,
        })
    }

    /// Keeps the indices for which `keep` returns true, in order.
    #[inline]
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        self.keys.retain(|key| keep(index(*key)));
    }
}

const PREFIX_LEN: usize = 12;

/// Packs the first 12 bytes of a prefix and an index. Indices must fit into 32
/// bits; no list in memory is longer.
#[inline(always)]
fn key(prefix: u128, index: usize) -> u128 {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    prefix.swap_bytes() >> 32 << 32 | u128::from(index)
}

#[inline(always)]
fn index(key: u128) -> usize {
    let [.., a, b, c, d] = key.to_be_bytes();
    usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX)
}

#[inline(always)]
fn is_tie(a: &u128, b: &u128) -> bool {
    a >> 32 == b >> 32
}

/// Returns true if the 12 bytes of each key are greater than those of the key before it.
#[inline(always)]
fn is_strictly_increasing(keys: &[u128]) -> bool {
    keys.windows(2).all(|two| matches!(two, [a, b] if a >> 32 < b >> 32))
}

/// Returns the runs of two or more keys that agree in their 12 bytes.
#[inline]
fn runs_of_ties(keys: &mut [u128]) -> impl Iterator<Item = &mut [u128]> {
    keys.chunk_by_mut(is_tie).filter(|run| run.len() > 1)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::SortedIndices;
    use crate::bytes::prefix16_at;

    /// Lists of strings that share 0 to 30 bytes, and end in up to five letters.
    #[test]
    fn sorts_as_slices_do() {
        let mut state = 1u32;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from((state >> 16) % below).expect("below a small number")
        };
        for count in (0..=70).chain([300]) {
            let strings: Vec<Vec<u8>> = (0..count)
                .map(|_| {
                    let shared = [0, 10, 12, 20, 24, 30].get(random(6)).copied().expect("one of six");
                    let rest = (0..random(6)).map(|_| if random(2) == 0 { b'a' } else { b'b' });
                    core::iter::repeat_n(b'a', shared).chain(rest).collect()
                })
                .collect();
            let string = |index: usize| strings.get(index).map(Vec::as_slice).unwrap_or_default();
            let mut sorted = SortedIndices::new();
            sorted.sort(
                count,
                |index, start| prefix16_at(string(index), start),
                |a, b| string(a).cmp(string(b)),
            );
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|index| string(*index));
            assert_eq!(sorted.iter().collect::<Vec<_>>(), expected);

            let is_equal = |(a, b): &(usize, usize)| string(*a) == string(*b);
            let neighbours = expected.windows(2).filter_map(|two| Some((*two.first()?, *two.last()?)));
            let equal: Vec<_> = neighbours.filter(is_equal).collect();
            assert_eq!(sorted.ties().filter(is_equal).collect::<Vec<_>>(), equal);

            sorted.retain(|index| index % 3 != 0);
            expected.retain(|index| index % 3 != 0);
            assert_eq!(sorted.iter().collect::<Vec<_>>(), expected);
            assert_eq!(sorted.len(), expected.len());
            sorted.identity(count);
            assert_eq!(sorted.iter().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
            assert_eq!(sorted.ties().count(), 0);
        }
    }
}
