//! The service and the storage, end to end, without a browser.

mod attacks;
mod cors;
mod credentials;
mod curl;
mod described;
#[allow(dead_code, reason = "the other tests use the rest")]
mod harness;
mod large;
mod small;
mod start;
mod tls;
mod views;
