//! Deletes uploads that were not confirmed or not completed. The id in each key says how old it is.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::key::{id_of, is_in_parts};

/// Sweeps until the service ends.
pub async fn run(app: Arc<App>) {
    let shortest = app.unconfirmed.min(app.unfinished);
    let mut pause = tokio::time::interval(shortest.clamp(Duration::from_secs(1), Duration::from_secs(60)));
    loop {
        pause.tick().await;
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "the sweep did not finish");
        }
    }
}

async fn sweep(app: &App) -> Result<(), bucket::Error> {
    for object in app.bucket.list("incoming/").await? {
        if is_older(&object.key, limit(app, &object.key)) {
            app.bucket.delete(&object.key).await?;
            tracing::info!("deleted an upload that was not confirmed");
        }
    }
    for upload in app.bucket.list_uploads("incoming/").await? {
        if is_older(&upload.key, app.unfinished) {
            app.bucket.abort_upload(&upload.key, &upload.id).await?;
            tracing::info!("aborted an upload that was not completed");
        }
    }
    Ok(())
}

/// Returns the age at which an object is deleted. An upload in parts begins long before it is an object that
/// can be confirmed.
fn limit(app: &App, key: &str) -> Duration {
    let unconfirmed = app.unconfirmed.max(app.expires.as_duration());
    if is_in_parts(key) { app.unfinished + unconfirmed } else { unconfirmed }
}

fn is_older(key: &str, limit: Duration) -> bool {
    id_of(key).is_some_and(|id| id.age() > limit)
}
