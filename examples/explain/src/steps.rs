//! The four steps of a request, from its strings.

use sha2::{Digest, Sha256};

use crate::facts::{Facts, Place};
use crate::report::{Line, Step};
use crate::strings::Strings;
use crate::words::Part;
use crate::{Options, commands, lines, mask, strings};

/// Returns the steps; none if the request cannot be canonicalized. `signature` is that of the request, or of a new one.
pub(crate) fn of(strings: &Strings, facts: &Facts, signature: Option<&str>, options: &Options) -> Vec<Step> {
    let hash = |bytes: &[u8]| Some(hex::encode(Sha256::digest(bytes)));
    let is_sigv4a = facts.is_sigv4a();
    let Some(request) = &strings.canonical else { return Vec::new() };
    let canonical = request.as_bytes();
    let is_known = !strings.is_assumed;
    vec![
        Step {
            number: 1,
            name: "canonical request",
            bytes: Some(canonical.len()),
            sha256: hash(canonical).filter(|_| is_known),
            lines: lines::canonical_request(request, options.show_signature, is_known),
            command: commands::canonical_request(canonical).filter(|_| is_known),
        },
        Step {
            number: 2,
            name: "string to sign",
            bytes: Some(strings.to_sign.len()),
            sha256: None,
            lines: lines::string_to_sign(&strings.to_sign, is_sigv4a, is_known),
            command: commands::string_to_sign(&strings.to_sign).filter(|_| is_known),
        },
        Step {
            number: 3,
            name: "signing key",
            bytes: None,
            sha256: None,
            lines: lines::signing_key(&strings.to_sign, is_sigv4a),
            command: commands::signing_key(&strings.to_sign).filter(|_| !is_sigv4a),
        },
        Step {
            number: 4,
            name: "signature",
            bytes: None,
            sha256: None,
            lines: signature_lines(strings, facts, signature, options),
            command: commands::signature().filter(|_| !is_sigv4a && is_known),
        },
    ]
}

/// Returns the signature; if the secret gives another one than that of the request, returns both.
fn signature_lines(
    strings: &Strings,
    facts: &Facts,
    signature: Option<&str>,
    options: &Options,
) -> Vec<Line> {
    let is_hmac = facts.place != Place::None && !facts.is_sigv4a() && !strings.is_assumed;
    let secret = options.secret.as_ref().filter(|_| is_hmac);
    let computed = secret.and_then(|secret| strings::hmac(secret, &facts.scope, &strings.to_sign));
    if computed.is_some() && computed.as_deref() != signature {
        return lines::signatures(computed.as_deref(), signature, options.show_signature).into();
    }
    let part = if facts.is_sigv4a() { Part::SigV4aSignature } else { Part::Signature };
    let shown = signature.map(|digits| mask::signature(digits, options.show_signature));
    vec![lines::line(part, &shown.unwrap_or_else(|| "(needs the secret)".to_owned()))]
}
