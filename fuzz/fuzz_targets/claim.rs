//! Claims a request of any bytes: nothing panics, and no claim verifies without a key.
//!
//! Lines: method, URI, `name:value` of each header.
#![no_main]

use countersign::{ReceivedBody, Request, Service, Verifier};
use countersign_fuzz::now;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut text = || core::str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default();
    let (method, uri) = (text(), text());
    let headers: Vec<(&str, &[u8])> = lines
        .filter_map(|line| {
            let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
            Some((core::str::from_utf8(name).ok()?, &value[1..]))
        })
        .collect();
    let request = Request::from_bytes(method, uri, &headers);
    for service in [Service::S3, Service::new("execute-api").unwrap()] {
        let verifier = Verifier::any_region(service);
        if let Ok(claim) = verifier.claim(&request, ReceivedBody::Bytes(b""), now()) {
            let _ = (claim.explain().to_string(), claim.claimed_scope());
            assert!(claim.verify(None).is_err());
        }
    }
    let _ = request.strip_signature();
});
