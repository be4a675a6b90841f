//! The rights of browsers: the rules of `PutBucketCors`, applied as S3 applies them.
//!
//! A bucket without rules answers no browser, as a new bucket of S3 does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use s3s::dto::CORSRule;

/// The rules of each bucket, shared by the store, which changes them, and the layer that applies them.
#[derive(Clone, Default)]
pub struct Rules(Arc<Mutex<HashMap<String, Vec<CORSRule>>>>);

impl Rules {
    pub fn get(&self, bucket: &str) -> Option<Vec<CORSRule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()
    }

    pub fn set(&self, bucket: &str, rules: Option<Vec<CORSRule>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match rules {
            Some(rules) => all.insert(bucket.to_owned(), rules),
            None => all.remove(bucket),
        };
    }
}

/// Answers a preflight, and tells the browser of any other answer whether a page may read it.
pub async fn apply(State(rules): State<Rules>, request: Request, next: Next) -> Response {
    let Some(origin) = text(request.headers(), &ORIGIN) else { return next.run(request).await };
    let bucket = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let rules = rules.get(bucket);

    if request.method() == Method::OPTIONS {
        return preflight(rules.as_deref(), &origin, request.headers());
    }
    let rule = rules.iter().flatten().find(|rule| allows(rule, &origin, request.method().as_str(), ""));
    let allowed = rule.map(|rule| allowances(rule, &origin));
    let mut answer = next.run(request).await;
    answer.headers_mut().extend(allowed.unwrap_or_default());
    answer
}

fn preflight(rules: Option<&[CORSRule]>, origin: &str, headers: &HeaderMap) -> Response {
    let Some(rules) = rules else { return forbidden("CORSResponse: CORS is not enabled for this bucket.") };
    let method = text(headers, &ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
    let wanted = text(headers, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let Some(rule) = rules.iter().find(|rule| allows(rule, origin, &method, &wanted)) else {
        return forbidden("CORSResponse: This CORS request is not allowed.");
    };
    let mut answer = allowances(rule, origin);
    insert(&mut answer, ACCESS_CONTROL_ALLOW_METHODS, &rule.allowed_methods.join(", "));
    if !wanted.is_empty() {
        insert(&mut answer, ACCESS_CONTROL_ALLOW_HEADERS, &wanted);
    }
    if let Some(seconds) = rule.max_age_seconds {
        insert(&mut answer, ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    (StatusCode::OK, answer).into_response()
}

fn allows(rule: &CORSRule, origin: &str, method: &str, headers: &str) -> bool {
    let allowed = rule.allowed_headers.as_deref().unwrap_or_default();
    let mut wanted = headers.split(',').map(str::trim).filter(|name| !name.is_empty());
    rule.allowed_origins.iter().any(|pattern| matches(pattern, origin))
        && rule.allowed_methods.iter().any(|allowed| allowed == method)
        && wanted.all(|name| allowed.iter().any(|pattern| matches(&lower(pattern), &lower(name))))
}

fn allowances(rule: &CORSRule, origin: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if rule.allowed_origins.iter().any(|pattern| pattern == "*") {
        insert(&mut headers, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
        insert(&mut headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        insert(&mut headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    insert(&mut headers, VARY, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    if let Some(exposed) = &rule.expose_headers {
        insert(&mut headers, ACCESS_CONTROL_EXPOSE_HEADERS, &exposed.join(", "));
    }
    headers
}

/// A pattern may have one `*`.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
        None => pattern == text,
    }
}

fn forbidden(message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessForbidden</Code><Message>{message}</Message></Error>"
    );
    (StatusCode::FORBIDDEN, [("content-type", "application/xml")], body).into_response()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
