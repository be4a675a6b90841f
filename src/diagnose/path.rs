//! Names the difference of two canonical paths.

use alloc::string::String;
use alloc::vec::Vec;

use super::CauseName;
use super::spelling::{
    decoded_once, differ_in_hex_only, differ_in_non_ascii_only, normalized, recoded, with_plus,
};
use crate::canonical::percent::decode;

/// Names the cause for which the service computed `theirs` where the client signed `ours`.
pub(super) fn cause(ours: &str, theirs: &str) -> CauseName {
    type Test = fn(&str, &str) -> bool;
    // The order matters: an earlier test is more specific.
    const TESTS: &[(CauseName, Test)] = &[
        (CauseName::BucketName, |a, b| is_url_as_bucket(a) || is_url_as_bucket(b)),
        (CauseName::UrlParts, |a, b| has_other_parts(a, b) || has_other_parts(b, a)),
        (CauseName::PathTrailingSlash, |a, b| a.trim_end_matches('/') == b.trim_end_matches('/')),
        (CauseName::PercentSpelling, differ_in_hex_only),
        (CauseName::PathPlus, is_plus),
        (CauseName::PathEncodedSlash, is_encoded_slash),
        (CauseName::PathReserved, |a, b| recoded(a) == recoded(b)),
        (CauseName::PathDoubleEncoding, |a, b| is_encoded_twice(a, b) || is_encoded_twice(b, a)),
        (CauseName::PathReserved, |a, b| deeply_decoded(a) == deeply_decoded(b)),
        (CauseName::PathNormalized, is_normalized),
        (CauseName::PathBackslash, |a, b| {
            normalized(&without_backslash(a)) == normalized(&without_backslash(b))
        }),
        (CauseName::PathUnicode, |a, b| differ_in_non_ascii_only(&deeply_decoded(a), &deeply_decoded(b))),
        (CauseName::PathCase, |a, b| decode(a).eq_ignore_ascii_case(&decode(b))),
        (CauseName::PathParameters, |a, b| is_without_parameters(a, b) || is_without_parameters(b, a)),
        (CauseName::PathPrefix, |a, b| prefix(a, b).is_some()),
        (CauseName::BucketName, |a, b| a.starts_with("/s3:") || b.starts_with("/s3:")),
    ];
    let found = TESTS.iter().find(|(_, test)| test(ours, theirs));
    found.map_or(CauseName::PathChanged, |(name, _)| *name)
}

/// Returns the prefix that one path has and the other has not.
pub(super) fn prefix<'a>(a: &'a str, b: &'a str) -> Option<&'a str> {
    let of = |longer: &'a str, shorter: &str| {
        let prefix = longer.strip_suffix(shorter).filter(|prefix| prefix.len() > 1)?;
        (shorter.starts_with('/') && prefix.starts_with('/')).then_some(prefix)
    };
    of(a, b).or_else(|| of(b, a))
}

/// Returns true if `wrong` is the path with the host or the query, or without its first slash.
fn has_other_parts(wrong: &str, path: &str) -> bool {
    let is_url = wrong.contains("://") && wrong.contains(path);
    let has_query = wrong.strip_prefix(path).is_some_and(|rest| rest.starts_with(['?', '&']));
    is_url || has_query || path.strip_prefix('/') == Some(wrong)
}

fn is_url_as_bucket(path: &str) -> bool {
    let decoded = decode(path);
    decoded.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"/s3:/"))
}

/// Returns true if `twice` is `once`, encoded once more.
fn is_encoded_twice(twice: &str, once: &str) -> bool {
    decoded_once(twice).is_some_and(|decoded| decoded == once)
}

/// Returns true if `shorter` is `path` without the text from a semicolon to the next slash.
fn is_without_parameters(path: &str, shorter: &str) -> bool {
    let path = String::from_utf8_lossy(&deeply_decoded(path)).into_owned();
    let kept = |segment: &str| String::from(segment.split(';').next().unwrap_or_default());
    let segments: Vec<String> = path.split('/').map(kept).collect();
    path.contains(';') && segments.join("/").as_bytes() == deeply_decoded(shorter)
}

/// Decodes until nothing is encoded, at most three times.
fn deeply_decoded(path: &str) -> Vec<u8> {
    let mut text = String::from(path);
    for _ in 0..2 {
        match decoded_once(&text) {
            Some(decoded) => text = decoded,
            None => break,
        }
    }
    decode(&text)
}

/// Returns true if the paths differ in spaces and plus signs, and in nothing else.
fn is_plus(a: &str, b: &str) -> bool {
    let spaces =
        |path: &str| path.matches("%20").count() + path.matches("%2520").count() + path.matches(' ').count();
    let plain = |path: &str| path.matches('+').count();
    let plus =
        |path: &str| -> Vec<u8> { with_plus(&String::from_utf8_lossy(&deeply_decoded(path))).into_bytes() };
    (spaces(a) != spaces(b) || plain(a) != plain(b)) && plus(a) == plus(b)
}

fn is_encoded_slash(a: &str, b: &str) -> bool {
    let slashes = |path: &str| path.matches('/').count();
    slashes(a) != slashes(b) && deeply_decoded(a) == deeply_decoded(b)
}

fn is_normalized(a: &str, b: &str) -> bool {
    let same = |a: &str, b: &str| normalized(a) == normalized(b);
    same(a, b) || same(&recoded(a), &recoded(b))
}

fn without_backslash(path: &str) -> String {
    path.replace("%255C", "/").replace("%5C", "/").replace("%5c", "/").replace('\\', "/")
}
