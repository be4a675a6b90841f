//! One request: what is asked for, and the body that goes with it.

use std::io;

use bytes::Bytes;
use countersign::{Payload, Request, SignError, Signer, Timestamp};
use futures_util::{Stream, StreamExt};
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::Frame;

use crate::Error;
use crate::transport::{AnyError, BoxBody};

/// A request that is not signed yet. It has no `Debug`: headers can hold a customer's key.
pub struct Call {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Body,
}

impl Call {
    /// Begins a request. The URL is sent as it is, so it must be encoded already; see
    /// [`Client::call`](crate::Client::call).
    pub fn new(method: &str, url: impl Into<String>) -> Self {
        Self { method: method.to_owned(), url: url.into(), headers: Vec::new(), body: Body::empty() }
    }

    /// Adds a header, which will be signed.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub fn headers(mut self, headers: &[(&str, &str)]) -> Self {
        self.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs the request. The result is exactly what is sent.
    pub fn sign(self, signer: &Signer, time: Timestamp) -> Result<http::Request<BoxBody>, Error> {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let request = Request::new(&self.method, &self.url, &headers);
        let signed = self.body.sign(signer, &request, time)?;

        let mut sent = http::Request::builder().method(&*self.method).uri(&*self.url);
        for (name, value) in headers.iter().copied().chain(&signed) {
            sent = sent.header(name, value);
        }
        // hyper would send a stream of unknown length in HTTP chunks, which S3 does not take.
        if self.body.length > 0 || matches!(&*self.method, "PUT" | "POST") {
            sent = sent.header("content-length", self.body.length);
        }
        Ok(sent.body(self.body.data)?)
    }
}

/// A body, its length, and what the signature says about it.
pub struct Body {
    length: u64,
    proof: Proof,
    data: BoxBody,
}

enum Proof {
    Bytes(Bytes),
    Sha256([u8; 32]),
    Unsigned,
}

impl Body {
    pub fn empty() -> Self {
        let data = Empty::new().map_err(|never| match never {}).boxed_unsync();
        Self { length: 0, proof: Proof::Bytes(Bytes::new()), data }
    }

    /// Makes a body of bytes in memory. Their hash is signed.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let data = Full::new(bytes.clone()).map_err(|never| match never {}).boxed_unsync();
        Self { length: bytes.len() as u64, proof: Proof::Bytes(bytes), data }
    }

    /// Makes a body that is read while it is sent. The signature says `UNSIGNED-PAYLOAD`, unless the
    /// caller knows the [hash](Self::with_sha256). A stream of another length, such as a file that
    /// grows, fails, so that no part of it is stored.
    pub fn stream(length: u64, stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        let frames = exactly(length, stream).map(|piece| piece.map(Frame::data).map_err(AnyError::from));
        Self { length, proof: Proof::Unsigned, data: StreamBody::new(frames).boxed_unsync() }
    }

    /// Signs a hash that was computed beforehand.
    #[must_use]
    pub fn with_sha256(mut self, sha256: [u8; 32]) -> Self {
        self.proof = Proof::Sha256(sha256);
        self
    }

    /// Signs `UNSIGNED-PAYLOAD`, which saves the hash where TLS or a checksum header protects the body.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.proof = Proof::Unsigned;
        self
    }

    /// Returns the bytes, for a request that is not signed here.
    pub fn into_data(self) -> BoxBody {
        self.data
    }

    fn sign(
        &self,
        signer: &Signer,
        request: &Request<'_>,
        time: Timestamp,
    ) -> Result<countersign::AuthHeaders, SignError> {
        let payload = match &self.proof {
            Proof::Bytes(bytes) => Payload::Bytes(bytes),
            Proof::Sha256(hash) => Payload::Sha256(*hash),
            Proof::Unsigned => Payload::Unsigned,
        };
        signer.sign(request, payload, time)
    }
}

/// Fails a stream that does not have exactly this length. The last piece is held back until the stream
/// has ended, because HTTP stops reading when the length is reached.
fn exactly(
    length: u64,
    stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let wrong = || io::Error::other("the body does not have the announced length");
    futures_util::stream::try_unfold((Box::pin(stream), length), move |(mut stream, left)| async move {
        let Some(piece) = stream.next().await.transpose()? else {
            return if left == 0 { Ok(None) } else { Err(wrong()) };
        };
        let left = left.checked_sub(piece.len() as u64).ok_or_else(wrong)?;
        if left == 0 && stream.next().await.is_some() {
            return Err(wrong());
        }
        Ok(Some((piece, (stream, left))))
    })
}
