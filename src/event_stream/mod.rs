//! Signed event streams (feature `event-stream`): a request whose body is a stream of events, each
//! signed in its own frame. Amazon Transcribe, Lex and Bedrock accept them.
//!
//! [`Signer::sign_events`] signs the request and returns an [`EventSigner`] for its events. A server
//! verifies the request like any other, and its events with an [`EventVerifier`].
//!
//! ```
//! use countersign::event_stream::EventVerifier;
//! use countersign::*;
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let now = Timestamp::parse("20190127T223754Z")?;
//!
//! // A client signs the request, and then each event as it sends it.
//! let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("transcribe")?)?;
//! let request = Request::new("POST", "https://transcribestreaming.us-east-1.amazonaws.com/stream-transcription", &[]);
//! let (signed, mut events) = signer.sign_events(&request, now)?;
//! let mut body = Vec::new();
//! events.sign(b"an encoded event", now, &mut body)?;
//! events.finish(now, &mut body)?;
//!
//! // A server verifies the request, and then each event as it arrives.
//! let mut headers = vec![("host", "transcribestreaming.us-east-1.amazonaws.com")];
//! headers.extend(signed.iter());
//! let verifier = Verifier::new("us-east-1", Service::new("transcribe")?)?.allow_events();
//! let request = Request::new("POST", "/stream-transcription", &headers);
//! let claim = verifier.claim(&request, ReceivedBody::Unread, now)?;
//! let key = claim.derive_key(&credentials);
//! let verified = claim.verify(&key)?;
//!
//! let mut events = EventVerifier::new(&verified)?;
//! for mut piece in body.chunks(7) {
//!     while let Some(event) = events.next(&mut piece, now)? {
//!         assert_eq!(event.payload(), b"an encoded event");
//!     }
//! }
//! events.finish()?; // an error if the stream was cut off
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The protocol
//!
//! ```text
//! request    x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-EVENTS, signed like any other
//! body       frame … frame, and a closing frame without a payload
//! frame      the headers :date and :chunk-signature, and the encoded event as its payload
//! signature  of date, scope, prior signature, the encoded :date header, and the payload
//! ```
//!
//! The prior signature of the first frame is the request's signature. Each event is signed with the
//! key of its own day, so a stream that is open at midnight (UTC) changes its key and scope.
//!
//! Over a websocket, the URL that opens it is presigned, and each message is a frame.
//!
//! Source: Amazon Transcribe Developer Guide, "Setting up a streaming transcription"; AWS's SDKs,
//! for what the guide does not define. The encoding of the inner events is not part of this module: a
//! signature covers them as bytes.
//!
//! [`Signer::sign_events`]: crate::Signer::sign_events

mod chain;
mod frame;
mod frame_buffer;
mod frame_reader;
mod signer;
mod string_to_sign;
#[cfg(test)]
mod tests;
mod verified_event;
mod verifier;

pub use self::signer::EventSigner;
pub use self::verified_event::VerifiedEvent;
pub use self::verifier::EventVerifier;
pub use crate::error::EventError;

/// The size of the largest frame that AWS's implementations read: 16 MiB.
pub const MAX_FRAME_SIZE: usize = 16 * 1024 * 1024;
