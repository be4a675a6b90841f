//! Requests that real S3 clients sent, each with the verdict that it must have.
//!
//! `requests.jsonl` has one request a line, as its client sent it to a server on 127.0.0.1 in
//! November 2026: the request line, the headers in their order, the body in Base64 if it is short.
//! The credentials are those of AWS's documents, or made up. `verdict` is `accepted` or the name of
//! a [`VerifyError`], and `reason` says what the client did that S3 refuses too.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

mod recorded;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use countersign::VerifyError;

use recorded::{Outcome, Recorded};

/// The file has requests of this many clients, variants of one client (with a session token, over
/// TLS) counted each.
const CLIENTS: usize = 79;

#[test]
fn every_request_has_its_verdict() {
    let mut wrong = Vec::new();
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    for request in recorded::all() {
        let found = request.verify().name();
        if found != request.verdict {
            wrong.push(format!(
                "{} {} {}: {found}, not {}",
                request.client, request.operation, request.target, request.verdict
            ));
        }
        *verdicts.entry(found).or_default() += 1;
    }
    println!("{verdicts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_file_has_requests_of_every_client_and_kind() {
    let requests = recorded::all();
    let clients: BTreeSet<_> = requests.iter().map(|request| request.client.as_str()).collect();
    assert_eq!(clients.len(), CLIENTS);

    let kinds: BTreeSet<_> = requests.iter().map(Recorded::kind).collect();
    for kind in [
        "header sha256",
        "header UNSIGNED-PAYLOAD",
        "header STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "header STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "header STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "presigned",
        "form",
        "sigv4a sha256",
        "sigv4a STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
}

/// A positive verdict proves something only if the same request is refused when it is changed.
#[test]
fn refuses_an_accepted_request_with_another_signature() {
    for request in recorded::accepted() {
        let error = request.with_another_signature().verify().error();
        assert_eq!(error, VerifyError::SignatureDoesNotMatch, "{} {}", request.client, request.operation);
    }
}

#[test]
fn refuses_an_accepted_request_with_another_method_or_target() {
    for request in recorded::accepted().filter(|request| request.kind() != "form") {
        let error = request.with_method("PATCH").verify().error();
        assert_eq!(error, VerifyError::SignatureDoesNotMatch, "{} {}", request.client, request.operation);
        let error = request.with_target_suffix("&x=1").verify().error();
        assert_eq!(error, VerifyError::SignatureDoesNotMatch, "{} {}", request.client, request.operation);
    }
}

/// The last byte of a chunked body is a line ending, so the byte that changes is in the middle.
#[test]
fn refuses_a_changed_body_that_is_signed_or_has_a_checksum() {
    let mut changed = 0;
    for request in recorded::accepted().filter(Recorded::covers_its_body) {
        let outcome = request.with_changed_body().verify();
        assert!(matches!(outcome, Outcome::Refused(_)), "{} {}", request.client, request.operation);
        changed += 1;
    }
    assert!(changed >= 50, "{changed}");
}
