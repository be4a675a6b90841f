//! A certificate authority that no machine trusts, and a TLS terminator with its certificates. The programs of
//! `examples/` are tested over https with them, without a network.

mod authority;
mod client;
mod terminator;

pub use authority::{Authority, Certificate};
pub use client::{send_http1, send_http2};
pub use terminator::{Host, Terminator};
