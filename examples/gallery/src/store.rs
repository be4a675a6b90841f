//! Moves what is proven to where it is listed, and deletes what is not. The bytes stay in the storage.

use countersign::s3::copy_source;
use http_body_util::BodyExt;

use crate::app::App;
use crate::image::Image;
use crate::key::{Incoming, prefix};
use crate::name;
use crate::problem::Problem;
use crate::proof::Proven;

/// Copies the image, and its thumbnail before it, so that the listing never lacks one.
pub async fn keep(app: &App, key: &Incoming, proven: &Proven) -> Result<(), Problem> {
    if proven.thumbnail {
        let to = thumbnail_key(app, &key.id.to_string());
        copy(app, &key.thumbnail(), &to, Image::Jpeg, &[]).await?;
    }
    let name = name::of_disposition(&proven.disposition).unwrap_or_else(|| key.file_name());
    let (etag, disposition) = (format!("\"{}\"", proven.etag), name::attachment(&name));
    // The object that was proven, and not one that replaced it meanwhile.
    let headers = [
        ("x-amz-copy-source-if-match", &*etag),
        ("content-disposition", &*disposition),
        ("x-amz-meta-thumbnail", if proven.thumbnail { "yes" } else { "no" }),
    ];
    copy(app, &key.to_string(), &image_key(app, &key.file_name()), key.kind, &headers).await?;
    discard(app, key).await
}

/// Deletes an upload that is not listed.
pub async fn discard(app: &App, key: &Incoming) -> Result<(), Problem> {
    // A confirmation at the same time reads the image, then the thumbnail: it must not find the image alone.
    app.bucket.delete(&key.to_string()).await?;
    Ok(app.bucket.delete(&key.thumbnail()).await?)
}

pub fn image_key(app: &App, file_name: &str) -> String {
    format!("{}{file_name}", prefix("images", &app.user))
}

pub fn thumbnail_key(app: &App, id: &str) -> String {
    format!("{}{id}.jpg", prefix("thumbs", &app.user))
}

async fn copy(app: &App, from: &str, to: &str, kind: Image, headers: &[(&str, &str)]) -> Result<(), Problem> {
    let source = copy_source(app.bucket.name(), from, None)?;
    let call = app.bucket.call("PUT", to, &[])?.headers(&[
        ("content-type", kind.mime()),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-amz-copy-source", &source),
        ("x-amz-metadata-directive", "REPLACE"),
    ]);
    // A large copy takes longer than a minute. S3 can begin with 200 and then report an error.
    let body = app.bucket.storage().open(call.headers(headers)).await?.into_body();
    let answer = body.collect().await.map_err(|error| bucket::Error::Interrupted(error.into()))?.to_bytes();
    let root = bucket::xml::parse(&answer)?;
    if root.name == "Error" {
        let code = root.text_of("Code").unwrap_or("an error without a code");
        return Err(bucket::Error::Answer(format!("the copy failed: {code}")).into());
    }
    Ok(())
}
