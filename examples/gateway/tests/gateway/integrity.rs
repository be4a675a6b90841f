//! Checksums, in headers and in trailers: verified, or refused by name.

use countersign::{Checksum, Payload, Timestamp};
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
