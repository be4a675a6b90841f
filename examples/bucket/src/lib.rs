//! A small S3 client, and an S3 server inside the process, which the programs of `examples/` share.
//!
//! * [`Storage`] is an S3 service and the keys that sign for it: AWS, any other server, or a
//!   [`Server`] that this process runs. A [`Client`] is a storage and a bucket.
//! * [`Call`] is one request. Each attempt is signed anew, and sent exactly as it was signed.
//! * [`Bucket`] is the bucket that the environment names, or a local one. `quickstart` uses it.
//! * The feature `aws` takes credentials from AWS's configuration. The feature `cli` has arguments,
//!   logs, errors in words and exit codes.

#[cfg(feature = "aws")]
pub mod aws;
mod call;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
mod error;
mod exit;
mod keys;
mod object;
mod redact;
pub mod server;
mod settings;
mod stop;
mod storage;
mod tls;
mod transport;
pub mod xml;

pub use call::{Body, Call};
pub use client::Client;
pub use error::{Error, Refusal};
pub use exit::Exit;
pub use keys::Keys;
pub use object::{InvalidObject, Object};
pub use redact::redact;
pub use server::Server;
pub use settings::{Bucket, Settings, SettingsError};
pub use stop::stop_signal;
pub use storage::{Storage, now};
pub use tls::TlsProblem;
pub use transport::{AnyError, BoxBody, Transport};
