//! AWS Signature Version 4.
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod authorization;
mod credentials;
mod crypto;
mod error;
mod ext;
pub mod headers;
#[cfg(feature = "std")]
mod key_cache;
mod payload;
mod request;
mod service;
mod sign;
pub mod steps;
mod time;
pub mod uri;
mod verify;

pub use authorization::{Malformed, Mechanism};
pub use credentials::{Credentials, CredentialsError, SecretAccessKey};
pub use error::{SignError, VerifyError};
#[cfg(feature = "http")]
pub use ext::http;
pub use ext::s3;
#[cfg(feature = "url")]
pub use ext::url;
pub use headers::SignedHeaders;
#[cfg(feature = "std")]
pub use key_cache::KeyCache;
pub use payload::{Payload, PayloadHash, ReceivedBody};
pub use request::{Request, RequestError, Unauthenticated};
pub use service::{Rules, Service, TokenName, TokenRule};
pub use sign::{AuthHeaders, PresignedUrl, Signer};
pub use steps::{CredentialScope, Explain};
pub use time::{Expires, InvalidTimestamp, Timestamp};
pub use verify::{BodyChecker, BodyRule, Claim, Limits, Verified, Verifier, VerifyingKey};
