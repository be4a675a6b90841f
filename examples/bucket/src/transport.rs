//! Sends bytes over HTTP and knows nothing of credentials.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::{Error, TlsProblem, tls};

pub type AnyError = Box<dyn std::error::Error + Send + Sync>;
pub type BoxBody = UnsyncBoxBody<Bytes, AnyError>;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);

/// An HTTP/1.1 client that sends a path and a query as they are, and follows no redirect.
///
/// Clients that parse a URL as browsers do, such as reqwest, resolve `.` and `..`: of the key
/// `a/../b` they would ask for `b`, and the signature would not match. A redirect changes the host,
/// which is signed, so the caller has to know of it.
#[derive(Clone)]
pub struct Transport {
    hyper: Hyper<HttpsConnector<HttpConnector>, BoxBody>,
}

impl Transport {
    pub fn new() -> Result<Self, Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        // Without this limit, a connection whose server reads nothing is never closed: hyper flushes what it has
        // buffered before it closes, also after the request is given up.
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(TIMEOUT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::client()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let hyper = Hyper::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(15))
            .build(connector);
        Ok(Self { hyper })
    }

    /// Sends exactly this request. The answer can have any status, and its body is not read yet.
    /// No timeout applies after the connection is made: only the caller knows how long a body takes.
    pub async fn open(&self, request: Request<BoxBody>) -> Result<Response<Incoming>, Error> {
        let host = host(request.uri());
        tracing::debug!(method = %request.method(), host, "sending a request");
        let answer = self.hyper.request(request).await;
        let answer = answer.map_err(|error| match TlsProblem::find(&error) {
            Some(problem) => Error::Handshake { host, problem },
            None => Error::Transport { host, source: error.into() },
        })?;
        tracing::debug!(status = answer.status().as_u16(), "received an answer");
        Ok(answer)
    }

    /// Sends exactly this, and reads the whole answer within a minute. An answer that is not 2xx is
    /// an error.
    pub async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response<Bytes>, Error> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::copy_from_slice(body)).map_err(|never| match never {});
        self.collect(request.body(body.boxed_unsync())?).await
    }

    pub(crate) async fn collect(&self, request: Request<BoxBody>) -> Result<Response<Bytes>, Error> {
        let host = host(request.uri());
        let answer = tokio::time::timeout(TIMEOUT, async { collected(self.open(request).await?).await });
        let answer = answer.await.map_err(|_| Error::Timeout { host, seconds: TIMEOUT.as_secs() })??;
        if answer.status().is_success() { Ok(answer) } else { Err(Error::refused(answer)) }
    }
}

/// Reads the whole body of an answer.
pub(crate) async fn collected(answer: Response<Incoming>) -> Result<Response<Bytes>, Error> {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.map_err(|source| Error::Interrupted(source.into()))?.to_bytes();
    Ok(Response::from_parts(head, body))
}

fn host(uri: &Uri) -> String {
    uri.authority().map(ToString::to_string).unwrap_or_default()
}
