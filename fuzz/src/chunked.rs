//! Chunked bodies: a byte chooses the kind of body, and it is decoded in pieces of several sizes.

use std::sync::OnceLock;

use countersign::chunked::{ChunkedBody, DecodeError, Decoder, LineEndings};
use countersign::{Checksum, ReceivedBody, Request, Service, Signer, Verified, Verifier};

use crate::{credentials, now};

/// The only data that is signed in chunks: the seeds have its signatures.
pub const SIGNED: &[u8] = b"hello world";

/// Returns the body that a byte chooses: signed, signed with a trailer, or unsigned with a trailer; of
/// up to 85 bytes.
pub fn body(choice: u8) -> ChunkedBody {
    let length = u64::from(choice / 3);
    let body = match choice % 3 {
        0 => return ChunkedBody::signed(length),
        1 => ChunkedBody::signed(length),
        _ => ChunkedBody::unsigned(length),
    };
    body.with_checksum(Checksum::Crc32).unwrap()
}

/// The requests of all such bodies. Each is signed and verified once, which can take longer than
/// decoding the body.
pub struct Requests {
    signer: fn() -> Signer,
    verified: [OnceLock<Verified>; 256],
}

impl Requests {
    pub const fn signed_by(signer: fn() -> Signer) -> Self {
        Self { signer, verified: [const { OnceLock::new() }; 256] }
    }

    fn verify(&self, choice: u8) -> Verified {
        let signer = (self.signer)();
        let mut headers = vec![("host", "b.s3.amazonaws.com")];
        let request = Request::new("PUT", "/k", &headers);
        let (signed, _) = signer.sign_chunked(&request, &body(choice), now()).unwrap();
        headers.extend(&signed);
        let verifier = Verifier::new("us-east-1", Service::S3).unwrap().allow_sigv4a();
        let request = Request::new("PUT", "/k", &headers);
        let claim = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap();
        let key = claim.derive_key(&credentials());
        claim.verify(&key).unwrap()
    }

    /// Decodes a body. The first byte chooses the request; the rest is the body as received.
    pub fn check(&self, data: &[u8]) {
        let Some((choice, body)) = data.split_first() else { return };
        let verified = self.verified[usize::from(*choice)].get_or_init(|| self.verify(*choice));
        let (signed, length) = (choice % 3 != 2, usize::from(choice / 3));
        for line_endings in [LineEndings::CrLf, LineEndings::MinioGo] {
            let read = |feed: usize| -> (Vec<u8>, Result<(), DecodeError>) {
                let mut decoder = Decoder::new(verified).unwrap().with_line_endings(line_endings);
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
