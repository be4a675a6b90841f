//! The value of the header `x-amz-copy-source`.
//!
//! ```text
//! copy-source = [ "/" ] bucket "/" key [ "?versionId=" version ]
//!             | arn "/object/" key     [ "?versionId=" version ]
//! ```
//!
//! Bucket, ARN, key and version are percent-encoded.
//!
//! Source: S3 API Reference, "CopyObject", *x-amz-copy-source*; for the spelling that is written,
//! `botocore.handlers.handle_copy_source_param` (botocore 1.43.106).

use alloc::string::String;
use core::fmt;

use super::arn::{Arn, is_arn};
use super::check_key;
use crate::canonical::percent as uri;
use crate::error::AddressError;
use crate::host;

/// Returns the value of `x-amz-copy-source` for an object, and a version of it.
///
/// `bucket` is the name of a bucket, or the ARN of an access point.
///
/// ```
/// use countersign::s3::{AddressError, copy_source};
///
/// assert_eq!(copy_source("photos", "a b+c.jpg", None)?, "photos/a%20b%2Bc.jpg");
/// assert_eq!(copy_source("photos", "what?.jpg", Some("v1"))?, "photos/what%3F.jpg?versionId=v1");
/// # Ok::<(), AddressError>(())
/// ```
///
/// # Errors
///
/// Returns [`AddressError::InvalidBucket`], [`InvalidArn`](AddressError::InvalidArn),
/// [`InvalidKey`](AddressError::InvalidKey), or [`InvalidVersion`](AddressError::InvalidVersion) if
/// the version is empty.
pub fn copy_source(bucket: &str, key: &str, version: Option<&str>) -> Result<String, AddressError> {
    check_key(key)?;
    check_source(bucket)?;
    let mut value = uri::encode_path(bucket);
    value.push_str(if is_arn(bucket) { "/object/" } else { "/" });
    value.push_str(&uri::encode_path(key));
    match version {
        None => {}
        Some("") => return Err(AddressError::InvalidVersion),
        Some(version) => {
            value.push_str("?versionId=");
            value.push_str(&uri::encode(version));
        }
    }
    Ok(value)
}

/// The object that a received header `x-amz-copy-source` names, decoded once.
///
/// A server that checks permissions checks them on this object too, and reads the same object.
///
/// ```
/// use countersign::s3::{AddressError, CopySource};
///
/// let source = CopySource::parse("/photos/a%20b%2Bc.jpg?versionId=v1")?;
/// assert_eq!((source.bucket(), source.key(), source.version()), ("photos", "a b+c.jpg", Some("v1")));
/// assert_eq!(CopySource::parse("photos/a+b"), Err(AddressError::AmbiguousPlus));
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySource {
    bucket: String,
    key: String,
    version: Option<String>,
}

impl CopySource {
    /// Parses the value of the header. A value that could be read in two ways is an error.
    ///
    /// # Errors
    ///
    /// * [`AddressError::AmbiguousPlus`]: the value has a raw `+`, which servers read as a plus sign
    ///   or as a space.
    /// * [`AddressError::InvalidCopySource`]: the value has no key, a `%` without two hex digits, a
    ///   control character, spaces that a signature does not distinguish (two in a row, or one at an end),
    ///   bytes that are not UTF-8, or a query other than `versionId`.
    /// * [`AddressError::InvalidBucket`], [`InvalidArn`](AddressError::InvalidArn),
    ///   [`InvalidKey`](AddressError::InvalidKey), [`InvalidVersion`](AddressError::InvalidVersion).
    pub fn parse(value: &str) -> Result<Self, AddressError> {
        if value.contains('+') {
            return Err(AddressError::AmbiguousPlus);
        }
        // A signature covers the folded value, so a client could replace these spaces.
        if value.starts_with(' ') || value.ends_with(' ') || value.contains("  ") {
            return Err(AddressError::InvalidCopySource);
        }
        let (path, query) = match value.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (value, None),
        };
        let version = match query.map(|query| query.strip_prefix("versionId=")) {
            None => None,
            Some(Some(version)) if !version.contains(['&', '=']) => Some(decode(version)?),
            Some(_) => return Err(AddressError::InvalidCopySource),
        };
        if version.as_deref() == Some("") {
            return Err(AddressError::InvalidVersion);
        }
        let path = decode(path)?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        let separator = if is_arn(path) { "/object/" } else { "/" };
        let (bucket, key) = path.split_once(separator).ok_or(AddressError::InvalidCopySource)?;
        check_source(bucket)?;
        check_key(key)?;
        Ok(Self { bucket: bucket.into(), key: key.into(), version })
    }

    /// Returns the name of the bucket, or the ARN of the access point.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the version, if the value names one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

/// Writes the value in the spelling of [`copy_source`].
impl fmt::Display for CopySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `parse` checked the parts.
        let value = copy_source(&self.bucket, &self.key, self.version()).map_err(|_| fmt::Error)?;
        f.write_str(&value)
    }
}

/// Rejects a string that is neither the name of a bucket nor an ARN.
fn check_source(bucket: &str) -> Result<(), AddressError> {
    if is_arn(bucket) {
        return Arn::parse(bucket).map(drop);
    }
    if host::is_bucket_in_path(bucket) { Ok(()) } else { Err(AddressError::InvalidBucket) }
}

/// Decodes a part of the header's value once.
fn decode(part: &str) -> Result<String, AddressError> {
    let is_valid =
        uri::has_valid_triplets(part.as_bytes()) && !part.bytes().any(|byte| byte.is_ascii_control());
    String::from_utf8(uri::decode(part)).ok().filter(|_| is_valid).ok_or(AddressError::InvalidCopySource)
}
