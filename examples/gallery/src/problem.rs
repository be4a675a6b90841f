//! Failures as the page gets them: a status, a code for the script, a sentence for people.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use countersign::s3::AddressError;
use countersign::{ConfigError, SignError};
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

    /// The request has another form than the description states.
    fn unreadable(reason: &str) -> Self {
        Self::wrong("bad_request", format!("{reason}; GET /openapi.json describes the request"))
    }

    /// The storage has something other than what was signed.
    pub fn differs(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "differs", message)
    }

    pub fn is_differs(&self) -> bool {
        self.code == "differs"
    }

    pub fn not_uploaded() -> Self {
        let message = "the storage has nothing under this key: it was not uploaded, or it was deleted because it \
                       was not confirmed in time; upload it again";
        Self::new(StatusCode::CONFLICT, "not_uploaded", message)
    }

    pub fn is_not_uploaded(&self) -> bool {
        self.code == "not_uploaded"
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
        if matches!(error.code(), Some("NoSuchKey" | "PreconditionFailed")) {
            return Self::not_uploaded();
        }
        tracing::error!(%error, "the storage failed");
        let (code, message) = match &error {
            bucket::Error::Keys(_) => {
                ("credentials", "the service has no valid credentials; its log says why".to_owned())
            }
            bucket::Error::Refused(refusal) => (
                "storage",
                format!(
                    "the storage refused a request of the service: {}; see the service's log",
                    refusal.code
                ),
            ),
            bucket::Error::Answer(_) => {
                ("storage", "the service cannot read the answer of the storage; its log says why".to_owned())
            }
            _ => ("storage", "the service does not reach the storage; its log says why".to_owned()),
        };
        Self::new(StatusCode::BAD_GATEWAY, code, message)
    }
}

impl From<SignError> for Problem {
    fn from(error: SignError) -> Self {
        Self::own(&error)
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
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
        Self::unreadable(&rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::unreadable(&rejection.body_text())
    }
}
