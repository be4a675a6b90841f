//! `s3://bucket/key`, the URI that command lines and configurations use.
//!
//! Source: AWS CLI Command Reference, "s3", *Path argument type*.

use core::fmt;

use super::MAX_KEY_LEN;
use super::arn::{Arn, is_arn};
use crate::error::AddressError;
use crate::host;

/// A bucket and a key, or a prefix of keys, as `s3://bucket/key`.
///
/// The URI is not percent-encoded: a `%` is a character of the key.
///
/// ```
/// use countersign::s3::{AddressError, Endpoint, ObjectUri};
///
/// let uri = ObjectUri::parse("s3://photos/2024/a b%.jpg")?;
/// assert_eq!((uri.bucket(), uri.key()), ("photos", "2024/a b%.jpg"));
/// let url = Endpoint::aws("us-east-1")?.object_url(uri.bucket(), uri.key())?;
/// assert_eq!(url, "https://photos.s3.us-east-1.amazonaws.com/2024/a%20b%25.jpg");
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectUri<'a> {
    bucket: &'a str,
    key: &'a str,
}

impl<'a> ObjectUri<'a> {
    /// Parses `s3://bucket`, `s3://bucket/` or `s3://bucket/key`. The bucket may be the ARN of an
    /// access point.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, ObjectUri};
    /// let uri = ObjectUri::parse("s3://arn:aws:s3:us-west-2:123456789012:accesspoint/reports/q1.pdf")?;
    /// assert_eq!(uri.bucket(), "arn:aws:s3:us-west-2:123456789012:accesspoint/reports");
    /// assert_eq!(uri.key(), "q1.pdf");
    /// assert_eq!(ObjectUri::parse("s3:/photos"), Err(AddressError::InvalidUri));
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * [`AddressError::InvalidUri`]: the string does not begin with `s3://`.
    /// * [`AddressError::InvalidBucket`], [`InvalidArn`](AddressError::InvalidArn), or
    ///   [`InvalidKey`](AddressError::InvalidKey) if the key has more than 1,024 bytes.
    pub fn parse(uri: &'a str) -> Result<Self, AddressError> {
        let rest = uri.strip_prefix("s3://").ok_or(AddressError::InvalidUri)?;
        let bucket_len = if is_arn(rest) { arn_len(rest)? } else { rest.find('/').unwrap_or(rest.len()) };
        let (bucket, key) = rest.split_at_checked(bucket_len).unwrap_or((rest, ""));
        let key = key.strip_prefix('/').unwrap_or(key);
        if !is_arn(bucket) && !host::is_bucket_in_path(bucket) {
            return Err(AddressError::InvalidBucket);
        }
        if key.len() > MAX_KEY_LEN {
            return Err(AddressError::InvalidKey);
        }
        Ok(Self { bucket, key })
    }

    /// Returns the name of the bucket, or an ARN.
    #[must_use]
    pub const fn bucket(&self) -> &'a str {
        self.bucket
    }

    /// Returns the key or the prefix. It is empty if the URI names a bucket.
    #[must_use]
    pub const fn key(&self) -> &'a str {
        self.key
    }
}

/// Returns the length of the shortest ARN at the start of `rest` that ends before a `/` or at the end.
fn arn_len(rest: &str) -> Result<usize, AddressError> {
    let ends = rest.match_indices('/').map(|(index, _)| index).chain([rest.len()]);
    // The longest resource, an access point on Outposts, has four parts.
    ends.take(5)
        .find(|end| rest.get(..*end).is_some_and(|arn| Arn::parse(arn).is_ok()))
        .ok_or(AddressError::InvalidArn)
}

/// Writes the URI.
impl fmt::Display for ObjectUri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}
