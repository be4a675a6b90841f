//! One stored object.

use std::fmt::Write;
use std::time::SystemTime;

use bytes::Bytes;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{ETag, Metadata, Timestamp};

#[derive(Clone)]
pub struct Object {
    pub bytes: Bytes,
    pub etag: String,
    pub modified: Timestamp,
    pub described: Description,
}

/// What a PUT says about the object and a GET gives back.
#[derive(Clone, Default)]
pub struct Description {
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    pub content_disposition: Option<String>,
    pub content_language: Option<String>,
    pub cache_control: Option<String>,
    pub metadata: Option<Metadata>,
}

impl Object {
    pub fn new(bytes: Bytes, described: Description) -> Self {
        let etag = hex(&Md5::checksum(&bytes));
        Self { bytes, etag, modified: now(), described }
    }

    /// The ETag of an object made of parts is the hash of the parts' hashes.
    pub fn from_parts(parts: &[&Object], described: Description) -> Self {
        let mut bytes = Vec::new();
        let mut hashes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&part.bytes);
            hashes.extend_from_slice(&Md5::checksum(&part.bytes));
        }
        let etag = format!("{}-{}", hex(&Md5::checksum(&hashes)), parts.len());
        Self { bytes: bytes.into(), etag, modified: now(), described }
    }

    pub fn etag(&self) -> Option<ETag> {
        Some(ETag::Strong(self.etag.clone()))
    }

    pub fn size(&self) -> Option<i64> {
        i64::try_from(self.bytes.len()).ok()
    }
}

pub fn now() -> Timestamp {
    SystemTime::now().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
