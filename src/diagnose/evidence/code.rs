//! The error code of an answer: in an element, in a field, in an exception or in a log.

use alloc::string::{String, ToString};

use super::scan;

/// The codes that are recognized in the message of an exception or in a log.
pub(super) const CODES: &[&str] = &[
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "InvalidSignature",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "XAmzContentSHA256Mismatch",
    "RequestTimeTooSkewed",
    "RequestExpired",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "ExpiredToken",
    "ExpiredTokenException",
    "TokenRefreshRequired",
    "InvalidToken",
    "MissingAuthenticationTokenException",
    "MissingAuthenticationToken",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "PermanentRedirect",
    "TemporaryRedirect",
    "IllegalLocationConstraintException",
    "NoSuchBucket",
    "NoSuchKey",
    "InvalidBucketName",
    "SlowDown",
    "ThrottlingException",
    "AccessDenied",
    "AccessDeniedException",
    "BadDigest",
];

/// Returns the error code of the last answer, from elements and fields or from words of exceptions.
pub(super) fn find(views: &[String], get: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let is_code = |code: &String| !code.is_empty() && code.len() < 100 && !code.contains([' ', '\n']);
    let of = |name: &str| get(name).filter(is_code);
    let in_exception = || {
        views.iter().find_map(|view| {
            let is_word = |character: char| character.is_ascii_alphanumeric();
            ["An error occurred (", "Error Code: ", "api error ", "errorCode="]
                .iter()
                .find_map(|prefix| scan::word_after(view, prefix, is_word))
                .map(ToString::to_string)
        })
    };
    let known = || {
        let at = |code: &&&str| views.iter().any(|view| view.contains(**code));
        CODES.iter().find(at).map(ToString::to_string)
    };
    // A log can have the answers of earlier attempts.
    let last = || views.iter().find_map(|view| last_code(view));
    last()
        .or_else(|| of("Code"))
        .or_else(|| of("__type"))
        .or_else(|| of("code"))
        .or_else(|| of("x-amzn-ErrorType"))
        .or_else(in_exception)
        .or_else(known)
        .or_else(|| phrase(views))
}

/// Returns the code of the signature, if an element with another code precedes it.
fn last_code(view: &str) -> Option<String> {
    let (first, last) = (view.find("<Code>")?, view.rfind("SignatureDoesNotMatch")?);
    let is_signature = view.get(first..)?.starts_with("<Code>SignatureDoesNotMatch");
    (last > first && !is_signature).then(|| "SignatureDoesNotMatch".to_string())
}

/// Returns the code that services send with a message. Some exceptions show the message alone.
fn phrase(views: &[String]) -> Option<String> {
    const PHRASES: &[(&str, &str)] = &[
        ("signature we calculated does not match", "SignatureDoesNotMatch"),
        ("does not exist in our records", "InvalidAccessKeyId"),
        ("security token included in the request is invalid", "UnrecognizedClientException"),
        ("security token included in the request is expired", "ExpiredToken"),
        ("provided token has expired", "ExpiredToken"),
        ("request time and the current time is too large", "RequestTimeTooSkewed"),
        ("must be addressed using the specified endpoint", "PermanentRedirect"),
        ("reduce your request rate", "SlowDown"),
        ("specified bucket does not exist", "NoSuchBucket"),
        ("specified key does not exist", "NoSuchKey"),
        ("Access Denied", "AccessDenied"),
    ];
    let text = views.first()?;
    PHRASES.iter().find(|(phrase, _)| text.contains(phrase)).map(|(_, code)| (*code).into())
}

/// Returns each element `Code`, with its start.
pub(super) fn elements(view: &str) -> impl Iterator<Item = (usize, &str)> {
    view.match_indices("<Code>").filter_map(move |(start, tag)| {
        let (code, _) = view.get(start + tag.len()..)?.split_once("</Code>")?;
        (code.len() < 100).then_some((start, code))
    })
}

/// Returns the text from the last refusal on, if the text has answers with different codes. An answer that asks for a later
/// attempt is not a refusal.
pub(super) fn last_refusal(view: &str) -> &str {
    const LATER: &[&str] =
        &["SlowDown", "ServiceUnavailable", "InternalError", "Throttling", "RequestTimeout"];
    let refusals = elements(view).filter(|(_, code)| !LATER.contains(code));
    let Some((start, last)) = refusals.last() else { return view };
    if elements(view).all(|(_, code)| code == last) {
        return view;
    }
    view.get(start..).unwrap_or(view)
}
