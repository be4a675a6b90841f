//! The lengths of an upload's parts: all equal, until a network that keeps losing them makes them smaller.

use std::iter::successors;

use crate::plan::{MOST_PARTS, Part};

/// Runs of equally long parts. Each run but the last ends with a part that the server has, and its parts
/// are longer than those of the next. So the list of parts at the server shows the layout again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    runs: Vec<Run>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// The number of its first part.
    first: u32,
    /// The place of its first byte in the object.
    offset: u64,
    part_size: u64,
}

impl Run {
    fn offset_of(&self, number: u32) -> u64 {
        self.offset + u64::from(number - self.first) * self.part_size
    }
}

impl Layout {
    pub fn equal(part_size: u64) -> Self {
        Self { runs: vec![Run { first: 1, offset: 0, part_size }] }
    }

    /// Reads the layout from the numbers and lengths of an upload's parts. A part that is shorter than `least` is
    /// the end of the object, or of an older one.
    pub fn of(known: &[(u32, u64)], size: u64, least: u64) -> Option<Self> {
        let mut known = known.iter().skip_while(|(_, length)| *length < least);
        let &(mut before, part_size) = known.next()?;
        let mut layout = Self::equal(part_size);
        for &(number, length) in known {
            let run = layout.run(number);
            if length > run.part_size {
                // It was sent before the parts shrank, and arrived late.
                continue;
            }
            let from = Run { first: before + 1, offset: run.offset_of(before + 1), part_size: 0 };
            let is_end = |part_size: &u64| {
                *part_size > length
                    && Run { part_size: *part_size, ..from }.offset_of(number) + length == size
            };
            // The lengths to which parts can have shrunk. The end of the object can be shorter than all of them.
            let mut halves =
                successors(Some(run.part_size), |length| (*length > least).then(|| (length / 2).max(least)));
            let part_size = match halves.clone().any(|half| half == length) && !is_end(&run.part_size) {
                true => Some(length),
                false => halves.find(is_end).or(Some(length).filter(|length| *length >= least)),
            };
            let Some(part_size) = part_size else { continue };
            if part_size < run.part_size {
                layout.cut(before + 1, part_size);
            }
            before = number;
        }
        Some(layout)
    }

    /// Returns this length, or a longer one if the parts from this number on would become too many. Returns `None` at
    /// the end of the object. The size of a stream is not known.
    pub fn possible(&self, number: u32, size: Option<u64>, part_size: u64) -> Option<u64> {
        let Some(size) = size else { return Some(part_size) };
        let left = size.saturating_sub(self.run(number).offset_of(number));
        let numbers = MOST_PARTS.saturating_sub(u64::from(number - 1)).max(1);
        (left > 0).then(|| part_size.max(left.div_ceil(numbers)))
    }

    /// Makes the parts from this number on shorter. The part before it must be at the server.
    pub fn cut(&mut self, number: u32, part_size: u64) {
        let offset = self.run(number).offset_of(number);
        self.runs.truncate(self.runs.partition_point(|run| run.first < number));
        self.runs.push(Run { first: number, offset, part_size });
    }

    /// Returns the length of a part that is neither the last nor beyond the end.
    pub fn part_size(&self, number: u32) -> u64 {
        self.run(number).part_size
    }

    /// Returns the part of an object of this size, or `None` beyond its end.
    pub fn part(&self, number: u32, size: u64) -> Option<Part> {
        let run = self.run(number);
        let offset = run.offset_of(number);
        (offset < size).then(|| Part { number, offset, length: run.part_size.min(size - offset) })
    }

    /// Returns the number that follows the last of these parts. Parts beyond the end of the object do not count.
    pub fn after(&self, there: impl Iterator<Item = u32>, size: u64) -> u32 {
        there.filter(|number| self.part(*number, size).is_some()).max().unwrap_or(0) + 1
    }

    /// Returns the number of parts at the server that have the lengths of this layout.
    pub fn fitting(&self, known: &[(u32, u64)], size: u64) -> usize {
        let fits = |&&(number, length): &&(u32, u64)| {
            self.part(number, size).is_some_and(|part| part.length == length)
        };
        known.iter().filter(fits).count()
    }

    fn run(&self, number: u32) -> Run {
        let position = self.runs.partition_point(|run| run.first <= number);
        self.runs[position.saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_begins_where_the_part_before_it_ends() {
        let mut layout = Layout::equal(100);
        layout.cut(4, 50);
        layout.cut(4, 25);
        layout.cut(6, 10);
        let parts: Vec<_> = (1..)
            .map_while(|number| layout.part(number, 357))
            .map(|part| (part.offset, part.length))
            .collect();
        assert_eq!(parts, [(0, 100), (100, 100), (200, 100), (300, 25), (325, 25), (350, 7)]);
    }

    #[test]
    fn the_list_of_parts_shows_the_layout() {
        let mut layout = Layout::equal(100);
        layout.cut(4, 50);
        layout.cut(9, 25);
        // Numbers 2, 4, 6 and 10 are missing; number 14 is the end of the object.
        let there = [(1, 100), (3, 100), (5, 50), (7, 50), (8, 50), (9, 25), (11, 25), (14, 3)];
        assert_eq!(Layout::of(&there, 678, 20).as_ref(), Some(&layout));
        // The answer to part 10 was lost before the parts shrank.
        let there = [&there[..6], &[(10, 50)], &there[6..]].concat();
        assert_eq!(Layout::of(&there, 678, 20).as_ref(), Some(&layout));
        assert_eq!(Layout::of(&[], 678, 20), None);
        assert_eq!(layout.fitting(&there, 678), there.len() - 1);
    }

    #[test]
    fn the_end_of_the_object_shows_the_length_of_the_parts_before_it() {
        // Parts 3 to 6 are missing.
        for (part_size, number, end) in [(100, 5, 20), (50, 7, 20), (25, 11, 20), (12, 21, 4), (10, 24, 10)] {
            let mut layout = Layout::equal(100);
            if part_size < 100 {
                layout.cut(3, part_size);
            }
            assert_eq!(
                Layout::of(&[(1, 100), (2, 100), (number, end)], 420, 10),
                Some(layout),
                "{part_size}"
            );
        }
    }

    #[test]
    fn parts_shrink_as_far_as_their_number_allows() {
        let layout = Layout::equal(100);
        let possible = |size| layout.possible(1, Some(size), 50);
        assert_eq!(possible(1000), Some(50));
        // 10,000 parts of 70 make 700,000.
        assert_eq!(possible(700_000), Some(70));
        assert_eq!(layout.possible(8, Some(700), 50), None);
        assert_eq!(layout.possible(8, None, 50), Some(50));
    }
}
