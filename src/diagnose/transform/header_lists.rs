//! Other orders and lists of headers, other dates, headers that were removed.

use super::Scene;
use super::headers::values;
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;

/// Headers that were empty or absent when the request was signed.
pub(super) fn removed(scene: &Scene<'_>) -> Vec<Parts> {
    let names = scene.computed.headers.iter().map(|(name, _)| name.clone());
    names.filter(|name| name != "host").flat_map(|name| values(scene, &name, [])).collect()
}

pub(super) fn orders(scene: &Scene<'_>) -> Vec<Parts> {
    let sent: Vec<&str> = scene.request.headers().map(|(name, _)| name).collect();
    let position =
        |name: &str| sent.iter().position(|found| found.eq_ignore_ascii_case(name)).unwrap_or(sent.len());
    let mut wire = scene.computed.clone();
    wire.headers.sort_by_key(|(name, _)| position(name));
    let names: Vec<String> = wire.headers.iter().map(|(name, _)| name.clone()).collect();
    let listed = Parts { signed_headers: names.join(";"), ..wire.clone() };
    let original = |name: &String| {
        sent.iter()
            .find(|found| found.eq_ignore_ascii_case(name))
            .map_or_else(|| name.clone(), |found| (*found).into())
    };
    let mut cased = scene.computed.clone();
    cased.headers.iter_mut().for_each(|(name, _)| *name = original(name));
    let names: Vec<String> = cased.headers.iter().map(|(name, _)| name.clone()).collect();
    let both = Parts { signed_headers: names.join(";"), ..cased.clone() };
    let mut by_case = cased.clone();
    by_case.headers.sort();
    by_case.headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
    let names: Vec<String> = by_case.headers.iter().map(|(name, _)| name.clone()).collect();
    let by_case_listed = Parts { signed_headers: names.join(";"), ..by_case.clone() };
    let mut all = alloc::vec![wire, listed, cased, both, by_case, by_case_listed];
    all.retain(|parts| *parts != *scene.computed);
    all
}

/// Canonical headers and lists of other headers than the Authorization header names.
pub(super) fn lists(scene: &Scene<'_>) -> Vec<Parts> {
    let mut every: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, value) in
        scene.request.headers().filter(|(name, _)| !name.eq_ignore_ascii_case("authorization"))
    {
        every.push((name.to_ascii_lowercase(), spelling::folded(value)));
    }
    every.sort();
    every.dedup_by(|later, first| later.0 == first.0);
    let names: Vec<String> = every.iter().map(|(name, _)| name.clone()).collect();
    let more = Parts { headers: every, ..scene.computed.clone() };
    let listed = Parts { signed_headers: names.join(";"), ..more.clone() };
    let mut all = alloc::vec![more, listed];
    for name in scene.computed.names() {
        let fewer: Vec<&str> = scene.computed.names().filter(|other| *other != name).collect();
        all.push(Parts { signed_headers: fewer.join(";"), ..scene.computed.clone() });
        all.push(Parts { signed_headers: fewer.join(";"), ..scene.computed.with_header(name, None) });
    }
    for separator in [",", " ", "; "] {
        all.push(Parts {
            signed_headers: scene.computed.signed_headers.replace(';', separator),
            ..scene.computed.clone()
        });
    }
    all.retain(|parts| *parts != *scene.computed);
    all
}

/// Date headers of a clock that was read twice, or in another format.
pub(super) fn dates(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = Vec::new();
    for name in ["x-amz-date", "date"] {
        let value = scene.computed.header(name).and_then(|value| core::str::from_utf8(value).ok());
        let Some(time) = value.and_then(|value| Timestamp::parse(value).ok()) else { continue };
        for seconds in [-2, -1, 1, 2] {
            let other = Timestamp::from_unix_seconds(time.unix_seconds() + seconds);
            all.extend(
                other.ok().map(|other| scene.computed.with_header(name, Some(other.as_str().as_bytes()))),
            );
        }
        all.push(scene.computed.with_header(name, Some(time.date().as_bytes())));
        all.push(scene.computed.with_header(name, Some(time.extended().as_bytes())));
        all.extend(http_date(time).map(|date| scene.computed.with_header(name, Some(date.as_bytes()))));
    }
    all
}

/// Writes a time as HTTP does: `Fri, 24 May 2013 00:00:00 GMT`.
fn http_date(time: Timestamp) -> Option<String> {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = time.extended();
    let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..10)?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    // The first day of the Unix time was a Thursday.
    let weekday = DAYS.get(usize::try_from(time.unix_seconds().div_euclid(86_400).rem_euclid(7)).ok()?)?;
    Some(alloc::format!("{weekday}, {day} {month} {year} {} GMT", text.get(11..19)?))
}
