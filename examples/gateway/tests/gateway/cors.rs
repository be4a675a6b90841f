//! A page in a browser as a client: preflights, and the headers that let the page read an answer.

use bucket::{Server, Transport};
use countersign::{Expires, Timestamp};
use http::{HeaderMap, Request, StatusCode};

use crate::running::{FULL, Gateway, body, read};

const PAGE: &str = "https://photos.example.com";

async fn ask(method: &str, url: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let request =
        headers.iter().fold(Request::builder().method(method).uri(url), |request, (name, value)| {
            request.header(*name, *value)
        });
    let answer = Transport::new().unwrap().open(request.body(body("")).unwrap()).await.unwrap();
    let headers = answer.headers().clone();
    let (status, text) = read(answer).await;
    (status, headers, text)
}

fn preflight(origin: &str) -> [(&str, &str); 3] {
    let names = "authorization,content-type,x-amz-content-sha256,x-amz-date";
    [("origin", origin), ("access-control-request-method", "PUT"), ("access-control-request-headers", names)]
}

#[tokio::test]
async fn a_preflight_is_answered_for_an_allowed_origin() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--cors-origin", "https://a.example", "--cors-origin", PAGE]);
    let (status, headers, text) = ask("OPTIONS", &gateway.object("a"), &preflight(PAGE)).await;
    assert_eq!((status, &*text), (StatusCode::OK, ""));
    assert_eq!(headers["access-control-allow-origin"], PAGE);
    assert_eq!(headers["access-control-allow-methods"], "GET, HEAD, PUT, POST, DELETE");
    assert_eq!(headers["access-control-allow-headers"], preflight(PAGE)[2].1);
    assert_eq!(headers["vary"], "origin, access-control-request-method, access-control-request-headers");
    assert!(!headers.contains_key("access-control-allow-credentials"));
    let any = Gateway::start(&server, &["--cors-origin", "*"]);
    let (_, headers, _) = ask("OPTIONS", &any.object("a"), &preflight(PAGE)).await;
    assert_eq!(headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_preflight_of_another_origin_or_method_is_refused() {
    let server = Server::start().await.unwrap();
    let (without, with) = (Gateway::before(&server), Gateway::start(&server, &["--cors-origin", PAGE]));
    let patch = [("origin", PAGE), ("access-control-request-method", "PATCH")];
    for (gateway, headers, message) in [
        (&without, &preflight(PAGE)[..], "CORS is not enabled for this bucket"),
        (&with, &preflight("https://photos.example.com.evil.example"), "This CORS request is not allowed"),
        (&with, &preflight("null"), "This CORS request is not allowed"),
        (&with, &preflight("*"), "This CORS request is not allowed"),
        (&with, &patch, "This CORS request is not allowed"),
        (&with, &patch[1..], "This CORS request is not allowed"),
    ] {
        let (status, found, text) = ask("OPTIONS", &gateway.object("a"), headers).await;
        assert_eq!(status, 403, "{headers:?}");
        assert!(text.contains("<Code>AccessForbidden</Code>") && text.contains(message), "{text}");
        assert!(!found.contains_key("access-control-allow-methods"), "{found:?}");
    }
    // OPTIONS that is no preflight needs a signature.
    assert_eq!(ask("OPTIONS", &with.object("a"), &[("origin", PAGE)]).await.0, 403);
}

#[tokio::test]
async fn a_page_reads_answers_and_refusals() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::start(&server, &["--cors-origin", PAGE]);
    let full = gateway.client(FULL);
    full.put("a", b"hello", &[("x-amz-meta-a", "b")]).await.unwrap();
    let url = full.presign("GET", "a", &[], Expires::HOUR, Timestamp::now()).await.unwrap();
    let (status, headers, text) = ask("GET", url.as_str(), &[("origin", PAGE)]).await;
    assert_eq!((status, &*text), (StatusCode::OK, "hello"));
    assert_eq!(headers["access-control-allow-origin"], PAGE);
    let exposed = headers["access-control-expose-headers"].to_str().unwrap();
    for name in ["etag", "x-amz-meta-a", "x-amz-request-id"] {
        assert!(exposed.split(", ").any(|exposed| exposed == name), "{name}: {exposed}");
    }
    // Headers of CORS and of caches concern the browser, and not the page.
    let is_exposed = |name: &str| name == "vary" || name.starts_with("access-control-");
    assert!(!exposed.split(", ").any(is_exposed), "{exposed}");
    let (status, headers, text) = ask("GET", &gateway.object("a"), &[("origin", PAGE)]).await;
    assert_eq!(
        (status, headers["access-control-allow-origin"].to_str().unwrap()),
        (StatusCode::FORBIDDEN, PAGE)
    );
    assert!(text.contains("<Code>AccessDenied</Code>"), "{text}");
    // Another page gets the same answer, and its browser keeps it from the page. A cache keeps them apart.
    for other in [&[("origin", "https://evil.example")][..], &[]] {
        let (status, headers, _) = ask("GET", url.as_str(), other).await;
        assert_eq!(status, 200);
        assert!(headers["vary"].to_str().unwrap().starts_with("origin"));
        assert!(!headers.contains_key("access-control-allow-origin"), "{headers:?}");
    }
}

#[tokio::test]
async fn a_wrong_origin_is_a_wrong_argument() {
    let server = Server::start().await.unwrap();
    let (endpoint, key, secret) = (server.endpoint(), &*server.access_key, &*server.secret_key);
    let real = crate::running::Real { endpoint: &endpoint, key, secret };
    let folder = tempfile::TempDir::new().unwrap();
    let mut program = crate::running::program(folder.path(), &real);
    let output = program.args(["--cors-origin", "https://photos.example.com/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("--cors-origin https://photos.example.com/ is not an origin"), "{text}");
}
