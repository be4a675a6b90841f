//! Connections: limits, timeouts, the answer to each request, and the end.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::ORIGIN;
use http::{HeaderValue, Method, Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

use crate::delivered::Delivered;
use crate::gateway::Gateway;
use crate::greeting::{self, Greeted, Open};
use crate::refusal::Refusal;
use crate::streams::Streams;
use crate::tracked::{Line, Slot, Tracked};
use crate::{Answer, Log, answer, egress, error_document, request_id};

/// Serves until `stop`, then finishes what runs.
pub async fn serve(listener: TcpListener, gateway: Arc<Gateway>, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let mut greetings = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &gateway) => accepted,
            Some(greeted) = greetings.join_next() => {
                if let Ok(Some(greeted)) = greeted {
                    connect(greeted, &graceful);
                }
                continue;
            }
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, open)) => {
                greetings.spawn(greeting::greet(stream, open));
            }
            Err(error) => {
                // Too many open files, for example: others will close.
                tracing::error!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    tracing::info!("stopping: finishing the requests that run");
    drop((listener, greetings));
    gateway.running.close();
    let limit = Duration::from_secs(gateway.limits.drain_timeout);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = limit.as_secs(), "requests were still running, and were ended");
    }
}

/// Accepts a connection, if need be when another one has closed. Until then it waits in the system's queue.
async fn accept(listener: &TcpListener, gateway: &Arc<Gateway>) -> io::Result<(TcpStream, Open)> {
    let place = Arc::clone(&gateway.connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, Open::new(Arc::clone(gateway), place)))
}

fn connect(greeted: Greeted, graceful: &GracefulShutdown) {
    let Greeted { stream, is_http2, open } = greeted;
    let limits = open.gateway.limits;
    let idle = Duration::from_secs(limits.idle_timeout);
    let header = Duration::from_secs(limits.header_timeout);
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    // Reads have a limit for each head and for each piece of a body. A client that does not read has none.
    stream.set_write_timeout(Some(idle));
    let streams = Streams::new(idle);
    let server = Builder::new(streams.clone());
    let mut server = if is_http2 { server.http2_only() } else { server.http1_only() };
    server.http1().timer(TokioTimer::new()).header_read_timeout(header);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(Some(idle)).keep_alive_timeout(header);
    server.http2().max_send_buf_size(SEND_BUFFER);
    let shared = Arc::clone(&open.gateway);
    let service = service_fn(move |request| handle(Arc::clone(&shared), request));
    let connection = server.serve_connection(TokioIo::new(Box::pin(stream)), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            ended = connection => if let Err(error) = ended {
                tracing::debug!(error, "a connection broke off");
            },
            () = streams.unused(), if is_http2 => tracing::debug!("a connection without a request is closed"),
        }
        drop(open);
    });
}

async fn handle(gateway: Arc<Gateway>, request: Request<Incoming>) -> Result<Response<Tracked>, Infallible> {
    let (id, began) = (request_id::next(), Instant::now());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_query =
        request.headers().get("content-type").is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let preflight = gateway.cors.preflight(&method, request.headers());
    let origin = request.headers().get(ORIGIN).cloned();
    let slot = Slot::of(&gateway);
    let mut log = Log { id: id.clone(), key: None };
    let answered = match preflight {
        _ if slot.is_none() => Err(Refusal::slow_down()),
        Some(answer) => answer,
        None if gateway.egress => egress::answer(&gateway, request, &mut log).await,
        None => answer(&gateway, request, &mut log).await,
    };
    let mut response = answered.unwrap_or_else(|refusal| {
        report(&gateway, &refusal, &method, &path, &id, &log);
        if gateway.egress {
            error_document::common(&refusal, &method, is_query, &id)
        } else {
            error_document::s3(&refusal, &method, &path, &id)
        }
    });
    name(&mut response, &id, gateway.egress);
    gateway.cors.add(origin.as_ref(), response.headers_mut());
    let status = response.status().as_u16();
    let labels = [("method", known(&method)), ("status", status.to_string())];
    gateway.metrics.requests.get_or_create(&labels).inc();
    let method = method.to_string();
    let line = Line { id, method, path, key: log.key, status, began };
    let limits = gateway.limits;
    Ok(response.map(|body| Tracked { body: Delivered::new(&limits, body), line, sent: 0, gateway, slot }))
}

/// Logs why a request is refused. The query is not logged: it may hold a signature.
fn report(gateway: &Gateway, refusal: &Refusal, method: &Method, path: &str, id: &str, log: &Log) {
    let (code, status, cause) = (refusal.code(), refusal.status(), refusal.cause());
    gateway.metrics.refusals.get_or_create(&[("code", code.to_owned())]).inc();
    let key = log.key.as_deref();
    if status >= 500 && status != 501 {
        tracing::error!(id, %method, path, key, code, cause, "failed");
    } else {
        tracing::warn!(id, %method, path, key, code, cause, "refused");
    }
}

fn name(response: &mut Answer, id: &str, egress: bool) {
    if let Ok(id) = HeaderValue::try_from(id) {
        let header = if egress { "x-amzn-requestid" } else { "x-amz-request-id" };
        response.headers_mut().insert(header, id);
    }
}

/// Returns the label of a method. A client can invent methods, so a counter for each would have no bound.
fn known(method: &Method) -> String {
    let known = [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE, Method::OPTIONS];
    if known.contains(method) { method.to_string() } else { "other".to_owned() }
}

/// The bytes of an answer that one HTTP/2 stream keeps for a client that does not read.
const SEND_BUFFER: usize = 64 << 10;
