//! AWS Signature Version 4: sign and presign requests, and verify them on a
//! server.
//!
//! Signing and verifying share one canonicalization, so they cannot disagree
//! about what a request says. The crate brings no HTTP client and no runtime, and
//! has no clock: time is an argument.
//!
//! ```sh
//! cargo add countersign
//! ```
//!
//! # Sign
//!
//! [`Signer::sign`] returns the headers to add to a request. Add all other headers
//! first, and send the request exactly as signed.
//!
//! ```
//! use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};
//!
//! let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
//!
//! let request = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/hello.txt", &[]);
//! let signed = signer.sign(&request, Payload::Bytes(b"hello"), Timestamp::now())?;
//! for (name, value) in &signed {
//!     println!("{name}: {value}"); // x-amz-date, x-amz-content-sha256, authorization
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Presign
//!
//! [`Signer::presign`] returns a URL that anyone can use until it expires, and the
//! headers that must be sent with it.
//!
//! ```
//! # use countersign::{Credentials, SecretAccessKey, Service, Signer};
//! use countersign::{Expires, Request, Timestamp};
//!
//! # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
//! let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/hello.txt", &[]);
//! let url = signer.presign(&request, Expires::HOUR, Timestamp::now())?;
//! println!("{}", url.as_str());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Verify
//!
//! [`Verifier::claim`] makes every check that needs no secret. The caller looks up
//! the key. [`Claim::verify`] compares the signatures and returns [`Verified`],
//! which offers what was signed and nothing else. A body that was not read yet is not
//! verified yet: [`Verified::body`] returns how to check it.
//!
//! ```
//! # use countersign::{Credentials, SecretAccessKey};
//! use countersign::{ReceivedBody, Request, Timestamp, Verified, Verifier, VerifyError};
//!
//! fn check(verifier: &Verifier, request: &Request<'_>, find: impl Fn(&str) -> Option<Credentials>) -> Result<Verified, VerifyError> {
//!     let claim = verifier.claim(request, ReceivedBody::Unread, Timestamp::now())?;
//!     let key = find(claim.claimed_access_key_id()).map(|credentials| claim.derive_key(&credentials));
//!     Ok(claim.verify(key.as_ref())?)
//! }
//! ```
//!
//! # Explain
//!
//! `println!("{}", signed.explain())` prints every [step](steps) of a signature, with
//! secrets masked. Compare the output with the canonical request in a server's error to
//! find out why a signature does not match.
//!
//! # Protocols and adapters
//!
//! * [`chunked`]: bodies that are signed while they stream, with trailers.
//! * [`s3`]: the exact URL of a bucket or an object.
#![cfg_attr(feature = "diagnose", doc = "* [`diagnose`]: why a signature does not match.")]
#![cfg_attr(feature = "event-stream", doc = "* [`event_stream`]: signed event streams.")]
#![cfg_attr(feature = "post-policy", doc = "* [`post_policy`]: uploads from a browser's form.")]
#![cfg_attr(feature = "tokens", doc = "* [`tokens`]: presigned URLs as passwords of databases and clusters.")]
#![cfg_attr(feature = "http", doc = "* [`http`]: signs and verifies `http::Request`.")]
#![cfg_attr(feature = "http-body", doc = "* [`http_body`]: bodies that sign and verify while they stream.")]
#![cfg_attr(feature = "tower", doc = "* [`tower`]: layers for clients and servers (hyper, axum, tower).")]
#![cfg_attr(feature = "url", doc = "* [`url`]: a `url::Url` that is sent as it was signed.")]
#![cfg_attr(
    feature = "sigv4a",
    doc = "* [`Signer::sigv4a`], [`Verifier::allow_sigv4a`]: one signature for several regions."
)]
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `std` (default) | the clock, `KeyCache`, and a `Signer` that keeps the day's key; without it the crate is `no_std` with `alloc` |
//! | `aws-credential-types` | converts the credentials of the AWS SDK; turns on `std` |
//! | `checksums` | checksums of data: computed, sent as trailers, and checked |
//! | `diagnose` | names the cause of a signature that does not match |
//! | `event-stream` | signed event streams |
//! | `http` | the adapter for `http::Request`; turns on `std` |
//! | `http-body` | bodies for the `http-body` crate that sign and verify while they stream; turns on `http` |
//! | `js` | the clock of JavaScript, for `wasm32-unknown-unknown`; turns on `std` |
//! | `post-policy` | browser forms and their policies |
//! | `sigv4a` | Signature Version 4a |
//! | `tokens` | authentication tokens for RDS, DSQL, ElastiCache, MSK, EKS |
//! | `tower` | layers that sign and verify; turns on `http-body` |
//! | `url` | the adapter for `url::Url`; turns on `std` |
//!
//! # Guides
//!
#![cfg_attr(doc, doc = "* [`walkthrough`](_guides::walkthrough): one request, every byte.")]
#![cfg_attr(
    all(doc, feature = "tower", feature = "url"),
    doc = "* [`sending`](_guides::sending): reqwest, hyper, ureq."
)]
#![cfg_attr(
    all(doc, feature = "checksums", feature = "tower"),
    doc = "* [`verifying`](_guides::verifying): what a server must do."
)]
#![cfg_attr(doc, doc = "* [`services`](_guides::services): how services differ.")]
#![cfg_attr(doc, doc = "* [`_guides`] has the others.")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod bytes;
mod canonical;
mod checksum;
pub mod chunked;
mod credentials;
mod crypto;
#[cfg(feature = "diagnose")]
pub mod diagnose;
mod error;
#[cfg(feature = "event-stream")]
pub mod event_stream;
mod expires;
mod host;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http-body")]
pub mod http_body;
mod partition;
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
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "url")]
pub mod url;
mod verify;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use canonical::equivalence as __equivalence;
#[doc(inline)]
pub use canonical::percent as uri;
pub use canonical::{NEVER_SIGNED, SignedHeaders, is_never_signed};
pub use checksum::{Checksum, UnknownChecksums};
#[cfg(feature = "checksums")]
pub use checksum::{ChecksumHasher, ChecksumValue, CompositeChecksum, InvalidChecksumValue};
pub use credentials::{Credentials, CredentialsError, SecretAccessKey};
pub use error::{
    ChecksumError, ConfigError, InvalidSignedHeaders, InvalidUri, Limit, MalformedAuthorization, Mechanism,
    ParameterNames, RequestError, SignError, VerifyError,
};
pub use expires::{Expires, InvalidExpires};
pub use payload::{InvalidPayloadMode, Payload, PayloadHash, PayloadMode, ReceivedBody, StreamingMode};
pub use region::Region;
#[cfg(feature = "sigv4a")]
pub use region::RegionSet;
pub use request::Request;
pub use service::{
    PathRule, PayloadRule, RepeatedParameters, Rules, Service, SessionTokenRule, TokenHeader, UrlLifetime,
};
pub use sign::{AuthHeaders, AuthHeadersIter, EditedRequest, PresignedUrl, Signer, Unsigned};
#[cfg(feature = "std")]
pub use sign::{Refresh, RotatingSigner};
pub use time::{InvalidTimestamp, Timestamp};
#[cfg(feature = "std")]
pub use verify::KeyCache;
pub use verify::{
    BodyCheck, BodyChecker, BodyStatus, Claim, ClaimedScope, Limits, Rejected, Verified, Verifier,
    VerifyingKey,
};
#[cfg(feature = "checksums")]
pub use verify::{ChecksumChecker, DeclaredChecksums};

#[cfg(any(doc, doctest))]
pub mod _guides;
