//! [`SignLayer`]: construction and options.

use alloc::sync::Arc;
use core::fmt;

use tower_layer::Layer;

use super::clock::Clock;
use super::server_clock::ServerClock;
use super::{ProvideSigner, SignService};
use crate::checksum::Checksum;
use crate::time::Timestamp;

/// The mode of a body that is not hashed, because it is longer than
/// [`SignLayer::with_hashed_length`] or its length is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Streams {
    /// The request is not sent: [`SignServiceError::Stream`](super::SignServiceError::Stream).
    #[default]
    Refuse,
    /// The signature does not cover the body (`UNSIGNED-PAYLOAD`). For S3 over TLS.
    Unsigned,
    /// The body is sent in signed chunks. Its length must be known.
    Signed,
    /// The body is sent in signed chunks, and a checksum follows as a trailer. Its length must be known.
    SignedTrailer(Checksum),
    /// The body is sent in chunks that are not signed, and a checksum follows as a trailer, as AWS's SDKs do.
    /// For S3 over TLS. The length must be known.
    UnsignedTrailer(Checksum),
}

/// A layer that signs each request before it is sent.
///
/// An old signature is removed first, so that a request can be sent again, or passed on. A body up to
/// [`with_hashed_length`](Self::with_hashed_length) is collected and hashed; another one is signed as
/// [`Streams`] says.
///
/// If the server refuses a request with 400 or 403, and the header `Date` of the response differs from the
/// clock by more than four minutes, later requests are signed with the server's time. A caller that sends
/// a request again after `RequestTimeTooSkewed` so succeeds. The layer itself does not send again.
///
/// See the [module](super) for a program.
#[must_use = "a layer does nothing until it is added to a service"]
pub struct SignLayer<P> {
    provider: Arc<P>,
    clock: ServerClock,
    options: SignOptions,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct SignOptions {
    pub(super) streams: Streams,
    pub(super) hashed_length: usize,
}

impl<P: ProvideSigner> SignLayer<P> {
    /// Creates a layer that signs with what `provider` returns.
    pub fn new(provider: P) -> Self {
        let options = SignOptions { streams: Streams::Refuse, hashed_length: HASHED_LENGTH };
        Self { provider: Arc::new(provider), clock: ServerClock::default(), options }
    }

    /// Sets the clock (default: [`Timestamp::now`]).
    pub fn with_clock(self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { clock: ServerClock::new(Clock::new(now)), ..self }
    }

    /// Sets how a body is signed that is not hashed (default: refused).
    pub fn with_streams(mut self, streams: Streams) -> Self {
        self.options.streams = streams;
        self
    }

    /// Sets the maximum length in bytes of a body that is collected and hashed (default: 1 MiB). A body in
    /// memory is not copied.
    pub fn with_hashed_length(mut self, max: usize) -> Self {
        self.options.hashed_length = max;
        self
    }
}

impl<S, P> Layer<S> for SignLayer<P> {
    type Service = SignService<S, P>;

    fn layer(&self, inner: S) -> Self::Service {
        SignService::new(inner, Arc::clone(&self.provider), self.clock.clone(), self.options)
    }
}

impl<P> Clone for SignLayer<P> {
    fn clone(&self) -> Self {
        Self { provider: Arc::clone(&self.provider), clock: self.clock.clone(), options: self.options }
    }
}

impl<P> fmt::Debug for SignLayer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignLayer").field("options", &self.options).finish_non_exhaustive()
    }
}

/// 1 MiB.
const HASHED_LENGTH: usize = 1 << 20;
