//! A server that reads each request and answers it at once.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

const ANSWER: [u8; 1024] = [b'x'; 1024];

pub struct Server {
    pub url: String,
    open: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let open = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&open);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let count = Arc::clone(&count);
                let _ = stream.set_nodelay(true);
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    let connection = hyper::server::conn::http1::Builder::new();
                    // An upload that is aborted ends with an error.
                    let _ = connection.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
                    count.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self { url, open }
    }

    /// Returns the number of connections that are open.
    pub fn connections(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_get = request.method() == http::Method::GET;
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    let answer = if is_get { Bytes::from_static(&ANSWER) } else { Bytes::new() };
    Ok(Response::builder().header("etag", "\"0\"").body(Full::new(answer)).unwrap())
}
