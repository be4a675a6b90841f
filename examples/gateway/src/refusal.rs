//! [`Refusal`]: S3's error for the client, and the cause for the log.

use std::sync::Arc;

use countersign::post_policy::FormError;
use countersign::s3::{AddressError, LocateError};
use countersign::{ChecksumError, VerifyError};

/// The reason to refuse a request.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub error: Reason,
    /// The reason that only the log contains.
    pub cause: Option<Arc<str>>,
}

#[derive(Debug, Clone)]
pub enum Reason {
    Verify(VerifyError),
    S3 { status: u16, code: String, message: String },
}

impl Refusal {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { error: Reason::S3 { status, code, message }, cause: None }
    }

    /// Refuses a request whose key lacks a right. Only the log names the right.
    pub fn access_denied(cause: impl Into<String>) -> Self {
        Self::new(403, "AccessDenied", "Access Denied").because(cause)
    }

    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    pub fn not_implemented(what: &str) -> Self {
        let message = "A header or parameter you provided implies functionality that is not implemented";
        Self::new(501, "NotImplemented", format!("{message}: {what}"))
    }

    /// Refuses a request for a reason that is not its client's. Only the log names the reason.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(500, "InternalError", "We encountered an internal error. Please try again.").because(cause)
    }

    pub fn slow_down() -> Self {
        Self::new(503, "SlowDown", "Please reduce your request rate.")
    }

    #[must_use]
    pub fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into().into()), ..self }
    }

    pub fn code(&self) -> &str {
        match &self.error {
            Reason::Verify(error) => error.code(),
            Reason::S3 { code, .. } => code,
        }
    }

    pub fn status(&self) -> u16 {
        match &self.error {
            Reason::Verify(error) => error.status(),
            Reason::S3 { status, .. } => *status,
        }
    }

    pub fn message(&self) -> String {
        match &self.error {
            Reason::Verify(error) => error.to_string(),
            Reason::S3 { message, .. } => message.clone(),
        }
    }

    /// Returns the cause in words, for the log.
    pub fn cause(&self) -> String {
        self.cause.as_deref().map_or_else(|| self.message(), str::to_owned)
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self { error: Reason::Verify(error), cause: None }
    }
}

impl From<ChecksumError> for Refusal {
    fn from(error: ChecksumError) -> Self {
        VerifyError::from(error).into()
    }
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        VerifyError::from(error).into()
    }
}

impl From<LocateError> for Refusal {
    fn from(error: LocateError) -> Self {
        match error {
            LocateError::InvalidBucket => {
                Self::new(400, "InvalidBucketName", "The specified bucket is not valid.")
            }
            error => Self::new(400, "InvalidRequest", error.to_string()),
        }
    }
}

impl From<AddressError> for Refusal {
    fn from(error: AddressError) -> Self {
        Self::invalid_argument(error.to_string())
    }
}

impl From<bucket::Error> for Refusal {
    fn from(error: bucket::Error) -> Self {
        match &error {
            bucket::Error::Handshake { problem, .. } => {
                Self::internal(format!("{error}; {}", problem.advice()))
            }
            _ => Self::internal(error.to_string()),
        }
    }
}
