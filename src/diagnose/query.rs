//! Names the difference of two canonical queries.

use alloc::string::String;
use alloc::vec::Vec;

use super::CauseName;
use super::spelling::{decoded_once, differ_in_hex_only, recoded, with_plus};

/// The cause of a difference, and the parameter that it is about.
pub(super) struct Difference<'q> {
    pub(super) name: CauseName,
    pub(super) parameter: Option<&'q str>,
}

/// Names the cause for which the service computed `theirs` where the client signed `ours`.
pub(super) fn cause<'q>(ours: &'q str, theirs: &'q str) -> Difference<'q> {
    let of = |name| Difference { name, parameter: None };
    let has_entity = |query: &str| query.contains("amp;") || query.contains("amp%3B");
    if has_entity(ours) != has_entity(theirs) {
        return of(CauseName::UrlHtmlEscaped);
    }
    let without_mark = |query: &'q str| query.strip_prefix('?');
    if without_mark(ours) == Some(theirs) || without_mark(theirs) == Some(ours) {
        return of(CauseName::UrlParts);
    }
    if ours.is_empty() {
        return match sole_parameter(theirs) {
            Some(name) if is_token(name) => {
                Difference { name: CauseName::TokenNotSigned, parameter: Some(name) }
            }
            _ => of(CauseName::QueryNotSigned),
        };
    }
    type Spelling = fn(&str) -> String;
    const SPELLINGS: &[(CauseName, Spelling)] = &[
        (CauseName::QueryOrder, |pair| pair.into()),
        (CauseName::QueryValueless, |pair| pair.trim_end_matches('=').into()),
        (CauseName::QueryPlus, with_plus),
        (CauseName::QueryEncoding, |pair| recoded(pair).replace("%2F", "/").replace("%3D", "=")),
    ];
    for (name, spelling) in SPELLINGS {
        if sorted(ours, spelling) == sorted(theirs, spelling) {
            let in_hex = *name != CauseName::QueryOrder && differ_in_hex_only(ours, theirs);
            return of(if in_hex { CauseName::PercentSpelling } else { *name });
        }
    }
    let hex = |pair: &str| recoded(pair);
    if sorted(ours, &hex) == sorted(theirs, &hex) {
        return of(CauseName::QueryEncoding);
    }
    let twice = |text: &str| sorted(text, &|pair: &str| decoded_once(pair).unwrap_or_else(|| pair.into()));
    if twice(ours) == sorted(theirs, &|pair: &str| pair.into())
        || sorted(ours, &|pair: &str| pair.into()) == twice(theirs)
    {
        return of(CauseName::QueryEncoding);
    }
    parameter(ours, theirs)
}

/// Finds the first parameter that differs.
fn parameter<'q>(ours: &'q str, theirs: &'q str) -> Difference<'q> {
    let (ours, theirs): (Vec<_>, Vec<_>) = (pairs(ours).collect(), pairs(theirs).collect());
    let lacks = |list: &[&str], pair: &str| !list.contains(&pair);
    let only_ours = ours.iter().copied().find(|pair| lacks(&theirs, pair));
    let only_theirs = theirs.iter().copied().find(|pair| lacks(&ours, pair));
    let has_name = |list: &[&str], pair: &str| list.iter().any(|other| name(other) == name(pair));
    let pair = only_ours.or(only_theirs);
    let name_of_cause = match (only_ours, only_theirs) {
        // Both sides have the same pairs, a different number of times.
        (None, None) => CauseName::QueryRepeated,
        (None, Some(pair)) if is_token(name(pair)) && !has_name(&ours, pair) => CauseName::TokenNotSigned,
        (Some(pair), None) if is_token(name(pair)) && !has_name(&theirs, pair) => CauseName::TokenSigned,
        (Some(pair), None) if has_name(&theirs, pair) => CauseName::QueryRepeated,
        (None, Some(pair)) if has_name(&ours, pair) => CauseName::QueryRepeated,
        (Some(a), Some(b)) if name(a) == name(b) && is_token(name(a)) => CauseName::TokenChanged,
        (Some(a), Some(b)) if name(a) == name(b) => CauseName::QueryChanged,
        _ => CauseName::QueryParameter,
    };
    Difference { name: name_of_cause, parameter: pair.map(name) }
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|pair| !pair.is_empty())
}

fn name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

fn sorted(query: &str, spelling: &impl Fn(&str) -> String) -> Vec<String> {
    let mut pairs: Vec<String> = pairs(query).map(spelling).collect();
    pairs.sort_unstable();
    pairs
}

fn sole_parameter(query: &str) -> Option<&str> {
    let mut pairs = pairs(query);
    let first = pairs.next()?;
    pairs.next().is_none().then(|| name(first))
}

fn is_token(name: &str) -> bool {
    name.eq_ignore_ascii_case("x-amz-security-token") || name.eq_ignore_ascii_case("x-amz-s3session-token")
}
