//! Cuts a source into the parts that are sent.

use tokio::io::AsyncRead;

use super::layout::Layout;
use super::session::Session;
use super::spool::spool;
use crate::plan::{MOST_PARTS, Part};
use crate::pool::Pool;
use crate::source::{Data, LocalFile};
use crate::{Error, Options, PlanError};

pub struct Parts {
    from: From,
    layout: Layout,
    /// Parts may shrink to this length.
    smallest: Option<u64>,
    /// The number of the next part that was not given out yet.
    next: u32,
    /// Parts that were lost, and keep their length.
    again: Vec<Part>,
}

enum From {
    File(LocalFile),
    Stream(Box<dyn AsyncRead + Send + Unpin>),
}

/// A part to send.
pub struct Planned {
    pub number: u32,
    pub data: Data,
    /// The part may be cut into shorter ones if it is lost.
    pub can_shrink: bool,
}

impl Parts {
    pub fn file(file: LocalFile, session: &Session, options: &Options) -> Result<Self, PlanError> {
        let layout = session.layout(Some(file.size()), options)?;
        let smallest = session.smallest(options);
        Ok(Self { from: From::File(file), layout, smallest, next: 1, again: Vec::new() })
    }

    /// The parts of a stream keep their length, because it is not known how many there will be.
    pub fn stream(
        stream: Box<dyn AsyncRead + Send + Unpin>,
        session: &Session,
        options: &Options,
    ) -> Result<Self, PlanError> {
        let layout = session.layout(None, options)?;
        let again = Vec::new();
        Ok(Self { from: From::Stream(stream), layout, smallest: None, next: 1, again })
    }

    /// Returns the length of the first part.
    pub fn part_size(&self) -> u64 {
        self.layout.part_size(1)
    }

    /// Returns the next part. A part of a stream is read into a temporary file now, so the caller asks for
    /// it only when it can be sent.
    pub async fn next(&mut self, pool: &Pool) -> Result<Option<Planned>, Error> {
        match &mut self.from {
            From::File(file) => {
                let (part, can_shrink) = match self.again.pop() {
                    Some(part) => (Some(part), false),
                    None => (self.layout.part(self.next, file.size()), self.smallest.is_some()),
                };
                let Some(Part { number, offset, length }) = part else { return Ok(None) };
                self.next = self.next.max(number + 1);
                Ok(Some(Planned { number, data: Data { file: file.clone(), offset, length }, can_shrink }))
            }
            From::Stream(stream) => {
                let (number, part_size) = (self.next, self.layout.part_size(self.next));
                let data = Data::whole(spool(stream, part_size, pool).await?);
                if data.length == 0 {
                    return Ok(None);
                }
                if u64::from(number) > MOST_PARTS {
                    let (size, least) = (u64::from(number) * part_size, 2 * part_size);
                    return Err(PlanError::TooMany { size, part_size, least }.into());
                }
                self.next += 1;
                Ok(Some(Planned { number, data, can_shrink: false }))
            }
        }
    }

    /// Plans lost parts again. Those that follow the last part at the server become shorter, as does all
    /// that follows them. Returns their length, or `None` if they cannot become shorter.
    pub fn shrink(&mut self, lost: &[u32], there: impl Iterator<Item = u32>) -> Option<u64> {
        let From::File(file) = &self.from else { return None };
        let size = file.size();
        let first = self.layout.after(there, size);
        let fixed = lost.iter().filter(|number| **number < first);
        self.again = fixed.filter_map(|number| self.layout.part(*number, size)).collect();
        self.next = self.next.min(first);
        let now = self.layout.part_size(first);
        let wanted = self.smallest.map(|smallest| smallest.max(now / 2));
        let possible = wanted.and_then(|wanted| self.layout.possible(first, Some(size), wanted));
        // A part that is hardly shorter is lost as often.
        let shorter = possible.filter(|possible| *possible <= now / 4 * 3);
        match shorter {
            Some(part_size) => self.layout.cut(first, part_size),
            None => self.smallest = None,
        }
        shorter
    }

    pub fn check_unchanged(&self) -> Result<(), Error> {
        match &self.from {
            From::File(file) => file.check_unchanged(),
            From::Stream(_) => Ok(()),
        }
    }
}
