//! The four steps of a signature. `Display` of each prints exactly the bytes of the step,
//! except for the key, which is never printed.
//!
//! ```text
//! 1  CanonicalRequest   method, path, query, headers, names of headers, payload
//! 2  StringToSign       algorithm, time, scope, SHA-256 of step 1
//! 3  SigningKey         HMAC of HMAC of HMAC of HMAC: date, region, service, "aws4_request"
//! 4  Signature          HMAC of step 2 under step 3
//! ```
//!
//! [`Signer`](crate::Signer) and [`Verifier`](crate::Verifier) take the steps for you. To
//! study or test them, or for a protocol that they do not know, take them one by one:
//!
//! ```
//! use countersign::steps::*;
//! use countersign::*;
//!
//! // "Example: GET Object" of the S3 API Reference.
//! let time = Timestamp::parse("20130524T000000Z")?;
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
//! let signed = SignedHeaders::parse("host;range;x-amz-content-sha256;x-amz-date")?;
//! let canonical = CanonicalRequest::new(&request, &signed, &Payload::Bytes(b"").hash(), Rules::S3)?;
//! assert_eq!(canonical.uri(), "/test.txt");
//!
//! let region = Region::new("us-east-1")?;
//! let scope = CredentialScope::new(time, &region, &Service::S3);
//! let to_sign = StringToSign::new(time, scope, &canonical);
//! assert!(to_sign.to_string().ends_with("7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972"));
//!
//! let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let signature = SigningKey::derive(&secret, &scope).sign(&to_sign);
//! assert_eq!(signature.to_string(), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod canonical_request;
#[cfg(feature = "sigv4a")]
mod curve;
mod explain;
mod layout;
mod signature;
mod signed_target;
mod signing_key;
#[cfg(feature = "sigv4a")]
mod sigv4a;
pub(crate) mod string_to_sign;
mod transcript;

pub use self::canonical_request::CanonicalRequest;
#[cfg(feature = "sigv4a")]
pub(crate) use self::curve::{Curve, EcdsaKeyPair};
pub(crate) use self::explain::masked_query;
pub use self::explain::{Explain, is_secret};
pub use self::layout::{Layout, Piece, PieceKind};
pub(crate) use self::signature::MAX_HEX_LEN;
pub use self::signature::{InvalidSignature, Signature};
pub use self::signed_target::signed_target;
pub(crate) use self::signed_target::unsigned_parameters;
pub use self::signing_key::SigningKey;
#[cfg(feature = "sigv4a")]
pub use self::sigv4a::{InvalidPublicKey, PublicKey, SigV4aScope, SigningKeyPair};
pub(crate) use self::string_to_sign::Algorithm;
pub use self::string_to_sign::{CredentialScope, InvalidScope, Scope, StringToSign};
pub(crate) use self::transcript::Transcript;
pub use crate::canonical::trace::Origin;
