//! Bodies that sign and verify while they stream, for hyper, axum and tower (feature `http-body`).
//!
//! [`ProvenBody`] is the body of a received request, in every mode: with a hash, in chunks, unsigned, and
//! with declared checksums (feature `checksums`). It **holds its last piece back until the proof is
//! complete**, and returns an error instead of that piece if the proof fails. So whoever has received an
//! error has not received the whole body. This matters to a proxy, which stops reading once it has
//! sent `content-length` bytes, and does not see an error that comes after them.
//!
//! ```
//! use bytes::Bytes;
//! use countersign::http_body::ProvenBody;
//! use countersign::{ReceivedBody, Service, Timestamp, Verified, Verifier};
//! use http_body_util::{BodyExt, Full};
//!
//! # use countersign::{Credentials, Payload, SecretAccessKey, Signer};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
//! # let now = Timestamp::now();
//! # let received = |body: &'static str| -> Result<_, Box<dyn std::error::Error>> {
//! #     let mut request = http::Request::put("https://bucket.s3.amazonaws.com/key").body(Full::from(body))?;
//! #     countersign::http::sign(&signer, &mut request, Payload::Bytes(b"hello"), now)?;
//! #     Ok(request.into_parts())
//! # };
//! let verifier = Verifier::new("us-east-1", Service::S3)?;
//! let (head, body) = received("hello")?;
//! let claim = countersign::http::claim(&verifier, &head, ReceivedBody::Unread, now)?;
//! let key = claim.derive_key(&credentials);
//! let verified: Verified = claim.verify(&key)?;
//!
//! // Pass the body on while it arrives, or collect it:
//! let body = ProvenBody::new(&verified, body)?.proven(1 << 20).await?;
//! assert_eq!(body.into_bytes(), "hello");
//!
//! // An attacker changed one letter:
//! let (_, body) = received("jello")?;
//! let error = ProvenBody::new(&verified, body)?.collect().await.unwrap_err();
//! assert_eq!(error.verify_error().unwrap().code(), "XAmzContentSHA256Mismatch");
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What a consumer can rely on
//!
//! * **An error comes before the last piece.** Earlier pieces may be unproven: with a hash, and in chunks
//!   without signatures, nothing is proven before the end. Store the pieces where they can be discarded,
//!   or wait for [`ProvenBody::proven`].
//! * [`size_hint`](Body::size_hint) is the length of the data, without the framing of chunks. It is never
//!   exactly zero before the proof, because a consumer does not read an empty body.
//! * The trailers of a body in chunks are returned as trailers, after the proof. HTTP's own trailers are
//!   dropped: nothing signs them.
//! * A stream of events has its own verifier, and is refused unless
//!   [`BodyOptions`] say otherwise.
//!
//! # Send
//!
//! [`EncodedBody`] encodes data in chunks while it is sent, with an exact length.
//!
//! ```
//! use countersign::chunked::ChunkedBody;
//! use countersign::http_body::{Body, EncodedBody};
//! use http_body_util::Full;
//!
//! # use countersign::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
//! # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
//! let mut request = http::Request::put("https://bucket.s3.amazonaws.com/key").body(Full::from("hello world"))?;
//! let encoder =
//!     countersign::http::sign_chunked(&signer, &mut request, &ChunkedBody::signed(11), Timestamp::now())?;
//! let request = request.map(|data| EncodedBody::new(encoder, data));
//! let length = request.body().size_hint().exact().unwrap();
//! assert_eq!(request.headers()["content-length"], length.to_string());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod encoded_body;
mod options;
mod proven;
mod proven_body;

pub use ::http_body::{Body, Frame, SizeHint};

pub use self::encoded_body::EncodedBody;
pub use self::options::BodyOptions;
#[cfg(feature = "event-stream")]
pub use self::options::EventBodies;
pub use self::proven::ProvenBytes;
pub use self::proven_body::ProvenBody;
pub use crate::error::{BodyError, EncodeBodyError, verify_error};
