//! Checksums, in headers and in trailers: verified, or refused by name.

use countersign::chunked::ChunkedBody;
use countersign::{Checksum, ChecksumValue, Payload, Timestamp};
use http::Request;

use crate::modes::{Mode, put};
use crate::recorder::Recorder;
use crate::running::{FULL, Gateway, KEYS, Real, body, send, signer};

#[tokio::test]
async fn pay_09_all_ten_checksums_are_verified() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &[]);
    assert_eq!(Checksum::ALL.len(), 10);
    for checksum in Checksum::ALL {
        for mode in [Mode::Unsigned(checksum), Mode::UnsignedTrailer(checksum), Mode::Presigned(checksum)] {
            let request = put(mode, &gateway.object("object"), b"hello world").await;
            let mut wrong = request.body().to_vec();
            let at = wrong.windows(11).position(|window| window == b"hello world").unwrap();
            wrong[at] = b'j';
            let (status, answer) = send(request.clone().map(|_| body(wrong))).await.unwrap();
            assert_eq!(status, 400, "{mode:?}: {answer}");
            assert!(answer.contains("<Code>BadDigest</Code>"), "{mode:?}: {answer}");
            assert!(server.take().await.iter().all(|recorded| !recorded.is_whole()), "{mode:?}");

            let (status, answer) = send(request.map(body)).await.unwrap();
            assert_eq!(status, 200, "{mode:?}: {answer}");
            let [recorded] = &server.take().await[..] else { panic!("{mode:?}: one request") };
            // The server gets the checksum too: in a header as in the request, or in a trailer.
            let trailers = String::from_utf8_lossy(&recorded.body).into_owned();
            let is_there = recorded.header(checksum.name()).is_some()
                || trailers.contains(&format!("{}:", checksum.name()));
            assert!(is_there, "{mode:?}: {} {trailers}", recorded.head);
        }
    }
}

#[tokio::test]
async fn pay_09_an_unknown_checksum_is_refused_by_name() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &[]);
    let mut request = Request::put(gateway.object("object")).header("x-amz-checksum-crc16", "AAA=");
    request = request.header("content-length", 5);
    let mut request = request.body(body("hello")).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b"hello"), Timestamp::now()).unwrap();
    let (status, answer) = send(request).await.unwrap();
    assert!(status.is_client_error() && answer.contains("x-amz-checksum-crc16"), "{status} {answer}");
    assert!(server.take().await.is_empty());
}

/// An empty object has its checksum in a trailer too, and its body is proven before it is sent.
#[tokio::test]
async fn an_empty_body_is_proven() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &[]);
    for mode in [Mode::Hash, Mode::SignedChunks, Mode::UnsignedTrailer(Checksum::Crc32)] {
        let request = put(mode, &gateway.object("object"), b"").await;
        let (status, answer) = send(request.map(body)).await.unwrap();
        assert_eq!(status, 200, "{mode:?}: {answer}");
        let [recorded] = &server.take().await[..] else { panic!("{mode:?}: one request") };
        let checksum = matches!(mode, Mode::UnsignedTrailer(_)).then_some("AAAAAA==");
        assert_eq!(
            (recorded.header("x-amz-checksum-crc32"), recorded.header("content-length")),
            (checksum, Some("0"))
        );

        let mut request = put(Mode::Hash, &gateway.object("object"), b"not empty").await;
        *request.body_mut() = "".into();
        let (status, answer) = send(request.map(body)).await.unwrap();
        assert_eq!(status, 400, "{answer}");
        assert!(server.take().await.is_empty());
    }
}

/// The client signs lengths, trailers and algorithms that its body does not have. The server never has a whole body.
#[tokio::test]
async fn a_body_that_is_not_as_declared_is_not_stored() {
    let server = Recorder::start().await;
    let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
    let gateway = Gateway::start_with(&real, KEYS, &[]);
    let sum = format!("x-amz-checksum-crc32:{}", ChecksumValue::of(Checksum::Crc32, b"hello"));
    let send_body = async |length: u64, extra: Option<(&'static str, &str)>, sent: String| {
        let mut request = Request::put(gateway.object("object")).body(body("hello")).unwrap();
        if let Some((name, value)) = extra {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let chunks = ChunkedBody::unsigned(length).with_checksum(Checksum::Crc32).unwrap();
        let encoder = countersign::http::sign_chunked(&signer(FULL), &mut request, &chunks, Timestamp::now());
        drop(encoder.unwrap());
        request.headers_mut().insert("content-length", sent.len().into());
        let answer = send(request.map(|_| body(sent))).await;
        (answer, server.take().await)
    };
    let good = format!("5\r\nhello\r\n0\r\n{sum}\r\n\r\n");
    let (answer, recorded) = send_body(5, None, good.clone()).await;
    assert_eq!((answer.unwrap().0.as_u16(), recorded.len()), (200, 1));
    let other = format!("x-amz-checksum-sha256:{}", ChecksumValue::of(Checksum::Sha256, b"hello"));
    let signed = ChecksumValue::of(Checksum::Sha256, b"hello").to_string();
    for (length, extra, sent, code) in [
        (4, None, good.clone(), "IncompleteBody"),
        (6, None, good.clone(), "IncompleteBody"),
        (0, None, good.clone(), "IncompleteBody"),
        (u64::MAX, None, good.clone(), "IncompleteBody"),
        (5, None, "5\r\nhello\r\n0\r\n\r\n".into(), "MalformedTrailerError"),
        (5, None, format!("5\r\nhello\r\n0\r\n{other}\r\n\r\n"), "MalformedTrailerError"),
        (5, None, format!("5\r\nhello\r\n0\r\n{sum}\r\n{other}\r\n\r\n"), "MalformedTrailerError"),
        (5, None, format!("5\r\nhello\r\n0\r\n{sum}\r\n{sum}\r\n\r\n"), "MalformedTrailerError"),
        (5, None, format!("{good}x"), "IncompleteBody"),
        (5, Some(("x-amz-sdk-checksum-algorithm", "SHA256")), good.clone(), "InvalidRequest"),
        (5, Some(("x-amz-checksum-sha256", &*signed)), good.clone(), "InvalidRequest"),
    ] {
        let (answer, recorded) = send_body(length, extra, sent.clone()).await;
        assert!(recorded.iter().all(|recorded| !recorded.is_whole()), "{length} {extra:?} {sent:?}");
        // The answer may be lost when the gateway closes the connection.
        if let Ok((status, answer)) = answer {
            assert_eq!(status, 400, "{length} {extra:?} {sent:?}: {answer}");
            assert!(
                answer.contains(&format!("<Code>{code}</Code>")),
                "{length} {extra:?} {sent:?}: {answer}"
            );
        }
    }
}
