//! `/healthz` and `/metrics`, on an address of their own: on the clients' address they would be buckets.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use tokio::net::TcpListener;

use crate::gateway::Gateway;

pub async fn serve(listener: TcpListener, gateway: Arc<Gateway>) {
    let router =
        Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(gateway);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "/healthz and /metrics are not answered");
    }
}

/// Answers 503 once the gateway is asked to stop, so that a load balancer sends nothing new.
async fn healthz(State(gateway): State<Arc<Gateway>>) -> (StatusCode, &'static str) {
    if gateway.running.is_closed() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}

async fn metrics(State(gateway): State<Arc<Gateway>>) -> ([(http::HeaderName, &'static str); 1], String) {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], gateway.metrics.text())
}
