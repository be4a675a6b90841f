//! AWS Signature Version 4: sign, presign and verify through one
//! canonicalization.
//!
//! # Sign
//!
//! Returns the headers to add. It never edits a request, and knows no client.
//!
//! ```
//! use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};
//!
//! let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
//!
//! let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/hello.txt", &[]);
//! let signed = signer.sign(&request, Payload::Bytes(b"hello"), Timestamp::now())?;
//! let names: Vec<&str> = signed.iter().map(|(name, _)| name).collect();
//! assert_eq!(names, ["x-amz-date", "x-amz-content-sha256", "authorization"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Presign
//!
//! [`Signer::presign`] returns a URL, and the headers that must be sent with it.
//!
//! # Verify
//!
//! [`Verifier::claim`] checks everything that needs no secret. You look the
//! key up. [`Claim::verify`] compares. [`Verified`] hands out what was signed,
//! and nothing else.
//!
//! # Explain
//!
//! `println!("{}", signed.explain())` prints every [step](steps).
//!
//! # The picture
//!
//! ```text
//!  Request + Payload + time     Request + Expires + time     Request + ReceivedBody + now
//!         │ complete                  │ complete                    │ read, check
//!         └──────────────┬────────────┴─────────────┬───────────────┘
//!                        ▼
//!  step 1  CanonicalRequest    the text; its six parts are slices of it
//!  step 2  StringToSign        time and CredentialScope enter here
//!  step 3  SigningKey          from SecretAccessKey and CredentialScope
//!  step 4  Signature
//!         ┌──────────────┼──────────────────────────┐
//!         ▼              ▼                          ▼
//!    AuthHeaders    PresignedUrl      Claim ── verify(key) ──▶ Verified
//! ```
//!
//! # What it leaves to you
//!
//! Sending requests, finding credentials, parsing XML. Time is an argument
//! everywhere; [`Timestamp::now`] is a convenience.
//!
//! # Beside single requests
//!
//! * [`chunked`]: bodies that are signed while they stream, with trailers.
//! * [`s3`]: bucket and key to the exact text of a URL.
//! * `event_stream`, `post_policy`, `tokens`: streams of signed events, browser
//!   forms, presigned URLs as passwords; each behind a feature of its name.
//! * `Signer::sigv4a` and `Verifier::allow_sigv4a` (feature `sigv4a`): one
//!   signature for several regions.
//! * `http`, `url`: adapters, behind features of their names.
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod bytes;
mod canonical;
pub mod chunked;
mod credentials;
mod crypto;
mod error;
#[cfg(feature = "event-stream")]
pub mod event_stream;
mod expires;
mod host;
#[cfg(feature = "http")]
pub mod http;
mod payload;
#[cfg(feature = "post-policy")]
pub mod post_policy;
mod region;
mod request;
pub mod s3;
mod service;
mod sign;
pub mod steps;
mod time;
#[cfg(feature = "tokens")]
pub mod tokens;
#[cfg(feature = "url")]
pub mod url;
mod verify;

#[doc(inline)]
pub use canonical::percent as uri;
pub use canonical::{NEVER_SIGNED, SignedHeaders, is_never_signed};
pub use credentials::{Credentials, CredentialsError, SecretAccessKey};
pub use error::{ConfigError, InvalidUri, Malformed, Mechanism, RequestError, SignError, VerifyError};
pub use expires::{Expires, InvalidExpires};
pub use payload::{InvalidPayloadMode, Payload, PayloadHash, PayloadMode, ReceivedBody, StreamingMode};
pub use region::Region;
#[cfg(feature = "sigv4a")]
pub use region::RegionSet;
pub use request::Request;
pub use service::{PathRule, PayloadRule, RepeatedParameters, Rules, Service, SessionTokenRule, TokenHeader};
pub use sign::{AuthHeaders, PresignedUrl, Signer, StrippedRequest};
pub use steps::{CredentialScope, Explain};
pub use time::{InvalidTimestamp, Timestamp};
#[cfg(feature = "std")]
pub use verify::KeyCache;
pub use verify::{BodyChecker, BodyRule, Claim, Limits, Rejected, Verified, Verifier, VerifyingKey};

/// The documents' programs, compiled and run as tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../docs/walkthrough.md")]
    mod walkthrough {}
    #[doc = include_str!("../docs/chunked.md")]
    mod chunked {}
    #[doc = include_str!("../docs/verifying.md")]
    mod verifying {}
    #[doc = include_str!("../docs/services.md")]
    mod services {}
    #[cfg(feature = "sigv4a")]
    #[doc = include_str!("../docs/sigv4a.md")]
    mod sigv4a {}
    #[cfg(feature = "event-stream")]
    #[doc = include_str!("../docs/event-streams.md")]
    mod event_streams {}
    #[cfg(feature = "tokens")]
    #[doc = include_str!("../docs/tokens.md")]
    mod tokens {}
    #[cfg(feature = "post-policy")]
    #[doc = include_str!("../docs/forms.md")]
    mod forms {}
}
