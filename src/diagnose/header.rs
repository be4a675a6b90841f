//! Names the difference of two header lines, and the headers that others change.

use alloc::vec::Vec;

use super::spelling::{differ_in_non_ascii_only, folded};
use super::{CauseName, host};
use crate::canonical::is_never_signed;

/// Names the cause for which the service received `theirs` where the client signed `ours`.
/// `None` is a header that was not received.
pub(super) fn cause(name: &str, ours: &[u8], theirs: Option<&[u8]>) -> CauseName {
    let received = theirs.unwrap_or_default();
    let text = |value| core::str::from_utf8(value).unwrap_or_default();
    match name {
        "host" => return host::cause(text(ours), text(received)),
        "x-amz-security-token" | "x-amz-s3session-token" if received.is_empty() => {
            return CauseName::TokenMissing;
        }
        "x-amz-security-token" | "x-amz-s3session-token" => return CauseName::TokenChanged,
        "x-amz-date" | "date" if !received.is_empty() => return CauseName::DateHeader,
        "content-length" => return CauseName::ContentLength,
        "transfer-encoding" => return CauseName::TransferEncoding,
        _ if is_tracing(name) => return CauseName::Tracing,
        _ if is_volatile(name) => return CauseName::VolatileHeader,
        "content-type" => return CauseName::ContentType,
        _ => {}
    }
    if received.is_empty() && !ours.is_empty() {
        CauseName::HeaderMissing
    } else if folded(ours) == folded(received)
        || without_spaces(ours) == without_spaces(received) && !ours.contains(&b',')
    {
        CauseName::HeaderWhitespace
    } else if ours.eq_ignore_ascii_case(received) {
        CauseName::HeaderValueCase
    } else if differ_in_non_ascii_only(ours, received) || !ours.is_ascii() && is_encoded_word(received) {
        CauseName::HeaderNonAscii
    } else if is_other_join(ours, received) {
        CauseName::HeaderRepeated
    } else {
        CauseName::HeaderChanged
    }
}

/// Returns true for a header of distributed tracing.
pub(super) fn is_tracing(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "traceparent",
        "tracestate",
        "baggage",
        "sentry-trace",
        "x-amzn-trace-id",
        "newrelic",
        "b3",
        "elastic-apm-traceparent",
        "uber-trace-id",
        "x-cloud-trace-context",
        "x-request-id",
        "x-correlation-id",
        "grpc-trace-bin",
        "request-id",
        "x-instana-t",
        "x-instana-s",
        "x-instana-l",
    ];
    const PREFIXES: &[&str] =
        &["x-datadog-", "x-b3-", "x-newrelic-", "x-dynatrace", "ot-tracer-", "x-ot-span"];
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns true for a header that proxies or HTTP clients change, except tracing headers.
pub(super) fn is_volatile(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "accept",
        "accept-charset",
        "accept-language",
        "cache-control",
        "cdn-loop",
        "cf-connecting-ip",
        "cookie",
        "dnt",
        "http2-settings",
        "if-modified-since",
        "if-none-match",
        "origin",
        "priority",
        "range",
        "x-amz-cf-id",
        "x-real-ip",
        "true-client-ip",
    ];
    is_never_signed(name) && !is_tracing(name) || NAMES.contains(&name) || name.starts_with("cf-")
}

fn without_spaces(value: &[u8]) -> Vec<u8> {
    value.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

/// Returns true for an encoded word of RFC 2047.
fn is_encoded_word(value: &[u8]) -> bool {
    value.starts_with(b"=?") && value.ends_with(b"?=")
        || value.windows(3).any(|window| window.starts_with(b"%"))
}

/// Returns true if both values have the same members, in another order, with other spaces, or
/// another number of times.
fn is_other_join(ours: &[u8], theirs: &[u8]) -> bool {
    let members = |value: &'_ [u8]| -> Vec<Vec<u8>> {
        let mut members: Vec<Vec<u8>> = value.split(|byte| *byte == b',').map(folded).collect();
        members.sort_unstable();
        members.dedup();
        members
    };
    let (ours, theirs) = (members(ours), members(theirs));
    let is_subset = |a: &[Vec<u8>], b: &[Vec<u8>]| a.iter().all(|member| b.contains(member));
    ours == theirs || ours.len() != theirs.len() && (is_subset(&ours, &theirs) || is_subset(&theirs, &ours))
}
