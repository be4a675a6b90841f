//! Every error type. Depends on nothing but the inputs.

mod address;
mod chunked;
mod config;
#[cfg(feature = "event-stream")]
mod event;
#[cfg(feature = "post-policy")]
mod form;
#[cfg(feature = "tokens")]
mod identity;
mod malformed;
#[cfg(feature = "post-policy")]
mod policy;
mod request;
mod sign;
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
pub use self::malformed::{Malformed, Mechanism};
#[cfg(feature = "post-policy")]
pub use self::policy::{InvalidPolicy, PolicyError};
pub use self::request::{InvalidUri, RequestError};
pub use self::sign::SignError;
#[cfg(feature = "tokens")]
pub use self::token::{TokenArgument, TokenError};
#[cfg(feature = "url")]
pub use self::url::UrlError;
pub use self::verify::VerifyError;

/// Text for an error: what an outsider sent, no longer than is useful.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(128).collect()
}

/// The same of bytes.
pub(crate) fn shown_bytes(text: &[u8]) -> String {
    shown(&String::from_utf8_lossy(text))
}
