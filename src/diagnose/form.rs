//! Names the mistake in the policy of a form. Its Base64 text is the string to sign.
//!
//! Source: Amazon S3 API Reference, "Authenticating Requests in Browser-Based Uploads Using POST".

use alloc::string::{String, ToString};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Cause, CauseName, Certainty, Evidence};
use crate::credentials::SecretAccessKey;
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::verify::VerifyingKey;

/// Returns the cause if the service's string to sign is a policy. With the secret, the policy that was signed is searched
/// for among other spellings of the same policy.
pub(super) fn cause(evidence: &Evidence, secret: Option<&SecretAccessKey>) -> Option<Cause> {
    let received = evidence.theirs.to_sign.as_deref()?;
    let unbroken: String = received.split_whitespace().collect();
    let document = decode(&unbroken)?;
    if let Some(secret) = secret
        && let Some(detail) = signed(evidence, (received, &unbroken, &document), secret)
    {
        return Some(Cause::new(CauseName::FormPolicy, Certainty::Reproduced).with_detail(detail));
    }
    received.trim_end().contains('\n').then(|| {
        Cause::new(CauseName::FormPolicy, Certainty::Suspected)
            .with_detail("the Base64 of the policy has line breaks, which browsers send as CR LF")
            .with_fix("Encode the policy without line breaks: in Ruby with Base64.strict_encode64.")
    })
}

/// Returns a sentence about the spelling that the secret signed, if it is not the received one.
fn signed(
    evidence: &Evidence,
    (received, unbroken, document): (&str, &str, &str),
    secret: &SecretAccessKey,
) -> Option<&'static str> {
    let (id, scope) = credential(document)?;
    let scope = CredentialScope::parse(&scope).ok()?;
    let signature = Signature::parse(evidence.theirs.signature.as_deref()?.trim()).ok()?;
    let key = VerifyingKey::from_signing_key(id, &scope, SigningKey::derive(secret, &scope));
    let line_feeds = received.replace("\r\n", "\n");
    let carriage_returns = line_feeds.replace('\n', "\r\n");
    let spellings = [
        (
            line_feeds.as_str(),
            "the policy was signed with LF as line break, and the form was sent with CR LF",
        ),
        (
            line_feeds.trim_end(),
            "the policy was signed with LF as line break, and the form was sent with CR LF",
        ),
        (&carriage_returns, "the policy was signed with CR LF as line break, and the form was sent with LF"),
        (unbroken, "the policy was signed without line breaks, and the form was sent with them"),
        (document, "the JSON of the policy was signed, instead of its Base64 text"),
    ];
    if key.has_signed(received.as_bytes(), &signature) {
        return None;
    }
    let mut found = spellings.into_iter().filter(|(text, _)| key.has_signed(text.as_bytes(), &signature));
    found.next().map(|(_, detail)| detail)
}

fn decode(base64: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(base64).ok()?).ok()?;
    text.trim_start().starts_with('{').then_some(text)
}

/// Returns the access key id and the scope of the condition `x-amz-credential`.
fn credential(document: &str) -> Option<(String, String)> {
    let (_, rest) = document.split_once("x-amz-credential")?;
    let mut quoted = rest.split('"').filter(|text| text.matches('/').count() == 4);
    let (id, scope) = quoted.next()?.split_once('/')?;
    Some((id.to_string(), scope.to_string()))
}
