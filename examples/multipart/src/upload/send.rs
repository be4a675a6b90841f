//! Sends the parts, several at the same time, and cuts them anew if the network keeps losing them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinSet;

use super::Uploaded;
use super::complete::complete;
use super::part::{Done, Outcome, send_part};
use super::parts::Parts;
use super::session::Session;
use crate::proof::Sums;
use crate::{Error, Target, Transfer};

impl Transfer {
    /// Sends the parts that the server does not have, and completes the upload.
    pub(super) async fn send(
        &self,
        session: Session,
        mut parts: Parts,
        target: &Target,
    ) -> Result<Uploaded, Error> {
        let (mut session, mut done) = (Arc::new(session), Vec::new());
        loop {
            let lost = self.send_parts(&session, &mut parts, &mut done).await?;
            if lost.is_empty() {
                break;
            }
            // Parts whose answers were lost are at the server too. A later run sees them, so they keep their places.
            session = Arc::new(session.listed_again(&self.shared).await?);
            let there = session.known.keys().copied().chain(done.iter().map(|part| part.number));
            if let Some(part_size) = parts.shrink(&lost, there) {
                // The retries were those of parts that were too long.
                self.shared.budget.refill();
                let key = &target.key;
                self.shared.note(format!(
                    "{key}: parts are lost again and again: they have {part_size} bytes from now on"
                ));
            }
        }
        parts.check_unchanged()?;

        done.sort_by_key(|part: &Done| part.number);
        let bytes = |sent| done.iter().filter(|part| part.sent == sent).map(|part| part.length).sum();
        let (sent, found): (u64, u64) = (bytes(true), bytes(false));
        let sums: Sums = done.iter().map(|part| (part.length, part.checksum)).collect();
        let proof = complete(&self.shared, &session, &done, &sums, target).await?;
        Ok(Uploaded { size: sums.size(), part_size: parts.part_size(), sent, found, proof })
    }

    /// Sends several parts at the same time, until all are sent or one is lost. Returns the lost ones.
    async fn send_parts(
        &self,
        session: &Arc<Session>,
        parts: &mut Parts,
        done: &mut Vec<Done>,
    ) -> Result<Vec<u32>, Error> {
        let (mut tasks, mut lost) = (JoinSet::new(), Vec::new());
        let any_lost = Arc::new(AtomicBool::new(false));
        loop {
            // A part of a stream takes room on the disk, so it is read only when it can be sent.
            let permit = self.shared.limiter.acquire().await;
            while let Some(ended) = tasks.try_join_next() {
                sort(ended??, done, &mut lost);
            }
            if any_lost.load(Ordering::Relaxed) {
                break;
            }
            let Some(part) = parts.next(&self.shared.pool).await? else { break };
            let (shared, session, any_lost) = (self.shared.clone(), session.clone(), any_lost.clone());
            tasks.spawn(async move {
                let outcome = send_part(&shared, &session, part).await;
                // The permit is free before the task has ended, so a lost part is noted here.
                any_lost.fetch_or(matches!(outcome, Ok(Outcome::Lost(_))), Ordering::Relaxed);
                drop(permit);
                outcome
            });
        }
        while let Some(ended) = tasks.join_next().await {
            sort(ended??, done, &mut lost);
        }
        Ok(lost)
    }
}

fn sort(outcome: Outcome, done: &mut Vec<Done>, lost: &mut Vec<u32>) {
    match outcome {
        Outcome::Done(part) => done.push(part),
        Outcome::Lost(number) => lost.push(number),
    }
}
