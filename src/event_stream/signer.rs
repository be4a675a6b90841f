//! The signing end.

use alloc::vec::Vec;
use core::fmt;

use super::chain::Chain;
use super::{MAX_FRAME, frame};
use crate::credentials::Credentials;
use crate::error::SignError;
use crate::expires::Expires;
use crate::payload::Payload;
use crate::request::Request;
use crate::sign::{AuthHeaders, PresignedUrl, Signer};
use crate::steps::{CredentialScope, Signature};
use crate::time::Timestamp;

impl Signer {
    /// Signs a request whose body is a stream of events: returns the headers
    /// to add, `x-amz-content-sha256` among them, and what signs the events.
    ///
    /// See [`event_stream`](crate::event_stream) for an example.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign). A signer of SigV4a signs no events: there is no
    /// such signature.
    pub fn sign_events(
        &self,
        request: &Request<'_>,
        time: Timestamp,
    ) -> Result<(AuthHeaders, EventSigner), SignError> {
        let signed = self.sign(request, Payload::Events, time)?;
        let events = EventSigner::new(self, time, signed.signature())?;
        Ok((signed, events))
    }

    /// Signs the URL that opens a websocket, as [`presign`](Self::presign)
    /// does, and gives what signs the events that go over it. The first one's
    /// prior signature is the URL's.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let now = Timestamp::now();
    /// let signer = Signer::new(credentials, "us-east-1", Service::new("rekognition")?)?;
    /// let uri = "wss://streaming-rekognition.us-east-1.amazonaws.com/start-face-liveness-session-websocket";
    /// let minute = Expires::from_secs(60).expect("a minute");
    /// let (url, mut events) = signer.presign_events(&Request::new("GET", uri, &[]), minute, now)?;
    /// assert!(url.as_str().starts_with(uri));
    ///
    /// let mut message = Vec::new(); // of the websocket: one for each frame
    /// events.sign(b"an encoded event", now, &mut message)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_events(
        &self,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<(PresignedUrl, EventSigner), SignError> {
        let url = self.presign(request, expires, time)?;
        let events = EventSigner::new(self, time, url.signature())?;
        Ok((url, events))
    }
}

/// Signs the events of one stream, in their order. It is born with the
/// request's signature, by [`Signer::sign_events`] or
/// [`Signer::presign_events`], and ends with [`finish`](Self::finish): a stream
/// without its closing frame is refused.
///
/// ```compile_fail
/// # use countersign::{event_stream::EventSigner, SignError, Timestamp};
/// fn after_the_end(mut events: EventSigner, now: Timestamp) -> Result<(), SignError> {
///     let mut body = Vec::new();
///     events.finish(now, &mut body)?;
///     events.sign(b"one more", now, &mut body)
/// }
/// ```
#[must_use = "a stream ends with `finish`"]
pub struct EventSigner {
    chain: Chain,
}

impl EventSigner {
    fn new(signer: &Signer, time: Timestamp, seed: &Signature) -> Result<Self, SignError> {
        let (credentials, region, service) = signer.identity()?;
        let scope = CredentialScope::new(time, region, service);
        Ok(Self { chain: Chain::new(credentials.clone(), &scope, seed.clone()) })
    }

    /// Writes a signed frame around an encoded event to the end of `body`, and
    /// allocates nothing where there is room for it.
    ///
    /// `time` is the event's, now: services compare it with their clocks.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidEvent`] for an event without bytes, which would
    /// close the stream, or one whose frame would have over [`MAX_FRAME`]
    /// bytes; [`SignError::CredentialsExpired`]. Nothing is written then, and the
    /// stream can go on.
    pub fn sign(&mut self, event: &[u8], time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        if event.is_empty() {
            return Err(SignError::InvalidEvent { length: 0 });
        }
        self.write(event, time, body)
    }

    /// Writes the closing frame, which has no payload and is signed all the same.
    ///
    /// # Errors
    ///
    /// [`SignError::CredentialsExpired`].
    pub fn finish(mut self, time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        self.write(b"", time, body)
    }

    fn write(&mut self, payload: &[u8], time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        let expiration = self.chain.credentials.as_ref().and_then(Credentials::expiration);
        if let Some(at) = expiration.filter(|at| *at <= time) {
            return Err(SignError::CredentialsExpired { at });
        }
        let total = payload.len().checked_add(frame::OVERHEAD).filter(|total| *total <= MAX_FRAME);
        let total = total.and_then(|total| u32::try_from(total).ok());
        let total = total.ok_or(SignError::InvalidEvent { length: payload.len() })?;
        // Years 0 to 9999 in milliseconds are far from the ends of an i64.
        let date = frame::date_header(time.unix_seconds().saturating_mul(1000));
        let signature = self.chain.signature(time, &date, payload);
        // A signer's chain has its credentials, and so the key of every day.
        let signature = signature.ok_or(SignError::InvalidEvent { length: payload.len() })?;
        frame::write(body, total, &date, &signature, payload);
        self.chain.prior = signature;
        Ok(())
    }
}

/// Closed: it holds a key.
impl fmt::Debug for EventSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventSigner(..)")
    }
}
