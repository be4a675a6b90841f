//! AWS Signature Version 4.
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod credentials;
mod crypto;
mod error;
pub mod headers;
mod payload;
mod request;
mod service;
mod sign;
pub mod steps;
mod time;
pub mod uri;

pub use credentials::{Credentials, CredentialsError, SecretAccessKey};
pub use error::SignError;
pub use headers::SignedHeaders;
pub use payload::{Payload, PayloadHash, ReceivedBody};
pub use request::{Request, RequestError, Unauthenticated};
pub use service::{Rules, Service, TokenName, TokenRule};
pub use sign::{AuthHeaders, PresignedUrl, Signer};
pub use steps::{CredentialScope, Explain};
pub use time::{Expires, InvalidTimestamp, Timestamp};
