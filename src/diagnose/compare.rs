//! Compares the canonical requests of both sides, part by part.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::parts::{Form, Parts};
use super::{Cause, CauseName, Certainty, header, host, mask, path, payload, query};
use crate::crypto::sha256;

/// Returns a cause for each difference, in the order of the canonical request.
pub(super) fn compare(ours: &Parts, theirs: &Parts) -> Vec<Cause> {
    let mut causes = Vec::new();
    if ours.method != theirs.method {
        causes.push(method(ours, theirs));
    }
    let moved = moved_bucket(ours, theirs);
    if let Some(cause) = &moved {
        causes.push(cause.clone());
    }
    if ours.path != theirs.path && moved.is_none() {
        causes.push(path_cause(ours, theirs));
    }
    let (in_path, in_query) = (ours.path != theirs.path, ours.query != theirs.query);
    let is_in_path = in_path && ours.path.contains('?');
    let is_moved = in_query
        && (is_form_hash(&theirs.query, &ours.payload) || is_form_hash(&ours.query, &theirs.payload));
    if is_moved {
        let sides = (mask::query(&ours.query), mask::query(&theirs.query));
        let cause = observed(CauseName::ParametersMoved);
        return alloc::vec![cause.with_sides(sides.0.as_bytes(), sides.1.as_bytes())];
    }
    if in_query && !is_in_path {
        causes.push(query_cause(ours, theirs));
    }
    compare_headers(ours, theirs, moved.is_some(), &mut causes);
    if ours.payload != theirs.payload {
        causes.push(payload_cause(ours, theirs));
    }
    if causes.is_empty() && ours.form != theirs.form {
        let block = |form: Form| if form == Form::Exact { "one empty line" } else { "another form" };
        let sides = (block(ours.form), block(theirs.form));
        causes.push(observed(CauseName::CanonicalLines).with_sides(sides.0.as_bytes(), sides.1.as_bytes()));
    }
    // Of several differences, those that a proxy or client makes everywhere are likelier reported first.
    causes.sort_by_key(|cause| matches!(cause.name(), CauseName::SignedHeadersList));
    causes
}

/// Returns true if the payload is the hash of this query, sent as a form.
fn is_form_hash(query: &str, payload: &str) -> bool {
    !query.is_empty() && hex::encode(sha256(query.as_bytes())) == payload
}

fn observed(name: CauseName) -> Cause {
    Cause::new(name, Certainty::Observed)
}

fn method(ours: &Parts, theirs: &Parts) -> Cause {
    let cause = observed(CauseName::Method).with_sides(ours.method.as_bytes(), theirs.method.as_bytes());
    if theirs.method == "OPTIONS" {
        return cause
            .with_fix("Answer the preflight (OPTIONS) before the signature is checked; configure CORS.");
    }
    let fix = alloc::format!("Sign {}, or send the request with {}.", theirs.method, ours.method);
    cause.with_fix(&fix)
}

/// Finds a bucket that is in the host on one side and in the path on the other.
fn moved_bucket(ours: &Parts, theirs: &Parts) -> Option<Cause> {
    let host = |parts: &Parts| parts.header("host").map(|host| String::from_utf8_lossy(host).into_owned());
    let (our_host, their_host) = (host(ours)?, host(theirs)?);
    let bucket = host::moved_bucket((&our_host, &ours.path), (&their_host, &theirs.path))?;
    let side = |host: &str, path: &str| alloc::format!("{host}{path}").into_bytes();
    let cause = observed(CauseName::AddressStyle).about(bucket);
    Some(cause.with_sides(&side(&our_host, &ours.path), &side(&their_host, &theirs.path)))
}

fn path_cause(ours: &Parts, theirs: &Parts) -> Cause {
    let name = path::cause(&ours.path, &theirs.path);
    let cause =
        observed(name).with_sides(mask::path(&ours.path).as_bytes(), mask::path(&theirs.path).as_bytes());
    match path::prefix(&ours.path, &theirs.path) {
        Some(prefix) if name == CauseName::PathPrefix => {
            let is_removed = ours.path.len() > theirs.path.len();
            let verb = if is_removed { "removed" } else { "added" };
            cause.with_detail(&alloc::format!("the prefix {} was {verb} after signing", mask::path(prefix)))
        }
        _ => cause,
    }
}

fn query_cause(ours: &Parts, theirs: &Parts) -> Cause {
    let found = query::cause(&ours.query, &theirs.query);
    let cause = observed(found.name)
        .with_sides(mask::query(&ours.query).as_bytes(), mask::query(&theirs.query).as_bytes());
    match found.parameter {
        Some(parameter) => cause.about(parameter),
        None => cause,
    }
}

fn payload_cause(ours: &Parts, theirs: &Parts) -> Cause {
    let name = payload::cause(&ours.payload, &theirs.payload);
    observed(name).with_sides(ours.payload.as_bytes(), theirs.payload.as_bytes())
}

fn compare_headers(ours: &Parts, theirs: &Parts, host_is_known: bool, causes: &mut Vec<Cause>) {
    let payload_differs = ours.payload != theirs.payload;
    let names: BTreeSet<String> =
        ours.headers.iter().chain(&theirs.headers).map(|(name, _)| name.to_ascii_lowercase()).collect();
    for name in &names {
        let is_known = host_is_known && name == "host" || payload_differs && name == "x-amz-content-sha256";
        let (our_value, their_value) = (joined(ours, name), joined(theirs, name));
        if is_known || our_value == their_value {
            continue;
        }
        let (our_value, their_value) = (our_value.as_deref(), their_value.as_deref());
        let is_signed = ours.names().any(|signed| signed.eq_ignore_ascii_case(name));
        let cause_name = match (our_value, their_value) {
            (None, Some(_)) if !is_signed && !ours.names().eq(theirs.names()) => CauseName::SignedHeadersList,
            (None, Some(b"")) => CauseName::SignedHeadersList,
            _ => header::cause(name, our_value.unwrap_or_default(), their_value),
        };
        let (our_line, their_line) =
            (mask::header_line(name, our_value), mask::header_line(name, their_value));
        let cause = observed(cause_name).about(name).with_sides(&our_line, &their_line);
        causes.push(specific(cause, ours, theirs));
    }
    compare_lists(ours, theirs, causes);
}

/// Adds what is known of both headers that state a body's length.
fn specific(cause: Cause, ours: &Parts, theirs: &Parts) -> Cause {
    let has = |name: &str| ours.header(name).is_some() || theirs.header(name).is_some();
    let lists = |name: &str| ours.names().any(|signed| signed == name);
    let both = (has("content-length") || lists("content-length"))
        && (has("transfer-encoding") || lists("transfer-encoding"));
    match cause.name() {
        CauseName::ContentLength if both => Cause::new(CauseName::TransferEncoding, cause.certainty())
            .about("content-length")
            .with_detail("content-length and transfer-encoding are both signed"),
        CauseName::ContentLength if is_shorter(ours, theirs) => cause
            .with_detail(
                "the signed length is shorter: a signer that counts characters instead of bytes does this",
            )
            .with_fix(
                "Count the bytes of the body in UTF-8 and not its characters, or do not sign Content-Length.",
            ),
        CauseName::HostRewritten => of_origin(cause, theirs),
        CauseName::VolatileHeader | CauseName::Tracing => {
            let name = cause.header().unwrap_or_default();
            let fix = alloc::format!("Remove {name} from the signed headers, or add it after signing.");
            cause.with_fix(&fix)
        }
        _ => cause,
    }
}

/// Names the host to sign if the origin is S3, which finds the bucket by its host.
fn of_origin(cause: Cause, theirs: &Parts) -> Cause {
    let host = theirs.header("host").map(String::from_utf8_lossy).unwrap_or_default();
    let name = host.strip_suffix(".cn").unwrap_or(&host);
    let is_s3 = name.ends_with(".amazonaws.com") && (name.contains(".s3.") || name.contains(".s3-"));
    if !is_s3 {
        return cause;
    }
    cause.with_fix(&alloc::format!(
        "Sign for {host}, the host of the origin: S3 finds the bucket by this name, so a CDN has to send it. Or let the CDN \
         sign the requests to its origin."
    ))
}

/// Returns true if the signed length is a number that is less than the received one.
fn is_shorter(ours: &Parts, theirs: &Parts) -> bool {
    let length = |parts: &Parts| -> Option<u64> {
        core::str::from_utf8(parts.header("content-length")?).ok()?.trim().parse().ok()
    };
    matches!((length(ours), length(theirs)), (Some(ours), Some(theirs)) if ours < theirs && ours > 0)
}

fn compare_lists(ours: &Parts, theirs: &Parts, causes: &mut Vec<Cause>) {
    let sorted = |parts: &Parts| -> Vec<String> {
        let mut names: Vec<String> = parts.names().map(str::to_ascii_lowercase).collect();
        names.sort_unstable();
        names
    };
    let order =
        |parts: &Parts| -> Vec<String> { parts.headers.iter().map(|(name, _)| name.clone()).collect() };
    let name = if ours.signed_headers == theirs.signed_headers {
        let differs_in_order = causes.is_empty() && order(ours) != order(theirs);
        if !differs_in_order {
            return;
        }
        CauseName::SignedHeadersOrder
    } else if sorted(ours) == sorted(theirs) {
        CauseName::SignedHeadersOrder
    } else {
        CauseName::SignedHeadersList
    };
    // A header that is on one side only is reported with its own cause.
    let sides = observed(name).with_sides(mask::list(ours), mask::list(theirs));
    causes.push(sides);
}

/// Returns the values of all lines of a header, joined by commas.
fn joined(parts: &Parts, name: &str) -> Option<Vec<u8>> {
    let is_named = |line: &&(String, Vec<u8>)| line.0.eq_ignore_ascii_case(name);
    let values: Vec<&[u8]> =
        parts.headers.iter().filter(is_named).map(|(_, value)| value.as_slice()).collect();
    (!values.is_empty()).then(|| values.join(&b','))
}
