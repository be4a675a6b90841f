//! Answers that are not about the signature: redirects, policies, clocks, keys.

use alloc::vec::Vec;

use super::evidence::{Answer, SentRequest};
use super::to_sign::is_time_zone;
use super::{Cause, CauseName, Certainty, Evidence};
use crate::time::Timestamp;

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

/// Returns the causes that the answer states itself, other than a signature that does not match.
pub(super) fn causes(evidence: &Evidence) -> Vec<Cause> {
    let answer = &evidence.answer;
    let message = answer.message.as_deref().unwrap_or_default();
    let reported = |name| Cause::new(name, Certainty::Reported);
    if answer.has_code(&["SignatureDoesNotMatch", "InvalidSignature"]) {
        return expired_signature(answer, message).or_else(|| scope(evidence, message)).into_iter().collect();
    }
    if answer.is_cors {
        return alloc::vec![reported(CauseName::Cors)];
    }
    if let Some(cause) = bucket_region(evidence) {
        return alloc::vec![cause];
    }
    if let Some(cause) =
        clock(answer, message).or_else(|| denied(evidence, message)).or_else(|| malformed(evidence, message))
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

/// Temporary credentials without their token: the service does not find such a key alone.
fn token_missing(evidence: &Evidence) -> Option<Cause> {
    let request = evidence.request.as_ref()?;
    (request.is_temporary() && !request.has_token()).then(|| {
        Cause::new(CauseName::TokenMissing, Certainty::Reported).with_detail(
            "the access key id begins with ASIA, so it is temporary, and the request has no x-amz-security-token",
        )
    })
}

/// The region of the bucket in a header, which S3 sends also where the answer has no body.
fn bucket_region(evidence: &Evidence) -> Option<Cause> {
    let answer = &evidence.answer;
    let region = answer.bucket_region.as_deref().filter(|_| answer.code.is_none())?;
    let request = evidence.request.as_ref();
    let signed = request
        .and_then(SentRequest::credential)
        .and_then(|credential| credential.split('/').nth(2).map(alloc::string::String::from));
    let cause = Cause::new(CauseName::Region, Certainty::Reported).about("x-amz-bucket-region");
    let cause = match &signed {
        Some(signed) if signed == region => return None,
        Some(signed) => cause.with_sides(signed.as_bytes(), region.as_bytes()),
        None if answer.status == Some(400) => cause,
        None => return None,
    };
    let host = request.and_then(|request| request.header("host")).unwrap_or_default();
    let to = match regional(host, region) {
        Some(host) => alloc::format!("send the request to {host}"),
        None => "send the request to the endpoint of this region".into(),
    };
    Some(cause.with_fix(&alloc::format!("Sign for the region {region}, and {to}.")))
}

/// Returns the host of S3 in the region, with the bucket of this host.
fn regional(host: &str, region: &str) -> Option<alloc::string::String> {
    let name = host.strip_suffix(".amazonaws.com")?;
    let is_s3 = |label: &str| label == "s3" || label.starts_with("s3-");
    let labels: Vec<&str> = name.split('.').collect();
    let at = labels.iter().rposition(|label| is_s3(label))?;
    let bucket = labels.get(..at)?.join(".");
    let dot = if bucket.is_empty() { "" } else { "." };
    Some(alloc::format!("{bucket}{dot}s3.{region}.amazonaws.com"))
}

/// An error that is not about the signature, or a text that is not an answer at all.
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
                let name = super::payload::cause(signed, received);
                Cause::new(name, Certainty::Reported).with_sides(signed.as_bytes(), received.as_bytes())
            }
            _ => cause,
        },
        _ => cause,
    }
}

/// "Signature expired: T is now earlier than U": services other than S3 report a clock so.
fn expired_signature(_: &Answer, message: &str) -> Option<Cause> {
    let is_late = message.contains("Signature expired");
    if !is_late && !message.contains("Signature not yet current") {
        return None;
    }
    let mut times = message
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter_map(|word| Timestamp::parse(word).ok());
    let (ours, theirs) = (times.next(), times.next_back());
    Some(skew(ours, theirs))
}

fn skew(ours: Option<Timestamp>, theirs: Option<Timestamp>) -> Cause {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return Cause::new(CauseName::ClockSkew, Certainty::Reported);
    };
    let difference = ours.unix_seconds().abs_diff(theirs.unix_seconds());
    let name = if is_time_zone(difference) { CauseName::TimeZone } else { CauseName::ClockSkew };
    let direction = if ours.unix_seconds() < theirs.unix_seconds() { "behind" } else { "ahead of" };
    let offset = match (name, difference / 60 % 60) {
        (CauseName::TimeZone, 0) => {
            alloc::format!(": {} hours, the offset of a time zone", difference / 3600)
        }
        (CauseName::TimeZone, minutes) => {
            alloc::format!(": {} hours and {minutes} minutes, the offset of a time zone", difference / 3600)
        }
        _ => alloc::string::String::new(),
    };
    let detail =
        alloc::format!("the signer's clock is {difference} seconds {direction} the service's{offset}");
    Cause::new(name, Certainty::Reported)
        .with_sides(ours.as_str().as_bytes(), theirs.as_str().as_bytes())
        .with_detail(&detail)
}

/// A time that the service refused.
fn clock(answer: &Answer, message: &str) -> Option<Cause> {
    if let Some(cause) = expired_signature(answer, message) {
        return Some(cause);
    }
    if !answer.has_code(&["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
        && !message.contains("too large")
    {
        return None;
    }
    let parse = |time: &Option<alloc::string::String>| time.as_deref().and_then(time_of);
    let cause = skew(parse(&answer.request_time), parse(&answer.server_time));
    Some(match &answer.earlier {
        Some(earlier) if cause.name() == CauseName::ClockSkew => cause
            .with_detail(&alloc::format!(
                "the text has an earlier answer {earlier}, so the request was sent more than once"
            ))
            .with_fix(
                "Sign at each attempt, directly before sending: a stored signature is too old after 15 minutes. If the first \
                 attempt is refused too, synchronize the clock (NTP).",
            ),
        _ => cause,
    })
}

fn time_of(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|_| Timestamp::parse_rfc3339(text)).ok()
}

/// The cases of `AccessDenied`: S3 uses it for policies, for URLs, for headers and for forms.
fn denied(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let reported = |name| Cause::new(name, Certainty::Reported);
    if let Some(names) = &answer.headers_not_signed {
        let first = names.split([',', ' ']).next().unwrap_or_default();
        let fix = alloc::format!("Add {names} before signing, or do not send it.");
        return Some(reported(CauseName::HeaderNotSigned).about(first).with_fix(&fix));
    }
    let is_denied = answer.has_code(&["AccessDenied", "AllAccessDisabled", "AccountProblem"]);
    if let Some((_, field)) = message.split_once("Extra input fields: ") {
        return Some(reported(CauseName::FormField).about(field.trim()));
    }
    if message.contains("Policy Condition failed") || message.contains("Invalid according to Policy") {
        return Some(reported(CauseName::FormCondition).with_detail(message));
    }
    if message.contains("Request has expired") || message.contains("Policy expired") {
        return Some(reported(CauseName::ExpiredUrl));
    }
    if message.contains("Request is not yet valid") || message.contains("not valid yet") {
        return Some(reported(CauseName::NotYetValid));
    }
    if message.contains("Missing Authentication Token") || message.contains("Anonymous access is forbidden") {
        return Some(reported(CauseName::NoSignature));
    }
    if message.contains("security token included in the request is expired") {
        return Some(reported(CauseName::ExpiredToken));
    }
    if message.contains("headers present in the request which were not signed") {
        return Some(reported(CauseName::HeaderNotSigned));
    }
    if message == "Forbidden" || message.contains("is not authorized to perform") {
        return Some(reported(CauseName::AccessDenied));
    }
    is_denied.then(|| reported(CauseName::AccessDenied))
}

/// A region or a service that the service states.
fn scope(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let is_scope = message.contains("is wrong; expecting")
        || message.contains("should be scoped to a valid")
        || message.contains("scoped to correct service");
    if !is_scope {
        return None;
    }
    let is_service = message.contains("correct service") || message.contains("service '");
    let cause =
        Cause::new(if is_service { CauseName::Service } else { CauseName::Region }, Certainty::Reported);
    Some(match (&answer.region, is_service) {
        (Some(region), false) => cause.with_fix(&alloc::format!("Sign for the region {region}.")),
        _ => match global(evidence).filter(|_| !is_service) {
            Some(fix) => cause.with_detail(message).with_fix(&fix),
            None => cause.with_detail(message),
        },
    })
}

/// Names the region of a global endpoint, if the request states its scope and its host.
fn global(evidence: &Evidence) -> Option<alloc::string::String> {
    const GLOBAL: &[&str] = &["sts", "iam", "cloudfront", "route53"];
    let sent = evidence.request.as_ref().map(SentRequest::to_message).unwrap_or_default();
    let texts = [sent.as_str(), &evidence.hidden];
    let region = texts.iter().find_map(|text| {
        let (_, credential) = text.split_once("Credential=")?;
        credential.replace("%2F", "/").split('/').nth(2).map(alloc::string::String::from)
    })?;
    let names = |service: &&&str| {
        let host = alloc::format!("{service}.amazonaws.com");
        texts.iter().any(|text| text.contains(&host))
    };
    let service = GLOBAL.iter().find(names)?;
    (region != "us-east-1").then(|| match *service {
        "sts" => alloc::format!(
            "Send the request to sts.{region}.amazonaws.com, and sign that host; or sign for us-east-1, the region of \
             the global endpoint sts.amazonaws.com."
        ),
        _ => alloc::format!("Sign for us-east-1, the region of the global endpoint {service}.amazonaws.com."),
    })
}

/// The codes about the form of a signature.
fn malformed(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let reported = |name| Cause::new(name, Certainty::Reported);
    if let Some(cause) = scope(evidence, message) {
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
