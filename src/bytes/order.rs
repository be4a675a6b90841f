//! Sorting texts by their bytes, twelve of them at a time.

use core::cmp::Ordering;

use smallvec::SmallVec;

use crate::bytes::scan::first_sixteen;

/// Places in a list, in the order of the texts that stand there.
///
/// Each is one number, so that sorting moves and compares little: twelve bytes
/// of the text, and below them the place. Neighbours that agree in their first
/// twelve bytes have their next twelve there, once they are sorted.
#[derive(Default)]
pub(crate) struct Order {
    numbers: SmallVec<[u128; 64]>,
    /// Whether any neighbours agree in their first twelve bytes.
    alike: bool,
}

impl Order {
    #[inline]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Sorts `count` texts. `part` gives the bytes of one from an offset on, as
    /// [`first_sixteen`] does; those that agree in their first twenty-four are
    /// compared by `whole`. Texts that are equal keep their order.
    #[inline]
    pub(crate) fn sort(
        &mut self,
        count: usize,
        part: impl Fn(usize, usize) -> u128,
        whole: impl Fn(usize, usize) -> Ordering,
    ) {
        let numbers = &mut self.numbers;
        numbers.clear();
        for place in 0..count {
            numbers.push(number(part(place, 0), place));
        }
        self.alike = false;
        if rise(numbers) {
            return;
        }
        numbers.sort_unstable();
        self.alike = !rise(numbers);
        if !self.alike {
            return;
        }
        each_run(numbers, |run| {
            for number_of in run.iter_mut() {
                *number_of = number(part(place(*number_of), TWELVE), place(*number_of));
            }
            run.sort_unstable();
            each_run(run, |run| run.sort_by(|a, b| whole(place(*a), place(*b))));
        });
    }

    /// Of `count` texts that are in order already.
    #[inline]
    pub(crate) fn keep(&mut self, count: usize) {
        self.clear();
        for place in 0..count {
            self.push(place);
        }
    }

    /// Puts a place behind all others.
    #[inline(always)]
    pub(crate) fn push(&mut self, place: usize) {
        self.numbers.push(number(0, place));
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.numbers.clear();
        self.alike = false;
    }

    /// How many there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The places, in order.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + Clone {
        self.numbers.iter().map(|number| place(*number))
    }

    /// Neighbours whose texts may be equal, once sorted.
    #[inline]
    pub(crate) fn alike(&self) -> impl Iterator<Item = (usize, usize)> {
        let numbers = if self.alike { self.numbers.as_slice() } else { &[] };
        numbers.windows(2).filter_map(|two| match two {
            [a, b] if same(a, b) => Some((place(*a), place(*b))),
            _ => None,
        })
    }

    #[inline(always)]
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let numbers = self.numbers.as_mut_slice();
        let mut kept = 0;
        for index in 0..numbers.len() {
            let Some(number) = numbers.get(index).copied() else { break };
            if keep(place(number))
                && let Some(to) = numbers.get_mut(kept)
            {
                *to = number;
                kept += 1;
            }
        }
        self.numbers.truncate(kept);
    }
}

const TWELVE: usize = 12;

/// Twelve bytes and a place. No list that fits into a computer's memory today
/// has 2³² members; one that did would be sorted wrongly, and not verify.
#[inline(always)]
fn number(bytes: u128, place: usize) -> u128 {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    bytes.swap_bytes() >> 32 << 32 | u128::from(place)
}

#[inline(always)]
fn place(number: u128) -> usize {
    let [.., a, b, c, d] = number.to_be_bytes();
    usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX)
}

#[inline(always)]
fn same(a: &u128, b: &u128) -> bool {
    a >> 32 == b >> 32
}

/// Whether each number's twelve bytes are more than those of the one before.
#[inline(always)]
fn rise(numbers: &[u128]) -> bool {
    let below = |two: &[u128]| matches!(two, [a, b] if a >> 32 < b >> 32);
    numbers.windows(2).all(below)
}

/// Calls `of_run` for each run of two or more of the same bytes.
#[inline]
fn each_run(numbers: &mut [u128], mut of_run: impl FnMut(&mut [u128])) {
    for run in numbers.chunk_by_mut(same).filter(|run| run.len() > 1) {
        of_run(run);
    }
}

/// The bytes of a text from `start` on, as [`first_sixteen`] has them.
#[inline(always)]
pub(crate) fn part_of(text: &[u8], start: usize) -> u128 {
    first_sixteen(text.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Order, part_of};

    /// Texts of two letters, of every length to thirty-five.
    #[test]
    fn sorts_as_slices_do() {
        let mut state = 1u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        for count in [0, 1, 2, 3, 20, 70, 300] {
            let texts: Vec<Vec<u8>> = (0..count)
                .map(|_| {
                    let shared = [0, 10, 12, 20, 24, 30].map(usize::try_from);
                    let shared = shared.get(usize::try_from(random() % 6).expect("small"));
                    let shared = alloc::vec![b'a'; *shared.expect("a length").as_ref().expect("small")];
                    let rest = (0..random() % 6).map(|_| if random() % 2 == 0 { b'a' } else { b'b' });
                    shared.into_iter().chain(rest).collect()
                })
                .collect();
            let text = |place: usize| texts.get(place).map(Vec::as_slice).unwrap_or_default();
            let mut order = Order::new();
            order.sort(count, |place, start| part_of(text(place), start), |a, b| text(a).cmp(text(b)));
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|place| text(*place));
            assert_eq!(order.iter().collect::<Vec<_>>(), expected);
        }
    }
}
