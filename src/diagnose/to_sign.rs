//! [`ToSign`]: the lines of a string to sign of either side, and the differences of two.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Cause, CauseName, Certainty};
use crate::time::Timestamp;

/// The four lines of a string to sign.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ToSign {
    pub(super) algorithm: String,
    pub(super) time: String,
    pub(super) scope: String,
    pub(super) digest: String,
}

impl ToSign {
    /// Splits a string to sign. Returns `None` if the text is not a string to sign.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let [algorithm, time, scope, digest] = lines.as_slice() else { return None };
        let owned = |line: &&str| String::from(*line);
        let to_sign = Self {
            algorithm: owned(algorithm),
            time: owned(time),
            scope: owned(scope),
            digest: owned(digest),
        };
        algorithm.starts_with("AWS4-").then_some(to_sign)
    }

    /// Joins the lines again.
    pub(super) fn to_text(&self) -> String {
        let Self { algorithm, time, scope, digest } = self;
        alloc::format!("{algorithm}\n{time}\n{scope}\n{digest}")
    }

    /// Returns the day, the region and the service. SigV4a has no region.
    pub(super) fn scope_parts(&self) -> [&str; 3] {
        let parts: Vec<&str> = self.scope.split('/').collect();
        match parts.as_slice() {
            [date, region, service, ..] if parts.len() > 3 => [date, region, service],
            [date, service, ..] => [date, "", service],
            _ => [""; 3],
        }
    }
}

/// Returns a cause for each of the first three lines that differs.
pub(super) fn compare(ours: &ToSign, theirs: &ToSign) -> Vec<Cause> {
    let observed = |name, ours: &str, theirs: &str| {
        Cause::new(name, Certainty::Observed).with_sides(ours.as_bytes(), theirs.as_bytes())
    };
    let mut causes = Vec::new();
    if ours.algorithm != theirs.algorithm {
        causes.push(observed(CauseName::Algorithm, &ours.algorithm, &theirs.algorithm));
    }
    let [our_date, our_region, our_service] = ours.scope_parts();
    let [their_date, their_region, their_service] = theirs.scope_parts();
    if our_region != their_region {
        let fix = alloc::format!("Sign for the region {their_region}.");
        causes.push(observed(CauseName::Region, our_region, their_region).with_fix(&fix));
    }
    if our_service != their_service {
        let fix = alloc::format!("Sign for the service {their_service}.");
        causes.push(observed(CauseName::Service, our_service, their_service).with_fix(&fix));
    }
    if ours.time != theirs.time {
        causes.push(observed(time_cause(&ours.time, &theirs.time), &ours.time, &theirs.time));
    } else if our_date != their_date {
        causes.push(observed(CauseName::ScopeDate, our_date, their_date));
    }
    causes
}

/// Names the difference of two times. A signer that reads the clock twice is a second off; a local
/// time is off by quarters of an hour.
fn time_cause(ours: &str, theirs: &str) -> CauseName {
    let (Ok(a), Ok(b)) = (Timestamp::parse(ours), Timestamp::parse(theirs)) else {
        return CauseName::StringToSign;
    };
    let difference = a.unix_seconds().abs_diff(b.unix_seconds());
    if difference <= 2 {
        CauseName::StringToSignTime
    } else if is_time_zone(difference) {
        CauseName::TimeZone
    } else {
        CauseName::StaleAnswer
    }
}

/// Returns true if a difference in seconds is that of a time zone, up to one minute.
pub(super) const fn is_time_zone(difference: u64) -> bool {
    const QUARTER: u64 = 15 * 60;
    let near = difference % QUARTER <= 60 || difference % QUARTER >= QUARTER - 60;
    near && difference >= 3600 - 60 && difference <= 14 * 3600 + 60
}
