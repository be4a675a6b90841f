//! [`AddressError`], the error of [`s3`](crate::s3).

use core::fmt;

/// The reason why an S3 endpoint, a bucket or an object has no URL.
///
/// ```
/// use countersign::s3::{AddressError, Endpoint};
///
/// assert_eq!(Endpoint::parse("https://s3.example.com/path"), Err(AddressError::InvalidEndpoint));
/// let aws = Endpoint::aws("eu-central-1")?;
/// assert_eq!(aws.object_url("Photos", "cat.jpg"), Err(AddressError::InvalidBucket)); // capitals
/// assert_eq!(aws.object_url("photos", ""), Err(AddressError::InvalidKey));
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// The endpoint is not `http://host[:port]` or `https://host[:port]`.
    InvalidEndpoint,
    /// The region is empty, or has a character other than a lower-case letter, a digit, `-` or `_`.
    InvalidRegion,
    /// The bucket's name has fewer than 3 or more than 255 bytes, or contains a character that is not
    /// allowed at its position in the URL.
    InvalidBucket,
    /// The key is empty or has more than 1,024 bytes.
    InvalidKey,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidEndpoint => "the endpoint is not http://host[:port] or https://host[:port]",
            Self::InvalidRegion => "the region must consist of lower-case letters, digits, '-' and '_'",
            Self::InvalidBucket => {
                "the bucket's name must have 3 to 255 letters, digits, '-', '.' or '_'; in virtual-hosted style, \
                 lower-case labels of at most 63 bytes"
            }
            Self::InvalidKey => "the key must have 1 to 1,024 bytes",
        })
    }
}

impl core::error::Error for AddressError {}
