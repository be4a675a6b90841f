//! An upload in parts that is not complete yet.

use std::collections::BTreeMap;

use s3s::dto::{CompletedPart, Timestamp};
use s3s::{S3Result, s3_error};

use super::object::{Description, Object, now};
use super::{State, Store};

pub struct Upload {
    pub bucket: String,
    pub key: String,
    pub described: Description,
    pub begun: Timestamp,
    pub parts: BTreeMap<i32, Object>,
}

impl Upload {
    /// The object that the listed parts make, in the order of their numbers.
    pub fn complete(&self, listed: &[CompletedPart]) -> S3Result<Object> {
        let mut parts = Vec::new();
        let mut previous = 0;
        for completed in listed {
            let number = completed.part_number.unwrap_or_default();
            if number <= previous {
                return Err(s3_error!(InvalidPartOrder));
            }
            previous = number;

            let part = self.parts.get(&number).ok_or_else(|| s3_error!(InvalidPart))?;
            if completed.e_tag.as_ref().is_none_or(|etag| etag.value() != part.etag) {
                return Err(s3_error!(InvalidPart, "The part's ETag is not the one it was stored under"));
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return Err(s3_error!(MalformedXML, "An upload needs at least one part"));
        }
        Ok(Object::from_parts(&parts, self.described.clone()))
    }
}

impl Store {
    pub fn begin_upload(&self, bucket: &str, key: &str, described: Description) -> S3Result<String> {
        let mut state = self.state();
        state.bucket(bucket)?;
        state.uploads_begun += 1;
        let id = format!("upload-{}", state.uploads_begun);
        let upload = Upload {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            described,
            begun: now(),
            parts: BTreeMap::new(),
        };
        state.uploads.insert(id.clone(), upload);
        Ok(id)
    }
}

impl State {
    /// An id is good only for the key that it was made for.
    pub fn upload(&mut self, id: &str, bucket: &str, key: &str) -> S3Result<&mut Upload> {
        self.uploads
            .get_mut(id)
            .filter(|upload| upload.bucket == bucket && upload.key == key)
            .ok_or_else(|| s3_error!(NoSuchUpload, "The specified upload does not exist"))
    }
}
