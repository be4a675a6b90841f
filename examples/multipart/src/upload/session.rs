//! The upload at the server: an open one is found and continued, else one begins.

use std::collections::BTreeMap;

use bucket::client::{Part, Parts, Upload};
use bucket::xml;
use countersign::Checksum;

use crate::plan::{LARGEST_PART, MOST_PARTS};
use crate::retry::Failures;
use crate::transfer::Shared;
use crate::{Error, Options, Target};

/// An open upload, and the parts that the server has of it.
#[derive(Clone)]
pub struct Session {
    pub key: String,
    pub id: String,
    /// CRC-64/NVME, or MD5 where the server keeps no checksums.
    pub algorithm: Checksum,
    pub known: BTreeMap<u32, Part>,
}

impl Session {
    /// Returns the length to which parts may shrink. A download of an object without a checksum of the
    /// whole is proven by its parts only if they are equal.
    pub fn smallest(&self, options: &Options) -> Option<u64> {
        options.smallest_part.filter(|_| self.algorithm == Checksum::Crc64Nvme)
    }

    /// Asks again which parts the server has.
    pub async fn listed_again(&self, shared: &Shared) -> Result<Self, Error> {
        let mut again = self.clone();
        let list = || shared.client.list_parts(&self.key, &self.id);
        match shared.attempts("the list of parts", list).await {
            Ok(parts) => again.known = by_number(parts),
            // Without the right to list its parts, an upload is not continued by a later run.
            Err(Error::Storage(bucket::Error::Refused(refusal))) if refusal.status == 403 => {}
            Err(error) => return Err(error),
        }
        Ok(again)
    }
}

/// Lists the open uploads of exactly this key, the newest first.
pub async fn open_uploads(client: &bucket::Client, key: &str) -> Result<Vec<Upload>, bucket::Error> {
    let mut open = client.list_uploads(key).await?;
    open.retain(|upload| upload.key == key);
    open.sort_by(|one, other| other.initiated.cmp(&one.initiated));
    Ok(open)
}

/// Finds the newest upload of the key that can be continued.
pub async fn find(shared: &Shared, key: &str) -> Result<Option<Session>, Error> {
    let open = match shared.attempts("the list of uploads", || open_uploads(&shared.client, key)).await {
        Ok(open) => open,
        // A wrong secret is refused with 403 too, and ends the upload.
        Err(Error::Storage(bucket::Error::Refused(refusal)))
            if matches!((refusal.status, &*refusal.code), (501, _) | (403, "AccessDenied" | "Forbidden")) =>
        {
            shared.note(format!("open uploads cannot be listed, so none is continued: {refusal}"));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut found = None;
    let mut others = 0;
    for upload in open {
        match (&found, continued(shared, upload).await?) {
            (None, Some(session)) => found = Some(session),
            _ => others += 1,
        }
    }
    if others > 0 {
        shared.note(format!("{others} other open uploads of this key are left alone; --abort deletes them"));
    }
    if let Some(session) = &found {
        let bytes: u64 = session.known.values().map(|part| part.size).sum();
        let parts = session.known.len();
        shared.note(format!("an open upload is continued: the server has {parts} parts, {bytes} bytes"));
    }
    Ok(found)
}

/// Reads the state of an upload. One whose parts have checksums of another algorithm is not ours.
async fn continued(shared: &Shared, upload: Upload) -> Result<Option<Session>, Error> {
    let Upload { key, id, .. } = upload;
    let listed = shared.attempts("the list of parts", || shared.client.list_upload(&key, &id)).await;
    let Parts { algorithm, parts } = match listed {
        // Without the right to list its parts, an upload cannot be continued.
        Err(Error::Storage(bucket::Error::Refused(refusal))) if refusal.status == 403 => return Ok(None),
        // The upload has ended in the meantime.
        Err(error) if error.storage().and_then(bucket::Error::code) == Some("NoSuchUpload") => {
            return Ok(None);
        }
        listed => listed?,
    };
    let has = |name: &str| parts.iter().flat_map(|part| &part.checksums).any(|(found, _)| found == name);
    let algorithm = match algorithm.as_deref() {
        Some("CRC64NVME") => Checksum::Crc64Nvme,
        _ if has("crc64nvme") => Checksum::Crc64Nvme,
        None if parts.iter().all(|part| part.checksums.is_empty()) => Checksum::Md5,
        _ => return Ok(None),
    };
    Ok(Some(Session { key, id, algorithm, known: by_number(parts) }))
}

/// Leaves out parts that no upload of S3 has, so that a wrong list does not lead to places beyond all numbers.
pub fn by_number(mut parts: Vec<Part>) -> BTreeMap<u32, Part> {
    parts.retain(|part| {
        (1..=MOST_PARTS).contains(&part.number.into()) && (1..=LARGEST_PART).contains(&part.size)
    });
    parts.into_iter().map(|part| (part.number, part)).collect()
}

/// Begins an upload whose parts and whole have a CRC-64/NVME, if the server knows it.
pub async fn begin(shared: &Shared, target: &Target) -> Result<Session, Error> {
    let before = open_uploads(&shared.client, &target.key).await.unwrap_or_default();
    let mut algorithm = Checksum::Crc64Nvme;
    let mut failures = Failures::default();
    loop {
        let error = match create(shared, target, algorithm).await {
            Ok((id, knows)) => {
                if algorithm == Checksum::Crc64Nvme && !knows {
                    shared.note(NO_CHECKSUMS);
                    algorithm = Checksum::Md5;
                }
                let known = BTreeMap::new();
                return Ok(Session { key: target.key.clone(), id, algorithm, known });
            }
            Err(bucket::Error::Refused(refusal))
                if matches!(refusal.status, 400 | 501) && algorithm == Checksum::Crc64Nvme =>
            {
                shared.note(NO_CHECKSUMS);
                algorithm = Checksum::Md5;
                continue;
            }
            Err(error) => error,
        };
        shared.pause("the begin of the upload", &mut failures, error).await?;
        // The server may have begun an upload although its answer was lost.
        let mut now = open_uploads(&shared.client, &target.key).await.unwrap_or_default();
        now.retain(|upload| before.iter().all(|old| old.id != upload.id));
        if let Some(begun) = now.pop()
            && let Some(session) = continued(shared, begun).await?
        {
            return Ok(session);
        }
    }
}

/// Returns the upload's id, and whether the server has understood the algorithm.
async fn create(
    shared: &Shared,
    target: &Target,
    algorithm: Checksum,
) -> Result<(String, bool), bucket::Error> {
    let mut call = shared.client.call("POST", &target.key, &[("uploads", "")])?;
    for (name, value) in &target.headers {
        call = call.header(name, value);
    }
    if algorithm == Checksum::Crc64Nvme {
        call =
            call.header("x-amz-checksum-algorithm", "CRC64NVME").header("x-amz-checksum-type", "FULL_OBJECT");
    }
    let answer = shared.client.storage().send(call).await?;
    let id = xml::parse(answer.body())?.required("UploadId")?.to_owned();
    let knows = answer.headers().get("x-amz-checksum-algorithm").is_some_and(|name| name == "CRC64NVME");
    tracing::info!(key = target.key, id, "the upload has begun");
    Ok((id, knows))
}

const NO_CHECKSUMS: &str = "this server does not keep CRC-64/NVME checksums: each part is sent with its MD5, and compared by its ETag";
