//! Answers as clients take them, with the limit for clients that take too little.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bucket::{AnyError, BoxBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::arguments::Limits;
use crate::pace::Pace;
use crate::streams;

/// The longest piece that is given to a client over HTTP/2, so that a slow client takes a piece within
/// `--idle-timeout`.
const PIECE: usize = 16 << 10;

/// A body that ends with an error if its client takes less than `--min-rate`.
pub struct Delivered {
    body: BoxBody,
    rest: Bytes,
    pace: Pace,
    /// The time at which the client was given a piece, and the length of it.
    given: Option<(Instant, usize)>,
}

impl Delivered {
    pub fn new(limits: &Limits, body: BoxBody) -> Self {
        Self { body, rest: Bytes::new(), pace: Pace::new(limits), given: None }
    }

    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    self.rest = frame.into_data().unwrap_or_default();
                }
                other => return other,
            }
        }
        let is_long = streams::is_http2() && self.rest.len() > PIECE;
        let piece = if is_long { self.rest.split_to(PIECE) } else { std::mem::take(&mut self.rest) };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        streams::given(None);
        if let Some((since, bytes)) = self.given.take() {
            let judged = self.pace.add(since.elapsed(), bytes);
            judged.map_err(|slow| format!("the client took {slow}"))?;
        }
        let frame = self.next(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            let now = Instant::now();
            self.given = Some((now, frame.data_ref().map_or(0, Bytes::len)));
            streams::given(Some(now));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), u64::try_from(self.rest.len()).unwrap_or(u64::MAX));
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}
