//! Answers about the time: a clock that is wrong, a time zone, a signature that was stored.

use alloc::string::String;

use crate::diagnose::evidence::Answer;
use crate::diagnose::to_sign::is_time_zone;
use crate::diagnose::{Cause, CauseName, Certainty};
use crate::time::Timestamp;

/// Returns the cause of "Signature expired: T is now earlier than U", which services other than S3 send.
pub(super) fn expired_signature(message: &str) -> Option<Cause> {
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

/// Compares the signer's time with the service's.
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
        _ => String::new(),
    };
    let detail =
        alloc::format!("the signer's clock is {difference} seconds {direction} the service's{offset}");
    Cause::new(name, Certainty::Reported)
        .with_sides(ours.as_str().as_bytes(), theirs.as_str().as_bytes())
        .with_detail(&detail)
}

/// Returns the cause if the service refused the time of the request.
pub(super) fn cause(answer: &Answer, message: &str) -> Option<Cause> {
    if let Some(cause) = expired_signature(message) {
        return Some(cause);
    }
    if !answer.has_code(&["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
        && !message.contains("too large")
    {
        return None;
    }
    let parse = |time: &Option<String>| time.as_deref().and_then(time_of);
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
