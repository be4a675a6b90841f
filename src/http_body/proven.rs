//! [`ProvenBody::proven`], which collects a body, and [`ProvenBytes`], its result.

use alloc::vec::Vec;
use core::fmt;
use core::future::poll_fn;
use core::pin::pin;

use ::http::HeaderMap;
use bytes::Bytes;

use super::{Body, BodyError, ProvenBody};
use crate::verify::BodyStatus;

impl<B: Body<Data = Bytes>> ProvenBody<B> {
    /// Reads the whole body, of at most `limit` bytes, and returns it once it is proven.
    ///
    /// A handler that acts on the result cannot act on data whose proof fails later. A body that arrives
    /// in one piece is not copied.
    ///
    /// ```
    /// use countersign::BodyStatus;
    /// use countersign::http_body::{BodyError, ProvenBody};
    /// use hyper::body::Incoming;
    ///
    /// async fn handler(body: ProvenBody<Incoming>) -> Result<usize, BodyError<hyper::Error>> {
    ///     let body = body.proven(1 << 20).await?; // 1 MiB
    ///     if body.status() != BodyStatus::Proven {
    ///         println!("the signature does not cover the body");
    ///     }
    ///     Ok(body.into_bytes().len())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`BodyError`] if the body is refused, cannot be read, or is longer than `limit`.
    pub async fn proven(self, limit: usize) -> Result<ProvenBytes, BodyError<B::Error>> {
        let too_large = || BodyError::TooLarge { max: limit };
        if usize::try_from(self.size_hint().lower()).map_or(true, |lower| lower > limit) {
            return Err(too_large());
        }
        let mut body = pin!(self);
        let (mut pieces, mut length, mut trailers) = (Vec::<Bytes>::new(), 0_usize, HeaderMap::new());
        while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            match frame?.into_data() {
                Ok(data) => {
                    length = length.saturating_add(data.len());
                    if length > limit {
                        return Err(too_large());
                    }
                    pieces.push(data);
                }
                Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
            }
        }
        let data = match pieces.len() {
            0 | 1 => pieces.pop().unwrap_or_default(),
            _ => pieces.concat().into(),
        };
        Ok(ProvenBytes { data, status: body.status().unwrap_or(BodyStatus::NotSigned), trailers })
    }
}

/// A whole body that was checked. Only [`ProvenBody::proven`] creates one.
///
/// ```compile_fail
/// use countersign::http_body::ProvenBytes;
/// fn forge(body: ProvenBytes) -> ProvenBytes { ProvenBytes { ..body } }
/// ```
#[derive(Clone)]
pub struct ProvenBytes {
    data: Bytes,
    status: BodyStatus,
    trailers: HeaderMap,
}

impl ProvenBytes {
    /// Returns whether the signature covers the body.
    pub const fn status(&self) -> BodyStatus {
        self.status
    }

    /// Returns the trailers of a body in chunks. Names are in lower case.
    #[must_use]
    pub const fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// Returns the body again as a body to read.
    #[cfg(feature = "tower")]
    pub(crate) fn into_body<B: Body<Data = Bytes>>(self) -> ProvenBody<B> {
        ProvenBody::collected(self.data, self.status, self.trailers)
    }

    /// Returns the data.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.data
    }
}

impl AsRef<[u8]> for ProvenBytes {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

/// Prints only the length and the status, because a body can be a secret.
impl fmt::Debug for ProvenBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProvenBytes({} bytes, {:?})", self.data.len(), self.status)
    }
}
