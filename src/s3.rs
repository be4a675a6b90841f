//! Addresses of S3 buckets and objects: an [`Endpoint`] turns a bucket and a key into a URL.
//!
//! The URL spells the key as S3 signs it, also if the key has spaces, `+`, `%`, `//`, `..` or
//! non-ASCII characters.
//!
//! ```
//! use countersign::s3::Endpoint;
//! use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp};
//!
//! let url = Endpoint::aws("eu-central-1")?.object_url("photos", "2024/a b+c.jpg")?;
//! assert_eq!(url, "https://photos.s3.eu-central-1.amazonaws.com/2024/a%20b%2Bc.jpg");
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let signer = Signer::new(credentials, "eu-central-1", Service::S3)?;
//! let presigned = signer.presign(&Request::new("GET", &url, &[]), Expires::HOUR, Timestamp::now())?;
//! assert!(presigned.as_str().starts_with(&url));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This module sends no requests, and contains no XML.
//!
//! Source: S3 User Guide, "Virtual hosting of general purpose buckets", "Bucket naming rules",
//! "Naming Amazon S3 objects".

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::canonical::percent as uri;
use crate::canonical::target::is_authority;
pub use crate::error::AddressError;
use crate::host;

/// The length of the longest key that S3 stores, in bytes.
const MAX_KEY_LEN: usize = 1024;

/// The part of a URL that contains the bucket's name: the path or the host.
///
/// ```
/// use countersign::s3::{AddressingStyle, Endpoint};
///
/// let server = Endpoint::parse("https://s3.example.com")?;
/// assert_eq!(server.object_url("photos", "cat.jpg")?, "https://s3.example.com/photos/cat.jpg");
/// let server = server.with_style(AddressingStyle::VirtualHosted);
/// assert_eq!(server.object_url("photos", "cat.jpg")?, "https://photos.s3.example.com/cat.jpg");
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressingStyle {
    /// `https://endpoint/bucket/key`. Every S3-compatible server accepts it.
    Path,
    /// `https://bucket.endpoint/key`. AWS accepts it, and servers with a wildcard DNS name.
    VirtualHosted,
}

/// A server that speaks S3: its scheme, its authority and its [`AddressingStyle`].
///
/// ```
/// use countersign::s3::Endpoint;
///
/// let local = Endpoint::parse("http://127.0.0.1:9000")?;
/// assert_eq!(local.object_url("photos", "//a/../key")?, "http://127.0.0.1:9000/photos///a/../key");
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: &'static str,
    authority: String,
    style: AddressingStyle,
}

impl Endpoint {
    /// Returns AWS's endpoint of a region, in virtual-hosted style.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidRegion`] if `region` is empty or has a character other than a
    /// lower-case letter, a digit, `-` or `_`.
    pub fn aws(region: &str) -> Result<Self, AddressError> {
        if !host::is_label(region) {
            return Err(AddressError::InvalidRegion);
        }
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let authority = format!("s3.{region}.{suffix}");
        Ok(Self { scheme: "https", authority, style: AddressingStyle::VirtualHosted })
    }

    /// Parses `http://host[:port]` or `https://host[:port]` into an endpoint in path style.
    ///
    /// A `/` at the end is allowed; a path is not.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidEndpoint`] for any other string.
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
        Ok(Self { scheme, authority: authority.into(), style: AddressingStyle::Path })
    }

    /// Sets the addressing style.
    #[must_use]
    pub fn with_style(self, style: AddressingStyle) -> Self {
        Self { style, ..self }
    }

    /// Returns the addressing style.
    #[must_use]
    pub const fn style(&self) -> AddressingStyle {
        self.style
    }

    /// Returns `host` or `host:port`, without a bucket.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Returns the URL of a bucket. The caller may append a query.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, AddressingStyle, Endpoint};
    /// let local = Endpoint::parse("http://127.0.0.1:9000")?;
    /// assert_eq!(local.bucket_url("photos")?, "http://127.0.0.1:9000/photos");
    /// let hosted = Endpoint::parse("https://s3.example.com")?.with_style(AddressingStyle::VirtualHosted);
    /// assert_eq!(hosted.bucket_url("photos")?, "https://photos.s3.example.com/");
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidBucket`] if no bucket can have this name, or if the addressing
    /// style is [`VirtualHosted`](AddressingStyle::VirtualHosted) and the name cannot be a part of a
    /// host name.
    pub fn bucket_url(&self, bucket: &str) -> Result<String, AddressError> {
        self.check_bucket(bucket)?;
        let Self { scheme, authority, style } = self;
        Ok(match style {
            AddressingStyle::Path => format!("{scheme}://{authority}/{bucket}"),
            AddressingStyle::VirtualHosted => format!("{scheme}://{bucket}.{authority}/"),
        })
    }

    /// Returns the URL of an object, in the spelling that S3 signs. Send exactly this string.
    ///
    /// Every `/` of the key separates segments of the path. Every other byte except
    /// `A-Z a-z 0-9 - . _ ~` is percent-encoded.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidKey`] if the key is empty or longer than 1,024 bytes, and the
    /// errors of [`bucket_url`](Self::bucket_url).
    pub fn object_url(&self, bucket: &str, key: &str) -> Result<String, AddressError> {
        if key.is_empty() || key.len() > MAX_KEY_LEN {
            return Err(AddressError::InvalidKey);
        }
        let mut url = self.bucket_url(bucket)?;
        if self.style == AddressingStyle::Path {
            url.push('/');
        }
        url.push_str(&uri::encode_path(key));
        Ok(url)
    }

    fn check_bucket(&self, bucket: &str) -> Result<(), AddressError> {
        let is_valid = match self.style {
            AddressingStyle::Path => host::is_bucket_in_path(bucket),
            AddressingStyle::VirtualHosted => host::is_bucket_in_host(bucket),
        };
        if is_valid { Ok(()) } else { Err(AddressError::InvalidBucket) }
    }
}

/// Prints the server's URL, without a bucket.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// Parses an endpoint with [`Endpoint::parse`].
impl core::str::FromStr for Endpoint {
    type Err = AddressError;

    fn from_str(url: &str) -> Result<Self, AddressError> {
        Self::parse(url)
    }
}
