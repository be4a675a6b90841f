use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::chunked::{ChunkedBody, MIN_CHUNK_SIZE};
use crate::{
    Credentials, Payload, ReceivedBody, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier,
};

const HOST: (&str, &str) = ("host", "examplebucket.s3.amazonaws.com");

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).expect("valid credentials")
}

fn signer() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).expect("a valid signer")
}

fn time() -> Timestamp {
    "20130524T000000Z".parse().expect("a valid time")
}

fn verify(added: &crate::AuthHeaders) -> Verified {
    let headers: Vec<(&str, &str)> = [HOST].into_iter().chain(added.iter()).collect();
    let verifier = Verifier::new("us-east-1", Service::S3).expect("a valid verifier");
    #[cfg(feature = "sigv4a")]
    let verifier = verifier.allow_sigv4a();
    let claim = verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Unread, time());
    let claim = claim.expect("a valid request");
    let key = claim.derive_key(&credentials());
    claim.verify(&key).expect("the signer's key")
}

/// Signs and encodes a body. Returns the verified request and the encoded body.
fn send(signer: &Signer, body: &ChunkedBody, data: &[u8], trailers: &[(&str, &str)]) -> (Verified, Vec<u8>) {
    let request = Request::new("PUT", "/key", &[HOST]);
    let (signed, mut encoder) = signer.sign_chunked(&request, body, time()).expect("a signature");
    let mut sent = Vec::new();
    encoder.encode_to(data, &mut sent).expect("the declared length");
    sent.extend(encoder.finish(trailers).expect("the declared length and trailers"));
    (verify(&signed), sent)
}

/// Decodes a body in pieces of `size` bytes. Returns the released data, and the result.
fn decode(mut decoder: Decoder, body: &[u8], size: usize) -> (Vec<u8>, Result<VerifiedBody, DecodeError>) {
    let mut released = Vec::new();
    for mut piece in body.chunks(size) {
        loop {
            match decoder.decode(&mut piece) {
                Ok(Some(data)) => released.extend_from_slice(data),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.decode(&mut &b""[..]).err(), Some(error.clone()), "the error is kept");
                    assert_eq!(decoder.finish().err(), Some(error.clone()), "the error is kept");
                    return (released, Err(error));
                }
            }
        }
    }
    (released, decoder.finish())
}

#[test]
fn releases_the_data_that_was_sent() {
    let data: Vec<u8> = (0..=250).cycle().take(20_000).collect();
    let body = ChunkedBody::signed(20_000).with_chunk_size(MIN_CHUNK_SIZE).expect("the minimum");
    let body = body.with_trailer("x-amz-meta-a", 5).expect("a valid trailer");
    let (verified, sent) = send(&signer(), &body, &data, &[("x-amz-meta-a", "value")]);
    for size in [1, 7, 8192, 100_000] {
        let decoder = Decoder::new(&verified).expect("chunked").with_min_chunk_size(MIN_CHUNK_SIZE);
        assert_eq!(decoder.decoded_length(), 20_000);
        let (released, result) = decode(decoder, &sent, size);
        let verified = result.expect("a complete body");
        assert!(released == data);
        assert_eq!(verified.decoded_length(), 20_000);
        assert_eq!(verified.trailers().collect::<Vec<_>>(), [("x-amz-meta-a", "value")]);
        assert_eq!((verified.trailer("X-AMZ-META-A"), verified.trailer("a")), (Some("value"), None));
    }
}

#[cfg(feature = "sigv4a")]
#[test]
fn decodes_a_body_of_sigv4a() {
    let signer = Signer::sigv4a(credentials(), crate::RegionSet::all(), Service::S3).expect("a key pair");
    let body = ChunkedBody::signed(11).with_trailer("x-amz-meta-a", 5).expect("a valid trailer");
    let (verified, sent) = send(&signer, &body, b"hello world", &[("x-amz-meta-a", "value")]);
    let (released, result) = decode(Decoder::new(&verified).expect("chunked"), &sent, 7);
    assert_eq!(released, b"hello world");
    assert_eq!(result.expect("a complete body").decoded_length(), 11);
    let changed = String::from_utf8(sent).expect("ASCII").replace("world", "there");
    let (released, result) = decode(Decoder::new(&verified).expect("chunked"), changed.as_bytes(), 7);
    assert_eq!((released, result.err()), (Vec::new(), Some(DecodeError::SignatureDoesNotMatch { chunk: 1 })));
}

#[test]
fn refuses_every_truncated_body() {
    let (verified, sent) = send(&signer(), &ChunkedBody::signed(11), b"hello world", &[]);
    for length in 0..sent.len() {
        let decoder = Decoder::new(&verified).expect("chunked");
        let (released, result) = decode(decoder, sent.get(..length).unwrap_or_default(), 7);
        let received = if released.is_empty() { 0 } else { 11 };
        assert_eq!(result.err(), Some(DecodeError::Incomplete { declared: 11, received }), "{length} bytes");
    }
}

#[test]
fn refuses_every_changed_byte_and_releases_no_changed_data() {
    let (verified, sent) = send(&signer(), &ChunkedBody::signed(11), b"hello world", &[]);
    for index in 0..sent.len() {
        let mut changed = sent.clone();
        if let Some(byte) = changed.get_mut(index) {
            *byte ^= 1;
        }
        let (released, result) = decode(Decoder::new(&verified).expect("chunked"), &changed, 7);
        assert!(result.is_err(), "byte {index}");
        assert!(b"hello world".starts_with(&released), "byte {index}");
    }
}

#[test]
fn limits_the_size_of_chunks() {
    let data = [0; 20_000];
    let body = ChunkedBody::signed(20_000).with_chunk_size(8192).expect("the minimum");
    let (verified, sent) = send(&signer(), &body, &data, &[]);
    let decoder = || Decoder::new(&verified).expect("chunked");
    let result = |decoder| decode(decoder, &sent, 100_000).1;
    // The last chunk has 3,616 bytes, which no minimum refuses.
    assert!(result(decoder().with_min_chunk_size(8192).with_max_chunk_size(8192)).is_ok());
    let error = DecodeError::ChunkTooSmall { chunk: 1, size: 8192, min: 8193 };
    assert_eq!(result(decoder().with_min_chunk_size(8193)).err(), Some(error));
    let error = DecodeError::ChunkTooLarge { chunk: 1, size: 8192, max: 8191 };
    assert_eq!(result(decoder().with_max_chunk_size(8191)).err(), Some(error));
}

#[test]
fn refuses_data_after_the_end() {
    let (verified, mut sent) = send(&signer(), &ChunkedBody::signed(11), b"hello world", &[]);
    sent.push(b'\n');
    let (released, result) = decode(Decoder::new(&verified).expect("chunked"), &sent, 7);
    assert_eq!((&released[..], result.err()), (&b"hello world"[..], Some(DecodeError::DataAfterEnd)));
}

#[test]
fn refuses_a_request_without_a_chunked_body() {
    let signed = signer().sign(&Request::new("PUT", "/key", &[HOST]), Payload::Bytes(b"hello"), time());
    let verified = verify(&signed.expect("a signature"));
    assert_eq!(Decoder::new(&verified).err(), Some(DecodeError::NotChunked));
}

#[cfg(feature = "checksums")]
#[test]
fn checks_the_checksum_of_an_unsigned_body() {
    let body = ChunkedBody::unsigned(9).with_checksum(Checksum::Crc32).expect("supported");
    let (verified, sent) = send(&signer(), &body, b"123456789", &[]);
    assert_eq!(sent, b"9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n");
    let (released, result) = decode(Decoder::new(&verified).expect("chunked"), &sent, 2);
    assert_eq!(released, b"123456789");
    assert_eq!(result.expect("a complete body").trailer("x-amz-checksum-crc32"), Some("y/Q5Jg=="));
    let changed = String::from_utf8(sent).expect("ASCII").replace("123", "124");
    let (_, result) = decode(Decoder::new(&verified).expect("chunked"), changed.as_bytes(), 2);
    assert!(matches!(result, Err(DecodeError::BadDigest { checksum: Checksum::Crc32, .. })), "{result:?}");
}
