//! Signed event streams, compared with published values and, in both directions,
//! with `aws-sigv4`.

use std::time::{Duration, UNIX_EPOCH};

use aws_sigv4::event_stream::{SigningParams, sign_empty_message, sign_message};
use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use countersign::event_stream::{EventError, EventSigner, EventVerifier};
use countersign::steps::{CredentialScope, Signature, SigningKey, StringToSign};
use countersign::*;
use testkit::{assert_err, at, long_term};

/// A published example. The steps compute its signature.
struct Published {
    id_and_secret: (&'static str, &'static str),
    region_and_service: (&'static str, &'static str),
    time: &'static str,
    prior: &'static str,
    headers: &'static str,
    payload: &'static [u8],
}

impl Published {
    fn region_and_service(&self) -> (Region, Service) {
        let (region, service) = self.region_and_service;
        (Region::new(region).unwrap(), Service::new(service).unwrap())
    }

    fn string_to_sign(&self) -> StringToSign {
        let (region, service) = self.region_and_service();
        let scope = CredentialScope::new(at(self.time), &region, &service);
        let prior = Signature::parse(self.prior).unwrap();
        let headers = hex::decode(self.headers).unwrap();
        StringToSign::for_event(at(self.time), &scope, Some(&prior), &headers, self.payload)
    }

    fn signature(&self) -> String {
        let (region, service) = self.region_and_service();
        let scope = CredentialScope::new(at(self.time), &region, &service);
        let secret = SecretAccessKey::new(self.id_and_secret.1);
        SigningKey::derive(&secret, &scope).sign(&self.string_to_sign()).to_string()
    }
}

/// The encoded event of smithy-rs and smithy-kotlin: a header `some-header`
/// with the value `value`, and the payload `test payload`.
const INNER: &[u8] =
    b"\0\0\0\x30\0\0\0\x14\xde\xd9\xb3\x92\x0bsome-header\x07\0\x05valuetest payload>\x89\xb9$";

/// aws/aws-sdk-go, aws/signer/v4/stream_test.go (Apache-2.0). Its headers are not
/// encoded headers, but arbitrary bytes.
#[test]
fn signs_the_events_of_aws_sdk_go() {
    let first = Published {
        id_and_secret: ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        region_and_service: ("us-east-1", "transcribe"),
        time: "20190127T223754Z",
        prior: "9d9ab996c81f32c9d4e6fc166c92584f3741d1cb5ce325cd11a77d1f962c8de2",
        headers: "68656164657273",
        payload: b"payload",
    };
    let signature = "681a7eaa82891536f24af7ec7e9219ee251ccd9bac2f1b981eab7c5ec8579115";
    assert_eq!(first.signature(), signature);
    let second = Published {
        prior: signature,
        headers: "6d6f72652068656164657273",
        payload: b"more payload",
        ..first
    };
    assert_eq!(second.signature(), "07633d9d4ab4d81634a2164934d1f648c7cbc6839a8cf0773d818127a267e4d6");
}

/// smithy-lang/smithy-rs, aws/rust-runtime/aws-sigv4/src/event_stream.rs
/// (Apache-2.0). The test has the string to sign only.
#[test]
fn signs_the_event_of_smithy_rs() {
    let event = Published {
        id_and_secret: ("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby"),
        region_and_service: ("us-east-1", "testservice"),
        time: "19731129T213309Z",
        prior: "be1f8c7d79ef8e1abc5254a2c70e4da3bfaf4f07328f527444e1fc6ea67273e2",
        headers: "053a64617465080000001cbe991a08",
        payload: INNER,
    };
    assert_eq!(
        event.string_to_sign().as_str(),
        "AWS4-HMAC-SHA256-PAYLOAD\n\
         19731129T213309Z\n\
         19731129/us-east-1/testservice/aws4_request\n\
         be1f8c7d79ef8e1abc5254a2c70e4da3bfaf4f07328f527444e1fc6ea67273e2\n\
         0c0e3b3bf66b59b976181bd7d401927bbd624107303c713fd1e5f3d3c8dd1b1e\n\
         f2eba0f2e95967ee9fbc6db5e678d2fd599229c0d04b11e4fc8e0f2a02a806c6"
    );
}

/// smithy-lang/smithy-kotlin, EventStreamSigningTest.kt (Apache-2.0).
#[test]
fn signs_the_event_of_smithy_kotlin() {
    let event = Published {
        id_and_secret: ("fake access key", "fake secret key"),
        region_and_service: ("us-east-1", "testservice"),
        time: "19731129T213309Z",
        prior: "be1f8c7d79ef8e1abc5254a2c70e4da3bfaf4f07328f527444e1fc6ea67273e2",
        headers: "053a64617465080000001cbe991a08",
        payload: INNER,
    };
    assert_eq!(event.signature(), "1ea04a4f6becd85ae3e38e379ffaf4bb95042603f209512476cc6416868b31ee");
}

/// awslabs/aws-c-auth, tests/test_event_signing.c (Apache-2.0): a request and
/// its events.
#[test]
fn signs_the_events_of_aws_c_auth() {
    let credentials = long_term("access", "secret");
    let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("demo").unwrap()).unwrap();
    let headers = [
        ("host", "demo.us-east-1.amazonaws.com"),
        ("Content-Encoding", "application/vnd.amazon.eventstream"),
    ];
    let request = Request::new("POST", "/streaming", &headers);
    let start = at("19810116T063000Z");
    let (signed, mut events) = signer.sign_events(&request, start).unwrap();
    assert_eq!(
        signed.authorization(),
        "AWS4-HMAC-SHA256 Credential=access/19810116/us-east-1/demo/aws4_request, \
         SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date, \
         Signature=e1d8e8c8815e60969f2a34765c9a15945ffc0badbaa4b7e3b163ea19131e949b"
    );
    assert!(
        signed.iter().any(|header| header == ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-EVENTS"))
    );

    let mut body = Vec::new();
    for (payload, seconds) in [(b"A", 1), (b"B", 2), (b"C", 3)] {
        events.sign(payload, start.checked_add(Duration::from_secs(seconds)).unwrap(), &mut body).unwrap();
    }
    let end = start.checked_add(Duration::from_secs(4)).unwrap();
    events.finish(end, &mut body).unwrap();
    let signatures = [
        "7aabf85b765e6a4d0d500b6e968657b14726fa3e1eb7e839302728ffd77629a5",
        "f72aa9642f571d24a6e1ae42f10f073ad9448d8a028b6bcd82da081335adda02",
        "632af120435b57ec241d8bfbb12e496dfd5e2730a1a02ac0ab6eaa230ae02e9a",
        "c6f679ddb3af68f5e82f0cf6761244cb2338cf11e7d01a24130aea1b7c17e53e",
    ];
    let mut rest = &body[..];
    for (signature, payload) in signatures.into_iter().zip(["A", "B", "C", ""]) {
        let message = read_message_from(&mut rest).unwrap();
        assert_eq!(&message.payload()[..], payload.as_bytes());
        assert_eq!(signature_of(&message), signature);
    }
    assert!(rest.is_empty());
    assert_eq!(payloads(&signed, &headers, "/streaming", &credentials, "demo", &body, end), ["A", "B", "C"]);
}

fn signature_of(message: &Message) -> String {
    let header =
        message.headers().iter().find(|header| header.name().as_str() == ":chunk-signature").unwrap();
    let HeaderValue::ByteArray(bytes) = header.value() else { panic!("not bytes") };
    hex::encode(bytes)
}

/// Verifies a stream in pieces of several sizes, and returns the payloads.
fn payloads(
    signed: &AuthHeaders,
    headers: &[(&str, &str)],
    target: &str,
    credentials: &Credentials,
    service: &'static str,
    body: &[u8],
    now: Timestamp,
) -> Vec<String> {
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain(signed.iter()).collect();
    let request = Request::new("POST", target, &headers);
    let verifier = Verifier::new("us-east-1", Service::new(service).unwrap()).unwrap().allow_events();
    let claim = verifier.claim(&request, ReceivedBody::Unread, now).unwrap();
    let key = claim.derive_key(credentials);
    let verified = claim.verify(&key).unwrap();
    assert_eq!(verified.body(), BodyCheck::Events);
    let read = |size: usize| {
        let mut events = EventVerifier::new(&verified).unwrap().with_credentials(credentials).unwrap();
        let mut found = Vec::new();
        for mut piece in body.chunks(size) {
            while let Some(event) = events.next(&mut piece, now).unwrap() {
                found.push(String::from_utf8_lossy(event.payload()).into_owned());
            }
            assert!(piece.is_empty());
        }
        events.finish().unwrap();
        found
    };
    let found = read(body.len());
    for size in [1, 2, 7, 83, 84, 85] {
        assert_eq!(read(size), found, "{size}");
    }
    found
}

const HOST: &str = "transcribestreaming.us-east-1.amazonaws.com";
const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn begin(time: Timestamp) -> (AuthHeaders, EventSigner, Credentials) {
    let credentials = long_term(ID, SECRET);
    let credentials = credentials.with_session_token("IQoJb3JpZ2luX2VjEXAMPLE").unwrap();
    let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("transcribe").unwrap()).unwrap();
    let headers = [("host", HOST)];
    let (signed, events) =
        signer.sign_events(&Request::new("POST", "/stream-transcription", &headers), time).unwrap();
    (signed, events, credentials)
}

/// Verifies the request that [`begin`] signed.
fn verified(signed: &AuthHeaders, time: Timestamp, credentials: &Credentials) -> Verified {
    let headers: Vec<(&str, &str)> = std::iter::once(("host", HOST)).chain(signed.iter()).collect();
    let verifier = Verifier::new("us-east-1", Service::new("transcribe").unwrap()).unwrap().allow_events();
    let request = Request::new("POST", "/stream-transcription", &headers);
    let claim = verifier.claim(&request, ReceivedBody::Unread, time).unwrap();
    let key = claim.derive_key(credentials);
    claim.verify(&key).unwrap()
}

/// Returns the times of ten events, one a second, from five seconds before midnight.
fn times() -> impl Iterator<Item = Timestamp> {
    (0..10).map(|second| at("20190127T235955Z").checked_add(Duration::from_secs(second)).unwrap())
}

fn inner(number: usize) -> Message {
    let header = Header::new(":event-type", HeaderValue::String("AudioEvent".into()));
    Message::new(vec![b'a'; number * 1000]).add_header(header)
}

/// Signs an event with aws-sigv4. `None` is the closing event.
fn theirs(message: Option<&Message>, prior: &str, time: Timestamp) -> (Message, String) {
    theirs_with(SECRET, message, prior, time)
}

fn theirs_with(secret: &str, message: Option<&Message>, prior: &str, time: Timestamp) -> (Message, String) {
    let identity = aws_credential_types::Credentials::new(ID, secret, None, None, "test").into();
    let time = UNIX_EPOCH + Duration::from_secs(time.unix_seconds().try_into().unwrap());
    let parameters: SigningParams<'_> = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("transcribe")
        .time(time)
        .settings(())
        .build()
        .unwrap();
    let output = match message {
        Some(message) => sign_message(message, prior, &parameters),
        None => sign_empty_message(prior, &parameters),
    };
    output.unwrap().into_parts()
}

#[test]
fn signs_events_as_aws_sigv4_does_across_midnight() {
    let (signed, mut events, _) = begin(times().next().unwrap());
    let mut prior = signed.signature().to_string();
    let mut body = Vec::new();
    for (number, time) in times().enumerate() {
        let mut event = Vec::new();
        write_message_to(&inner(number), &mut event).unwrap();
        events.sign(&event, time, &mut body).unwrap();
        let (expected, signature) = theirs(Some(&inner(number)), &prior, time);
        prior = signature;
        let mut rest = &body[..];
        let message = read_message_from(&mut rest).unwrap();
        assert!(rest.is_empty());
        assert_eq!(message.payload(), expected.payload());
        let sorted = |message: &Message| {
            let mut headers = message.headers().to_vec();
            headers.sort_by(|a, b| a.name().as_str().cmp(b.name().as_str()));
            headers
        };
        assert_eq!(sorted(&message), sorted(&expected));
        body.clear();
    }
    let last = times().last().unwrap();
    events.finish(last, &mut body).unwrap();
    let closing = read_message_from(&mut &body[..]).unwrap();
    assert_eq!(signature_of(&closing), theirs(None, &prior, last).1);
}

#[test]
fn verifies_events_of_aws_sigv4_across_midnight() {
    let (signed, _, credentials) = begin(times().next().unwrap());
    let mut prior = signed.signature().to_string();
    let (mut body, mut sent) = (Vec::new(), Vec::new());
    for (number, time) in times().enumerate() {
        let (message, signature) = theirs(Some(&inner(number)), &prior, time);
        sent.push(String::from_utf8_lossy(message.payload()).into_owned());
        write_message_to(&message, &mut body).unwrap();
        prior = signature;
    }
    let last = times().last().unwrap();
    write_message_to(&theirs(None, &prior, last).0, &mut body).unwrap();
    let headers = [("host", HOST)];
    let found = payloads(&signed, &headers, "/stream-transcription", &credentials, "transcribe", &body, last);
    assert_eq!(found, sent);
}

/// The URL is that of `services::presigns_websockets_with_a_signed_token`, with
/// botocore's signature. aws-sigv4 signs the events that follow it.
#[test]
fn signs_and_verifies_the_messages_of_a_websocket() {
    let time = at("20240501T120000Z");
    let credentials = long_term("ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = credentials.with_session_token("IQoJb3JpZ2luX2VjEXAMPLE/+token==").unwrap();
    let signer = Signer::new(credentials.clone(), "us-east-1", Service::new("transcribe").unwrap()).unwrap();
    let uri = "wss://transcribestreaming.us-east-1.amazonaws.com:8443/stream-transcription-websocket\
               ?language-code=en-US&media-encoding=flac&sample-rate=16000";
    let expires = Expires::from_secs(300).unwrap();
    let (url, mut events) = signer.presign_events(&Request::new("GET", uri, &[]), expires, time).unwrap();
    let mut prior = "092df64f7547e8cff5ab11439985dee0a742423da87c38e229270c8000d38d41".to_owned();
    assert_eq!(url.signature().to_string(), prior);

    let headers = [("host", "transcribestreaming.us-east-1.amazonaws.com:8443")];
    let verifier = Verifier::new("us-east-1", Service::new("transcribe").unwrap()).unwrap();
    let request = Request::new("GET", url.path_and_query(), &headers);
    let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), time).unwrap();
    let key = claim.derive_key(&credentials);
    let verified = claim.verify(&key).unwrap();
    let mut verifier = EventVerifier::over_websocket(&verified, &credentials).unwrap();
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for number in 0..3 {
        let mut event = Vec::new();
        write_message_to(&inner(number), &mut event).unwrap();
        let mut ours = Vec::new();
        events.sign(&event, time, &mut ours).unwrap();
        let (message, signature) = theirs_with(secret, Some(&inner(number)), &prior, time);
        assert_eq!(signature_of(&read_message_from(&mut &ours[..]).unwrap()), signature);
        let mut frame = Vec::new();
        write_message_to(&message, &mut frame).unwrap();
        let found = verifier.next(&mut &frame[..], time).unwrap().unwrap();
        assert_eq!(found.payload(), event);
        prior = signature;
    }
    let mut closing = Vec::new();
    write_message_to(&theirs_with(secret, None, &prior, time).0, &mut closing).unwrap();
    assert!(verifier.next(&mut &closing[..], time).unwrap().is_none());
    assert_eq!(verifier.finish(), Ok(()));
}

/// Python's `struct` and `zlib.crc32` computed the lengths and the checksums. The
/// signature is that of aws-c-auth's test.
#[test]
fn writes_the_frame_byte_for_byte() {
    let credentials = long_term("access", "secret");
    let signer = Signer::new(credentials, "us-east-1", Service::new("demo").unwrap()).unwrap();
    let headers = [
        ("host", "demo.us-east-1.amazonaws.com"),
        ("Content-Encoding", "application/vnd.amazon.eventstream"),
    ];
    let request = Request::new("POST", "/streaming", &headers);
    let (_, mut events) = signer.sign_events(&request, at("19810116T063000Z")).unwrap();
    let mut body = Vec::new();
    events.sign(b"A", at("19810116T063001Z"), &mut body).unwrap();
    assert_eq!(hex::encode(&body), FRAME);
}

const FRAME: &str = "00000054000000434764a648053a64617465080000005122b46e28103a6368756e6b2d7369676e61747572650600207aabf85b765e6a4d0d500b6e968657b14726fa3e1eb7e839302728ffd77629a54119ea5a22";

#[test]
fn event_types_cross_threads() {
    fn kept<T: Send + Sync + Unpin + 'static>() {}
    fn an_error<T: core::error::Error + Clone + Eq + Send + Sync + Unpin + 'static>() {}
    kept::<EventSigner>();
    kept::<EventVerifier>();
    an_error::<EventError>();
}

#[test]
fn signing_and_verifying_an_event_allocates_nothing() {
    let time = times().next().unwrap();
    let (signed, mut events, credentials) = begin(time);
    let mut body = Vec::with_capacity(4096);
    events.sign(&[7; 1000], time, &mut body).unwrap();
    let count = allocation_counter::measure(|| events.sign(&[7; 1000], time, &mut body).unwrap());
    assert_eq!(count.count_total, 0);
    events.finish(time, &mut body).unwrap();

    let verified = verified(&signed, time, &credentials);
    let mut events = EventVerifier::new(&verified).unwrap().with_credentials(&credentials).unwrap();
    let mut piece = &body[..];
    assert!(events.next(&mut piece, time).unwrap().is_some());
    let count = allocation_counter::measure(|| assert!(events.next(&mut piece, time).unwrap().is_some()));
    assert_eq!(count.count_total, 0);
    assert!(events.next(&mut piece, time).unwrap().is_none());
    assert_eq!(events.finish(), Ok(()));
}

/// A server's handler needs one error type for the request and its events.
#[test]
fn an_event_error_converts_to_a_verify_error() {
    fn handler(error: EventError) -> Result<(), VerifyError> {
        Err(error)?
    }
    for (error, code, status) in [
        (EventError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403),
        (error_of_a_late_event(), "RequestTimeTooSkewed", 403),
        (EventError::Incomplete, "IncompleteBody", 400),
    ] {
        let text = error.to_string();
        let converted = handler(error.clone()).unwrap_err();
        assert_eq!(converted, VerifyError::Event(error));
        assert_eq!((converted.code(), converted.status(), converted.to_string()), (code, status, text));
    }
}

/// Returns the error of an event that is received 901 seconds after it was signed.
fn error_of_a_late_event() -> EventError {
    let time = times().next().unwrap();
    let late = time.checked_add(Duration::from_secs(901)).unwrap();
    let (signed, mut events, credentials) = begin(time);
    let mut body = Vec::new();
    events.sign(b"event", time, &mut body).unwrap();
    let verified = verified(&signed, time, &credentials);
    let mut events = EventVerifier::new(&verified).unwrap();
    let error = events.next(&mut &body[..], late).map(drop);
    let max_skew = Duration::from_secs(900);
    assert_err!(error.clone(), EventError::TimeTooSkewed { time: time, now: late, max_skew: max_skew });
    error.unwrap_err()
}
