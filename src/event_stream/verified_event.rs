//! [`VerifiedEvent`], an event whose signature was verified.

use core::fmt;

use crate::time::Timestamp;

/// A verified event. Only [`EventVerifier::next`](super::EventVerifier::next) creates one.
///
/// ```
/// # use countersign::event_stream::EventVerifier;
/// # use countersign::*;
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
/// # let mut events = EventVerifier::new(&verified)?;
/// let event = events.next(&mut body.as_slice(), now)?.expect("a complete event");
/// assert_eq!(event.payload(), b"an encoded event");
/// assert_eq!(event.signed_at().as_str(), "20190127T223754Z");
/// assert_eq!(format!("{event:?}"), "VerifiedEvent(16 bytes at 20190127T223754Z)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct VerifiedEvent<'e> {
    pub(super) payload: &'e [u8],
    pub(super) signed_at: Timestamp,
}

impl<'e> VerifiedEvent<'e> {
    /// Returns the encoded event. It is never empty.
    #[must_use]
    pub const fn payload(&self) -> &'e [u8] {
        self.payload
    }

    /// Returns the time at which the event was signed, to the second.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }
}

/// Prints only the size and the time, because an event may contain secrets.
impl fmt::Debug for VerifiedEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedEvent({} bytes at {})", self.payload.len(), self.signed_at)
    }
}
