//! Sorting texts by their bytes, sixteen of them at a time.

use core::cmp::Ordering;

use smallvec::SmallVec;

use crate::scan::first_sixteen;

/// Sixteen bytes of a text as a number that sorts as they do.
#[inline(always)]
pub(crate) fn rank(sixteen: u128) -> u128 {
    sixteen.swap_bytes()
}

/// Places in a list, by the ranks of the texts that stand there.
pub(crate) type Places = SmallVec<[(u128, usize); 64]>;

/// Sorts places whose ranks are those of the first sixteen bytes. Texts that
/// agree in them are ranked by their next sixteen, `second`; those that agree
/// in these as well are compared by `whole`. What is equal then keeps its order.
pub(crate) fn sort(
    places: &mut [(u128, usize)],
    second: impl Fn(usize) -> u128,
    whole: impl Fn(usize, usize) -> Ordering,
) {
    if !places.is_sorted() {
        places.sort_unstable();
    }
    each_run(places, |run| {
        for (rank, place) in run.iter_mut() {
            *rank = second(*place);
        }
        if !run.is_sorted() {
            run.sort_unstable();
        }
        each_run(run, |run| run.sort_by(|a, b| whole(a.1, b.1)));
    });
}

/// Calls `of_run` for each run of two or more equal ranks.
fn each_run(places: &mut [(u128, usize)], mut of_run: impl FnMut(&mut [(u128, usize)])) {
    for run in places.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        of_run(run);
    }
}

/// The rank of the sixteen bytes behind the first.
#[inline]
pub(crate) fn second_rank(text: &[u8]) -> u128 {
    rank(first_sixteen(text.get(16..).unwrap_or_default()))
}
