//! One stored object.

use std::time::SystemTime;

use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{Checksum, ChecksumType, ETag, ETagCondition, Metadata, Timestamp};
use s3s::{S3Result, s3_error};

use crate::server::body::Received;
use crate::server::content::Content;

#[derive(Clone)]
pub struct Object {
    pub content: Content,
    pub etag: String,
    pub checksum: Checksum,
    pub modified: Timestamp,
    pub described: Description,
}

/// The description of an object, which a PUT sets and a GET returns.
#[derive(Clone, Default)]
pub struct Description {
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    pub content_disposition: Option<String>,
    pub content_language: Option<String>,
    pub cache_control: Option<String>,
    pub metadata: Option<Metadata>,
    /// The customer's key, by its MD5. Nothing is encrypted here; the key is only asked for again.
    pub customer_key_md5: Option<String>,
}

/// Reads the fields that PutObject, CreateMultipartUpload and CopyObject share.
macro_rules! described {
    ($input:expr) => {
        Description {
            content_type: $input.content_type.clone(),
            content_encoding: $input.content_encoding.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_language: $input.content_language.clone(),
            cache_control: $input.cache_control.clone(),
            metadata: $input.metadata.clone(),
            customer_key_md5: $input.sse_customer_key_md5.clone(),
        }
    };
}
pub(super) use described;

impl Object {
    pub fn new(received: Received, described: Description) -> Self {
        let Received { content, md5, mut checksum } = received;
        checksum.checksum_type = Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT));
        Self { content, etag: hex(&md5), checksum, modified: now(), described }
    }

    /// The ETag of an object made of parts is the hash of the parts' hashes.
    pub fn from_parts(parts: &[&Self], checksum: Checksum, described: Description) -> Self {
        let (mut content, mut hashes) = (Content::default(), Md5::new());
        for part in parts {
            content.append(&part.content);
            hashes.update(&unhex(&part.etag));
        }
        let etag = format!("{}-{}", hex(&hashes.finalize()), parts.len());
        Self { content, etag, checksum, modified: now(), described }
    }

    pub fn etag(&self) -> Option<ETag> {
        Some(ETag::Strong(self.etag.clone()))
    }

    pub fn size(&self) -> Option<i64> {
        i64::try_from(self.content.len()).ok()
    }

    pub fn check_customer_key(&self, md5: Option<&String>) -> S3Result<()> {
        match (&self.described.customer_key_md5, md5) {
            (None, None) => Ok(()),
            (Some(stored), Some(given)) if stored == given => Ok(()),
            (Some(_), Some(_)) => Err(s3_error!(AccessDenied, "The customer's key is not the object's")),
            _ => Err(s3_error!(
                InvalidRequest,
                "The object was stored using a form of Server Side Encryption. The correct parameters must be \
                 provided to retrieve the object."
            )),
        }
    }
}

/// Checks `If-Match` and `If-None-Match` of a write.
pub fn check_write(
    existing: Option<&Object>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    match (existing, if_match) {
        (None, Some(_)) => return Err(s3_error!(NoSuchKey, "The specified key does not exist.")),
        (Some(object), Some(wanted)) if !is(object, wanted) => return Err(failed_condition()),
        _ => {}
    }
    match (existing, if_none_match) {
        (Some(object), Some(unwanted)) if is(object, unwanted) => Err(failed_condition()),
        _ => Ok(()),
    }
}

/// Checks `If-Match` and `If-None-Match` of a read.
pub fn check_read(
    object: &Object,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    if if_match.is_some_and(|wanted| !is(object, wanted)) {
        return Err(failed_condition());
    }
    match if_none_match {
        Some(known) if is(object, known) => Err(s3_error!(NotModified)),
        _ => Ok(()),
    }
}

fn is(object: &Object, condition: &ETagCondition) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

fn failed_condition() -> s3s::S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

pub fn now() -> Timestamp {
    SystemTime::now().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
