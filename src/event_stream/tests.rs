//! Streams that are open at midnight, and the credentials that their verifier needs.

use alloc::vec;
use alloc::vec::Vec;

use super::{EventError, EventSigner, EventVerifier};
use crate::credentials::{Credentials, SecretAccessKey};
use crate::expires::Expires;
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::Service;
use crate::sign::Signer;
use crate::time::Timestamp;
use crate::verify::{Verified, Verifier, VerifyError};

const BEFORE_MIDNIGHT: &str = "20190127T235955Z";
const AFTER_MIDNIGHT: &str = "20190128T000005Z";

fn at(time: &str) -> Timestamp {
    Timestamp::parse(time).expect("a time")
}

fn credentials(access_key_id: &str, secret: &str) -> Credentials {
    Credentials::new(access_key_id, SecretAccessKey::new(secret)).expect("credentials")
}

fn service() -> Service {
    Service::new("transcribe").expect("a service")
}

/// Returns a request that was verified before midnight, and the signer of its events.
fn begin() -> (Verified, EventSigner) {
    let credentials = credentials("AKIDEXAMPLE", "secret");
    let (now, mut headers) = (at(BEFORE_MIDNIGHT), vec![("host", "example.com")]);
    let signer = Signer::new(credentials.clone(), "us-east-1", service()).expect("a signer");
    let (signed, events) =
        signer.sign_events(&Request::new("POST", "/", &headers), now).expect("a signed request");
    headers.extend(signed.iter());
    let verifier = Verifier::new("us-east-1", service()).expect("a verifier").allow_events();
    let claim = verifier.claim(&Request::new("POST", "/", &headers), ReceivedBody::Unread, now);
    let claim = claim.expect("a claim");
    let key = claim.derive_key(&credentials);
    (claim.verify(&key).expect("a verified request"), events)
}

/// Returns a stream with an event on each side of midnight.
fn stream_across_midnight(mut events: EventSigner) -> Vec<u8> {
    let mut body = Vec::new();
    events.sign(b"before", at(BEFORE_MIDNIGHT), &mut body).expect("an event");
    events.sign(b"after", at(AFTER_MIDNIGHT), &mut body).expect("an event");
    events.finish(at(AFTER_MIDNIGHT), &mut body).expect("a closing frame");
    body
}

#[test]
fn rejects_an_event_of_another_day_without_credentials() {
    let (verified, events) = begin();
    let body = stream_across_midnight(events);
    let mut events = EventVerifier::new(&verified).expect("a verifier");
    let mut piece = body.as_slice();
    let event = events.next(&mut piece, at(BEFORE_MIDNIGHT)).expect("an event").expect("an event");
    assert_eq!(event.payload(), b"before");
    let error = EventError::CredentialsRequired { time: at(AFTER_MIDNIGHT) };
    assert_eq!((error.code(), error.status()), ("InternalError", 500));
    assert_eq!(events.next(&mut piece, at(AFTER_MIDNIGHT)).expect_err("no key"), error);
    assert_eq!(events.finish(), Err(error));
}

#[test]
fn verifies_events_of_both_days_with_credentials() {
    let (verified, events) = begin();
    let body = stream_across_midnight(events);
    let events = EventVerifier::new(&verified).expect("a verifier");
    let mut events = events.with_credentials(&credentials("AKIDEXAMPLE", "secret")).expect("the same key");
    let mut found = Vec::new();
    let mut piece = body.as_slice();
    while let Some(event) = events.next(&mut piece, at(AFTER_MIDNIGHT)).expect("a valid stream") {
        found.push((event.payload().to_vec(), event.signed_at()));
    }
    assert_eq!(found, [(b"before".to_vec(), at(BEFORE_MIDNIGHT)), (b"after".to_vec(), at(AFTER_MIDNIGHT))]);
    assert_eq!(events.finish(), Ok(()));
}

#[test]
fn rejects_credentials_that_did_not_sign_the_request() {
    let (verified, _events) = begin();
    for other in [credentials("AKIDEXAMPLE", "guess"), credentials("AKIDOTHER", "secret")] {
        let events = EventVerifier::new(&verified).expect("a verifier");
        assert_eq!(events.with_credentials(&other).err(), Some(VerifyError::KeyMismatch));
    }
}

#[test]
fn rejects_events_after_the_expiration_of_the_credentials() {
    let (verified, events) = begin();
    let body = stream_across_midnight(events);
    let expired = credentials("AKIDEXAMPLE", "secret").with_expiration(at(AFTER_MIDNIGHT));
    let events = EventVerifier::new(&verified).expect("a verifier");
    let mut events = events.with_credentials(&expired).expect("the same key");
    let mut piece = body.as_slice();
    assert!(events.next(&mut piece, at(BEFORE_MIDNIGHT)).expect("not expired").is_some());
    let error = events.next(&mut piece, at(AFTER_MIDNIGHT)).expect_err("expired");
    assert_eq!(error, EventError::CredentialsExpired { at: at(AFTER_MIDNIGHT) });
}

#[test]
fn a_websocket_ends_with_the_earlier_of_two_expirations() {
    let own = credentials("AKIDEXAMPLE", "secret");
    let signer = Signer::new(own.clone(), "us-east-1", service()).expect("a signer");
    let now = at(BEFORE_MIDNIGHT);
    let request = Request::new("GET", "wss://example.com/", &[]);
    let (url, events) = signer.presign_events(&request, Expires::HOUR, now).expect("a presigned URL");
    let body = stream_across_midnight(events);
    let verifier = Verifier::new("us-east-1", service()).expect("a verifier");
    let headers = [("host", "example.com")];
    let received = Request::new("GET", url.path_and_query(), &headers);
    let expiring = own.clone().with_expiration(at(AFTER_MIDNIGHT));
    for (of_key, of_stream) in [(&expiring, &own), (&own, &expiring), (&expiring, &expiring)] {
        let claim = verifier.claim(&received, ReceivedBody::Bytes(b""), now).expect("a claim");
        let key = claim.derive_key(of_key);
        let verified = claim.verify(&key).expect("a verified URL");
        let mut events = EventVerifier::over_websocket(&verified, of_stream).expect("the same key");
        let mut piece = body.as_slice();
        assert!(events.next(&mut piece, now).expect("not expired").is_some());
        let error = events.next(&mut piece, at(AFTER_MIDNIGHT)).expect_err("expired");
        assert_eq!(error, EventError::CredentialsExpired { at: at(AFTER_MIDNIGHT) });
    }
}
