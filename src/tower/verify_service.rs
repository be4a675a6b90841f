//! [`VerifyService`]: verifies a request as a list of steps.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::OnceLock;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use ::http::request::Parts;
use ::http::{Request, Response};
use bytes::Bytes;
use tower_service::Service;

use super::request_id::next_request_id;
use super::verify_config::Config;
use super::{Anonymous, BoxError, FindKey, FoundKey, RejectedRequest, Rejection, RequestId, ResponseBody};
use crate::error::VerifyError;
use crate::http::{claim_of_uri, remove_aws_chunked};
use crate::http_body::{Body, BodyError, ProvenBody};
use crate::payload::ReceivedBody;
use crate::verify::{BodyStatus, Claim, Verified};

/// A service that verifies requests before it passes them on. [`VerifyLayer`](super::VerifyLayer) creates it.
#[must_use = "a service does nothing until it is called"]
pub struct VerifyService<S, K> {
    inner: S,
    config: Arc<Config>,
    keys: Arc<K>,
}

impl<S, K> VerifyService<S, K> {
    pub(super) const fn new(inner: S, config: Arc<Config>, keys: Arc<K>) -> Self {
        Self { inner, config, keys }
    }
}

impl<S, K, B, R> Service<Request<B>> for VerifyService<S, K>
where
    S: Service<Request<ProvenBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    K: FindKey,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    // Boxed, because the future of an async look-up has no name.
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that was polled is the one to call; its clone may not be ready.
        let clone = self.inner.clone();
        let mut inner = core::mem::replace(&mut self.inner, clone);
        let (config, keys) = (Arc::clone(&self.config), Arc::clone(&self.keys));
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let id = RequestId::new(next_request_id());
            let received = ReceivedHead::new(&config, &parts, &id);
            let failure = Arc::new(OnceLock::new());
            // The proof of an outer layer is not the proof of this layer.
            parts.extensions.remove::<Verified>();
            let body = match verify(&config, &*keys, &mut parts, body).await {
                Ok(body) => body.report_to(Arc::clone(&failure)),
                Err(refusal) => return Ok(received.reject(&config, *refusal)),
            };
            parts.extensions.insert(id);
            let response = inner.call(Request::from_parts(parts, body)).await;
            match failure.get() {
                // The answer or failure of the inner service follows from the body that was refused.
                Some(error) => Ok(received.reject(&config, Refusal::from(error.clone()))),
                None => Ok(response?.map(ResponseBody::inner)),
            }
        })
    }
}

/// Verifies the head of a request. Adds [`Verified`] to its extensions, and returns its body.
async fn verify<K: FindKey, B>(
    config: &Config,
    keys: &K,
    parts: &mut Parts,
    body: B,
) -> Result<ProvenBody<B>, Box<Refusal>>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    if config.passes_preflight(parts) {
        return Ok(ProvenBody::not_verified(body));
    }
    let now = config.clock.now();
    let read = |received: ReceivedBody<'_>, parts: &Parts| {
        claim_of_uri(&config.verifier, parts, &config.uri(parts), received, now)
    };
    match read(ReceivedBody::Unread, parts) {
        Ok(claim) => {
            let verified = prove(config, keys, claim).await?;
            let body = ProvenBody::with_options(&verified, body, &config.body).map_err(Refusal::boxed)?;
            let body = describe_data(&mut parts.headers, body).await?;
            parts.extensions.insert(verified);
            Ok(body)
        }
        Err(VerifyError::Anonymous) if config.anonymous == Anonymous::Pass => {
            Ok(ProvenBody::not_verified(body))
        }
        Err(VerifyError::BodyRequired) => {
            let body =
                ProvenBody::not_verified(body).proven(config.body_limit).await.map_err(Refusal::of_body)?;
            let claim = read(ReceivedBody::Bytes(body.as_ref()), parts).map_err(Refusal::boxed)?;
            let verified = prove(config, keys, claim).await?;
            parts.extensions.insert(verified);
            // The claim has compared the hash of the body.
            Ok(ProvenBody::collected(body.into_bytes(), BodyStatus::Proven, ::http::HeaderMap::new()))
        }
        Err(error) => Err(Refusal::boxed(error)),
    }
}

/// Looks the key up, and compares the signature.
async fn prove<K: FindKey>(config: &Config, keys: &K, claim: Claim) -> Result<Verified, Box<Refusal>> {
    let found = match keys.find_key(&claim).await {
        Ok(found) => found,
        Err(error) => {
            let rejection = Rejection::FindKey(error.into());
            return Err(Box::new(Refusal { rejection, claim: Some(claim) }));
        }
    };
    let verified = match &found {
        Some(FoundKey::Derived(key)) => claim.verify(key),
        Some(FoundKey::Credentials(credentials)) => claim.verify_cached(&config.cache, credentials),
        None => claim.verify(None),
    };
    verified.map_err(|rejected| {
        let (error, claim) = rejected.into_parts();
        Box::new(Refusal { rejection: Rejection::Verify(error), claim: Some(claim) })
    })
}

/// Changes the headers of a body in chunks so that they describe its data. A body without data is read to
/// its end, because a consumer does not read a body whose `content-length` is zero.
async fn describe_data<B>(
    headers: &mut ::http::HeaderMap,
    body: ProvenBody<B>,
) -> Result<ProvenBody<B>, Box<Refusal>>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let Some(length) = body.decoded_length() else { return Ok(body) };
    if headers.contains_key(CONTENT_LENGTH) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if headers.contains_key(CONTENT_ENCODING) {
        remove_aws_chunked(headers);
    }
    if length > 0 {
        return Ok(body);
    }
    Ok(body.proven(0).await.map_err(Refusal::of_body)?.into_body())
}

/// A refused request: the reason, and the claim if there is one.
struct Refusal {
    rejection: Rejection,
    claim: Option<Claim>,
}

impl Refusal {
    fn boxed(error: VerifyError) -> Box<Self> {
        Box::new(error.into())
    }

    fn of_body<E: Into<BoxError>>(error: BodyError<E>) -> Box<Self> {
        let rejection = match error {
            BodyError::Verify(error) => Rejection::Verify(error),
            BodyError::Body(error) => Rejection::Body(error.into()),
            BodyError::TooLarge { max } => Rejection::BodyTooLarge { max },
            BodyError::TooMuchData { declared } => {
                Rejection::BodyTooLarge { max: usize::try_from(declared).unwrap_or(usize::MAX) }
            }
        };
        Box::new(Self { rejection, claim: None })
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self { rejection: Rejection::Verify(error), claim: None }
    }
}

/// The head of a request, for the report of a refusal.
struct ReceivedHead {
    method: ::http::Method,
    path: alloc::string::String,
    request_id: RequestId,
}

impl ReceivedHead {
    fn new(config: &Config, parts: &Parts, request_id: &RequestId) -> Self {
        let path = config.uri(parts).path().into();
        Self { method: parts.method.clone(), path, request_id: request_id.clone() }
    }

    fn reject<R>(self, config: &Config, refusal: Refusal) -> Response<ResponseBody<R>> {
        let Self { method, path, request_id } = self;
        let Refusal { rejection, claim } = refusal;
        let rejected = RejectedRequest { rejection, claim, method, path, request_id };
        config.reject(&rejected).map(|document| ResponseBody::document(document.into()))
    }
}

impl<S: Clone, K> Clone for VerifyService<S, K> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), Arc::clone(&self.config), Arc::clone(&self.keys))
    }
}

impl<S: fmt::Debug, K> fmt::Debug for VerifyService<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
