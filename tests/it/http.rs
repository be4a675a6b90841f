//! The adapter for the `http` crate, with the clients that keep a URI as it was written.

use std::io::{Read, Write};
use std::net::TcpListener;

use countersign::chunked::ChunkedBody;
use countersign::{Expires, Payload, SignError, VerifyError};
use http::{HeaderMap, Method, Request};
use testkit::*;

fn put() -> Request<&'static str> {
    let request = Request::put(format!("https://{HOST}/folder/test.txt?x-id=PutObject"));
    request.header("content-type", "text/plain").body("hello").unwrap()
}

fn parts(request: &Request<&'static str>) -> (String, HeaderMap) {
    (request.uri().to_string(), request.headers().clone())
}

#[test]
fn marks_only_the_secret_headers_as_sensitive() {
    let mut request = put();
    countersign::http::sign(&temporary_signer(), &mut request, Payload::Bytes(b"hello"), now()).unwrap();
    let sensitive: Vec<&str> = request
        .headers()
        .iter()
        .filter(|(_, value)| value.is_sensitive())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(sensitive, ["x-amz-security-token", "authorization"]);
    let debug = format!("{request:?}");
    assert!(!debug.contains(TOKEN) && !debug.contains("Signature="), "{debug}");
}

#[test]
fn an_error_leaves_the_request_unchanged() {
    let mut request = put();
    countersign::http::sign(&signer(), &mut request, Payload::Bytes(b"hello"), now()).unwrap();
    let before = parts(&request);
    let again = countersign::http::sign(&signer(), &mut request, Payload::Bytes(b"hello"), now());
    assert_eq!(again, Err(SignError::AlreadySigned));
    let again = countersign::http::presign(&signer(), &mut request, Expires::HOUR, now());
    assert!(again.is_err());
    let again = countersign::http::sign_chunked(&signer(), &mut request, &ChunkedBody::signed(5), now());
    assert!(again.is_err());
    assert_eq!((parts(&request), *request.body()), (before, "hello"));
}

#[test]
fn removing_the_signature_restores_the_request() {
    for signer in [signer(), temporary_signer()] {
        let mut request = put();
        countersign::http::sign(&signer, &mut request, Payload::Bytes(b"hello"), now()).unwrap();
        countersign::http::remove_signature(&mut request);
        assert_eq!(parts(&request), parts(&put()));

        countersign::http::presign(&signer, &mut request, Expires::HOUR, now()).unwrap();
        countersign::http::remove_signature(&mut request);
        assert_eq!(parts(&request), parts(&put()));

        let body = ChunkedBody::signed(5).with_trailer("x-amz-meta-a", 1).unwrap();
        let _ = countersign::http::sign_chunked(&signer, &mut request, &body, now()).unwrap();
        assert_eq!(request.headers()["x-amz-trailer"], "x-amz-meta-a");
        countersign::http::remove_signature(&mut request);
        assert_eq!(parts(&request), parts(&put()));

        // The encoding of the data itself remains, also in two fields, as AWS's SDK for Go sends them.
        let _ =
            countersign::http::sign_chunked(&signer, &mut request, &ChunkedBody::signed(5), now()).unwrap();
        request.headers_mut().append("content-encoding", "gzip".parse().unwrap());
        countersign::http::remove_signature(&mut request);
        assert_eq!(request.headers()["content-encoding"], "gzip");
    }
}

#[test]
fn signs_headers_as_it_signs_a_request() {
    let mut request = put();
    countersign::http::sign(&temporary_signer(), &mut request, Payload::Bytes(b"hello"), now()).unwrap();
    let (uri, mut headers) = parts(&put());
    let payload = Payload::Bytes(b"hello");
    countersign::http::sign_headers(&temporary_signer(), &Method::PUT, &uri, &mut headers, payload, now())
        .unwrap();
    assert_eq!(headers, *request.headers());
}

#[test]
fn a_response_to_head_has_no_body() {
    let error = VerifyError::SignatureDoesNotMatch;
    let response = error.to_response(&Method::GET, "/a&b", "id");
    assert_eq!((response.status().as_u16(), response.body()), (403, &error.to_xml("/a&b", "id")));
    let head = error.to_response(&Method::HEAD, "/a&b", "id");
    assert_eq!((head.status(), head.headers(), &**head.body()), (response.status(), response.headers(), ""));
    // A value that is not a header value is left out.
    assert!(!error.to_response(&Method::GET, "/", "a\nb").headers().contains_key("x-amz-request-id"));
}

/// Accepts one connection, and returns the target of its request.
fn target_of_one_request(listener: &TcpListener) -> String {
    let (mut socket, _) = listener.accept().unwrap();
    let mut received = vec![0; 4096];
    let length = socket.read(&mut received).unwrap();
    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    String::from_utf8_lossy(&received[..length]).split(' ').nth(1).unwrap().to_owned()
}

/// Keys with dot segments, which URL libraries for browsers resolve.
const DOTTED: [&str; 4] = ["/folder/../a", "/folder/./a", "/folder/%2e%2e/a", "/folder//a/.."];

#[test]
fn ureq_sends_dot_segments_as_they_were_signed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for path in DOTTED {
        let mut request = Request::get(format!("http://127.0.0.1:{port}{path}")).body(()).unwrap();
        countersign::http::sign(&signer(), &mut request, Payload::Bytes(b""), now()).unwrap();
        let server = std::thread::spawn({
            let listener = listener.try_clone().unwrap();
            move || target_of_one_request(&listener)
        });
        ureq::run(request).unwrap();
        assert_eq!(server.join().unwrap(), path);
    }
}

#[cfg(feature = "http-body")]
#[test]
fn hyper_sends_dot_segments_as_they_were_signed() {
    use hyper_util::{client::legacy::Client, rt::TokioExecutor};

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for path in DOTTED {
        let empty = http_body_util::Empty::<bytes::Bytes>::new();
        let mut request = Request::get(format!("http://127.0.0.1:{port}{path}")).body(empty).unwrap();
        countersign::http::sign(&signer(), &mut request, Payload::Bytes(b""), now()).unwrap();
        let server = std::thread::spawn({
            let listener = listener.try_clone().unwrap();
            move || target_of_one_request(&listener)
        });
        let client = Client::builder(TokioExecutor::new()).build_http();
        runtime.block_on(client.request(request)).unwrap();
        assert_eq!(server.join().unwrap(), path);
    }
}

#[cfg(feature = "url")]
#[test]
fn a_url_that_reqwest_would_change_is_an_error() {
    use countersign::url::{UrlError, parse_exact};

    for path in DOTTED {
        let request = Request::get(format!("https://{HOST}{path}")).body(()).unwrap();
        let error = parse_exact(&request.uri().to_string()).unwrap_err();
        assert!(matches!(error, UrlError::Rewritten { .. }), "{path}: {error}");
    }
    assert!(parse_exact(&put().uri().to_string()).is_ok());
}
