//! Counters for Prometheus.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

pub struct Metrics {
    registry: Registry,
    pub requests: Family<[(&'static str, String); 2], Counter>,
    pub refusals: Family<[(&'static str, String); 1], Counter>,
    pub running: Gauge,
    pub connections: Gauge,
    pub sent: Counter,
    pub seconds: Histogram,
    pub keys: Gauge,
    pub key_errors: Counter,
}

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("gateway"),
            requests: Family::default(),
            refusals: Family::default(),
            running: Gauge::default(),
            connections: Gauge::default(),
            sent: Counter::default(),
            seconds: Histogram::new(exponential_buckets(0.001, 4.0, 9)),
            keys: Gauge::default(),
            key_errors: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests that were answered", metrics.requests.clone());
        registry.register("refusals", "Requests that were refused, by S3's code", metrics.refusals.clone());
        registry.register("requests_running", "Requests that run now", metrics.running.clone());
        registry.register("connections", "Connections that are open now", metrics.connections.clone());
        registry.register_with_unit("sent", "Bytes of answers", Unit::Bytes, metrics.sent.clone());
        let help = "From the head of a request to the end of its answer";
        registry.register_with_unit("request_duration", help, Unit::Seconds, metrics.seconds.clone());
        registry.register("keys", "Keys of clients", metrics.keys.clone());
        let help = "Changes of the file of keys that were not taken over, because it was wrong";
        registry.register("key_file_errors", help, metrics.key_errors.clone());
        metrics
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
