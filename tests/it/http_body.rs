//! Bodies that hold their last piece back until the proof is complete, and bodies that are encoded in chunks.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use countersign::chunked::{ChunkedBody, DecodeError};
use countersign::http_body::{
    Body, BodyError, EncodeBodyError, EncodedBody, Frame, ProvenBody, verify_error,
};
use countersign::{BodyStatus, Payload, Signer, Verified, VerifyError};
use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody};
use testkit::*;

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

/// Returns the proof of a request whose body is not read yet.
fn verified(wire: &Wire) -> Verified {
    let claim = wire.claim_unread(&verifier()).unwrap();
    verify_claim(claim, &credentials()).unwrap()
}

/// Returns a body of unknown length with these frames.
fn body_of<E>(frames: Vec<Result<Frame<Bytes>, E>>) -> impl Body<Data = Bytes, Error = E> + Unpin {
    StreamBody::new(stream::iter(frames))
}

fn pieces(data: &[u8], size: usize) -> Vec<Result<Frame<Bytes>, Infallible>> {
    data.chunks(size).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece)))).collect()
}

/// Reads a body to its end. Returns the data of each frame before the end or the error.
fn read<B: Body<Data = Bytes> + Unpin>(
    mut body: ProvenBody<B>,
) -> (Vec<Bytes>, Result<http::HeaderMap, BodyError<B::Error>>) {
    let (mut data, mut trailers) = (Vec::new(), http::HeaderMap::new());
    run(async {
        loop {
            let (hint, ended) = (body.size_hint(), body.is_end_stream());
            match body.frame().await {
                None => return (data, Ok(trailers)),
                Some(Err(error)) => {
                    assert!(!ended && hint.exact() != Some(0), "a consumer would not see the error");
                    assert!(body.is_end_stream());
                    assert!(body.frame().await.is_none(), "nothing follows an error");
                    return (data, Err(error));
                }
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => data.push(piece),
                    Err(frame) => trailers = frame.into_trailers().unwrap(),
                },
            }
        }
    })
}

fn chunked(signer: &Signer, body: &ChunkedBody, data: &[u8], trailers: &[(&str, &str)]) -> Wire {
    let wire = Wire::new("PUT", "/folder/test.txt");
    let (signed, mut encoder) = wire.view(|view| signer.sign_chunked(view, body, now())).unwrap();
    let mut encoded = Vec::new();
    encoder.encode_to(data, &mut encoded).unwrap();
    encoded.extend(encoder.finish(trailers).unwrap());
    signed.iter().fold(wire, |wire, (name, value)| wire.with(name, value)).body(encoded)
}

#[test]
fn returns_the_last_piece_after_the_proof() {
    let wire = Wire::put().signed();
    for size in 1..=22 {
        let (data, result) =
            read(ProvenBody::new(&verified(&wire), body_of(pieces(&wire.body, size))).unwrap());
        assert_eq!((data.concat(), result.is_ok()), (wire.body.clone(), true));
        for index in 0..wire.body.len() {
            let mut bad = wire.body.clone();
            bad[index] ^= 1;
            let (data, result) =
                read(ProvenBody::new(&verified(&wire), body_of(pieces(&bad, size))).unwrap());
            let error = result.unwrap_err();
            assert_eq!(error.verify_error().unwrap().code(), "XAmzContentSHA256Mismatch");
            let last = bad.len() - if bad.len().is_multiple_of(size) { size } else { bad.len() % size };
            assert_eq!(data.concat(), bad[..last], "everything except the last piece of {size} bytes");
        }
    }
}

#[test]
fn does_not_copy_data_that_lies_whole_in_a_frame() {
    let data = vec![b'~'; 20_000];
    let range = |bytes: &Bytes| bytes.as_ptr() as usize..=bytes.as_ptr() as usize + bytes.len();
    for wire in [
        Wire::new("PUT", "/key").body(data.clone()).signed(),
        chunked(&signer(), &ChunkedBody::signed(20_000).with_chunk_size(8192).unwrap(), &data, &[]),
    ] {
        let received = Bytes::from(wire.body.clone());
        let body = body_of(vec![Ok::<_, Infallible>(Frame::data(received.clone()))]);
        let (pieces, result) = read(ProvenBody::new(&verified(&wire), body).unwrap());
        assert!(result.is_ok() && pieces.concat() == data);
        for piece in &pieces {
            assert!(
                range(&received).contains(range(piece).start())
                    && range(&received).contains(range(piece).end())
            );
        }
    }
}

#[test]
fn an_empty_body_is_an_error_unless_it_was_signed() {
    let (empty, full) = (Wire::put().body("").signed(), Wire::put().signed());
    let none = || body_of(Vec::<Result<_, Infallible>>::new());
    // The length is known.
    assert!(ProvenBody::new(&verified(&empty), Full::<Bytes>::default()).unwrap().is_end_stream());
    let error = ProvenBody::new(&verified(&full), Full::<Bytes>::default()).unwrap_err();
    assert_eq!(error.code(), "XAmzContentSHA256Mismatch");
    // The length is not known.
    assert!(read(ProvenBody::new(&verified(&empty), none()).unwrap()).1.is_ok());
    let (data, result) = read(ProvenBody::new(&verified(&full), none()).unwrap());
    assert!(data.is_empty() && result.is_err());
    // No data in chunks, whose end is missing.
    let wire = chunked(&signer(), &ChunkedBody::signed(0), b"", &[]);
    let body =
        |length: usize| ProvenBody::new(&verified(&wire), body_of(pieces(&wire.body[..length], 10))).unwrap();
    assert_eq!(body(0).size_hint().exact(), None);
    assert!(read(body(wire.body.len())).1.is_ok());
    for length in 0..wire.body.len() {
        let error = read(body(length)).1.unwrap_err();
        let incomplete =
            matches!(error.verify_error(), Some(VerifyError::Chunked(DecodeError::Incomplete { .. })));
        assert!(incomplete, "{error}");
    }
}

#[test]
fn states_the_length_of_the_data() {
    let wire = Wire::put().signed();
    let body = ProvenBody::new(&verified(&wire), Full::new(Bytes::from(wire.body.clone()))).unwrap();
    assert_eq!(body.size_hint().exact(), Some(21));
    let wire = chunked(&signer(), &ChunkedBody::signed(11), b"hello world", &[]);
    let body = ProvenBody::new(&verified(&wire), Full::new(Bytes::from(wire.body.clone()))).unwrap();
    assert_eq!(body.size_hint().exact(), Some(11));
    assert_eq!(body.status(), None);
}

#[test]
fn returns_trailers_that_were_signed_and_drops_those_of_http() {
    let body = ChunkedBody::signed(11).with_trailer("x-amz-meta-lines", 1).unwrap();
    let wire = chunked(&signer(), &body, b"hello world", &[("x-amz-meta-lines", "1")]);
    let mut frames = pieces(&wire.body, 40);
    frames
        .push(Ok(Frame::trailers([("x-evil".parse().unwrap(), "1".parse().unwrap())].into_iter().collect())));
    let proven = ProvenBody::new(&verified(&wire), body_of(frames)).unwrap();
    let proven = run(proven.proven(11)).unwrap();
    assert_eq!(
        proven.trailers().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["x-amz-meta-lines"]
    );
    assert_eq!((proven.status(), proven.into_bytes()), (BodyStatus::Proven, Bytes::from("hello world")));
}

#[test]
fn a_body_longer_than_its_signed_length_is_an_error_before_it_is_whole() {
    let wire = Wire::put().with("content-length", "21").signed();
    let mut frames = pieces(b"Welcome to Amazon S4.", 21);
    frames.extend(pieces(b"more", 4));
    let (data, result) = read(ProvenBody::new(&verified(&wire), body_of(frames)).unwrap());
    assert!(data.is_empty(), "a consumer that stops after 21 bytes has stored nothing");
    assert!(matches!(result.unwrap_err(), BodyError::TooMuchData { declared: 21, .. }));
}

#[test]
fn an_error_of_the_received_body_drops_the_data_that_is_held() {
    let wire = Wire::put().signed();
    let mut frames: Vec<Result<Frame<Bytes>, io::Error>> = vec![Ok(Frame::data(wire.body.clone().into()))];
    frames.push(Err(io::Error::other("reset")));
    let (data, result) = read(ProvenBody::new(&verified(&wire), body_of(frames)).unwrap());
    let error = result.unwrap_err();
    assert!(data.is_empty() && verify_error(&error).is_none());
    assert_eq!(error.to_string(), "the body cannot be read: reset");
}

#[test]
fn collects_within_a_limit() {
    let wire = Wire::put().signed();
    let collect = |limit| {
        let body = body_of(pieces(&wire.body, 5));
        run(ProvenBody::new(&verified(&wire), body).unwrap().proven(limit))
    };
    assert_eq!(collect(21).unwrap().into_bytes(), wire.body);
    assert!(matches!(collect(20).unwrap_err(), BodyError::TooLarge { max: 20, .. }));
    let error =
        run(ProvenBody::new(&verified(&wire), body_of(pieces(b"jello", 1))).unwrap().proven(99)).unwrap_err();
    assert_eq!(verify_error(&error).unwrap().code(), "XAmzContentSHA256Mismatch");
}

#[test]
fn a_body_given_to_claim_is_checked_again() {
    let wire = Wire::put().signed();
    let done = wire.verified(|verified| verified);
    assert!(read(ProvenBody::new(&done, body_of(pieces(&wire.body, 4))).unwrap()).1.is_ok());
    assert!(read(ProvenBody::new(&done, body_of(pieces(b"another body", 4))).unwrap()).1.is_err());
}

#[test]
fn an_unsigned_body_is_passed_on_as_not_signed() {
    let wire = Wire::put().presigned();
    let body = ProvenBody::new(&verified(&wire), body_of(pieces(b"anything", 3))).unwrap();
    assert_eq!(body.status(), Some(BodyStatus::NotSigned));
    let body = run(body.proven(8)).unwrap();
    assert_eq!((body.status(), body.into_bytes()), (BodyStatus::NotSigned, Bytes::from("anything")));
}

#[cfg(feature = "checksums")]
#[test]
fn a_checksum_alone_does_not_prove_who_sent_the_data() {
    let body = ChunkedBody::unsigned(9).with_checksum(countersign::Checksum::Crc32).unwrap();
    let wire = chunked(&signer(), &body, b"123456789", &[]);
    let body = ProvenBody::new(&verified(&wire), body_of(pieces(&wire.body, 3))).unwrap();
    assert_eq!(body.status(), None);
    assert_eq!(run(body.proven(9)).unwrap().status(), BodyStatus::NotSigned);
}

#[cfg(feature = "event-stream")]
#[test]
fn events_are_refused_unless_they_are_passed_on_by_choice() {
    use countersign::http_body::{BodyOptions, EventBodies};

    let wire = Wire::new("POST", "/stream-transcription");
    let signed = wire.view(|view| signer().sign(view, Payload::Events, now())).unwrap();
    let wire = signed.iter().fold(wire.clone(), |wire, (name, value)| wire.with(name, value));
    let claim = wire.claim_unread(&verifier().allow_events()).unwrap();
    let verified = verify_claim(claim, &credentials()).unwrap();
    let error = ProvenBody::new(&verified, Full::<Bytes>::from("event")).unwrap_err();
    assert!(matches!(error, VerifyError::UnsupportedPayload { .. }), "{error}");
    let options = BodyOptions::default().with_events(EventBodies::PassUnverified);
    let body = ProvenBody::with_options(&verified, Full::<Bytes>::from("event"), &options).unwrap();
    assert_eq!(body.status(), Some(BodyStatus::NotSigned));
}

#[test]
fn encodes_what_the_encoder_encodes_with_an_exact_length() {
    let data: Vec<u8> = (0..=250).cycle().take(20_000).collect();
    let description =
        ChunkedBody::signed(20_000).with_chunk_size(8192).unwrap().with_trailer("x-amz-meta-a", 2).unwrap();
    let expected = chunked(&signer(), &description, &data, &[("x-amz-meta-a", "42")]).body;
    for size in [1, 1000, 8192, 20_000] {
        let mut request = http::Request::put(format!("https://{HOST}/folder/test.txt")).body(()).unwrap();
        let encoder = countersign::http::sign_chunked(&signer(), &mut request, &description, now()).unwrap();
        assert_eq!(request.headers()["content-length"], expected.len().to_string());
        let mut body =
            EncodedBody::new(encoder, body_of(pieces(&data, size))).with_trailer("x-amz-meta-a", "42");
        let mut sent = Vec::new();
        run(async {
            loop {
                assert_eq!(body.size_hint().exact(), Some((expected.len() - sent.len()) as u64));
                assert_eq!(body.is_end_stream(), sent.len() == expected.len());
                let Some(frame) = body.frame().await else { break };
                sent.extend(frame.unwrap().into_data().unwrap());
            }
        });
        assert!(sent == expected, "pieces of {size} bytes");
    }
}

#[test]
fn data_that_differs_from_its_announcement_is_an_error() {
    for (data, message) in [(&b"hello"[..], "TooLittleData"), (b"hello world!", "TooMuchData")] {
        let mut request = http::Request::put(format!("https://{HOST}/folder/test.txt")).body(()).unwrap();
        let encoder =
            countersign::http::sign_chunked(&signer(), &mut request, &ChunkedBody::signed(11), now())
                .unwrap();
        let mut body = EncodedBody::new(encoder, body_of(pieces(data, 5)));
        let error = run(async {
            loop {
                if let Err(error) = body.frame().await.unwrap() {
                    break error;
                }
            }
        });
        assert!(
            matches!(&error, EncodeBodyError::Encode(error) if format!("{error:?}").starts_with(message))
        );
        assert!(run(body.frame()).is_none());
    }
}
