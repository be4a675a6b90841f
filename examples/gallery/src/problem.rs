//! Failures as the page gets them: a status, a code for the script, a sentence for people.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use countersign::SignError;
use countersign::s3::AddressError;
use serde_json::json;

#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// The request says something that is not allowed.
    pub fn wrong(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The storage has something other than what was signed.
    pub fn differs(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "differs", message)
    }

    pub fn is_differs(&self) -> bool {
        self.code == "differs"
    }

    fn own(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "the service failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the service failed; its log says why")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "code": self.code, "message": self.message }))).into_response()
    }
}

impl From<bucket::Error> for Problem {
    fn from(error: bucket::Error) -> Self {
        tracing::error!(%error, "the storage failed");
        let message = match error.code() {
            Some(code) => format!("the storage refused a request of the service: {code}"),
            None => "the service does not reach the storage".to_owned(),
        };
        Self::new(StatusCode::BAD_GATEWAY, "storage", message)
    }
}

impl From<SignError> for Problem {
    fn from(error: SignError) -> Self {
        Self::own(&error)
    }
}

impl From<AddressError> for Problem {
    fn from(error: AddressError) -> Self {
        Self::own(&error)
    }
}

impl From<getrandom::Error> for Problem {
    fn from(error: getrandom::Error) -> Self {
        Self::own(&error)
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::wrong("bad_request", rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::wrong("bad_request", rejection.body_text())
    }
}
