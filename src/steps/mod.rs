//! The four steps of the scheme, each a value that prints itself.
//!
//! ```text
//! 1  CanonicalRequest   method, path, query, headers, their names, payload
//! 2  StringToSign       algorithm, time, scope, SHA-256 of step 1
//! 3  SigningKey         HMAC of HMAC of HMAC of HMAC: date, region, service, "aws4_request"
//! 4  Signature          HMAC of step 2 under step 3
//! ```
//!
//! A reader, a test or a protocol that we did not foresee takes them one by one:
//!
//! ```
//! use countersign::steps::*;
//! use countersign::*;
//!
//! // "Example: GET Object" of the S3 API Reference.
//! let time = Timestamp::parse("20130524T000000Z").unwrap();
//! let request = Request::new(
//!     "GET",
//!     "/test.txt",
//!     &[
//!         ("Host", "examplebucket.s3.amazonaws.com"),
//!         ("Range", "bytes=0-9"),
//!         ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
//!         ("x-amz-date", "20130524T000000Z"),
//!     ],
//! );
//! let signed = SignedHeaders::parse("host;range;x-amz-content-sha256;x-amz-date").unwrap();
//! let canonical = CanonicalRequest::new(&request, &signed, &Payload::Bytes(b"").hash(), Rules::S3)?;
//! assert_eq!(canonical.uri(), "/test.txt");
//!
//! let scope = CredentialScope::new(time.date(), "us-east-1", "s3");
//! let to_sign = StringToSign::new(time, &scope, &canonical);
//! assert!(to_sign.to_string().ends_with("7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972"));
//!
//! let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let signature = SigningKey::derive(&secret, &scope).sign(&to_sign);
//! assert_eq!(signature.to_string(), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
//! # Ok::<(), RequestError>(())
//! ```

pub(crate) mod algorithm;
pub(crate) mod canonical_request;
mod signature;
mod signing_key;
#[cfg(feature = "sigv4a")]
mod sigv4a;
pub(crate) mod string_to_sign;
mod transcript;

pub use canonical_request::CanonicalRequest;
pub(crate) use signature::MOST_DIGITS;
pub use signature::Signature;
pub use signing_key::SigningKey;
#[cfg(feature = "sigv4a")]
pub use sigv4a::{PublicKey, SigningKeyPair};
pub use string_to_sign::{CredentialScope, StringToSign};
pub use transcript::Explain;
#[cfg(feature = "post-policy")]
pub(crate) use transcript::is_secret;
pub(crate) use transcript::{Workings, masked_query};
