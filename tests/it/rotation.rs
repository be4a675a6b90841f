//! `RotatingSigner`: credentials that are replaced while requests are signed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign::chunked::{ChunkedBody, Decoder};
use countersign::{
    Credentials, Payload, ReceivedBody, Request, RotatingSigner, Service, SignError, Signer, Timestamp,
    Verifier,
};
use testkit::{at, long_term};

const HOST: [(&str, &str); 1] = [("host", "bucket.s3.amazonaws.com")];
const MINUTE: Duration = Duration::from_secs(60);

fn credentials(id: &str, expiration: Timestamp) -> Credentials {
    long_term(id, &format!("secret of {id}")).with_session_token("token").unwrap().with_expiration(expiration)
}

fn start() -> Timestamp {
    at("20260301T120000Z")
}

fn after(minutes: u32) -> Timestamp {
    start().checked_add(MINUTE * minutes).unwrap()
}

/// A signer whose credentials expire an hour after `start`.
fn rotating() -> RotatingSigner {
    RotatingSigner::new(Signer::new(credentials("ASIAFIRST", after(60)), "us-east-1", Service::S3).unwrap())
}

fn current_id(signer: &RotatingSigner) -> String {
    signer.current().credentials().access_key_id().to_owned()
}

#[test]
fn a_refresh_starts_ahead_of_the_expiration() {
    let signer = rotating();
    assert!(signer.start_refresh(after(54), 5 * MINUTE).is_none());
    for minutes in [55, 59, 60, 61] {
        assert!(signer.start_refresh(after(minutes), 5 * MINUTE).is_some(), "{minutes}");
    }
    let forever = Signer::new(long_term("AKIDEXAMPLE", "secret"), "us-east-1", Service::S3).unwrap();
    assert!(RotatingSigner::new(forever).start_refresh(start(), Duration::MAX).is_none());
    assert!(signer.start_refresh(start(), Duration::MAX).is_some());
}

#[test]
fn a_refresh_that_fails_keeps_the_credentials_and_allows_the_next() {
    let signer = rotating();
    let request = Request::new("GET", "/key", &HOST);
    let sign = |minutes| signer.current().sign(&request, Payload::Bytes(b""), after(minutes)).map(drop);

    drop(signer.start_refresh(after(55), 5 * MINUTE).unwrap());
    assert_eq!((sign(59), current_id(&signer)), (Ok(()), "ASIAFIRST".into()));
    assert!(matches!(sign(60), Err(SignError::CredentialsExpired { .. })));
    signer
        .start_refresh(after(60), 5 * MINUTE)
        .unwrap()
        .finish(credentials("ASIASECOND", after(120)))
        .unwrap();
    assert_eq!((sign(60), current_id(&signer)), (Ok(()), "ASIASECOND".into()));
    assert!(signer.start_refresh(after(60), 5 * MINUTE).is_none());
}

#[test]
fn one_refresh_is_in_progress_at_a_time() {
    let signer = rotating();
    let refresh = signer.start_refresh(after(55), 5 * MINUTE).unwrap();
    assert!(signer.start_refresh(after(55), 5 * MINUTE).is_none());
    drop(refresh);

    // Of many threads that look at once, one refreshes.
    let refreshes = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    if let Some(refresh) = signer.start_refresh(after(55), 5 * MINUTE) {
                        refreshes.fetch_add(1, Ordering::Relaxed);
                        refresh.finish(credentials("ASIASECOND", after(120))).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(refreshes.into_inner(), 1);
}

#[test]
fn a_body_in_chunks_continues_with_the_credentials_of_its_request() {
    let signer = rotating();
    let body = ChunkedBody::signed(10).with_chunk_size(8192).unwrap();
    let put = Request::new("PUT", "/key", &HOST);
    let (signed, mut encoder) = signer.current().sign_chunked(&put, &body, start()).unwrap();
    let mut sent = Vec::new();
    encoder.encode_to(b"hello", &mut sent).unwrap();
    signer.replace(credentials("ASIASECOND", after(120))).unwrap();
    encoder.encode_to(b"world", &mut sent).unwrap();
    sent.extend(encoder.finish(&[]).unwrap());

    let mut headers = HOST.to_vec();
    headers.extend(signed.iter());
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let claim =
        verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Unread, start()).unwrap();
    assert_eq!(claim.claimed_access_key_id(), "ASIAFIRST");
    let key = claim.derive_key(&credentials("ASIAFIRST", after(60)));
    let mut decoder = Decoder::new(&claim.verify(&key).unwrap()).unwrap();
    let (mut input, mut received) = (&sent[..], Vec::new());
    while let Some(data) = decoder.decode(&mut input).unwrap() {
        received.extend_from_slice(data);
    }
    decoder.finish().unwrap();
    assert_eq!(received, b"helloworld");
}

/// Each signature is of one set of credentials: no request has the id of one and the key of another.
#[test]
fn a_signature_never_mixes_two_sets_of_credentials() {
    let signer = rotating();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let verify_one = || {
        let signed =
            signer.current().sign(&Request::new("GET", "/key", &HOST), Payload::Bytes(b""), start()).unwrap();
        let mut headers = HOST.to_vec();
        headers.extend(signed.iter());
        let request = Request::new("GET", "/key", &headers);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), start()).unwrap();
        let id = claim.claimed_access_key_id().to_owned();
        claim.verify(&claim_key(&id, &verifier, &request)).unwrap();
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| (0..300).for_each(|_| verify_one()))).collect();
        let mut number = 0;
        while threads.iter().any(|thread| !thread.is_finished()) {
            number += 1;
            signer.replace(credentials(&format!("ASIA{number}"), after(60))).unwrap();
        }
    });
}

fn claim_key(id: &str, verifier: &Verifier, request: &Request<'_>) -> countersign::VerifyingKey {
    let claim = verifier.claim(request, ReceivedBody::Bytes(b""), start()).unwrap();
    claim.derive_key(&credentials(id, after(60)))
}

#[cfg(feature = "aws-credential-types")]
#[test]
fn converts_the_credentials_of_the_aws_sdk() {
    use std::time::SystemTime;

    use countersign::CredentialsError;

    let convert = |id: &str, secret: &str, token: Option<&str>, expiration: Option<SystemTime>| {
        let token = token.map(str::to_owned);
        let sdk = aws_credential_types::Credentials::new(id, secret, token, expiration, "test");
        Credentials::try_from(&sdk)
    };
    let long_term = convert("AKIDEXAMPLE", "secret", None, None).unwrap();
    assert_eq!((long_term.session_token(), long_term.expiration()), (None, None));
    // Rounded down: the credentials are not used in the second in which they expire.
    let expiration = SystemTime::from(after(60)) + Duration::from_millis(999);
    let temporary = convert("ASIAEXAMPLE", "secret", Some("token"), Some(expiration)).unwrap();
    assert_eq!((temporary.session_token(), temporary.expiration()), (Some("token"), Some(after(60))));

    let rejected = |id, secret, token, expiration| convert(id, secret, token, expiration).unwrap_err();
    assert_eq!(rejected("", "secret", None, None), CredentialsError::EmptyAccessKeyId);
    assert_eq!(rejected("AKIDEXAMPLE", "secret\n", None, None), CredentialsError::InvalidSecretAccessKey);
    assert_eq!(rejected("AKIDEXAMPLE", "secret", Some(""), None), CredentialsError::InvalidSessionToken);
    let year_10000 = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    let error = rejected("AKIDEXAMPLE", "secret", None, Some(year_10000));
    assert_eq!(error, CredentialsError::InvalidExpiration);
    assert_eq!(error.to_string(), "the expiration is not valid: allowed are the years 0 to 9999");
}
