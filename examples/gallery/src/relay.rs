//! The other way, to compare: the bytes pass through the service. Offered with `--relay` only.

use std::sync::Arc;

use axum::Json;
use axum::body::Body as Received;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use bucket::Body;
use countersign::{Checksum, ChecksumValue};
use futures_util::TryStreamExt;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::key::Incoming;
use crate::name;
use crate::problem::Problem;
use crate::upload::Upload;

#[derive(Deserialize)]
pub struct Asked {
    filename: String,
    content_type: String,
    sha256: String,
}

/// Streams the request's body to the storage. The signature covers the SHA-256 that the browser sent,
/// so that the storage refuses other bytes.
pub async fn relay(
    State(app): State<Arc<App>>,
    query: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Received,
) -> Result<Json<Value>, Problem> {
    if !app.relay {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "no_relay",
            "the service was started without --relay",
        ));
    }
    let Query(asked) = query?;
    let size = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
    let size = size.ok_or_else(|| Problem::wrong("bad_request", "content-length is missing"))?;
    let upload = Upload::check(&app, &asked.filename, &asked.content_type, size, &asked.sha256)?;
    let key = Incoming::new(&app.user, upload.kind, None)?;
    let stream = body.into_data_stream().map_err(std::io::Error::other);
    let mut data = Body::stream(size, stream);
    if let Ok(hash) = ChecksumValue::parse(Checksum::Sha256, &upload.sha256)
        && let Ok(hash) = hash.as_bytes().try_into()
    {
        data = data.with_sha256(hash);
    }
    let call = app.bucket.call("PUT", &key.to_string(), &[])?.headers(&[
        ("content-type", upload.kind.mime()),
        ("content-disposition", &name::attachment(&upload.name)),
        ("x-amz-checksum-sha256", &upload.sha256),
    ]);
    app.bucket.storage().open(call.body(data)).await?;
    Ok(Json(json!({ "key": key.to_string() })))
}
