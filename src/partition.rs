//! AWS's partitions, with their regions and the suffixes of their host names.
//!
//! Addresses of S3 and authentication tokens use this table.
//!
//! Source: `partitions.json` in AWS's SDKs (botocore 1.44.8).

#![cfg_attr(not(feature = "tokens"), expect(unreachable_pub, reason = "exported by tokens"))]

/// A partition: a set of regions with common accounts. An account number is unique only in its
/// partition.
///
/// ```
/// # #[cfg(feature = "tokens")] {
/// use countersign::tokens::Partition;
/// assert_eq!(Partition::of("eu-central-1"), Some(Partition::Aws));
/// assert_eq!(Partition::of("cn-north-1"), Some(Partition::China));
/// assert_eq!(Partition::of("s3-us-west-2"), None);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Partition {
    /// `aws`, the commercial regions.
    Aws,
    /// `aws-cn`, China.
    China,
    /// `aws-us-gov`, GovCloud of the United States.
    GovCloud,
    /// `aws-eusc`, the European Sovereign Cloud.
    EuropeanSovereign,
    /// `aws-iso`.
    Iso,
    /// `aws-iso-b`.
    IsoB,
    /// `aws-iso-e`.
    IsoE,
    /// `aws-iso-f`.
    IsoF,
}

/// A row of the table.
struct Row {
    partition: Partition,
    /// The name in an ARN.
    name: &'static str,
    /// The areas of its regions: the parts of their names before the direction and the number.
    areas: &'static [&'static str],
    suffix: &'static str,
    #[cfg(feature = "tokens")]
    dual_stack: &'static str,
}

#[rustfmt::skip]
const TABLE: [Row; 8] = [
    Row { partition: Partition::Aws, name: "aws", suffix: "amazonaws.com", areas: &["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"],
          #[cfg(feature = "tokens")] dual_stack: "api.aws" },
    Row { partition: Partition::China, name: "aws-cn", suffix: "amazonaws.com.cn", areas: &["cn"],
          #[cfg(feature = "tokens")] dual_stack: "api.amazonwebservices.com.cn" },
    Row { partition: Partition::GovCloud, name: "aws-us-gov", suffix: "amazonaws.com", areas: &["us-gov"],
          #[cfg(feature = "tokens")] dual_stack: "api.aws" },
    Row { partition: Partition::EuropeanSovereign, name: "aws-eusc", suffix: "amazonaws.eu", areas: &["eusc-de"],
          #[cfg(feature = "tokens")] dual_stack: "api.amazonwebservices.eu" },
    Row { partition: Partition::Iso, name: "aws-iso", suffix: "c2s.ic.gov", areas: &["us-iso"],
          #[cfg(feature = "tokens")] dual_stack: "api.aws.ic.gov" },
    Row { partition: Partition::IsoB, name: "aws-iso-b", suffix: "sc2s.sgov.gov", areas: &["us-isob"],
          #[cfg(feature = "tokens")] dual_stack: "api.aws.scloud" },
    Row { partition: Partition::IsoE, name: "aws-iso-e", suffix: "cloud.adc-e.uk", areas: &["eu-isoe"],
          #[cfg(feature = "tokens")] dual_stack: "api.cloud-aws.adc-e.uk" },
    Row { partition: Partition::IsoF, name: "aws-iso-f", suffix: "csp.hci.ic.gov", areas: &["us-isof"],
          #[cfg(feature = "tokens")] dual_stack: "api.aws.hci.ic.gov" },
];

impl Partition {
    /// Returns the partition of a region, or `None` if the table does not contain the region.
    #[must_use]
    pub fn of(region: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.contains(region)).map(|row| row.partition)
    }

    /// Returns the partition that an ARN names, or `None` if the table does not contain the name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.partition)
    }

    /// Returns the partition of a region. For a region that the table does not contain, it is
    /// [`Aws`](Self::Aws), as in AWS's SDKs.
    pub(crate) fn of_or_aws(region: &str) -> Self {
        Self::of(region).unwrap_or(Self::Aws)
    }

    /// Returns the suffix of the partition's host names.
    pub(crate) fn suffix(self) -> &'static str {
        TABLE.iter().find(|row| row.partition == self).map_or("amazonaws.com", |row| row.suffix)
    }

    /// Returns the region whose STS has this host name, or `None` for every other host.
    ///
    /// ```text
    /// sts.amazonaws.com                       the old global endpoint, in us-east-1
    /// sts[-fips].REGION.SUFFIX                of every region
    /// sts[-fips].REGION.DUAL-STACK-SUFFIX     with IPv6
    /// ```
    ///
    /// VPC endpoints are not in the table, because customers name them.
    #[cfg(feature = "tokens")]
    pub(crate) fn sts_region(self, host: &str) -> Option<&str> {
        if self == Self::Aws && host == "sts.amazonaws.com" {
            return Some("us-east-1");
        }
        let row = TABLE.iter().find(|row| row.partition == self)?;
        let rest = host.strip_prefix("sts.").or_else(|| host.strip_prefix("sts-fips."))?;
        let region = rest.strip_suffix(row.suffix).or_else(|| rest.strip_suffix(row.dual_stack))?;
        region.strip_suffix('.').filter(|region| row.contains(region))
    }
}

impl Row {
    /// Returns true if `region` is `area-direction-number` with an area of this row.
    ///
    /// A looser check would be unsafe: in `sts.s3-us-west-2.amazonaws.com` the first label is the
    /// name of a bucket, which an attacker could own.
    fn contains(&self, region: &str) -> bool {
        let Some((front, number)) = region.rsplit_once('-') else { return false };
        let Some((area, direction)) = front.rsplit_once('-') else { return false };
        let is_direction = !direction.is_empty() && direction.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        is_direction && is_number && self.areas.contains(&area)
    }
}
