//! What can go wrong on the way to an object.

use bytes::Bytes;
use countersign::s3::AddressError;
use countersign::{InvalidTimestamp, SignError};
use http::{Response, StatusCode};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// S3 answered, and the answer is no. `code` is S3's own, such as `NoSuchKey`.
    #[error("{code} (HTTP {status}): {message}")]
    Refused { status: u16, code: String, message: String },

    #[error("the object has no address: {0}")]
    Address(#[from] AddressError),

    #[error("the request cannot be signed: {0}")]
    Sign(#[from] SignError),

    #[error("the system's clock is wrong: {0}")]
    Clock(#[from] InvalidTimestamp),

    /// Not a URL or a header that HTTP can carry.
    #[error("the request cannot be sent: {0}")]
    Request(#[from] http::Error),

    /// The name of the host only: the rest of a URL may be a secret.
    #[error("no answer from {host}: {}", causes(source.as_ref()))]
    Transport { host: String, source: Box<dyn std::error::Error + Send + Sync> },

    #[error("no answer from {host} within {seconds} seconds")]
    Timeout { host: String, seconds: u64 },

    #[error("TLS cannot be set up: {0}")]
    Tls(Box<dyn std::error::Error + Send + Sync>),

    /// The status of the response is a success, but its content is not valid.
    #[error("the answer makes no sense: {0}")]
    Answer(String),
}

impl Error {
    /// S3's code, when S3 has refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Reads the XML of an error answer. A HEAD has none, and proxies write HTML: the status
    /// then has to do.
    pub(super) fn refused(answer: &Response<Bytes>) -> Self {
        let status = answer.status();
        let body = String::from_utf8_lossy(answer.body());
        let document = roxmltree::Document::parse(&body).ok();
        let element = |name: &str| {
            let document = document.as_ref()?;
            let found = document.root_element().children().find(|node| node.has_tag_name(name))?;
            Some(found.text().unwrap_or_default().to_owned())
        };
        Self::Refused {
            status: status.as_u16(),
            code: element("Code").unwrap_or_else(|| reason(status).replace(' ', "")),
            message: element("Message").unwrap_or_else(|| reason(status).to_owned()),
        }
    }
}

/// The outermost error says little; what happened is at the end of the chain.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Unknown")
}
