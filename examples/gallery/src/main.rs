//! A gallery of images. Their bytes go between the browser and the bucket, and not through this service.
//!
//! ```sh
//! cargo run -p gallery                          # a bucket inside this program: open the printed address
//! cargo run -p gallery -- --bucket my-bucket    # a bucket at AWS; see --help
//! ```
//!
//! The service signs, and the browser sends. What is signed here cannot be changed by the browser: the
//! storage refuses another key, type, length or name, and other bytes.

mod app;
mod cors;
mod files;
mod guard;
mod image;
mod key;
mod listing;
mod multipart;
mod name;
mod options;
mod origin;
mod problem;
mod proof;
mod relay;
mod routes;
mod store;
mod sweep;
mod upload;

use std::process::ExitCode;

use countersign::post_policy::{FormKey, PostForm, PostPolicy};
use countersign::{PresignedUrl, Request, Signer, Timestamp, uri};

use app::App;
use key::Incoming;
use problem::Problem;
use upload::Upload;

/// Signs the upload of one image: these bytes, of this type and name, under this key, and only if the
/// key is not in use.
async fn sign_upload(app: &App, key: &Incoming, upload: &Upload) -> Result<PresignedUrl, Problem> {
    let headers = [
        ("content-type", upload.kind.mime()),
        ("content-length", &upload.size.to_string()),
        ("content-disposition", &name::attachment(&upload.name)),
        ("if-none-match", "*"),
        ("x-amz-checksum-sha256", &upload.sha256),
    ];
    presign(app, "PUT", &key.to_string(), &[], &headers).await
}

/// Signs one part of a large image: its number, its length and its bytes.
async fn sign_part(
    app: &App,
    key: &Incoming,
    upload_id: &str,
    part: &multipart::Part,
) -> Result<PresignedUrl, Problem> {
    let (number, size) = (part.number.to_string(), part.size.to_string());
    let query = [("partNumber", &*number), ("uploadId", upload_id)];
    let headers = [("content-length", &*size), ("x-amz-checksum-sha256", &*part.sha256)];
    presign(app, "PUT", &key.to_string(), &query, &headers).await
}

/// Signs a form that uploads the same as [`sign_upload`]. Forms need no script, and not every storage
/// has them.
async fn sign_form(app: &App, key: &Incoming, upload: &Upload) -> Result<PostForm, Problem> {
    let policy = PostPolicy::new(app.bucket.name(), FormKey::exact(key.to_string()), app.expires)
        .exact("Content-Type", upload.kind.mime())
        .exact("Content-Disposition", name::attachment(&upload.name))
        .exact("x-amz-checksum-sha256", &*upload.sha256)
        .exact("success_action_status", "201")
        .with_content_length_range(upload.size..=upload.size);
    Ok(signer(app).await?.sign_post_policy(&policy, Timestamp::now())?)
}

/// Signs a view. Type and disposition are forced, whatever the object says of itself.
async fn sign_view(app: &App, key: &str, mime: &str, disposition: &str) -> Result<PresignedUrl, Problem> {
    let query = [("response-content-disposition", disposition), ("response-content-type", mime)];
    presign(app, "GET", key, &query, &[]).await
}

async fn presign(
    app: &App,
    method: &str,
    key: &str,
    query: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<PresignedUrl, Problem> {
    // The browser may reach the storage by another address than this service does.
    let mut url = app.public.object_url(app.bucket.name(), key)?;
    if !query.is_empty() {
        url = format!("{url}?{}", uri::query(query));
    }
    Ok(signer(app).await?.presign(&Request::new(method, &url, headers), app.expires, Timestamp::now())?)
}

/// Returns a signer with credentials that are valid now. A URL that would outlive them ends with them.
async fn signer(app: &App) -> Result<Signer, Problem> {
    let signer = app.bucket.storage().signer().await?;
    Ok(signer.with_credentials(signer.credentials().clone())?.shorten_to_credentials())
}

fn main() -> ExitCode {
    bucket::cli::run("gallery", app::run)
}
