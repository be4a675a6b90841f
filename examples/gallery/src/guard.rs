//! Which requests the service answers, and what a browser may do with the answers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::problem::Problem;

/// Refuses requests of other pages and for other hosts, and adds the security headers.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut answer = match foreign(&app, request.method(), request.headers()) {
        Some(what) => {
            let message = format!("{what} is not an address of this page; see --origin");
            Problem::new(StatusCode::FORBIDDEN, "foreign", message).into_response()
        }
        None => next.run(request).await,
    };
    for (name, value) in security(&app) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().entry(name).or_insert(value);
        }
    }
    answer
}

/// Returns the host or the origin if it is another one: a page of another site that posts to this
/// service, or whose name was made to point to this machine.
fn foreign<'h>(app: &App, method: &Method, headers: &'h HeaderMap) -> Option<&'h str> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST).unwrap_or_default();
    let own = |host: &str| app.origins.iter().any(|origin| origin.split("://").nth(1) == Some(host));
    if !own(host) {
        return Some(host);
    }
    let origin = text(header::ORIGIN).filter(|_| method != Method::GET)?;
    (!app.origins.iter().any(|own| own == origin)).then_some(origin)
}

fn security(app: &App) -> [(HeaderName, String); 6] {
    let storage = app.storage_origin();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: {storage}; \
         connect-src 'self' {storage}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        // Answers contain presigned URLs.
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ]
}
