//! [`Terminator`]: speaks TLS with a client, and sends what it says to a server without TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::header::HOST;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Certificate;

/// The `Host` that a terminator sends to the server.
#[derive(Debug, Clone, Copy)]
pub enum Host {
    /// The authority that the client has sent.
    Kept,
    /// Another one, as a load balancer does that is not configured to keep it.
    Changed(&'static str),
}

/// A TLS terminator on a thread of its own, so that a test can wait for a process. Dropping it stops it.
pub struct Terminator {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    _running: oneshot::Sender<()>,
}

impl Terminator {
    /// Relays bytes to `server`, an `http://` URL.
    pub fn bytes(certificate: Certificate, server: &str) -> Self {
        Self::start(certificate, server, None)
    }

    /// Speaks HTTP/2 with clients and HTTP/1.1 with `server`, an `http://` URL.
    pub fn http2(certificate: Certificate, server: &str, host: Host) -> Self {
        Self::start(certificate, server, Some(host))
    }

    /// Returns the URL by the name of the certificate.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Returns the URL by the address. A bucket is never a part of its host.
    pub fn url_by_address(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Returns the number of connections that clients have opened.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn start(certificate: Certificate, server: &str, http2: Option<Host>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = acceptor(certificate, http2.is_some());
        let server: SocketAddr = server.strip_prefix("http://").unwrap().parse().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (running, stopped) = oneshot::channel();
        let counted = Arc::clone(&connections);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, acceptor, server, http2, counted) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, connections, _running: running }
    }
}

fn acceptor(certificate: Certificate, http2: bool) -> TlsAcceptor {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.chain], certificate.key);
    let mut config = config.unwrap();
    config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    TlsAcceptor::from(Arc::new(config))
}

async fn accept(
    listener: std::net::TcpListener,
    acceptor: TlsAcceptor,
    server: SocketAddr,
    http2: Option<Host>,
    connections: Arc<AtomicUsize>,
) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        connections.fetch_add(1, Ordering::SeqCst);
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // A client that does not trust the certificate ends the handshake.
            let Ok(mut client) = acceptor.accept(client).await else { return };
            match http2 {
                Some(host) => translate(client, server, host).await,
                None => {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                }
            }
        });
    }
}

async fn translate(client: TlsStream<TcpStream>, server: SocketAddr, host: Host) {
    let service = service_fn(move |request| send(request, server, host));
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    let _ = connection.serve_connection(TokioIo::new(client), service).await;
}

/// Sends a request over HTTP/1.1, with the authority in `Host` and the path and query as they are.
async fn send(
    request: Request<Incoming>,
    server: SocketAddr,
    host: Host,
) -> hyper::Result<Response<Incoming>> {
    let (mut head, body) = request.into_parts();
    assert_eq!(head.version, http::Version::HTTP_2);
    assert!(!head.headers.contains_key(HOST), "a client of HTTP/2 sends :authority only");
    let authority = head.uri.authority().unwrap().as_str();
    let host = match host {
        Host::Kept => authority,
        Host::Changed(host) => host,
    };
    head.headers.insert(HOST, HeaderValue::try_from(host).unwrap());
    head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
    head.version = http::Version::HTTP_11;
    let stream = TcpStream::connect(server).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    sender.send_request(Request::from_parts(head, body)).await
}
