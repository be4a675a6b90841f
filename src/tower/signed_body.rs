//! [`SignedBody`], the body of a signed request.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

use bytes::Bytes;
use pin_project_lite::pin_project;

use crate::http_body::{Body, EncodeBodyError, EncodedBody, Frame, SizeHint};

pin_project! {
    /// The body of a request that [`SignService`](super::SignService) has signed.
    pub struct SignedBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<B> {
        Hashed { data: Bytes },
        Unsigned { #[pin] body: B },
        Chunked { #[pin] body: EncodedBody<B> },
    }
}

impl<B> SignedBody<B> {
    pub(super) const fn hashed(data: Bytes) -> Self {
        Self { kind: Kind::Hashed { data } }
    }

    pub(super) const fn unsigned(body: B) -> Self {
        Self { kind: Kind::Unsigned { body } }
    }

    pub(super) const fn chunked(body: EncodedBody<B>) -> Self {
        Self { kind: Kind::Chunked { body } }
    }
}

impl<B: Body<Data = Bytes>> Body for SignedBody<B> {
    type Data = Bytes;
    type Error = EncodeBodyError<B::Error>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.project().kind.project() {
            KindProjection::Hashed { data } if data.is_empty() => Poll::Ready(None),
            KindProjection::Hashed { data } => Poll::Ready(Some(Ok(Frame::data(core::mem::take(data))))),
            KindProjection::Unsigned { body } => body.poll_frame(cx).map_err(EncodeBodyError::Body),
            KindProjection::Chunked { body } => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Hashed { data } => data.is_empty(),
            Kind::Unsigned { body } => body.is_end_stream(),
            Kind::Chunked { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Hashed { data } => SizeHint::with_exact(u64::try_from(data.len()).unwrap_or(u64::MAX)),
            Kind::Unsigned { body } => body.size_hint(),
            Kind::Chunked { body } => body.size_hint(),
        }
    }
}

/// Prints only the type's name, because a body can be a secret.
impl<B> fmt::Debug for SignedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedBody(..)")
    }
}
