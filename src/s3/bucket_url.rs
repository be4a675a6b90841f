//! The URLs of an endpoint's buckets and objects.

use alloc::format;
use alloc::string::String;

use super::address::{Address, SigningName};
use super::arn::is_arn;
use super::aws::{SpecialHost, is_directory_bucket, zone};
use super::{AddressingStyle, Endpoint, check_key};
use crate::canonical::percent as uri;
use crate::error::AddressError;
use crate::host;

impl Endpoint {
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
