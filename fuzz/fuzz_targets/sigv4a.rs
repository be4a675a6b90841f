//! Parses an ECDSA signature and a set of regions: both print as they were parsed, and the signature
//! verifies no string that was not signed.
//!
//! Lines: a signature, a set of regions, a region.
#![no_main]

use std::sync::LazyLock;

use countersign::RegionSet;
use countersign::steps::{Signature, SigningKeyPair, StringToSign};
use countersign_fuzz::credentials;
use libfuzzer_sys::fuzz_target;

static PAIR: LazyLock<SigningKeyPair> = LazyLock::new(|| SigningKeyPair::derive(&credentials()).unwrap());

fuzz_target!(|data: &[u8]| {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (signature, regions, region) = (line(), line(), line());
    if let Ok(read) = Signature::parse_ecdsa(signature) {
        assert_eq!(read.to_string(), signature);
        assert_eq!(hex(read.as_bytes()), signature);
        assert!(!PAIR.public_key().verify(&StringToSign::from_text("not signed"), &read));
    }
    if let Ok(set) = RegionSet::parse(regions) {
        assert_eq!(RegionSet::parse(set.as_str()).as_ref(), Ok(&set));
        let _ = set.contains(region);
        // A star matches a star as well.
        assert!(set.as_str().split(',').all(|entry| set.contains(entry)));
    }
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
