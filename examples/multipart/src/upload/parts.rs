//! Cuts a source into the parts that are sent.

use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::source::{Data, LocalFile};
use crate::{Error, Plan, PlanError};

/// How much of a stream is in memory at most, unless a single part is larger.
const IN_MEMORY: u64 = 40 << 20;

pub enum Parts {
    File { file: LocalFile, plan: Plan, next: u32 },
    Stream { stream: Box<dyn AsyncRead + Send + Unpin>, part_size: u64, next: u32, room: Arc<Semaphore> },
}

/// A part's number and bytes, and the room that it takes in memory.
type Next = (u32, Data, Option<OwnedSemaphorePermit>);

impl Parts {
    pub fn file(file: LocalFile, plan: Plan) -> Self {
        Self::File { file, plan, next: 1 }
    }

    pub fn stream(stream: Box<dyn AsyncRead + Send + Unpin>, part_size: u64) -> Self {
        let parts = usize::try_from(IN_MEMORY / part_size).unwrap_or(1).max(1);
        Self::Stream { stream, part_size, next: 1, room: Arc::new(Semaphore::new(parts)) }
    }

    pub fn part_size(&self) -> u64 {
        match self {
            Self::File { plan, .. } => plan.part_size,
            Self::Stream { part_size, .. } => *part_size,
        }
    }

    pub async fn next(&mut self) -> Result<Option<Next>, Error> {
        match self {
            Self::File { file, plan, next } => {
                let part = plan.part(*next);
                *next += 1;
                Ok(part.map(|part| {
                    let data = Data::File { file: file.clone(), offset: part.offset, length: part.length };
                    (part.number, data, None)
                }))
            }
            Self::Stream { stream, part_size, next, room } => {
                let room = room.clone().acquire_owned().await.ok();
                let bytes = read(stream, *part_size).await?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                let number = *next;
                *next += 1;
                let size = u64::from(number) * *part_size;
                if number > 10_000 {
                    let least = 2 * *part_size;
                    return Err(PlanError::TooMany { size, part_size: *part_size, least }.into());
                }
                Ok(Some((number, Data::Memory(bytes), room)))
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

async fn read(stream: &mut (dyn AsyncRead + Send + Unpin), part_size: u64) -> Result<Bytes, Error> {
    let mut bytes = Vec::with_capacity(usize::try_from(part_size.min(IN_MEMORY)).unwrap_or_default());
    stream.take(part_size).read_to_end(&mut bytes).await.map_err(Error::Input)?;
    Ok(bytes.into())
}
