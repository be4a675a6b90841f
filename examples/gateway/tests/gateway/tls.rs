//! TLS on both sides: a server with a certificate of a private authority, and a load balancer that speaks HTTP/2 with
//! clients.

use std::path::PathBuf;

use bucket::Server;
use bytes::Bytes;
use countersign::{Expires, Payload, Timestamp};
use http::Request;
use http_body_util::Full;
use testkit_tls::{Authority, Host, Terminator, send_http2};

use crate::running::{FULL, Gateway, KEYS, Real, signer};

/// Starts a gateway in front of a server over https.
fn gateway(server: &Server, endpoint: &str, bundle: Option<PathBuf>) -> Gateway {
    let (key, secret) = (&server.access_key, &server.secret_key);
    Gateway::launch_with(&Real { endpoint, key, secret }, KEYS, &[], |command| {
        command.env_remove("AWS_CA_BUNDLE").envs(bundle.map(|path| ("AWS_CA_BUNDLE", path)));
    })
}

#[tokio::test]
async fn a_server_over_https_is_used_if_its_authority_is_trusted() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let https = Terminator::bytes(authority.localhost(), &server.endpoint());
    let gateway = gateway(&server, &https.url(), Some(authority.bundle()));
    let client = gateway.client(FULL);
    client.put("a b+c", b"bytes", &[]).await.unwrap();
    assert_eq!(client.get("a b+c").await.unwrap(), "bytes");
    assert!(https.connections() > 0);
}

#[tokio::test]
async fn a_server_that_is_not_trusted_is_500_for_clients_and_named_in_the_log() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let https = Terminator::bytes(authority.localhost(), &server.endpoint());
    let gateway = gateway(&server, &https.url(), None);
    let error = gateway.client(FULL).get("a").await.unwrap_err();
    assert_eq!(error.code(), Some("InternalError"));
    assert!(!error.to_string().contains("certificate"), "{error}");
    let log = gateway.log();
    assert!(log.contains("its certificate is not signed by an authority that is trusted here"), "{log}");
    assert!(log.contains("set AWS_CA_BUNDLE to a PEM file"), "{log}");
    assert_eq!(https.connections(), 1);
}

/// hyper omits the default port in `Host`, so the signature must omit it too.
#[tokio::test]
async fn the_endpoint_may_have_the_default_port() {
    let Ok(server) = Server::start_on("127.0.0.2:80".parse().unwrap()).await else {
        return eprintln!("not run: port 80 is in use, or not allowed");
    };
    assert_eq!(server.endpoint(), "http://127.0.0.2:80");
    let gateway = Gateway::before(&server);
    gateway.client(FULL).put("a", b"bytes", &[]).await.unwrap();
    assert_eq!(gateway.client(FULL).get("a").await.unwrap(), "bytes");
}

fn get(url: &str) -> Request<Full<Bytes>> {
    let mut request = Request::get(format!("{url}/examplebucket/a%20b")).body(Full::default()).unwrap();
    countersign::http::sign(&signer(FULL), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
    request
}

fn presigned(url: &str) -> Request<Full<Bytes>> {
    let url = format!("{url}/examplebucket/a%20b");
    let request = countersign::Request::new("GET", &url, &[]);
    let url = signer(FULL).presign(&request, Expires::HOUR, Timestamp::now()).unwrap();
    Request::get(url.as_str()).body(Full::default()).unwrap()
}

#[tokio::test]
async fn http2_is_verified_with_the_authority_that_the_load_balancer_keeps() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let gateway = Gateway::before(&server);
    gateway.client(FULL).put("a b", b"bytes", &[]).await.unwrap();
    let kept = Terminator::http2(authority.localhost(), &gateway.url, Host::Kept);
    for request in [get(&kept.url()), presigned(&kept.url())] {
        assert_eq!(send_http2(&authority, request).await, (200, "bytes".to_owned()));
    }
}

#[tokio::test]
async fn a_host_that_the_load_balancer_changes_is_refused_and_named_in_the_log() {
    let (server, authority) = (Server::start().await.unwrap(), Authority::new());
    let gateway = Gateway::before(&server);
    let changed = Terminator::http2(authority.localhost(), &gateway.url, Host::Changed("gateway.internal"));
    for (number, request) in [get(&changed.url()), presigned(&changed.url())].into_iter().enumerate() {
        let (status, body) = send_http2(&authority, request).await;
        assert_eq!(status, 403, "{body}");
        assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");
        let diagnosed = || gateway.log().matches("cause=\"host-rewritten\"").count() == number + 1;
        for _ in 0..200 {
            if diagnosed() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(diagnosed(), "{}", gateway.log());
    }
}
