//! [`Address`], a URL together with the region and the service to sign it for.

use alloc::string::String;
use core::fmt;

use crate::service::Service;

/// The URL of a bucket or an object, with the region and the service that its signature names.
///
/// They differ from the endpoint's region and from [`Service::S3`] for directory buckets and for
/// buckets that are named by an ARN.
///
/// ```
/// use countersign::s3::Endpoint;
/// use countersign::{Credentials, Payload, Request, SecretAccessKey, Signer, Timestamp};
///
/// let arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/reports";
/// let address = Endpoint::aws("us-east-1")?.object(arn, "q1.pdf")?;
/// assert_eq!(address.url(), "https://reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com/q1.pdf");
/// assert_eq!(address.region(), Some("us-west-2"));
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, address.region().unwrap_or("us-east-1").to_owned(), address.service())?;
/// let signed = signer.sign(&Request::new("GET", address.url(), &[]), Payload::Bytes(b""), Timestamp::now())?;
/// # let _ = signed;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) url: String,
    pub(super) region: Option<String>,
    pub(super) service: SigningName,
}

/// The signing names of S3's family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SigningName {
    S3,
    Express,
    ObjectLambda,
    Outposts,
}

impl Address {
    /// Returns the URL. Send exactly this string.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the URL as an owned string.
    #[must_use]
    pub fn into_url(self) -> String {
        self.url
    }

    /// Returns the region to sign for, or `None` if the endpoint is not AWS's: the server's
    /// configuration decides.
    ///
    /// A multi-region access point has `*`. Such a request needs SigV4a: give `*` to
    /// `Signer::sigv4a` as the region set.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the service to sign for.
    ///
    /// ```
    /// # use countersign::s3::{AddressError, Endpoint};
    /// let aws = Endpoint::aws("us-east-1")?;
    /// assert_eq!(aws.bucket("photos")?.service().name(), "s3");
    /// assert_eq!(aws.bucket("photos--use1-az4--x-s3")?.service().name(), "s3express");
    /// # Ok::<(), AddressError>(())
    /// ```
    #[must_use]
    pub fn service(&self) -> Service {
        let name = match self.service {
            SigningName::S3 => "s3",
            SigningName::Express => "s3express",
            SigningName::ObjectLambda => "s3-object-lambda",
            SigningName::Outposts => "s3-outposts",
        };
        // Each name is a valid label.
        Service::new(name).unwrap_or(Service::S3)
    }
}

/// Writes the URL.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}
