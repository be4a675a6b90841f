//! AWS's partitions, with their regions and the host names of STS.
//!
//! ```text
//! sts.amazonaws.com                       the old global endpoint, in us-east-1
//! sts[-fips].REGION.SUFFIX                of every region
//! sts[-fips].REGION.DUAL-STACK-SUFFIX     with IPv6
//! ```
//!
//! Source: `partitions.json` and the endpoint rules of STS in AWS's SDKs (botocore 1.44.8). VPC
//! endpoints are not in the table, because customers name them.

/// A partition: a set of regions with common accounts. An account number is unique only in its
/// partition.
///
/// ```
/// use countersign::tokens::Partition;
/// assert_eq!(Partition::of("eu-central-1"), Some(Partition::Aws));
/// assert_eq!(Partition::of("cn-north-1"), Some(Partition::China));
/// assert_eq!(Partition::of("s3-us-west-2"), None);
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
    /// The areas of its regions: the parts of their names before the direction and the number.
    areas: &'static [&'static str],
    suffix: &'static str,
    dual_stack: &'static str,
}

#[rustfmt::skip]
const TABLE: [Row; 8] = [
    Row { partition: Partition::Aws, suffix: "amazonaws.com", dual_stack: "api.aws",
          areas: &["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"] },
    Row { partition: Partition::China, suffix: "amazonaws.com.cn", dual_stack: "api.amazonwebservices.com.cn",
          areas: &["cn"] },
    Row { partition: Partition::GovCloud, suffix: "amazonaws.com", dual_stack: "api.aws",
          areas: &["us-gov"] },
    Row { partition: Partition::EuropeanSovereign, suffix: "amazonaws.eu", dual_stack: "api.amazonwebservices.eu",
          areas: &["eusc-de"] },
    Row { partition: Partition::Iso, suffix: "c2s.ic.gov", dual_stack: "api.aws.ic.gov",
          areas: &["us-iso"] },
    Row { partition: Partition::IsoB, suffix: "sc2s.sgov.gov", dual_stack: "api.aws.scloud",
          areas: &["us-isob"] },
    Row { partition: Partition::IsoE, suffix: "cloud.adc-e.uk", dual_stack: "api.cloud-aws.adc-e.uk",
          areas: &["eu-isoe"] },
    Row { partition: Partition::IsoF, suffix: "csp.hci.ic.gov", dual_stack: "api.aws.hci.ic.gov",
          areas: &["us-isof"] },
];

impl Partition {
    /// Returns the partition of a region, or `None` if the table does not contain the region.
    #[must_use]
    pub fn of(region: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.contains(region)).map(|row| row.partition)
    }

    /// Returns the suffix of a region's host names. For a region that the table does not contain, it is
    /// `amazonaws.com`.
    pub(super) fn suffix_of(region: &str) -> &'static str {
        TABLE.iter().find(|row| row.contains(region)).map_or("amazonaws.com", |row| row.suffix)
    }

    /// Returns the region whose STS has this host name, or `None` for every other host.
    pub(super) fn sts_region(self, host: &str) -> Option<&str> {
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
