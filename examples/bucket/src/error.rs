//! The errors of a request.

use std::path::PathBuf;

use bytes::Bytes;
use countersign::s3::AddressError;
use countersign::{ConfigError, InvalidTimestamp, SignError};
use http::Response;
use hyper::body::Incoming;

use crate::transport::{AnyError, collected};
use crate::xml;
use crate::{Exit, SettingsError, TlsProblem};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service answered, and the answer is no.
    #[error(transparent)]
    Refused(Box<Refusal>),

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
    Transport { host: String, source: AnyError },

    #[error("no answer from {host} within {seconds} seconds")]
    Timeout { host: String, seconds: u64 },

    #[error("the answer ended early: {}", causes(.0.as_ref()))]
    Interrupted(AnyError),

    #[error("TLS cannot be set up: {0}")]
    Tls(AnyError),

    /// The connection is made to a server whose certificate is not accepted. No request is sent.
    #[error("no TLS connection to {host}: {problem}")]
    Handshake { host: String, problem: TlsProblem },

    #[error("the file {} of AWS_CA_BUNDLE is not usable: {reason}", path.display())]
    Bundle { path: PathBuf, reason: String },

    /// The status of the response is a success, but its content is not valid.
    #[error("the answer makes no sense: {0}")]
    Answer(String),

    #[error("there are no credentials: {}", causes(.0.as_ref()))]
    Keys(AnyError),

    #[error(transparent)]
    Config(#[from] ConfigError),

    #[error(transparent)]
    Settings(#[from] SettingsError),

    #[error("the local server did not start: {0}")]
    Server(#[from] std::io::Error),
}

impl Error {
    /// Returns the service's code, such as `NoSuchKey`, if the service has refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.code),
            _ => None,
        }
    }

    pub(crate) fn refused(answer: Response<Bytes>) -> Self {
        Self::Refused(Box::new(Refusal::of(answer)))
    }

    /// Returns true if no connection to the server was made: its name is not found, or it refuses connections.
    pub fn is_connect(&self) -> bool {
        match self {
            Self::Transport { source, .. } => source
                .downcast_ref::<hyper_util::client::legacy::Error>()
                .is_some_and(hyper_util::client::legacy::Error::is_connect),
            _ => false,
        }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) => Exit::Refused,
            Self::Keys(_) | Self::Config(_) => Exit::Configuration,
            Self::Settings(error) => error.exit(),
            Self::Tls(_) | Self::Handshake { .. } | Self::Bundle { .. } => Exit::Configuration,
            Self::Address(_) => Exit::Usage,
            _ => Exit::Failed,
        }
    }

    /// Returns what the user can do next, if that is known.
    pub fn advice(&self) -> Option<String> {
        match self {
            Self::Refused(refusal) => refusal.advice(),
            Self::Keys(_) => Some(
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a --profile, or log in with `aws login`; \
                 --local uses a server inside this program"
                    .to_owned(),
            ),
            Self::Transport { .. } | Self::Timeout { .. } => {
                Some("check the endpoint and the network; --endpoint or S3_ENDPOINT names another server".to_owned())
            }
            Self::Handshake { problem, .. } => Some(problem.advice()),
            Self::Bundle { .. } => Some("set AWS_CA_BUNDLE to a file of certificates in PEM, or unset it".to_owned()),
            _ => None,
        }
    }
}

/// A request that the service refused.
#[derive(thiserror::Error)]
#[error("{code} (HTTP {status}): {message}")]
#[non_exhaustive]
pub struct Refusal {
    pub status: u16,
    /// The service's own code, such as `NoSuchKey`, or the words of the status if it sent none.
    pub code: String,
    pub message: String,
    /// The id by which the service's operator can find the request.
    pub request_id: Option<String>,
    /// The region that the bucket is in, or that the signature should be for.
    pub region: Option<String>,
    /// The whole answer. It can repeat a token of the request, so it belongs in no log.
    pub answer: Bytes,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl Refusal {
    /// Reads the XML of an error answer. A HEAD has none, and proxies write HTML: the status then
    /// has to do.
    pub fn of(answer: Response<Bytes>) -> Self {
        let status = answer.status();
        let reason = status.canonical_reason().unwrap_or("Unknown");
        let header = |name| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
        let body = xml::parse(answer.body()).ok().filter(|root| root.name == "Error");
        let element = |name| body.as_ref().and_then(|root| root.text_of(name)).map(str::to_owned);
        Self {
            status: status.as_u16(),
            code: element("Code").unwrap_or_else(|| reason.replace(' ', "")),
            message: element("Message").unwrap_or_else(|| reason.to_owned()),
            request_id: element("RequestId").or_else(|| header("x-amz-request-id")),
            region: element("Region").or_else(|| header("x-amz-bucket-region")),
            answer: answer.body().clone(),
        }
    }

    /// Reads an answer that is an error.
    pub async fn read(answer: Response<Incoming>) -> Result<Self, Error> {
        Ok(Self::of(collected(answer).await?))
    }

    fn advice(&self) -> Option<String> {
        Some(match (&*self.code, &self.region) {
            ("PermanentRedirect" | "AuthorizationHeaderMalformed" | "TemporaryRedirect", Some(region)) => {
                format!("the bucket is in {region}: use --region {region}, or set AWS_REGION")
            }
            ("AuthorizationHeaderMalformed", None) if self.message.contains("region") => {
                "use --region with the region that the service expects, or set AWS_REGION".into()
            }
            // The answer to HEAD has no body, and so no code but the words of its status.
            ("AccessDenied" | "Forbidden", _) => {
                "the credentials may not do this: check their rights, and the bucket's name".into()
            }
            ("InvalidAccessKeyId", _) => {
                "the service does not know this key: check the profile and the endpoint".into()
            }
            ("SignatureDoesNotMatch", _) => {
                "check the secret key, and that no proxy changes the request".into()
            }
            ("RequestTimeTooSkewed", _) => "set this machine's clock".into(),
            ("ExpiredToken", _) => "the credentials have expired: log in again".into(),
            ("NoSuchBucket", _) => "check the bucket's name and the endpoint".into(),
            ("SlowDown" | "ServiceUnavailable", _) => "try again later".into(),
            _ => return None,
        })
    }
}

/// The outermost error says little; what happened is at the end of the chain. Messages that repeat
/// their cause are not shown twice.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |error| error.source()) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
