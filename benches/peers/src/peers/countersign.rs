//! The library itself: with a fresh result, and with the buffer of the previous result.

use std::sync::{Arc, LazyLock};

use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{
    AuthHeaders, Credentials, Expires, KeyCache, Payload, ReceivedBody, Region, Request, SecretAccessKey,
    Service, Signer, Timestamp, Verifier, VerifyingKey,
};

use crate::check::Answer;
use crate::measure::{Row, Sink};
use crate::work::{ACCESS_KEY, EXPIRES, Item, Kind, PROBE, REGION, SECRET, SERVICE, TIME, Work};
use testkit::reference;

const NAME: &str = "countersign";

pub fn rows(work: &'static Work) -> Vec<Row> {
    match work.kind {
        Kind::Presign => presigning(work),
        Kind::Sign => signing(),
        Kind::Verify => verifying(),
        Kind::Derive => deriving(),
    }
}

pub fn credentials(token: Option<&str>) -> Credentials {
    let credentials = Credentials::new(ACCESS_KEY, SecretAccessKey::new(SECRET)).expect("credentials");
    match token {
        Some(token) => credentials.with_session_token(token).expect("a token"),
        None => credentials,
    }
}

fn signer(token: Option<&str>) -> Arc<Signer> {
    Arc::new(Signer::new(credentials(token), REGION, Service::S3).expect("a signer"))
}

pub fn time() -> Timestamp {
    Timestamp::parse(TIME).expect("a time")
}

fn presigning(work: &'static Work) -> Vec<Row> {
    let (time, expires) = (time(), Expires::from_secs(EXPIRES.into()).expect("a lifetime"));
    let signer = signer(work.token);
    let (fresh, again) = (Arc::clone(&signer), signer);
    vec![
        Row::new(NAME, "key kept, fresh result", move || {
            let signer = Arc::clone(&fresh);
            move |item: &'static Item, sink: Sink<'_>| {
                let url = signer.presign(&view(item), expires, time).expect("presigned");
                sink(&|| Answer::Url(url.as_str().to_owned()));
            }
        }),
        Row::new(NAME, "key kept, buffer reused", move || {
            let (signer, mut buffer) = (Arc::clone(&again), Vec::new());
            move |item: &'static Item, sink: Sink<'_>| {
                let url = signer.presign_in(&mut buffer, &view(item), expires, time).expect("presigned");
                sink(&|| Answer::Url(url.as_str().to_owned()));
                buffer = url.into_buffer();
            }
        }),
        Row::new(NAME, "key derived: a signer for each call", move || {
            move |item: &'static Item, sink: Sink<'_>| {
                let signer = self::signer(work.token);
                let url = signer.presign(&view(item), expires, time).expect("presigned");
                sink(&|| Answer::Url(url.as_str().to_owned()));
            }
        }),
    ]
}

fn signing() -> Vec<Row> {
    let time = time();
    let signer = signer(None);
    let (fresh, again) = (Arc::clone(&signer), signer);
    vec![
        Row::new(NAME, "key kept, fresh result", move || {
            let signer = Arc::clone(&fresh);
            move |item: &'static Item, sink: Sink<'_>| {
                let signed = signer.sign(&view(item), payload(item), time).expect("signed");
                sink(&|| headers(&signed));
            }
        }),
        Row::new(NAME, "key kept, buffer reused", move || {
            let (signer, mut buffer) = (Arc::clone(&again), Vec::new());
            move |item: &'static Item, sink: Sink<'_>| {
                let signed = signer.sign_in(&mut buffer, &view(item), payload(item), time).expect("signed");
                sink(&|| headers(&signed));
                buffer = signed.into_buffer();
            }
        }),
        Row::new(NAME, "key derived: a signer for each call", move || {
            move |item: &'static Item, sink: Sink<'_>| {
                let signed = self::signer(None).sign(&view(item), payload(item), time).expect("signed");
                sink(&|| headers(&signed));
            }
        }),
    ]
}

fn verifying() -> Vec<Row> {
    let now = time();
    let verifier = || Verifier::new(REGION, Service::S3).expect("a verifier");
    vec![
        Row::new(NAME, "key kept", move || {
            let (verifier, credentials) = (verifier(), credentials(None));
            let key = VerifyingKey::derive(&credentials, &scope().into());
            move |item: &'static Item, sink: Sink<'_>| {
                let claim = verifier.claim(&received(item), body(item), now).expect("a claim");
                let verified = claim.verify(&key);
                sink(&|| Answer::Accepted(verified.is_ok()));
            }
        }),
        Row::new(NAME, "key from a KeyCache", move || {
            let (verifier, credentials, cache) = (verifier(), credentials(None), KeyCache::new(1000));
            move |item: &'static Item, sink: Sink<'_>| {
                let claim = verifier.claim(&received(item), body(item), now).expect("a claim");
                let verified = claim.verify_cached(&cache, &credentials);
                sink(&|| Answer::Accepted(verified.is_ok()));
            }
        }),
        Row::new(NAME, "key derived", move || {
            let (verifier, credentials) = (verifier(), credentials(None));
            move |item: &'static Item, sink: Sink<'_>| {
                let claim = verifier.claim(&received(item), body(item), now).expect("a claim");
                let key = claim.derive_key(&credentials);
                let verified = claim.verify(&key);
                sink(&|| Answer::Accepted(verified.is_ok()));
            }
        }),
    ]
}

fn deriving() -> Vec<Row> {
    vec![
        Row::new(NAME, "derivation alone", || {
            let secret = SecretAccessKey::new(SECRET);
            move |_: &'static Item, sink: Sink<'_>| {
                let [.., key] = SigningKey::derivation(&secret, &scope());
                sink(&|| Answer::Mac(reference::hmac(&*key, PROBE)));
            }
        }),
        Row::new(NAME, "derivation, kept as HMAC states (2 blocks more)", || {
            let secret = SecretAccessKey::new(SECRET);
            move |_: &'static Item, sink: Sink<'_>| {
                let key = SigningKey::derive(&secret, &scope());
                sink(&|| {
                    Answer::Mac(
                        key.sign(&StringToSign::from_text(PROBE)).as_bytes().try_into().unwrap_or_default(),
                    )
                });
            }
        }),
    ]
}

fn scope() -> CredentialScope<'static> {
    static NAMES: LazyLock<(Region, Service)> =
        LazyLock::new(|| (Region::new(REGION).expect("a region"), Service::new(SERVICE).expect("a service")));
    CredentialScope::new(time(), &NAMES.0, &NAMES.1)
}

fn view(item: &Item) -> Request<'static> {
    Request::new(item.method, item.uri, item.headers)
}

fn received(item: &Item) -> Request<'static> {
    Request::new(item.method, item.target, item.headers)
}

fn payload(item: &Item) -> Payload<'static> {
    if item.hash_body { Payload::Bytes(item.body) } else { Payload::Unsigned }
}

fn body(item: &Item) -> ReceivedBody<'static> {
    if item.hash_body { ReceivedBody::Bytes(item.body) } else { ReceivedBody::Unread }
}

fn headers(signed: &AuthHeaders) -> Answer {
    Answer::Headers(signed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
