//! A storage with a certificate of a private authority.

use axum::http::{HeaderName, Request};
use bucket::Server;
use http_body_util::Full;
use serde_json::json;
use testkit_tls::{Authority, Terminator, send_http1};

use crate::harness::{command, png, run_with_bundle};
use crate::small::{asked, uploaded};

#[tokio::test]
async fn an_image_is_uploaded_and_confirmed_over_https() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let terminator = Terminator::bytes(authority.localhost(), &server.endpoint());
    let gallery = run_with_bundle(&server, &terminator.url(), &authority.bundle()).await;
    let png = png();
    let ticket = gallery.post("/api/generate-upload-url", &asked(&png)).await.ok();
    let url = ticket["url"].as_str().unwrap();
    assert!(url.starts_with(&terminator.url()), "{url}");
    let mut request = Request::put(url).body(Full::from(png.clone())).unwrap();
    for (name, value) in ticket["headers"].as_object().unwrap() {
        request
            .headers_mut()
            .insert(name.parse::<HeaderName>().unwrap(), value.as_str().unwrap().parse().unwrap());
    }
    assert_eq!(send_http1(&authority, request).await, (200, String::new()));
    let image = gallery.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
    assert_eq!(image["size"], json!(png.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_is_not_trusted_is_4_and_tried_once() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let terminator = Terminator::bytes(authority.localhost(), &server.endpoint());
    let keys = [server.access_key.clone(), server.secret_key.clone()];
    let mut gallery = command(&terminator.url(), &server.bucket, &keys);
    gallery.args(["--listen", "127.0.0.1:0"]).env_remove("AWS_CA_BUNDLE");
    let output = tokio::task::spawn_blocking(move || gallery.output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("its certificate is not signed by an authority that is trusted here"), "{said}");
    assert!(said.contains("to do: set AWS_CA_BUNDLE"), "{said}");
    assert_eq!(terminator.connections(), 1);
}
