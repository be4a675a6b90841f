//! [`EventVerifier`] verifies the events of a stream.

use alloc::string::String;
use core::fmt;
use core::ops::Range;
use core::time::Duration;

use super::chain::EventChain;
use super::frame;
use super::frame_buffer::FrameBuffer;
use super::frame_reader::EventFrame;
use super::{EventError, MAX_FRAME_SIZE, VerifiedEvent};
use crate::credentials::Credentials;
use crate::error::Mechanism;
use crate::steps::{CredentialScope, Scope, SigningKey};
use crate::time::Timestamp;
use crate::verify::{BodyCheck, SignatureKey, Verified, VerifyError, VerifyingKey};

/// Verifies the events of one stream while its bytes arrive.
///
/// An event is returned only after its signature was verified. After an error no event is returned.
///
/// The date of an event must be near `now`, as for a request. An event that an attacker delayed is
/// rejected. The signatures prove the order of the events. The order of their dates is not checked,
/// because a client may set its clock back a little.
///
/// ```
/// use countersign::event_stream::{EventError, EventVerifier};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::parse("20190127T223754Z")?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("transcribe")?)?;
/// # let mut headers = vec![("host", "example.com")];
/// # let (signed, mut events) = signer.sign_events(&Request::new("POST", "/", &headers), now)?;
/// # let mut body = Vec::new();
/// # events.sign(b"an encoded event", now, &mut body)?;
/// # events.finish(now, &mut body)?;
/// # headers.extend(signed.iter());
/// # let verifier = Verifier::new("us-east-1", Service::new("transcribe")?)?.allow_events();
/// # let claim = verifier.claim(&Request::new("POST", "/", &headers), ReceivedBody::Unread, now)?;
/// # let key = claim.derive_key(&credentials);
/// # let verified = claim.verify(&key)?;
/// let mut events = EventVerifier::new(&verified)?.with_max_frame_size(64 << 10);
/// let (mut first, mut second) = body.split_at(20);
/// assert!(events.next(&mut first, now)?.is_none()); // the frame is not complete
/// let event = events.next(&mut second, now)?.expect("a complete event");
/// assert_eq!(event.payload(), b"an encoded event");
///
/// // Half an hour later the rest of the stream is too old.
/// let late = Timestamp::parse("20190127T230754Z")?;
/// assert!(matches!(events.next(&mut second, late), Err(EventError::TimeTooSkewed { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a stream may have been cut off: call `finish`"]
pub struct EventVerifier {
    access_key_id: String,
    chain: EventChain,
    /// The credentials of the request. The keys of other days are derived from them.
    credentials: Option<Credentials>,
    expiration: Option<Timestamp>,
    max_skew: Duration,
    frame: FrameBuffer,
    state: State,
}

/// The state of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Open,
    Closed,
    Failed(EventError),
}

impl EventVerifier {
    /// Creates a verifier for the body of a verified request.
    ///
    /// The verifier has the key of the request's day. It rejects an event of another day unless
    /// [`with_credentials`](Self::with_credentials) was called. The dates of events may differ from
    /// `now` as far as the verifier of the request allows, and frames may have [`MAX_FRAME_SIZE`] bytes.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError::UnsupportedPayload`] if the request was not signed for a stream of events,
    /// and [`VerifyError::UnsupportedAlgorithm`] if it was signed with SigV4a, which signs no events.
    pub fn new(verified: &Verified) -> Result<Self, VerifyError> {
        if !matches!(verified.body(), BodyCheck::Events) {
            return Err(unsupported_payload(verified));
        }
        let scope = hmac_scope(verified)?;
        match verified.continuation() {
            Some((SignatureKey::Hmac(key), seed)) => {
                let chain = EventChain::new(key.clone(), &scope, seed.clone());
                Ok(Self::begin(verified, chain))
            }
            _ => Err(unsupported_payload(verified)),
        }
    }

    /// Creates a verifier for the messages of a websocket that a verified URL opened. `credentials`
    /// are the credentials that verified the URL. Events are rejected as soon as these credentials,
    /// or the key that verified the URL, have expired.
    ///
    /// A URL can open several websockets while it is valid. An attacker who has the URL could send
    /// recorded messages again, so the server must accept only one websocket for each URL.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError::UnsupportedPayload`] if the request was not signed in its URL, and
    /// [`VerifyError::UnsupportedAlgorithm`] if it was signed with SigV4a. Returns the errors of
    /// [`Claim::verify`](crate::Claim::verify) if the URL was signed with other credentials.
    pub fn over_websocket(verified: &Verified, credentials: &Credentials) -> Result<Self, VerifyError> {
        if verified.mechanism() != Mechanism::Query {
            return Err(unsupported_payload(verified));
        }
        let scope = hmac_scope(verified)?;
        verified.verify_again(&VerifyingKey::derive(credentials, &verified.scope()))?;
        let key = SigningKey::derive(credentials.secret(), &scope);
        let Some(seed) = verified.signature() else { return Err(unsupported_payload(verified)) };
        let chain = EventChain::new(key, &scope, seed.clone());
        Ok(Self::begin(verified, chain).keep(credentials))
    }

    fn begin(verified: &Verified, chain: EventChain) -> Self {
        Self {
            access_key_id: verified.access_key_id().into(),
            chain,
            credentials: None,
            expiration: verified.key_expiration(),
            max_skew: verified.max_skew(),
            frame: FrameBuffer::new(MAX_FRAME_SIZE),
            state: State::Open,
        }
    }

    /// Accepts events of other days than the request's. A stream that is open at midnight (UTC) needs
    /// this.
    ///
    /// The verifier keeps the credentials that verified the request, and derives the key of each new day
    /// from them. Events are rejected once these credentials, or the key that verified the request, have
    /// expired.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError::KeyMismatch`] if the request was signed with other credentials.
    pub fn with_credentials(self, credentials: &Credentials) -> Result<Self, VerifyError> {
        if self.access_key_id != credentials.access_key_id() || !self.chain.is_key_of(credentials.secret()) {
            return Err(VerifyError::KeyMismatch);
        }
        Ok(self.keep(credentials))
    }

    /// Keeps the credentials. The earlier of the two expirations applies.
    fn keep(self, credentials: &Credentials) -> Self {
        let expiration = self.expiration.into_iter().chain(credentials.expiration()).min();
        Self { credentials: Some(credentials.clone()), expiration, ..self }
    }

    /// Sets how far the date of an event may differ from `now`, in both directions (default: that
    /// of the verifier that verified the request, see
    /// [`Verifier::with_max_skew`](crate::Verifier::with_max_skew)).
    pub fn with_max_skew(self, max_skew: Duration) -> Self {
        Self { max_skew, ..self }
    }

    /// Sets the size of the largest frame that is read, in bytes (default: [`MAX_FRAME_SIZE`]).
    ///
    /// A frame has 83 bytes in addition to its event.
    pub fn with_max_frame_size(mut self, bytes: usize) -> Self {
        self.frame.max_len = bytes;
        self
    }

    /// Takes bytes from the front of `piece`, and returns the next event if they complete one. Call
    /// `next` with the same piece until it returns `None`, which means that more bytes are needed.
    ///
    /// Pieces may have any size. The verifier holds at most one frame, and allocates no memory before
    /// the bytes arrive.
    ///
    /// # Errors
    ///
    /// Returns [`EventError`] if the stream is invalid. Every later call, and
    /// [`finish`](Self::finish), returns the same error.
    pub fn next(
        &mut self,
        piece: &mut &[u8],
        now: Timestamp,
    ) -> Result<Option<VerifiedEvent<'_>>, EventError> {
        if let State::Failed(error) = &self.state {
            return Err(error.clone());
        }
        match self.advance(piece, now) {
            Ok(found) => Ok(found.map(|(payload, signed_at)| VerifiedEvent {
                payload: self.frame.as_bytes().get(payload).unwrap_or_default(),
                signed_at,
            })),
            Err(error) => {
                self.frame.release();
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }

    /// Checks that the stream is complete: that its closing frame was received, and no byte after it.
    ///
    /// # Errors
    ///
    /// Returns [`EventError::Incomplete`] if the closing frame is missing, or the error that
    /// [`next`](Self::next) returned.
    pub fn finish(self) -> Result<(), EventError> {
        match self.state {
            State::Closed => Ok(()),
            State::Failed(error) => Err(error),
            State::Open => Err(EventError::Incomplete),
        }
    }

    /// Reads until an event is verified, or until `piece` is empty. Returns the range of the event in
    /// the frame, and its time.
    fn advance(
        &mut self,
        piece: &mut &[u8],
        now: Timestamp,
    ) -> Result<Option<(Range<usize>, Timestamp)>, EventError> {
        if self.state == State::Open {
            if !self.frame.fill(piece)? {
                return Ok(None);
            }
            let (payload, time) = self.verify_frame(now)?;
            if !payload.is_empty() {
                return Ok(Some((payload, time)));
            }
            self.state = State::Closed;
            self.frame.release();
        }
        if piece.is_empty() { Ok(None) } else { Err(EventError::TrailingBytes) }
    }

    /// Verifies a complete frame. Returns the range of its payload, and its time.
    fn verify_frame(&mut self, now: Timestamp) -> Result<(Range<usize>, Timestamp), EventError> {
        let EventFrame { date, signature, payload } = EventFrame::parse(self.frame.as_bytes())?;
        let time =
            Timestamp::from_unix_seconds(date.div_euclid(1000)).map_err(|_| EventError::InvalidDate)?;
        if time.unix_seconds().abs_diff(now.unix_seconds()) > self.max_skew.as_secs() {
            return Err(EventError::TimeTooSkewed { time, now, max_skew: self.max_skew });
        }
        if !self.chain.has_key_for(time) {
            let credentials = self.credentials.as_ref().ok_or(EventError::CredentialsRequired { time })?;
            self.chain.change_day(time, credentials.secret());
        }
        let event = self.frame.as_bytes().get(payload.clone()).unwrap_or_default();
        if !self.chain.signature(time, &frame::date_header(date), event).matches(&signature) {
            return Err(EventError::SignatureDoesNotMatch);
        }
        if let Some(at) = self.expiration.filter(|expiration| *expiration <= now) {
            return Err(EventError::CredentialsExpired { at });
        }
        self.chain.set_prior(signature);
        Ok((payload, time))
    }
}

/// Returns the scope of a request that was signed with HMAC. Rejects SigV4a, which signs no events.
fn hmac_scope(verified: &Verified) -> Result<CredentialScope<'_>, VerifyError> {
    match verified.scope() {
        Scope::Regional(scope) => Ok(scope),
        #[cfg(feature = "sigv4a")]
        Scope::SigV4a(_) => Err(VerifyError::UnsupportedAlgorithm {
            mechanism: verified.mechanism(),
            algorithm: verified.algorithm().into(),
        }),
    }
}

fn unsupported_payload(verified: &Verified) -> VerifyError {
    VerifyError::UnsupportedPayload { mode: verified.payload_hash().into() }
}

/// Prints only the state, because the verifier holds a key.
impl fmt::Debug for EventVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventVerifier").field("state", &self.state).finish_non_exhaustive()
    }
}
