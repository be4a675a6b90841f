//! Other spellings of the path.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Scene;
use crate::canonical::SignedHeaders;
use crate::canonical::percent::decode;
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;
use crate::payload::PayloadHash;
use crate::service::PathRule;
use crate::steps::CanonicalRequest;

fn paths(scene: &Scene<'_>, others: impl IntoIterator<Item = String>) -> Vec<Parts> {
    let path = &scene.computed.path;
    others.into_iter().filter(|other| other != path).map(|other| scene.with_path(other)).collect()
}

/// The path under the rules of other services.
fn under_other_rules(scene: &Scene<'_>) -> Vec<String> {
    let rules =
        [PathRule::Key, PathRule::Normalized, PathRule::AsSent].map(|rule| scene.rules.with_path(rule));
    let headers = [("host", "h")];
    let mut all = Vec::new();
    for uri in [scene.wire_path().to_string(), scene.computed.path.clone()] {
        let request = crate::request::Request::new("GET", &uri, &headers);
        let Ok(signed) = SignedHeaders::parse("host") else { continue };
        let steps = rules.iter().filter_map(|rules| {
            CanonicalRequest::new(&request, &signed, &PayloadHash::UNSIGNED, *rules).ok()
        });
        all.extend(steps.map(|step| step.uri().to_string()));
    }
    all
}

pub(super) fn encoded_again(scene: &Scene<'_>) -> Vec<Parts> {
    let path = &scene.computed.path;
    let mut all = under_other_rules(scene);
    all.push(spelling::encoded_again(path, true));
    all.extend(spelling::decoded_once(path));
    all.extend(spelling::decoded_once(scene.wire_path()));
    all.push(scene.wire_path().to_string());
    let is_recoded = |other: &String| other.matches("%25").count() != path.matches("%25").count();
    paths(scene, all.into_iter().filter(is_recoded))
}

/// Applies a change to the path, and to the path that is encoded once if the service encodes twice.
fn both_levels(scene: &Scene<'_>, change: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let path = &scene.computed.path;
    let mut all = change(path);
    if path.contains("%25")
        && let Some(once) = spelling::decoded_once(path)
    {
        let changed = change(&once);
        all.extend(changed.iter().map(|path| spelling::encoded_again(path, true)));
        all.extend(changed);
    }
    all
}

pub(super) fn plus(scene: &Scene<'_>) -> Vec<Parts> {
    let all = both_levels(scene, |path| {
        alloc::vec![
            path.replace("%20", "+"),
            path.replace("%2B", "+"),
            path.replace("%20", "%2B"),
            path.replace("%2B", "%20"),
            path.replace('+', "%20"),
            path.replace('+', "%2B"),
            path.replace("%20", "+").replace("%2B", "+"),
            path.replace("%252B", "+"),
            path.replace("%2520", "+"),
        ]
    });
    paths(scene, all)
}

/// Lower-case hexadecimal digits, and unreserved characters that are encoded: in the path, in the
/// query, and in both.
pub(super) fn spellings(scene: &Scene<'_>) -> Vec<Parts> {
    let (path, query) = (&scene.computed.path, &scene.computed.query);
    let tilde = |text: &str| text.replace('~', "%7E");
    let others: [fn(&str) -> String; 2] = [lower_hex, |text| lower_hex(&text.replace('~', "%7E"))];
    let mut all = alloc::vec![scene.with_path(tilde(path)), scene.with_query(tilde(query))];
    all.push(Parts { path: tilde(path), ..scene.with_query(tilde(query)) });
    for spell in others {
        all.push(scene.with_path(spell(path)));
        all.push(scene.with_query(spell(query)));
        all.push(Parts { path: spell(path), ..scene.with_query(spell(query)) });
    }
    for dash in ["-", "_", "."] {
        let encoded = alloc::format!("%{:02X}", dash.bytes().next().unwrap_or_default());
        all.push(scene.with_path(path.replace(dash, &encoded)));
        all.push(scene.with_query(query.replace(dash, &encoded)));
    }
    // The path as it was sent, for a service that encodes a second time.
    all.push(scene.with_path(spelling::encoded_again(&lower_hex(scene.wire_path()), true)));
    all.retain(|other| *other != *scene.computed);
    all
}

/// Writes hexadecimal digits in lower case.
pub(super) fn lower_hex(text: &str) -> String {
    let mut digits = 0;
    let lower = |character: char| {
        if character == '%' {
            digits = 2;
            return character;
        }
        let is_digit = digits > 0;
        digits = if is_digit { digits - 1 } else { 0 };
        if is_digit { character.to_ascii_lowercase() } else { character }
    };
    text.chars().map(lower).collect()
}

/// The characters that common libraries leave unencoded.
pub(super) const UNENCODED: &[&str] = &[
    "!*'()",
    "!'()*;:@&=+$,/?#[]",
    ":",
    "@",
    "=",
    "+",
    ",",
    "$",
    "&",
    "!",
    "*",
    "'",
    "(",
    ")",
    "()",
    ";",
    "[]",
    " ",
    "/",
    ":@",
    ":=@",
    "!$&'()*+,;=:@",
    "$&+,:;=@",
    "|",
    "^",
    "{}",
    "{}|^",
    ":/",
    "/:,",
];

/// Writes the percent-encoded characters of `plain` as they are.
pub(super) fn without_encoding_of(text: &str, plain: &str) -> String {
    let replace = |text: String, character: char| {
        text.replace(&alloc::format!("%{:02X}", u32::from(character)), character.encode_utf8(&mut [0; 4]))
    };
    plain.chars().fold(text.into(), replace)
}

pub(super) fn reserved(scene: &Scene<'_>) -> Vec<Parts> {
    let all = both_levels(scene, |path| {
        let mut all: Vec<String> = UNENCODED.iter().map(|plain| without_encoding_of(path, plain)).collect();
        all.extend(spelling::decoded_once(path));
        // Characters that are not ASCII, unencoded.
        all.push(non_ascii_decoded(path));
        // Encoded twice by the service, and not at all by the client.
        let twice = |plain: &&str| {
            plain.chars().fold(path.to_string(), |path, character| {
                path.replace(
                    &alloc::format!("%25{:02X}", u32::from(character)),
                    character.encode_utf8(&mut [0; 4]),
                )
            })
        };
        all.extend(UNENCODED.iter().map(twice));
        // The reverse: characters that the service leaves as they are.
        all.push(spelling::recoded(path));
        all
    });
    paths(scene, all)
}

fn non_ascii_decoded(path: &str) -> String {
    let decoded = String::from_utf8_lossy(&decode(path)).into_owned();
    decoded
        .chars()
        .map(|character| {
            if character.is_ascii() {
                spelling::encoded_again(character.encode_utf8(&mut [0; 4]), true)
            } else {
                character.to_string()
            }
        })
        .collect()
}

pub(super) fn slashes(scene: &Scene<'_>) -> Vec<Parts> {
    let all = both_levels(scene, |path| {
        let rest = path.get(1..).unwrap_or_default();
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        alloc::vec![
            alloc::format!("/{}", rest.replace('/', "%2F")),
            alloc::format!("/{bucket}/{}", key.replace('/', "%2F")),
            path.replace("%2F", "/"),
            path.replace("%2f", "/"),
        ]
    });
    paths(scene, all)
}

pub(super) fn normalized(scene: &Scene<'_>) -> Vec<Parts> {
    let path = &scene.computed.path;
    let mut all = under_other_rules(scene);
    all.push(spelling::normalized(path));
    all.push(spelling::normalized(path).trim_end_matches('/').to_string());
    all.push(path.replace("//", "/"));
    // A proxy that merged slashes received two of them somewhere.
    for (index, _) in path.match_indices('/').take(16) {
        let (before, after) = path.split_at_checked(index).unwrap_or_default();
        all.push(alloc::format!("{before}/{after}"));
        all.push(alloc::format!("{before}/.{after}"));
    }
    paths(scene, all)
}

pub(super) fn trailing_slash(scene: &Scene<'_>) -> Vec<Parts> {
    let path = &scene.computed.path;
    let without = path.trim_end_matches('/');
    paths(
        scene,
        [alloc::format!("{path}/"), without.to_string()].into_iter().filter(|other| !other.is_empty()),
    )
}

pub(super) fn backslashes(scene: &Scene<'_>) -> Vec<Parts> {
    let path = &scene.computed.path;
    let rest = path.get(1..).unwrap_or_default();
    let mut all: Vec<String> =
        ["%5C", "\\", "%255C"].iter().map(|slash| alloc::format!("/{}", rest.replace('/', slash))).collect();
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    all.extend(
        ["%5C", "\\", "%255C"].iter().map(|slash| alloc::format!("/{bucket}/{}", key.replace('/', slash))),
    );
    all.extend(["%255C", "%5C"].iter().map(|slash| path.replace(slash, "/")));
    paths(scene, all)
}

/// Other encodings and normal forms of characters that are not ASCII.
pub(super) fn unicode(scene: &Scene<'_>) -> Vec<Parts> {
    let twice = scene.computed.path.contains("%25");
    let bytes = decode(&scene.computed.path);
    let bytes = if twice { decode(&String::from_utf8_lossy(&bytes)) } else { bytes };
    if bytes.is_ascii() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let latin1: Vec<u8> =
        text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect();
    let others = [
        latin1,
        spelling::latin1_as_utf8(&bytes),
        super::super::compose::composed(&text).into_bytes(),
        super::super::compose::decomposed(&text).into_bytes(),
    ];
    let encode = |bytes: Vec<u8>| {
        let once = percent_encoding::percent_encode(&bytes, PATH).to_string();
        if twice { spelling::encoded_again(&once, true) } else { once }
    };
    paths(scene, others.map(encode))
}

/// Everything except unreserved characters and slashes.
const PATH: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) fn cases(scene: &Scene<'_>) -> Vec<Parts> {
    let path = &scene.computed.path;
    let lower = spelling::recoded(&path.to_ascii_lowercase());
    let title = |path: &str| {
        let mut after_slash = true;
        let raise = |character: char| {
            let raised = if after_slash { character.to_ascii_uppercase() } else { character };
            after_slash = character == '/';
            raised
        };
        path.chars().map(raise).collect::<String>()
    };
    paths(scene, [lower.clone(), title(path), title(&lower), path.to_ascii_uppercase()])
}
