//! Sends bytes over HTTP and knows nothing of credentials.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest::Url;
use reqwest::redirect::Policy;

use super::Error;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

const TIMEOUT: Duration = Duration::from_secs(60);

/// Two clients, because of one detail. reqwest parses a URL as browsers do, and browsers resolve
/// `.` and `..`: of the key `a/../b` they would ask for `b`, and the signature would not match.
/// Such URLs go through hyper, which sends a path as it is.
pub struct Transport {
    reqwest: reqwest::Client,
    hyper: Hyper<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Transport {
    pub fn new() -> Result<Self, Error> {
        // ring compiles without cmake. An error means that the program has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();

        let reqwest = reqwest::Client::builder()
            // A redirect changes the host, and with it the signature: the caller has to know.
            .redirect(Policy::none())
            // hyper knows no proxies; the two should not take different ways.
            .no_proxy()
            .build()
            .map_err(|error| Error::Tls(error.into()))?;
        let connector = HttpsConnectorBuilder::new()
            .try_with_platform_verifier()
            .map_err(|error| Error::Tls(error.into()))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { reqwest, hyper: Hyper::builder(TokioExecutor::new()).build(connector) })
    }

    /// Sends exactly this, and reads the whole answer. An answer that is not 2xx is an error.
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
        let request = request.body(Bytes::copy_from_slice(body))?;
        let host = host(request.uri());

        let answer = async {
            if Url::parse(url).is_ok_and(|parsed| parsed.as_str() == url) {
                self.through_reqwest(request).await
            } else {
                self.through_hyper(request).await
            }
        };
        let answer = match tokio::time::timeout(TIMEOUT, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(source)) => return Err(Error::Transport { host, source }),
            Err(_) => return Err(Error::Timeout { host, seconds: TIMEOUT.as_secs() }),
        };
        if answer.status().is_success() { Ok(answer) } else { Err(Error::refused(&answer)) }
    }

    async fn through_reqwest(&self, request: Request<Bytes>) -> Result<Response<Bytes>, AnyError> {
        // Its errors name the URL, and a presigned one is a secret.
        let without_url = reqwest::Error::without_url;
        let answer = self.reqwest.execute(request.try_into()?).await.map_err(without_url)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut response = Response::new(answer.bytes().await.map_err(without_url)?);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    async fn through_hyper(&self, request: Request<Bytes>) -> Result<Response<Bytes>, AnyError> {
        let (head, body) = self.hyper.request(request.map(Full::new)).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

fn host(uri: &Uri) -> String {
    uri.authority().map(ToString::to_string).unwrap_or_default()
}
