//! One part of an object, read and hashed on the way to the disk.

use std::time::Duration;

use bucket::Error as BucketError;
use bytes::Bytes;
use countersign::{ChecksumHasher, ChecksumValue};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::partial::Partial;
use crate::Error;
use crate::meter::Meter;
use crate::plan::Part;
use crate::pool::PIECE;
use crate::retry::Failures;
use crate::transfer::Shared;

/// The bytes of a part that are received. The next attempt begins after them.
struct Received {
    hasher: ChecksumHasher,
    offset: u64,
    end: u64,
}

/// Reads a range of exactly this version of the object.
pub async fn read(
    shared: &Shared,
    key: &str,
    etag: &str,
    part: Part,
    partial: &Partial,
) -> Result<ChecksumValue, Error> {
    let (offset, end) = (part.offset, part.offset + part.length);
    let mut received = Received { hasher: ChecksumHasher::new(partial.algorithm), offset, end };
    let mut failures = Failures::default();
    while received.offset < received.end {
        let before = received.offset;
        let error = match attempt(shared, key, etag, &mut received, partial).await {
            Ok(()) => continue,
            Err(Error::Storage(error)) => error,
            Err(error) => return Err(error),
        };
        if error.code() == Some("PreconditionFailed") {
            return Err(Error::ObjectChanged);
        }
        if received.offset > before {
            failures = Failures::default();
        }
        shared.pause(&format!("part {}", part.number), &mut failures, error).await?;
    }
    Ok(received.hasher.finish())
}

async fn attempt(
    shared: &Shared,
    key: &str,
    etag: &str,
    received: &mut Received,
    partial: &Partial,
) -> Result<(), Error> {
    let stall = shared.options.stall;
    let (offset, last) = (received.offset, received.end - 1);
    let call = shared.client.call("GET", key, &[])?;
    let call =
        call.header("range", format!("bytes={offset}-{last}")).header("if-match", format!("\"{etag}\""));
    let answer = within(shared, stall, shared.client.storage().open(call)).await?;
    check_range(&answer, offset, offset == 0 && last + 1 == partial.plan.size)?;

    let meter = Meter::new(shared);
    let mut body = answer.into_body();
    let mut ended = false;
    while !ended {
        let mut pieces = Vec::new();
        let gathered = gather(shared, &meter, &mut body, &mut pieces).await;
        // The bytes that came before an error are kept.
        write(received, partial, pieces).await?;
        ended = gathered?;
    }
    match received.offset == received.end {
        true => Ok(()),
        false => Err(BucketError::Interrupted("fewer bytes than announced".into()).into()),
    }
}

/// Collects about [`PIECE`] bytes. Returns true at the end of the body.
async fn gather(
    shared: &Shared,
    meter: &Meter,
    body: &mut Incoming,
    pieces: &mut Vec<Bytes>,
) -> Result<bool, BucketError> {
    let mut length = 0;
    while length < PIECE {
        let next = async { Ok(body.frame().await) };
        match within(shared, shared.options.stall, next).await? {
            None => return Ok(true),
            Some(Err(error)) => return Err(BucketError::Interrupted(error.into())),
            Some(Ok(frame)) => {
                let Ok(bytes) = frame.into_data() else { continue };
                meter.moved(bytes.len());
                length += bytes.len();
                pieces.push(bytes);
            }
        }
    }
    Ok(false)
}

/// Hashes and writes on a thread that may wait for the disk.
async fn write(received: &mut Received, partial: &Partial, pieces: Vec<Bytes>) -> Result<(), Error> {
    let length: u64 = pieces.iter().map(|piece| piece.len() as u64).sum();
    if length > received.end - received.offset {
        return Err(BucketError::Answer("more bytes than asked for".to_owned()).into());
    }
    let (mut hasher, mut offset, partial) = (received.hasher.clone(), received.offset, partial.clone());
    let written = spawn_blocking(move || {
        for piece in pieces {
            partial.write(&piece, offset)?;
            hasher.update(&piece);
            offset += piece.len() as u64;
        }
        Ok::<_, Error>(hasher)
    });
    received.hasher = written.await??;
    received.offset += length;
    Ok(())
}

async fn within<T>(
    shared: &Shared,
    limit: Duration,
    work: impl Future<Output = Result<T, BucketError>>,
) -> Result<T, BucketError> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(shared.timeout(limit)))
}

/// A server that does not know ranges answers with the whole object.
fn check_range(answer: &http::Response<Incoming>, offset: u64, whole: bool) -> Result<(), BucketError> {
    let begins = format!("bytes {offset}-");
    let range = answer.headers().get("content-range").and_then(|range| range.to_str().ok());
    match (answer.status(), range) {
        (StatusCode::PARTIAL_CONTENT, Some(range)) if range.starts_with(&begins) => Ok(()),
        (StatusCode::OK, _) if whole => Ok(()),
        (status, range) => {
            let range = range.unwrap_or("no Content-Range");
            Err(BucketError::Answer(format!("{status} with {range} to a request for bytes from {offset}")))
        }
    }
}
