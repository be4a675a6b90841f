//! [`EventSigner`], and the methods of [`Signer`] that create one.

use alloc::vec::Vec;
use core::fmt;

use super::chain::EventChain;
use super::{MAX_FRAME_SIZE, frame};
use crate::credentials::Credentials;
use crate::error::SignError;
use crate::expires::Expires;
use crate::payload::Payload;
use crate::request::Request;
use crate::sign::{AuthHeaders, PresignedUrl, Signer};
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::time::Timestamp;

impl Signer {
    /// Signs a request whose body is a stream of events.
    ///
    /// Returns the headers to add, which include `x-amz-content-sha256`, and the signer of the events.
    ///
    /// See [`event_stream`](crate::event_stream) for an example.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`sign`](Self::sign), and `SignError::NotSupportedBySigV4a` for a signer
    /// for SigV4a.
    pub fn sign_events(
        &self,
        request: &Request<'_>,
        time: Timestamp,
    ) -> Result<(AuthHeaders, EventSigner), SignError> {
        let signed = self.sign(request, Payload::Events, time)?;
        let events = EventSigner::new(self, time, signed.signature())?;
        Ok((signed, events))
    }

    /// Presigns the URL that opens a websocket for events, as [`presign`](Self::presign) does.
    ///
    /// Returns the URL, and the signer of the events that are sent over the websocket. The prior
    /// signature of the first event is the URL's signature.
    ///
    /// ```
    /// # use countersign::*;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let now = Timestamp::now();
    /// let signer = Signer::new(credentials, "us-east-1", Service::new("rekognition")?)?;
    /// let uri = "wss://streaming-rekognition.us-east-1.amazonaws.com/start-face-liveness-session-websocket";
    /// let (url, mut events) = signer.presign_events(&Request::new("GET", uri, &[]), Expires::HOUR, now)?;
    /// assert!(url.as_str().starts_with(uri));
    ///
    /// let mut message = Vec::new(); // one message of the websocket for each frame
    /// events.sign(b"an encoded event", now, &mut message)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`presign`](Self::presign), and `SignError::NotSupportedBySigV4a` for a
    /// signer for SigV4a.
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

/// Signs the events of one stream, in their order.
///
/// [`Signer::sign_events`] and [`Signer::presign_events`] create it, with the signature of the
/// request as the first prior signature. Call [`finish`](Self::finish) at the end: a stream without
/// its closing frame is rejected. Nothing can be signed after that:
///
/// ```compile_fail
/// # use countersign::{event_stream::EventSigner, SignError, Timestamp};
/// fn one_more(mut events: EventSigner, now: Timestamp) -> Result<(), SignError> {
///     let mut body = Vec::new();
///     events.finish(now, &mut body)?;
///     events.sign(b"one more", now, &mut body)
/// }
/// ```
#[must_use = "a stream without its closing frame is rejected: call `finish`"]
pub struct EventSigner {
    /// The credentials of the request, for the keys of later days.
    credentials: Credentials,
    chain: EventChain,
}

impl EventSigner {
    fn new(signer: &Signer, time: Timestamp, seed: &Signature) -> Result<Self, SignError> {
        let (credentials, region, service) = signer.identity()?;
        let scope = CredentialScope::new(time, region, service);
        let key = SigningKey::derive(credentials.secret(), &scope);
        Ok(Self { credentials: credentials.clone(), chain: EventChain::new(key, &scope, seed.clone()) })
    }

    /// Appends a signed frame with an encoded event to `body`.
    ///
    /// `time` must be the current time, because services compare it with their clocks. No memory is
    /// allocated if `body` has enough capacity.
    ///
    /// # Errors
    ///
    /// Returns [`SignError::InvalidEvent`] if the event is empty, because an empty event closes the
    /// stream, or if its frame would be larger than [`MAX_FRAME_SIZE`]. Returns
    /// [`SignError::CredentialsExpired`] if the credentials have expired. After an error `body` is
    /// unchanged, and the stream can continue.
    pub fn sign(&mut self, event: &[u8], time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        if event.is_empty() {
            return Err(SignError::InvalidEvent { length: 0 });
        }
        self.write(event, time, body)
    }

    /// Appends the closing frame, which is signed and has no payload.
    ///
    /// # Errors
    ///
    /// Returns [`SignError::CredentialsExpired`] if the credentials have expired.
    pub fn finish(mut self, time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        self.write(b"", time, body)
    }

    /// Signs a payload, and appends its frame.
    fn write(&mut self, payload: &[u8], time: Timestamp, body: &mut Vec<u8>) -> Result<(), SignError> {
        if let Some(at) = self.credentials.expiration().filter(|at| *at <= time) {
            return Err(SignError::CredentialsExpired { at });
        }
        let total_len = payload.len().checked_add(frame::OVERHEAD).filter(|total| *total <= MAX_FRAME_SIZE);
        let total_len = total_len.and_then(|total| u32::try_from(total).ok());
        let total_len = total_len.ok_or(SignError::InvalidEvent { length: payload.len() })?;
        // Never saturates, because a `Timestamp` is in the years 0 to 9999.
        let date_header = frame::date_header(time.unix_seconds().saturating_mul(1000));
        self.chain.change_day(time, self.credentials.secret());
        let signature = self.chain.signature(time, &date_header, payload);
        frame::write(body, total_len, &date_header, &signature, payload);
        self.chain.set_prior(signature);
        Ok(())
    }
}

/// Prints only the type's name, because the signer holds a secret.
impl fmt::Debug for EventSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventSigner(..)")
    }
}
