//! A client for one bucket, in as few lines as signing leaves.
//!
//! Each method has the same three steps: write the URL, let [`Signer`] say which headers to add,
//! send exactly what was signed.

mod error;
mod listing;
mod transport;

use bytes::Bytes;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::s3::{AddressError, Endpoint};
use countersign::{Expires, Payload, PresignedUrl, Request, Signer, Timestamp};
use http::HeaderMap;

pub use error::Error;
pub use listing::Listed;
pub use transport::Transport;

/// Reads and writes the objects of one bucket.
pub struct Client {
    signer: Signer,
    endpoint: Endpoint,
    bucket: String,
    transport: Transport,
}

/// What HEAD tells of an object.
#[derive(Debug)]
pub struct Head {
    pub size: u64,
    pub etag: String,
    pub content_type: String,
}

impl Client {
    pub fn new(signer: Signer, endpoint: Endpoint, bucket: String) -> Result<Self, Error> {
        Ok(Self { signer, endpoint, bucket, transport: Transport::new()? })
    }

    /// Stores `body` under `key`. The headers are signed, and kept with the object.
    pub async fn put(&self, key: &str, body: &[u8], headers: &[(&str, &str)]) -> Result<(), Error> {
        let url = self.object_url(key)?;
        self.send("PUT", &url, headers, body).await.map(drop)
    }

    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let url = self.object_url(key)?;
        Ok(self.send("GET", &url, &[], b"").await?.into_body())
    }

    pub async fn head(&self, key: &str) -> Result<Head, Error> {
        let url = self.object_url(key)?;
        let answer = self.send("HEAD", &url, &[], b"").await?;
        let size = text(answer.headers(), "content-length").parse();
        Ok(Head {
            size: size.map_err(|_| Error::Answer("the response to HEAD has no length".to_owned()))?,
            etag: text(answer.headers(), "etag").trim_matches('"').to_owned(),
            content_type: text(answer.headers(), "content-type"),
        })
    }

    /// Deletes an object. As in S3, a missing object is not an error.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        let url = self.object_url(key)?;
        self.send("DELETE", &url, &[], b"").await.map(drop)
    }

    /// Lists all objects whose key starts with `prefix`, page by page.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        let mut objects = Vec::new();
        let mut token = None;
        loop {
            let query = listing::query(prefix, token.as_deref());
            let url = format!("{}?{query}", self.endpoint.bucket_url(&self.bucket)?);
            let answer = self.send("GET", &url, &[], b"").await?;
            let page = listing::Page::parse(answer.body())?;
            objects.extend(page.objects);
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(objects),
            }
        }
    }

    /// A URL with which anyone may do one thing to one object, for a while.
    pub fn presign(
        &self,
        method: &str,
        key: &str,
        headers: &[(&str, &str)],
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, Error> {
        let url = self.object_url(key)?;
        Ok(self.signer.presign(&Request::new(method, &url, headers), expires, time)?)
    }

    /// Signs any request to this bucket and sends it.
    pub async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<http::Response<Bytes>, Error> {
        let request = Request::new(method, url, headers);
        let added = self.signer.sign(&request, Payload::Bytes(body), now()?)?;
        let all: Vec<_> = headers.iter().copied().chain(&added).collect();
        self.transport.send(method, url, &all, body).await
    }

    /// Returns the URL exactly as it is signed and sent.
    pub fn object_url(&self, key: &str) -> Result<String, AddressError> {
        self.endpoint.object_url(&self.bucket, key)
    }
}

/// Returns the system's time. A program calls `Timestamp::now`, which needs the feature `std`; this
/// crate does not enable it, so that the library's tests can use this crate with any set of features.
fn now() -> Result<Timestamp, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))?)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
