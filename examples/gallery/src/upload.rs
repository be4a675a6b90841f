//! Uploads of one request: a signed URL or a signed form, then the confirmation.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use countersign::{Checksum, ChecksumValue, PresignedUrl, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::image::Image;
use crate::key::Incoming;
use crate::problem::Problem;
use crate::proof::{self, Expected};
use crate::{listing, name, sign_form, sign_upload, store};

type Answer = Result<Json<Value>, Problem>;

/// Above this, the page uploads in parts.
pub const MULTIPART_FROM: u64 = 16 << 20;
pub const LARGEST_THUMBNAIL: u64 = 256 << 10;

/// A file that a browser may upload.
pub struct Upload {
    pub name: String,
    pub kind: Image,
    pub size: u64,
    pub sha256: String,
}

#[derive(Deserialize)]
pub struct Asked {
    filename: String,
    content_type: String,
    size: u64,
    sha256: String,
    thumbnail: Option<AskedThumbnail>,
}

/// A thumbnail that the page made.
#[derive(Deserialize)]
pub struct AskedThumbnail {
    size: u64,
    sha256: String,
}

#[derive(Deserialize)]
pub struct Uploaded {
    key: String,
    size: u64,
    sha256: String,
}

/// A URL and what must be sent with it.
#[derive(Serialize)]
pub struct Ticket {
    pub url: String,
    pub headers: BTreeMap<String, String>,
    /// The lifetime of the URL, in seconds.
    #[serde(skip)]
    pub expires_in: u64,
}

pub async fn generate_upload_url(
    State(app): State<Arc<App>>,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Answer {
    let Json(asked) = asked?;
    let upload = Upload::check(&app, &asked.filename, &asked.content_type, asked.size, &asked.sha256)?;
    let key = Incoming::new(&app.user, upload.kind, None)?;
    let ticket = Ticket::of(&sign_upload(&app, &key, &upload).await?);
    let mut answer = json!({
        "key": key.to_string(), "url": ticket.url, "headers": ticket.headers, "expires_in": ticket.expires_in,
    });
    if let Some(asked) = asked.thumbnail {
        answer["thumbnail"] = json!(thumbnail_ticket(&app, &key, &asked).await?);
    }
    Ok(Json(answer))
}

pub async fn thumbnail_ticket(app: &App, key: &Incoming, asked: &AskedThumbnail) -> Result<Ticket, Problem> {
    check_size("the thumbnail", asked.size, LARGEST_THUMBNAIL)?;
    let headers = [
        ("content-type", Image::Jpeg.mime()),
        ("content-length", &asked.size.to_string()),
        ("x-amz-checksum-sha256", sha256_of(&asked.sha256)?),
    ];
    Ok(Ticket::of(&crate::presign(app, "PUT", &key.thumbnail(), &[], &headers).await?))
}

pub async fn upload_form(State(app): State<Arc<App>>, asked: Result<Json<Asked>, JsonRejection>) -> Answer {
    let Json(asked) = asked?;
    let upload = Upload::check(&app, &asked.filename, &asked.content_type, asked.size, &asked.sha256)?;
    let key = Incoming::new(&app.user, upload.kind, None)?;
    let form = sign_form(&app, &key, &upload).await?;
    let mut answer = json!({
        "key": key.to_string(),
        "url": app.public.bucket_url(app.bucket.name())?,
        // The order counts: the file comes after all of them.
        "fields": form.fields().collect::<Vec<_>>(),
        "expires_in": (form.expiration().unix_seconds() - Timestamp::now().unix_seconds()).max(0),
    });
    if let Some(asked) = asked.thumbnail {
        answer["thumbnail"] = json!(thumbnail_ticket(&app, &key, &asked).await?);
    }
    Ok(Json(answer))
}

/// Lists an upload once the storage has proven that it is what was signed; deletes it otherwise.
pub async fn confirm(State(app): State<Arc<App>>, said: Result<Json<Uploaded>, JsonRejection>) -> Answer {
    let Json(said) = said?;
    let key = parse(&app, &said.key)?;
    let expected = Expected::Whole { size: said.size, sha256: sha256_of(&said.sha256)?.to_owned() };
    settle(&app, &key, &expected).await
}

/// Moves a proven upload to where it is listed. A repeated confirmation finds it there.
pub async fn settle(app: &App, key: &Incoming, expected: &Expected) -> Answer {
    let kept = match proof::check(app, key, expected).await {
        Ok(Some(proven)) => store::keep(app, key, &proven).await,
        Ok(None) => Err(Problem::not_uploaded()),
        Err(problem) => Err(problem),
    };
    match kept {
        // Another confirmation moved it, before this one or at the same time.
        Err(problem) if problem.is_not_uploaded() && listing::exists(app, &key.file_name()).await? => {}
        Err(problem) if problem.is_differs() => {
            store::discard(app, key).await?;
            return Err(problem);
        }
        kept => kept?,
    }
    Ok(Json(json!(listing::describe(app, &key.file_name()).await?)))
}

impl Upload {
    pub fn check(app: &App, filename: &str, mime: &str, size: u64, sha256: &str) -> Result<Self, Problem> {
        let kind = Image::from_mime(mime).ok_or_else(refused_type)?;
        check_size("the file", size, app.max_size)?;
        let sha256 = sha256_of(sha256)?.to_owned();
        Ok(Self { name: name::clean(filename), kind, size, sha256 })
    }
}

impl Ticket {
    pub fn of(url: &PresignedUrl) -> Self {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let headers = url.required_headers().map(pair).collect();
        Self { url: url.as_str().to_owned(), headers, expires_in: url.expires().as_secs() }
    }
}

fn check_size(what: &str, size: u64, largest: u64) -> Result<(), Problem> {
    if size == 0 {
        return Err(Problem::wrong(
            "empty_file",
            format!("{what} is empty: it has 0 bytes; send another one"),
        ));
    }
    if size > largest {
        let message = format!("{what} has {size} bytes; allowed are at most {largest}");
        return Err(Problem::wrong("too_large", message));
    }
    Ok(())
}

pub fn parse(app: &App, key: &str) -> Result<Incoming, Problem> {
    let wrong = || Problem::wrong("bad_key", "this is no key that the service gave out to this user");
    Incoming::parse(&app.user, key).ok_or_else(wrong)
}

/// Returns the text if it is a SHA-256 in Base64.
pub fn sha256_of(base64: &str) -> Result<&str, Problem> {
    checksum(base64).map(|_| base64)
}

pub fn checksum(base64: &str) -> Result<ChecksumValue, Problem> {
    let wrong = |_| Problem::wrong("bad_request", "sha256 must be 32 bytes in Base64, not in hexadecimal");
    ChecksumValue::parse(Checksum::Sha256, base64).map_err(wrong)
}

fn refused_type() -> Problem {
    let types = Image::ALL.map(Image::mime).join(", ");
    Problem::wrong("refused_type", format!("this type is not accepted; these are: {types}"))
}
