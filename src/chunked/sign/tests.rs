//! The examples of the S3 API Reference and of `aws-c-auth`, and the headers that announce a body.

use alloc::string::ToString;

use super::*;
use crate::{Credentials, SecretAccessKey, Service};

const URL: &str = "https://s3.amazonaws.com/examplebucket/chunkObject.txt";
const STORAGE_CLASS: (&str, &str) = ("x-amz-storage-class", "REDUCED_REDUNDANCY");
const CONTENT_LENGTH: (&str, &str) = ("content-length", "66824");

fn credentials() -> Credentials {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    Credentials::new("AKIAIOSFODNN7EXAMPLE", secret).expect("valid credentials")
}

fn signer() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).expect("a valid signer")
}

fn time() -> Timestamp {
    "20130524T000000Z".parse().expect("a valid time")
}

fn sign(signer: &Signer, headers: &[(&str, &str)], body: &ChunkedBody) -> Result<AuthHeaders, SignError> {
    signer.sign_chunked(&Request::new("PUT", URL, headers), body, time()).map(|(signed, _)| signed)
}

/// Encodes the body with the data of S3's examples, given in pieces of `size` bytes.
fn encode(signer: &Signer, headers: &[(&str, &str)], body: &ChunkedBody, size: usize) -> Vec<u8> {
    let request = Request::new("PUT", URL, headers);
    let (_, mut encoder) = signer.sign_chunked(&request, body, time()).expect("a signature");
    let mut sent = Vec::new();
    for piece in [b'a'; 66_560].chunks(size) {
        encoder.encode_to(piece, &mut sent).expect("the declared length");
    }
    sent.extend(encoder.finish(&[]).expect("the declared length and trailers"));
    assert_eq!(super::super::to_u64(sent.len()), body.encoded_length(signer));
    sent
}

/// S3 API Reference, "Transferring payload in multiple chunks", "Example: PUT Object".
#[test]
fn signs_the_example_of_the_s3_reference() {
    let body = ChunkedBody::signed(66_560);
    assert_eq!(body.encoded_length(&signer()), 66_824);
    let headers = [CONTENT_LENGTH, STORAGE_CLASS];
    let signed = sign(&signer(), &headers, &body).expect("a signature");
    assert_eq!(
        signed.signature().to_string(),
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );
    let added: Vec<(&str, &str)> = signed.iter().filter(|(name, _)| *name != "authorization").collect();
    assert_eq!(
        added,
        [
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ]
    );
    let data = [b'a'; 66_560];
    let expected = [
        b"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n",
        data.get(..65_536).unwrap_or_default(),
        b"\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n",
        data.get(..1024).unwrap_or_default(),
        b"\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
    ]
    .concat();
    for size in [1, 1000, 65_536, 66_560] {
        assert!(encode(&signer(), &headers, &body, size) == expected, "in pieces of {size} bytes");
    }
}

/// S3 API Reference, "Signature calculations for trailing headers", "Example: PUT Object".
#[cfg(feature = "checksums")]
#[test]
fn signs_the_example_of_the_s3_reference_with_a_trailer() {
    let body = ChunkedBody::signed(66_560).with_checksum(crate::Checksum::Crc32c).expect("supported");
    let signed = sign(&signer(), &[STORAGE_CLASS], &body).expect("a signature");
    assert_eq!(
        signed.signature().to_string(),
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    );
    let added: Vec<(&str, &str)> = signed.iter().take(3).collect();
    assert_eq!(
        added,
        [
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ]
    );
    let sent = encode(&signer(), &[STORAGE_CLASS], &body, 1000);
    let data = [b'a'; 66_560];
    let expected = [
        b"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n",
        data.get(..65_536).unwrap_or_default(),
        b"\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n",
        data.get(..1024).unwrap_or_default(),
        b"\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n",
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
    ]
    .concat();
    assert!(sent == expected);
}

#[test]
fn signs_chunks_without_framing_them() {
    let headers = [
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        CONTENT_LENGTH,
        STORAGE_CLASS,
    ];
    let request = Request::new("PUT", URL, &headers);
    let (signed, mut chunks) =
        signer().sign_chunks(&request, StreamingMode::Signed, time()).expect("a signature");
    assert_eq!(chunks.string_to_sign(), "");
    let signatures: Vec<String> =
        [65_536, 1024, 0].into_iter().map(|size| chunks.sign(&alloc::vec![b'a'; size]).to_string()).collect();
    assert_eq!(
        signatures,
        [
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ]
    );
    assert_eq!(
        signed.signature().to_string(),
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );
    // aws-c-auth, tests/test_chunked_signing.c.
    let trailers = [("Third", "3rd"), ("FIRST", "1st"), ("second", "2nd")];
    assert_eq!(
        chunks.sign_trailers(&trailers).expect("valid trailers").to_string(),
        "df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c"
    );
    for trailers in [[("a", "1"), ("A", "2")], [("a", "1"), ("a b", "2")], [("a", "1"), ("b", "2\n")]] {
        let error = chunks.sign_trailers(&trailers).err();
        assert!(matches!(error, Some(super::super::EncodeError::InvalidTrailer { .. })), "{trailers:?}");
    }
}

#[test]
fn refuses_to_sign_chunks_of_a_mode_without_this_algorithm() {
    let mode = StreamingMode::UnsignedTrailer;
    let error = signer().sign_chunks(&Request::new("PUT", URL, &[]), mode, time()).err();
    assert_eq!(error, Some(SignError::UnsupportedStreamingMode { mode }));
}

#[test]
fn does_not_add_an_announcement_that_the_request_has() {
    let body = ChunkedBody::signed(66_560).with_content_encoding("gzip");
    let expected = sign(&signer(), &[], &body).expect("a signature");
    let headers = [
        ("Content-Encoding", "aws-chunked"),
        ("content-encoding", " GZIP"),
        ("X-Amz-Decoded-Content-Length", "66560"),
    ];
    let signed = sign(&signer(), &headers, &body).expect("a signature");
    let names: Vec<&str> = signed.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x-amz-date", "x-amz-content-sha256", "authorization"]);
    assert_eq!(signed.signed_headers(), expected.signed_headers());

    let headers = [("content-encoding", "aws-chunked,gzip")];
    let signed = sign(&signer(), &headers, &body).expect("a signature");
    assert_eq!(signed.signature().to_string(), expected.signature().to_string());
    assert_eq!(signed.iter().next(), Some(("x-amz-decoded-content-length", "66560")));
}

#[test]
fn rejects_a_header_that_contradicts_the_body() {
    let body = ChunkedBody::signed(66_560);
    for (name, value) in [
        ("content-encoding", "gzip"),
        ("content-encoding", "aws-chunked,gzip"),
        ("x-amz-decoded-content-length", "66561"),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ("content-length", "66560"),
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ] {
        let error = sign(&signer(), &[(name, value)], &body).err();
        assert_eq!(error, Some(SignError::HeaderMismatch { name: name.into() }), "{value}");
    }
    let body = body.with_trailer("x-amz-meta-a", 1).expect("a valid trailer");
    let error = sign(&signer(), &[("x-amz-trailer", "x-amz-meta-b")], &body).err();
    assert_eq!(error, Some(SignError::HeaderMismatch { name: "x-amz-trailer".into() }));
}

#[test]
fn rejects_a_signer_that_excludes_the_announcement() {
    let body = ChunkedBody::signed(1).with_trailer("x-amz-meta-a", 1).expect("a valid trailer");
    for name in ["content-encoding", "x-amz-decoded-content-length", "x-amz-trailer"] {
        let error = sign(&signer().exclude_header(name), &[], &body).err();
        assert_eq!(error, Some(SignError::ExcludedHeader { name }));
    }
}

#[test]
fn rejects_an_unsigned_body_without_trailers() {
    let error = sign(&signer(), &[], &ChunkedBody::unsigned(1)).err();
    assert_eq!(error, Some(SignError::MissingTrailer));
    let body = ChunkedBody::unsigned(1).with_trailer("x-amz-meta-a", 1).expect("a valid trailer");
    assert_eq!(body.mode(&signer()), StreamingMode::UnsignedTrailer);
    assert!(sign(&signer(), &[], &body).is_ok());
}

#[test]
fn rejects_a_request_that_is_already_signed() {
    let body = ChunkedBody::signed(1);
    let signed = sign(&signer(), &[], &body).expect("a signature");
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    assert_eq!(sign(&signer(), &headers, &body).err(), Some(SignError::AlreadySigned));
}

#[cfg(feature = "sigv4a")]
mod sigv4a {
    use super::*;
    use crate::RegionSet;

    fn ecdsa_signer() -> Signer {
        let regions = RegionSet::parse("us-east-1").expect("a valid region set");
        Signer::sigv4a(credentials(), regions, Service::S3).expect("a key pair")
    }

    /// aws-c-auth, tests/test_chunked_signing.c, `sigv4a_trailing_headers_signing_test`.
    #[test]
    fn signs_the_request_of_aws_c_auth() {
        let body = ["first", "second", "third"]
            .into_iter()
            .try_fold(ChunkedBody::signed(66_560), |body, name| body.with_trailer(name, 3))
            .expect("valid trailers");
        assert_eq!(body.mode(&ecdsa_signer()), StreamingMode::SignedEcdsaTrailer);
        assert_eq!(body.mode(&signer()), StreamingMode::SignedTrailer);
        let length = alloc::format!("{}", body.encoded_length(&ecdsa_signer()));
        let headers = [("content-length", length.as_str()), STORAGE_CLASS];
        let signed = sign(&ecdsa_signer(), &headers, &body).expect("a signature");
        assert_eq!(
            signed.explain().canonical_request().to_string(),
            alloc::format!(
                "PUT\n/examplebucket/chunkObject.txt\n\ncontent-encoding:aws-chunked\ncontent-length:{length}\n\
                 host:s3.amazonaws.com\nx-amz-content-sha256:STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER\n\
                 x-amz-date:20130524T000000Z\nx-amz-decoded-content-length:66560\nx-amz-region-set:us-east-1\n\
                 x-amz-storage-class:REDUCED_REDUNDANCY\nx-amz-trailer:first,second,third\n\n\
                 content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
                 x-amz-decoded-content-length;x-amz-region-set;x-amz-storage-class;x-amz-trailer\n\
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"
            )
        );
    }

    #[test]
    fn pads_each_signature_to_144_characters() {
        let body = ChunkedBody::signed(66_560);
        // Size, extension, signature and CRLF; data and CRLF; the final CRLF.
        let chunks = (5 + 17 + 144 + 2 + 65_536 + 2) + (3 + 17 + 144 + 2 + 1024 + 2) + (1 + 17 + 144 + 2);
        assert_eq!(body.encoded_length(&ecdsa_signer()), chunks + 2);
        let request = Request::new("PUT", URL, &[]);
        let (_, mut encoder) = ecdsa_signer().sign_chunked(&request, &body, time()).expect("a signature");
        let data = [b'a'; 66_560];
        let mut input = &data[..];
        let frame = encoder.encode(&mut input).expect("declared data").expect("a complete chunk");
        let [header, ..] = frame.parts();
        assert_eq!(header.len(), 5 + 17 + 144 + 2);
        assert!(header.starts_with(b"10000;chunk-signature=30"));
    }

    #[test]
    fn continues_with_the_algorithm_of_the_request() {
        let headers = [("x-amz-decoded-content-length", "1")];
        let request = Request::new("PUT", URL, &headers);
        let (hmac, ecdsa) = (StreamingMode::Signed, StreamingMode::SignedEcdsa);
        for (signer, own, other) in [(signer(), hmac, ecdsa), (ecdsa_signer(), ecdsa, hmac)] {
            let (_, mut chunks) = signer.sign_chunks(&request, own, time()).expect("the signer's own mode");
            let _ = chunks.sign(b"a");
            let first_line = chunks.string_to_sign().split('\n').next();
            assert_eq!(first_line, Some(alloc::format!("{}-PAYLOAD", signer.algorithm().name()).as_str()));
            let error = signer.sign_chunks(&request, other, time()).err();
            assert_eq!(error, Some(SignError::UnsupportedStreamingMode { mode: other }));
        }
    }
}
