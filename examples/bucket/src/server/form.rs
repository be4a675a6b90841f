//! `${filename}` in the key of a browser form, which S3 replaces and s3s does not.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::BytesMut;
use futures_util::StreamExt;
use http::Method;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

const PLACEHOLDER: &[u8] = b"${filename}";

/// The fields before the file are no larger than this.
const FIELDS: usize = 1024 * 1024;

/// Replaces the placeholder by the name of the file. The signature of a form covers the policy, which is
/// another field, so the form stays valid.
pub async fn name_the_file(request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() != Method::POST || !kind.starts_with("multipart/form-data") {
        return next.run(request).await;
    }
    let (mut head, body) = request.into_parts();
    let mut rest = body.into_data_stream();
    let mut start = BytesMut::new();
    let mut failed = None;
    while file_name(&start).is_none() && start.len() < FIELDS {
        match rest.next().await {
            Some(Ok(piece)) => start.extend_from_slice(&piece),
            Some(Err(error)) => failed = Some(error),
            None => break,
        }
        if failed.is_some() {
            break;
        }
    }
    let replaced = replace(&start).unwrap_or_else(|| start.to_vec());
    let length =
        head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if let Some(length) = length {
        head.headers.insert(CONTENT_LENGTH, (length + replaced.len() - start.len()).into());
    }
    let first = match failed {
        Some(error) => Err(error),
        None => Ok(bytes::Bytes::from(replaced)),
    };
    let body = Body::from_stream(futures_util::stream::iter([first]).chain(rest));
    next.run(Request::from_parts(head, body)).await
}

/// Returns the name in the `Content-Disposition` of the part `file`, and where that part begins.
fn file_name(form: &[u8]) -> Option<(&[u8], usize)> {
    let part = find(form, b"name=\"file\"")?;
    let line_end = part + find(&form[part..], b"\r\n")?;
    let line = &form[part..line_end];
    let start = find(line, b"filename=\"")? + b"filename=\"".len();
    let end = start + find(&line[start..], b"\"")?;
    Some((&line[start..end], part))
}

fn replace(form: &[u8]) -> Option<Vec<u8>> {
    let (name, file) = file_name(form)?;
    let key = find(form, b"name=\"key\"").filter(|key| *key < file)?;
    let value = key + find(&form[key..], b"\r\n\r\n")? + 4;
    let end = value + find(&form[value..], b"\r\n")?;
    let at = value + find(&form[value..end], PLACEHOLDER)?;
    Some([&form[..at], name, &form[at + PLACEHOLDER.len()..]].concat())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
