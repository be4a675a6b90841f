//! The lengths of an upload's parts: all equal, until a network that keeps losing them makes them smaller.

use std::collections::BTreeMap;

use bucket::client::Part as Known;

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

    /// Reads the layout from the parts of an upload. Returns `None` if their lengths are not those of an upload
    /// whose parts shrank.
    pub fn of(known: &BTreeMap<u32, Known>, size: u64, smallest: u64) -> Option<Self> {
        let first = known.values().next()?;
        let mut layout = Self::equal(first.size);
        let mut before = first.number;
        for part in known.values() {
            let last = layout.run(part.number);
            let is_end = last.offset_of(part.number) + part.size == size;
            if part.size > last.part_size {
                // It was sent before the parts shrank, and its answer was lost.
                continue;
            }
            if part.size < last.part_size && !is_end {
                layout.cut(before + 1, part.size);
            }
            before = part.number;
        }
        layout.runs.iter().all(|run| run.part_size >= smallest).then_some(layout)
    }

    /// Makes the parts from this number on shorter, but not so short that they become too many. The part
    /// before it must be at the server. Returns false if they would not be at least a quarter shorter.
    pub fn shrink(&mut self, number: u32, size: u64, part_size: u64) -> bool {
        let run = self.run(number);
        let left = size.saturating_sub(run.offset_of(number));
        let numbers = MOST_PARTS.saturating_sub(u64::from(number - 1)).max(1);
        let part_size = part_size.max(left.div_ceil(numbers));
        // A part that is hardly shorter is lost as often.
        let shrinks = left > 0 && part_size <= run.part_size / 4 * 3;
        if shrinks {
            self.cut(number, part_size);
        }
        shrinks
    }

    fn cut(&mut self, number: u32, part_size: u64) {
        let offset = self.run(number).offset_of(number);
        self.runs.retain(|run| run.first < number);
        self.runs.push(Run { first: number, offset, part_size });
    }

    /// Returns the length of a part that is neither the last nor behind it.
    pub fn part_size(&self, number: u32) -> u64 {
        self.run(number).part_size
    }

    /// Returns the part of an object of this size, or `None` behind its end.
    pub fn part(&self, number: u32, size: u64) -> Option<Part> {
        let run = self.run(number);
        let offset = run.offset_of(number);
        (offset < size).then(|| Part { number, offset, length: run.part_size.min(size - offset) })
    }

    /// Returns the number that follows the last of these parts. Parts behind the end of the object do not count.
    pub fn after(&self, there: impl Iterator<Item = u32>, size: u64) -> u32 {
        there.filter(|number| self.part(*number, size).is_some()).max().unwrap_or(0) + 1
    }

    /// Returns the number of parts at the server that have the lengths of this layout.
    pub fn fitting(&self, known: &BTreeMap<u32, Known>, size: u64) -> usize {
        let fits =
            |known: &&Known| self.part(known.number, size).is_some_and(|part| part.length == known.size);
        known.values().filter(fits).count()
    }

    fn run(&self, number: u32) -> Run {
        let position = self.runs.partition_point(|run| run.first <= number);
        self.runs[position.saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(sizes: &[(u32, u64)]) -> BTreeMap<u32, Known> {
        let part = |&(number, size): &(u32, u64)| {
            (number, Known { number, size, etag: String::new(), checksums: Vec::new() })
        };
        sizes.iter().map(part).collect()
    }

    #[test]
    fn a_cut_begins_where_the_part_before_it_ends() {
        let mut layout = Layout::equal(100);
        assert!(layout.shrink(4, 357, 50) && layout.shrink(4, 357, 25) && layout.shrink(6, 357, 10));
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
        assert_eq!(Layout::of(&known(&there), 678, 20).as_ref(), Some(&layout));
        // The answer to part 10 was lost before the parts shrank.
        let there = [&there[..6], &[(10, 50)], &there[6..]].concat();
        assert_eq!(Layout::of(&known(&there), 678, 20).as_ref(), Some(&layout));
        assert_eq!(Layout::of(&known(&[]), 678, 20), None);
        assert_eq!(layout.fitting(&known(&there), 678), there.len() - 1);
        // A part is too small: the upload is of another file.
        assert_eq!(Layout::of(&known(&[(1, 100), (2, 19)]), 678, 20), None);
    }

    #[test]
    fn parts_shrink_as_far_as_their_number_allows() {
        let shrunk = |size, part_size| {
            let mut layout = Layout::equal(100);
            layout.shrink(1, size, part_size).then(|| layout.part_size(1))
        };
        assert_eq!(shrunk(1000, 50), Some(50));
        assert_eq!(shrunk(1000, 100), None);
        // 10,000 parts of 70 make 700,000.
        assert_eq!(shrunk(700_000, 50), Some(70));
        assert_eq!(shrunk(1_000_000, 50), None);
    }
}
