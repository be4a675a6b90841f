//! A client for one bucket, in as few lines as signing leaves.
//!
//! Each method has the same three steps: write the URL, let [`Signer`](countersign::Signer) say which
//! headers to add, send exactly what was signed.

mod listing;
mod multipart;

use bytes::Bytes;
use countersign::s3::AddressError;
use countersign::{Expires, PresignedUrl, Request, Timestamp, uri};
use http::HeaderMap;

use crate::{Body, Call, Error, Storage};

pub use listing::{Listed, Listing};
pub use multipart::{CompletedPart, Part, Parts, Upload, UploadedPart};

/// Reads and writes the objects of one bucket.
#[derive(Clone)]
pub struct Client {
    storage: Storage,
    bucket: String,
}

/// The answer to HEAD of an object.
#[derive(Debug)]
pub struct Head {
    pub size: u64,
    /// Without its quotes.
    pub etag: String,
    pub content_type: String,
    pub headers: HeaderMap,
}

impl Client {
    pub fn new(storage: Storage, bucket: &str) -> Self {
        Self { storage, bucket: bucket.to_owned() }
    }

    /// Stores `body` under `key`. The headers are signed, and kept with the object.
    pub async fn put(&self, key: &str, body: &[u8], headers: &[(&str, &str)]) -> Result<(), Error> {
        let call = self.call("PUT", key, &[])?.headers(headers);
        self.storage.send(call.body(Body::bytes(Bytes::copy_from_slice(body)))).await.map(drop)
    }

    /// Reads a small object. Use [`call`](Self::call) and [`Storage::open`] for a large one.
    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        Ok(self.storage.send(self.call("GET", key, &[])?).await?.into_body())
    }

    pub async fn head(&self, key: &str) -> Result<Head, Error> {
        self.head_with(key, &[]).await
    }

    /// Sends HEAD with more headers, such as `x-amz-checksum-mode`.
    pub async fn head_with(&self, key: &str, headers: &[(&str, &str)]) -> Result<Head, Error> {
        let answer = self.storage.send(self.call("HEAD", key, &[])?.headers(headers)).await?;
        let size = text(answer.headers(), "content-length").parse();
        Ok(Head {
            size: size.map_err(|_| Error::Answer("the response to HEAD has no length".to_owned()))?,
            etag: text(answer.headers(), "etag").trim_matches('"').to_owned(),
            content_type: text(answer.headers(), "content-type"),
            headers: answer.headers().clone(),
        })
    }

    /// Deletes an object. As in S3, a missing object is not an error.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.storage.send(self.call("DELETE", key, &[])?).await.map(drop)
    }

    /// Returns a URL with which anyone may do one thing to one object, for a while.
    pub async fn presign(
        &self,
        method: &str,
        key: &str,
        headers: &[(&str, &str)],
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, Error> {
        let url = self.object_url(key)?;
        Ok(self.storage.signer().await?.presign(&Request::new(method, &url, headers), expires, time)?)
    }

    /// Begins a request for an object, or for the bucket if the key is empty.
    ///
    /// The query is encoded here. A value of `""` is sent as `name=`.
    pub fn call(&self, method: &str, key: &str, query: &[(&str, &str)]) -> Result<Call, Error> {
        let mut url = match key {
            "" => self.storage.endpoint().bucket_url(&self.bucket)?,
            key => self.object_url(key)?,
        };
        for (index, (name, value)) in query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url += &format!("{}={}", uri::encode(name), uri::encode(value));
        }
        Ok(Call::new(method, url))
    }

    /// Returns the URL exactly as it is signed and sent.
    pub fn object_url(&self, key: &str) -> Result<String, AddressError> {
        self.storage.endpoint().object_url(&self.bucket, key)
    }

    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Returns the bucket's name.
    pub fn name(&self) -> &str {
        &self.bucket
    }
}

pub(crate) fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
