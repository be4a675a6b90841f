//! One part: proven to be there, or sent.

use bucket::client::{CompletedPart, Part};
use countersign::{Checksum, ChecksumValue};

use super::parts::Planned;
use super::session::Session;
use crate::meter::Meter;
use crate::proof::md5_of_etag;
use crate::retry::Failures;
use crate::source::Data;
use crate::transfer::Shared;
use crate::{Error, Event};

/// The network has lost a part this often before it is cut into shorter ones.
const LOSSES: u32 = 3;

pub enum Outcome {
    Done(Done),
    /// The network keeps losing the part of this number.
    Lost(u32),
}

/// A part that the server has, and that is right.
pub struct Done {
    pub number: u32,
    pub length: u64,
    pub checksum: ChecksumValue,
    pub etag: String,
    /// False if the server had it already.
    pub sent: bool,
}

impl Done {
    pub fn completed(&self) -> CompletedPart {
        let crc = Some(self.checksum).filter(|sum| sum.checksum() == Checksum::Crc64Nvme);
        let checksum = crc.map(|sum| ("crc64nvme", sum.to_string()));
        CompletedPart { number: self.number, etag: self.etag.clone(), checksum }
    }
}

/// Computes the part's checksum, and sends the part if the server does not have exactly this one.
pub async fn send_part(shared: &Shared, session: &Session, planned: Planned) -> Result<Outcome, Error> {
    let Planned { number, data, can_shrink } = planned;
    let checksum = data.checksum(session.algorithm, &shared.pool).await?;
    let length = data.length;
    if let Some(known) = session.known.get(&number) {
        if is_there(shared, known, &data, checksum).await? {
            shared.tell(Event::Proven { number, bytes: length });
            let etag = known.etag.clone();
            return Ok(Outcome::Done(Done { number, length, checksum, etag, sent: false }));
        }
        shared.tell(Event::Differs { number });
        shared.note(format!(
            "part {number} at the server differs from the file, which may have changed: it is sent again"
        ));
    }

    let value = checksum.to_string();
    let headers = match checksum.checksum() {
        Checksum::Crc64Nvme => [("x-amz-checksum-crc64nvme", value.as_str())],
        _ => [("content-md5", value.as_str())],
    };
    let attempt = || async {
        data.check_unchanged().map_err(changed)?;
        let meter = Meter::new(shared);
        let body = data.body(&shared.pool, &meter);
        let sent = shared.client.upload_part(&session.key, &session.id, number, body, &headers);
        meter.watch(shared.options.stall, sent).await
    };
    let task = format!("part {number}");
    let (mut failures, mut losses) = (Failures::default(), 0);
    let sent = loop {
        let error = match shared.hedged(&task, attempt).await {
            Ok(sent) => break sent,
            Err(error) => error,
        };
        losses += u32::from(is_loss(&error));
        if can_shrink && losses == LOSSES {
            return Ok(Outcome::Lost(number));
        }
        let pause = shared.pause(&task, &mut failures, error).await;
        // Bytes that do not match their checksum are more likely a changed file than a broken network.
        pause.or_else(|error| data.check_unchanged().and(Err(error)))?;
    };
    shared.budget.succeeded();

    if let Some(found) = sent.headers.get("x-amz-checksum-crc64nvme")
        && checksum.checksum() == Checksum::Crc64Nvme
        && found.as_bytes() != value.as_bytes()
    {
        let (what, found) =
            (format!("the checksum of part {number}"), String::from_utf8_lossy(found.as_bytes()));
        return Err(Error::Differs { what, expected: value, found: found.into_owned() });
    }
    shared.tell(Event::Done { number });
    Ok(Outcome::Done(Done { number, length, checksum, etag: sent.etag, sent: true }))
}

/// Returns true if the connection was made, and ended or stalled before the answer came.
fn is_loss(error: &bucket::Error) -> bool {
    match error {
        bucket::Error::Timeout { .. } | bucket::Error::Interrupted(_) => true,
        bucket::Error::Transport { .. } => !error.is_connect(),
        _ => false,
    }
}

/// A changed file ends the attempts: [`bucket::Error::Server`] is never repeated.
fn changed(_: Error) -> bucket::Error {
    bucket::Error::Server(std::io::Error::other("the file has changed"))
}

/// Compares a part at the server with the file.
async fn is_there(
    shared: &Shared,
    known: &Part,
    data: &Data,
    checksum: ChecksumValue,
) -> Result<bool, Error> {
    if known.size != data.length {
        return Ok(false);
    }
    if checksum.checksum() == Checksum::Crc64Nvme
        && let Some((_, listed)) = known.checksums.iter().find(|(name, _)| name == "crc64nvme")
    {
        return Ok(*listed == checksum.to_string());
    }
    let Some(listed) = md5_of_etag(&known.etag) else { return Ok(false) };
    let md5 = match checksum.checksum() {
        Checksum::Md5 => checksum,
        _ => data.checksum(Checksum::Md5, &shared.pool).await?,
    };
    Ok(listed == md5)
}
