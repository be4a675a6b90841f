//! The verifying end.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::chain::Chain;
use super::frame::{self, Frame, PRELUDE};
use super::{EventError, MAX_FRAME};
use crate::credentials::Credentials;
use crate::error::Mechanism;
use crate::steps::{CredentialScope, Scope};
use crate::time::Timestamp;
use crate::verify::{BodyCheck, Verified, VerifyError, VerifyKey, VerifyingKey};

/// Verifies the events of one stream, as its bytes come in. No event is handed
/// out before its signature was checked, and after an error none ever is.
///
/// An event's date must be near `now`, as a request's: an event that is held
/// back on the way is refused. The order of the events is that of their
/// signatures; that of their dates is not looked at, since a client's clock
/// may be set back by a little.
///
/// ```
/// use countersign::event_stream::{EventError, EventVerifier};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::parse("20190127T223754Z").unwrap();
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
/// let mut events = EventVerifier::new(&verified)?.max_frame(64 << 10);
/// let (mut first, mut second) = body.split_at(20);
/// assert!(events.next(&mut first, now)?.is_none()); // more is needed
/// let event = events.next(&mut second, now)?.expect("an event that is whole");
/// assert_eq!(event.payload(), b"an encoded event");
///
/// // Half an hour later the rest would be one that was held back.
/// let late = now.checked_add(core::time::Duration::from_secs(1800)).unwrap();
/// assert!(matches!(events.next(&mut second, late), Err(EventError::TimeTooSkewed { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a stream is whole only when `finish` says so"]
pub struct EventVerifier {
    chain: Chain,
    /// When the credentials of the request expire.
    expiration: Option<Timestamp>,
    max_skew: u32,
    max_frame: usize,
    /// The frame that comes in, or the one whose event was handed out last.
    frame: Vec<u8>,
    /// That frame's length; 0 where its prelude is not complete.
    length: usize,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Open,
    Closed,
    Failed(EventError),
}

impl EventVerifier {
    /// Creates a verifier for the body of a verified request. The first event continues from the
    /// request's signature.
    ///
    /// The verifier has the key of the request's day. An event of another day is refused unless
    /// [`with_credentials`](Self::with_credentials) was called. Events may be 15 minutes old or
    /// ahead, and frames may have up to [`MAX_FRAME`] bytes.
    ///
    /// # Errors
    ///
    /// [`VerifyError::UnsupportedPayload`] if the request was not signed for a stream of events;
    /// [`VerifyError::UnsupportedAlgorithm`] if it was signed with SigV4a, which signs no events.
    pub fn new(verified: &Verified) -> Result<Self, VerifyError> {
        let unsupported = || VerifyError::UnsupportedPayload { mode: verified.payload_hash().into() };
        if !matches!(verified.body(), BodyCheck::Events) {
            return Err(unsupported());
        }
        let scope = hmac_scope(verified)?;
        let Some((VerifyKey::Hmac(key), seed)) = verified.continuation() else { return Err(unsupported()) };
        let chain = Chain::with_key(key.clone(), &scope, seed.clone());
        Ok(Self::begin(chain, verified.key_expiration()))
    }

    /// Creates a verifier for what is sent over a websocket that a verified URL opened, with the
    /// credentials that verified the URL. Whoever has the URL can open another websocket while the
    /// URL is valid, and send what was recorded: let each URL open one.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), with `UnsupportedPayload` for a request that was not signed in its
    /// URL; and what [`Claim::verify`](crate::Claim::verify) returns for other credentials.
    pub fn over_websocket(verified: &Verified, credentials: &Credentials) -> Result<Self, VerifyError> {
        if verified.mechanism() != Mechanism::Query {
            return Err(VerifyError::UnsupportedPayload { mode: verified.payload_hash().into() });
        }
        let scope = hmac_scope(verified)?;
        verified.check_key(&VerifyingKey::derive(credentials, &verified.scope()))?;
        let chain = Chain::new(credentials.clone(), &scope, verified.signature().clone());
        Ok(Self::begin(chain, credentials.expiration()))
    }

    fn begin(chain: Chain, expiration: Option<Timestamp>) -> Self {
        Self {
            chain,
            expiration,
            max_skew: 900,
            max_frame: MAX_FRAME,
            frame: Vec::new(),
            length: 0,
            state: State::Open,
        }
    }

    /// Keeps the credentials that verified the request, to derive the key of each new day: for a
    /// stream that is open at midnight (UTC).
    ///
    /// # Errors
    ///
    /// [`VerifyError::KeyMismatch`] if these credentials did not sign the request.
    pub fn with_credentials(mut self, credentials: &Credentials) -> Result<Self, VerifyError> {
        if self.chain.adopt(credentials.clone()) { Ok(self) } else { Err(VerifyError::KeyMismatch) }
    }

    /// How far an event's date may be from the clock, in seconds, in both
    /// directions.
    pub fn max_skew(self, seconds: u32) -> Self {
        Self { max_skew: seconds, ..self }
    }

    /// The longest frame that is read, in bytes: an event's, and 83 around it.
    pub fn max_frame(self, bytes: usize) -> Self {
        Self { max_frame: bytes, ..self }
    }

    /// The next event, if `piece` completes one. What was read is taken off
    /// `piece`, so call it until it says `None`, which is: more is needed.
    ///
    /// Pieces may have any size. No more than a frame is held in memory, and
    /// no memory is taken before the bytes are there to fill it.
    ///
    /// # Errors
    ///
    /// [`EventError`]. The stream is over then: every later call, and
    /// [`finish`](Self::finish), says the same.
    pub fn next(
        &mut self,
        piece: &mut &[u8],
        now: Timestamp,
    ) -> Result<Option<VerifiedEvent<'_>>, EventError> {
        if let State::Failed(error) = &self.state {
            return Err(error.clone());
        }
        match self.advance(piece, now) {
            Ok(found) => Ok(found.map(|(payload, time)| VerifiedEvent {
                payload: self.frame.get(payload).unwrap_or_default(),
                time,
            })),
            Err(error) => {
                self.frame = Vec::new();
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }

    /// The end of the body: whether the closing frame was the last thing in it.
    ///
    /// # Errors
    ///
    /// [`EventError::Incomplete`], or the error that ended the stream before.
    pub fn finish(self) -> Result<(), EventError> {
        match self.state {
            State::Closed => Ok(()),
            State::Failed(error) => Err(error),
            State::Open => Err(EventError::Incomplete),
        }
    }

    /// Reads on until an event is proven, or the piece is used up. Returns
    /// where in the frame the event lies.
    fn advance(
        &mut self,
        piece: &mut &[u8],
        now: Timestamp,
    ) -> Result<Option<(Range<usize>, Timestamp)>, EventError> {
        if self.state == State::Closed {
            return if piece.is_empty() { Ok(None) } else { Err(EventError::AfterEnd) };
        }
        // A whole frame was handed out by the call before.
        if self.length != 0 && self.frame.len() == self.length {
            self.frame.clear();
            self.length = 0;
        }
        if self.length == 0 {
            self.fill(piece, PRELUDE);
            let Ok(prelude) = self.frame.as_slice().try_into() else { return Ok(None) };
            self.length = frame::length(prelude, self.max_frame)?;
        }
        self.fill(piece, self.length);
        if self.frame.len() < self.length {
            return Ok(None);
        }
        let (payload, time) = self.verify(now)?;
        if !payload.is_empty() {
            return Ok(Some((payload, time)));
        }
        self.state = State::Closed;
        self.frame = Vec::new();
        if piece.is_empty() { Ok(None) } else { Err(EventError::AfterEnd) }
    }

    /// Takes from `piece` what is missing up to `length`.
    fn fill(&mut self, piece: &mut &[u8], length: usize) {
        let missing = length.saturating_sub(self.frame.len());
        let (taken, rest) = piece.split_at_checked(missing).unwrap_or((piece, &[]));
        self.frame.extend_from_slice(taken);
        *piece = rest;
    }

    /// Checks a whole frame. Returns where its payload lies, and its time.
    fn verify(&mut self, now: Timestamp) -> Result<(Range<usize>, Timestamp), EventError> {
        let Frame { date, signature, payload } = Frame::read(&self.frame)?;
        let time =
            Timestamp::from_unix_seconds(date.div_euclid(1000)).map_err(|_| EventError::InvalidDate)?;
        if time.unix_seconds().abs_diff(now.unix_seconds()) > u64::from(self.max_skew) {
            return Err(EventError::TimeTooSkewed { time, now, max_skew: self.max_skew });
        }
        let event = self.frame.get(payload.clone()).unwrap_or_default();
        let right = self.chain.signature(time, &frame::date_header(date), event);
        let right = right.ok_or(EventError::CredentialsRequired)?;
        if !right.matches(&signature) {
            return Err(EventError::SignatureDoesNotMatch);
        }
        if let Some(end) = self.expiration.filter(|end| *end <= now) {
            return Err(EventError::CredentialsEnded { end });
        }
        self.chain.prior = signature;
        Ok((payload, time))
    }
}

/// Returns the scope of a request that is signed with HMAC. Events are signed with HMAC only.
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

/// Closed: it holds a key.
impl fmt::Debug for EventVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventVerifier").field("state", &self.state).finish_non_exhaustive()
    }
}

/// A proven event: made by [`EventVerifier::next`] alone.
///
/// ```
/// # use countersign::event_stream::EventVerifier;
/// # use countersign::*;
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::parse("20190127T223754Z").unwrap();
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
/// # let mut events = EventVerifier::new(&verified)?;
/// let event = events.next(&mut body.as_slice(), now)?.expect("an event that is whole");
/// assert_eq!(event.payload(), b"an encoded event");
/// assert_eq!(event.signed_at().as_str(), "20190127T223754Z");
/// assert_eq!(format!("{event:?}"), "VerifiedEvent(16 bytes at 20190127T223754Z)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct VerifiedEvent<'e> {
    payload: &'e [u8],
    time: Timestamp,
}

impl<'e> VerifiedEvent<'e> {
    /// The encoded inner event. Never empty.
    #[must_use]
    pub const fn payload(&self) -> &'e [u8] {
        self.payload
    }

    /// When it was signed, to the second.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.time
    }
}

/// Events can be secrets, so their size alone is printed.
impl fmt::Debug for VerifiedEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedEvent({} bytes at {})", self.payload.len(), self.time)
    }
}
