//! Large images: in parts, each with its SHA-256 in its URL. The storage is the only memory, so an
//! upload goes on after a reload, and from another browser.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use bucket::client::{CompletedPart, Part as Listed};
use countersign::{Checksum, ChecksumValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::key::{InParts, Incoming};
use crate::problem::Problem;
use crate::proof::Expected;
use crate::upload::{AskedThumbnail, Ticket, Upload, checksum, parse, settle, sha256_of, thumbnail_ticket};
use crate::{name, sign_part};

type Answer = Result<Json<Value>, Problem>;

/// Signatures of one request.
const AT_ONCE: usize = 100;

/// A file, known by its size and its first part.
#[derive(Deserialize)]
pub struct Start {
    filename: String,
    content_type: String,
    size: u64,
    first_sha256: String,
}

/// One part, counted from 1.
#[derive(Deserialize, Serialize)]
pub struct Part {
    pub number: u32,
    pub size: u64,
    pub sha256: String,
}

#[derive(Deserialize)]
pub struct Wanted {
    key: String,
    upload_id: String,
    parts: Vec<Part>,
    thumbnail: Option<AskedThumbnail>,
}

#[derive(Deserialize)]
pub struct Named {
    key: String,
    upload_id: String,
}

/// Begins an upload, or finds the one that was begun for the same file, with the parts that it has.
pub async fn start(State(app): State<Arc<App>>, asked: Result<Json<Start>, JsonRejection>) -> Answer {
    let Json(asked) = asked?;
    let upload = Upload::check(&app, &asked.filename, &asked.content_type, asked.size, &asked.first_sha256)?;
    let identity = format!("{}\n{}\n{}", upload.kind.mime(), upload.name, upload.sha256);
    let identity = ChecksumValue::of(Checksum::Sha256, identity.as_bytes());
    let fingerprint = identity.as_bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let new = Incoming::new(&app.user, upload.kind, Some(InParts { fingerprint, size: upload.size }))?;

    let found = app.bucket.list_uploads(&new.same_file()).await?;
    let mut found =
        found.into_iter().filter_map(|found| Some((Incoming::parse(&app.user, &found.key)?, found.id)));
    let (key, upload_id, parts) = match found.next() {
        Some((key, id)) => {
            let parts = app.bucket.list_parts(&key.to_string(), &id).await?;
            (key, id, parts)
        }
        None => {
            let headers = [
                ("content-type", upload.kind.mime()),
                ("content-disposition", &name::attachment(&upload.name)),
                ("x-amz-checksum-algorithm", "SHA256"),
            ];
            let id = app.bucket.create_upload(&new.to_string(), &headers).await?;
            (new, id, Vec::new())
        }
    };
    let parts: Vec<_> = parts
        .iter()
        .map(|part| {
            json!({
                "number": part.number, "size": part.size, "sha256": sha256(part),
            })
        })
        .collect();
    Ok(Json(json!({
        "key": key.to_string(), "upload_id": upload_id, "part_size": part_size(upload.size), "parts": parts,
    })))
}

/// Signs a URL for each part that the browser is about to send.
pub async fn urls(State(app): State<Arc<App>>, wanted: Result<Json<Wanted>, JsonRejection>) -> Answer {
    let Json(wanted) = wanted?;
    let (key, size) = large(&app, &wanted.key)?;
    if wanted.parts.len() > AT_ONCE {
        return Err(Problem::wrong("bad_request", format!("one request is for at most {AT_ONCE} parts")));
    }
    let mut tickets = Vec::new();
    for part in &wanted.parts {
        check_part(part, size)?;
        tickets.push(Ticket::of(&sign_part(&app, &key, &wanted.upload_id, part).await?));
    }
    let thumbnail = match wanted.thumbnail {
        Some(asked) => Some(thumbnail_ticket(&app, &key, &asked).await?),
        None => None,
    };
    let expires_in = tickets.iter().chain(&thumbnail).map(|ticket| ticket.expires_in).min();
    let expires_in = expires_in.unwrap_or(app.expires.as_secs().into());
    Ok(Json(json!({ "parts": tickets, "thumbnail": thumbnail, "expires_in": expires_in })))
}

/// Compares each part that the storage has with the browser's, makes the object, and confirms it.
pub async fn complete(State(app): State<Arc<App>>, said: Result<Json<Wanted>, JsonRejection>) -> Answer {
    let Json(said) = said?;
    let (key, size) = large(&app, &said.key)?;
    let mut expected = Vec::new();
    for (number, part) in (1..).zip(&said.parts) {
        check_part(part, size)?;
        let value = checksum(&part.sha256)?;
        if part.number != number {
            return Err(Problem::wrong("bad_request", "the parts must be all parts, in their order"));
        }
        expected.push((part.size, value));
    }
    if expected.iter().map(|(size, _)| size).sum::<u64>() != size {
        return Err(Problem::wrong("bad_request", "the parts must be all parts, in their order"));
    }
    let name = key.to_string();
    match app.bucket.list_parts(&name, &said.upload_id).await {
        Ok(stored) => {
            let parts = matched(&said.parts, &stored)?;
            let headers = [("if-none-match", "*")];
            let completed = app.bucket.complete_upload(&name, &said.upload_id, &parts, &headers).await;
            match completed {
                Err(error) if matches!(error.code(), Some("InvalidPart" | "BadDigest")) => {
                    return Err(differ("the storage has other bytes in a part".to_owned()));
                }
                // Completed before, and the answer was lost: the object decides.
                Err(error) if !is_complete(&error) => return Err(error.into()),
                _ => {}
            }
        }
        Err(error) if is_complete(&error) => {}
        Err(error) => return Err(error.into()),
    }
    settle(&app, &key, &Expected::Parts(expected)).await
}

pub async fn abort(State(app): State<Arc<App>>, named: Result<Json<Named>, JsonRejection>) -> Answer {
    let Json(named) = named?;
    let (key, _) = large(&app, &named.key)?;
    match app.bucket.abort_upload(&key.to_string(), &named.upload_id).await {
        Err(error) if !is_complete(&error) => Err(error.into()),
        _ => Ok(Json(json!({}))),
    }
}

fn matched(said: &[Part], stored: &[Listed]) -> Result<Vec<CompletedPart>, Problem> {
    let mut parts = Vec::new();
    for part in said {
        let found = stored.iter().find(|found| found.number == part.number && found.size == part.size);
        // A server that keeps no checksums is read back later.
        let found = found.filter(|found| sha256(found).is_none_or(|sum| sum == part.sha256));
        let Some(found) = found else {
            return Err(differ(format!("the storage lacks part {}, or has other bytes", part.number)));
        };
        // Some servers list no checksums and yet compare these.
        let checksum = Some(("sha256", part.sha256.clone()));
        parts.push(CompletedPart { number: part.number, etag: found.etag.clone(), checksum });
    }
    Ok(parts)
}

fn differ(message: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, "parts_differ", message)
}

/// Returns true if the upload is no longer there. Ceph says so of the key.
fn is_complete(error: &bucket::Error) -> bool {
    matches!(error.code(), Some("NoSuchUpload" | "NoSuchKey" | "PreconditionFailed"))
}

fn sha256(part: &Listed) -> Option<&str> {
    part.checksums.iter().find(|(name, _)| name == "sha256").map(|(_, value)| &**value)
}

fn large(app: &App, key: &str) -> Result<(Incoming, u64), Problem> {
    let key = parse(app, key)?;
    let parts = key.parts.as_ref().filter(|parts| parts.size <= app.max_size);
    let size = parts.map(|parts| parts.size);
    Ok((key, size.ok_or_else(|| Problem::wrong("bad_key", "this is no key of an upload in parts"))?))
}

/// The key says how large the image is, and thereby how large each part is.
fn check_part(part: &Part, size: u64) -> Result<(), Problem> {
    sha256_of(&part.sha256)?;
    let full = part_size(size);
    let before = u64::from(part.number).checked_sub(1).map(|number| number.saturating_mul(full));
    match before.filter(|before| *before < size) {
        Some(before) if part.size == full.min(size - before) => Ok(()),
        _ => Err(Problem::wrong("bad_part", "the image has no part with this number and size")),
    }
}

/// S3 takes 10,000 parts of 5 MiB or more, and some servers take equal parts only.
fn part_size(size: u64) -> u64 {
    (8 << 20).max(size.div_ceil(10_000).next_multiple_of(1 << 20))
}
