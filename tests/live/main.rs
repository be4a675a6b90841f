//! Signed requests to S3 servers that share no code with countersign.
//!
//! `.ci/servers` starts the servers and runs these tests. To run them on another server, with an
//! account that may create a bucket:
//!
//! ```text
//! S3_ENDPOINT=http://127.0.0.1:9000 S3_BUCKET=scratch AWS_REGION=us-east-1 \
//! AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... cargo test --all-features --test live -- --ignored --nocapture
//! ```
//!
//! `LIVE_SERVER` is the name of the server in the table of known gaps, `S3_DOMAIN` its domain for
//! virtual-hosted buckets, and `STS_ROLE_ARN` a role that the account may assume.
#![cfg(all(feature = "std", feature = "checksums", feature = "post-policy", feature = "sigv4a"))]
#![expect(clippy::indexing_slicing, reason = "a panic fails the case, and says where")]

mod canonical;
mod cases;
mod chunked;
mod chunked_refusals;
mod everyday;
mod forms;
mod gaps;
mod keys;
mod refusals;
mod server;
mod sessions;
mod sigv4a;
mod wire;

use std::time::Duration;
use std::{panic, thread};

use countersign::{Credentials, SecretAccessKey};

use crate::cases::{Cases, SUBJECT, SUBJECT_BODY};
use crate::gaps::Gap::{Says, Unchecked, Unsupported};
use crate::gaps::gaps;
use crate::server::{Draft, Live, differs};

/// Creates the bucket and the object that most cases read.
fn prepare(live: &Live) {
    let bucket = live.endpoint.bucket_url(&live.bucket).expect("a bucket's URL");
    // A server may create the bucket and still respond with an error, so that the next attempt finds it.
    until_ready(live, "BucketAlreadyOwnedByYou", || Draft::new("PUT", bucket.clone()));
    until_ready(live, "", || Draft::new("PUT", live.url(SUBJECT)).body(SUBJECT_BODY));
}

/// Repeats a request until the server accepts it, for about 30 seconds. A server may listen before it
/// is ready. `done` is the code that indicates that an earlier attempt succeeded.
fn until_ready<'a>(live: &Live, done: &str, draft: impl Fn() -> Draft<'a>) {
    let mut last = String::new();
    for _ in 0..150 {
        match live.send(&draft().sign(&live.signer)) {
            Ok(reply) if reply.ok() => return,
            Ok(reply) => match reply.element("Code").as_deref() {
                Some(code) if code == done => return,
                Some("SignatureDoesNotMatch") => panic!("{}", reply.text()),
                _ => last = format!("{} {}", reply.status, reply.text().trim()),
            },
            Err(failure) => last = failure.to_string(),
        }
        thread::sleep(Duration::from_millis(200));
    }
    panic!("the server is not ready: {last}");
}

#[test]
#[ignore = "needs a server: see .ci/servers"]
fn live() {
    let live = Live::from_environment();
    prepare(&live);
    let mut cases = Cases::default();
    everyday::everyday(&mut cases);
    keys::hostile_keys(&mut cases);
    refusals::refusals_of_both(&mut cases);
    refusals::refusals_of_headers(&mut cases);
    refusals::refusals_of_urls(&mut cases);
    canonical::canonical_requests(&mut cases);
    chunked::uploads(&mut cases);
    chunked_refusals::refusals(&mut cases);
    forms::uploads(&mut cases);
    forms::refusals(&mut cases);
    sigv4a::requests(&mut cases);
    sigv4a::refusals(&mut cases);
    sessions::session_tokens(&mut cases);
    run(&live, &cases);
}

/// Runs the cases of chunked bodies on the server of the examples, which needs no set-up. `s3s` checks
/// its chunks, and is the only server that checks the signature of trailers.
#[test]
fn chunks_in_process() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(bucket::server::Server::start()).expect("a server");
    let secret = SecretAccessKey::new(server.secret_key.clone());
    let credentials = Credentials::new(server.access_key.clone(), secret).expect("credentials");
    let (bucket, region) = (server.bucket.clone(), server.region.clone());
    let live = Live::new("s3s".into(), &server.endpoint(), bucket, region, credentials);
    let mut cases = Cases::default();
    chunked::uploads(&mut cases);
    chunked_refusals::refusals(&mut cases);
    run(&live, &cases);
}

fn run(live: &Live, cases: &Cases) {
    let server = &live.server;
    let (mut passed, mut unchecked, mut unsupported, mut failed) = (0, 0, 0, 0);
    for (name, check) in &cases.0 {
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| check(live)));
        let outcome = outcome.unwrap_or_else(|_| Err(differs("it panicked")));
        let mut gaps = gaps(server, name);
        match outcome {
            Ok(()) => {
                passed += 1;
                println!("ok       {name}");
                if gaps.any(|(gap, _)| !matches!(gap, Says(_))) {
                    println!("note:    {server} passes \"{name}\" now: take it out of GAPS");
                }
            }
            Err(failure) => match gaps.find(|(gap, _)| gap.explains(&failure)) {
                Some((Says(code), why)) => {
                    passed += 1;
                    println!("ok       {name} (as {code}: {why})");
                }
                Some((Unchecked, why)) => {
                    unchecked += 1;
                    println!("skipped: {name}: {server} does not check it ({why})");
                }
                Some((Unsupported(_), why)) => {
                    unsupported += 1;
                    println!("skipped: {name}: {server} cannot do it ({why})");
                }
                None => {
                    failed += 1;
                    println!("FAILED   {name}: {failure}");
                }
            },
        }
    }
    println!(
        "live: {server}: {passed} passed, {unchecked} unchecked, {unsupported} unsupported, {failed} failed"
    );
    assert_eq!(failed, 0, "{server} disagrees");
}
