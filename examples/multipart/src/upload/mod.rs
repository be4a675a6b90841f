//! Sends a file or a stream: in one request if it is small, else in parts.
//!
//! The server is the only state. An upload of the key that is open is continued: each part that the
//! server has is compared with the file by its checksum, and sent again if it differs.

mod complete;
#[cfg(test)]
mod continued;
mod cut;
mod layout;
mod part;
mod parts;
mod send;
mod session;
#[cfg(test)]
mod simulated;
mod single;
mod spool;

use countersign::Checksum;
use tokio::io::AsyncRead;

use crate::plan::SINGLE;
use crate::proof::{Proof, Sums};
use crate::source::{Data, LocalFile, Source};
use crate::{Error, Event, Plan, Target, Transfer};
use complete::Compared;
use parts::Parts;
use spool::{followed_by, spool};

pub use session::open_uploads;

/// An object that is complete.
#[derive(Debug, Clone)]
pub struct Uploaded {
    pub size: u64,
    /// The length of the first part. The others are as long, or shorter.
    pub part_size: u64,
    /// The bytes that this upload has sent.
    pub sent: u64,
    /// The bytes that the server had already.
    pub found: u64,
    pub proof: Proof,
}

impl Transfer {
    /// Sends the bytes and has the server compare the object with them.
    ///
    /// If it fails, an upload in parts stays open, so that the same call continues it.
    pub async fn upload(&self, source: Source, target: &Target) -> Result<Uploaded, Error> {
        if target.only_new {
            let file = match &source {
                Source::File(file) => Some(file.clone()),
                Source::Stream(_) => None,
            };
            self.check_new(file, target).await?;
        }
        match source {
            Source::File(file) if file.size() < SINGLE => {
                self.shared.tell(Event::Begun { size: Some(file.size()) });
                single::put(&self.shared, Data::whole(file), target).await
            }
            Source::File(file) => {
                self.shared.tell(Event::Begun { size: Some(file.size()) });
                self.upload_file(file, target).await
            }
            Source::Stream(mut stream) => {
                self.shared.tell(Event::Begun { size: None });
                let first = spool(&mut stream, SINGLE, &self.shared.pool).await?;
                if first.size() < SINGLE {
                    return single::put(&self.shared, Data::whole(first), target).await;
                }
                self.upload_stream(followed_by(&first, stream)?, target).await
            }
        }
    }

    async fn upload_file(&self, file: LocalFile, target: &Target) -> Result<Uploaded, Error> {
        let open = session::find(&self.shared, &target.key).await?;
        if open.is_none() && !self.shared.options.again {
            let plan = Plan::new(file.size(), self.shared.options.part_size)?;
            if let Some(proof) = self.is_there(&file, plan, target).await? {
                self.shared
                    .note(format!("{}: the object has these bytes already; nothing is sent", target.key));
                let (size, part_size) = (plan.size, plan.part_size);
                self.shared.tell(Event::Proven { number: 1, bytes: size });
                return Ok(Uploaded { size, part_size, sent: 0, found: size, proof });
            }
        }
        let session = match open {
            Some(open) => open,
            None => session::begin(&self.shared, target).await?,
        };
        let parts = Parts::file(file, &session, &self.shared.options)?;
        self.send(session, parts, target).await
    }

    async fn upload_stream(
        &self,
        stream: impl AsyncRead + Send + Unpin + 'static,
        target: &Target,
    ) -> Result<Uploaded, Error> {
        let session = match session::find(&self.shared, &target.key).await? {
            Some(open) => open,
            None => session::begin(&self.shared, target).await?,
        };
        let parts = Parts::stream(Box::new(stream), &session, &self.shared.options)?;
        self.send(session, parts, target).await
    }

    /// Compares the object that exists with the file. This is how a run that was killed just before its
    /// end, after the upload was complete, is not repeated.
    async fn is_there(&self, file: &LocalFile, plan: Plan, target: &Target) -> Result<Option<Proof>, Error> {
        let Some(head) = complete::head(&self.shared, &target.key).await? else { return Ok(None) };
        let given = |name: &str| target.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        if head.size != file.size()
            || given("content-type").is_some_and(|(_, value)| *value != head.content_type)
        {
            return Ok(None);
        }
        let algorithm = match crate::proof::of_object(&head, Checksum::Crc64Nvme) {
            Some(_) => Checksum::Crc64Nvme,
            None if head.etag.ends_with(&format!("-{}", plan.count())) => Checksum::Md5,
            None => return Ok(None),
        };
        let sums = Sums::of(file, plan, algorithm, &self.shared.pool).await?;
        file.check_unchanged()?;
        Ok(match complete::compare(&head, &sums) {
            Compared::Same(proof) => Some(proof),
            _ => None,
        })
    }

    /// Fails early, before any byte is sent. The server decides when the object is written.
    async fn check_new(&self, file: Option<LocalFile>, target: &Target) -> Result<(), Error> {
        if complete::head(&self.shared, &target.key).await?.is_none() {
            return Ok(());
        }
        let same = match file {
            Some(file) => {
                let plan = Plan::new(file.size(), self.shared.options.part_size)?;
                self.is_there(&file, plan, target).await?.is_some()
            }
            None => false,
        };
        Err(Error::Exists { same })
    }
}
