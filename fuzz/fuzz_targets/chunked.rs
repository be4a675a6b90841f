//! A chunked body of any bytes is read, or refused; nothing panics, and it
//! comes to the same in one piece and in pieces of 1, 2 and 7 bytes.
//!
//! The first byte chooses what is announced; the rest is the body.
#![no_main]

use std::sync::OnceLock;

use countersign::chunked::{DecodeError, Decoder, LineEnds};
use countersign::{Claim, ReceivedBody, Request, Service, Verifier, VerifyingKey};
use countersign_fuzz::{chunked_body, credentials, now};
use libfuzzer_sys::fuzz_target;

/// The requests of all choices. Signing one with ECDSA takes longer than reading its body.
static ANNOUNCED: [OnceLock<(Claim, VerifyingKey)>; 256] = [const { OnceLock::new() }; 256];

fn announce(choice: u8) -> (Claim, VerifyingKey) {
    let (signer, body) = chunked_body(choice);
    let mut headers = vec![("host", "b.s3.amazonaws.com")];
    headers.extend(body.headers());
    let signed = signer.sign(&Request::new("PUT", "/k", &headers), body.payload(), now()).unwrap();
    headers.extend(signed.iter());
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().allow_sigv4a();
    let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now()).unwrap();
    let key = claim.key(&credentials());
    (claim, key)
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else { return };
    let (claim, key) = ANNOUNCED[usize::from(*choice)].get_or_init(|| announce(*choice));
    let verified = claim.verify(Some(key)).unwrap();

    for line_ends in [LineEnds::CrLf, LineEnds::MinioGo] {
        let read = |feed: usize| -> (Vec<u8>, Result<(), DecodeError>) {
            let mut decoder = Decoder::new(&verified, key).unwrap().line_ends(line_ends);
            let mut released = Vec::new();
            for mut piece in body.chunks(feed) {
                loop {
                    match decoder.decode(&mut piece) {
                        Ok(Some(data)) => released.extend_from_slice(data),
                        Ok(None) => break,
                        Err(error) => return (released, Err(error)),
                    }
                }
            }
            (released, decoder.finish().map(drop))
        };
        let whole = read(usize::MAX);
        assert!(whole.0.len() <= usize::from(choice / 5));
        for feed in [1, 2, 7] {
            assert!(whole == read(feed));
        }
    }
});
