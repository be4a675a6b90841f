//! An upload in parts that is not complete yet.

use std::collections::BTreeMap;

use s3s::dto::{Checksum, ChecksumType, CompletedPart, Timestamp};
use s3s::{S3Result, s3_error};

use super::object::{Description, Object, now};
use super::{State, Store, failed};
use crate::server::checksums::{self, checksum_of, combined, compare, composite, hasher};
use crate::server::content::Content;

#[derive(Clone)]
pub struct Upload {
    pub bucket: String,
    pub key: String,
    pub described: Description,
    /// The algorithm that the parts must have.
    pub algorithm: Option<&'static str>,
    /// True if the object's checksum is computed from its bytes, false if from the checksums of its parts.
    pub full_object: bool,
    pub begun: Timestamp,
    pub parts: BTreeMap<i32, Object>,
}

impl Upload {
    /// Returns the parts that the request lists, in the order of their numbers.
    pub fn chosen(&self, listed: &[CompletedPart]) -> S3Result<Vec<&Object>> {
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
            compare(&checksum_of!(completed), &part.checksum).map_err(|_| {
                s3_error!(InvalidPart, "The part's checksum is not the one it was stored under")
            })?;
            parts.push(part);
        }
        if parts.is_empty() {
            return Err(s3_error!(MalformedXML, "An upload needs at least one part"));
        }
        Ok(parts)
    }

    /// Makes the object of the listed parts. The checksum of the whole object must be the claimed one.
    pub async fn complete(&self, listed: &[CompletedPart], claimed: Checksum) -> S3Result<Object> {
        let parts = self.chosen(listed)?;
        let mut object = Object::from_parts(&parts, Checksum::default(), self.described.clone());
        let sums = match self.algorithm {
            Some(algorithm) if !self.full_object => {
                composite(parts.iter().map(|part| &part.checksum), algorithm)
            }
            _ => {
                let algorithm = self.algorithm.or(checksums::named(&claimed));
                let values = parts.iter().map(|part| (&part.checksum, part.content.len()));
                let mut sums = match algorithm.and_then(|algorithm| combined(values, algorithm)) {
                    Some(sums) => sums,
                    None => computed(&object.content, algorithm).await.map_err(failed)?,
                };
                sums.checksum_type = Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT));
                sums
            }
        };
        compare(&claimed, &sums)?;
        object.checksum = sums;
        Ok(object)
    }
}

async fn computed(content: &Content, algorithm: Option<&str>) -> std::io::Result<Checksum> {
    let mut sums = hasher(|name| algorithm == Some(name));
    if algorithm.is_some() {
        content.for_each(|bytes| sums.update(bytes)).await?;
    }
    Ok(sums.finalize())
}

impl Store {
    pub fn begin_upload(&self, upload: Upload) -> S3Result<String> {
        let mut state = self.state();
        state.bucket(&upload.bucket)?;
        state.uploads_begun += 1;
        let id = format!("upload-{}", state.uploads_begun);
        state.uploads.insert(id.clone(), upload);
        Ok(id)
    }
}

impl Upload {
    pub fn new(bucket: &str, key: &str, described: Description) -> Self {
        Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            described,
            algorithm: None,
            full_object: false,
            begun: now(),
            parts: BTreeMap::new(),
        }
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
