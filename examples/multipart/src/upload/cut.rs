//! Decides how a file or a stream is cut, from the parts that the server has.

use super::layout::Layout;
use super::session::Session;
use crate::options::SMALLEST_PART;
use crate::plan::{MOST_PARTS, SINGLE};
use crate::{Options, Plan, PlanError};

impl Session {
    /// Cuts the file as most of the parts at the server were cut. After them, parts have the length that is wanted, if
    /// it is smaller. The size of a stream is not known.
    pub fn layout(&self, size: Option<u64>, options: &Options) -> Result<Layout, PlanError> {
        let mut layout = self.fitting(size, options)?;
        if let (Some(wanted), Some(_)) = (options.part_size, self.smallest(options)) {
            let next = layout.after(self.known.keys().copied(), size.unwrap_or(u64::MAX));
            let possible = layout.possible(next, size, wanted);
            if let Some(part_size) = possible.filter(|length| *length < layout.part_size(next)) {
                layout.cut(next, part_size);
            }
        }
        Ok(layout)
    }

    /// Returns the layout that most of the parts at the server have.
    fn fitting(&self, size: Option<u64>, options: &Options) -> Result<Layout, PlanError> {
        let equal = |part_size| {
            Plan::new(size.unwrap_or(SINGLE), part_size).map(|plan| Layout::equal(plan.part_size))
        };
        let wanted = equal(options.part_size)?;
        let known: Vec<_> = self.known.values().map(|part| (part.number, part.size)).collect();
        // A shorter part is the end of a file, perhaps of one that has grown.
        let least = options.smallest_part.unwrap_or(SMALLEST_PART).min(options.part_size.unwrap_or(u64::MAX));
        let longest = known.iter().map(|(_, length)| *length).filter(|length| *length >= least).max();
        let longest = longest.and_then(|longest| equal(Some(longest)).ok());
        let end = size.unwrap_or(u64::MAX);
        let shrunk = self.smallest(options).and_then(|_| Layout::of(&known, end, least));
        let has_numbers =
            |layout: &Layout| size.is_none_or(|size| layout.part(MOST_PARTS as u32 + 1, size).is_none());

        let candidates = [shrunk.filter(has_numbers), longest, Some(wanted.clone())].into_iter().flatten();
        let fitting = |layout: &Layout| layout.fitting(&known, end);
        Ok(candidates.max_by_key(fitting).filter(|best| fitting(best) > 0).unwrap_or(wanted))
    }
}
