//! The body, read to its end and compared with everything the request claims of it.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::StreamExt;
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{Checksum, StreamingBlob};
use s3s::{S3Error, S3ErrorCode, S3Result, StdError, TrailingHeaders, s3_error};

use super::checksums::{self, compare, hasher};
use super::content::{Content, Spool};

/// The claims of a request about its body.
#[derive(Default)]
pub struct Claims {
    pub md5: Option<String>,
    pub checksum: Checksum,
    /// An algorithm that is computed whether or not it is claimed.
    pub compute: Option<&'static str>,
}

/// A body that fulfils its claims.
pub struct Received {
    pub content: Content,
    pub md5: [u8; 16],
    pub checksum: Checksum,
}

/// Returns the bytes only when they are the ones that were promised, so that nothing else is stored.
pub async fn receive(
    body: Option<StreamingBlob>,
    headers: &HeaderMap,
    trailers: Option<TrailingHeaders>,
    claims: Claims,
    folder: &Path,
) -> S3Result<Received> {
    let announced = announced(headers);
    let mut sums = hasher(|name| {
        checksums::value(&claims.checksum, name).is_some()
            || claims.compute == Some(name)
            || announced.iter().any(|trailer| trailer.strip_prefix("x-amz-checksum-") == Some(name))
    });
    let (mut spool, mut md5) = (Spool::new(folder), Md5::new());
    if let Some(mut body) = body {
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(unreadable)?;
            spool
                .write(&chunk)
                .map_err(|error| S3Error::with_source(S3ErrorCode::InternalError, error.into()))?;
            md5.update(&chunk);
            sums.update(&chunk);
        }
    }
    let (content, md5, checksum) = (spool.finish(), md5.finalize(), sums.finalize());
    check_length(content.len(), headers)?;
    check_md5(md5, claims.md5.as_deref())?;
    compare(&claims.checksum, &checksum)?;

    // Trailers exist only once the body has been read to its end.
    let trailers = trailers.and_then(|trailers| trailers.take()).unwrap_or_default();
    check_announced(&announced, &trailers)?;
    compare(&of_trailers(&trailers), &checksum)?;
    Ok(Received { content, md5, checksum })
}

/// s3s compares hashes and chunk signatures while the body is read. Its error types are private,
/// so their text has to tell them apart.
fn unreadable(error: StdError) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        let mut error = S3Error::with_message(other_code("XAmzContentSHA256Mismatch"), message);
        error.set_status_code(http::StatusCode::BAD_REQUEST);
        error
    } else if text.contains("SignatureMismatch") {
        s3_error!(SignatureDoesNotMatch, "A chunk's signature does not match its bytes")
    } else {
        s3_error!(IncompleteBody, "The body ended early or is not framed as announced")
    }
}

fn other_code(code: &'static str) -> S3ErrorCode {
    S3ErrorCode::Custom(code.into())
}

fn check_length(length: u64, headers: &HeaderMap) -> S3Result<()> {
    match headers.get("x-amz-decoded-content-length") {
        Some(claimed) if claimed.as_bytes() != length.to_string().as_bytes() => {
            Err(s3_error!(IncompleteBody))
        }
        _ => Ok(()),
    }
}

fn check_md5(md5: [u8; 16], claimed: Option<&str>) -> S3Result<()> {
    let Some(claimed) = claimed else { return Ok(()) };
    match BASE64_STANDARD.decode(claimed) {
        Ok(claimed) if claimed.len() != 16 => Err(s3_error!(InvalidDigest)),
        Ok(claimed) if claimed == md5 => Ok(()),
        Ok(_) => Err(s3_error!(BadDigest, "The Content-MD5 you specified did not match what we received.")),
        Err(_) => Err(s3_error!(InvalidDigest)),
    }
}

fn of_trailers(trailers: &HeaderMap) -> Checksum {
    let value = |name: &str| Some(trailers.get(name)?.to_str().unwrap_or_default().to_owned());
    Checksum {
        checksum_crc32: value("x-amz-checksum-crc32"),
        checksum_crc32c: value("x-amz-checksum-crc32c"),
        checksum_crc64nvme: value("x-amz-checksum-crc64nvme"),
        checksum_sha1: value("x-amz-checksum-sha1"),
        checksum_sha256: value("x-amz-checksum-sha256"),
        ..Default::default()
    }
}

fn announced(headers: &HeaderMap) -> Vec<String> {
    let names = headers.get_all("x-amz-trailer").into_iter().filter_map(|names| names.to_str().ok());
    let names = names.flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty()).collect()
}

fn check_announced(announced: &[String], trailers: &HeaderMap) -> S3Result<()> {
    if announced.iter().all(|name| trailers.contains_key(name)) {
        return Ok(());
    }
    let mut error =
        S3Error::with_message(other_code("MalformedTrailerError"), "An announced trailer is missing");
    error.set_status_code(http::StatusCode::BAD_REQUEST);
    Err(error)
}
