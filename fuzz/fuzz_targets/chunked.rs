//! A chunked body of any bytes is read, or refused; nothing panics, and it
//! comes to the same in one piece and in pieces of 1, 2 and 7 bytes.
//!
//! The first byte chooses the mode and what is announced; the rest is the body.
#![no_main]

use countersign::chunked::{DecodeError, Decoder, LineEnds, Mode};
use countersign::{
    Credentials, Payload, ReceivedBody, RegionSet, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else { return };
    let modes = [
        Mode::Signed,
        Mode::SignedTrailer,
        Mode::UnsignedTrailer,
        Mode::SignedEcdsa,
        Mode::SignedEcdsaTrailer,
    ];
    let mode = modes[usize::from(choice % 5)];
    let length = (choice / 5).to_string();
    let now = Timestamp::parse("20240501T120000Z").unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).unwrap();
    let signer = match mode {
        Mode::SignedEcdsa | Mode::SignedEcdsaTrailer => {
            Signer::sigv4a(credentials.clone(), RegionSet::all(), Service::S3).unwrap()
        }
        _ => Signer::new(credentials.clone(), "us-east-1", Service::S3).unwrap(),
    };
    let mut headers = vec![("host", "b.s3.amazonaws.com"), ("x-amz-decoded-content-length", &length)];
    if mode.has_trailers() {
        headers.push(("x-amz-trailer", "x-amz-checksum-crc32"));
    }
    let signed = signer.sign(&Request::new("PUT", "/k", &headers), Payload::Literal(mode.name()), now).unwrap();
    headers.extend(signed.iter());
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().allow_sigv4a();
    let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now).unwrap();
    let key = claim.key(&credentials);
    let verified = claim.verify(Some(&key)).unwrap();

    for line_ends in [LineEnds::CrLf, LineEnds::MinioGo] {
        let read = |feed: usize| -> (Vec<u8>, Result<(), DecodeError>) {
            let mut decoder = Decoder::new(&verified, &key).unwrap().line_ends(line_ends);
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
