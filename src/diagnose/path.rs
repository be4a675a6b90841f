//! Names the difference of two canonical paths.

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
        (CauseName::PathTrailingSlash, |a, b| a.trim_end_matches('/') == b.trim_end_matches('/')),
        (CauseName::PercentSpelling, differ_in_hex_only),
        (CauseName::PathReserved, |a, b| recoded(a) == recoded(b)),
        (CauseName::PathDoubleEncoding, |a, b| is_encoded_twice(a, b) || is_encoded_twice(b, a)),
        (CauseName::PathPlus, |a, b| is_plus(a, b)),
        (CauseName::PathEncodedSlash, |a, b| with_slashes(a) == with_slashes(b)),
        (CauseName::PathNormalized, is_normalized),
        (CauseName::PathBackslash, |a, b| {
            normalized(&without_backslash(a)) == normalized(&without_backslash(b))
        }),
        (CauseName::PathUnicode, |a, b| differ_in_non_ascii_only(&decode(a), &decode(b))),
        (CauseName::PathCase, |a, b| decode(a).eq_ignore_ascii_case(&decode(b))),
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

fn is_url_as_bucket(path: &str) -> bool {
    let decoded = decode(path);
    decoded.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"/s3:/"))
}

/// Returns true if `twice` is `once`, encoded once more.
fn is_encoded_twice(twice: &str, once: &str) -> bool {
    decoded_once(twice).is_some_and(|decoded| decoded == once || recoded(&decoded) == recoded(once))
}

fn is_plus(a: &str, b: &str) -> bool {
    let plus = |path: &str| recoded(&with_plus(path));
    plus(a) == plus(b)
        || decoded_once(a).is_some_and(|a| plus(&a) == plus(b)) && a.contains("%25") && b.contains('+')
}

fn with_slashes(path: &str) -> alloc::string::String {
    recoded(&path.replace("%2F", "/").replace("%2f", "/"))
}

fn is_normalized(a: &str, b: &str) -> bool {
    let same = |a: &str, b: &str| normalized(a) == normalized(b);
    same(a, b) || same(&recoded(a), &recoded(b))
}

fn without_backslash(path: &str) -> alloc::string::String {
    path.replace("%255C", "/").replace("%5C", "/").replace("%5c", "/").replace('\\', "/")
}
