//! Refuses the requests of other pages, and forbids the page to connect to other servers.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The page may load its own files and ask its own server. Everything else is forbidden.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Answers requests for this server that its own page sent, and no others.
pub async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut answer = match refusal(port, &request) {
        Some(message) => (StatusCode::FORBIDDEN, message).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// Returns the reason to refuse a request. A page of another site can send requests to this server: directly, which its
/// `Origin` shows, or by a name that its owner points to this machine, which `Host` shows.
fn refusal(port: u16, request: &Request) -> Option<&'static str> {
    let names = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_own = |host: &str| names.iter().any(|name| name == host);
    let text = |name: HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if !text(header::HOST).is_some_and(is_own) {
        return Some(
            "the host is not 127.0.0.1 or localhost with this server's port; open the printed address\n",
        );
    }
    let origin = text(header::ORIGIN);
    let is_other = |origin: &str| !origin.strip_prefix("http://").is_some_and(is_own);
    origin.is_some_and(is_other).then_some("the request was sent by the page of another site\n")
}
