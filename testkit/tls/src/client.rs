//! Clients over TLS that trust an [`Authority`].

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Authority;

/// Sends a request over HTTP/2, with the host in `:authority`. Returns the status and the body.
pub async fn send_http2(authority: &Authority, request: Request<Full<Bytes>>) -> (u16, String) {
    let stream = connect(authority, request.uri(), b"h2").await;
    let connection = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = connection.await.unwrap();
    tokio::spawn(connection);
    read(sender.send_request(request).await.unwrap()).await
}

/// Sends a request over HTTP/1.1, with the host in `Host`. Returns the status and the body.
pub async fn send_http1(authority: &Authority, mut request: Request<Full<Bytes>>) -> (u16, String) {
    let stream = connect(authority, request.uri(), b"http/1.1").await;
    let host = HeaderValue::try_from(request.uri().authority().unwrap().as_str()).unwrap();
    request.headers_mut().insert(http::header::HOST, host);
    *request.uri_mut() = request.uri().path_and_query().unwrap().as_str().parse().unwrap();
    let connection = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = connection.await.unwrap();
    tokio::spawn(connection);
    read(sender.send_request(request).await.unwrap()).await
}

async fn connect(authority: &Authority, uri: &Uri, protocol: &[u8]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.bundle()).unwrap()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];

    let (host, port) = (uri.host().unwrap().to_owned(), uri.port_u16().unwrap());
    let stream = TcpStream::connect((&*host, port)).await.unwrap();
    let name = ServerName::try_from(host).unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol));
    stream
}

async fn read(answer: Response<Incoming>) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}
