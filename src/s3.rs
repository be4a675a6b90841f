//! The address of an S3 object: endpoint, style, bucket and key become the
//! exact text of a URL, right for every key.
//!
//! Of S3 the crate knows this much and no more: no requests, no XML.
//!
//! Source: S3 User Guide, "Virtual hosting of general purpose buckets",
//! "Bucket naming rules", "Naming Amazon S3 objects".

use alloc::string::String;
use core::fmt;

use crate::canonical::percent as uri;
use crate::canonical::target::is_authority;
use crate::host;

/// Where the bucket's name goes.
///
/// ```
/// use countersign::s3::{Endpoint, Style};
///
/// let server = Endpoint::parse("https://s3.example.com")?;
/// assert_eq!(server.object("photos", "cat.jpg")?, "https://s3.example.com/photos/cat.jpg");
/// let server = server.style(Style::VirtualHosted);
/// assert_eq!(server.object("photos", "cat.jpg")?, "https://photos.s3.example.com/cat.jpg");
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `https://endpoint/bucket/key`: every S3-compatible server.
    Path,
    /// `https://bucket.endpoint/key`: AWS, and servers that own a wildcard name.
    VirtualHosted,
}

/// A server that speaks S3: scheme, authority and [`Style`].
///
/// ```
/// use countersign::s3::Endpoint;
///
/// let aws = Endpoint::aws("eu-central-1")?;
/// assert_eq!(
///     aws.object("photos", "2024/a b+c.jpg")?,
///     "https://photos.s3.eu-central-1.amazonaws.com/2024/a%20b%2Bc.jpg",
/// );
/// let local = Endpoint::parse("http://127.0.0.1:9000")?;
/// assert_eq!(local.object("photos", "//odd/../key")?, "http://127.0.0.1:9000/photos///odd/../key");
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: &'static str,
    authority: String,
    style: Style,
}

impl Endpoint {
    /// AWS's endpoint of a region, in virtual-hosted style.
    ///
    /// # Errors
    ///
    /// A region that could not be a label of a host name.
    pub fn aws(region: &str) -> Result<Self, AddressError> {
        if !host::is_label(region) {
            return Err(AddressError::InvalidEndpoint);
        }
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let authority = alloc::format!("s3.{region}.{suffix}");
        Ok(Self { scheme: "https", authority, style: Style::VirtualHosted })
    }

    /// A server by its URL, `http://host:port` or `https://host`, in path
    /// style. A `/` at its end is allowed, a path is not.
    ///
    /// # Errors
    ///
    /// Anything else.
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        let (scheme, authority) = url.split_once("://").ok_or(AddressError::InvalidEndpoint)?;
        let scheme = match scheme {
            "http" => "http",
            "https" => "https",
            _ => return Err(AddressError::InvalidEndpoint),
        };
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if !is_authority(authority.as_bytes()) {
            return Err(AddressError::InvalidEndpoint);
        }
        Ok(Self { scheme, authority: authority.into(), style: Style::Path })
    }

    /// The same server in another style.
    #[must_use]
    pub fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// `host` or `host:port`, without the bucket.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The URL of a bucket, to which a query may be added.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint, Style};
    /// let local = Endpoint::parse("http://127.0.0.1:9000")?;
    /// assert_eq!(local.bucket("photos")?, "http://127.0.0.1:9000/photos");
    /// let hosted = Endpoint::parse("https://s3.example.com")?.style(Style::VirtualHosted);
    /// assert_eq!(hosted.bucket("photos")?, "https://photos.s3.example.com/");
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name that no bucket can have, or that no host name can hold where the
    /// style needs it to.
    pub fn bucket(&self, bucket: &str) -> Result<String, AddressError> {
        self.check_bucket(bucket)?;
        let Self { scheme, authority, style } = self;
        Ok(match style {
            Style::Path => alloc::format!("{scheme}://{authority}/{bucket}"),
            Style::VirtualHosted => alloc::format!("{scheme}://{bucket}.{authority}/"),
        })
    }

    /// The URL of an object, in the one spelling that S3 signs: send exactly
    /// this text.
    ///
    /// Slashes of the key are separators of the path, wherever they stand;
    /// every other byte outside `A-Z a-z 0-9 - . _ ~` is encoded.
    ///
    /// # Errors
    ///
    /// As [`bucket`](Self::bucket); and a key that is empty or over 1,024 bytes.
    pub fn object(&self, bucket: &str, key: &str) -> Result<String, AddressError> {
        if key.is_empty() || key.len() > 1024 {
            return Err(AddressError::InvalidKey);
        }
        let mut url = self.bucket(bucket)?;
        if self.style == Style::Path {
            url.push('/');
        }
        url.push_str(&uri::encode_path(key));
        Ok(url)
    }

    fn check_bucket(&self, bucket: &str) -> Result<(), AddressError> {
        let valid = match self.style {
            Style::Path => host::is_bucket_in_path(bucket),
            Style::VirtualHosted => host::is_bucket_in_host(bucket),
        };
        if valid { Ok(()) } else { Err(AddressError::InvalidBucket) }
    }
}

/// The server's URL, without a bucket.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// Why there is no such address.
///
/// ```
/// use countersign::s3::{AddressError, Endpoint};
///
/// assert_eq!(Endpoint::parse("https://s3.example.com/path"), Err(AddressError::InvalidEndpoint));
/// let aws = Endpoint::aws("eu-central-1")?;
/// assert_eq!(aws.object("Photos", "cat.jpg"), Err(AddressError::InvalidBucket)); // no host has capitals
/// assert_eq!(aws.object("photos", ""), Err(AddressError::InvalidKey));
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// The endpoint is not `http://host[:port]` or `https://host[:port]`.
    InvalidEndpoint,
    /// The bucket's name has under 3 or over 255 bytes, or a character that its
    /// place in the URL does not take.
    InvalidBucket,
    /// The key is empty, or has over 1,024 bytes.
    InvalidKey,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidEndpoint => "the endpoint is not http://host[:port] or https://host[:port]",
            Self::InvalidBucket => "no bucket can have this name here",
            Self::InvalidKey => "the key is empty or longer than 1,024 bytes",
        })
    }
}

impl core::error::Error for AddressError {}
