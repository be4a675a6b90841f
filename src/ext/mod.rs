//! What hangs on the two ends: addresses and adapters. None reaches into the
//! middle.

#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "post-policy")]
pub mod post_policy;
pub mod s3;
#[cfg(feature = "url")]
pub mod url;
