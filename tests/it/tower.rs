//! The layers, between each other and in servers of axum and hyper.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::OriginalUri;
use axum::routing::{any, put};
use axum::{Extension, Router};
use bytes::Bytes;
use countersign::http_body::{Body, ProvenBody};
use countersign::steps::CredentialScope;
use countersign::tower::{
    Anonymous, Preflights, Rejection, RequestId, SignLayer, SignServiceError, SignedBody, Streams,
    VerifyLayer,
};
use countersign::{
    Checksum, Credentials, Mechanism, Payload, Region, RotatingSigner, Signer, Verified, VerifyError,
    VerifyingKey,
};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, StreamBody};
use hyper_util::rt::{TokioExecutor, TokioIo};
use testkit::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, Service, ServiceExt, service_fn};

type Keys = HashMap<String, Credentials>;

fn keys() -> Keys {
    HashMap::from([(ID.into(), credentials())])
}

fn layer() -> VerifyLayer<Keys> {
    VerifyLayer::new(verifier(), keys()).with_clock(now)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Returns the request that `wire` is, with its whole body.
fn request(wire: &Wire) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(&*wire.method).uri(&*wire.target);
    for (name, value) in &wire.headers {
        request = request.header(name, &value[..]);
    }
    request.body(Full::from(wire.body.clone())).unwrap()
}

/// Sends a request through the layer to a handler that answers with what it received.
async fn answer<K: countersign::tower::FindKey>(
    layer: VerifyLayer<K>,
    wire: &Wire,
) -> (StatusCode, HeaderMap, String) {
    let handler = |request: Request<ProvenBody<Full<Bytes>>>| async {
        let (head, body) = request.into_parts();
        let id = head.extensions.get::<Verified>().map_or("-", Verified::access_key_id).to_owned();
        let answer = match body.proven(1 << 20).await {
            Ok(body) => format!("{id} {}", body.into_bytes().len()),
            Err(_) => "failed".into(),
        };
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(answer)))
    };
    let response = layer.layer(service_fn(handler)).oneshot(request(wire)).await.unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn passes_a_verified_request_on() {
    run(async {
        let (status, _, body) = answer(layer(), &Wire::put().signed()).await;
        assert_eq!((status, &*body), (StatusCode::OK, "AKIAIOSFODNN7EXAMPLE 21"));
        let (_, _, body) = answer(layer(), &Wire::get().presigned()).await;
        assert_eq!(body, "AKIAIOSFODNN7EXAMPLE 0");
    });
}

#[test]
fn answers_a_refused_request_with_an_error_of_s3() {
    run(async {
        let wire = Wire::put().signed().method("POST");
        let (status, headers, body) = answer(layer(), &wire).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(headers["content-type"], "application/xml");
        let id = headers["x-amz-request-id"].to_str().unwrap();
        assert_eq!(id.len(), 16);
        assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");
        assert!(
            body.contains(&format!("<Resource>/folder/test.txt</Resource><RequestId>{id}</RequestId>")),
            "{body}"
        );

        let (status, headers, body) = answer(layer(), &wire.method("HEAD")).await;
        assert_eq!((status, &*body), (StatusCode::FORBIDDEN, ""));
        assert_ne!(headers["x-amz-request-id"], id);
    });
}

#[test]
fn an_unknown_key_is_refused_and_a_failed_look_up_is_an_error_of_the_server() {
    run(async {
        let wire = Wire::put().signed();
        let unknown = VerifyLayer::new(verifier(), Keys::new()).with_clock(now);
        let (status, _, body) = answer(unknown, &wire).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains("<Code>InvalidAccessKeyId</Code>"), "{body}");

        let seen = Arc::new(Mutex::new(String::new()));
        let broken =
            |_: String| async { Err::<Option<Credentials>, _>(io::Error::other("the database is down")) };
        let log = Arc::clone(&seen);
        let broken = VerifyLayer::new(verifier(), broken).with_clock(now).on_rejected(move |rejected| {
            let Rejection::FindKey(error) = rejected.rejection() else { return };
            *log.lock().unwrap() = format!("{error} {}", rejected.claim().unwrap().claimed_access_key_id());
        });
        let (status, _, body) = answer(broken, &wire).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("<Code>InternalError</Code>") && !body.contains("database"), "{body}");
        assert_eq!(*seen.lock().unwrap(), "the database is down AKIAIOSFODNN7EXAMPLE");
    });
}

#[test]
fn a_look_up_may_return_a_derived_key() {
    run(async {
        let wire = Wire::put().signed();
        let region = Region::new("us-east-1").unwrap();
        let derived = |time| {
            let scope = CredentialScope::new(time, &region, &countersign::Service::S3);
            let key = VerifyingKey::derive(&credentials(), &scope.into());
            VerifyLayer::new(verifier(), move |_: String| ready(Ok::<_, io::Error>(Some(key.clone()))))
                .with_clock(now)
        };
        let (status, _, body) = answer(derived(now()), &wire).await;
        assert_eq!((status, &*body), (StatusCode::OK, "AKIAIOSFODNN7EXAMPLE 21"));
        assert_eq!(answer(derived(now()), &wire.method("POST")).await.0, StatusCode::FORBIDDEN);

        let yesterday = now().checked_sub(Duration::from_secs(86_400)).unwrap();
        let (status, _, body) = answer(derived(yesterday), &Wire::put().signed()).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    });
}

#[test]
fn an_anonymous_request_is_passed_on_only_by_choice_and_without_a_proof() {
    run(async {
        let (status, _, body) = answer(layer(), &Wire::put()).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains("<Code>AccessDenied</Code>"), "{body}");
        let anonymous = || layer().with_anonymous(Anonymous::Pass);
        assert_eq!(answer(anonymous(), &Wire::put()).await.2, "- 21");
        // A wrong signature is not anonymous.
        assert_eq!(answer(anonymous(), &Wire::put().signed().method("POST")).await.0, StatusCode::FORBIDDEN);

        // A proof of an outer layer is not passed on.
        let inner = |request: Request<ProvenBody<Full<Bytes>>>| async move {
            assert!(request.extensions().get::<Verified>().is_none());
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        };
        let mut anonymous_request = request(&Wire::put());
        anonymous_request.extensions_mut().insert(Wire::put().signed().verified(|verified| verified));
        anonymous().layer(service_fn(inner)).oneshot(anonymous_request).await.unwrap();
    });
}

#[test]
fn a_preflight_is_passed_on_only_by_choice() {
    run(async {
        // As Chrome sends it before a PUT to a presigned URL.
        let preflight = Wire::new("OPTIONS", "/folder/test.txt")
            .with("Origin", "https://app.example.com")
            .with("Access-Control-Request-Method", "PUT");
        let presigned = Wire::put().presigned();
        let preflight = preflight.target(&presigned.target);
        assert_eq!(answer(layer(), &preflight).await.0, StatusCode::FORBIDDEN);
        let lenient = || layer().with_preflights(Preflights::Pass);
        assert_eq!(answer(lenient(), &preflight).await.2, "- 0");
        for other in [
            preflight.clone().method("GET"),
            preflight.clone().without("Origin"),
            preflight.without("Access-Control-Request-Method"),
        ] {
            assert_eq!(answer(lenient(), &other).await.0, StatusCode::FORBIDDEN);
        }
    });
}

#[test]
fn reads_the_body_first_where_the_signature_needs_it() {
    run(async {
        let layer = || VerifyLayer::new(standard_verifier(), keys()).with_clock(now);
        let wire = Wire::put().signed_by(&standard_signer());
        assert!(wire.value("x-amz-content-sha256").is_none());
        assert_eq!(answer(layer(), &wire).await.2, "AKIAIOSFODNN7EXAMPLE 21");
        assert_eq!(answer(layer().with_body_limit(21), &wire).await.0, StatusCode::OK);
        let (status, _, body) = answer(layer().with_body_limit(20), &wire).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(body.contains("<Code>EntityTooLarge</Code>"), "{body}");
        let (status, _, body) = answer(layer(), &wire.body("Welcome to Amazon S4.")).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");
    });
}

#[test]
fn a_failed_proof_of_the_body_replaces_the_response_of_the_handler() {
    run(async {
        let wire = Wire::put().signed().body("Welcome to Amazon S4.");
        let (status, _, body) = answer(layer(), &wire).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body.contains("<Code>XAmzContentSHA256Mismatch</Code>"), "{body}");
    });
}

#[test]
fn headers_describe_the_decoded_data() {
    let headers_of = |encoding: Option<&'static str>, length: &'static [u8]| {
        let body = countersign::chunked::ChunkedBody::signed(length.len() as u64);
        let body = encoding.map_or(body.clone(), |encoding| body.with_content_encoding(encoding));
        let wire = Wire::new("PUT", "/folder/test.txt");
        let (signed, mut encoder) = wire.view(|view| signer().sign_chunked(view, &body, now())).unwrap();
        let mut encoded = Vec::new();
        encoder.encode_to(length, &mut encoded).unwrap();
        encoded.extend(encoder.finish(&[]).unwrap());
        let wire = signed.iter().fold(wire, |wire, (name, value)| wire.with(name, value));
        let wire = wire.with("content-length", encoded.len().to_string()).body(encoded);
        let handler = |request: Request<ProvenBody<Full<Bytes>>>| async move {
            let mut response = Response::new(Full::<Bytes>::default());
            *response.headers_mut() = request.headers().clone();
            Ok::<_, Infallible>(response)
        };
        run(layer().layer(service_fn(handler)).oneshot(request(&wire))).unwrap().into_parts().0.headers
    };
    let headers = headers_of(None, b"hello world");
    assert_eq!((&headers["content-length"], headers.get("content-encoding")), (&"11".parse().unwrap(), None));
    let headers = headers_of(Some("gzip"), b"");
    assert_eq!(
        (&headers["content-length"], &headers["content-encoding"]),
        (&"0".parse().unwrap(), &"gzip".parse().unwrap())
    );
}

#[test]
fn a_report_of_a_refused_request_has_no_secret() {
    run(async {
        let seen = Arc::new(Mutex::new(String::new()));
        let log = Arc::clone(&seen);
        let layer = layer().on_rejected(move |rejected| {
            assert_eq!(rejected.verify_error(), Some(&VerifyError::SignatureDoesNotMatch));
            assert_eq!((rejected.method(), rejected.path()), (&Method::GET, "/folder/test.txt"));
            *log.lock().unwrap() = format!("{rejected:?} {}", rejected.claim().unwrap().explain());
        });
        let wire = Wire::put().presigned().method("GET");
        assert_eq!(answer(layer, &wire).await.0, StatusCode::FORBIDDEN);
        let seen = seen.lock().unwrap();
        let signature = wire.target.split("X-Amz-Signature=").nth(1).unwrap();
        assert!(!seen.is_empty() && !seen.contains(signature) && !seen.contains(SECRET));
    });
}

/// A service that panics if it is called without having been ready, as `tower::buffer` does. A clone is not ready.
#[derive(Default)]
struct Strict(bool);

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self(false)
    }
}

impl<B> Service<Request<B>> for Strict {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0 = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        assert!(std::mem::take(&mut self.0), "called without having been ready");
        ready(Ok(Response::new(Full::default())))
    }
}

/// Calls a service once it is ready.
async fn call<S: Service<Request<B>>, B>(
    service: &mut S,
    request: Request<B>,
) -> Result<S::Response, S::Error> {
    service.ready().await?.call(request).await
}

#[test]
fn the_service_that_was_ready_is_called() {
    run(async {
        let mut service = layer().layer(Strict::default());
        let mut signing = SignLayer::new(Arc::new(signer())).layer(Strict::default());
        for _ in 0..2 {
            let response = call(&mut service, request(&Wire::put().signed())).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            let unsigned = request(&Wire::put());
            call(&mut signing, unsigned).await.unwrap();
        }
    });
}

/// Starts an axum server. Returns its port.
async fn serve(app: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await });
    port
}

async fn store(
    Extension(verified): Extension<Verified>,
    Extension(id): Extension<RequestId>,
    body: Bytes,
) -> String {
    assert_eq!(id.as_str().len(), 16);
    format!("{} {:?} {}", verified.access_key_id(), verified.mechanism(), body.len())
}

/// Writes the request to a socket, and returns the response.
async fn send(port: u16, wire: &Wire) -> String {
    let mut message =
        format!("{} {} HTTP/1.1\r\nconnection: close\r\n", wire.method, wire.target).into_bytes();
    for (name, value) in &wire.headers {
        message.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    message.extend(format!("content-length: {}\r\n\r\n", wire.body.len()).into_bytes());
    message.extend(&wire.body);
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    socket.write_all(&message).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    response
}

#[test]
fn verifies_in_axum_outside_and_inside_of_nest() {
    run(async {
        let app = || Router::new().route("/test.txt", put(store));
        let outside = serve(Router::new().nest("/folder", app()).layer(layer())).await;
        let inside = serve(Router::new().nest("/folder", app().layer(layer()))).await;
        let with_uri = layer().with_uri(|head| head.extensions.get::<OriginalUri>().map(|uri| uri.0.clone()));
        let inside_with_uri = serve(Router::new().nest("/folder", app().layer(with_uri))).await;
        for (port, expected) in [(outside, "200 OK"), (inside, "403 Forbidden"), (inside_with_uri, "200 OK")]
        {
            for wire in [Wire::put().signed(), Wire::put().presigned()] {
                let response = send(port, &wire).await;
                assert!(response.starts_with(&format!("HTTP/1.1 {expected}\r\n")), "{response}");
            }
        }
        let response = send(outside, &Wire::put().presigned()).await;
        assert!(response.ends_with(&format!("AKIAIOSFODNN7EXAMPLE {:?} 21", Mechanism::Query)), "{response}");
        // The extractor `Bytes` of axum answers 400 in its own words; the layer answers as S3.
        let response = send(outside, &Wire::put().signed().body("Welcome to Amazon S4.")).await;
        assert!(
            response.starts_with("HTTP/1.1 400 ") && response.contains("XAmzContentSHA256Mismatch"),
            "{response}"
        );
    });
}

#[test]
fn verifies_http_2_without_a_host_header() {
    run(async {
        let port = serve(Router::new().fallback(any(store)).layer(layer())).await;
        let socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let (mut client, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(socket)).await.unwrap();
        tokio::spawn(connection);
        for method in ["PUT", "POST"] {
            let uri = format!("http://{HOST}/folder/test.txt");
            let mut request = Request::put(uri).body(Full::<Bytes>::from("hello")).unwrap();
            countersign::http::sign(&signer(), &mut request, Payload::Bytes(b"hello"), now()).unwrap();
            assert!(!request.headers().contains_key("host"));
            *request.method_mut() = method.parse().unwrap();
            let response = client.send_request(request).await.unwrap();
            assert_eq!(response.version(), http::Version::HTTP_2);
            assert_eq!(response.status().as_u16(), if method == "PUT" { 200 } else { 403 });
        }
    });
}

#[test]
fn asks_for_the_body_after_the_head_is_verified() {
    run(async {
        let port = serve(Router::new().fallback(any(store)).layer(layer())).await;
        for (method, expected) in
            [("PUT", "HTTP/1.1 100 Continue\r\n"), ("POST", "HTTP/1.1 403 Forbidden\r\n")]
        {
            let wire = Wire::put().signed().method(method);
            let mut head =
                format!("{method} {} HTTP/1.1\r\nexpect: 100-continue\r\n", wire.target).into_bytes();
            for (name, value) in &wire.headers {
                head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
            }
            head.extend(b"content-length: 21\r\n\r\n");
            let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            socket.write_all(&head).await.unwrap();
            let mut start = vec![0; expected.len()];
            socket.read_exact(&mut start).await.unwrap();
            assert_eq!(String::from_utf8(start).unwrap(), expected);
        }
    });
}

/// Signs with `signing` and verifies with a layer at `time`. Returns the status and the body of the response.
async fn round_trip<B, P>(signing: SignLayer<P>, request: Request<B>) -> (StatusCode, String)
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    P: countersign::tower::ProvideSigner,
    countersign::http_body::EncodeBodyError<B::Error>: Into<Box<dyn std::error::Error + Send + Sync>>,
    P::Error: std::fmt::Debug,
{
    let handler = |request: Request<ProvenBody<SignedBody<B>>>| async {
        let (head, body) = request.into_parts();
        let mode = head.extensions.get::<Verified>().unwrap().payload_hash().to_owned();
        let body = body.proven(1 << 20).await.map_or(0, |body| body.into_bytes().len());
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(format!("{mode} {body}"))))
    };
    let service = signing.layer(layer().layer(service_fn(handler)));
    let response = service.oneshot(request).await.map_err(|error| error.to_string()).unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap_or_else(|_| panic!("a body")).to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn put_request<B>(body: B) -> Request<B> {
    Request::put(format!("https://{HOST}/folder/test.txt")).body(body).unwrap()
}

fn full(length: usize) -> Request<Full<Bytes>> {
    put_request(Full::from(vec![b'x'; length]))
}

#[test]
fn signs_a_body_by_its_hash_and_a_stream_by_choice() {
    run(async {
        let layer = || SignLayer::new(Arc::new(signer())).with_clock(now);
        let expected = format!("{} 21", sha256([b'x'; 21]));
        assert_eq!(round_trip(layer(), full(21)).await, (StatusCode::OK, expected.clone()));
        let rotating = SignLayer::new(Arc::new(RotatingSigner::new(signer()))).with_clock(now);
        assert_eq!(round_trip(rotating, full(21)).await, (StatusCode::OK, expected));
        for (streams, expected) in [
            (Streams::Unsigned, "UNSIGNED-PAYLOAD 20000"),
            (Streams::Signed, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD 20000"),
            #[cfg(feature = "checksums")]
            (Streams::SignedTrailer(Checksum::Crc32c), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER 20000"),
            #[cfg(feature = "checksums")]
            (Streams::UnsignedTrailer(Checksum::Crc64Nvme), "STREAMING-UNSIGNED-PAYLOAD-TRAILER 20000"),
        ] {
            let layer = layer().with_hashed_length(19_999).with_streams(streams);
            let mut request = full(20_000);
            request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
            request.headers_mut().insert("content-length", "20000".parse().unwrap());
            assert_eq!(
                round_trip(layer, request).await,
                (StatusCode::OK, expected.to_owned()),
                "{streams:?}"
            );
        }
        let error = |layer: SignLayer<Arc<Signer>>, request| layer.layer(Strict::default()).oneshot(request);
        let refused = error(layer().with_hashed_length(20), full(21)).await.unwrap_err();
        assert!(matches!(refused, SignServiceError::Stream), "{refused}");
    });
}

/// AWS's SDKs for Go and Rust send one field for each encoding.
#[test]
fn every_field_of_content_encoding_is_sent_with_the_chunks() {
    run(async {
        let encoding = |request: &HeaderMap| request["content-encoding"].clone();
        let inner = service_fn(move |request: Request<SignedBody<_>>| {
            let mut response = Response::new(());
            response.headers_mut().insert("seen", encoding(request.headers()));
            async move { Ok::<_, Infallible>(response) }
        });
        let layer = SignLayer::new(Arc::new(signer())).with_clock(now);
        let layer = layer.with_hashed_length(0).with_streams(Streams::Signed);
        let mut request = full(20);
        request.headers_mut().append("content-encoding", "gzip".parse().unwrap());
        request.headers_mut().append("content-encoding", "br".parse().unwrap());
        let response = layer.layer(inner).oneshot(request).await.unwrap();
        assert_eq!(response.headers()["seen"], "aws-chunked,gzip,br");
    });
}

#[test]
fn a_stream_of_unknown_length_is_sent_unsigned_or_refused() {
    run(async {
        let stream = || {
            let pieces = [Ok::<_, Infallible>(http_body::Frame::data(Bytes::from("hello")))];
            put_request(StreamBody::new(futures_util::stream::iter(pieces)))
        };
        let layer = |streams| SignLayer::new(Arc::new(signer())).with_clock(now).with_streams(streams);
        let sent = round_trip(layer(Streams::Unsigned), stream()).await;
        assert_eq!(sent, (StatusCode::OK, "UNSIGNED-PAYLOAD 5".to_owned()));
        for streams in [Streams::Refuse, Streams::Signed] {
            let error = layer(streams).layer(Strict::default()).oneshot(stream()).await.unwrap_err();
            assert!(matches!(error, SignServiceError::Stream), "{error}");
        }
    });
}

#[test]
fn an_old_signature_is_replaced() {
    run(async {
        let layer = || SignLayer::new(Arc::new(signer())).with_clock(now);
        let mut request = full(21);
        let old = at("20130524T100000Z"); // two hours ago
        countersign::http::sign(&temporary_signer(), &mut request, Payload::Unsigned, old).unwrap();
        assert_eq!(round_trip(layer(), request).await.0, StatusCode::OK);

        let mut request = full(21);
        countersign::http::presign(&temporary_signer(), &mut request, countersign::Expires::HOUR, old)
            .unwrap();
        assert_eq!(round_trip(layer(), request).await.0, StatusCode::OK);

        // A client may repeat with a presigned URL that its body is not signed.
        let mut request = full(21);
        request.headers_mut().insert("x-amz-content-sha256", UNSIGNED.parse().unwrap());
        assert_eq!(
            round_trip(layer(), request).await,
            (StatusCode::OK, format!("{} 21", sha256([b'x'; 21])))
        );

        // A gateway passes on the decoded data of its client's body in chunks.
        let mut request = full(21);
        let body = countersign::chunked::ChunkedBody::signed(21).with_trailer("x-amz-meta-a", 1).unwrap();
        let _ = countersign::http::sign_chunked(&temporary_signer(), &mut request, &body, old).unwrap();
        let expected = format!("{} 21", sha256([b'x'; 21]));
        assert_eq!(round_trip(layer(), request).await, (StatusCode::OK, expected));
    });
}

#[test]
fn a_retry_is_signed_again_with_the_time_of_the_server() {
    run(async {
        let server = Arc::new(AtomicI64::new(0));
        let offset = Arc::clone(&server);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let dates = Arc::clone(&seen);
        // A server whose clock is an hour ahead refuses other times, and states its own.
        let service = service_fn(move |request: Request<SignedBody<Full<Bytes>>>| {
            dates.lock().unwrap().push(request.headers()["x-amz-date"].to_str().unwrap().to_owned());
            let hour = offset.load(Ordering::Relaxed);
            let date =
                if hour == 0 { "Fri, 24 May 2013 12:00:00 GMT" } else { "Fri, 24 May 2013 13:00:00 GMT" };
            let right = request.headers()["x-amz-date"].to_str().unwrap() == now_plus(hour).as_str();
            let status = if right { 200 } else { 403 };
            async move {
                Ok::<_, Infallible>(Response::builder().status(status).header("date", date).body(()).unwrap())
            }
        });
        let mut client = SignLayer::new(Arc::new(signer())).with_clock(now).layer(service);
        let mut status = async || call(&mut client, full(21)).await.unwrap().status().as_u16();
        assert_eq!(status().await, 200);
        server.store(3600, Ordering::Relaxed);
        assert_eq!(status().await, 403); // the layer does not send again
        assert_eq!(status().await, 200); // the caller does
        server.store(0, Ordering::Relaxed);
        assert_eq!((status().await, status().await), (403, 200));
        let expected = [
            "20130524T120000Z",
            "20130524T120000Z",
            "20130524T130000Z",
            "20130524T130000Z",
            "20130524T120000Z",
        ];
        assert_eq!(*seen.lock().unwrap(), expected);
    });
}

#[test]
fn a_request_without_a_signer_is_not_sent() {
    run(async {
        let fails = || async { Err::<Arc<Signer>, _>(io::Error::other("no credentials")) };
        let error = SignLayer::new(fails).layer(Strict::default()).oneshot(full(21)).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no signer: no credentials");
    });
}

#[test]
fn the_body_is_not_read_before_the_head_is_verified() {
    run(async {
        let polled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&polled);
        let stream = futures_util::stream::poll_fn(move |_| {
            flag.store(true, Ordering::Relaxed);
            Poll::Ready(None::<Result<http_body::Frame<Bytes>, Infallible>>)
        });
        let (head, _) = request(&Wire::put().signed().method("POST")).into_parts();
        let refused = Request::from_parts(head, StreamBody::new(stream));
        let response = layer().layer(Strict::default()).oneshot(refused).await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(!polled.load(Ordering::Relaxed));
    });
}
