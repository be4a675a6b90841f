//! The regions that a SigV4a signature is good for.
//!
//! ```text
//! RegionSet = Entry *( "," Entry )
//! Entry     = 1*( ALPHA / DIGIT / "-" / "_" / "*" )
//! ```
//!
//! `*` stands for any run of characters within one entry. Blanks around an
//! entry are allowed where a set is read, and never written.
//!
//! Source: IAM User Guide, "Elements of an AWS API request signature"
//! (*X-Amz-Region-Set*). Not here: which regions there are.

use alloc::string::String;
use core::fmt;

/// A set of regions: `us-east-1,eu-*`, or `*` for all.
///
/// ```
/// use countersign::RegionSet;
///
/// let set = RegionSet::parse("us-east-1, eu-*").unwrap();
/// assert_eq!(set.to_string(), "us-east-1,eu-*");
/// assert!(set.contains("us-east-1") && set.contains("eu-west-3"));
/// assert!(!set.contains("us-east-2") && !set.contains("ap-eu-1"));
/// assert!(RegionSet::all().contains("us-gov-west-1"));
/// assert!(RegionSet::parse("us-east-1,,us-west-2").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSet(String);

impl RegionSet {
    /// Reads a list; `None` for an empty entry, or one that no region's name
    /// could match.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut set = String::with_capacity(text.len());
        for (index, entry) in text.split(',').enumerate() {
            let entry = entry.trim_matches([' ', '\t']);
            let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
            if entry.is_empty() || !entry.bytes().all(valid) {
                return None;
            }
            if index > 0 {
                set.push(',');
            }
            set.push_str(entry);
        }
        Some(Self(set))
    }

    /// Every region: `*`. A signature for it is good wherever it gets to.
    #[must_use]
    pub fn all() -> Self {
        Self("*".into())
    }

    /// Whether one of the entries is this region, or matches it.
    #[must_use]
    pub fn contains(&self, region: &str) -> bool {
        self.0.split(',').any(|entry| matches(entry, region))
    }

    /// As it is written in a header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is between the stars stands in the region in that order: the first of
/// it at the start, the last at the end, and the rest where it is found first.
fn matches(entry: &str, region: &str) -> bool {
    let Some((start, rest)) = entry.split_once('*') else { return entry == region };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = region.strip_prefix(start).and_then(|region| region.strip_suffix(end));
    let found = |region: &'_ str, piece: &str| region.find(piece).map(|at| at + piece.len());
    let Some(mut inner) = inner else { return false };
    for piece in middle.split('*') {
        match found(inner, piece).and_then(|end| inner.get(end..)) {
            Some(behind) => inner = behind,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::RegionSet;

    #[test]
    fn a_star_matches_any_run_within_one_entry() {
        let set = |text| RegionSet::parse(text).expect("a set");
        for (text, inside, outside) in [
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
                assert!(set(text).contains(region), "{text} has {region}");
            }
            for region in outside {
                assert!(!set(text).contains(region), "{text} has not {region}");
            }
        }
    }

    #[test]
    fn what_is_no_list_of_regions_is_refused() {
        for text in ["", ",", "a,", ",a", "a,,b", " ", "a b", "a\nb", "a/b", "é", "a;b", "\"a\"", "a,\u{a0}b"]
        {
            assert_eq!(RegionSet::parse(text), None, "{text:?}");
        }
        assert_eq!(RegionSet::parse("\ta ,b\t").expect("blanks around entries").as_str(), "a,b");
    }
}
