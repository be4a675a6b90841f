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
//! A client also finds here the value of `x-amz-copy-source` ([`copy_source`]) and `s3://` URIs
//! ([`ObjectUri`]). A server finds the inverse: [`HostNames`] turns a host and a path into a bucket
//! and a key, and [`CopySource`] reads `x-amz-copy-source`.
//!
//! This module sends no requests, and contains no XML.
//!
//! Source: S3 User Guide, "Virtual hosting of general purpose buckets", "Bucket naming rules",
//! "Naming Amazon S3 objects"; the endpoint rules of S3 in AWS's SDKs (botocore 1.43.106).

mod address;
mod arn;
mod aws;
mod bucket_url;
mod copy_source;
mod endpoint;
mod host_names;
mod object_uri;

pub use self::address::Address;
pub use self::aws::Variant;
pub use self::copy_source::{CopySource, copy_source};
pub use self::endpoint::{AddressingStyle, Endpoint};
pub use self::host_names::{HostNames, Location};
pub use self::object_uri::ObjectUri;
pub use crate::error::{AddressError, LocateError};

/// The length of the longest key that S3 stores, in bytes.
const MAX_KEY_LEN: usize = 1024;

/// Rejects a key that S3 cannot store.
fn check_key(key: &str) -> Result<(), AddressError> {
    if key.is_empty() || key.len() > MAX_KEY_LEN { Err(AddressError::InvalidKey) } else { Ok(()) }
}
