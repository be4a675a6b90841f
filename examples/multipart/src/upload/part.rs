//! One part: proven to be there, or sent.

use bucket::client::{CompletedPart, Part};
use countersign::{Checksum, ChecksumValue};

use super::session::Session;
use crate::meter::Meter;
use crate::proof::md5_of_etag;
use crate::source::Data;
use crate::transfer::Shared;
use crate::{Error, Event};

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
pub async fn send_part(shared: &Shared, session: &Session, number: u32, data: Data) -> Result<Done, Error> {
    let checksum = data.checksum(session.algorithm, &shared.pool).await?;
    let length = data.length;
    if let Some(known) = session.known.get(&number) {
        if is_there(shared, known, &data, checksum).await? {
            shared.tell(Event::Proven { number, bytes: length });
            return Ok(Done { number, length, checksum, etag: known.etag.clone(), sent: false });
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
        meter.watch(shared.options.stall, sent).await.inspect_err(|_| meter.lost())
    };
    let sent = shared.attempts(&format!("part {number}"), attempt).await;
    // Bytes that do not match their checksum are more likely a changed file than a broken network.
    let sent = sent.or_else(|error| data.check_unchanged().and(Err(error)))?;

    if let Some(found) = sent.headers.get("x-amz-checksum-crc64nvme")
        && checksum.checksum() == Checksum::Crc64Nvme
        && found.as_bytes() != value.as_bytes()
    {
        let (what, found) =
            (format!("the checksum of part {number}"), String::from_utf8_lossy(found.as_bytes()));
        return Err(Error::Differs { what, expected: value, found: found.into_owned() });
    }
    shared.tell(Event::Done { number });
    Ok(Done { number, length, checksum, etag: sent.etag, sent: true })
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
