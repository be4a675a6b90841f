//! Other values of header lines.

use super::Scene;
use crate::diagnose::header::{is_tracing, is_volatile};
use crate::diagnose::parts::Parts;
use crate::payload::ReceivedBody;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Returns the parts with each of these values, with an empty value, and without the line.
pub(super) fn values<'v>(
    scene: &Scene<'_>,
    name: &str,
    values: impl IntoIterator<Item = &'v [u8]>,
) -> Vec<Parts> {
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
    // The number of characters instead of bytes, or the length before a small change of the body.
    let near: Vec<String> = received
        .into_iter()
        .flat_map(|length| {
            (1..=64).flat_map(move |by| [length.saturating_sub(by), length.saturating_add(by)])
        })
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
