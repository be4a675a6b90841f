//! Other spellings of header values.

use super::Scene;
use crate::canonical::percent;
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

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
