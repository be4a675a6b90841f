//! What a server gets from a verifier besides a verdict: proofs that it can keep, keys without
//! secrets, and the demand for a signed body.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::time::Duration;

use countersign::steps::{Scope, SigningKey};
use countersign::{
    BodyCheck, BodyStatus, Claim, Credentials, CredentialsError, Expires, KeyCache, Payload, ReceivedBody,
    Rejected, Request, SecretAccessKey, Service, Signer, StreamingMode, Timestamp, Verified, Verifier,
    VerifyError, VerifyingKey,
};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const BODY: &[u8] = b"Welcome to Amazon S3.";

fn now() -> Timestamp {
    Timestamp::parse("20130524T120000Z").unwrap()
}

fn credentials() -> Credentials {
    Credentials::new(ID, SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).unwrap()
}

fn temporary() -> Credentials {
    credentials().with_session_token("session/token=").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new("us-east-1", Service::S3).unwrap()
}

/// Signs a `PUT` in headers, and claims it `seconds` after `now`.
fn claim(
    verifier: &Verifier,
    credentials: Credentials,
    payload: Payload<'_>,
    body: ReceivedBody<'_>,
    seconds: i64,
) -> Result<Claim, VerifyError> {
    let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
    let signer = Signer::new(credentials, "us-east-1", Service::S3).unwrap();
    if let Payload::Streaming(mode) = payload {
        headers.push(("x-amz-decoded-content-length", "21"));
        if mode.has_trailers() {
            headers.push(("x-amz-trailer", "x-amz-checksum-crc32"));
        }
    }
    let signed = signer.sign(&Request::new("PUT", "/key?a=1", &headers), payload, now()).unwrap();
    headers.extend(&signed);
    let time = Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    verifier.claim(&Request::new("PUT", "/key?a=1", &headers), body, time)
}

fn good_claim() -> Claim {
    claim(&verifier(), credentials(), Payload::Bytes(BODY), ReceivedBody::Bytes(BODY), 0).unwrap()
}

#[test]
fn a_proof_is_owned_and_can_be_sent_to_a_thread() {
    fn assert_owned<T: Send + Sync + Clone + 'static>(_: &T) {}
    let key = good_claim().derive_key(&credentials());
    let verified: Verified = good_claim().verify(&key).unwrap();
    assert_owned(&verified);
    let clone = verified.clone();
    drop(verified);
    let path = std::thread::spawn(move || clone.path()).join().unwrap();
    assert_eq!(path, b"/key");
}

#[test]
fn verify_takes_a_key_or_an_option() {
    let key = good_claim().derive_key(&credentials());
    assert!(good_claim().verify(&key).is_ok());
    assert!(good_claim().verify(Some(&key)).is_ok());
    assert!(good_claim().verify(Some(key).as_ref()).is_ok());
    let error = good_claim().verify(None).unwrap_err().into_error();
    assert!(matches!(error, VerifyError::InvalidAccessKeyId { access_key_id, .. } if access_key_id == ID));
}

#[test]
fn verify_cached_takes_credentials_or_an_option() {
    let keys = KeyCache::new(1);
    assert!(good_claim().verify_cached(&keys, &credentials()).is_ok());
    assert!(good_claim().verify_cached(&keys, Some(&credentials())).is_ok());
    let error = good_claim().verify_cached(&keys, None).unwrap_err().into_error();
    assert!(matches!(error, VerifyError::InvalidAccessKeyId { access_key_id, .. } if access_key_id == ID));
}

#[test]
fn a_rejected_claim_states_its_error_and_keeps_the_claim() {
    let other = Credentials::new(ID, SecretAccessKey::new("another")).unwrap();
    let key = good_claim().derive_key(&other);
    let rejected: Rejected = good_claim().verify(&key).unwrap_err();
    assert_eq!(rejected.error(), &VerifyError::SignatureDoesNotMatch);
    assert_eq!(rejected.to_string(), VerifyError::SignatureDoesNotMatch.to_string());
    assert_eq!(rejected.claim().claimed_access_key_id(), ID);
    let (error, claim) = rejected.into_parts();
    assert_eq!(error, VerifyError::SignatureDoesNotMatch);
    // The claim is as good as before: the right key verifies it.
    let key = claim.derive_key(&credentials());
    assert!(claim.verify(&key).is_ok());
}

#[test]
fn a_signing_key_verifies_without_the_secret() {
    let good = good_claim();
    let Scope::Regional(scope) = good.claimed_scope() else { panic!("HMAC has a region") };
    let signing_key = SigningKey::derive(credentials().secret(), &scope);
    let key = VerifyingKey::from_signing_key(ID, &scope, signing_key.clone());
    let other_id = VerifyingKey::from_signing_key("AKIDOTHER", &scope, signing_key);
    assert!(good_claim().verify(&key).is_ok());
    assert_eq!(good_claim().verify(&other_id).unwrap_err().into_error(), VerifyError::KeyMismatch);

    // Token and expiration are compared as those of credentials are.
    let with_token = key.clone().with_session_token("session/token=").unwrap();
    assert_eq!(good_claim().verify(&with_token).unwrap_err().into_error(), VerifyError::InvalidToken);
    let with_token_claim =
        || claim(&verifier(), temporary(), Payload::Bytes(BODY), ReceivedBody::Bytes(BODY), 0).unwrap();
    assert!(with_token_claim().verify(&with_token).is_ok());
    assert_eq!(with_token_claim().verify(&key).unwrap_err().into_error(), VerifyError::InvalidToken);
    let expired = key.clone().with_expiration(now());
    let error = good_claim().verify(&expired).unwrap_err().into_error();
    assert!(matches!(error, VerifyError::CredentialsExpired { at, .. } if at == now()));
    for token in ["", "with space", "control\n"] {
        let error = key.clone().with_session_token(token).unwrap_err();
        assert_eq!(error, CredentialsError::InvalidSessionToken, "{token:?}");
    }
}

#[cfg(feature = "sigv4a")]
#[test]
fn a_public_key_verifies_sigv4a() {
    use countersign::RegionSet;
    use countersign::steps::SigningKeyPair;

    let public_key = SigningKeyPair::derive(&credentials()).unwrap().public_key();
    let other_key =
        SigningKeyPair::derive(&Credentials::new("AKIDOTHER", SecretAccessKey::new("x")).unwrap());
    let signer = Signer::sigv4a(credentials(), RegionSet::parse("*").unwrap(), Service::S3).unwrap();
    let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
    let signed = signer.sign(&Request::new("PUT", "/key", &headers), Payload::Bytes(BODY), now()).unwrap();
    headers.extend(&signed);
    let verifier = verifier().allow_sigv4a();
    let claim =
        || verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Bytes(BODY), now()).unwrap();
    let claimed = claim();
    let Scope::SigV4a(scope) = claimed.claimed_scope() else { panic!("SigV4a has no region") };
    let key = VerifyingKey::from_public_key(ID, &scope, public_key);
    let other = VerifyingKey::from_public_key(ID, &scope, other_key.unwrap().public_key());
    assert!(claim().verify(&key).is_ok());
    assert_eq!(claim().verify(&other).unwrap_err().into_error(), VerifyError::SignatureDoesNotMatch);
}

#[test]
fn a_verifier_can_require_a_signed_body() {
    let strict = verifier().require_signed_body();
    let unread = ReceivedBody::Unread;
    let unsigned = [
        Payload::Unsigned,
        #[cfg(feature = "checksums")]
        Payload::Streaming(StreamingMode::UnsignedTrailer),
    ];
    for payload in unsigned {
        assert!(claim(&verifier(), credentials(), payload, unread, 0).is_ok(), "{payload:?}");
        let error = claim(&strict, credentials(), payload, unread, 0).unwrap_err();
        assert_eq!(error, VerifyError::UnsignedBody, "{payload:?}");
    }
    for payload in [Payload::Bytes(BODY), Payload::Streaming(StreamingMode::Signed)] {
        assert!(claim(&strict, credentials(), payload, unread, 0).is_ok(), "{payload:?}");
    }
    // A URL of S3 leaves the body unsigned, unless it is presigned with the payload.
    let signer = Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
    let put = Request::new("PUT", "https://bucket.s3.amazonaws.com/key", &[]);
    let url = signer.presign(&put, Expires::HOUR, now()).unwrap();
    let headers = [("host", "bucket.s3.amazonaws.com")];
    let request = Request::new("PUT", url.path_and_query(), &headers);
    assert_eq!(strict.claim(&request, unread, now()).unwrap_err(), VerifyError::UnsignedBody);
    assert!(verifier().claim(&request, unread, now()).is_ok());
}

#[test]
fn a_body_that_is_not_signed_is_not_proven() {
    let status = |payload, body| {
        let claim = claim(&verifier(), credentials(), payload, body, 0).unwrap();
        let key = claim.derive_key(&credentials());
        let mut checker = claim.verify(&key).unwrap().body().checker();
        checker.update(BODY);
        checker.finish()
    };
    assert_eq!(status(Payload::Bytes(BODY), ReceivedBody::Unread), Ok(BodyStatus::Proven));
    assert_eq!(status(Payload::Bytes(BODY), ReceivedBody::Bytes(BODY)), Ok(BodyStatus::Proven));
    assert_eq!(status(Payload::Unsigned, ReceivedBody::Unread), Ok(BodyStatus::NotSigned));
    let mismatch = status(Payload::Bytes(b"another"), ReceivedBody::Unread);
    assert!(matches!(mismatch, Err(VerifyError::PayloadMismatch { .. })), "{mismatch:?}");
    let chunked = status(Payload::Streaming(StreamingMode::Signed), ReceivedBody::Unread);
    assert!(matches!(chunked, Err(VerifyError::UnsupportedPayload { .. })), "{chunked:?}");
}

#[test]
fn a_hash_prints_in_hexadecimal() {
    assert_eq!(format!("{:?}", BodyCheck::Sha256([0xab; 32])), format!("Sha256({})", "ab".repeat(32)));
    assert_eq!(format!("{:?}", BodyCheck::Chunked(StreamingMode::Signed)), "Chunked(Signed)");
    assert_eq!(format!("{:?}", BodyCheck::Done), "Done");
}

#[test]
fn the_age_of_a_signature_from_the_future_is_zero() {
    let verified = |seconds| {
        let claim =
            claim(&verifier(), credentials(), Payload::Bytes(BODY), ReceivedBody::Bytes(BODY), seconds)
                .unwrap();
        let key = claim.derive_key(&credentials());
        claim.verify(&key).unwrap()
    };
    assert_eq!(verified(150).age(), Duration::from_secs(150));
    assert_eq!(verified(-150).age(), Duration::ZERO);
    assert_eq!(verified(0).expires(), None);
}
