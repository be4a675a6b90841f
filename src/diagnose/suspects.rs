//! Suspicious parts of a canonical request of which the other side is unknown.

use alloc::vec::Vec;

use super::header::{is_tracing, is_volatile};
use super::parts::Parts;
use super::{Cause, CauseName, Certainty, host};
use crate::canonical::is_never_signed;

/// Returns the suspects, likeliest first.
pub(super) fn of(parts: &Parts) -> Vec<Cause> {
    let suspected = |name| Cause::new(name, Certainty::Suspected);
    let mut causes = Vec::new();
    for name in parts.names() {
        let value = parts.header(name);
        let cause = match (name, value) {
            ("content-length", Some(b"") | None) => CauseName::ContentLength,
            ("transfer-encoding", _) => CauseName::TransferEncoding,
            (name, _) if is_tracing(name) => CauseName::Tracing,
            (name, _) if is_never_signed(name) => CauseName::VolatileHeader,
            (name, Some(b"") | None) if is_volatile(name) => CauseName::VolatileHeader,
            (_, Some(b"") | None) => CauseName::HeaderMissing,
            _ => continue,
        };
        causes.push(suspected(cause).about(name));
    }
    let host = parts.header("host").and_then(|host| core::str::from_utf8(host).ok()).unwrap_or_default();
    if is_internal(host) {
        let detail = alloc::format!("the service received the host {host}");
        causes.push(suspected(CauseName::HostRewritten).about("host").with_detail(&detail));
    }
    if parts.path.starts_with("/s3%3A") || parts.path.starts_with("/s3:") || host.contains("s3:") {
        causes.insert(0, suspected(CauseName::BucketName));
    }
    if parts.query.contains("amp%3B") || parts.query.contains("amp;") {
        causes.insert(0, suspected(CauseName::UrlHtmlEscaped));
    }
    if parts.method == "OPTIONS" {
        causes.insert(0, suspected(CauseName::Method));
    }
    causes
}

/// Returns true for a name that only a local network resolves.
pub(super) fn is_internal(host: &str) -> bool {
    let (name, _) = host::split_port(host);
    let is_private = ["10.", "192.168.", "127.", "172.16.", "172.17.", "172.18."]
        .iter()
        .any(|start| name.starts_with(start));
    let suffixes = [".local", ".internal", ".svc", ".cluster.local", ".lan"];
    !name.is_empty()
        && (is_private || !name.contains('.') || suffixes.iter().any(|suffix| name.ends_with(suffix)))
}
