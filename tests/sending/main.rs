//! What docs/sending.md says of HTTP clients. The programs of that page are tests of their own.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use countersign::tower::{RejectedRequest, VerifyLayer};
use countersign::{Payload, Timestamp};
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest::redirect::Policy;
use testkit::*;
use tokio::net::TcpListener;

/// The program of README.md and docs/verifying.md.
#[rustfmt::skip]
#[allow(dead_code, reason = "`main` is not called")]
mod server {
    include!("server.rs");

    #[test]
    fn is_the_program_of_the_documents() {
        for page in [include_str!("../../README.md"), include_str!("../../docs/verifying.md")] {
            assert!(page.contains(include_str!("server.rs")));
        }
    }

    /// As AWS's SDKs upload over TLS: in chunks without signatures, with a checksum as a trailer.
    #[tokio::test]
    async fn accepts_what_sdks_send_by_default() {
        use countersign::tower::{SignLayer, Streams};
        use http_body_util::BodyExt;
        use tower::{Layer, ServiceExt};

        let port = super::start(app().unwrap()).await;
        let streams = Streams::UnsignedTrailer(countersign::Checksum::Crc64Nvme);
        let sign = SignLayer::new(Arc::new(testkit::signer())).with_hashed_length(0).with_streams(streams);
        let client = sign.layer(super::Client::builder(super::TokioExecutor::new()).build_http());
        let url = format!("http://127.0.0.1:{port}/bucket/a/../key");
        let data = Bytes::from(vec![b'a'; 3 << 20]);
        let put = http::Request::put(&url).body(super::Full::from(data.clone())).unwrap();
        assert_eq!(client.clone().oneshot(put).await.unwrap().status(), 200);
        let get = http::Request::get(&url).body(super::Full::default()).unwrap();
        let response = client.clone().oneshot(get).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), data);
        let unsigned = reqwest::Client::builder();
        let response = super::client(unsigned).get(&url).send().await.unwrap();
        assert_eq!(response.status(), 403);
        assert!(response.text().await.unwrap().contains("<Code>AccessDenied</Code>"));
    }
}

/// The headers of the requests that a server has received.
type Seen = Arc<Mutex<Vec<HeaderMap>>>;

async fn start(app: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    port
}

/// Starts a server that records each request, and answers 200.
async fn recorder() -> (u16, Seen) {
    let seen = Seen::default();
    let record = Arc::clone(&seen);
    let app = Router::new().fallback(move |request: Request<Body>| async move {
        record.lock().unwrap().push(request.headers().clone());
    });
    (start(app).await, seen)
}

/// Starts a server that redirects each request, as S3 does for a bucket of another region.
async fn redirect_to(port: u16) -> u16 {
    let answer = move || async move { Redirect::temporary(&format!("http://127.0.0.1:{port}/bucket/key")) };
    start(Router::new().fallback(answer)).await
}

/// Starts a server that verifies, and answers with the code of the error.
async fn verifying() -> u16 {
    let keys = HashMap::from([(ID.to_owned(), credentials())]);
    let code = |rejected: &RejectedRequest| {
        Response::builder().status(403).body(rejected.rejection().code().into()).unwrap()
    };
    let layer = VerifyLayer::new(verifier(), keys).with_error_response(code);
    start(Router::new().fallback(async || "verified".into_response()).layer(layer)).await
}

fn client(builder: reqwest::ClientBuilder) -> reqwest::Client {
    builder.no_proxy().build().unwrap()
}

fn signed(client: &reqwest::Client, url: &str, headers: &[(&'static str, &str)]) -> reqwest::Request {
    let mut request = client.get(url).build().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let url = request.url().to_string();
    let (payload, now) = (Payload::Bytes(b""), Timestamp::now());
    countersign::http::sign_headers(&signer(), &Method::GET, &url, request.headers_mut(), payload, now)
        .unwrap();
    request
}

#[tokio::test]
async fn reqwest_ureq_and_hyper_return_a_redirect() {
    let (target, seen) = recorder().await;
    let url = format!("http://127.0.0.1:{}/bucket/key", redirect_to(target).await);

    let client = client(reqwest::Client::builder().redirect(Policy::none()));
    assert_eq!(client.execute(signed(&client, &url, &[])).await.unwrap().status(), 307);

    let mut request = Request::get(&url).body(Full::<Bytes>::default()).unwrap();
    countersign::http::sign(&signer(), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    let hyper = Client::builder(TokioExecutor::new()).build_http();
    assert_eq!(hyper.request(request.clone()).await.unwrap().status(), 307);

    let request = request.map(|_| ());
    let status = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
        agent.run(request).unwrap().status()
    });
    assert_eq!(status.await.unwrap(), 307);
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_that_is_followed_arrives_unsigned() {
    let (target, seen) = recorder().await;
    let url = format!("http://127.0.0.1:{}/bucket/key", redirect_to(target).await);
    let client = client(reqwest::Client::builder());
    client.execute(signed(&client, &url, &[])).await.unwrap();

    let mut request = Request::get(&url).body(()).unwrap();
    countersign::http::sign(&signer(), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    tokio::task::spawn_blocking(move || ureq::run(request).unwrap()).await.unwrap();

    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    for headers in seen.iter() {
        assert!(!headers.contains_key("authorization") && headers.contains_key("x-amz-date"));
    }
}

#[tokio::test]
async fn default_headers_of_reqwest_are_added_after_signing() {
    let url = format!("http://127.0.0.1:{}/bucket/key", verifying().await);
    let defaults = |name: &'static str| {
        let headers = HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static("a"))]);
        client(reqwest::Client::builder().default_headers(headers).user_agent("agent/1"))
    };
    let text = async |client: reqwest::Client, headers: &[(&'static str, &str)]| {
        client.execute(signed(&client, &url, headers)).await.unwrap().text().await.unwrap()
    };
    assert_eq!(text(defaults("x-request-id"), &[]).await, "verified");
    assert_eq!(text(defaults("x-amz-meta-a"), &[]).await, "AccessDenied");
    assert_eq!(text(defaults("x-amz-meta-a"), &[("x-amz-meta-a", "a")]).await, "verified");
}

#[tokio::test]
async fn a_host_header_of_the_request_is_signed_and_sent() {
    let (port, seen) = recorder().await;
    let client = client(reqwest::Client::builder());
    let request = signed(&client, &format!("http://127.0.0.1:{port}/bucket/key"), &[("host", "s3.internal")]);
    client.execute(request).await.unwrap();
    assert_eq!(seen.lock().unwrap()[0]["host"], "s3.internal");

    let url = format!("http://127.0.0.1:{}/bucket/key", verifying().await);
    let response = client.execute(signed(&client, &url, &[("host", "s3.internal")])).await.unwrap();
    assert_eq!(response.text().await.unwrap(), "verified");
}

#[tokio::test]
async fn a_space_that_reqwest_writes_as_plus_is_verified() {
    let url = format!("http://127.0.0.1:{}/bucket", verifying().await);
    let client = client(reqwest::Client::builder());
    let request = client.get(&url).query(&[("prefix", "a b&c")]).build().unwrap();
    assert_eq!(request.url().query(), Some("prefix=a+b%26c"));
    let request = signed(&client, request.url().as_str(), &[]);
    assert_eq!(client.execute(request).await.unwrap().text().await.unwrap(), "verified");
}
