//! The body, read whole and compared with everything the request claims of it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::HeaderMap;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3ErrorCode, S3Result, StdError, TrailingHeaders, s3_error};

/// Returns the bytes only when they are the ones that were promised, so that nothing else is stored.
pub async fn receive(
    body: Option<StreamingBlob>,
    headers: &HeaderMap,
    trailers: Option<TrailingHeaders>,
) -> S3Result<Bytes> {
    let bytes = read(body).await?;
    check_length(&bytes, headers)?;
    check_md5(&bytes, headers)?;
    check_checksums(&bytes, headers)?;

    // Trailers exist only once the body has been read to its end.
    let trailers = trailers.and_then(|trailers| trailers.take()).unwrap_or_default();
    check_announced(headers, &trailers)?;
    check_checksums(&bytes, &trailers)?;
    Ok(bytes)
}

async fn read(body: Option<StreamingBlob>) -> S3Result<Bytes> {
    let mut bytes = BytesMut::new();
    if let Some(mut body) = body {
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(&chunk.map_err(unreadable)?);
        }
    }
    Ok(bytes.freeze())
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

fn check_length(bytes: &Bytes, headers: &HeaderMap) -> S3Result<()> {
    match headers.get("x-amz-decoded-content-length") {
        Some(length) if length.as_bytes() != bytes.len().to_string().as_bytes() => {
            Err(s3_error!(IncompleteBody))
        }
        _ => Ok(()),
    }
}

fn check_md5(bytes: &Bytes, headers: &HeaderMap) -> S3Result<()> {
    let Some(claimed) = headers.get("content-md5") else { return Ok(()) };
    match BASE64_STANDARD.decode(claimed) {
        Ok(claimed) if claimed.len() != 16 => Err(s3_error!(InvalidDigest)),
        Ok(claimed) if claimed == Md5::checksum(bytes) => Ok(()),
        Ok(_) => Err(s3_error!(BadDigest, "The Content-MD5 you specified did not match what we received.")),
        Err(_) => Err(s3_error!(InvalidDigest)),
    }
}

/// `fields` are the headers or the trailers: a checksum may arrive in either.
fn check_checksums(bytes: &Bytes, fields: &HeaderMap) -> S3Result<()> {
    let claimed = |algorithm| fields.get(format!("x-amz-checksum-{algorithm}"));
    let mut hasher = ChecksumHasher {
        crc32: claimed("crc32").map(|_| Crc32::new()),
        crc32c: claimed("crc32c").map(|_| Crc32c::new()),
        crc64nvme: claimed("crc64nvme").map(|_| Crc64Nvme::new()),
        sha1: claimed("sha1").map(|_| Sha1::new()),
        sha256: claimed("sha256").map(|_| Sha256::new()),
    };
    hasher.update(bytes);
    let computed = hasher.finalize();

    for (algorithm, computed) in [
        ("crc32", computed.checksum_crc32),
        ("crc32c", computed.checksum_crc32c),
        ("crc64nvme", computed.checksum_crc64nvme),
        ("sha1", computed.checksum_sha1),
        ("sha256", computed.checksum_sha256),
    ] {
        let claimed = claimed(algorithm).map(|value| value.as_bytes());
        if claimed != computed.as_deref().map(str::as_bytes) {
            let message = format!("The {algorithm} you specified did not match the calculated checksum.");
            return Err(S3Error::with_message(S3ErrorCode::BadDigest, message));
        }
    }
    Ok(())
}

fn check_announced(headers: &HeaderMap, trailers: &HeaderMap) -> S3Result<()> {
    let announced = headers.get("x-amz-trailer").and_then(|names| names.to_str().ok()).unwrap_or_default();
    for name in announced.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if !trailers.contains_key(name) {
            let mut error =
                S3Error::with_message(other_code("MalformedTrailerError"), "An announced trailer is missing");
            error.set_status_code(http::StatusCode::BAD_REQUEST);
            return Err(error);
        }
    }
    Ok(())
}
