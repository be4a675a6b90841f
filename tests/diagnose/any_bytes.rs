//! No bytes cause a panic, and the work is bounded.

use std::time::{Duration, Instant};

use confusion::{BREAKS, Random, TEXTS, broken};
use countersign::diagnose::{self, Evidence, Signed};
use countersign::{ReceivedBody, Request, SecretAccessKey};
use proptest::prelude::*;
use testkit::{credentials, now, verifier};

fn seeds() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| text.text(1)).collect();
    texts.extend(BREAKS.iter().step_by(7).filter_map(|mistake| Some(broken(mistake, 1)?.answer())));
    texts.push(include_str!("evidence/aws_debug_behind_a_proxy.txt").into());
    texts.push(include_str!("evidence/node_inspect.txt").into());
    texts.push(include_str!("evidence/har_entry.json").into());
    texts.push(include_str!("evidence/curl_accept_encoding.txt").into());
    texts
}

fn diagnose_every_way(bytes: &[u8]) {
    let evidence = Evidence::from_bytes(bytes);
    let secret = SecretAccessKey::new("secret");
    let _ = diagnose::text(&evidence).to_string();
    let _ = diagnose::text_with_secret(&evidence, &secret).to_string();
    let ours = String::from_utf8_lossy(bytes);
    let _ = diagnose::answer(&Signed::from_text(&ours, &ours).with_secret(&secret), &evidence).to_string();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_diagnosed_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        diagnose_every_way(&bytes);
    }

    #[test]
    fn mutated_texts_are_diagnosed_without_a_panic(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let seeds = seeds();
        let mut bytes = random.pick(&seeds).clone().into_bytes();
        for _ in 0..random.below(12) {
            let index = random.below(bytes.len().max(1));
            match random.below(4) {
                0 => bytes.truncate(index),
                1 if index < bytes.len() => bytes[index] = random.pick(b"\\'\"<>&;:\n=%{}\x80\xff \x00").to_owned(),
                2 => bytes.insert(index.min(bytes.len()), *random.pick(b"\\'\"<&%\n\xc3")),
                _ => {
                    let part: Vec<u8> = bytes[index.min(bytes.len())..].iter().take(random.below(200)).copied().collect();
                    bytes.extend(part);
                }
            }
        }
        diagnose_every_way(&bytes);
    }

    #[test]
    fn any_request_is_diagnosed_without_a_panic(
        method in "[A-Z]{1,5}",
        target in "/[ -~é]{0,60}",
        headers in prop::collection::vec(("[a-zA-Z-]{1,14}", prop::collection::vec(any::<u8>(), 0..40)), 0..6),
        seed in any::<u64>(),
    ) {
        let draft = confusion::good(seed);
        let wire = draft.wire();
        let mut all: Vec<(&str, &[u8])> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        all.extend(headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())));
        let query = wire.target.split_once('?').map_or("", |(_, query)| query);
        for target in [target.clone(), format!("{target}?{query}")] {
            let request = Request::from_bytes(&method, &target, &all);
            let _ = diagnose::received(&verifier(), &request, ReceivedBody::Bytes(b"x"), &credentials(), now()).to_string();
        }
    }
}

/// The longest text that is read, full of what the reader searches for.
#[test]
fn a_long_text_takes_a_bounded_time() {
    let start = Instant::now();
    for piece in [
        "Code",
        "\\",
        "&amp;",
        "<CanonicalRequest>",
        "\"request\"",
        "CanonicalRequest:\n",
        "X-Amz-Algorithm=",
        "'",
        "> GET / HTTP/1.1\n",
    ] {
        let text = piece.repeat((2 << 20) / piece.len());
        let _ = diagnose::text(&Evidence::read(&text)).to_string();
    }
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

/// A request that is as long as the verifier's limits allow, and that nothing explains.
#[test]
fn a_long_request_takes_a_bounded_time() {
    let mut wire = testkit::Wire::new("PUT", &format!("/{}", "a%20b/".repeat(1000)));
    for index in 0..60 {
        wire = wire.with(&format!("x-amz-meta-{index}"), "a b, c".repeat(20));
    }
    let wire = testkit::Hand::new().secret("another").sign(wire);
    let start = Instant::now();
    let diagnosis = wire
        .view(|view| diagnose::received(&verifier(), view, ReceivedBody::Bytes(b""), &credentials(), now()));
    assert!(!diagnosis.is_empty());
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
