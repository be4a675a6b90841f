//! What hangs on the two ends: addresses and adapters. None reaches into the
//! middle.

pub mod chunked;
#[cfg(feature = "event-stream")]
pub mod event_stream;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "post-policy")]
pub mod post_policy;
pub mod s3;
#[cfg(feature = "tokens")]
pub mod tokens;
#[cfg(feature = "url")]
pub mod url;
