//! The region of a signature, and the set of regions of a SigV4a signature.
//!
//! ```text
//! Region    = 1*( %x61-7A / DIGIT / "-" / "_" )
//! RegionSet = Entry *( "," Entry )
//! Entry     = 1*( ALPHA / DIGIT / "-" / "_" / "*" )
//! ```
//!
//! Source: IAM User Guide, "Elements of an AWS API request signature"
//! (*X-Amz-Region-Set*). The crate has no list of AWS's regions.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::error::ConfigError;
use crate::host::is_label;

/// A region's name, such as `us-east-1`.
///
/// The name has lower-case letters, digits, `-` and `_` only, so it cannot change the
/// structure of a credential scope or of a host name. The crate does not check that
/// AWS has such a region: S3-compatible servers define their own.
///
/// ```
/// use countersign::Region;
///
/// let region = Region::new("eu-central-1")?;
/// assert_eq!(region.as_str(), "eu-central-1");
/// assert!(Region::new("EU-CENTRAL-1").is_err());
/// assert!(Region::new("us-east-1/s3").is_err());
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(Cow<'static, str>);

impl Region {
    /// Creates a region from its name.
    ///
    /// A `&'static str` is borrowed, a `String` is kept; nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegion`] if the name is empty or has a character
    /// other than a lower-case letter, a digit, `-` or `_`.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, ConfigError> {
        let name = name.into();
        if !is_label(&name) {
            return Err(ConfigError::invalid_region(&name));
        }
        Ok(Self(name))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(String::from(name))
    }
}

/// Returns the name, for [`Signer::new`](crate::Signer::new) and
/// [`Verifier::new`](crate::Verifier::new).
///
/// ```
/// use countersign::{Region, Service, Verifier};
///
/// let verifier = Verifier::new(Region::new("eu-west-1")?, Service::S3)?;
/// # let _ = verifier;
/// # Ok::<(), countersign::ConfigError>(())
/// ```
impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0.into_owned()
    }
}

impl AsRef<str> for Region {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Writes the name.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of regions, such as `us-east-1,eu-*`, or `*` for all of them.
///
/// A SigV4a signature is valid in every region that its set contains. `*` matches any
/// number of characters within one entry.
///
/// ```
/// use countersign::RegionSet;
///
/// let set = RegionSet::parse("us-east-1, eu-*")?;
/// assert_eq!(set.to_string(), "us-east-1,eu-*");
/// assert!(set.contains("us-east-1") && set.contains("eu-west-3"));
/// assert!(!set.contains("us-east-2") && !set.contains("ap-eu-1"));
/// assert!(RegionSet::all().contains("us-gov-west-1"));
/// assert!(RegionSet::parse("us-east-1,,us-west-2").is_err());
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[cfg(feature = "sigv4a")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSet(String);

#[cfg(feature = "sigv4a")]
impl RegionSet {
    /// Parses a list of entries joined by `,`.
    ///
    /// Spaces and tabs around an entry are dropped.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidRegionSet`] if an entry is empty or has a
    /// character other than a letter, a digit, `-`, `_` or `*`.
    pub fn parse(list: &str) -> Result<Self, ConfigError> {
        let mut set = String::with_capacity(list.len());
        for (index, entry) in list.split(',').enumerate() {
            let entry = entry.trim_matches([' ', '\t']);
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
            if entry.is_empty() || !entry.bytes().all(allowed) {
                return Err(ConfigError::invalid_region_set(entry));
            }
            if index > 0 {
                set.push(',');
            }
            set.push_str(entry);
        }
        Ok(Self(set))
    }

    /// Creates the set of all regions: `*`.
    ///
    /// A signature for this set is valid wherever it is sent.
    #[must_use]
    pub fn all() -> Self {
        Self("*".into())
    }

    /// Returns true if an entry of the set matches `region`.
    #[must_use]
    pub fn contains(&self, region: &str) -> bool {
        self.0.split(',').any(|entry| matches(entry, region))
    }

    /// Returns the list as `x-amz-region-set` has it, without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Creates the set of one region.
#[cfg(feature = "sigv4a")]
impl From<Region> for RegionSet {
    fn from(region: Region) -> Self {
        Self(region.0.into_owned())
    }
}

#[cfg(feature = "sigv4a")]
impl FromStr for RegionSet {
    type Err = ConfigError;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        Self::parse(list)
    }
}

/// Writes the list as `x-amz-region-set` has it, without spaces.
#[cfg(feature = "sigv4a")]
impl fmt::Display for RegionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns true if `region` matches `entry`, in which `*` matches any characters.
#[cfg(feature = "sigv4a")]
fn matches(entry: &str, region: &str) -> bool {
    // The piece before the first `*` is a prefix, and the piece after the last `*` is a
    // suffix. Each piece between is searched for after the previous one.
    let Some((prefix, rest)) = entry.split_once('*') else { return entry == region };
    let (middle, suffix) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = region.strip_prefix(prefix).and_then(|region| region.strip_suffix(suffix));
    let Some(mut inner) = inner else { return false };
    // Each of several stars in a row leaves an empty piece, which matches everywhere.
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        match inner.split_once(piece) {
            Some((_, after)) => inner = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{ConfigError, Region};
    use alloc::string::ToString;

    #[test]
    fn rejects_what_cannot_be_a_region() {
        for name in ["", "US-EAST-1", "us east 1", "us-east-1/s3", "us.east", "us-east-1\n", "é", "*"] {
            let error = ConfigError::InvalidRegion { region: name.into() };
            assert_eq!(Region::new(name), Err(error.clone()), "{name:?}");
            assert_eq!(name.parse::<Region>(), Err(error), "{name:?}");
        }
        for name in ["us-east-1", "local", "region_1", "0"] {
            assert_eq!(Region::new(name).expect("a region").to_string(), name);
        }
    }

    #[test]
    fn an_error_does_not_show_what_could_be_a_secret() {
        let error = Region::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").expect_err("not valid");
        assert_eq!(error, ConfigError::InvalidRegion { region: "(40 characters)".into() });
    }
}

#[cfg(all(test, feature = "sigv4a"))]
mod region_set_tests {
    use super::{ConfigError, Region, RegionSet};

    #[test]
    fn a_star_matches_any_characters_within_one_entry() {
        let set = |list| RegionSet::parse(list).expect("a set");
        for (list, inside, outside) in [
            ("us-east-1", &["us-east-1"][..], &["us-east-2", "us-east-11", "us-east-", "US-EAST-1", ""][..]),
            ("us-*", &["us-east-1", "us-"], &["us", "eu-us-1", "u"]),
            ("*-1", &["us-east-1", "-1"], &["us-east-2", "us-east-11", "1"]),
            ("us-*-1", &["us-east-1", "us--1"], &["us-1", "us-east-2", "eu-east-1"]),
            ("us-*-*", &["us-east-1", "us-gov-west-1"], &["us-east", "us-"]),
            ("*east*", &["us-east-1", "east"], &["us-west-1", "eas"]),
            ("a*a", &["aa", "aba"], &["a", "ab", "ba"]),
            ("a*b*c*b", &["abcb", "axbxcxb"], &["acbb", "abc", "abcbx"]),
            ("*b*c*", &["bcb", "bc"], &["cb", "b"]),
            ("**", &["", "anything"], &[]),
            ("us-east-1,eu-*", &["us-east-1", "eu-west-1"], &["us-east-1,eu-", "eu", "us-east-1,eu-west-1"]),
        ] {
            for region in inside {
                assert!(set(list).contains(region), "{list} contains {region}");
            }
            for region in outside {
                assert!(!set(list).contains(region), "{list} does not contain {region}");
            }
        }
    }

    #[test]
    fn rejects_what_is_not_a_list_of_regions() {
        for (list, entry) in [
            ("", ""),
            (",", ""),
            ("a,", ""),
            (",a", ""),
            ("a,,b", ""),
            (" ", ""),
            ("a b", "a b"),
            ("a\nb", "a\nb"),
            ("a/b", "a/b"),
            ("é", "é"),
            ("us-east-1, a;b", "a;b"),
            ("\"a\"", "\"a\""),
            ("a,\u{a0}b", "\u{a0}b"),
        ] {
            let error = ConfigError::InvalidRegionSet { entry: entry.into() };
            assert_eq!(RegionSet::parse(list), Err(error), "{list:?}");
        }
    }

    #[test]
    fn drops_spaces_and_tabs_around_entries() {
        assert_eq!(RegionSet::parse("\ta ,b\t").expect("a set").as_str(), "a,b");
    }

    #[test]
    fn one_region_is_a_set() {
        let region = Region::new("us-east-1").expect("a region");
        assert_eq!(RegionSet::from(region).as_str(), "us-east-1");
    }
}
