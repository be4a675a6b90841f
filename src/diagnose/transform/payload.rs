//! Other payload lines.

use alloc::string::String;
use alloc::vec::Vec;

use super::Scene;
use crate::crypto::{EMPTY_SHA256, sha256};
use crate::diagnose::parts::Parts;
use crate::payload::{PayloadHash, ReceivedBody};

/// Returns the parts with another last line, and with another last line and header.
fn lines<'l>(scene: &Scene<'_>, lines: impl IntoIterator<Item = &'l str>) -> Vec<Parts> {
    let other = |line: &str| Parts { payload: line.into(), ..scene.computed.clone() };
    let mut all = Vec::new();
    for line in lines.into_iter().filter(|line| *line != scene.computed.payload) {
        all.push(other(line));
        if scene.computed.header("x-amz-content-sha256").is_some() {
            all.push(other(line).with_header("x-amz-content-sha256", Some(line.as_bytes())));
        }
    }
    all
}

pub(super) fn empty(scene: &Scene<'_>) -> Vec<Parts> {
    lines(scene, [EMPTY_SHA256])
}

pub(super) fn unsigned(scene: &Scene<'_>) -> Vec<Parts> {
    let hash = match scene.body {
        ReceivedBody::Bytes(body) => hex::encode(sha256(body)),
        ReceivedBody::Sha256(digest) => hex::encode(digest),
        ReceivedBody::Unread => String::new(),
    };
    lines(scene, [PayloadHash::UNSIGNED.as_str(), &hash, ""])
}

pub(super) fn streaming(scene: &Scene<'_>) -> Vec<Parts> {
    lines(
        scene,
        [
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        ],
    )
}

pub(super) fn upper_case(scene: &Scene<'_>) -> Vec<Parts> {
    let upper = scene.computed.payload.to_ascii_uppercase();
    lines(scene, [upper.as_str()])
}

fn body<'a>(scene: &Scene<'a>) -> &'a [u8] {
    match scene.body {
        ReceivedBody::Bytes(body) => body,
        _ => b"",
    }
}

pub(super) fn newlines(scene: &Scene<'_>) -> Vec<Parts> {
    let body = body(scene);
    if body.is_empty() {
        return Vec::new();
    }
    let without_returns: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'\r').collect();
    let with_returns: Vec<u8> = without_returns
        .iter()
        .flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { core::slice::from_ref(byte) })
        .copied()
        .collect();
    let others = [
        [body, b"\n"].concat(),
        [body, b"\r\n"].concat(),
        body.strip_suffix(b"\n").unwrap_or(body).to_vec(),
        body.trim_ascii().to_vec(),
        body.trim_ascii_end().to_vec(),
        without_returns,
        with_returns,
        body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).to_vec(),
    ];
    let hashes: Vec<String> = others.iter().map(|other| hex::encode(sha256(other))).collect();
    lines(scene, hashes.iter().map(String::as_str))
}

/// Values that programs send for a body that they do not have, and parts of the body.
pub(super) fn placeholders(scene: &Scene<'_>) -> Vec<Parts> {
    let body = body(scene);
    let compact: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let spaced = String::from_utf8_lossy(body).replace("\":", "\": ").replace(",\"", ", \"");
    let quoted = [b"\"", body, b"\""].concat();
    let utf16: Vec<u8> = String::from_utf8_lossy(body).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let others: [&[u8]; 9] = [
        &utf16,
        b"{}",
        b"null",
        b"undefined",
        b"[object Object]",
        &compact,
        spaced.as_bytes(),
        &quoted,
        b"\"\"",
    ];
    let hashes: Vec<String> = others.iter().map(|other| hex::encode(sha256(other))).collect();
    lines(scene, hashes.iter().map(String::as_str))
}
