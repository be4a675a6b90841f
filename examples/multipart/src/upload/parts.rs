//! Cuts a source into the parts that are sent.

use tokio::io::AsyncRead;

use super::spool::spool;
use crate::pool::Pool;
use crate::source::{Data, LocalFile};
use crate::{Error, Plan, PlanError};

pub enum Parts {
    File { file: LocalFile, plan: Plan, next: u32 },
    Stream { stream: Box<dyn AsyncRead + Send + Unpin>, part_size: u64, next: u32 },
}

impl Parts {
    pub fn file(file: LocalFile, plan: Plan) -> Self {
        Self::File { file, plan, next: 1 }
    }

    pub fn stream(stream: Box<dyn AsyncRead + Send + Unpin>, part_size: u64) -> Self {
        Self::Stream { stream, part_size, next: 1 }
    }

    pub fn part_size(&self) -> u64 {
        match self {
            Self::File { plan, .. } => plan.part_size,
            Self::Stream { part_size, .. } => *part_size,
        }
    }

    /// Returns the next part and its number. A part of a stream is read into a temporary file now, so the
    /// caller asks for it only when it can be sent.
    pub async fn next(&mut self, pool: &Pool) -> Result<Option<(u32, Data)>, Error> {
        match self {
            Self::File { file, plan, next } => {
                let part = plan.part(*next);
                *next += 1;
                Ok(part.map(|part| {
                    (part.number, Data { file: file.clone(), offset: part.offset, length: part.length })
                }))
            }
            Self::Stream { stream, part_size, next } => {
                let part = spool(stream, *part_size, pool).await?;
                if part.size() == 0 {
                    return Ok(None);
                }
                let number = *next;
                *next += 1;
                let size = u64::from(number) * *part_size;
                if number > 10_000 {
                    let least = 2 * *part_size;
                    return Err(PlanError::TooMany { size, part_size: *part_size, least }.into());
                }
                Ok(Some((number, Data::whole(part))))
            }
        }
    }

    pub fn check_unchanged(&self) -> Result<(), Error> {
        match self {
            Self::File { file, .. } => file.check_unchanged(),
            Self::Stream { .. } => Ok(()),
        }
    }
}
