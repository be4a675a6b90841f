//! [`AddressError`] and [`LocateError`], the errors of [`s3`](crate::s3).

use core::fmt;

/// The reason why an S3 endpoint, a bucket or an object has no URL, or a string names no object.
///
/// ```
/// use countersign::s3::{AddressError, Endpoint};
///
/// assert_eq!(Endpoint::parse("https://s3.example.com/?path"), Err(AddressError::InvalidEndpoint));
/// let aws = Endpoint::aws("eu-central-1")?;
/// assert_eq!(aws.object_url("Photos", "cat.jpg"), Err(AddressError::InvalidBucket)); // capitals
/// assert_eq!(aws.object_url("photos", ""), Err(AddressError::InvalidKey));
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// The endpoint is not `http://host[:port][/path]` or `https://host[:port][/path]`; or a domain
    /// of [`HostNames`](crate::s3::HostNames) is not a host, or is repeated.
    InvalidEndpoint,
    /// The region is empty, or has a character other than a lower-case letter, a digit, `-` or `_`.
    InvalidRegion,
    /// The bucket's name has fewer than 3 or more than 255 bytes, or contains a character that is not
    /// allowed at its position in the URL; or a directory bucket's name has no zone
    /// (`name--zone--x-s3`).
    InvalidBucket,
    /// The key is empty or has more than 1,024 bytes.
    InvalidKey,
    /// The version is empty.
    InvalidVersion,
    /// The ARN is not one of an access point, a multi-region access point, an Object Lambda access
    /// point or an access point on Outposts.
    InvalidArn,
    /// The bucket is an ARN, and the endpoint is not AWS's.
    ArnNeedsAws,
    /// The ARN is in another partition than the endpoint's region.
    PartitionMismatch,
    /// AWS has no such host name: the partition, the kind of bucket or the endpoint does not have
    /// the variant.
    UnsupportedVariant,
    /// The bucket cannot be a part of the host, and Transfer Acceleration has no path style.
    NoPathStyle,
    /// The bucket is an alias of an access point on Outposts (`--op-s3`). Name it by its ARN.
    OutpostsAlias,
    /// The endpoint is the own domain of another bucket.
    OtherBucket,
    /// The value is not `bucket/key`, percent-encoded, with or without `?versionId=version`.
    InvalidCopySource,
    /// The value has a raw `+`, which servers read as a plus sign or as a space.
    AmbiguousPlus,
    /// The URI is not `s3://bucket` or `s3://bucket/key`.
    InvalidUri,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidEndpoint => {
                "the endpoint is not http://host[:port][/path] or https://host[:port][/path], or is repeated"
            }
            Self::InvalidRegion => "the region must consist of lower-case letters, digits, '-' and '_'",
            Self::InvalidBucket => {
                "the bucket's name must have 3 to 255 letters, digits, '-', '.' or '_'; in virtual-hosted style, \
                 lower-case labels of at most 63 bytes; a directory bucket's name has the form name--zone--x-s3"
            }
            Self::InvalidKey => "the key must have 1 to 1,024 bytes",
            Self::InvalidVersion => "the version is empty; omit it to address the current version",
            Self::InvalidArn => "the ARN is not that of an access point of S3, Object Lambda or S3 on Outposts",
            Self::ArnNeedsAws => "an ARN has an address on AWS only; create the endpoint with Endpoint::aws",
            Self::PartitionMismatch => {
                "the ARN is in another partition than the endpoint's region; use a region of the ARN's partition"
            }
            Self::UnsupportedVariant => {
                "AWS has no host name of this variant here; use Variant::Standard, or a variant that the partition \
                 and the kind of bucket have"
            }
            Self::NoPathStyle => {
                "Transfer Acceleration has no path style, and this bucket's name has a dot, or path style is set"
            }
            Self::OutpostsAlias => {
                "the address of an access point on Outposts is known from its ARN only; use the ARN instead of the alias"
            }
            Self::OtherBucket => "the endpoint is the own domain of another bucket",
            Self::InvalidCopySource => {
                "the copy source is not bucket/key, percent-encoded, with or without ?versionId=version"
            }
            Self::AmbiguousPlus => {
                "the copy source has a raw '+', which servers read in two ways; write %2B for a plus sign, %20 for a space"
            }
            Self::InvalidUri => "the URI is not s3://bucket or s3://bucket/key",
        })
    }
}

impl core::error::Error for AddressError {}

/// The reason why a host and a path name no bucket of a server.
///
/// ```
/// use countersign::s3::{HostNames, LocateError};
///
/// let names = HostNames::new().with_domain("s3.example.com")?;
/// assert_eq!(names.locate("example.com", b"/photos/cat.jpg"), Err(LocateError::UnknownHost));
/// assert_eq!(names.locate("s3.example.com", b"/../cat.jpg"), Err(LocateError::InvalidBucket));
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocateError {
    /// The host is neither a domain of the server nor below one.
    UnknownHost,
    /// No bucket can have the name at its position.
    InvalidBucket,
    /// The path does not begin with `/`, or not with the base path.
    InvalidPath,
}

impl fmt::Display for LocateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownHost => "the host is neither a domain of this server nor below one",
            Self::InvalidBucket => "the bucket's name must have 3 to 255 letters, digits, '-', '.' or '_'",
            Self::InvalidPath => "the path does not begin with the base path of this server",
        })
    }
}

impl core::error::Error for LocateError {}
