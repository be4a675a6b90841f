//! Every error type. Each enum is for one reader: a signer, a verifier, or whoever configures either.

mod address;
mod chunked;
mod common;
mod config;
#[cfg(feature = "event-stream")]
mod event;
#[cfg(feature = "post-policy")]
mod form;
#[cfg(feature = "tokens")]
mod identity;
mod limit;
mod malformed;
mod message;
#[cfg(feature = "post-policy")]
mod policy;
mod request;
mod s3;
mod sign;
mod signed_headers;
#[cfg(feature = "tokens")]
mod token;
#[cfg(feature = "url")]
mod url;
mod verify;

use alloc::string::String;

pub use self::address::AddressError;
pub use self::chunked::{DecodeError, EncodeError};
pub use self::config::ConfigError;
#[cfg(feature = "event-stream")]
pub use self::event::EventError;
#[cfg(feature = "post-policy")]
pub use self::form::{FormError, FormLimit};
#[cfg(feature = "tokens")]
pub use self::identity::IdentityError;
pub use self::limit::Limit;
pub use self::malformed::{MalformedAuthorization, Mechanism};
#[cfg(feature = "post-policy")]
pub use self::policy::{InvalidPolicy, PolicyError};
pub use self::request::{InvalidUri, RequestError};
pub use self::sign::SignError;
pub use self::signed_headers::InvalidSignedHeaders;
#[cfg(feature = "tokens")]
pub use self::token::{TokenArgument, TokenError};
#[cfg(feature = "url")]
pub use self::url::UrlError;
pub use self::verify::VerifyError;

/// Returns at most 128 characters, for an error that repeats what an outsider sent.
pub(crate) fn truncated(received: &str) -> String {
    received.chars().take(MAX_CHARS).collect()
}

/// Returns at most 128 characters of bytes that may not be UTF-8.
pub(crate) fn truncated_lossy(received: &[u8]) -> String {
    truncated(&String::from_utf8_lossy(received))
}

const MAX_CHARS: usize = 128;
