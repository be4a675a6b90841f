//! The uploads that are open at the server.

use std::io::{self, Write};

use bucket::cli::{Doing, Failure};
use bucket::{Client, Error, Exit, Storage};
use indicatif::BinaryBytes;
use multipart::upload::open_uploads;

use crate::arguments::{Arguments, Upload};
use crate::object_of;

const UNWRITTEN: &str = "the list cannot be written";

/// Prints a line for each upload: when it began, what is there, and its key.
pub async fn list(wanted: &Upload, arguments: &Arguments, storage: &Storage) -> Result<Exit, Failure> {
    let object = object_of(wanted.object()?, storage)?;
    let client = storage.bucket(&object.bucket);
    let uploads = client.list_uploads(&object.key).await.doing("the open uploads cannot be listed")?;
    for upload in &uploads {
        let parts = parts(&client, &upload.key, &upload.id).await.doing("the parts cannot be listed")?;
        let (count, bytes) = parts;
        if arguments.json {
            let line = serde_json::json!({
                "bucket": object.bucket, "key": upload.key, "upload_id": upload.id,
                "initiated": upload.initiated, "parts": count, "bytes": bytes,
            });
            writeln!(io::stdout(), "{line}").doing(UNWRITTEN)?;
        } else {
            let (began, bytes) = (&upload.initiated, BinaryBytes(bytes).to_string());
            let place = format!("s3://{}/{}", object.bucket, upload.key);
            writeln!(io::stdout(), "{began}  {count:>5} parts  {bytes:>12}  {place}").doing(UNWRITTEN)?;
        }
    }
    if uploads.is_empty() && !arguments.json && !arguments.quiet {
        bucket::cli::note("no upload is open");
    }
    Ok(Exit::Ok)
}

/// The number of parts and of bytes. An upload can end while it is listed.
async fn parts(client: &Client, key: &str, id: &str) -> Result<(usize, u64), Error> {
    match client.list_parts(key, id).await {
        Ok(parts) => Ok((parts.len(), parts.iter().map(|part| part.size).sum())),
        Err(error) if error.code() == Some("NoSuchUpload") => Ok((0, 0)),
        Err(error) => Err(error),
    }
}

/// Deletes the uploads of exactly this key. Their parts cost money as long as they are there.
pub async fn abort(wanted: &Upload, arguments: &Arguments, storage: &Storage) -> Result<Exit, Failure> {
    let object = object_of(wanted.object()?, storage)?;
    if object.key.is_empty() {
        return Err(
            Failure::usage("--abort needs the key of an object").advice("--list shows the open uploads")
        );
    }
    let client = storage.bucket(&object.bucket);
    let uploads = open_uploads(&client, &object.key).await.doing("the open uploads cannot be listed")?;
    for upload in &uploads {
        match client.abort_upload(&object.key, &upload.id).await {
            Err(error) if error.code() == Some("NoSuchUpload") => {}
            outcome => outcome.doing(format!("the upload {} is not deleted", upload.id))?,
        }
    }
    let count = uploads.len();
    let line = match arguments.json {
        true => serde_json::json!({"bucket": object.bucket, "key": object.key, "aborted": count}).to_string(),
        false => format!("open uploads of s3://{}/{} that were deleted: {count}", object.bucket, object.key),
    };
    writeln!(io::stdout(), "{line}").doing(UNWRITTEN)?;
    Ok(Exit::Ok)
}
