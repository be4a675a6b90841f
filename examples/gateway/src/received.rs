//! Bodies as clients send them, with the limits for clients that send nothing or too little.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bucket::AnyError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tower_http::timeout::{TimeoutBody, TimeoutError};

use crate::arguments::Limits;
use crate::pace::{Pace, TooSlow};
use crate::refusal::Refusal;

pin_project! {
    /// A body that ends with an error if its client sends nothing for `--idle-timeout`, or less than `--min-rate`.
    pub struct Received {
        #[pin]
        body: TimeoutBody<Incoming>,
        pace: Pace,
        waiting_since: Option<Instant>,
    }
}

impl Received {
    pub fn new(limits: &Limits, body: Incoming) -> Self {
        let body = TimeoutBody::new(Duration::from_secs(limits.idle_timeout), body);
        Self { body, pace: Pace::new(limits), waiting_since: None }
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        let this = self.project();
        let Poll::Ready(frame) = this.body.poll_frame(cx) else {
            this.waiting_since.get_or_insert_with(Instant::now);
            return Poll::Pending;
        };
        let waited = this.waiting_since.take().map_or(Duration::ZERO, |since| since.elapsed());
        Poll::Ready(frame.map(|frame| {
            let frame = frame?;
            this.pace.add(waited, frame.data_ref().map_or(0, Bytes::len))?;
            Ok(frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Returns S3's error if a body broke off because its client was too slow.
pub fn timeout(error: &(dyn Error + 'static)) -> Option<Refusal> {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    let cause = causes.find(|error| error.is::<TimeoutError>() || error.is::<TooSlow>())?;
    let message = "Your socket connection to the server was not read from or written to within the timeout \
                   period. Idle connections will be closed.";
    Some(Refusal::new(400, "RequestTimeout", message).because(format!("the client sent {cause}")))
}
