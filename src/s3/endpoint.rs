//! [`Endpoint`], a server that speaks S3.

use alloc::string::String;
use core::fmt;

use super::aws::{Aws, Variant};
use crate::canonical::target::is_authority;
use crate::error::AddressError;
use crate::host;

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
    ///
    /// A URL is in path style nevertheless if the endpoint is an IP address, or if the scheme is
    /// `https` and the bucket's name has a dot: the wildcard certificate of the endpoint does not
    /// cover such a host.
    VirtualHosted,
}

/// A server that speaks S3: its scheme, its authority, its base path and its [`AddressingStyle`].
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
    pub(super) scheme: &'static str,
    pub(super) authority: String,
    /// Empty, or begins with `/` and does not end with one.
    pub(super) base_path: String,
    pub(super) style: AddressingStyle,
    /// Present if the server is AWS's.
    pub(super) aws: Option<Aws>,
    /// The only bucket, if the authority is the bucket's own domain.
    pub(super) own_bucket: Option<String>,
}

impl Endpoint {
    /// Returns AWS's endpoint of a region, in virtual-hosted style.
    ///
    /// The suffix of the host is that of the region's partition; a region that the table of
    /// partitions does not contain has `amazonaws.com`. `aws-global` is `s3.amazonaws.com`, which is
    /// signed for `us-east-1`.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint};
    /// assert_eq!(Endpoint::aws("eu-west-1")?.authority(), "s3.eu-west-1.amazonaws.com");
    /// assert_eq!(Endpoint::aws("eusc-de-east-1")?.authority(), "s3.eusc-de-east-1.amazonaws.eu");
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidRegion`] if `region` is empty or has a character other than a
    /// lower-case letter, a digit, `-` or `_`.
    pub fn aws(region: &str) -> Result<Self, AddressError> {
        if !host::is_label(region) {
            return Err(AddressError::InvalidRegion);
        }
        let is_global = region == "aws-global";
        let region = if is_global { "us-east-1" } else { region };
        let aws = Aws { region: region.into(), is_global, variant: Variant::Standard };
        Ok(Self {
            scheme: "https",
            authority: aws.host(),
            base_path: String::new(),
            style: AddressingStyle::VirtualHosted,
            aws: Some(aws),
            own_bucket: None,
        })
    }

    /// Parses `http://host[:port][/path]` or `https://host[:port][/path]` into an endpoint in path
    /// style.
    ///
    /// The path, if there is one, precedes the bucket in every URL. A `/` at its end is ignored.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint};
    /// let server = Endpoint::parse("https://ref.supabase.co/storage/v1/s3")?;
    /// assert_eq!(server.object_url("photos", "cat.jpg")?, "https://ref.supabase.co/storage/v1/s3/photos/cat.jpg");
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidEndpoint`] for any other string, and for a path that has a
    /// character other than `A-Z a-z 0-9 - . _ ~`, an empty segment or a dot segment.
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = url.split_once("://").ok_or(AddressError::InvalidEndpoint)?;
        let scheme = match scheme {
            "http" => "http",
            "https" => "https",
            _ => return Err(AddressError::InvalidEndpoint),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (authority, base_path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if !is_authority(authority.as_bytes()) || !host::is_base_path(base_path) {
            return Err(AddressError::InvalidEndpoint);
        }
        Ok(Self {
            scheme,
            authority: authority.into(),
            base_path: base_path.into(),
            style: AddressingStyle::Path,
            aws: None,
            own_bucket: None,
        })
    }

    /// Parses the URL of a bucket's own domain, such as a CDN or a CNAME. The URLs of its objects do
    /// not contain the bucket's name.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint};
    /// let cdn = Endpoint::parse_bucket_domain("https://photos.example.com", "photos")?;
    /// assert_eq!(cdn.object_url("photos", "cat.jpg")?, "https://photos.example.com/cat.jpg");
    /// assert_eq!(cdn.object_url("videos", "cat.mp4"), Err(AddressError::OtherBucket));
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`parse`](Self::parse), and [`AddressError::InvalidBucket`] if no
    /// bucket can have this name.
    pub fn parse_bucket_domain(url: &str, bucket: &str) -> Result<Self, AddressError> {
        if !host::is_bucket_in_path(bucket) {
            return Err(AddressError::InvalidBucket);
        }
        Ok(Self { own_bucket: Some(bucket.into()), ..Self::parse(url)? })
    }

    /// Sets the addressing style. Directory buckets, ARNs and buckets with an own domain have one
    /// form only, and ignore it.
    #[must_use]
    pub fn with_style(self, style: AddressingStyle) -> Self {
        Self { style, ..self }
    }

    /// Returns the addressing style.
    #[must_use]
    pub const fn style(&self) -> AddressingStyle {
        self.style
    }

    /// Selects the kind of AWS's host names. See [`Variant`] for an example.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::UnsupportedVariant`] if the partition does not have the variant, and
    /// for every variant except [`Variant::Standard`] if the endpoint is not AWS's.
    pub fn with_variant(mut self, variant: Variant) -> Result<Self, AddressError> {
        match &mut self.aws {
            Some(aws) => {
                aws.variant = variant;
                aws.check_variant()?;
                self.authority = aws.host();
                Ok(self)
            }
            None if variant == Variant::Standard => Ok(self),
            None => Err(AddressError::UnsupportedVariant),
        }
    }

    /// Returns `host` or `host:port`, without a bucket.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

/// Prints the server's URL, without a bucket.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base_path)
    }
}

/// Parses an endpoint with [`Endpoint::parse`].
impl core::str::FromStr for Endpoint {
    type Err = AddressError;

    fn from_str(url: &str) -> Result<Self, AddressError> {
        Self::parse(url)
    }
}
