//! Chunked bodies, announced by a byte and read in pieces of several sizes.

use std::sync::OnceLock;

use countersign::chunked::{Body, Checksum, DecodeError, Decoder, LineEnds};
use countersign::{Claim, ReceivedBody, Request, Service, Signer, Verifier, VerifyingKey};

use crate::{credentials, now};

/// The one text that was ever signed in chunks: the seeds have its signatures.
pub const SIGNED: &[u8] = b"hello world";

/// A body that a byte announces: signed, with trailers or not, or unsigned with
/// trailers; of up to 85 bytes.
pub fn announced(signer: &Signer, choice: u8) -> Body {
    let length = u64::from(choice / 3);
    let body = match choice % 3 {
        0 => return Body::signed_by(signer, length),
        1 => Body::signed_by(signer, length),
        _ => Body::unsigned(length),
    };
    body.checksum(Checksum::Crc32).unwrap()
}

/// The requests of all such bodies, each signed once: that can take longer than
/// to read the body.
pub struct Requests {
    signer: fn() -> Signer,
    claims: [OnceLock<(Claim, VerifyingKey)>; 256],
}

impl Requests {
    pub const fn signed_by(signer: fn() -> Signer) -> Self {
        Self { signer, claims: [const { OnceLock::new() }; 256] }
    }

    fn claim(&self, choice: u8) -> (Claim, VerifyingKey) {
        let signer = (self.signer)();
        let body = announced(&signer, choice);
        let mut headers = vec![("host", "b.s3.amazonaws.com")];
        headers.extend(body.headers());
        let signed = signer.sign(&Request::new("PUT", "/k", &headers), body.payload(), now()).unwrap();
        headers.extend(signed.iter());
        let verifier = Verifier::new("us-east-1", Service::S3).unwrap().allow_sigv4a();
        let request = Request::new("PUT", "/k", &headers);
        let claim = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap();
        let key = claim.key(&credentials());
        (claim, key)
    }

    /// The first byte chooses what is announced; the rest is the body.
    pub fn check(&self, data: &[u8]) {
        let Some((choice, body)) = data.split_first() else { return };
        let (claim, key) = self.claims[usize::from(*choice)].get_or_init(|| self.claim(*choice));
        let verified = claim.verify(Some(key)).unwrap();
        let (signed, length) = (choice % 3 != 2, usize::from(choice / 3));
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
            let (released, end) = &whole;
            assert!(released.len() <= length);
            assert!(end.is_err() || released.len() == length);
            assert!(!signed || SIGNED.starts_with(released));
            for feed in [1, 2, 7] {
                assert!(whole == read(feed));
            }
        }
    }
}
