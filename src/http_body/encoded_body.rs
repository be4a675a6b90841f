//! [`EncodedBody`], a body that is encoded in chunks while it is sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::Bytes;
use pin_project_lite::pin_project;

use super::{Body, EncodeBodyError, Frame, SizeHint};
use crate::chunked::Encoder;
use crate::error::EncodeError;

pin_project! {
    /// A body that is encoded in chunks while it is sent. Its length is known exactly.
    ///
    /// [`http::sign_chunked`](crate::http::sign_chunked) signs the request and returns the encoder. The
    /// data is not copied if it arrives in pieces of at least the chunk's size.
    ///
    /// See the [module](super) for an example.
    pub struct EncodedBody<B> {
        #[pin]
        data: B,
        // `None` after the end and after an error.
        encoder: Option<Encoder>,
        trailers: Vec<(String, String)>,
        input: Bytes,
        // The rest of the current chunk, in reverse order.
        pending: Vec<Bytes>,
        left: u64,
    }
}

impl<B: Body<Data = Bytes>> EncodedBody<B> {
    /// Creates the body that encodes `data`.
    pub fn new(encoder: Encoder, data: B) -> Self {
        let left = encoder.encoded_length();
        let (trailers, input, pending) = (Vec::new(), Bytes::new(), Vec::new());
        Self { data, encoder: Some(encoder), trailers, input, pending, left }
    }

    /// Sets the value of a trailer that
    /// [`ChunkedBody::with_trailer`](crate::chunked::ChunkedBody::with_trailer) declares. The encoder
    /// computes a checksum itself.
    ///
    /// ```
    /// use countersign::chunked::ChunkedBody;
    /// use countersign::http_body::EncodedBody;
    /// use http_body_util::Full;
    ///
    /// # use countersign::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    /// let mut request = http::Request::put("https://bucket.s3.amazonaws.com/key").body(Full::from("a\nb\n"))?;
    /// let body = ChunkedBody::signed(4).with_trailer("x-amz-meta-lines", 1)?;
    /// let encoder = countersign::http::sign_chunked(&signer, &mut request, &body, Timestamp::now())?;
    /// let request = request.map(|data| EncodedBody::new(encoder, data).with_trailer("x-amz-meta-lines", "2"));
    /// # let _ = request;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_trailer(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.trailers.push((name.into(), value.into()));
        self
    }
}

impl<B: Body<Data = Bytes>> Body for EncodedBody<B> {
    type Data = Bytes;
    type Error = EncodeBodyError<B::Error>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut this = self.project();
        loop {
            if let Some(piece) = this.pending.pop() {
                *this.left = this.left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            let Some(encoder) = this.encoder else { return Poll::Ready(None) };
            let result = match encoder.encode_bytes(this.input) {
                Ok(Some([header, data, end])) => {
                    *this.pending = Vec::from([end, data, header]);
                    continue;
                }
                Ok(None) => match ready!(this.data.as_mut().poll_frame(cx)) {
                    Some(Ok(frame)) => {
                        *this.input = frame.into_data().unwrap_or_default();
                        continue;
                    }
                    Some(Err(error)) => Err(EncodeBodyError::Body(error)),
                    None => finish(this.encoder, this.trailers).map_err(EncodeBodyError::Encode),
                },
                Err(error) => Err(EncodeBodyError::Encode(error)),
            };
            *this.encoder = None;
            match result {
                Ok(last) => this.pending.push(last),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.encoder.is_none() && self.pending.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Returns the last bytes of the body.
fn finish(encoder: &mut Option<Encoder>, trailers: &[(String, String)]) -> Result<Bytes, EncodeError> {
    let Some(encoder) = encoder.take() else { return Ok(Bytes::new()) };
    let trailers: Vec<(&str, &str)> =
        trailers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    encoder.finish(&trailers).map(Bytes::from)
}

/// Prints only the length that is left, because the body holds a key and data.
impl<B> fmt::Debug for EncodedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedBody").field("left", &self.left).finish_non_exhaustive()
    }
}
