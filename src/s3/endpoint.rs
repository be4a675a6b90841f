//! [`Endpoint`], a server that speaks S3, and the URLs of its buckets and objects.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::address::{Address, SigningName};
use super::arn::is_arn;
use super::aws::{Aws, SpecialHost, Variant, is_directory_bucket, zone};
use super::check_key;
use crate::canonical::percent as uri;
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
    scheme: &'static str,
    authority: String,
    /// Empty, or begins with `/` and does not end with one.
    base_path: String,
    style: AddressingStyle,
    /// Present if the server is AWS's.
    aws: Option<Aws>,
    /// The only bucket, if the authority is the bucket's own domain.
    own_bucket: Option<String>,
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

    /// Returns the URL of a bucket. The caller may append a query, which
    /// [`uri::query`](crate::uri::query) writes.
    ///
    /// `bucket` is the name of a bucket, or an ARN of an access point, a multi-region access point,
    /// an Object Lambda access point or an access point on Outposts.
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
    /// Returns the errors of [`bucket`](Self::bucket).
    pub fn bucket_url(&self, bucket: &str) -> Result<String, AddressError> {
        self.bucket(bucket).map(Address::into_url)
    }

    /// Returns the URL of an object, in the spelling that S3 signs. Send exactly this string.
    ///
    /// Every `/` of the key separates segments of the path. Every other byte except
    /// `A-Z a-z 0-9 - . _ ~` is percent-encoded.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`object`](Self::object).
    pub fn object_url(&self, bucket: &str, key: &str) -> Result<String, AddressError> {
        self.object(bucket, key).map(Address::into_url)
    }

    /// Returns the URL of a bucket, with the region and the service to sign for.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint};
    /// let address = Endpoint::aws("us-east-1")?.bucket("photos--use1-az4--x-s3")?;
    /// assert_eq!(address.url(), "https://photos--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/");
    /// assert_eq!(address.service().name(), "s3express");
    /// # Ok::<(), AddressError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * [`AddressError::InvalidBucket`]: no bucket can have this name, or the addressing style is
    ///   [`VirtualHosted`](AddressingStyle::VirtualHosted) and the name has a capital or an
    ///   underscore.
    /// * [`AddressError::NoPathStyle`]: the bucket needs path style, which Transfer Acceleration
    ///   does not have.
    /// * [`AddressError::UnsupportedVariant`], [`PartitionMismatch`](AddressError::PartitionMismatch),
    ///   [`InvalidArn`](AddressError::InvalidArn), [`ArnNeedsAws`](AddressError::ArnNeedsAws),
    ///   [`OutpostsAlias`](AddressError::OutpostsAlias), [`OtherBucket`](AddressError::OtherBucket).
    pub fn bucket(&self, bucket: &str) -> Result<Address, AddressError> {
        let Self { scheme, authority, base_path, .. } = self;
        if let Some(special) = self.special_host(bucket)? {
            let url = format!("{scheme}://{}/", special.host);
            return Ok(Address { url, region: Some(special.region), service: special.service });
        }
        let url = match (&self.own_bucket, self.style_of(bucket)?) {
            (Some(own), _) if own != bucket => return Err(AddressError::OtherBucket),
            (Some(_), _) => format!("{scheme}://{authority}{base_path}/"),
            (None, AddressingStyle::Path) => format!("{scheme}://{authority}{base_path}/{bucket}"),
            (None, AddressingStyle::VirtualHosted) => format!("{scheme}://{bucket}.{authority}{base_path}/"),
        };
        let is_express = is_directory_bucket(bucket);
        let service = if is_express { SigningName::Express } else { SigningName::S3 };
        Ok(Address { url, region: self.aws.as_ref().map(|aws| aws.region.clone()), service })
    }

    /// Returns the URL of an object, with the region and the service to sign for. See [`Address`]
    /// for an example.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidKey`] if the key is empty or longer than 1,024 bytes, and the
    /// errors of [`bucket`](Self::bucket).
    pub fn object(&self, bucket: &str, key: &str) -> Result<Address, AddressError> {
        check_key(key)?;
        let mut address = self.bucket(bucket)?;
        if !address.url.ends_with('/') {
            address.url.push('/');
        }
        address.url.push_str(&uri::encode_path(key));
        Ok(address)
    }

    /// Returns the host of a bucket that AWS serves at a host of its own kind.
    fn special_host(&self, bucket: &str) -> Result<Option<SpecialHost>, AddressError> {
        match &self.aws {
            None if is_arn(bucket) => Err(AddressError::ArnNeedsAws),
            Some(aws) if is_arn(bucket) => aws.arn_host(bucket).map(Some),
            Some(aws) if is_directory_bucket(bucket) => {
                let zone = zone(bucket).ok_or(AddressError::InvalidBucket)?;
                aws.directory_host(bucket, zone).map(Some)
            }
            Some(_) if bucket.ends_with("--op-s3") => Err(AddressError::OutpostsAlias),
            _ => Ok(None),
        }
    }

    /// Returns the style in which this bucket has a URL.
    fn style_of(&self, bucket: &str) -> Result<AddressingStyle, AddressError> {
        let is_accelerate = self.aws.as_ref().is_some_and(|aws| aws.variant.is_accelerate());
        let is_valid = match self.style {
            AddressingStyle::Path => host::is_bucket_in_path(bucket),
            AddressingStyle::VirtualHosted => host::is_bucket_in_host(bucket),
        };
        let has_no_certificate = self.scheme == "https" && bucket.contains('.');
        let needs_path =
            self.style == AddressingStyle::Path || has_no_certificate || host::is_ip_address(&self.authority);
        match (is_valid, needs_path) {
            (false, _) => Err(AddressError::InvalidBucket),
            (true, true) if is_accelerate => Err(AddressError::NoPathStyle),
            (true, true) => Ok(AddressingStyle::Path),
            (true, false) => Ok(AddressingStyle::VirtualHosted),
        }
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
