//! Bodies on their way to the bucket, and the proof of them.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bucket::{AnyError, BoxBody};
use bytes::Bytes;
use countersign::Verified;
use countersign::http_body::{BodyError, ProvenBody};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use pin_project_lite::pin_project;

use crate::arguments::Limits;
use crate::received::{self, Received};
use crate::refusal::Refusal;

/// The received body, which ends before its last byte unless it is what was signed.
pub type Proven = ProvenBody<Received>;

/// Begins to check the body of a verified request.
pub fn proven(verified: &Verified, body: Incoming, limits: &Limits) -> Result<Proven, Refusal> {
    Ok(ProvenBody::new(verified, Received::new(limits, body))?)
}

/// The end of a request's body, once it is known, and how much of it the server has taken.
#[derive(Clone, Default)]
pub struct Outcome {
    end: Arc<OnceLock<Result<(), Refusal>>>,
    taken: Arc<AtomicU64>,
}

impl Outcome {
    /// Returns the reason for which the body was not sent to its end.
    pub fn failure(&self) -> Option<Refusal> {
        self.end.get()?.as_ref().err().cloned()
    }

    /// Returns true if the whole body was proven and sent.
    pub fn is_complete(&self) -> bool {
        matches!(self.end.get(), Some(Ok(())))
    }

    /// Returns a number that grows whenever the server takes a piece of the body.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

/// Returns S3's error for a body that failed.
pub fn refusal(error: BodyError<AnyError>) -> Refusal {
    if let BodyError::Body(error) = &error
        && let Some(timeout) = received::timeout(&**error)
    {
        return timeout;
    }
    match error {
        BodyError::Verify(error) => error.into(),
        BodyError::TooLarge { max, .. } => {
            let message = format!("Your proposed upload exceeds the maximum allowed size of {max} bytes.");
            Refusal::new(400, "EntityTooLarge", message)
        }
        error => {
            let message =
                "You did not provide the number of bytes specified by the Content-Length HTTP header";
            Refusal::new(400, "IncompleteBody", message).because(error.to_string())
        }
    }
}

pin_project! {
    /// A body that reports how it ended.
    pub struct Reported<B> {
        #[pin]
        body: B,
        outcome: Outcome,
        left: Option<u64>,
    }
}

/// Reports the end of a body to the outcome that is returned. `length` is that of the data.
pub fn reported(body: Proven, length: u64) -> (Reported<Proven>, Outcome) {
    let outcome = Outcome::default();
    (Reported { body, outcome: outcome.clone(), left: Some(length) }, outcome)
}

impl Body for Reported<Proven> {
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        let this = self.project();
        this.outcome.taken.fetch_add(1, Ordering::Relaxed);
        let (frame, end) = match ready!(this.body.poll_frame(cx)) {
            Some(Ok(frame)) => {
                // Trailers of the received body are not those of the sent one.
                let data = frame.into_data().unwrap_or_default();
                *this.left = this.left.and_then(|left| left.checked_sub(data.len() as u64));
                // A sender does not poll again once it has `content-length` bytes. These are proven.
                (Some(Ok(Frame::data(data))), (*this.left == Some(0)).then_some(Ok(())))
            }
            Some(Err(error)) => {
                let text = error.to_string();
                (Some(Err(text.into())), Some(Err(refusal(error))))
            }
            None => (None, Some(Ok(()))),
        };
        if let Some(end) = end {
            let _ = this.outcome.end.set(end);
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

pub fn bytes(bytes: impl Into<Bytes>) -> BoxBody {
    http_body_util::Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}
