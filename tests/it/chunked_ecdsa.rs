//! Chunked bodies of SigV4a, compared with the published tests of AWS's C library. `ring` verifies the
//! signatures. `tests/threats/chunked_ecdsa.rs` has the bodies that are rejected.

use countersign::chunked::{ChunkedBody, DecodeError, Decoder};
use countersign::{
    AuthHeaders, InvalidPayloadMode, ReceivedBody, RegionSet, Request, Service, SignError, Signer,
    StreamingMode, Timestamp, Verifier,
};
use proptest::prelude::*;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use testkit::{assert_err, at, credentials};

/// awslabs/aws-c-auth, `tests/test_chunked_signing.c`: the public key of these credentials.
const PUBLIC: &str = "0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab\
                      fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2";
const URL: &str = "https://s3.amazonaws.com/examplebucket/chunkObject.txt";

fn signer() -> Signer {
    Signer::sigv4a(credentials(), RegionSet::parse("us-east-1").unwrap(), Service::S3).unwrap()
}

fn time() -> Timestamp {
    at("20130524T000000Z")
}

/// Asserts that `ring` verifies the signature, in hex without padding, and rejects it for another string.
#[track_caller]
fn ring_verifies(text: &str, signature: &str) {
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, hex::decode(PUBLIC).unwrap());
    let signature = hex::decode(signature).unwrap();
    assert!(public.verify(text.as_bytes(), &signature).is_ok(), "{text}");
    assert!(public.verify(format!("{text} ").as_bytes(), &signature).is_err());
}

/// The parts of the strings to sign before and after the previous signature, from awslabs/aws-c-auth,
/// `tests/test_chunked_signing.c`.
const PAYLOAD: &str = "AWS4-ECDSA-P256-SHA256-PAYLOAD\n20130524T000000Z\n20130524/s3/aws4_request\n";
const TRAILER: &str = "AWS4-ECDSA-P256-SHA256-TRAILER\n20130524T000000Z\n20130524/s3/aws4_request\n";
const CHUNKS: [(usize, &str); 3] = [
    (
        65_536,
        "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a",
    ),
    (
        1024,
        "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a",
    ),
    (
        0,
        "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
];
const TRAILERS: &str = "\n83d8f190334fb741bc8daf73c891689d320bd8017756bc730c540021ed48001f";

/// The request and the three chunks of aws-c-auth, `sigv4a_chunked_signing_test`.
#[test]
fn signs_the_chunks_of_aws_c_auth() {
    let headers: Vec<(&str, &str)> = vec![
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    let (signed, mut chunks) = signer()
        .sign_chunks(&Request::new("PUT", URL, &headers), StreamingMode::SignedEcdsa, time())
        .unwrap();
    assert_eq!(
        signed.explain().canonical_request().to_string(),
        "PUT\n/examplebucket/chunkObject.txt\n\ncontent-encoding:aws-chunked\ncontent-length:66824\n\
         host:s3.amazonaws.com\nx-amz-content-sha256:STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD\n\
         x-amz-date:20130524T000000Z\nx-amz-decoded-content-length:66560\nx-amz-region-set:us-east-1\n\
         x-amz-storage-class:REDUCED_REDUNDANCY\n\ncontent-encoding;content-length;host;\
         x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-region-set;x-amz-storage-class\n\
         STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
    );
    let mut previous = signed.signature().to_string();
    ring_verifies(signed.explain().string_to_sign().as_str(), &previous);
    for (length, hashes) in CHUNKS {
        let signature = chunks.sign(&vec![b'a'; length]).to_string();
        let text = format!("{PAYLOAD}{previous}{hashes}");
        assert_eq!(chunks.string_to_sign(), text);
        assert_eq!(signature.len(), 144);
        previous = signature.trim_end_matches('*').to_owned();
        ring_verifies(&text, &previous);
    }
}

/// The three trailers of aws-c-auth, `sigv4a_trailing_headers_signing_test`.
#[test]
fn signs_the_trailers_of_aws_c_auth() {
    let headers: Vec<(&str, &str)> = vec![
        ("x-amz-trailer", "first,second,third"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    let (signed, mut chunks) = signer()
        .sign_chunks(&Request::new("PUT", URL, &headers), StreamingMode::SignedEcdsaTrailer, time())
        .unwrap();
    assert_eq!(
        signed.explain().canonical_request().to_string(),
        "PUT\n/examplebucket/chunkObject.txt\n\ncontent-encoding:aws-chunked\ncontent-length:66824\n\
         host:s3.amazonaws.com\nx-amz-content-sha256:STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER\n\
         x-amz-date:20130524T000000Z\nx-amz-decoded-content-length:66560\nx-amz-region-set:us-east-1\n\
         x-amz-storage-class:REDUCED_REDUNDANCY\nx-amz-trailer:first,second,third\n\n\
         content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
         x-amz-decoded-content-length;x-amz-region-set;x-amz-storage-class;x-amz-trailer\n\
         STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"
    );
    let mut last = String::new();
    for (length, _) in CHUNKS {
        last = chunks.sign(&vec![b'a'; length]).to_string();
    }
    let trailers = [("third", "3rd"), ("First", "1st"), ("second", "2nd")];
    let signature = chunks.sign_trailers(&trailers).unwrap().to_string();
    let text = format!("{TRAILER}{}{TRAILERS}", last.trim_end_matches('*'));
    assert_eq!(chunks.string_to_sign(), text);
    assert_eq!(signature.len(), 144);
    ring_verifies(&text, signature.trim_end_matches('*'));
}

/// Signatures differ in length and are padded. `ring` verifies each of them.
#[test]
fn the_encoded_body_has_the_declared_length() {
    // The size, ";chunk-signature=", 144 characters, CRLF; the data, CRLF.
    let chunks = (5 + 17 + 144 + 2 + 65_536 + 2) + (1 + 17 + 144 + 2 + 15 + 2) + (1 + 17 + 144 + 2);
    let trailers = "x-amz-meta-a:value\r\n".len() + "x-amz-trailer-signature:\r\n".len() + 144;
    let body = ChunkedBody::signed(65_551);
    assert_eq!(
        (body.mode(&signer()), body.encoded_length(&signer())),
        (StreamingMode::SignedEcdsa, chunks + 2)
    );
    let body = body.with_trailer("x-amz-meta-a", 5).unwrap();
    assert_eq!(body.mode(&signer()), StreamingMode::SignedEcdsaTrailer);
    assert_eq!(body.encoded_length(&signer()), chunks + trailers as u64 + 2);
    let mut lengths = std::collections::BTreeSet::new();
    for fill in 0..8 {
        let length = body.encoded_length(&signer()).to_string();
        let headers = [("content-length", length.as_str())];
        let (signed, mut encoder) =
            signer().sign_chunked(&Request::new("PUT", URL, &headers), &body, time()).unwrap();
        let data = vec![fill; 65_551];
        let mut out = Vec::new();
        data.chunks(1000).for_each(|piece| encoder.encode_to(piece, &mut out).unwrap());
        out.extend(encoder.finish(&[("x-amz-meta-a", "value")]).unwrap());
        assert_eq!(out.len() as u64, body.encoded_length(&signer()));

        // The rest reads the body without countersign.
        let mut previous = signed.signature().to_string();
        let hash = |data: &[u8]| {
            use sha2::Digest;
            hex::encode(sha2::Sha256::digest(data))
        };
        let mut rest = &out[..];
        for (head, data) in [("10000", &data[..65_536]), ("f", &data[65_536..]), ("0", &[][..])] {
            let line = format!("{head};chunk-signature=");
            let signature = rest.strip_prefix(line.as_bytes()).unwrap()[..144].to_vec();
            let signature = String::from_utf8(signature).unwrap();
            let text = format!("{PAYLOAD}{previous}\n{}\n{}", hash(b""), hash(data));
            previous = signature.trim_end_matches('*').to_owned();
            lengths.insert(previous.len());
            ring_verifies(&text, &previous);
            let end = if data.is_empty() { "" } else { "\r\n" };
            let frame = [line.as_bytes(), signature.as_bytes(), b"\r\n", data, end.as_bytes()].concat();
            rest = rest.strip_prefix(&frame[..]).unwrap();
        }
        let line = "x-amz-meta-a:value\r\nx-amz-trailer-signature:";
        let end = std::str::from_utf8(rest).unwrap().strip_prefix(line).unwrap();
        let signature = end.strip_suffix("\r\n\r\n").unwrap();
        let text = format!("{TRAILER}{previous}\n{}", hash(b"x-amz-meta-a:value\n"));
        ring_verifies(&text, signature.trim_end_matches('*'));
    }
    assert!(lengths.len() > 1 && lengths.iter().all(|length| *length <= 144), "{lengths:?}");
}

#[test]
fn modes_have_one_name() {
    for (mode, name, trailers) in [
        (StreamingMode::SignedEcdsa, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", false),
        (StreamingMode::SignedEcdsaTrailer, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER", true),
    ] {
        assert_eq!(
            (StreamingMode::parse(name), mode.name(), mode.has_trailers()),
            (Ok(mode), name, trailers)
        );
        let lower = name.to_lowercase();
        assert_err!(StreamingMode::parse(&lower), InvalidPayloadMode::NotStreaming { mode: lower });
    }
}

/// The signer's algorithm determines the mode of the body. Other modes are rejected.
#[test]
fn the_signer_determines_the_mode() {
    let hmac = Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
    assert_eq!(ChunkedBody::signed(1).mode(&hmac), StreamingMode::Signed);
    assert_eq!(ChunkedBody::signed(1).mode(&signer()), StreamingMode::SignedEcdsa);
    let request = Request::new("PUT", URL, &[]);
    assert_err!(
        signer().sign_chunks(&request, StreamingMode::Signed, time()),
        SignError::UnsupportedStreamingMode { mode: StreamingMode::Signed }
    );
    assert_err!(
        hmac.sign_chunks(&request, StreamingMode::SignedEcdsa, time()),
        SignError::UnsupportedStreamingMode { mode: StreamingMode::SignedEcdsa }
    );
    let unsigned = ChunkedBody::unsigned(1).with_trailer("x-amz-meta-a", 1).unwrap();
    assert!(signer().sign_chunked(&request, &unsigned, time()).is_ok());
    // A signed content-length must be the encoded length.
    let body = ChunkedBody::signed(1);
    let length = body.encoded_length(&signer()).to_string();
    for (length, is_own) in [(length.as_str(), true), ("66824", false)] {
        let headers = [("content-length", length)];
        let signed = signer().sign_chunked(&Request::new("PUT", URL, &headers), &body, time());
        if is_own {
            assert!(signed.is_ok());
        } else {
            assert_err!(signed, SignError::HeaderMismatch { name: "content-length" });
        }
    }
}

fn decode(signed: &AuthHeaders, encoded: &[u8], feed: usize) -> (Vec<u8>, Result<u64, DecodeError>) {
    let headers: Vec<(&str, &str)> =
        [("host", "s3.amazonaws.com")].into_iter().chain(signed.iter()).collect();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().allow_sigv4a();
    let request = Request::new("PUT", "/examplebucket/chunkObject.txt", &headers);
    let claim = verifier.claim(&request, ReceivedBody::Unread, time()).unwrap();
    let key = claim.derive_key(&credentials());
    let verified = claim.verify(&key).unwrap();
    let mut decoder = Decoder::new(&verified).unwrap();
    let mut data = Vec::new();
    for mut piece in encoded.chunks(feed) {
        loop {
            match decoder.decode(&mut piece) {
                Ok(Some(proven)) => data.extend_from_slice(proven),
                Ok(None) => break,
                Err(error) => return (data, Err(error)),
            }
        }
    }
    (data, decoder.finish().map(|verified| verified.decoded_length()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// The sizes of the pieces do not matter on either side, nor for a damaged body, of which no changed
    /// data is released.
    #[test]
    fn an_encoded_body_is_decoded(
        length in 0usize..30_000,
        trailer in any::<bool>(),
        feed in 1usize..20_000,
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let body = ChunkedBody::signed(length as u64).with_chunk_size(8192).unwrap();
        let body = if trailer { body.with_trailer("x-amz-meta-a", 5).unwrap() } else { body };
        let (signed, mut encoder) = signer().sign_chunked(&Request::new("PUT", URL, &[]), &body, time()).unwrap();
        let data: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
        let mut encoded = Vec::new();
        data.chunks(feed).for_each(|piece| encoder.encode_to(piece, &mut encoded).unwrap());
        let trailers = [("x-amz-meta-a", "value")];
        encoded.extend(encoder.finish(if trailer { &trailers } else { &[] }).unwrap());
        prop_assert_eq!(encoded.len() as u64, body.encoded_length(&signer()));
        prop_assert_eq!(decode(&signed, &encoded, feed), (data.clone(), Ok(length as u64)));

        let at = place.index(encoded.len());
        encoded[at] = byte;
        let whole = decode(&signed, &encoded, usize::MAX);
        prop_assert!(data.starts_with(&whole.0));
        prop_assert_eq!(decode(&signed, &encoded, feed), whole);
    }
}
