//! [`Config`], the choices of a [`VerifyLayer`](super::VerifyLayer), which all its services share.

use alloc::string::String;
use alloc::sync::Arc;

use ::http::request::Parts;
use ::http::{Method, Response, Uri};

use super::RejectedRequest;
use super::clock::Clock;
use crate::http_body::BodyOptions;
use crate::verify::{KeyCache, Verifier};

/// The handling of a request that has no AWS signature.
///
/// A request whose only `Authorization` header has another scheme, such as `Bearer` or `Basic`, has no AWS signature. A
/// request with an invalid or incomplete AWS signature is always refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Anonymous {
    /// The request is refused.
    #[default]
    Refuse,
    /// The request is passed on without [`Verified`](crate::Verified) among its extensions. This includes requests with
    /// `Authorization: Bearer …`, whose token the service must check itself.
    Pass,
}

/// The treatment of preflight requests, which browsers send before a request to another origin: requests
/// with the method `OPTIONS`, `Origin` and `Access-Control-Request-Method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Preflights {
    /// The request must be signed as any other, which browsers do not do.
    #[default]
    Verify,
    /// The request is passed on without [`Verified`](crate::Verified) among its extensions, even if its
    /// URL is presigned.
    Pass,
}

pub(super) type GetUri = Arc<dyn Fn(&Parts) -> Option<Uri> + Send + Sync>;
pub(super) type OnRejected = Arc<dyn Fn(&RejectedRequest) + Send + Sync>;
pub(super) type ErrorResponse = Arc<dyn Fn(&RejectedRequest) -> Response<String> + Send + Sync>;

#[derive(Clone)]
pub(super) struct Config {
    pub(super) verifier: Verifier,
    pub(super) cache: Arc<KeyCache>,
    pub(super) clock: Clock,
    pub(super) body: BodyOptions,
    pub(super) body_limit: usize,
    pub(super) anonymous: Anonymous,
    pub(super) preflights: Preflights,
    pub(super) uri: Option<GetUri>,
    pub(super) on_rejected: Option<OnRejected>,
    pub(super) error_response: Option<ErrorResponse>,
}

impl Config {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            cache: Arc::new(KeyCache::new(KEYS)),
            clock: Clock::default(),
            body: BodyOptions::default(),
            body_limit: BODY_LIMIT,
            anonymous: Anonymous::Refuse,
            preflights: Preflights::Verify,
            uri: None,
            on_rejected: None,
            error_response: None,
        }
    }

    /// Returns the URI that was received.
    pub(super) fn uri(&self, parts: &Parts) -> Uri {
        self.uri.as_ref().and_then(|uri| uri(parts)).unwrap_or_else(|| parts.uri.clone())
    }

    /// Returns true if the request is passed on because it is a preflight request.
    pub(super) fn passes_preflight(&self, parts: &Parts) -> bool {
        self.preflights == Preflights::Pass
            && parts.method == Method::OPTIONS
            && parts.headers.contains_key("origin")
            && parts.headers.contains_key("access-control-request-method")
    }

    /// Reports a refused request, and returns the response.
    pub(super) fn reject(&self, rejected: &RejectedRequest) -> Response<String> {
        if let Some(on_rejected) = &self.on_rejected {
            on_rejected(rejected);
        }
        match &self.error_response {
            Some(error_response) => error_response(rejected),
            None => rejected.to_s3_response(),
        }
    }
}

/// The number of keys that are kept. A key needs about 500 bytes.
const KEYS: usize = 10_000;

/// The maximum of a body that must be read before its request is verified: 1 MiB.
const BODY_LIMIT: usize = 1 << 20;
