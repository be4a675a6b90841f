//! The routes, and the page's own files.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::App;
use crate::image::Image;
use crate::problem::Problem;
use crate::{files, guard, listing, multipart, relay, upload};

/// The service's interface, as `openapi.json` describes it.
fn interface() -> [(&'static str, &'static str, MethodRouter<Arc<App>>); 11] {
    [
        ("get", "/api/settings", get(settings)),
        ("post", "/api/generate-upload-url", post(upload::generate_upload_url)),
        ("post", "/api/upload-form", post(upload::upload_form)),
        ("post", "/api/confirm", post(upload::confirm)),
        ("get", "/presigned-url", get(listing::presigned_url)),
        ("get", "/api/images", get(listing::images)),
        ("post", "/api/multipart/start", post(multipart::start)),
        ("post", "/api/multipart/urls", post(multipart::urls)),
        ("post", "/api/multipart/complete", post(multipart::complete)),
        ("post", "/api/multipart/abort", post(multipart::abort)),
        ("post", "/api/relay", post(relay::relay).layer(DefaultBodyLimit::disable())),
    ]
}

pub fn router(app: Arc<App>) -> Router {
    let files = files::ALL.iter().fold(Router::new(), |router, file| {
        let answer = ([("content-type", file.mime), ("cache-control", "no-cache")], file.text);
        router.route(file.path, get(move || std::future::ready(answer)))
    });
    let router = interface().into_iter().fold(files, |router, (_, path, route)| router.route(path, route));
    let router = router.fallback(unknown_path).method_not_allowed_fallback(wrong_method);
    router.layer(from_fn_with_state(app.clone(), guard::guard)).with_state(app)
}

async fn unknown_path(uri: Uri) -> Problem {
    let message = format!("the service has no path {}; GET /openapi.json lists its paths", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "unknown_path", message)
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let message = format!("{} does not allow {method}; GET /openapi.json lists its methods", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", message)
}

/// Tells the page what it may upload.
async fn settings(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({
        "types": Image::ALL.map(Image::mime),
        "max_size": app.max_size,
        "multipart_from": upload::MULTIPART_FROM,
        "storage": app.storage_origin(),
        "relay": app.relay,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_description_has_exactly_the_routes() {
        let description: Value = serde_json::from_str(files::OPENAPI).unwrap();
        let described: BTreeSet<_> = description["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().unwrap().keys().map(move |method| (method.as_str(), path.as_str()))
            })
            .collect();
        assert_eq!(described, interface().iter().map(|(method, path, _)| (*method, *path)).collect());
    }
}
