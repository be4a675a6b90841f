//! Other spellings and orders of the query.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Scene;
use super::path::{UNENCODED, without_encoding_of};
use crate::canonical::percent::{decode, encode_secret};
use crate::crypto::{EMPTY_SHA256, sha256};
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;
use crate::payload::ReceivedBody;

fn queries(scene: &Scene<'_>, others: impl IntoIterator<Item = String>) -> Vec<Parts> {
    let query = &scene.computed.query;
    others.into_iter().filter(|other| other != query).map(|other| scene.with_query(other)).collect()
}

fn pairs(query: &str) -> Vec<&str> {
    query.split('&').filter(|pair| !pair.is_empty()).collect()
}

fn name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

fn is_signature(pair: &str) -> bool {
    name(pair).eq_ignore_ascii_case("x-amz-signature")
}

pub(super) fn orders(scene: &Scene<'_>) -> Vec<Parts> {
    let canonical = pairs(&scene.computed.query);
    // The canonical pairs in the order in which they were sent.
    let wire: Vec<&str> = pairs(scene.wire_query()).into_iter().filter(|pair| !is_signature(pair)).collect();
    let mut left = canonical.clone();
    let mut sent = Vec::new();
    for pair in &wire {
        let same = |other: &&str| decode(other.trim_end_matches('=')) == decode(pair.trim_end_matches('='));
        if let Some(index) = left.iter().position(same) {
            sent.push(left.remove(index));
        }
    }
    sent.extend(left);
    let sorted = |by: &dyn Fn(&str) -> Vec<u8>| {
        let mut pairs = sent.clone();
        pairs.sort_by_key(|pair| by(pair));
        pairs.join("&")
    };
    let lower = |pair: &str| pair.to_ascii_lowercase().into_bytes();
    let mut reversed = canonical.clone();
    reversed.reverse();
    let all = [
        sent.join("&"),
        sorted(&|pair| pair.as_bytes().to_vec()),
        sorted(&|pair| decode(pair)),
        sorted(&lower),
        sorted(&|pair| name(pair).as_bytes().to_vec()),
        sorted(&|pair| name(pair).to_ascii_lowercase().into_bytes()),
        sorted(&|pair| decode(name(pair))),
        reversed.join("&"),
    ];
    let mut all: Vec<String> = all.into();
    // Authentication parameters at the end, or at the start.
    let is_auth = |pair: &&&str| name(pair).to_ascii_lowercase().starts_with("x-amz-");
    let (auth, others): (Vec<&str>, Vec<&str>) = (
        canonical.iter().filter(is_auth).copied().collect(),
        canonical.iter().filter(|pair| !is_auth(pair)).copied().collect(),
    );
    let join =
        |first: &[&str], second: &[&str]| first.iter().chain(second).copied().collect::<Vec<_>>().join("&");
    all.push(join(&auth, &others));
    all.push(join(&others, &auth));
    queries(scene, all)
}

pub(super) fn valueless(scene: &Scene<'_>) -> Vec<Parts> {
    let query = &scene.computed.query;
    let all: Vec<&str> =
        pairs(query).into_iter().map(|pair| pair.strip_suffix('=').unwrap_or(pair)).collect();
    queries(scene, [all.join("&")])
}

pub(super) fn plus(scene: &Scene<'_>) -> Vec<Parts> {
    let query = &scene.computed.query;
    queries(
        scene,
        [
            query.replace("%20", "+"),
            query.replace("%2B", "+"),
            query.replace("%20", "%2B"),
            query.replace("%2B", "%20"),
        ],
    )
}

pub(super) fn encodings(scene: &Scene<'_>) -> Vec<Parts> {
    let query = &scene.computed.query;
    let each = |change: &dyn Fn(&str) -> String| {
        let changed: Vec<String> = pairs(query)
            .into_iter()
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                alloc::format!("{}={}", change(name), change(value))
            })
            .collect();
        let mut sorted = changed.clone();
        sorted.sort_unstable();
        [changed.join("&"), sorted.join("&")]
    };
    let mut all = Vec::new();
    all.extend(each(&|part| spelling::encoded_again(part, false)));
    all.extend(each(&|part| String::from_utf8_lossy(&decode(part)).into_owned()));
    for plain in UNENCODED {
        all.extend(each(&|part| without_encoding_of(part, plain)));
    }
    let wire: Vec<&str> = pairs(scene.wire_query()).into_iter().filter(|pair| !is_signature(pair)).collect();
    let mut sorted = wire.clone();
    sorted.sort_unstable();
    all.extend([wire.join("&"), sorted.join("&")]);
    queries(scene, all)
}

pub(super) fn repeated(scene: &Scene<'_>) -> Vec<Parts> {
    let all = pairs(&scene.computed.query);
    let (mut first, mut last): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for pair in &all {
        if !first.iter().any(|known| name(known) == name(pair)) {
            first.push(pair);
        }
        match last.iter_mut().find(|known| name(known) == name(pair)) {
            Some(known) => *known = pair,
            None => last.push(pair),
        }
    }
    let mut joined: Vec<String> = Vec::new();
    for pair in &all {
        match joined.iter_mut().find(|known| name(known) == name(pair)) {
            Some(known) => {
                known.push_str(&alloc::format!("%2C{}", pair.split_once('=').unwrap_or_default().1))
            }
            None => joined.push(pair.to_string()),
        }
    }
    // The value that was sent first or last, which is not the first or last in canonical order.
    let wire = pairs(scene.wire_query());
    let mut of_wire = wire.clone();
    of_wire.dedup_by_key(|pair| name(pair).to_string());
    of_wire.retain(|pair| !is_signature(pair));
    of_wire.sort_unstable();
    queries(scene, [first.join("&"), last.join("&"), joined.join("&"), of_wire.join("&")])
}

pub(super) fn nothing(scene: &Scene<'_>) -> Vec<Parts> {
    let query = &scene.computed.query;
    let auth: Vec<&str> = pairs(query).into_iter().filter(|pair| name(pair).starts_with("X-Amz-")).collect();
    queries(scene, [String::new(), auth.join("&")])
}

/// The parameters in the body instead of the query, and the reverse.
pub(super) fn moved(scene: &Scene<'_>) -> Vec<Parts> {
    let (wire, canonical) = (scene.wire_query(), &scene.computed.query);
    let mut all = Vec::new();
    for form in [wire, canonical.as_str()].into_iter().filter(|form| !form.is_empty()) {
        let payload = hex::encode(sha256(form.as_bytes()));
        all.push(Parts { payload, ..scene.with_query(String::new()) });
    }
    if let ReceivedBody::Bytes(body) = scene.body
        && let Ok(form) = core::str::from_utf8(body)
        && form.contains('=')
    {
        let mut pairs: Vec<&str> = pairs(form);
        pairs.sort_unstable();
        all.push(Parts { payload: EMPTY_SHA256.into(), ..scene.with_query(pairs.join("&")) });
        all.push(scene.with_query(pairs.join("&")));
    }
    all
}

/// The query without one or two parameters, and with those that SDKs add and proxies remove.
pub(super) fn parameters(scene: &Scene<'_>) -> Vec<Parts> {
    const ADDED: &[&str] = &[
        "x-id=GetObject",
        "x-id=PutObject",
        "x-id=HeadObject",
        "x-id=UploadPart",
        "x-id=DeleteObject",
        "x-id=ListBuckets",
        "list-type=2",
    ];
    let all = pairs(&scene.computed.query);
    let mut others = Vec::new();
    for index in 0..all.len().min(64) {
        let mut fewer = all.clone();
        fewer.remove(index);
        others.push(fewer.join("&"));
    }
    for added in ADDED {
        let mut more = all.clone();
        more.push(added);
        more.sort_unstable();
        others.push(more.join("&"));
    }
    queries(scene, others)
}

/// The query without the session token, which a signer adds after signing.
pub(super) fn without_token(scene: &Scene<'_>) -> Vec<Parts> {
    let header = scene.rules.session_token().header().parameter_name();
    let all: Vec<&str> = pairs(&scene.computed.query)
        .into_iter()
        .filter(|pair| !name(pair).eq_ignore_ascii_case(header))
        .collect();
    queries(scene, [all.join("&")])
}

/// The query with the session token, for a service that expects the token after the signature.
pub(super) fn with_token(scene: &Scene<'_>) -> Vec<Parts> {
    let header = scene.rules.session_token().header().parameter_name();
    let token = pairs(scene.wire_query()).into_iter().find(|pair| name(pair) == header);
    let Some((_, value)) = token.and_then(|pair| pair.split_once('=')) else { return Vec::new() };
    let value = encode_secret(&String::from_utf8_lossy(&decode(value)));
    let pair = alloc::format!("{header}={}", value.as_str());
    let mut all = pairs(&scene.computed.query);
    all.push(&pair);
    all.sort_unstable();
    queries(scene, [all.join("&")])
}
