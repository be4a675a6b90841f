//! Reads an object in ranges, several at the same time, into a file that gets its name when the object
//! is proven.
//!
//! Until then the bytes are in `.NAME.multipart`, next to a journal of the parts that are complete. After
//! an interruption each part of the journal is read again from the disk, and compared with its checksum.

mod expected;
mod partial;
mod range;

use std::path::Path;

use countersign::ChecksumValue;
use tokio::task::JoinSet;

use crate::proof::{Proof, Sums, WITH_CHECKSUM};
use crate::{Error, Event, Plan, Transfer};
use expected::Expected;
use partial::{Name, Partial};

/// A file that is complete.
#[derive(Debug, Clone)]
pub struct Downloaded {
    pub size: u64,
    pub part_size: u64,
    /// The bytes that came over the network.
    pub received: u64,
    /// The bytes that an earlier run had received.
    pub found: u64,
    pub proof: Proof,
}

impl Transfer {
    /// Reads an object into a file, which is replaced only when all bytes are there and proven.
    pub async fn download(&self, key: &str, to: &Path) -> Result<Downloaded, Error> {
        self.download_as(key, &partial::target(to)?, Name::Any).await
    }

    /// Reads an object into a new file, as [`Transfer::download`] does. Fails with [`Error::FileExists`] if
    /// `to` exists: a file, a folder or any symbolic link. If it appears during the download, it is left as
    /// it is. The bytes are kept then, and the next download to `to` does not fetch them again.
    pub async fn download_new(&self, key: &str, to: &Path) -> Result<Downloaded, Error> {
        if to.symlink_metadata().is_ok() {
            return Err(Error::FileExists { path: to.to_owned() });
        }
        self.download_as(key, to, Name::New).await
    }

    async fn download_as(&self, key: &str, to: &Path, name: Name) -> Result<Downloaded, Error> {
        let shared = &self.shared;
        let head = || shared.client.head_with(key, &WITH_CHECKSUM);
        let head = shared.attempts("the question for the object", head).await?;
        shared.tell(Event::Begun { size: Some(head.size) });
        let plan = Plan::new(head.size, shared.options.part_size)?;
        let expected = Expected::of(&head);
        let partial = Partial::open(to, &head.etag, plan, expected.algorithm())?;
        if partial.is_other() {
            shared.note("the object has changed since the last run: it is read from its beginning");
        }

        let mut sums = partial.proven(&shared.pool).await?;
        let mut found = 0;
        for (number, _) in &sums {
            let bytes = plan.part(*number).map_or(0, |part| part.length);
            shared.tell(Event::Proven { number: *number, bytes });
            found += bytes;
        }
        self.read_rest(key, &head.etag, &partial, &mut sums).await?;

        sums.sort_by_key(|(number, _)| *number);
        let lengths = plan.parts().map(|part| part.length);
        let sums: Sums = lengths.zip(sums.into_iter().map(|(_, sum)| sum)).collect();
        let proof = match expected::prove(shared, key, &expected, &sums, &partial).await {
            // The received bytes are wrong, so the next run begins anew.
            Err(error @ Error::Differs { .. }) => {
                partial.discard();
                return Err(error);
            }
            proof => proof?,
        };
        partial.keep(to, name)?;
        Ok(Downloaded {
            size: plan.size,
            part_size: plan.part_size,
            received: plan.size - found,
            found,
            proof,
        })
    }

    /// Reads the parts that are not there yet.
    async fn read_rest(
        &self,
        key: &str,
        etag: &str,
        partial: &Partial,
        sums: &mut Vec<(u32, ChecksumValue)>,
    ) -> Result<(), Error> {
        let there: std::collections::HashSet<_> = sums.iter().map(|(number, _)| *number).collect();
        let mut tasks = JoinSet::new();
        for part in partial.plan.parts().filter(|part| !there.contains(&part.number)) {
            let permit = self.shared.limiter.acquire().await;
            while let Some(part) = tasks.try_join_next() {
                sums.push(part??);
            }
            let (shared, partial) = (self.shared.clone(), partial.clone());
            let (key, etag) = (key.to_owned(), etag.to_owned());
            tasks.spawn(async move {
                let sum = range::read(&shared, &key, &etag, part, &partial).await?;
                drop(permit);
                partial.record(part.number, sum)?;
                shared.tell(Event::Done { number: part.number });
                Ok::<_, Error>((part.number, sum))
            });
        }
        while let Some(part) = tasks.join_next().await {
            sums.push(part??);
        }
        Ok(())
    }
}
