//! The characters and lengths of names that become a part of a host name.
//!
//! ```text
//! label     = 1*( %x61-7A / DIGIT / "-" / "_" )      a region, or a service's signing name
//! host name = dns-label *( "." dns-label )           at most 253 bytes
//! dns-label = 1*63( ALPHA / DIGIT / "-" )
//! ```
//!
//! Source: RFC 1035, section 2.3.1; RFC 1123, section 2.1; for buckets, S3 User Guide,
//! "Bucket naming rules". The authority of a URI, which may also have a port or be an IP
//! address, is in `canonical/target.rs`.

use core::net::Ipv4Addr;

/// Returns true if `label` can be a region or a service's signing name: lower-case
/// letters, digits, `-` and `_`, at least one of them.
///
/// Such a name is safe between the slashes of a credential scope and between
/// the dots of a host name.
#[must_use]
pub(crate) fn is_label(label: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    !label.is_empty() && label.bytes().all(allowed)
}

/// Returns true if `name` is the name of a host, without a scheme, a port or a path.
#[cfg(feature = "tokens")]
#[must_use]
pub(crate) fn is_host_name(name: &str) -> bool {
    name.len() <= 253 && are_dns_labels(name, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Returns true if a bucket of this name can be the first part of a host name:
/// 3 to 255 bytes, lower-case letters, digits and `-` in labels joined by `.`.
#[must_use]
pub(crate) fn is_bucket_in_host(bucket: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    has_bucket_length(bucket) && are_dns_labels(bucket, allowed)
}

/// Returns true if a bucket of this name can be the first segment of a path: 3 to
/// 255 bytes, letters, digits, `-`, `.` and `_`, at least one of them not a dot.
///
/// Buckets that were created before March 2018 in `us-east-1` can have capitals
/// and underscores. Such names cannot be a part of a host name.
#[must_use]
pub(crate) fn is_bucket_in_path(bucket: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    has_bucket_length(bucket) && bucket.bytes().all(allowed) && bucket.bytes().any(|byte| byte != b'.')
}

/// Returns true if `label` is one label of a host name: 1 to 63 lower-case letters, digits and `-`,
/// with a letter or a digit at both ends.
#[must_use]
pub(crate) fn is_bucket_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_inner = !label.starts_with('-') && !label.ends_with('-');
    (1..=63).contains(&label.len()) && label.bytes().all(allowed) && is_inner
}

/// Returns true if `host[:port]` is an IP address, to which no label can be prepended.
#[must_use]
pub(crate) fn is_ip_address(authority: &str) -> bool {
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    authority.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

/// Returns true if `path` can be the path of an endpoint, before buckets and keys: empty, or
/// segments of unreserved characters, each after a `/`. Such a path has one spelling.
#[must_use]
pub(crate) fn is_base_path(path: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(unreserved);
    path.is_empty() || path.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment))
}

fn has_bucket_length(bucket: &str) -> bool {
    (3..=255).contains(&bucket.len())
}

/// Returns true if `name` consists of labels of 1 to 63 allowed bytes, joined by `.`.
fn are_dns_labels(name: &str, allowed: impl Fn(u8) -> bool) -> bool {
    name.split('.').all(|label| (1..=63).contains(&label.len()) && label.bytes().all(&allowed))
}

#[cfg(test)]
mod tests {
    use super::{is_bucket_in_host, is_bucket_in_path, is_label};
    use alloc::string::String;

    #[test]
    fn a_label_has_lower_case_letters_digits_hyphens_and_underscores_only() {
        for label in ["s3", "us-east-1", "a", "0", "my_region"] {
            assert!(is_label(label), "{label:?}");
        }
        for label in ["", "S3", "us-East-1", "a.b", "a/b", "a b", " a", "a\n", "é", "*"] {
            assert!(!is_label(label), "{label:?}");
        }
    }

    #[cfg(feature = "tokens")]
    #[test]
    fn a_host_name_has_labels_of_up_to_63_bytes() {
        use super::is_host_name;
        let longest = ["a"; 127].join(".");
        for name in ["localhost", "db.example.com", "DB-1.example.com", &"a".repeat(63), &longest] {
            assert!(is_host_name(name), "{name:?}");
        }
        let too_long = alloc::format!("{longest}.a");
        for name in ["", ".", "a..b", "a.", ".a", "a_b", "a:80", "a/b", "é", &"a".repeat(64), &too_long] {
            assert!(!is_host_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_bucket_in_a_host_name_has_no_capitals_and_no_underscores() {
        let long = String::from("a").repeat(64);
        for (bucket, in_host, in_path) in [
            ("photos", true, true),
            ("my.photos", true, true),
            ("Photos", false, true),
            ("my_photos", false, true),
            ("my..photos", false, true),
            (&long, false, true),
            ("...", false, false),
            ("ab", false, false),
            ("a/b", false, false),
            ("a?b", false, false),
            ("", false, false),
            (&"a.".repeat(128), false, false),
        ] {
            assert_eq!(
                (is_bucket_in_host(bucket), is_bucket_in_path(bucket)),
                (in_host, in_path),
                "{bucket:?}"
            );
        }
    }
}
