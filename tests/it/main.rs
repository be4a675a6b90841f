//! Integration tests, one subject a module, in one binary.
#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod auto_traits;
#[cfg(feature = "std")]
mod chunked;
#[cfg(all(feature = "sigv4a", feature = "std"))]
mod chunked_ecdsa;
#[cfg(all(feature = "event-stream", feature = "std"))]
mod event_stream;
#[cfg(feature = "std")]
mod hmac;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http-body")]
mod http_body;
mod layout;
#[cfg(feature = "std")]
mod order_of_errors;
#[cfg(all(feature = "post-policy", feature = "std"))]
mod post_policy;
mod regressions;
#[cfg(feature = "std")]
mod rotation;
mod s3_address;
mod s3_aws_hosts;
mod s3_servers;
#[cfg(feature = "std")]
mod secrets;
mod services;
mod signing_options;
#[cfg(feature = "sigv4a")]
mod sigv4a;
#[cfg(feature = "tokens")]
mod tokens;
#[cfg(feature = "tower")]
mod tower;
