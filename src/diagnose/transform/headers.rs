//! Other header lines.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Scene;
use crate::canonical::percent;
use crate::diagnose::header::{is_tracing, is_volatile};
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;
use crate::payload::ReceivedBody;
use crate::time::Timestamp;

/// Returns the parts with each of these values, with an empty value, and without the line.
fn values<'v>(scene: &Scene<'_>, name: &str, values: impl IntoIterator<Item = &'v [u8]>) -> Vec<Parts> {
    let Some(current) = scene.computed.header(name) else { return Vec::new() };
    let all = values.into_iter().map(Some).chain([Some(&b""[..]), None]);
    all.filter(|value| *value != Some(current)).map(|value| scene.computed.with_header(name, value)).collect()
}

pub(super) fn content_types(scene: &Scene<'_>) -> Vec<Parts> {
    const TYPES: &[&str] = &[
        "application/octet-stream",
        "binary/octet-stream",
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/html",
        "text/csv",
        "application/xml",
        "text/xml",
        "image/png",
        "image/jpeg",
        "image/jpg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "audio/mpeg",
        "application/pdf",
        "application/zip",
        "multipart/form-data",
        "application/x-amz-json-1.0",
        "application/x-amz-json-1.1",
        "*/*",
        "undefined",
        "null",
        "text/javascript",
    ];
    const CHARSETS: &[&str] = &["; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"];
    let Some(current) = scene.computed.header("content-type") else { return Vec::new() };
    let current = String::from_utf8_lossy(current).into_owned();
    let plain = current.split(';').next().unwrap_or_default().trim().to_string();
    let mut all: Vec<String> = alloc::vec![plain.clone(), current.to_ascii_lowercase()];
    all.extend(CHARSETS.iter().map(|charset| alloc::format!("{plain}{charset}")));
    for known in TYPES {
        all.push((*known).into());
        all.extend(CHARSETS.iter().map(|charset| alloc::format!("{known}{charset}")));
    }
    values(scene, "content-type", all.iter().map(String::as_bytes))
}

pub(super) fn content_lengths(scene: &Scene<'_>) -> Vec<Parts> {
    let length = match scene.body {
        ReceivedBody::Bytes(body) => body.len().to_string(),
        _ => String::new(),
    };
    let decoded = scene.header("x-amz-decoded-content-length").unwrap_or_default();
    let received = scene.computed.header("content-length").and_then(|value| core::str::from_utf8(value).ok());
    let received: Option<u64> = received.and_then(|value| value.parse().ok());
    let near: Vec<String> = received
        .into_iter()
        .flat_map(|length| [length.saturating_sub(1), length.saturating_add(1)])
        .map(|length| length.to_string())
        .collect();
    let all = [length.as_bytes(), b"0", b"-1", decoded.as_bytes()]
        .into_iter()
        .chain(near.iter().map(String::as_bytes));
    values(scene, "content-length", all)
}

pub(super) fn transfer_encodings(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = values(scene, "transfer-encoding", [&b"chunked"[..], b"identity"]);
    // Both lengths: one of them was replaced on the way.
    for parts in content_lengths(scene) {
        all.push(parts.with_header("transfer-encoding", Some(b"")));
        all.push(parts.with_header("transfer-encoding", Some(b"chunked")));
        all.push(parts.with_header("transfer-encoding", None));
    }
    if scene.computed.header("transfer-encoding").is_none() {
        all.clear();
    }
    all
}

/// Tracing headers with their first value only, twice, or not at all.
pub(super) fn tracing(scene: &Scene<'_>) -> Vec<Parts> {
    let names: Vec<String> = scene.computed.names().filter(|name| is_tracing(name)).map(Into::into).collect();
    let mut all = Vec::new();
    for name in &names {
        let value = scene.computed.header(name).unwrap_or_default().to_vec();
        let members: Vec<&[u8]> =
            value.split(|byte| *byte == b',').map(|member| member.trim_ascii()).collect();
        let twice = [&value[..], b",", &value[..]].concat();
        let spaced = [&value[..], b", ", &value[..]].concat();
        let first = members.first().copied().unwrap_or_default();
        let last = members.last().copied().unwrap_or_default();
        all.extend(values(scene, name, [&twice[..], &spaced, first, last]));
    }
    if names.len() > 1 {
        let none = names.iter().fold(scene.computed.clone(), |parts, name| parts.with_header(name, None));
        let empty =
            names.iter().fold(scene.computed.clone(), |parts, name| parts.with_header(name, Some(b"")));
        all.extend([none, empty]);
    }
    all
}

/// The values that clients send of the headers that proxies change.
pub(super) fn volatile(scene: &Scene<'_>) -> Vec<Parts> {
    const VALUES: &[(&str, &[&str])] = &[
        (
            "accept-encoding",
            &[
                "identity",
                "gzip",
                "gzip, deflate",
                "gzip, deflate, br",
                "gzip, deflate, br, zstd",
                "gzip,deflate",
                "gzip, br",
                "amz-sdk-invocation-id",
                "*",
                "br",
                "gzip;q=1.0, *;q=0.5",
                "deflate",
            ],
        ),
        ("connection", &["keep-alive", "Keep-Alive", "close", "upgrade", "Upgrade", "TE"]),
        ("expect", &["100-continue", "100-Continue"]),
        ("te", &["trailers"]),
        ("accept", &["*/*", "application/json", "application/json, text/plain, */*", "text/html"]),
        ("cache-control", &["no-cache", "no-store", "max-age=0", "no-cache, no-store"]),
        ("pragma", &["no-cache"]),
        ("upgrade", &["h2c", "websocket"]),
        ("accept-language", &["*", "en", "en-US,en;q=0.9", "en-US"]),
        ("user-agent", &["", "Amazon CloudFront", "curl/8.5.0", "node", "Go-http-client/1.1"]),
        ("keep-alive", &["timeout=5", "timeout=60"]),
    ];
    let mut all = Vec::new();
    for name in scene.computed.names().filter(|name| is_volatile(name) && *name != "transfer-encoding") {
        let known = VALUES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, values)| values);
        let original = scene.header(&alloc::format!("x-original-{name}")).map(str::as_bytes);
        let value = scene.computed.header(name).unwrap_or_default();
        let members = value.split(|byte| *byte == b',').map(|member| member.trim_ascii());
        all.extend(values(
            scene,
            name,
            known.iter().map(|value| value.as_bytes()).chain(original).chain(members),
        ));
    }
    all
}

/// Values as they were received: not trimmed, or with their runs of spaces.
pub(super) fn whitespace(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = Vec::new();
    let (mut raw_all, mut trimmed_all) = (scene.computed.clone(), scene.computed.clone());
    for (name, value) in scene.request.headers() {
        let name = name.to_ascii_lowercase();
        let Some(current) = scene.computed.header(&name) else { continue };
        let trimmed = value.trim_ascii();
        if value != current {
            all.push(scene.computed.with_header(&name, Some(value)));
            all.push(scene.computed.with_header(&name, Some(trimmed)));
            raw_all = raw_all.with_header(&name, Some(value));
            trimmed_all = trimmed_all.with_header(&name, Some(trimmed));
        }
        let leading = [b" ", current].concat();
        all.push(scene.computed.with_header(&name, Some(&leading)));
        if current.contains(&b' ') {
            let without: Vec<u8> = current.iter().copied().filter(|byte| *byte != b' ').collect();
            all.push(scene.computed.with_header(&name, Some(&without)));
            // A run of spaces that a proxy folded.
            let doubled = String::from_utf8_lossy(current).replace(' ', "  ");
            all.push(scene.computed.with_header(&name, Some(doubled.as_bytes())));
        }
        let trailing = [current, b" "].concat();
        all.push(scene.computed.with_header(&name, Some(&trailing)));
    }
    let mut spaced = scene.computed.clone();
    for (_, value) in &mut spaced.headers {
        value.insert(0, b' ');
    }
    all.extend([raw_all, trimmed_all, spaced]);
    all.retain(|parts| *parts != *scene.computed);
    all
}

/// Values in lower case, in upper case, and with a capital letter.
pub(super) fn value_cases(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = Vec::new();
    let mut lower_all = scene.computed.clone();
    for (name, value) in scene.computed.headers.iter().filter(|(name, _)| name != "host") {
        let (lower, upper) = (value.to_ascii_lowercase(), value.to_ascii_uppercase());
        let mut capital = lower.clone();
        if let Some(first) = capital.first_mut() {
            first.make_ascii_uppercase();
        }
        let others = [&lower, &upper, &capital].into_iter().filter(|other| *other != value);
        all.extend(others.map(|other| scene.computed.with_header(name, Some(other))));
        lower_all = lower_all.with_header(name, Some(&lower));
    }
    all.push(lower_all);
    all
}

pub(super) fn non_ascii(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = Vec::new();
    for (name, value) in
        scene.computed.headers.iter().filter(|(_, value)| !value.is_ascii() || value.contains(&b'%'))
    {
        let text = String::from_utf8_lossy(value).into_owned();
        let latin1: Vec<u8> =
            text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect();
        let question: Vec<u8> = text
            .chars()
            .map(|character| if character.is_ascii() { character } else { '?' })
            .collect::<String>()
            .into_bytes();
        let encoded: String = text
            .chars()
            .map(|character| {
                if character.is_ascii() {
                    character.to_string()
                } else {
                    percent::encode(character.encode_utf8(&mut [0; 4]))
                }
            })
            .collect();
        let others = [
            latin1,
            question,
            spelling::latin1_as_utf8(value),
            encoded.into_bytes(),
            percent::encode(&text).into_bytes(),
            percent::decode(&text),
            text.chars().filter(char::is_ascii).collect::<String>().into_bytes(),
        ];
        all.extend(
            others
                .iter()
                .filter(|other| *other != value)
                .map(|other| scene.computed.with_header(name, Some(other))),
        );
    }
    all
}

/// Repeated headers in other joins and orders.
pub(super) fn repeated(scene: &Scene<'_>) -> Vec<Parts> {
    let mut all = Vec::new();
    for (name, value) in &scene.computed.headers {
        let sent: Vec<&[u8]> = scene
            .request
            .headers()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_ascii())
            .collect();
        let members: Vec<&[u8]> = if sent.len() > 1 {
            sent
        } else {
            value.split(|byte| *byte == b',').map(|member| member.trim_ascii()).collect()
        };
        if members.len() < 2 || name == "x-amz-date" {
            continue;
        }
        let mut reversed = members.clone();
        reversed.reverse();
        let mut sorted = members.clone();
        sorted.sort_unstable();
        let joins: [&[u8]; 3] = [b",", b", ", b"; "];
        let mut others: Vec<Vec<u8>> = joins
            .iter()
            .flat_map(|join| [members.join(*join), reversed.join(*join), sorted.join(*join)])
            .collect();
        others.extend([members.first(), members.last()].into_iter().flatten().map(|member| member.to_vec()));
        all.extend(
            others
                .iter()
                .filter(|other| *other != value)
                .map(|other| scene.computed.with_header(name, Some(other))),
        );
        // One line for each value.
        let mut lines = scene.computed.clone();
        let index = lines.headers.iter().position(|(found, _)| found == name).unwrap_or_default();
        lines.headers.splice(index..index + 1, members.iter().map(|member| (name.clone(), member.to_vec())));
        all.push(lines);
    }
    // A header that was sent twice on the way, and signed once.
    all
}

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
