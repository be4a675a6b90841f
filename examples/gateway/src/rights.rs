//! The rights of a key on buckets.

use serde::Deserialize;

/// A right on the keys of a bucket that begin with a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    Read,
    Write,
    Delete,
    List,
}

/// One line of rights in the file of keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The name of a bucket, or `*` for every bucket.
    pub bucket: String,
    /// The beginning of the keys. Without it, every key.
    #[serde(default)]
    pub prefix: String,
    pub rights: Vec<Right>,
}

impl Grant {
    fn is_for(&self, bucket: &str) -> bool {
        self.bucket == "*" || self.bucket == bucket
    }
}

/// A right that an operation takes. For `List`, `key` is the prefix that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub right: Right,
    pub bucket: String,
    pub key: String,
}

/// Returns true if one of the grants covers what is needed.
pub fn covers(grants: &[Grant], need: &Need) -> bool {
    grants.iter().any(|grant| {
        grant.is_for(&need.bucket)
            && need.key.starts_with(&grant.prefix)
            && grant.rights.contains(&need.right)
    })
}

/// Returns true if there is any right in the bucket.
pub fn knows(grants: &[Grant], bucket: &str) -> bool {
    grants.iter().any(|grant| grant.is_for(bucket) && !grant.rights.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(bucket: &str, prefix: &str, rights: &[Right]) -> Grant {
        Grant { bucket: bucket.into(), prefix: prefix.into(), rights: rights.into() }
    }

    fn need(right: Right, bucket: &str, key: &str) -> Need {
        Need { right, bucket: bucket.into(), key: key.into() }
    }

    #[test]
    fn a_grant_covers_its_bucket_prefix_and_rights_only() {
        let grants =
            [grant("photos", "2024/", &[Right::Read, Right::List]), grant("inbox", "", &[Right::Write])];
        assert!(covers(&grants, &need(Right::Read, "photos", "2024/cat.jpg")));
        assert!(covers(&grants, &need(Right::List, "photos", "2024/")));
        assert!(covers(&grants, &need(Right::Write, "inbox", "anything")));
        for refused in [
            need(Right::Write, "photos", "2024/cat.jpg"),
            need(Right::Read, "photos", "2023/cat.jpg"),
            need(Right::Read, "photos", "2024"),
            need(Right::List, "photos", ""),
            need(Right::Read, "photo", "2024/cat.jpg"),
            need(Right::Read, "inbox", "anything"),
        ] {
            assert!(!covers(&grants, &refused), "{refused:?}");
        }
        assert!(knows(&grants, "inbox") && !knows(&grants, "other"));
        assert!(!knows(&[grant("empty", "", &[])], "empty"));
    }
}
