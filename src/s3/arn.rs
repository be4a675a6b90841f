//! ARNs that are given to S3 instead of the name of a bucket.
//!
//! ```text
//! arn:PARTITION:s3:REGION:ACCOUNT:accesspoint/NAME
//! arn:PARTITION:s3::ACCOUNT:accesspoint/ALIAS                     a multi-region access point
//! arn:PARTITION:s3-object-lambda:REGION:ACCOUNT:accesspoint/NAME
//! arn:PARTITION:s3-outposts:REGION:ACCOUNT:outpost/OUTPOST/accesspoint/NAME
//! ```
//!
//! `:` may replace each `/`.
//!
//! Source: S3 User Guide, "Referencing access points with ARNs, access point aliases, or
//! virtual-hosted–style URIs"; the endpoint rules of S3 in AWS's SDKs.

use crate::error::AddressError;
use crate::host::{is_bucket_label, is_label};
use crate::partition::Partition;

/// An ARN that S3 accepts instead of a bucket.
pub(super) struct Arn<'a> {
    pub(super) partition: Partition,
    /// Empty for a multi-region access point.
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) resource: Resource<'a>,
}

/// The resource that an ARN names.
pub(super) enum Resource<'a> {
    AccessPoint(&'a str),
    MultiRegion(&'a str),
    ObjectLambda(&'a str),
    Outpost { outpost: &'a str, access_point: &'a str },
}

/// Returns true if the name of a bucket is an ARN.
pub(super) fn is_arn(bucket: &str) -> bool {
    bucket.starts_with("arn:")
}

impl<'a> Arn<'a> {
    pub(super) fn parse(arn: &'a str) -> Result<Self, AddressError> {
        Self::read(arn).ok_or(AddressError::InvalidArn)
    }

    fn read(arn: &'a str) -> Option<Self> {
        let mut fields = arn.splitn(6, ':');
        let mut next = || fields.next();
        let ("arn", partition, service, region, account) = (next()?, next()?, next()?, next()?, next()?)
        else {
            return None;
        };
        let resource = Resource::read(service, region, next()?)?;
        let partition = Partition::from_name(partition)?;
        let has_region = is_label(region) && Partition::of(region).is_none_or(|own| own == partition);
        let is_global = matches!(resource, Resource::MultiRegion(_));
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        ((is_global || has_region) && is_account).then_some(Self { partition, region, account, resource })
    }
}

impl<'a> Resource<'a> {
    fn read(service: &str, region: &str, resource: &'a str) -> Option<Self> {
        let mut parts = resource.split(['/', ':']);
        let parts = [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()];
        let resource = match (service, parts) {
            ("s3", [Some("accesspoint"), Some(alias), None, ..]) if region.is_empty() => {
                return alias.split('.').all(is_bucket_label).then_some(Self::MultiRegion(alias));
            }
            ("s3", [Some("accesspoint"), Some(name), None, ..]) => Self::AccessPoint(name),
            ("s3-object-lambda", [Some("accesspoint"), Some(name), None, ..]) => Self::ObjectLambda(name),
            (
                "s3-outposts",
                [Some("outpost"), Some(outpost), Some("accesspoint"), Some(access_point), None],
            ) => Self::Outpost { outpost, access_point },
            _ => return None,
        };
        let (Self::AccessPoint(name)
        | Self::ObjectLambda(name)
        | Self::MultiRegion(name)
        | Self::Outpost { access_point: name, .. }) = resource;
        let is_outpost = match resource {
            Self::Outpost { outpost, .. } => is_bucket_label(outpost),
            _ => true,
        };
        // The account is appended to the name: both are one label of 63 bytes.
        (is_bucket_label(name) && name.len() <= 50 && is_outpost).then_some(resource)
    }
}
