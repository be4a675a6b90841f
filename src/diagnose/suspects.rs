//! Suspicious parts of a canonical request of which the other side is unknown.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::Ipv4Addr;

use super::header::{is_tracing, is_volatile};
use super::parts::Parts;
use super::{Cause, CauseName, Certainty, Evidence, host};
use crate::canonical::is_never_signed;
use crate::crypto::sha256;

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
            ("content-type", Some(b"application/x-www-form-urlencoded")) if is_presigned(parts) => {
                CauseName::ContentType
            }
            _ => continue,
        };
        let cause = suspected(cause).about(name);
        causes.push(match cause.name() {
            CauseName::ContentType => cause
                .with_detail("the service received application/x-www-form-urlencoded, which HTTP clients set by default")
                .with_fix("Send the Content-Type that was signed with the URL, explicitly; or do not sign it."),
            CauseName::Tracing => cause.with_fix(&alloc::format!(
                "Remove {name} from the signed headers: instrumentation changes it after signing, also on a retry."
            )),
            _ => cause,
        });
    }
    if parts.path.starts_with("/s3%3A") || parts.path.starts_with("/s3:") || host_of(parts).contains("s3:") {
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

/// Returns the suspects of a host that only a local network has, likeliest first. A proxy may have written it, but a client
/// can have such a host too, and then the secret is wrong.
pub(super) fn of_host(parts: &Parts) -> Vec<Cause> {
    let host = host_of(parts);
    if !is_internal(host) {
        return Vec::new();
    }
    let suspected = |name| Cause::new(name, Certainty::Suspected);
    let detail = alloc::format!("the service received the host {host}");
    let rewritten = suspected(CauseName::HostRewritten).about("host").with_detail(&detail);
    alloc::vec![suspected(CauseName::SecretWrong), rewritten]
}

fn host_of(parts: &Parts) -> &str {
    parts.header("host").and_then(|host| core::str::from_utf8(host).ok()).unwrap_or_default()
}

fn is_presigned(parts: &Parts) -> bool {
    parts.query.contains("X-Amz-Credential=")
}

/// Returns the suspects that the request shows as it was sent.
pub(super) fn of_sent(evidence: &Evidence, theirs: Option<&Parts>) -> Vec<Cause> {
    let mut causes = Vec::new();
    causes.extend(theirs.and_then(|theirs| stripped(evidence, theirs)));
    let request = evidence.request.as_ref().filter(|request| !super::sent::has_unsigned_token(request));
    if let Some((_, query)) = request.and_then(|request| request.uri.split_once('?')) {
        causes.extend(appended_token(query));
    }
    causes.extend(port(evidence));
    causes.extend(super::visible::of(evidence));
    causes
}

/// Returns the cause if a URL of the text has a port that the request lacks.
fn port(evidence: &Evidence) -> Option<Cause> {
    let host = evidence.request.as_ref()?.header("host")?.to_ascii_lowercase();
    let with_port = evidence.ports.iter().find(|authority| {
        matches!(host::split_port(authority), (name, Some(port)) if name == host && port != "443" && port != "80")
    })?;
    Some(
        Cause::new(CauseName::HostPort, Certainty::Suspected)
            .about("host")
            .with_sides(with_port.as_bytes(), host.as_bytes())
            .with_detail(&alloc::format!("a URL in the text has the host {with_port}, and the request has host:{host}"))
            .with_fix("Let the proxy pass Host unchanged, with the port; in nginx: proxy_set_header Host $http_host;"),
    )
}

/// Returns the suspect that the order of the query shows. It is weak: some signers write their parameters last.
pub(super) fn of_order(evidence: &Evidence) -> Option<Cause> {
    let (_, query) = evidence.request.as_ref()?.uri.split_once('?')?;
    let own = query.split('&').filter(|pair| !pair.starts_with("X-Amz-")).count();
    order(query).filter(|_| own > 1)
}

/// Returns the cause if the service received a body of the text without its line endings.
fn stripped(evidence: &Evidence, theirs: &Parts) -> Option<Cause> {
    let stated = evidence.request.as_ref().and_then(|request| request.header("x-amz-content-sha256"));
    if stated == Some(theirs.payload.as_str()) {
        return None;
    }
    let without = |body: &String| body.replace(['\r', '\n'], "");
    let is_received = |body: &&String| hex::encode(sha256(without(body).as_bytes())) == theirs.payload;
    let body = evidence.bodies.iter().find(is_received)?;
    let endings = body.matches('\n').count();
    let cause = Cause::new(CauseName::PayloadNewline, Certainty::Suspected);
    let signed = hex::encode(sha256(body.as_bytes()));
    Some(
        cause
            .with_sides(signed.as_bytes(), theirs.payload.as_bytes())
            .with_detail(&alloc::format!(
                "the hash of the service is that of the body in the text without its {endings} line feeds; curl removes \
                 them with -d @FILE"
            ))
            .with_fix("Send the file unchanged, with curl's --data-binary @FILE; or sign the body without line endings."),
    )
}

/// Returns the cause if the URL has a token after its signature. Most signers that write it there do not sign it.
fn appended_token(query: &str) -> Option<Cause> {
    let at = |name: &str| query.find(name);
    let token = at("X-Amz-Security-Token=").or_else(|| at("X-Amz-S3session-Token="))?;
    let detail = "the URL has the token after its signature";
    let cause = Cause::new(CauseName::TokenNotSigned, Certainty::Suspected).about("X-Amz-Security-Token");
    (at("X-Amz-Signature=")? < token).then(|| cause.with_detail(detail))
}

/// Returns the cause if the parameters are in the order of letters, and not in that of bytes.
fn order(query: &str) -> Option<Cause> {
    let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("X-Amz-Signature=")).collect();
    let (mut by_letter, mut by_byte) = (pairs.clone(), pairs.clone());
    by_letter.sort_by_key(|pair| pair.to_ascii_lowercase());
    by_byte.sort_unstable();
    let cause = Cause::new(CauseName::QueryOrder, Certainty::Suspected);
    let detail =
        "the parameters of the URL are sorted by letter, and not by byte: upper case precedes lower case";
    (pairs == by_letter && pairs != by_byte && query.contains("X-Amz-Signature="))
        .then(|| cause.with_detail(detail))
}

/// Returns the suspects of a request that verifies as it was sent, and that the service refused.
pub(super) fn on_the_way(evidence: &Evidence) -> Vec<Cause> {
    if let Some(cause) = super::visible::of_log(evidence) {
        return alloc::vec![cause];
    }
    let request = evidence.request.as_ref();
    let header = |name| request.and_then(|request| request.header(name)).unwrap_or_default();
    if header("x-amz-content-sha256").starts_with("STREAMING-AWS4-") {
        return alloc::vec![Cause::new(CauseName::ChunkSignature, Certainty::Suspected)];
    }
    let host = header("host");
    let (name, port) = host::split_port(host);
    let is_aws = name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn") || name.is_empty();
    let detail = alloc::format!(
        "the secret signed this request as it was sent, with host:{host}; so a proxy changed it before the service \
         received it"
    );
    let cause = |name| Cause::new(name, Certainty::Suspected).about("host").with_detail(&detail);
    match port {
        Some(port) => {
            let fix = alloc::format!(
                "Let the proxy pass Host unchanged, with the port {port}; in nginx: proxy_set_header Host $http_host;"
            );
            alloc::vec![cause(CauseName::HostPort).with_fix(&fix)]
        }
        None if is_aws => Vec::new(),
        None => alloc::vec![cause(CauseName::HostRewritten)],
    }
}

/// Returns true for a name or an address that only a local network resolves.
fn is_internal(host: &str) -> bool {
    let (name, _) = host::split_port(host);
    let is_private = name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_private() || ip.is_loopback());
    let suffixes = [".local", ".internal", ".svc", ".cluster.local", ".lan"];
    !name.is_empty()
        && (is_private || !name.contains('.') || suffixes.iter().any(|suffix| name.ends_with(suffix)))
}
