//! The request to the bucket: built out of what was verified, signed with the bucket's keys, and sent.

use std::pin::pin;
use std::time::Duration;

use bucket::BoxBody;
use bytes::Bytes;
use countersign::chunked::ChunkedBody;
use countersign::http_body::EncodedBody;
use countersign::{BodyCheck, Checksum, Payload, Signer, StreamingMode, Timestamp, Verified};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, Method, Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::answer;
use crate::bodies::{self, Outcome, Reported};
use crate::gateway::Gateway;
use crate::operation::Forward;
use crate::query;
use crate::refusal::Refusal;

/// A signed request, and how its body ends.
pub struct Signed {
    pub request: Request<BoxBody>,
    pub outcome: Option<Outcome>,
}

/// Signs a request in the mode in which it was received.
///
/// * With a hash: the same hash is signed, so the bucket's server compares it too.
/// * In chunks: in chunks again. A server that keeps what arrived of an upload that broke off would need
///   to accept a body without its last chunk.
/// * Unsigned: unsigned, with its length and its checksum.
///
/// With `--send-chunks`, each body is sent in signed chunks without a trailer.
pub async fn sign(
    gateway: &Gateway,
    forward: Forward,
    verified: &Verified,
    body: Incoming,
) -> Result<Signed, Refusal> {
    let signer = gateway.storage.signer().await?;
    let takes_body = matches!(forward.method, Method::PUT | Method::POST);
    let length = if takes_body { length(verified, &body)? } else { 0 };
    let mut request = request(gateway, &forward)?;
    if !takes_body {
        return signed_bytes(&signer, request, Bytes::new());
    }
    let body = bodies::proven(verified, body, &gateway.limits)?;
    if length == 0 {
        // A sender does not read an empty body, so the proof comes first.
        let body = body.proven(0).await.map_err(bodies::refusal)?;
        request.headers_mut().extend(body.trailers().clone());
        return signed_bytes(&signer, request, Bytes::new());
    }
    let (body, outcome) = bodies::reported(body, length);
    let request = match verified.body() {
        check if gateway.send_chunks => {
            let mut request = request.map(|()| body);
            if let BodyCheck::Chunked(_) = check {
                // The header announces the checksum of a trailer, which is not sent.
                request.headers_mut().remove("x-amz-sdk-checksum-algorithm");
            }
            chunked(&signer, request, &with_encoding(ChunkedBody::signed(length), &forward.headers))?
        }
        BodyCheck::Chunked(mode) => {
            let body = request.map(|()| body);
            chunked(&signer, body, &chunks(verified, mode, length, &forward.headers)?)?
        }
        check => {
            let payload = match check {
                BodyCheck::Sha256(hash) => Payload::Sha256(hash),
                _ => Payload::Unsigned,
            };
            let mut request = request.map(|()| body);
            countersign::http::sign(&signer, &mut request, payload, Timestamp::now()).map_err(unsigned)?;
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
            request.map(BodyExt::boxed_unsync)
        }
    };
    Ok(Signed { request, outcome: Some(outcome) })
}

/// Builds the head. The URL is written anew, so that the server reads the bucket and the key that were
/// checked.
fn request(gateway: &Gateway, forward: &Forward) -> Result<Request<()>, Refusal> {
    let endpoint = gateway.storage.endpoint();
    let mut url = match &forward.key {
        Some(key) => endpoint.object_url(&forward.bucket, key)?,
        None => endpoint.bucket_url(&forward.bucket)?,
    };
    if !forward.parameters.is_empty() {
        url = format!("{url}?{}", query::write(&forward.parameters));
    }
    let request = Request::builder().method(forward.method.clone()).uri(url).body(());
    let mut request = request.map_err(|error| Refusal::internal(format!("no request: {error}")))?;
    *request.headers_mut() = forward.headers.clone();
    Ok(request)
}

pub fn signed_bytes(signer: &Signer, request: Request<()>, body: Bytes) -> Result<Signed, Refusal> {
    let mut request = request;
    countersign::http::sign(signer, &mut request, Payload::Bytes(&body), Timestamp::now())
        .map_err(unsigned)?;
    if matches!(*request.method(), Method::PUT | Method::POST) {
        request.headers_mut().insert(CONTENT_LENGTH, body.len().into());
    }
    Ok(Signed { request: request.map(|()| bodies::bytes(body)), outcome: None })
}

fn chunked(
    signer: &Signer,
    mut request: Request<Reported<bodies::Proven>>,
    chunks: &ChunkedBody,
) -> Result<Request<BoxBody>, Refusal> {
    request.headers_mut().remove(CONTENT_ENCODING);
    let encoder = countersign::http::sign_chunked(signer, &mut request, chunks, Timestamp::now());
    let encoder = encoder.map_err(unsigned)?;
    Ok(request
        .map(|body| EncodedBody::new(encoder, body).map_err(|error| error.to_string().into()).boxed_unsync()))
}

/// Describes the chunks to send: of the kind that was received, with the same checksum in the trailer.
fn chunks(
    verified: &Verified,
    mode: StreamingMode,
    length: u64,
    headers: &HeaderMap,
) -> Result<ChunkedBody, Refusal> {
    let mut body = match mode {
        StreamingMode::UnsignedTrailer => ChunkedBody::unsigned(length),
        _ => ChunkedBody::signed(length),
    };
    if let Some(names) = verified.header("x-amz-trailer") {
        let name = String::from_utf8_lossy(names);
        let checksum = Checksum::from_name(name.trim()).ok_or_else(|| Refusal::not_implemented(&name))?;
        body = body.with_checksum(checksum).map_err(|error| Refusal::internal(error.to_string()))?;
    }
    Ok(with_encoding(body, headers))
}

fn with_encoding(body: ChunkedBody, headers: &HeaderMap) -> ChunkedBody {
    let encoding = headers.get(CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
    encoding.into_iter().fold(body, |body, encoding| body.with_content_encoding(encoding))
}

/// Returns the length of the data. S3 needs it before the data.
fn length(verified: &Verified, body: &Incoming) -> Result<u64, Refusal> {
    let decoded = verified.header("x-amz-decoded-content-length");
    let decoded = decoded.and_then(|text| str::from_utf8(text).ok()?.parse().ok());
    let is_chunked = matches!(verified.body(), BodyCheck::Chunked(_));
    let length = if is_chunked { decoded } else { body.size_hint().exact() };
    length.ok_or_else(|| {
        Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    })
}

/// Sends a request, and streams the answer. A body that failed is the answer, whatever the server says.
pub async fn send(gateway: &Gateway, signed: Signed) -> Result<Response<BoxBody>, Refusal> {
    let Signed { request, outcome } = signed;
    let method = request.method().clone();
    let idle = Duration::from_secs(gateway.limits.idle_timeout);
    let answer = within(idle, outcome.as_ref(), gateway.storage.transport().open(request)).await;
    if let Some(failure) = outcome.as_ref().and_then(Outcome::failure) {
        return Err(failure);
    }
    let answer = answer??;
    if answer.status().is_success() && outcome.is_some_and(|outcome| !outcome.is_complete()) {
        return Err(Refusal::internal("the server accepted a body before its end"));
    }
    answer::of_server(gateway, &method, answer).await
}

/// Waits for an answer, as long as the server takes a piece of the body or answers within each `idle`. A server
/// that does neither would hold the request for ever, and its client might be gone.
pub async fn within<T>(
    idle: Duration,
    outcome: Option<&Outcome>,
    answer: impl Future<Output = T>,
) -> Result<T, Refusal> {
    let mut answer = pin!(answer);
    loop {
        let taken = outcome.map(Outcome::taken);
        match tokio::time::timeout(idle, &mut answer).await {
            Ok(answer) => return Ok(answer),
            Err(_) if outcome.map(Outcome::taken) != taken => {}
            Err(_) => {
                let cause = format!("the server took or answered nothing for {} s", idle.as_secs());
                return Err(Refusal::internal(cause));
            }
        }
    }
}

fn unsigned(error: countersign::SignError) -> Refusal {
    Refusal::internal(format!("the request cannot be signed: {error}"))
}
