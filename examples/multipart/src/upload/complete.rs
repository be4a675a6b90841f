//! The end of an upload: the server compares the object with the file.

use std::time::Duration;

use bucket::client::{CompletedPart, Head};
use countersign::Checksum;
use tokio::time::timeout;

use super::part::Done;
use super::session::Session;
use crate::proof::{self, Proof, Sums, WITH_CHECKSUM};
use crate::retry::Failures;
use crate::transfer::Shared;
use crate::{Error, Target};

/// S3 answers within some minutes, however large the object is.
const LONGEST: Duration = Duration::from_secs(600);

/// Completes the upload. The checksum of the whole object goes along, so that S3 makes the object only
/// if it is the file.
pub async fn complete(
    shared: &Shared,
    session: &Session,
    done: &[Done],
    sums: &Sums,
    target: &Target,
) -> Result<Proof, Error> {
    let parts: Vec<_> = done.iter().map(Done::completed).collect();
    let headers = headers(sums, session.algorithm, target);
    let mut headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut failures = Failures::default();
    while let Err(error) = attempt(shared, session, &parts, &headers).await {
        // The answer to an earlier attempt may be lost: then the object is there, and is the file.
        if matches!(error.code(), Some("NoSuchUpload" | "PreconditionFailed"))
            && let Some(head) = head(shared, &target.key).await?
            && let Compared::Same(proof) = compare(&head, sums)
        {
            if failures.any() || error.code() == Some("NoSuchUpload") {
                return Ok(proof);
            }
            return exists(shared, session, true).await;
        }
        match error.code() {
            Some("PreconditionFailed") => return exists(shared, session, false).await,
            Some("BadDigest") => {
                let with_whole = headers.iter().any(|(name, _)| *name == Checksum::Crc64Nvme.name());
                if !with_whole || !compares_wrongly(shared, session, done).await? {
                    return Err(differs(sums, &error.to_string()));
                }
                headers.retain(|(name, _)| !name.starts_with("x-amz-checksum-"));
                shared.note(WRONG);
                continue;
            }
            _ => shared.pause("the end of the upload", &mut failures, error).await?,
        }
        // Some proxies never deliver this answer, because the server takes too long.
        if has_ended(shared, session).await?
            && let Some(head) = head(shared, &target.key).await?
            && let Compared::Same(proof) = compare(&head, sums)
        {
            return Ok(proof);
        }
    }
    confirm(shared, sums, target).await
}

async fn attempt(
    shared: &Shared,
    session: &Session,
    parts: &[CompletedPart],
    headers: &[(&str, &str)],
) -> Result<String, bucket::Error> {
    let completed = shared.client.complete_upload(&session.key, &session.id, parts, headers);
    timeout(LONGEST, completed).await.unwrap_or_else(|_| Err(shared.timeout(LONGEST)))
}

/// Returns true if the server does not know the upload any more.
async fn has_ended(shared: &Shared, session: &Session) -> Result<bool, Error> {
    let list = || shared.client.list_upload(&session.key, &session.id);
    match shared.attempts("the list of parts", list).await {
        Ok(_) => Ok(false),
        Err(error) if error.storage().and_then(bucket::Error::code) == Some("NoSuchUpload") => Ok(true),
        Err(error) => Err(error),
    }
}

/// Returns true if the server has exactly the parts of the file, and nevertheless finds that their whole
/// differs: ministack compares the checksum with the request's own body. S3 is never contradicted.
async fn compares_wrongly(shared: &Shared, session: &Session, done: &[Done]) -> Result<bool, Error> {
    if shared.client.storage().endpoint().authority().contains(".amazonaws.com") {
        return Ok(false);
    }
    let list = || shared.client.list_parts(&session.key, &session.id);
    let there = shared.attempts("the list of parts", list).await?;
    Ok(done.iter().all(|part| {
        let sum = ("crc64nvme".to_owned(), part.checksum.to_string());
        there.iter().any(|known| {
            (known.number, known.size) == (part.number, part.length) && known.checksums.contains(&sum)
        })
    }))
}

const WRONG: &str = "this server compares the checksum of the whole object wrongly: \
    the checksums of all parts were compared instead";

fn headers(sums: &Sums, algorithm: Checksum, target: &Target) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if algorithm == Checksum::Crc64Nvme {
        headers.extend(sums.whole().map(|whole| ("x-amz-checksum-crc64nvme", whole.to_string())));
        headers.push(("x-amz-checksum-type", "FULL_OBJECT".to_owned()));
        headers.push(("x-amz-mp-object-size", sums.size().to_string()));
    }
    if target.only_new {
        headers.push(("if-none-match", "*".to_owned()));
    }
    headers
}

/// Deletes the parts, because another program has made the object.
async fn exists(shared: &Shared, session: &Session, same: bool) -> Result<Proof, Error> {
    shared.attempts("the abort", || shared.client.abort_upload(&session.key, &session.id)).await?;
    Err(Error::Exists { same })
}

/// Asks the server once more what it has, because some servers do not look at the checksum.
async fn confirm(shared: &Shared, sums: &Sums, target: &Target) -> Result<Proof, Error> {
    let head = match find(shared, &target.key).await? {
        Found::Object(head) => head,
        Found::Nothing => return Err(differs(sums, "not there")),
        Found::Forbidden => return Ok(Proof::EachPart),
    };
    match compare(&head, sums) {
        Compared::Same(proof) => Ok(proof),
        Compared::Different(found) => Err(differs(sums, &found)),
        Compared::Unknown => Ok(Proof::EachPart),
    }
}

pub async fn head(shared: &Shared, key: &str) -> Result<Option<Head>, Error> {
    Ok(match find(shared, key).await? {
        Found::Object(head) => Some(head),
        Found::Nothing | Found::Forbidden => None,
    })
}

enum Found {
    Object(Head),
    Nothing,
    /// The credentials may not read the object, or it does not exist and they may not list the bucket.
    Forbidden,
}

async fn find(shared: &Shared, key: &str) -> Result<Found, Error> {
    let head = || shared.client.head_with(key, &WITH_CHECKSUM);
    match shared.attempts("the question for the object", head).await {
        Ok(head) => Ok(Found::Object(head)),
        Err(Error::Storage(bucket::Error::Refused(refusal))) if refusal.status == 404 => Ok(Found::Nothing),
        Err(Error::Storage(bucket::Error::Refused(refusal))) if refusal.status == 403 => Ok(Found::Forbidden),
        Err(error) => Err(error),
    }
}

pub enum Compared {
    Same(Proof),
    Different(String),
    /// The server has nothing to compare with.
    Unknown,
}

/// Compares what HEAD tells with the file's checksums.
pub fn compare(head: &Head, sums: &Sums) -> Compared {
    if head.size != sums.size() {
        return Compared::Different(format!("{} bytes", head.size));
    }
    if let Some(whole) = sums.whole() {
        return match proof::of_object(head, whole.checksum()) {
            Some(found) if found == whole => Compared::Same(Proof::Object(whole)),
            Some(found) => Compared::Different(found.to_string()),
            None => Compared::Unknown,
        };
    }
    let parts = format!("-{}", sums.count());
    match (sums.composite(), proof::etag(sums)) {
        (Some(composite), Some(etag)) if etag == head.etag => Compared::Same(Proof::Parts(composite)),
        (_, Some(etag)) if head.etag.ends_with(&parts) && head.etag.len() == etag.len() => {
            Compared::Different(head.etag.clone())
        }
        _ => Compared::Unknown,
    }
}

fn differs(sums: &Sums, found: &str) -> Error {
    let whole = sums.whole().map(|whole| whole.to_string());
    let expected = whole.or_else(|| proof::etag(sums)).unwrap_or_default();
    Error::Differs { what: "the object".to_owned(), expected, found: found.to_owned() }
}
