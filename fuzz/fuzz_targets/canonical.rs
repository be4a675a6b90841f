//! A canonical URI does not change when it is canonicalized again, under S3's rules.
#![no_main]

use countersign::steps::CanonicalRequest;
use countersign::{Payload, Request, Rules, SignedHeaders};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|uri: &str| {
    let signed = SignedHeaders::parse("host").unwrap();
    let canonical = |uri: &str| {
        let request = Request::new("GET", uri, &[("host", "h.example")]);
        CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3)
    };
    if let Ok(once) = canonical(uri) {
        let twice = canonical(&format!("{}?{}", once.uri(), once.query())).unwrap();
        assert_eq!(twice.as_bytes(), once.as_bytes());
    }
});
