//! Causes that a pasted text shows itself: a URL that is cut off, Signature Version 2, temporary keys
//! without a token.

use alloc::vec::Vec;

use super::evidence::PastedUrl;
use super::{Cause, CauseName, Certainty, Evidence};

/// Returns the causes that are visible in the text.
pub(super) fn causes(evidence: &Evidence) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let Some(url) = &evidence.url {
        causes.extend(of_url(url).filter(|cause| !is_markup(evidence, cause.name())));
    }
    if causes.is_empty() && is_version_2(evidence) {
        causes.push(Cause::new(CauseName::SignatureVersion2, Certainty::Observed));
    }
    causes.extend(of_credential(evidence));
    causes
}

/// Returns true if the entities belong to the page from which the URL was copied: the service received the credential.
fn is_markup(evidence: &Evidence, name: CauseName) -> bool {
    let received = evidence.answer.access_key_id.is_some() || evidence.theirs.canonical.is_some();
    name == CauseName::UrlHtmlEscaped && received
}

fn of_url(url: &PastedUrl) -> Option<Cause> {
    let observed = |name| Cause::new(name, Certainty::Observed);
    if url.is_version_2 {
        return Some(observed(CauseName::SignatureVersion2));
    }
    if url.is_html_escaped {
        return Some(observed(CauseName::UrlHtmlEscaped));
    }
    if url.is_encoded_again {
        return Some(observed(CauseName::UrlEncodedAgain));
    }
    match url.signature_len {
        Some(length) if length >= 64 => None,
        Some(length) => {
            let detail = alloc::format!("the signature has {length} of 64 digits");
            Some(observed(CauseName::UrlCutOff).with_detail(&detail))
        }
        None => Some(observed(CauseName::UrlCutOff).with_detail("X-Amz-Signature is missing")),
    }
}

/// Returns true if the service's string to sign is that of Version 2: method, MD5, type, date, resource.
fn is_version_2(evidence: &Evidence) -> bool {
    let to_sign = evidence.theirs.to_sign.as_deref().unwrap_or_default();
    let method = to_sign.lines().next().unwrap_or_default();
    let is_method = matches!(method, "GET" | "PUT" | "POST" | "HEAD" | "DELETE" | "OPTIONS");
    let in_request = evidence.request.as_ref().and_then(|request| request.header("authorization"));
    is_method || in_request.is_some_and(|value| value.starts_with("AWS "))
}

/// Temporary credentials have an id that begins with `ASIA`, and a token.
fn of_credential(evidence: &Evidence) -> Option<Cause> {
    let observed =
        |detail: &str| Cause::new(CauseName::TokenMissing, Certainty::Observed).with_detail(detail);
    if let Some(url) = &evidence.url {
        let is_temporary = url.credential.as_deref().is_some_and(|credential| credential.starts_with("ASIA"));
        return (is_temporary && !url.has_token && url.signature_len == Some(64))
            .then(|| observed("the URL has no X-Amz-Security-Token"));
    }
    let id = evidence.answer.access_key_id.as_deref()?;
    let parts = evidence.their_parts()?;
    let has_token =
        parts.header("x-amz-security-token").or_else(|| parts.header("x-amz-s3session-token")).is_some()
            || parts.query.contains("X-Amz-Security-Token=")
            || parts.query.contains("X-Amz-S3session-Token=");
    (id.starts_with("ASIA") && !has_token).then(|| observed("the canonical request has no session token"))
}
