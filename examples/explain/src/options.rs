//! The settings of the user in addition to the request, and the reasons why a request cannot be explained.

use countersign::{SecretAccessKey, Timestamp};

/// The settings of [`explain`](crate::explain). It contains the secret, so it has no `Debug`.
#[derive(Clone)]
pub struct Options {
    pub region: Option<String>,
    pub service: Option<String>,
    pub access_key_id: Option<String>,
    pub secret: Option<SecretAccessKey>,
    pub session_token: Option<String>,
    /// The time to use instead of the request's own.
    pub time: Option<Timestamp>,
    /// The current time, for a request without one.
    pub now: Timestamp,
    /// Shows signatures whole.
    pub show_signature: bool,
}

impl Options {
    /// Creates settings without a secret.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self {
            region: None,
            service: None,
            access_key_id: None,
            secret: None,
            session_token: None,
            time: None,
            now,
            show_signature: false,
        }
    }
}

/// The reason why there are no steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the input is not a request: it is not a curl command, URL, HTTP message or HAR")]
    NotARequest,
    #[error("the curl command cannot be read: {0}")]
    Curl(&'static str),
    #[error("the HTTP message cannot be read: {0}")]
    Http(&'static str),
    #[error("the HAR cannot be read: {0}")]
    Har(String),
    #[error("the URL has no host")]
    NoHost,
    #[error("the region is not known: the request is not signed, and its host does not name a region")]
    NoRegion,
    #[error("the service is not known: the request is not signed, and its host does not name a service")]
    NoService,
    #[error("the request is signed with Signature Version 2, which has no canonical request")]
    Version2,
    #[error("the fields of the form cannot be read")]
    Form,
    #[error("{what} `{value}` is not valid")]
    Invalid { what: &'static str, value: String },
    #[error("the request cannot be canonicalized: {0}")]
    Canonical(String),
}

impl Error {
    /// Returns true if this reason is itself the answer: no diagnosis of the text adds to it.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        matches!(self, Self::Version2 | Self::Form)
    }

    /// Returns what the user can do.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NotARequest => {
                "give a curl command, a URL or a file with the request and its headers; an error document goes to --answer FILE"
            }
            Self::Curl(_) => "copy the whole command; in browsers choose \"Copy as cURL (bash)\"",
            Self::Http(_) => "begin with the request line, such as: GET /key HTTP/1.1",
            Self::Har(_) => "export one request as HAR, and choose another entry with --entry NUMBER",
            Self::NoHost => "write the URL with its host: https://HOST/PATH",
            Self::NoRegion => "add --region NAME",
            Self::NoService => "add --service NAME, such as s3",
            Self::Version2 => "sign the request with Signature Version 4; most services accept no other",
            Self::Form => "copy the whole body, from the first boundary to the last",
            Self::Invalid { .. } => "correct the value",
            Self::Canonical(_) => "correct the request as the message says",
        }
    }
}
