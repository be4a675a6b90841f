//! Signed event streams, both ends (feature `event-stream`): a request whose
//! body is a stream of events, each signed in a frame of its own.
//!
//! ```text
//! request    x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-EVENTS, signed as any other
//! body       frame … frame, and a closing frame without a payload
//! frame      :date, :chunk-signature, and the encoded event as its payload
//! signature  of date, scope, the signature before, the encoded :date, and the payload
//! ```
//!
//! The first frame's prior signature is the request's. Day and key are those
//! of each event: both roll over at midnight (UTC).
//!
//! Over a websocket the URL that opens it is signed, and the messages are the
//! frames.
//!
//! Source: Amazon Transcribe Developer Guide, "Setting up a streaming
//! transcription"; the SDKs, where it is silent. Not here: the encoding of the
//! inner events, which are bytes to the signature, and what an event means.
//!
//! ```
//! use countersign::event_stream::EventVerifier;
//! use countersign::*;
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let now = Timestamp::parse("20190127T223754Z").unwrap();
//!
//! // A client signs the request, and then each event as it goes out.
//! let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("transcribe")?)?;
//! let request = Request::new("POST", "https://transcribestreaming.us-east-1.amazonaws.com/stream-transcription", &[]);
//! let (signed, mut events) = signer.sign_events(&request, now)?;
//! let mut body = Vec::new();
//! events.sign(b"an encoded event", now, &mut body)?;
//! events.finish(now, &mut body)?;
//!
//! // A server verifies the request, and then each event as it comes in.
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
//! events.finish()?; // without this the end may be missing
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chain;
mod frame;
mod signer;
mod string_to_sign;
mod verifier;

pub use self::signer::EventSigner;
pub use self::verifier::{EventVerifier, VerifiedEvent};
pub use crate::error::EventError;

/// The longest frame that AWS's implementations read, in bytes: 16 MiB.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;
