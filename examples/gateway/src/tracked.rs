//! The body of an answer, which counts as running until it is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bucket::AnyError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use crate::delivered::Delivered;
use crate::gateway::Gateway;

/// The log line of a request that has ended.
pub struct Line {
    pub id: String,
    pub method: String,
    pub path: String,
    pub key: Option<String>,
    pub status: u16,
    pub began: Instant,
}

/// A body that is logged and counted when it is dropped.
pub struct Tracked {
    pub body: Delivered,
    pub line: Line,
    pub sent: u64,
    pub gateway: Arc<Gateway>,
    /// Missing if the request was refused because all slots were taken.
    #[expect(dead_code, reason = "it counts until it is dropped with the body")]
    pub slot: Option<Slot>,
}

/// Counts a request as running until it is dropped: after the answer, or when the client goes away before it.
pub struct Slot {
    gateway: Arc<Gateway>,
    _permit: OwnedSemaphorePermit,
}

impl Slot {
    /// Takes a slot. Returns `None` if as many requests run as `--max-requests` allows.
    pub fn of(gateway: &Arc<Gateway>) -> Option<Self> {
        let permit = Arc::clone(&gateway.running).try_acquire_owned().ok()?;
        gateway.metrics.running.inc();
        Some(Self { gateway: Arc::clone(gateway), _permit: permit })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.gateway.metrics.running.dec();
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => self.sent += frame.data_ref().map_or(0, |data| data.len() as u64),
            Some(Err(error)) => tracing::warn!(id = self.line.id, %error, "the answer broke off"),
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        let Line { id, method, path, key, status, began } = &self.line;
        let seconds = began.elapsed().as_secs_f64();
        let metrics = &self.gateway.metrics;
        metrics.sent.inc_by(self.sent);
        metrics.seconds.observe(seconds);
        tracing::info!(id, method, path, key, status, sent = self.sent, seconds, "answered");
    }
}
