//! Answers that are not about the signature: redirects, policies, clocks, keys.

mod clock;
mod scope;

use alloc::vec::Vec;

use super::evidence::Answer;
use super::{Cause, CauseName, Certainty, Evidence};

/// Codes with the cause that they report.
const CODES: &[(&[&str], CauseName)] = &[
    (
        &[
            "PermanentRedirect",
            "TemporaryRedirect",
            "Redirect",
            "IllegalLocationConstraint",
            "BucketRegionError",
        ],
        CauseName::Redirect,
    ),
    (&["InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClient"], CauseName::UnknownAccessKey),
    (&["ExpiredToken", "TokenRefreshRequired"], CauseName::ExpiredToken),
    (&["InvalidToken", "InvalidSecurity"], CauseName::InvalidToken),
    (&["MissingAuthenticationToken", "MissingSecurityHeader"], CauseName::NoSignature),
    (
        &["SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded"],
        CauseName::Throttled,
    ),
    (&["NoSuchBucket", "NoSuchKey", "NotFound"], CauseName::NotFound),
    (&["InvalidBucketName"], CauseName::BucketName),
    (&["XAmzContentSHA256Mismatch", "BadDigest"], CauseName::PayloadChanged),
    (&["InvalidURI", "MethodNotAllowed", "RequestHeaderSectionTooLarge"], CauseName::MalformedRequest),
];

/// Sentences of messages with the cause that they report, whatever the code.
const MESSAGES: &[(&str, CauseName)] = &[
    ("Request has expired", CauseName::ExpiredUrl),
    ("Policy expired", CauseName::ExpiredForm),
    ("Request is not yet valid", CauseName::NotYetValid),
    ("not valid yet", CauseName::NotYetValid),
    ("Missing Authentication Token", CauseName::NoSignature),
    ("Anonymous access is forbidden", CauseName::NoSignature),
    ("security token included in the request is expired", CauseName::ExpiredToken),
    ("headers present in the request which were not signed", CauseName::HeaderNotSigned),
    ("is not authorized to perform", CauseName::AccessDenied),
];

/// Returns the causes that the answer states itself, other than a signature that does not match.
pub(super) fn causes(evidence: &Evidence) -> Vec<Cause> {
    let answer = &evidence.answer;
    let message = answer.message.as_deref().unwrap_or_default();
    let reported = |name| Cause::new(name, Certainty::Reported);
    if answer.has_code(&["SignatureDoesNotMatch", "InvalidSignature"]) {
        return clock::expired_signature(message)
            .or_else(|| scope::of_message(evidence, message))
            .into_iter()
            .collect();
    }
    if answer.is_cors {
        return alloc::vec![reported(CauseName::Cors)];
    }
    if let Some(cause) = scope::of_bucket(evidence) {
        return alloc::vec![cause];
    }
    if let Some(cause) = clock::cause(answer, message)
        .or_else(|| denied(evidence, message))
        .or_else(|| malformed(evidence, message))
    {
        return alloc::vec![cause];
    }
    let by_code = CODES.iter().find(|(codes, _)| answer.has_code(codes)).map(|(_, name)| *name);
    let by_status = || match answer.status {
        Some(301 | 307 | 308) => Some(CauseName::Redirect),
        _ => None,
    };
    if matches!(by_code, Some(CauseName::UnknownAccessKey | CauseName::InvalidToken))
        && let Some(cause) = token_missing(evidence)
    {
        return alloc::vec![cause];
    }
    let Some(name) = by_code.or_else(by_status).or_else(|| unknown(evidence)) else { return Vec::new() };
    let cause = with_facts(reported(name), answer);
    // A text that is not recognized does not show who answered.
    let is_guess = name == CauseName::NotAws && !answer.is_html;
    alloc::vec![if is_guess { cause.with_certainty(Certainty::Suspected) } else { cause }]
}

/// Returns the cause if temporary credentials have no token. The service does not find the key of such credentials alone.
fn token_missing(evidence: &Evidence) -> Option<Cause> {
    let request = evidence.request.as_ref()?;
    (request.is_temporary() && !request.has_token()).then(|| {
        Cause::new(CauseName::TokenMissing, Certainty::Reported).with_detail(
            "the access key id begins with ASIA, so it is temporary, and the request has no x-amz-security-token",
        )
    })
}

/// Returns the cause of an error that is not about the signature, or of a text that is not an answer.
fn unknown(evidence: &Evidence) -> Option<CauseName> {
    let answer = &evidence.answer;
    let has_more = evidence.url.is_some() || evidence.request.is_some() || evidence.ours.canonical.is_some();
    let has_steps = evidence.theirs.canonical.is_some() || evidence.theirs.to_sign.is_some();
    match &answer.code {
        _ if has_steps => None,
        Some(_) => Some(CauseName::OtherError),
        None if answer.is_html || !has_more => Some(CauseName::NotAws),
        None => None,
    }
}

/// Adds what the answer states: the region, the endpoint, the hashes.
fn with_facts(cause: Cause, answer: &Answer) -> Cause {
    match (cause.name(), &answer.region, &answer.endpoint) {
        (CauseName::Redirect, Some(region), _) => cause
            .with_fix(&alloc::format!("Sign for the region {region}, and send the request to its endpoint.")),
        (CauseName::Redirect, None, Some(endpoint)) => {
            let endpoint = endpoint.split('?').next().unwrap_or_default();
            cause.with_fix(&alloc::format!("Sign for {endpoint}, and send the request there."))
        }
        (CauseName::PayloadChanged, ..) => match (&answer.signed_hash, &answer.received_hash) {
            (Some(signed), Some(received)) => {
                let name = crate::diagnose::payload::cause(signed, received);
                Cause::new(name, Certainty::Reported).with_sides(signed.as_bytes(), received.as_bytes())
            }
            _ => cause,
        },
        _ => cause,
    }
}

/// Returns the cause of an `AccessDenied`, which S3 uses for policies, URLs, headers and forms.
fn denied(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let reported = |name| Cause::new(name, Certainty::Reported);
    if let Some(names) = &answer.headers_not_signed {
        let first = names.split([',', ' ']).next().unwrap_or_default();
        let fix = alloc::format!("Add {names} before signing, or do not send it.");
        return Some(reported(CauseName::HeaderNotSigned).about(first).with_fix(&fix));
    }
    if let Some((_, field)) = message.split_once("Extra input fields: ") {
        return Some(reported(CauseName::FormField).about(field.trim()));
    }
    if let Some((_, name)) = MESSAGES.iter().find(|(sentence, _)| message.contains(sentence)) {
        return Some(reported(*name));
    }
    if message.contains("Policy Condition failed") || message.contains("Invalid according to Policy") {
        return Some(reported(CauseName::FormCondition).with_detail(message));
    }
    let is_denied =
        message == "Forbidden" || answer.has_code(&["AccessDenied", "AllAccessDisabled", "AccountProblem"]);
    is_denied.then(|| reported(CauseName::AccessDenied))
}

/// Returns the cause if the service reports the form of the signature.
fn malformed(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let reported = |name| Cause::new(name, Certainty::Reported);
    if let Some(cause) = scope::of_message(evidence, message) {
        return Some(cause);
    }
    if message.contains("Please use AWS4-HMAC-SHA256")
        || message.contains("authorization mechanism you have provided is not supported")
    {
        return Some(reported(CauseName::SignatureVersion2));
    }
    if message.contains("Only one auth mechanism allowed") {
        return Some(reported(CauseName::TwoSignatures));
    }
    if answer.has_code(&[
        "AuthorizationHeaderMalformed",
        "AuthorizationQueryParametersError",
        "IncompleteSignature",
    ]) {
        return Some(match &answer.region {
            Some(region) => {
                reported(CauseName::Region).with_fix(&alloc::format!("Sign for the region {region}."))
            }
            None => reported(CauseName::AuthorizationMalformed).with_detail(message),
        });
    }
    if message.contains("x-amz-content-sha256") && !message.contains("SignedHeaders=") {
        return Some(reported(CauseName::PayloadHeader));
    }
    None
}
