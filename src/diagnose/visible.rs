//! Suspects that the URL of a request shows, without the secret: appended parameters, and characters of the path that
//! clients and proxies change.

use alloc::string::String;
use alloc::vec::Vec;

use super::evidence::SentRequest;
use super::{Cause, CauseName, Certainty, Evidence};
use crate::canonical::percent::decode;

/// Returns the suspects, likeliest first. A path is suspicious only if the request was refused.
pub(super) fn of(evidence: &Evidence) -> Vec<Cause> {
    let Some(request) = &evidence.request else { return Vec::new() };
    let mut causes: Vec<Cause> = appended(&request.uri).into_iter().collect();
    if evidence.is_refused() {
        causes.extend(method(request));
        causes.extend(compressed(request));
        causes.extend(header_of_url(request));
        causes.extend(path(request));
        causes.extend(forwarded(request));
    }
    causes
}

/// Returns true for a suspect that is refuted if the secret signed the request as it was sent.
pub(super) fn is_refuted(cause: &Cause) -> bool {
    let is_of_sender = matches!(
        cause.name(),
        CauseName::PathPlus | CauseName::PathUnicode | CauseName::QueryParameter | CauseName::SecretWrong
    );
    is_of_sender && cause.certainty() == Certainty::Suspected
}

/// Returns true for a parameter that programs for mail and advertising append to links.
fn is_tracking(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "fbclid",
        "gclid",
        "gbraid",
        "wbraid",
        "dclid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "_hsenc",
        "_hsmi",
        "mkt_tok",
        "vero_id",
        "li_fat_id",
        "srsltid",
    ];
    name.starts_with("utm_") || NAMES.contains(&name)
}

/// Returns the cause if a presigned URL has parameters that were added after signing.
fn appended(uri: &str) -> Option<Cause> {
    let (_, query) = uri.split_once('?')?;
    let (before, after) = query.split_once("X-Amz-Signature=")?;
    let names = |query: &str| -> Vec<String> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split('=').next().unwrap_or_default().into()).collect()
    };
    // A signer that sorts the whole query writes the signed headers after the signature.
    let is_last = before.contains("X-Amz-SignedHeaders=");
    let after = after.split_once('&').map_or("", |(_, after)| after);
    let is_own = |name: &str| name.to_ascii_lowercase().starts_with("x-amz-") || name == "x-id";
    let mut found: Vec<String> = names(before).into_iter().filter(|name| is_tracking(name)).collect();
    found.extend(names(after).into_iter().filter(|name| is_tracking(name) || is_last && !is_own(name)));
    let first = found.first()?;
    let list = found.join(", ");
    let is_link = found.iter().any(|name| is_tracking(name));
    let fix = if is_link {
        alloc::format!(
            "Remove {list} from the URL: turn off the tracking of this link, or let a short link redirect to the URL."
        )
    } else {
        alloc::format!("Remove {list} from the URL, or add the parameters before signing.")
    };
    let detail = alloc::format!("appended after signing, as it seems: {list}");
    Some(
        Cause::new(CauseName::QueryParameter, Certainty::Suspected)
            .about(first)
            .with_detail(&detail)
            .with_fix(&fix),
    )
}

/// Returns the cause if a presigned URL is used for HEAD: most are signed for GET.
fn method(request: &SentRequest) -> Option<Cause> {
    let is_presigned = request.uri.contains("X-Amz-Signature=");
    (request.method == "HEAD" && is_presigned).then(|| {
        Cause::new(CauseName::Method, Certainty::Suspected)
            .with_detail("the URL is used for HEAD, and a presigned URL is valid for the method that was signed, mostly GET")
            .with_fix("Presign a URL for HEAD, or send GET with the header `Range: bytes=0-0`.")
    })
}

/// Returns the cause if a presigned URL has a signed header whose value is not in the text.
fn header_of_url(request: &SentRequest) -> Option<Cause> {
    let (_, list) = request.uri.split_once("X-Amz-SignedHeaders=").filter(|_| request.is_url)?;
    let list = decode(list.split('&').next().unwrap_or_default());
    let list = String::from_utf8_lossy(&list);
    let name = list.split(';').find(|name| *name != "host")?;
    let cause = Cause::new(CauseName::HeaderChanged, Certainty::Suspected).about(name);
    let fix = match name {
        "x-k8s-aws-id" => {
            "Get the token for the cluster that verifies it: this header is the cluster's name, which the \
                           cluster sends to STS."
                .into()
        }
        _ => alloc::format!("Send {name} with the URL, with the value that was signed."),
    };
    let detail =
        alloc::format!("the URL is valid only with the header {name}, whose value is not in the URL");
    Some(cause.with_detail(&detail).with_fix(&fix))
}

/// Returns the cause if the body was compressed, and the signer did not sign `Content-Encoding`.
fn compressed(request: &SentRequest) -> Option<Cause> {
    let encoding = request.header("content-encoding")?;
    let is_compression = ["gzip", "deflate", "br", "zstd"].contains(&encoding.trim());
    let is_signed = request.authorization()?.contains("content-encoding");
    (is_compression && !is_signed).then(|| {
        Cause::new(CauseName::PayloadChanged, Certainty::Suspected).about("content-encoding").with_detail(&alloc::format!(
            "the request has content-encoding:{encoding}, which is not signed: an HTTP client compressed the body after signing"
        )).with_fix("Turn off the compression of the HTTP client, or compress the body before signing.")
    })
}

/// Returns the suspects of the path, as it was sent.
fn path(request: &SentRequest) -> Vec<Cause> {
    let path = request.path();
    let suspected = |name, detail: &str| Cause::new(name, Certainty::Suspected).with_detail(detail);
    let mut causes = Vec::new();
    if path.contains('+') {
        causes.push(suspected(
            CauseName::PathPlus,
            "the path has a plus sign, which does not mean a space in a path",
        ));
    }
    let decoded = String::from_utf8_lossy(&decode(path)).into_owned();
    if decoded.chars().any(|character| matches!(character, '\u{300}'..='\u{36f}')) {
        causes.push(suspected(
            CauseName::PathUnicode,
            "the path has a combining character (NFD), and the signer may have composed it (NFC)",
        ));
    }
    if path.contains("//") {
        causes.push(merged("the path has //, which proxies merge"));
    }
    if path.contains(';') || path.contains("%3B") {
        causes.push(suspected(
            CauseName::PathParameters,
            "the path has a semicolon, after which proxies remove text",
        ));
    }
    causes
}

/// Returns the cause if a proxy passed the request on and names the host that it received.
fn forwarded(request: &SentRequest) -> Option<Cause> {
    let original = request.header("x-forwarded-host")?;
    let host = request.header("host").unwrap_or_default();
    let detail = alloc::format!(
        "the request has host:{host} and x-forwarded-host:{original}, so a proxy replaced the host"
    );
    let cause = Cause::new(CauseName::HostRewritten, Certainty::Suspected).about("host");
    (original != host).then(|| cause.with_detail(&detail))
}

/// Returns the cause of a path from which a proxy removed slashes, with the directives of nginx.
fn merged(detail: &str) -> Cause {
    Cause::new(CauseName::PathNormalized, Certainty::Suspected).with_detail(detail).with_fix(
        "Let the proxy pass the path as it was received; in nginx: merge_slashes off, and proxy_pass without a path after \
         the host.",
    )
}

/// Returns the cause if the log of a proxy or server has the path of the request, normalized.
pub(super) fn of_log(evidence: &Evidence) -> Option<Cause> {
    let request = evidence.request.as_ref()?;
    let sent = request.path();
    let plain = |path: &str| String::from_utf8_lossy(&decode(path)).into_owned();
    let target = plain(sent);
    let is_same = |path: &str| super::spelling::normalized(path) == super::spelling::normalized(&target);
    let received = evidence.logged.iter().find(|(method, path)| {
        let path = plain(path);
        *method == request.method && path != target && is_same(&path)
    });
    let (_, received) = received?;
    let cause = merged("the log of the proxy or server has the path that was received")
        .with_sides(super::mask::path(sent).as_bytes(), super::mask::path(received).as_bytes());
    Some(cause.with_certainty(Certainty::Observed))
}
