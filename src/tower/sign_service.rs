//! [`SignService`]: signs a request as a list of steps.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use ::http::{Request, Response};
use bytes::Bytes;
use tower_service::Service;

use super::server_clock::ServerClock;
use super::sign_layer::SignOptions;
use super::{BoxError, ProvideSigner, SignedBody, Streams};
use crate::chunked::ChunkedBody;
use crate::error::{EncodeError, SignError};
use crate::http::{remove_signature, sign, sign_chunked};
use crate::http_body::{Body, BodyError, EncodedBody, ProvenBody};
use crate::payload::Payload;
use crate::sign::Signer;
use crate::time::Timestamp;

/// A service that signs requests before it sends them. [`SignLayer`](super::SignLayer) creates it.
#[must_use = "a service does nothing until it is called"]
pub struct SignService<S, P> {
    inner: S,
    provider: Arc<P>,
    clock: ServerClock,
    options: SignOptions,
}

/// The reason why a request was not sent, or the error of the inner service.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignServiceError<E> {
    /// The request cannot be signed.
    Sign(SignError),
    /// The body cannot be described in chunks.
    Encode(EncodeError),
    /// The body is a stream, and the layer [refuses](Streams::Refuse) streams; or its length is not known,
    /// which a body in chunks must state.
    Stream,
    /// The body could not be collected.
    Body(BoxError),
    /// There is no signer.
    Provider(BoxError),
    /// The error of the inner service.
    Inner(E),
}

impl<S, P> SignService<S, P> {
    pub(super) const fn new(inner: S, provider: Arc<P>, clock: ServerClock, options: SignOptions) -> Self {
        Self { inner, provider, clock, options }
    }
}

impl<S, P, B, R> Service<Request<B>> for SignService<S, P>
where
    S: Service<Request<SignedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    P: ProvideSigner,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<R>;
    type Error = SignServiceError<S::Error>;
    // Boxed, because the future of an async provider has no name.
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(SignServiceError::Inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that was polled is the one to call; its clone may not be ready.
        let clone = self.inner.clone();
        let mut inner = core::mem::replace(&mut self.inner, clone);
        let (provider, clock, options) = (Arc::clone(&self.provider), self.clock.clone(), self.options);
        Box::pin(async move {
            let signer = provider.signer().await;
            let signer = signer.map_err(|error| SignServiceError::Provider(error.into()))?;
            let (parts, body) = request.into_parts();
            let mut head = Request::from_parts(parts, ());
            remove_signature(&mut head);
            // The layer decides how the body is signed. A client may have sent this header with a URL.
            head.headers_mut().remove("x-amz-content-sha256");
            let body = match hashed_length(&body, options.hashed_length) {
                Some(max) => {
                    let body = ProvenBody::not_verified(body).proven(max).await;
                    let body = body.map_err(|error| SignServiceError::Body(error_of(error)))?;
                    sign(&signer, &mut head, Payload::Bytes(body.as_ref()), clock.now())
                        .map_err(SignServiceError::Sign)?;
                    SignedBody::hashed(body.into_bytes())
                }
                None => sign_stream(&signer, &mut head, body, options.streams, clock.now())?,
            };
            let response = inner.call(head.map(|()| body)).await.map_err(SignServiceError::Inner)?;
            clock.learn(&response);
            Ok(response)
        })
    }
}

/// Returns the length of a body that is hashed, or `None` if it is a stream.
fn hashed_length<B: Body>(body: &B, max: usize) -> Option<usize> {
    let length = if body.is_end_stream() { 0 } else { body.size_hint().exact()? };
    usize::try_from(length).ok().filter(|length| *length <= max)
}

/// Signs a request whose body is not hashed.
fn sign_stream<B: Body<Data = Bytes>, E>(
    signer: &Signer,
    head: &mut Request<()>,
    body: B,
    streams: Streams,
    time: Timestamp,
) -> Result<SignedBody<B>, SignServiceError<E>> {
    let length = body.size_hint().exact().ok_or(SignServiceError::Stream);
    let chunked = match streams {
        Streams::Refuse => return Err(SignServiceError::Stream),
        Streams::Unsigned => {
            sign(signer, head, Payload::Unsigned, time).map_err(SignServiceError::Sign)?;
            return Ok(SignedBody::unsigned(body));
        }
        Streams::Signed => Ok(ChunkedBody::signed(length?)),
        Streams::SignedTrailer(checksum) => ChunkedBody::signed(length?).with_checksum(checksum),
        Streams::UnsignedTrailer(checksum) => ChunkedBody::unsigned(length?).with_checksum(checksum),
    };
    let mut chunked = chunked.map_err(SignServiceError::Encode)?;
    // The length of the data is not the length of what is sent.
    head.headers_mut().remove(CONTENT_LENGTH);
    // `remove` returns the first of several fields.
    let encodings = head.headers().get_all(CONTENT_ENCODING).iter();
    let encodings = encodings.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    if head.headers_mut().remove(CONTENT_ENCODING).is_some() {
        chunked = chunked.with_content_encoding(&encodings);
    }
    let encoder = sign_chunked(signer, head, &chunked, time).map_err(SignServiceError::Sign)?;
    Ok(SignedBody::chunked(EncodedBody::new(encoder, body)))
}

/// Returns the error of a body that was collected.
fn error_of<E: Into<BoxError>>(error: BodyError<E>) -> BoxError {
    match error {
        BodyError::Body(error) => error.into(),
        BodyError::Verify(error) => error.into(),
        BodyError::TooMuchData { .. } | BodyError::TooLarge { .. } => {
            "the body is longer than its size hint states".into()
        }
    }
}

impl<S: Clone, P> Clone for SignService<S, P> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), Arc::clone(&self.provider), self.clock.clone(), self.options)
    }
}

impl<S: fmt::Debug, P> fmt::Debug for SignService<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<E: fmt::Display> fmt::Display for SignServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => write!(f, "the request cannot be signed: {error}"),
            Self::Encode(error) => write!(f, "the body cannot be sent in chunks: {error}"),
            Self::Stream => f.write_str(
                "the body is a stream: choose how streams are signed with `SignLayer::with_streams`; a stream in chunks must know its length",
            ),
            Self::Body(error) => write!(f, "the body cannot be read: {error}"),
            Self::Provider(error) => write!(f, "there is no signer: {error}"),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for SignServiceError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::Encode(error) => Some(error),
            Self::Stream => None,
            Self::Body(error) | Self::Provider(error) => Some(&**error),
            Self::Inner(error) => Some(error),
        }
    }
}
