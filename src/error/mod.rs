//! The errors of signing, of verifying, of configuring either, and of each protocol.
//!
//! Each enum has one reader: the program that signs, the server that verifies, or the program
//! that configures either. The error of a single input, such as `InvalidTimestamp`, is in the file
//! of that input.

mod address;
#[cfg(feature = "http-body")]
mod body;
mod checksum;
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
mod parameter_names;
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

pub use self::address::{AddressError, LocateError};
#[cfg(feature = "http-body")]
pub use self::body::{BodyError, EncodeBodyError, verify_error};
pub use self::checksum::ChecksumError;
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
pub use self::parameter_names::ParameterNames;
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
