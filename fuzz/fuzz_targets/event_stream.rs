//! Verifies an event stream of any bytes, and a frame of any headers with valid checksums: nothing
//! panics, no unsigned event is returned, and pieces of any size have the same result.
#![no_main]

use countersign::event_stream::{EventError, EventVerifier};
use countersign::{ReceivedBody, Request, Service, Signer, Timestamp, Verifier};
use countersign_fuzz::{credentials, now};
use libfuzzer_sys::fuzz_target;

/// Returns a frame. The first byte is the length of the headers, which follow it.
fn frame(data: &[u8]) -> Vec<u8> {
    let (headers, rest) = data.split_first().unwrap_or((&0, b""));
    let headers = u32::from(*headers).min(u32::try_from(rest.len()).unwrap());
    let total = u32::try_from(rest.len() + 16).unwrap();
    let mut frame = [total.to_be_bytes(), headers.to_be_bytes()].concat();
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(rest);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

fn read(mut events: EventVerifier, body: &[u8], size: usize, now: Timestamp) -> Result<(), EventError> {
    for mut piece in body.chunks(size) {
        assert!(events.next(&mut piece, now)?.is_none(), "an unsigned event was returned");
    }
    events.finish()
}

fuzz_target!(|data: &[u8]| {
    let (now, credentials) = (now(), credentials());
    let service = Service::new("transcribe").unwrap();
    let signer = Signer::new(credentials.clone(), "us-east-1", service.clone()).unwrap();
    let mut headers = vec![("host", "example.com")];
    let (signed, _) = signer.sign_events(&Request::new("POST", "/", &headers), now).unwrap();
    headers.extend(&signed);
    let verifier = Verifier::new("us-east-1", service).unwrap().allow_events();
    let claim = verifier.claim(&Request::new("POST", "/", &headers), ReceivedBody::Unread, now).unwrap();
    let key = claim.derive_key(&credentials);
    let verified = claim.verify(&key).unwrap();
    for body in [data.to_vec(), frame(data)] {
        let events = || EventVerifier::new(&verified).unwrap();
        let whole = read(events(), &body, body.len().max(1), now);
        assert!(whole.is_err());
        for size in [1, 2, 7] {
            assert_eq!(read(events(), &body, size, now), whole);
        }
    }
});
