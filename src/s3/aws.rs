//! Host names of AWS's S3.
//!
//! ```text
//! s3[-fips][.dualstack].REGION.SUFFIX                               and BUCKET. in front of it
//! BUCKET.s3-accelerate[.dualstack].SUFFIX
//! BUCKET.s3express[-fips]-ZONE[.dualstack].REGION.SUFFIX            a directory bucket
//! NAME-ACCOUNT.s3-accesspoint[-fips][.dualstack].REGION.SUFFIX
//! NAME-ACCOUNT.s3-object-lambda[-fips].REGION.SUFFIX
//! NAME-ACCOUNT.OUTPOST.s3-outposts.REGION.SUFFIX
//! ALIAS.accesspoint.s3-global.SUFFIX                                a multi-region access point
//! ```
//!
//! Source: the endpoint rules of S3 in AWS's SDKs (botocore 1.43.106). `tests/it/s3_address.rs`
//! compares with their answers.

use alloc::format;
use alloc::string::String;

use super::address::SigningName;
use super::arn::{Arn, Resource};
use crate::error::AddressError;
use crate::host::is_bucket_label;
use crate::partition::Partition;

/// The kind of host name that AWS has for an endpoint.
///
/// ```
/// use countersign::s3::{AddressError, Endpoint, Variant};
///
/// let aws = Endpoint::aws("us-west-2")?;
/// for (variant, url) in [
///     (Variant::Standard, "https://photos.s3.us-west-2.amazonaws.com/"),
///     (Variant::DualStack, "https://photos.s3.dualstack.us-west-2.amazonaws.com/"),
///     (Variant::Fips, "https://photos.s3-fips.us-west-2.amazonaws.com/"),
///     (Variant::Accelerate, "https://photos.s3-accelerate.amazonaws.com/"),
/// ] {
///     assert_eq!(aws.clone().with_variant(variant)?.bucket_url("photos")?, url);
/// }
/// let china = Endpoint::aws("cn-north-1")?;
/// assert_eq!(china.with_variant(Variant::Accelerate), Err(AddressError::UnsupportedVariant));
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Variant {
    /// The endpoint of a region, over IPv4.
    #[default]
    Standard,
    /// The endpoint of a region, over IPv4 and IPv6.
    DualStack,
    /// The endpoint of a region with cryptography that is validated by FIPS 140. China has none.
    Fips,
    /// [`Fips`](Self::Fips) over IPv4 and IPv6.
    FipsDualStack,
    /// Transfer Acceleration: the nearest edge location. Only the commercial regions have it, only
    /// in virtual-hosted style, and only for buckets whose name has no dot.
    Accelerate,
    /// [`Accelerate`](Self::Accelerate) over IPv4 and IPv6.
    AccelerateDualStack,
}

impl Variant {
    const fn fips(self) -> &'static str {
        if matches!(self, Self::Fips | Self::FipsDualStack) { "-fips" } else { "" }
    }

    const fn dual_stack(self) -> &'static str {
        let is_dual = matches!(self, Self::DualStack | Self::FipsDualStack | Self::AccelerateDualStack);
        if is_dual { ".dualstack" } else { "" }
    }

    pub(super) const fn is_accelerate(self) -> bool {
        matches!(self, Self::Accelerate | Self::AccelerateDualStack)
    }
}

/// AWS's S3 in a region.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Aws {
    /// The region to sign for.
    pub(super) region: String,
    /// True for `s3.amazonaws.com`, the global endpoint.
    pub(super) is_global: bool,
    pub(super) variant: Variant,
}

/// The host of a bucket that does not have the host names of ordinary buckets.
pub(super) struct SpecialHost {
    pub(super) host: String,
    pub(super) region: String,
    pub(super) service: SigningName,
}

impl Aws {
    fn partition(&self) -> Partition {
        Partition::of_or_aws(&self.region)
    }

    pub(super) fn check_variant(&self) -> Result<(), AddressError> {
        let partition = self.partition();
        let is_supported = match self.variant {
            Variant::Fips | Variant::FipsDualStack => partition != Partition::China,
            Variant::Accelerate | Variant::AccelerateDualStack => partition == Partition::Aws,
            Variant::Standard | Variant::DualStack => true,
        };
        if is_supported { Ok(()) } else { Err(AddressError::UnsupportedVariant) }
    }

    /// Returns the host name without a bucket.
    pub(super) fn host(&self) -> String {
        let (variant, suffix) = (self.variant, self.partition().suffix());
        let (fips, dual_stack) = (variant.fips(), variant.dual_stack());
        if variant.is_accelerate() {
            format!("s3-accelerate{dual_stack}.{suffix}")
        } else if self.is_global && variant == Variant::Standard {
            format!("s3.{suffix}")
        } else {
            format!("s3{fips}{dual_stack}.{}.{suffix}", self.region)
        }
    }

    /// Returns the host of a directory bucket.
    pub(super) fn directory_host(&self, bucket: &str, zone: &str) -> Result<SpecialHost, AddressError> {
        if self.variant.is_accelerate() {
            return Err(AddressError::UnsupportedVariant);
        }
        let Self { region, variant, .. } = self;
        let (fips, dual_stack, suffix) = (variant.fips(), variant.dual_stack(), self.partition().suffix());
        let host = format!("{bucket}.s3express{fips}-{zone}{dual_stack}.{region}.{suffix}");
        Ok(SpecialHost { host, region: region.clone(), service: SigningName::Express })
    }

    /// Returns the host of a resource that an ARN names.
    pub(super) fn arn_host(&self, arn: &str) -> Result<SpecialHost, AddressError> {
        let Arn { partition, region, account, resource } = Arn::parse(arn)?;
        if partition != self.partition() {
            return Err(AddressError::PartitionMismatch);
        }
        let (fips, dual_stack, suffix) = (self.variant.fips(), self.variant.dual_stack(), partition.suffix());
        let is_supported = match resource {
            Resource::AccessPoint(_) => !self.variant.is_accelerate(),
            Resource::ObjectLambda(_) => matches!(self.variant, Variant::Standard | Variant::Fips),
            Resource::Outpost { .. } | Resource::MultiRegion(_) => self.variant == Variant::Standard,
        };
        if !is_supported {
            return Err(AddressError::UnsupportedVariant);
        }
        let (host, region, service) = match resource {
            Resource::AccessPoint(name) => {
                let host = format!("{name}-{account}.s3-accesspoint{fips}{dual_stack}.{region}.{suffix}");
                (host, region, SigningName::S3)
            }
            Resource::MultiRegion(alias) => {
                (format!("{alias}.accesspoint.s3-global.{suffix}"), "*", SigningName::S3)
            }
            Resource::ObjectLambda(name) => {
                let host = format!("{name}-{account}.s3-object-lambda{fips}.{region}.{suffix}");
                (host, region, SigningName::ObjectLambda)
            }
            Resource::Outpost { outpost, access_point } => {
                let host = format!("{access_point}-{account}.{outpost}.s3-outposts.{region}.{suffix}");
                (host, region, SigningName::Outposts)
            }
        };
        Ok(SpecialHost { host, region: region.into(), service })
    }
}

/// Returns true if a bucket is a directory bucket, or an access point of one.
pub(super) fn is_directory_bucket(bucket: &str) -> bool {
    bucket.ends_with("--x-s3") || bucket.ends_with("--xa-s3")
}

/// Returns the zone of a directory bucket: `use1-az4` of `name--use1-az4--x-s3`.
pub(super) fn zone(bucket: &str) -> Option<&str> {
    let front = bucket.strip_suffix("--x-s3").or_else(|| bucket.strip_suffix("--xa-s3"))?;
    let (name, zone) = front.rsplit_once("--")?;
    (is_bucket_label(bucket) && !name.is_empty() && is_bucket_label(zone)).then_some(zone)
}
