//! Cuts an object into equal parts.

/// S3's limits: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>.
pub const MOST_PARTS: u64 = 10_000;
pub const LARGEST_PART: u64 = 5 << 30;

const MIB: u64 = 1 << 20;

/// Smaller objects are sent in one request.
pub const SINGLE: u64 = 16 * MIB;

/// The parts of an object of a known size. All are equally long, except for the last: some services
/// take no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub size: u64,
    pub part_size: u64,
}

/// One part: its number, which begins at 1, and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub number: u32,
    pub offset: u64,
    pub length: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(
        "{size} bytes in parts of {part_size} make more than 10,000 parts; use parts of at least {least}"
    )]
    TooMany { size: u64, part_size: u64, least: u64 },
    #[error("a part has 1 byte to 5 GiB, not {0} bytes")]
    PartSize(u64),
}

impl Plan {
    /// Without a part size, parts have 8 MiB, or as many whole MiB as keep their number within 10,000.
    pub fn new(size: u64, part_size: Option<u64>) -> Result<Self, PlanError> {
        let least = size.div_ceil(MOST_PARTS).next_multiple_of(MIB);
        let part_size = part_size.unwrap_or(least.max(8 * MIB));
        if part_size == 0 || part_size > LARGEST_PART {
            return Err(PlanError::PartSize(part_size));
        }
        if size.div_ceil(part_size) > MOST_PARTS {
            return Err(PlanError::TooMany { size, part_size, least });
        }
        Ok(Self { size, part_size })
    }

    /// Returns the number of parts. An empty object has one empty part.
    pub fn count(&self) -> u32 {
        u32::try_from(self.size.div_ceil(self.part_size)).unwrap_or(u32::MAX).max(1)
    }

    pub fn part(&self, number: u32) -> Option<Part> {
        if number == 0 || number > self.count() {
            return None;
        }
        let offset = u64::from(number - 1) * self.part_size;
        Some(Part { number, offset, length: self.part_size.min(self.size - offset) })
    }

    pub fn parts(self) -> impl Iterator<Item = Part> {
        (1..=self.count()).filter_map(move |number| self.part(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_8_mib_until_there_would_be_too_many() {
        let part_size = |size| Plan::new(size, None).unwrap().part_size;
        assert_eq!(part_size(0), 8 * MIB);
        assert_eq!(part_size(80_000 * MIB), 8 * MIB);
        assert_eq!(part_size(80_000 * MIB + 1), 9 * MIB);
        // The largest object that S3 stores: 10,000 parts of 5 GiB.
        assert_eq!(part_size(10_000 * LARGEST_PART), LARGEST_PART);
        assert_eq!(Plan::new(10_000 * LARGEST_PART, None).unwrap().count(), 10_000);
        assert!(Plan::new(10_000 * LARGEST_PART + 1, None).is_err());
    }

    #[test]
    fn parts_cover_the_object_without_gaps() {
        for (size, part_size) in [(0, 5), (1, 5), (4, 5), (5, 5), (6, 5), (50, 7)] {
            let plan = Plan::new(size, Some(part_size)).unwrap();
            let mut end = 0;
            for part in plan.parts() {
                assert_eq!(part.offset, end);
                end += part.length;
            }
            assert_eq!(end, size);
        }
        assert_eq!(Plan::new(6, Some(5)).unwrap().part(3), None);
        let error = Plan::new(20_000 * MIB, Some(MIB)).unwrap_err();
        assert_eq!(error, PlanError::TooMany { size: 20_000 * MIB, part_size: MIB, least: 2 * MIB });
    }
}
