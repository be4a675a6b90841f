//! What hangs on the two ends: addresses and adapters. None reaches into the
//! middle.

#[cfg(feature = "event-stream")]
pub mod event_stream;
#[cfg(feature = "http")]
pub mod http;
pub mod s3;
#[cfg(feature = "url")]
pub mod url;
