//! [`ProvenBody`], the body of a received request.

use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::OnceLock;

use ::http::HeaderMap;
use bytes::Bytes;
use pin_project_lite::pin_project;

use super::check::{Check, Checked};
use super::{Body, BodyError, BodyOptions, Frame, SizeHint};
use crate::error::VerifyError;
use crate::verify::{BodyStatus, Verified};

pin_project! {
    /// The body of a verified request, in every mode. It returns its last piece once the whole body is
    /// proven, and an error instead of it if the proof fails.
    ///
    /// The data is not copied, except for a signed chunk that arrives in several pieces. The memory is
    /// bounded by one frame of the received body and one signed chunk.
    ///
    /// See the [module](super) for an example and the guarantees.
    ///
    /// ```
    /// use countersign::http_body::{BodyError, ProvenBody};
    /// use http_body_util::BodyExt;
    /// use hyper::body::Incoming;
    ///
    /// /// Stores an object while it arrives.
    /// async fn store(mut body: ProvenBody<Incoming>, temporary: &mut Vec<u8>) -> Result<(), BodyError<hyper::Error>> {
    ///     while let Some(frame) = body.frame().await {
    ///         if let Ok(data) = frame?.into_data() {
    ///             temporary.extend_from_slice(&data);
    ///         }
    ///     }
    ///     // Only now: rename the temporary file to the object.
    ///     Ok(())
    /// }
    /// ```
    #[must_use = "the body is proven only when it was read to its end"]
    pub struct ProvenBody<B> {
        // `None` if the body was collected before.
        #[pin]
        body: Option<B>,
        state: State,
        // Received bytes that were not checked yet.
        input: Bytes,
        // The latest data. It is returned once more data follows, or the body is proven.
        held: Bytes,
        // The number of bytes of data in the received body so far.
        received: u64,
        // The length that the request states for the data.
        declared: Option<u64>,
        failure: Option<Arc<OnceLock<VerifyError>>>,
    }
}

enum State {
    /// There is nothing to check: each frame is passed on.
    Pass,
    Checking(Check),
    /// The body is proven, as far as its mode proves it.
    Proven(Checked),
    Failed,
}

impl<B: Body<Data = Bytes>> ProvenBody<B> {
    /// Creates the body of a verified request.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`with_options`](Self::with_options).
    pub fn new(verified: &Verified, body: B) -> Result<Self, VerifyError> {
        Self::with_options(verified, body, &BodyOptions::default())
    }

    /// Creates the body of a verified request, with other choices than the default.
    ///
    /// ```
    /// use countersign::http_body::{BodyOptions, ProvenBody};
    /// use countersign::{Verified, VerifyError};
    /// use hyper::body::Incoming;
    ///
    /// fn body_of(verified: &Verified, body: Incoming) -> Result<ProvenBody<Incoming>, VerifyError> {
    ///     ProvenBody::with_options(verified, body, &BodyOptions::default().with_max_chunk_size(1 << 20))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError::UnsupportedPayload`] for a stream of events, [`VerifyError::Chunked`] or
    /// [`VerifyError::Checksum`] if the headers that announce the body cannot be followed, and
    /// [`VerifyError::PayloadMismatch`] if the body is known to be empty and another one was signed.
    pub fn with_options(verified: &Verified, body: B, options: &BodyOptions) -> Result<Self, VerifyError> {
        let Some(check) = Check::new(verified, options)? else {
            return Ok(Self::in_state(body, State::Pass));
        };
        // A consumer does not read an empty body, so it is checked now.
        let is_empty = body.is_end_stream() || body.size_hint().exact() == Some(0);
        let length =
            check.decoded_length().or_else(|| shorter(content_length(verified), body.size_hint().upper()));
        let state = if is_empty { State::Proven(check.finish()?) } else { State::Checking(check) };
        Ok(Self { declared: length, ..Self::in_state(body, state) })
    }

    /// Passes on the body of a request that was not verified, such as an anonymous one.
    pub fn not_verified(body: B) -> Self {
        Self::in_state(body, State::Pass)
    }

    /// Returns a body that was collected, and verified before or after.
    #[cfg(feature = "tower")]
    pub(crate) fn collected(data: Bytes, status: BodyStatus, trailers: HeaderMap) -> Self {
        let state = State::Proven(Checked { status, trailers });
        Self { held: data, ..Self::empty(state) }
    }

    /// Reports the error of the proof to `failure`, in addition to returning it.
    #[cfg(feature = "tower")]
    pub(crate) fn report_to(self, failure: Arc<OnceLock<VerifyError>>) -> Self {
        Self { failure: Some(failure), ..self }
    }

    /// Returns the length of the data that a body in chunks states.
    #[cfg(feature = "tower")]
    pub(crate) fn decoded_length(&self) -> Option<u64> {
        match &self.state {
            State::Checking(check) => check.decoded_length(),
            _ => None,
        }
    }

    fn in_state(body: B, state: State) -> Self {
        Self { body: Some(body), ..Self::empty(state) }
    }

    fn empty(state: State) -> Self {
        let (input, held) = (Bytes::new(), Bytes::new());
        Self { body: None, state, input, held, received: 0, declared: None, failure: None }
    }
}

impl<B> ProvenBody<B> {
    /// Returns whether the signature covers the body. Returns `None` before the body is proven.
    #[must_use]
    pub fn status(&self) -> Option<BodyStatus> {
        match &self.state {
            State::Pass => Some(BodyStatus::NotSigned),
            State::Proven(checked) => Some(checked.status),
            State::Checking(_) | State::Failed => None,
        }
    }
}

impl<B: Body<Data = Bytes>> Body for ProvenBody<B> {
    type Data = Bytes;
    type Error = BodyError<B::Error>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            let this = self.as_mut().project();
            match this.state {
                State::Pass => return poll(this.body, cx).map_err(BodyError::Body),
                State::Failed => return Poll::Ready(None),
                State::Proven(checked) => {
                    return Poll::Ready(last_frames(this.held, &mut checked.trailers).map(Ok));
                }
                State::Checking(check) => match check.next(this.input) {
                    Ok(Some(data)) if data.is_empty() => {}
                    Ok(Some(data)) => match self.as_mut().hold(data) {
                        Ok(before) if before.is_empty() => {}
                        Ok(before) => return Poll::Ready(Some(Ok(Frame::data(before)))),
                        Err(error) => return Poll::Ready(Some(Err(self.fail(error)))),
                    },
                    Err(error) => return Poll::Ready(Some(Err(self.fail(BodyError::Verify(error))))),
                    Ok(None) => {
                        let frame = ready!(poll(this.body, cx));
                        if let Err(error) = self.as_mut().receive(frame) {
                            return Poll::Ready(Some(Err(self.fail(error))));
                        }
                    }
                },
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Pass => self.body.as_ref().is_none_or(B::is_end_stream),
            State::Checking(_) => false,
            State::Proven(checked) => self.held.is_empty() && checked.trailers.is_empty(),
            State::Failed => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Pass => size_hint(self.body.as_ref()),
            State::Checking(check) => {
                let returned = self.received - length(&self.held);
                let hint = match check.decoded_length() {
                    Some(declared) => SizeHint::with_exact(declared.saturating_sub(returned)),
                    None => add(size_hint(self.body.as_ref()), length(&self.held)),
                };
                // A consumer does not read a body that is known to be empty, and would not see the error.
                if hint.exact() == Some(0) { SizeHint::default() } else { hint }
            }
            State::Proven(_) | State::Failed => SizeHint::with_exact(length(&self.held)),
        }
    }
}

impl<B: Body<Data = Bytes>> ProvenBody<B> {
    /// Holds `data` back, and returns the data that was held before.
    fn hold(self: Pin<&mut Self>, data: Bytes) -> Result<Bytes, BodyError<B::Error>> {
        let this = self.project();
        *this.received = this.received.saturating_add(length(&data));
        match *this.declared {
            Some(declared) if *this.received > declared => Err(BodyError::TooMuchData { declared }),
            _ => Ok(core::mem::replace(this.held, data)),
        }
    }

    /// Takes the next frame of the received body, or its end.
    fn receive(
        self: Pin<&mut Self>,
        frame: Option<Result<Frame<Bytes>, B::Error>>,
    ) -> Result<(), BodyError<B::Error>> {
        let this = self.project();
        match frame {
            // HTTP's trailers are not signed, and are dropped.
            Some(frame) => *this.input = frame.map_err(BodyError::Body)?.into_data().unwrap_or_default(),
            None => {
                if let State::Checking(check) = core::mem::replace(this.state, State::Failed) {
                    *this.state = State::Proven(check.finish().map_err(BodyError::Verify)?);
                }
            }
        }
        Ok(())
    }

    /// Drops the data that is held, and returns the error.
    fn fail(self: Pin<&mut Self>, error: BodyError<B::Error>) -> BodyError<B::Error> {
        let this = self.project();
        *this.state = State::Failed;
        (*this.input, *this.held) = (Bytes::new(), Bytes::new());
        if let (Some(failure), BodyError::Verify(error)) = (this.failure, &error) {
            // A body fails once.
            let _ = failure.set(error.clone());
        }
        error
    }
}

/// Prints only the state, because data can be a secret.
impl<B> fmt::Debug for ProvenBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvenBody").field("status", &self.status()).finish_non_exhaustive()
    }
}

fn poll<B: Body<Data = Bytes>>(
    body: Pin<&mut Option<B>>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
    body.as_pin_mut().map_or(Poll::Ready(None), |body| body.poll_frame(cx))
}

fn size_hint<B: Body>(body: Option<&B>) -> SizeHint {
    body.map_or_else(|| SizeHint::with_exact(0), B::size_hint)
}

/// Returns the data that was held until the proof, then the trailers.
fn last_frames(held: &mut Bytes, trailers: &mut HeaderMap) -> Option<Frame<Bytes>> {
    if !held.is_empty() {
        return Some(Frame::data(core::mem::take(held)));
    }
    (!trailers.is_empty()).then(|| Frame::trailers(core::mem::take(trailers)))
}

/// Returns the signed `content-length`.
fn content_length(verified: &Verified) -> Option<u64> {
    core::str::from_utf8(verified.header("content-length")?).ok()?.parse().ok()
}

/// Returns the shorter of two lengths that may be unknown.
fn shorter(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn add(hint: SizeHint, length: u64) -> SizeHint {
    let mut sum = SizeHint::new();
    sum.set_lower(hint.lower().saturating_add(length));
    if let Some(upper) = hint.upper() {
        sum.set_upper(upper.saturating_add(length));
    }
    sum
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
