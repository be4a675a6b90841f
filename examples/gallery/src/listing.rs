//! Confirmed images: the listing, and URLs that show one image.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::image::Image;
use crate::key::{parse_file_name, prefix};
use crate::problem::Problem;
use crate::store::{image_key, thumbnail_key};
use crate::{name, sign_view};

const PAGE: u32 = 24;

#[derive(Deserialize)]
pub struct After {
    after: Option<String>,
}

#[derive(Deserialize)]
pub struct Wanted {
    file_name: Option<String>,
}

/// A listed image.
#[derive(Serialize)]
pub struct Shown {
    file_name: String,
    name: String,
    content_type: &'static str,
    size: u64,
    url: String,
    thumbnail_url: Option<String>,
    /// The lifetime of the URLs, in seconds.
    #[serde(skip)]
    expires_in: u64,
}

pub async fn images(
    State(app): State<Arc<App>>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(After { after }) = query?;
    // XML has no control characters, and the storage returns this value in XML.
    if after.as_ref().is_some_and(|after| after.chars().any(char::is_control)) {
        return Err(wrong_after());
    }
    let folder = prefix("images", &app.user);
    let page = app.bucket.list_page(&folder, "", after.as_deref(), PAGE).await.map_err(not_a_page)?;
    let names = page.objects.iter().filter_map(|object| object.key.strip_prefix(&folder));
    let names: Vec<_> = names.filter(|name| parse_file_name(name).is_some()).collect();
    let images = try_join_all(names.into_iter().map(|name| describe(&app, name))).await?;
    Ok(Json(json!({ "images": images, "next": page.next })))
}

pub async fn presigned_url(
    State(app): State<Arc<App>>,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(Wanted { file_name }) = query?;
    let missing = || Problem::wrong("bad_request", "file_name is missing");
    let shown = describe(&app, &file_name.ok_or_else(missing)?).await?;
    Ok(Json(json!({ "presigned_url": shown.url, "expires_in": shown.expires_in })))
}

/// Returns an image with fresh URLs. The name and the thumbnail are in the object's own headers.
pub async fn describe(app: &App, file_name: &str) -> Result<Shown, Problem> {
    let unknown = || Problem::wrong("unknown_image", "file_name is no image of this user");
    let (id, kind) = parse_file_name(file_name).ok_or_else(unknown)?;
    let key = image_key(app, file_name);
    let head = match app.bucket.head(&key).await {
        Err(bucket::Error::Refused(refusal)) if refusal.status == 404 => return Err(unknown()),
        head => head?,
    };
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = name::of_disposition(header("content-disposition")).unwrap_or_else(|| file_name.to_owned());
    let url = sign_view(app, &key, kind.mime(), &name::inline(&name)).await?;
    let thumbnail_url = match header("x-amz-meta-thumbnail") {
        "yes" => {
            let key = thumbnail_key(app, &id.to_string());
            let signed = sign_view(app, &key, Image::Jpeg.mime(), &name::inline("thumbnail.jpg")).await?;
            Some(signed.into_string())
        }
        _ => None,
    };
    Ok(Shown {
        file_name: file_name.to_owned(),
        name,
        content_type: kind.mime(),
        size: head.size,
        expires_in: url.expires().as_secs(),
        url: url.into_string(),
        thumbnail_url,
    })
}

pub async fn exists(app: &App, file_name: &str) -> Result<bool, Problem> {
    match app.bucket.head(&image_key(app, file_name)).await {
        Ok(_) => Ok(true),
        Err(bucket::Error::Refused(refusal)) if refusal.status == 404 => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// `after` is passed on, so the storage judges it.
fn not_a_page(error: bucket::Error) -> Problem {
    match error {
        bucket::Error::Refused(refusal) if refusal.status == 400 => wrong_after(),
        error => error.into(),
    }
}

fn wrong_after() -> Problem {
    Problem::wrong("bad_request", "after must be the value of next in an earlier answer")
}
