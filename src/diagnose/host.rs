//! Names the difference of two hosts.

use super::CauseName;

/// Names the cause for which the service received `theirs` where the client signed `ours`.
pub(super) fn cause(ours: &str, theirs: &str) -> CauseName {
    let without_port = |host: &'_ str| -> alloc::string::String { split_port(host).0.into() };
    if without_port(ours) == without_port(theirs) {
        CauseName::HostPort
    } else if ours.eq_ignore_ascii_case(theirs) {
        CauseName::HostCase
    } else if ours.split_once("://").is_some_and(|(_, host)| host == theirs) {
        CauseName::UrlParts
    } else if ours.contains("s3:") || ours.contains('/') {
        CauseName::BucketName
    } else {
        CauseName::HostRewritten
    }
}

/// Splits a host and its port. An address of IPv6 is in brackets.
pub(super) fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(port))
        }
        _ => (host, None),
    }
}

/// Returns the bucket if one side has it in the host and the other in the path.
pub(super) fn moved_bucket<'a>(ours: (&'a str, &str), theirs: (&'a str, &str)) -> Option<&'a str> {
    let moved = |virtual_host: (&'a str, &str), path_style: (&str, &str)| {
        let bucket = virtual_host.0.strip_suffix(path_style.0)?.strip_suffix('.')?;
        let key = path_style.1.strip_prefix('/')?.strip_prefix(bucket)?;
        let same_key = key == virtual_host.1 || key.is_empty() && virtual_host.1 == "/";
        (!bucket.is_empty() && same_key).then_some(bucket)
    };
    moved(ours, theirs).or_else(|| moved(theirs, ours))
}
