//! Chunked bodies, compared with the S3 API Reference, AWS's C library, AWS's signer for Rust and the
//! `s3s` server. `tests/threats/chunked.rs` has the bodies that are rejected.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use countersign::chunked::{
    ChunkSigner, ChunkedBody, DecodeError, Decoder, EncodeError, Encoder, MIN_CHUNK_SIZE,
};
use countersign::{
    AuthHeaders, Checksum, ReceivedBody, Request, Service, SignError, Signer, StreamingMode, Timestamp,
    Verifier,
};
use proptest::prelude::*;
use testkit::{ID, SECRET, assert_err, at, credentials, signer};

const URL: &str = "https://s3.amazonaws.com/examplebucket/chunkObject.txt";
const STORAGE_CLASS: (&str, &str) = ("x-amz-storage-class", "REDUCED_REDUNDANCY");

fn time() -> Timestamp {
    at("20130524T000000Z")
}

fn sign(headers: &[(&str, &str)], body: &ChunkedBody) -> Result<(AuthHeaders, Encoder), SignError> {
    signer().sign_chunked(&Request::new("PUT", URL, headers), body, time())
}

fn chunk_signer(headers: &[(&str, &str)]) -> (AuthHeaders, ChunkSigner) {
    signer().sign_chunks(&Request::new("PUT", URL, headers), StreamingMode::Signed, time()).unwrap()
}

fn encoder(body: &ChunkedBody) -> Encoder {
    sign(&[], body).unwrap().1
}

/// Encodes a body whose data is given in pieces of `feed` bytes.
fn encode(body: &ChunkedBody, data: &[u8], feed: usize) -> Vec<u8> {
    let mut encoder = encoder(body);
    let mut out = Vec::new();
    data.chunks(feed).for_each(|piece| encoder.encode_to(piece, &mut out).unwrap());
    out.extend(encoder.finish(&[]).unwrap());
    assert_eq!(out.len() as u64, body.encoded_length(&signer()));
    out
}

/// Decodes a body that is given in pieces of these lengths, repeated in order.
fn decode(body: &ChunkedBody, encoded: &[u8], feeds: &[usize]) -> (Vec<u8>, Result<u64, DecodeError>) {
    let (signed, _) = sign(&[], body).unwrap();
    let mut headers = vec![("host", "s3.amazonaws.com")];
    headers.extend(signed.iter());
    let request = Request::new("PUT", "/examplebucket/chunkObject.txt", &headers);
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let claim = verifier.claim(&request, ReceivedBody::Unread, time()).unwrap();
    let key = claim.derive_key(&credentials());
    let verified = claim.verify(&key).unwrap();
    let mut decoder = Decoder::new(&verified).unwrap();

    let (mut data, mut rest) = (Vec::new(), encoded);
    for feed in feeds.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let mut piece;
        (piece, rest) = rest.split_at((*feed).clamp(1, rest.len()));
        loop {
            match decoder.decode(&mut piece) {
                Ok(Some(released)) => data.extend_from_slice(released),
                Ok(None) => break,
                Err(error) => return (data, Err(error)),
            }
        }
    }
    (data, decoder.finish().map(|verified| verified.decoded_length()))
}

/// S3 API Reference, "Transferring payload in multiple chunks", "Example: PUT Object".
#[test]
fn encodes_the_example_of_the_s3_reference() {
    let data = vec![b'a'; 66_560];
    let body = ChunkedBody::signed(66_560);
    assert_eq!(body.encoded_length(&signer()), 66_824);
    let headers = [("content-length", "66824"), STORAGE_CLASS];
    let (signed, _) = sign(&headers, &body).unwrap();
    let announced: Vec<(&str, &str)> = signed.iter().take(2).collect();
    assert_eq!(announced, [("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "66560")]);
    let seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    assert_eq!(signed.signature().to_string(), seed);

    let expected = [
        b"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n",
        &data[..65_536],
        b"\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n",
        &data[..1024],
        b"\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
    ]
    .concat();
    for feed in [1, 1000, 65_536, 66_560] {
        let (_, mut encoder) = sign(&headers, &body).unwrap();
        let mut out = Vec::new();
        data.chunks(feed).for_each(|piece| encoder.encode_to(piece, &mut out).unwrap());
        out.extend(encoder.finish(&[]).unwrap());
        assert!(out == expected, "in pieces of {feed}");
    }
    let (_, mut chunks) = chunk_signer(&[&announced[..], &headers].concat());
    let _ = chunks.sign(&data[..65_536]);
    assert_eq!(
        chunks.string_to_sign(),
        format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n{seed}\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
             bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a"
        )
    );
}

/// S3 API Reference, "Signature calculations for trailing headers", "Example: PUT Object".
#[test]
fn encodes_the_example_of_the_s3_reference_with_a_trailer() {
    let data = vec![b'a'; 66_560];
    let body = ChunkedBody::signed(66_560).with_checksum(Checksum::Crc32c).unwrap();
    assert_eq!(body.mode(&signer()), StreamingMode::SignedTrailer);
    let (_, mut encoder) = sign(&[STORAGE_CLASS], &body).unwrap();
    let mut out = Vec::new();
    encoder.encode_to(&data, &mut out).unwrap();
    let end = String::from_utf8(encoder.finish(&[]).unwrap()).unwrap();
    // The checksum is the one of the example.
    let expected = "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n\
                    x-amz-checksum-crc32c:sOO8/Q==\r\n\
                    x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\
                    \r\n";
    assert_eq!(end, expected);
    let text = String::from_utf8_lossy(&out);
    assert!(text.contains("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"));
    assert!(text.contains("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"));
    assert_eq!((out.len() + end.len()) as u64, body.encoded_length(&signer()));
}

/// aws-c-auth, tests/test_chunked_signing.c: three trailers after the chunks of the first example.
#[test]
fn signs_three_trailers_as_aws_c_auth_does() {
    let headers = [
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
        STORAGE_CLASS,
    ];
    for trailers in [
        [("first", "1st"), ("second", "2nd"), ("third", "3rd")],
        [("Third", "3rd"), ("FIRST", "1st"), ("second", "2nd")],
    ] {
        let (_, mut chunks) = chunk_signer(&headers);
        for length in [65_536, 1024, 0] {
            let _ = chunks.sign(&vec![b'a'; length]);
        }
        let signature = chunks.sign_trailers(&trailers).unwrap().to_string();
        assert_eq!(signature, "df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c");
        assert!(
            chunks
                .string_to_sign()
                .ends_with("\n83d8f190334fb741bc8daf73c891689d320bd8017756bc730c540021ed48001f")
        );
    }
}

/// `aws-sigv4` is the signer of AWS's SDK for Rust.
#[test]
fn signs_each_chunk_as_aws_sigv4_does() {
    let (signed, mut chunks) =
        chunk_signer(&[("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "100")]);
    let identity = aws_credential_types::Credentials::from_keys(ID, SECRET, None).into();
    let params = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600))
        .settings(())
        .build()
        .unwrap();
    let mut theirs = signed.signature().to_string();
    for length in [1, 55, 56, 64, 1000, 8192, 65_536, 65_537, 0] {
        let data: Vec<u8> = (0..length).map(|place: usize| (place * 31 % 251) as u8).collect();
        let ours = chunks.sign(&data).to_string();
        theirs = aws_sigv4::sign::v4::sign_chunk(&data.into(), &theirs, &params).unwrap().signature().into();
        assert_eq!(ours, theirs, "{length} bytes");
    }
}

/// `s3s` shares no code with countersign.
#[test]
fn s3s_accepts_each_mode() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(bucket::server::Server::start()).unwrap();
    let host = server.endpoint().strip_prefix("http://").unwrap().to_owned();
    let data: Vec<u8> = (0..150_000).map(|place: u32| (place * 31 % 251) as u8).collect();
    let checksums =
        [Checksum::Crc32, Checksum::Crc32c, Checksum::Crc64Nvme, Checksum::Sha1, Checksum::Sha256];
    for length in [0, 1, 65_536, 150_000] {
        let mut bodies = vec![ChunkedBody::signed(length)];
        for checksum in checksums {
            bodies.push(ChunkedBody::signed(length).with_checksum(checksum).unwrap());
            bodies.push(ChunkedBody::unsigned(length).with_checksum(checksum).unwrap());
        }
        for body in bodies {
            let data = &data[..length as usize];
            let url = format!("http://{host}/examplebucket/key");
            let content_length = body.encoded_length(&signer()).to_string();
            let mut headers = vec![("content-length", &content_length[..])];
            let signer = Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
            let (signed, mut encoder) =
                signer.sign_chunked(&Request::new("PUT", &url, &headers), &body, Timestamp::now()).unwrap();
            headers.push(("host", &host));
            headers.push(("connection", "close"));
            headers.extend(signed.iter());
            let mut sent = b"PUT /examplebucket/key HTTP/1.1\r\n".to_vec();
            for (name, value) in headers {
                sent.extend(format!("{name}: {value}\r\n").bytes());
            }
            sent.extend(b"\r\n");
            data.chunks(10_000).for_each(|piece| encoder.encode_to(piece, &mut sent).unwrap());
            sent.extend(encoder.finish(&[]).unwrap());
            let mut socket = TcpStream::connect(&host).unwrap();
            socket.write_all(&sent).unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{:?} of {length}: {answer}", body.mode(&signer));
        }
    }
}

#[test]
fn rejects_a_request_that_contradicts_its_body() {
    let body = ChunkedBody::signed(10).with_checksum(Checksum::Crc32).unwrap();
    let (signed, _) = sign(&[], &body).unwrap();
    let announced: Vec<(&str, &str)> = signed.iter().take(3).collect();
    assert!(sign(&announced, &body).is_ok());

    // The length, the trailer, the payload mode or the content length contradicts the body.
    let refuses = |headers: &[(&str, &str)], body: &ChunkedBody, name: &str| {
        assert_err!(sign(headers, body), SignError::HeaderMismatch { name: name });
    };
    let longer = ChunkedBody::signed(11).with_checksum(Checksum::Crc32).unwrap();
    refuses(&announced, &longer, "x-amz-decoded-content-length");
    let other = ChunkedBody::signed(10).with_checksum(Checksum::Crc32c).unwrap();
    refuses(&announced, &other, "x-amz-trailer");
    refuses(&announced, &ChunkedBody::signed(10), "x-amz-trailer");
    let other = [("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")];
    refuses(&other, &body, "x-amz-content-sha256");
    refuses(&[("content-length", "10")], &body, "content-length");
    // Some servers store the frames if `aws-chunked` is missing from the encodings.
    refuses(&[("content-encoding", "gzip")], &body, "content-encoding");
    refuses(&announced, &body.with_content_encoding("gzip"), "content-encoding");
    assert_err!(sign(&[], &ChunkedBody::unsigned(10)), SignError::MissingTrailer);
}

#[test]
fn rejects_data_of_another_length_than_declared() {
    for body in [ChunkedBody::signed(10), ChunkedBody::unsigned(10).with_checksum(Checksum::Crc32).unwrap()] {
        let mut encoder = encoder(&body);
        let mut out = Vec::new();
        encoder.encode_to(b"1234", &mut out).unwrap();
        let mut input = &b"1234567"[..];
        assert_err!(encoder.encode(&mut input), EncodeError::TooMuchData { declared: 10_u64 });
        assert_eq!(input, b"1234567");
        encoder.encode_to(b"56789", &mut out).unwrap();
        assert!(out.is_empty(), "the chunk is incomplete");
        assert_err!(encoder.finish(&[]), EncodeError::TooLittleData { declared: 10_u64, given: 9_u64 });
    }
    let mut whole = encoder(&ChunkedBody::signed(4));
    let mut out = Vec::new();
    whole.encode_to(b"1234", &mut out).unwrap();
    assert_err!(whole.encode(&mut &b"5"[..]), EncodeError::TooMuchData { declared: 4_u64 });
    assert!(whole.encode(&mut &b""[..]).unwrap().is_none());
    assert!(whole.finish(&[]).is_ok());
}

#[test]
fn rejects_trailers_that_differ_from_their_declaration() {
    let body = ChunkedBody::signed(0)
        .with_trailer("X-Amz-Meta-B", 2)
        .unwrap()
        .with_trailer("x-amz-meta-a", 1)
        .unwrap();
    let (signed, _) = sign(&[], &body).unwrap();
    assert_eq!(signed.iter().nth(2).unwrap(), ("x-amz-trailer", "x-amz-meta-b,x-amz-meta-a"));
    let end = encoder(&body).finish(&[("x-amz-meta-b", "bb"), ("X-AMZ-META-A", "a")]).unwrap();
    assert_eq!(end.len() as u64, body.encoded_length(&signer()));
    assert!(
        String::from_utf8(end)
            .unwrap()
            .contains("\r\nx-amz-meta-a:a\r\nx-amz-meta-b:bb\r\nx-amz-trailer-signature:")
    );
    let wrong: [&[(&str, &str)]; 7] = [
        &[],
        &[("x-amz-meta-a", "a")],
        &[("x-amz-meta-a", "a"), ("x-amz-meta-b", "b")],
        &[("x-amz-meta-a", "a"), ("x-amz-meta-b", "bb"), ("x-amz-meta-c", "")],
        &[("x-amz-meta-a", "a"), ("x-amz-meta-b", "bb"), ("x-amz-meta-a", "a")],
        &[("x-amz-meta-a", "a"), ("x-amz-meta-b", "\r\n")],
        &[("x-amz-meta-a", " "), ("x-amz-meta-b", "bb")],
    ];
    for trailers in wrong {
        let end = encoder(&body).finish(trailers);
        assert!(matches!(end, Err(EncodeError::TrailerMismatch { .. })), "{trailers:?}");
    }
    for name in ["", "a b", "a:b", "x-amz-trailer-signature", "X-Amz-Meta-A", "x-amz-meta-b", "a\r\n"] {
        let name_in_error = name.to_ascii_lowercase();
        assert_err!(body.clone().with_trailer(name, 1), EncodeError::InvalidTrailer { name: name_in_error });
    }
    let one = ChunkedBody::unsigned(0).with_checksum(Checksum::Crc32).unwrap();
    assert_err!(
        one.clone().with_checksum(Checksum::Crc32c),
        EncodeError::InvalidTrailer { name: "x-amz-checksum-crc32c" }
    );
    assert_err!(
        one.with_trailer("X-Amz-Checksum-Crc32", 8),
        EncodeError::InvalidTrailer { name: "x-amz-checksum-crc32" }
    );
    assert_err!(
        ChunkedBody::signed(1).with_chunk_size(8191),
        EncodeError::InvalidChunkSize { size: 8191_u64, min: MIN_CHUNK_SIZE }
    );
}

#[test]
fn a_huge_length_does_not_overflow() {
    for length in [u64::MAX, u64::MAX / 2 + 1] {
        let body = ChunkedBody::signed(length).with_trailer("x", usize::MAX).unwrap();
        assert!(body.encoded_length(&signer()) >= length);
        let mut encoder = encoder(&body);
        assert!(encoder.encode(&mut &b"x"[..]).unwrap().is_none());
        assert_err!(encoder.finish(&[]), EncodeError::TooLittleData { declared: length, given: 1_u64 });
    }
}

#[test]
fn debug_output_has_no_secrets() {
    let body = ChunkedBody::signed(4);
    let (signed, mut encoder) = sign(&[], &body).unwrap();
    let (_, mut chunks) =
        chunk_signer(&[("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "4")]);
    let signature = chunks.sign(b"data");
    let frame = format!("{:?}", encoder.encode(&mut &b"data"[..]).unwrap().unwrap());
    for text in [frame, format!("{encoder:?} {chunks:?} {signature:?} {body:?}")] {
        for secret in [&signature.to_string(), &signed.signature().to_string(), SECRET, "data\""] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    fn kept<T: Send + Sync + Unpin + 'static>() {}
    fn an_error<T: std::error::Error + Clone + Eq + Send + Sync + 'static>() {}
    kept::<ChunkedBody>();
    kept::<Encoder>();
    kept::<Decoder>();
    kept::<ChunkSigner>();
    an_error::<EncodeError>();
    an_error::<DecodeError>();
}

fn bodies() -> impl Strategy<Value = ChunkedBody> {
    (0u64..30_000, MIN_CHUNK_SIZE..10_000, 0u8..4).prop_map(|(length, size, kind)| {
        let signed = || ChunkedBody::signed(length).with_chunk_size(size).unwrap();
        let unsigned = || ChunkedBody::unsigned(length).with_chunk_size(size).unwrap();
        match kind {
            0 => signed(),
            1 => signed().with_checksum(Checksum::Crc64Nvme).unwrap(),
            2 => unsigned().with_checksum(Checksum::Crc32).unwrap(),
            _ => unsigned().with_checksum(Checksum::Sha256).unwrap(),
        }
    })
}

/// Runs 64 cases, or as many as `PROPTEST_CASES` sets.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(64), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// The sizes of the pieces do not matter on either side.
    #[test]
    fn an_encoded_body_is_decoded(
        body in bodies(),
        fill in any::<u8>(),
        feed in 1usize..20_000,
        feeds in prop::collection::vec(1usize..10_000, 1..8),
    ) {
        let data: Vec<u8> = (0..body.decoded_length()).map(|place| (place % 251) as u8 ^ fill).collect();
        let encoded = encode(&body, &data, feed);
        prop_assert!(encoded == encode(&body, &data, usize::MAX));
        let (decoded, end) = decode(&body, &encoded, &feeds);
        prop_assert_eq!(end, Ok(body.decoded_length()));
        prop_assert!(decoded == data);
    }

    /// The sizes of the pieces do not change the data or the error of a damaged body. Of a signed body,
    /// no changed data is released.
    #[test]
    fn damage_is_detected_alike_for_all_piece_sizes(
        body in bodies(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..3),
        feeds in prop::collection::vec(1usize..500, 1..8),
    ) {
        let data: Vec<u8> = (0..body.decoded_length()).map(|place| (place % 251) as u8).collect();
        let good = encode(&body, &data, usize::MAX);
        let mut bad = good.clone();
        for (place, byte, kind) in places {
            let at = place.index(bad.len());
            match kind {
                0 => bad[at] = byte,
                1 => bad.truncate(at),
                2 => bad.insert(at, byte),
                _ => drop(bad.remove(at)),
            }
            if bad.is_empty() {
                break;
            }
        }
        let whole = decode(&body, &bad, &[usize::MAX]);
        prop_assert!(whole == decode(&body, &bad, &feeds));
        if body.mode(&signer()) == StreamingMode::UnsignedTrailer {
            prop_assert!(whole.1.is_err() || whole.0 == data);
        } else {
            prop_assert!(data.starts_with(&whole.0));
        }
    }
}

/// The bodies that boto3 1.44 sends over TLS for `put_object` with these algorithms.
#[test]
fn writes_the_trailers_of_boto3() {
    for (checksum, value) in [
        (
            Checksum::Sha512,
            "9l80GzWYH9qEKwmyyK+bzbdgKkwub6H31B8JdNPjEi8mj8edWkr2Y1j1EziFzRwWXJFvgKsl5djZXbRvgDx4LA==",
        ),
        (Checksum::XxHash64, "q9wqYfH5H0w="),
        // The headers that it sends over HTTP.
        (Checksum::XxHash3, "ZgaH7ewHVlM="),
        (Checksum::XxHash128, "rvfXM2ShGmMvxPrvzEIsuA=="),
        (Checksum::Crc32, "9CR0Uw=="),
    ] {
        let body = ChunkedBody::unsigned(13).with_checksum(checksum).unwrap();
        let name = checksum.name();
        let sent = format!("d\r\nhello, world\n\r\n0\r\n{name}:{value}\r\n\r\n");
        assert_eq!(encode(&body, b"hello, world\n", 5), sent.as_bytes());
        assert_eq!(decode(&body, sent.as_bytes(), &[7]), (b"hello, world\n".to_vec(), Ok(13)));
    }
}

#[test]
fn encodes_and_decodes_each_checksum() {
    let data: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    for checksum in Checksum::ALL {
        for body in [ChunkedBody::signed(70_000), ChunkedBody::unsigned(70_000)] {
            let body = body.with_checksum(checksum).unwrap();
            let mut sent = encode(&body, &data, 999);
            assert_eq!(decode(&body, &sent, &[1000]).1, Ok(70_000), "{checksum:?}");
            let middle = sent.len() / 2;
            sent[middle] ^= 1;
            assert!(decode(&body, &sent, &[1000]).1.is_err(), "{checksum:?}");
        }
    }
}

/// ceph/s3-tests, `test_object_content_encoding_aws_chunked`: S3 stores the text of the other encodings.
#[test]
fn strips_aws_chunked_and_keeps_other_text() {
    for (value, kept) in [
        ("aws-chunked", None),
        ("AWS-Chunked , ", None),
        ("aws-chunked,gzip", Some("gzip")),
        ("aws-chunked, gzip", Some("gzip")),
        ("gzip, aws-chunked", Some("gzip")),
        ("deflate, gzip", Some("deflate, gzip")),
        ("aws-chunked, deflate, gzip", Some("deflate, gzip")),
        ("deflate, aws-chunked, gzip", Some("deflate, gzip")),
        ("deflate,gzip,aws-chunked", Some("deflate,gzip")),
    ] {
        assert_eq!(countersign::chunked::strip_aws_chunked(value).as_deref(), kept, "{value}");
    }
}
