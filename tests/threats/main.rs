//! Attacks, and how signer and verifier respond to them.
//!
//! The name of a test begins with the id of the promise that it tests; `docs/threats.md` lists the promises. Each refusal
//! is tested together with a similar request that is accepted, so that a verifier that refuses everything fails.
#![cfg_attr(
    not(feature = "std"),
    allow(unused_imports, reason = "some tests need `KeyCache`, which needs `std`")
)]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

mod ambiguity;
#[cfg(feature = "sigv4a")]
mod asymmetric;
#[cfg(all(feature = "checksums", feature = "tower"))]
mod bodies;
mod canonical;
mod chunked;
#[cfg(feature = "sigv4a")]
mod chunked_ecdsa;
mod coverage;
#[cfg(feature = "event-stream")]
mod events;
#[cfg(feature = "post-policy")]
mod forms;
mod identity;
mod payload;
mod scope_and_time;
mod secrets_and_resources;
mod signature;
mod signing_side;
#[cfg(feature = "tokens")]
mod tokens;

/// The files whose test names begin with the id of a promise.
const SOURCES: [&str; 18] = [
    include_str!("ambiguity.rs"),
    include_str!("asymmetric.rs"),
    include_str!("bodies.rs"),
    include_str!("canonical.rs"),
    include_str!("chunked.rs"),
    include_str!("chunked_ecdsa.rs"),
    include_str!("coverage.rs"),
    include_str!("events.rs"),
    include_str!("forms.rs"),
    include_str!("identity.rs"),
    include_str!("payload.rs"),
    include_str!("scope_and_time.rs"),
    include_str!("secrets_and_resources.rs"),
    include_str!("signature.rs"),
    include_str!("signing_side.rs"),
    include_str!("tokens.rs"),
    include_str!("../diagnose/secrets.rs"),
    include_str!("../it/secrets.rs"),
];

/// The ids of the promises in `docs/threats.md`.
const PROMISES: &[&str] = &[
    "sig_01", "sig_02", "sig_03", "sig_04", "alg_01", "alg_02", "alg_03", "aut_01", "aut_02", "aut_03",
    "aut_04", "aut_05", "can_01", "can_02", "can_03", "can_04", "can_05", "can_06", "can_07", "can_08",
    "cov_01", "cov_02", "cov_03", "cov_04", "cov_05", "cov_06", "scp_01", "scp_02", "scp_03", "scp_04",
    "tim_01", "tim_02", "tim_03", "tim_04", "exp_01", "exp_02", "exp_03", "qry_01", "qry_02", "qry_03",
    "idn_01", "idn_02", "idn_03", "tok_01", "tok_02", "tok_03", "pay_01", "pay_02", "pay_03", "pay_04",
    "pay_05", "pay_06", "pay_07", "pay_08", "sec_01", "sec_02", "sec_03", "key_01", "key_02", "dos_01",
    "dos_02", "dos_03", "sgn_01", "sgn_02", "sgn_03", "sgn_04", "sgn_05", "str_01", "str_02", "str_03",
    "str_04", "str_05", "str_06", "str_07", "str_08", "str_09", "trl_01", "trl_02", "trl_03", "tkn_01",
    "tkn_02", "tkn_03", "tkn_04", "tkn_05", "tkn_06", "tkn_07", "tkn_08", "tkn_09", "tkn_10", "pol_01",
    "pol_02", "pol_03", "pol_04", "pol_05", "pol_06", "pol_07", "pol_08", "pol_09", "pol_10", "pol_11",
    "scp_05", "ecd_01", "ecd_02", "ecd_03", "ecd_04", "ecd_05",
];

#[test]
fn every_promise_has_a_test() {
    let has_test = |id: &str| {
        let start = format!("#[test]\nfn {id}_");
        SOURCES.iter().any(|source| source.contains(&start))
    };
    let missing: Vec<&&str> = PROMISES.iter().filter(|id| !has_test(id)).collect();
    assert!(missing.is_empty(), "promises without a test: {missing:?}");
}
