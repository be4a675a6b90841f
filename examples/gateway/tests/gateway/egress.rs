//! `--egress`: a placeholder key in, the real key out.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::{Extension, Router};
use countersign::tower::VerifyLayer;
use countersign::{Expires, Payload, Service, Signer, Timestamp, Verified, Verifier};
use http::{Request, StatusCode};
use tokio::net::TcpListener;

use crate::running::{AGENT, Gateway, Real, body, credentials, send};

const REAL: (&str, &str) = ("AKIDREAL", "the real secret");
const REGION: &str = "eu-west-1";

/// Starts a service that accepts only the real key.
async fn service(name: &'static str) -> String {
    let verifier = Verifier::new(REGION, Service::new(name).unwrap()).unwrap();
    let keys = HashMap::from([(REAL.0.to_owned(), credentials(REAL))]);
    let answer = |Extension(verified): Extension<Verified>, body: Bytes| async move {
        let path = String::from_utf8_lossy(verified.explain().canonical_request().as_bytes()).into_owned();
        format!("{} {} bytes\n{path}", verified.access_key_id(), body.len())
    };
    let app = Router::new().fallback(answer).layer(VerifyLayer::new(verifier, keys));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn gateway(sqs: &str, real_secret: &str) -> Gateway {
    let keys = format!(
        r#"
        [[key]]
        id = "AGENT"
        secret = "{}"
        services = [
            {{ service = "sqs", region = "eu-*", actions = ["SendMessage", "GET /queues/*"] }},
            {{ service = "lambda", actions = ["GET /functions/*"] }},
            {{ service = "s3", actions = ["GET /photos/*", "PUT /photos/*"] }},
        ]
        [[upstream]]
        service = "sqs"
        url = "{sqs}"
        [[upstream]]
        service = "lambda"
        url = "{sqs}/"
        [[upstream]]
        service = "s3"
        url = "{sqs}"
        "#,
        AGENT.1
    );
    let real = Real { endpoint: "http://127.0.0.1:1", key: REAL.0, secret: real_secret };
    Gateway::start_with(&real, &keys, &["--egress", "--max-buffered", "1000"])
}

fn signer(service: &'static str) -> Signer {
    Signer::new(credentials(AGENT), REGION, Service::new(service).unwrap()).unwrap()
}

async fn call(
    gateway: &Gateway,
    service: &'static str,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    data: &'static str,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(format!("{}{path}", gateway.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(body(data)).unwrap();
    countersign::http::sign(
        &signer(service),
        &mut request,
        Payload::Bytes(data.as_bytes()),
        Timestamp::now(),
    )
    .unwrap();
    send(request).await.unwrap()
}

const TARGET: (&str, &str) = ("x-amz-target", "AmazonSQS.SendMessage");
const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.0");

#[tokio::test]
async fn a_request_is_signed_again_with_the_real_key() {
    let gateway = gateway(&service("sqs").await, REAL.1).await;
    let (status, answer) = call(&gateway, "sqs", ("POST", "/"), &[TARGET, JSON], "{}").await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.starts_with("AKIDREAL 2 bytes"), "{answer}");
    assert!(answer.contains("x-amz-target:AmazonSQS.SendMessage"), "{answer}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let (status, answer) = call(&gateway, "sqs", ("POST", "/"), &form, "Action=SendMessage&A=b").await;
    assert_eq!(status, 200, "{answer}");
    // An encoded slash stays encoded, and the order of the query is the signed one.
    let (status, answer) = call(&gateway, "sqs", ("GET", "/queues/a%2Fb?b=2&a=1"), &[], "").await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("GET\n/queues/a%252Fb\na=1&b=2\n"), "{answer}");
    let mut presigned = Request::get(format!("{}/queues/c", gateway.url)).body(body("")).unwrap();
    countersign::http::presign(&signer("sqs"), &mut presigned, Expires::HOUR, Timestamp::now()).unwrap();
    let (status, answer) = send(presigned).await.unwrap();
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn an_operation_without_a_right_is_refused() {
    let gateway = gateway(&service("sqs").await, REAL.1).await;
    let denied = |(status, answer): (StatusCode, String)| {
        assert_eq!(status, 403, "{answer}");
        assert!(answer.contains("AccessDenied"), "{answer}");
    };
    let other = ("x-amz-target", "AmazonSQS.DeleteQueue");
    denied(call(&gateway, "sqs", ("POST", "/"), &[other, JSON], "{}").await);
    let form = [TARGET, ("content-type", "application/x-www-form-urlencoded")];
    denied(call(&gateway, "sqs", ("POST", "/"), &form, "Action=DeleteQueue").await);
    denied(call(&gateway, "lambda", ("DELETE", "/functions/f"), &[TARGET], "").await);
    denied(call(&gateway, "sns", ("POST", "/"), &[TARGET, JSON], "{}").await);
    denied(call(&gateway, "lambda", ("POST", "/functions/f"), &[TARGET, JSON], "{}").await);
    // A service may read a form whatever its type is called.
    let ebcdic = "application/x-www-form-urlencoded; charset=ibm037";
    for (target, headers) in [
        ("/", &[TARGET, ("content-type", "text/plain")][..]),
        ("/?Action=SendMessage", &[]),
        ("/?Action=SendMessage", &[("content-type", ebcdic)]),
    ] {
        denied(call(&gateway, "sqs", ("POST", target), headers, "\u{1f}a form that cannot be read").await);
    }
    let (named, form) = ("Action=SendMessage&other", "application/x-www-form-urlencoded");
    for headers in [&[("content-type", ebcdic)][..], &[("content-type", form), ("content-encoding", "gzip")]]
    {
        denied(call(&gateway, "sqs", ("POST", "/"), headers, named).await);
    }
    for kind in ["Application/X-WWW-form-urlencoded", "text/plain", "application/x-amz-json-1.0x"] {
        let form = [TARGET, ("content-type", kind)];
        denied(call(&gateway, "sqs", ("POST", "/"), &form, "Action=DeleteQueue").await);
    }
}

/// A header that replaces the method or the path would lead to another operation than the one that was checked.
#[tokio::test]
async fn a_header_that_replaces_the_operation_is_refused() {
    let gateway = gateway(&service("lambda").await, REAL.1).await;
    let get = ("GET", "/functions/f");
    assert_eq!(call(&gateway, "lambda", get, &[], "").await.0, 200);
    for name in
        ["x-http-method-override", "X-HTTP-Method", "x-method-override", "x-original-url", "x-rewrite-url"]
    {
        let (status, answer) = call(&gateway, "lambda", get, &[(name, "DELETE")], "").await;
        assert_eq!(status, 501, "{name}: {answer}");
        assert!(answer.contains(&name.to_lowercase()), "{answer}");
    }
}

/// In S3, parameters and headers choose the operation and other objects: a path is not a right.
#[tokio::test]
async fn a_path_is_no_right_for_s3() {
    let gateway = gateway(&service("s3").await, REAL.1).await;
    for (method, target, headers) in [
        ("GET", "/photos/a?acl", &[][..]),
        ("PUT", "/photos/a?acl", &[("x-amz-acl", "public-read")]),
        ("PUT", "/photos/a", &[("x-amz-copy-source", "/private/a")]),
    ] {
        let (status, answer) = call(&gateway, "s3", (method, target), headers, "").await;
        assert_eq!(status, 403, "{method} {target}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_spoiled_or_too_long_is_refused() {
    let gateway = gateway(&service("sqs").await, REAL.1).await;
    let mut request =
        Request::post(format!("{}/", gateway.url)).header(TARGET.0, TARGET.1).body(body("{ }")).unwrap();
    countersign::http::sign(&signer("sqs"), &mut request, Payload::Bytes(b"{}"), Timestamp::now()).unwrap();
    let (status, answer) = send(request).await.unwrap();
    assert_eq!(status, 403, "{answer}");
    let long = "x".repeat(1001).leak();
    let (status, answer) = call(&gateway, "sqs", ("POST", "/"), &[TARGET, JSON], long).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer.contains("EntityTooLarge"), "{answer}");
}

#[tokio::test]
async fn a_refusal_of_the_real_key_is_not_passed_on() {
    let gateway = gateway(&service("sqs").await, "not the real secret").await;
    let (status, answer) = call(&gateway, "sqs", ("POST", "/"), &[TARGET, JSON], "{}").await;
    assert_eq!(status, 500, "{answer}");
    assert!(answer.contains("InternalError") && !answer.contains("AKIDREAL"), "{answer}");
}
