//! [`VerifyLayer`]: construction and options.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use ::http::request::Parts;
use ::http::{Response, Uri};
use tower_layer::Layer;

use super::clock::Clock;
use super::verify_config::Config;
use super::{Anonymous, FindKey, Preflights, RejectedRequest, VerifyService};
use crate::http_body::BodyOptions;
use crate::time::Timestamp;
use crate::verify::{KeyCache, Verifier};

/// A layer that verifies requests before it passes them on.
///
/// The inner service receives a [`ProvenBody`](crate::http_body::ProvenBody), and finds
/// [`Verified`](crate::Verified) and [`RequestId`](super::RequestId) among the extensions. For a body in
/// chunks, the headers `content-length` and `content-encoding` describe the decoded data.
///
/// If the proof of a body fails while the inner service reads it, the layer replaces the response of the
/// inner service by S3's error. A response that was returned before is not replaced.
///
/// See the [module](super) for a program.
#[must_use = "a layer does nothing until it is added to a service"]
pub struct VerifyLayer<K> {
    config: Config,
    keys: Arc<K>,
}

impl<K: FindKey> VerifyLayer<K> {
    /// Creates a layer that verifies with `verifier`, and looks keys up in `keys`.
    pub fn new(verifier: Verifier, keys: K) -> Self {
        Self { config: Config::new(verifier), keys: Arc::new(keys) }
    }

    /// Sets the clock (default: [`Timestamp::now`]).
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// use countersign::tower::VerifyLayer;
    /// use countersign::{Service, Timestamp, Verifier};
    ///
    /// let now = Timestamp::parse("20260301T120000Z")?;
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// let layer = VerifyLayer::new(verifier, HashMap::new()).with_clock(move || now); // for a test
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_clock(mut self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.config.clock = Clock::new(now);
        self
    }

    /// Sets the maximum number of keys that are kept (default: 10,000).
    pub fn with_cached_keys(mut self, capacity: usize) -> Self {
        self.config.cache = Arc::new(KeyCache::new(capacity));
        self
    }

    /// Sets the choices for bodies.
    pub fn with_body_options(mut self, options: BodyOptions) -> Self {
        self.config.body = options;
        self
    }

    /// Sets the maximum length in bytes of a body that must be read before its request can be verified
    /// (default: 1 MiB). These are the bodies of services that do not send `x-amz-content-sha256`.
    pub fn with_body_limit(mut self, max: usize) -> Self {
        self.config.body_limit = max;
        self
    }

    /// Sets what is done with a request that has no AWS signature (default: refused).
    ///
    /// ```
    /// use axum::Extension;
    /// use countersign::Verified;
    ///
    /// // A handler that allows anonymous requests:
    /// async fn handler(verified: Option<Extension<Verified>>) -> String {
    ///     match verified {
    ///         Some(Extension(verified)) => format!("hello {}", verified.access_key_id()),
    ///         None => "hello".into(),
    ///     }
    /// }
    /// # let _ = handler;
    /// ```
    pub fn with_anonymous(mut self, anonymous: Anonymous) -> Self {
        self.config.anonymous = anonymous;
        self
    }

    /// Sets what is done with the preflight requests of browsers (default: verified as any other).
    pub fn with_preflights(mut self, preflights: Preflights) -> Self {
        self.config.preflights = preflights;
        self
    }

    /// Sets where the URI is that was received, if a router changes it. If `uri` returns `None`, the URI of
    /// the request is used.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// use axum::extract::OriginalUri;
    /// use countersign::tower::VerifyLayer;
    /// use countersign::{Service, Verifier};
    ///
    /// // For a layer inside of axum's `Router::nest`:
    /// let verifier = Verifier::new("us-east-1", Service::S3)?;
    /// let layer = VerifyLayer::new(verifier, HashMap::new())
    ///     .with_uri(|head| head.extensions.get::<OriginalUri>().map(|uri| uri.0.clone()));
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_uri(mut self, uri: impl Fn(&Parts) -> Option<Uri> + Send + Sync + 'static) -> Self {
        self.config.uri = Some(Arc::new(uri));
        self
    }

    /// Sets a function that is called for each refused request, such as one that writes a log.
    ///
    /// See [`RejectedRequest`] for an example.
    pub fn on_rejected(mut self, on_rejected: impl Fn(&RejectedRequest) + Send + Sync + 'static) -> Self {
        self.config.on_rejected = Some(Arc::new(on_rejected));
        self
    }

    /// Sets the response to a refused request (default: [`RejectedRequest::to_s3_response`]).
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// use countersign::tower::{RejectedRequest, VerifyLayer};
    /// use countersign::{Service, Verifier, VerifyError};
    ///
    /// // The error of a service that answers in JSON:
    /// let to_json = |rejected: &RejectedRequest| {
    ///     let common = |error: &VerifyError| (error.common_code(), error.common_status());
    ///     let (code, status) = rejected.verify_error().map_or(("InternalFailure", 500), common);
    ///     let body = format!(r#"{{"__type":"{code}"}}"#);
    ///     http::Response::builder().status(status).body(body).unwrap()
    /// };
    /// let verifier = Verifier::new("us-east-1", Service::new("sqs")?)?;
    /// let layer = VerifyLayer::new(verifier, HashMap::new()).with_error_response(to_json);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_error_response(
        mut self,
        response: impl Fn(&RejectedRequest) -> Response<String> + Send + Sync + 'static,
    ) -> Self {
        self.config.error_response = Some(Arc::new(response));
        self
    }
}

impl<S, K> Layer<S> for VerifyLayer<K> {
    type Service = VerifyService<S, K>;

    fn layer(&self, inner: S) -> Self::Service {
        VerifyService::new(inner, Arc::new(self.config.clone()), Arc::clone(&self.keys))
    }
}

impl<K> Clone for VerifyLayer<K> {
    fn clone(&self) -> Self {
        Self { config: self.config.clone(), keys: Arc::clone(&self.keys) }
    }
}

impl<K> fmt::Debug for VerifyLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer").field("verifier", &self.config.verifier).finish_non_exhaustive()
    }
}
