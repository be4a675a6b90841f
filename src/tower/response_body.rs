//! [`ResponseBody`], the body of the inner service's response or of an error.

use core::pin::Pin;
use core::task::{Context, Poll};

use bytes::Bytes;
use pin_project_lite::pin_project;

use crate::http_body::{Body, Frame, SizeHint};

pin_project! {
    /// The body of a response of [`VerifyService`](super::VerifyService): the inner service's, or an error
    /// document.
    #[derive(Debug)]
    pub struct ResponseBody<R> {
        #[pin]
        inner: Option<R>,
        document: Bytes,
    }
}

impl<R> ResponseBody<R> {
    pub(super) const fn inner(body: R) -> Self {
        Self { inner: Some(body), document: Bytes::new() }
    }

    pub(super) const fn document(document: Bytes) -> Self {
        Self { inner: None, document }
    }
}

impl<R: Body<Data = Bytes>> Body for ResponseBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        let this = self.project();
        match this.inner.as_pin_mut() {
            Some(inner) => inner.poll_frame(cx),
            None if this.document.is_empty() => Poll::Ready(None),
            None => Poll::Ready(Some(Ok(Frame::data(core::mem::take(this.document))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Some(inner) => inner.is_end_stream(),
            None => self.document.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Some(inner) => inner.size_hint(),
            None => SizeHint::with_exact(u64::try_from(self.document.len()).unwrap_or(u64::MAX)),
        }
    }
}
