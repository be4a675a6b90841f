//! A request with two faults is rejected with the error that `VerifyError` lists first.

use std::time::Duration;

use countersign::{
    Credentials, Expires, Limits, Payload, ReceivedBody, Request, Service, Signer, Timestamp, Verifier,
    VerifyError, VerifyingKey,
};
use testkit::{credentials, long_term, now};

const BODY: &[u8] = b"Welcome to Amazon S3.";

/// A validly signed request whose parts a test can change.
#[derive(Clone)]
struct Sent {
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    now: Timestamp,
    key: Key,
}

/// The key that the look-up returns.
#[derive(Clone, Copy)]
enum Key {
    Right,
    Unknown,
    Another,
    Expired,
    WithToken,
}

impl Sent {
    fn in_headers() -> Self {
        let headers = [("host", "bucket.s3.amazonaws.com")];
        let signer = Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
        let signed =
            signer.sign(&Request::new("PUT", "/key?x=1", &headers), Payload::Bytes(BODY), now()).unwrap();
        let headers = headers.into_iter().chain(signed.iter());
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { uri: "/key?x=1".into(), headers, body: BODY.into(), now: now(), key: Key::Right }
    }

    fn in_query() -> Self {
        let signer = Signer::new(credentials(), "us-east-1", Service::S3).unwrap();
        let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
        let url = signer.presign(&request, Expires::HOUR, now()).unwrap();
        let headers = vec![("host".to_owned(), "bucket.s3.amazonaws.com".to_owned())];
        Self { uri: url.path_and_query().to_owned(), headers, body: Vec::new(), now: now(), key: Key::Right }
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(other, _)| other == name).unwrap().1
    }

    fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn authorization(&mut self, from: &str, to: &str) {
        replace(self.header("authorization"), from, to);
    }

    fn judge(&self) -> Result<(), VerifyError> {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let method = if self.body.is_empty() { "GET" } else { "PUT" };
        let request = Request::new(method, &self.uri, &headers);
        let verifier =
            Verifier::new("us-east-1", Service::S3).unwrap().with_limits(Limits::default().with_headers(12));
        let claim = verifier.claim(&request, ReceivedBody::Bytes(&self.body), self.now)?;
        let of = |credentials: &Credentials| claim.derive_key(credentials);
        let key: Option<VerifyingKey> = match self.key {
            Key::Right => Some(of(&credentials())),
            Key::Unknown => None,
            Key::Another => Some(of(&long_term("AKIDOTHER", "other"))),
            Key::Expired => Some(of(&credentials().with_expiration(now()))),
            Key::WithToken => Some(of(&credentials().with_session_token("token").unwrap())),
        };
        claim.verify(key.as_ref())?;
        Ok(())
    }
}

/// Replaces the only occurrence of `from`.
fn replace(text: &mut String, from: &str, to: &str) {
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    *text = text.replace(from, to);
}

/// A fault: the variant of its error, a group of which a request can have only one fault (`' '` is no
/// group), and the change.
type Fault = (&'static str, char, fn(&mut Sent));

const SIZE_AND_FORM: [Fault; 2] = [
    ("TooLarge", ' ', |sent| (0..13).for_each(|n| sent.add(&format!("accept-{n}"), "a"))),
    ("Request", ' ', |sent| sent.add("host", "bucket.s3.amazonaws.com")),
];

const IN_HEADERS: [Fault; 13] = [
    ("RepeatedAuthorization", ' ', |sent| {
        let again = sent.header("authorization").clone();
        sent.add("authorization", &again);
    }),
    ("TwoMechanisms", ' ', |sent| sent.uri += "&X-Amz-Signature=ab"),
    ("UnsupportedAlgorithm", ' ', |sent| sent.authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")),
    ("InvalidDate", ' ', |sent| *sent.header("x-amz-date") = "yesterday".into()),
    ("RequestTimeTooSkewed", ' ', |sent| sent.now = sent.now.checked_add(Duration::from_secs(901)).unwrap()),
    ("DateMismatch", ' ', |sent| sent.authorization("/20130524/", "/20130523/")),
    ("WrongRegion", ' ', |sent| sent.authorization("/us-east-1/", "/eu-west-1/")),
    ("WrongService", ' ', |sent| sent.authorization("/s3/", "/iam/")),
    ("UnsignedHeaders", ' ', |sent| sent.add("x-amz-acl", "private")),
    ("MissingSignedHeader", ' ', |sent| sent.authorization(";x-amz-date,", ";x-amz-date;x-amz-meta-a,")),
    ("MissingPayloadHash", 'p', |sent| {
        sent.headers.retain(|(name, _)| name != "x-amz-content-sha256");
        sent.authorization("x-amz-content-sha256;", "");
    }),
    ("InvalidPayloadHash", 'p', |sent| *sent.header("x-amz-content-sha256") = "none".into()),
    ("UnsupportedPayload", 'p', |sent| {
        *sent.header("x-amz-content-sha256") = "STREAMING-AWS4-HMAC-SHA256-EVENTS".into()
    }),
];

const IN_A_QUERY: [Fault; 10] = [
    ("TwoMechanisms", ' ', |sent| sent.add("authorization", "AWS4-HMAC-SHA256 Credential=a")),
    ("UnsupportedAlgorithm", ' ', |sent| replace(&mut sent.uri, "=AWS4-HMAC-SHA256", "=AWS4-HMAC-SHA1")),
    ("DateMismatch", ' ', |sent| replace(&mut sent.uri, "%2F20130524%2F", "%2F20130523%2F")),
    ("WrongRegion", ' ', |sent| replace(&mut sent.uri, "us-east-1", "eu-west-1")),
    ("WrongService", ' ', |sent| replace(&mut sent.uri, "%2Fs3%2F", "%2Fiam%2F")),
    ("NotYetValid", 't', |sent| sent.now = sent.now.checked_sub(Duration::from_secs(901)).unwrap()),
    ("Expired", 't', |sent| sent.now = sent.now.checked_add(Duration::from_secs(3601)).unwrap()),
    ("ContradictoryHeader", ' ', |sent| sent.add("x-amz-date", "20130525T000000Z")),
    ("UnsignedHeaders", ' ', |sent| sent.add("x-amz-acl", "private")),
    ("MissingSignedHeader", ' ', |sent| {
        replace(&mut sent.uri, "SignedHeaders=host", "SignedHeaders=host%3Bx-amz-meta-a");
    }),
];

const OF_THE_KEY: [Fault; 5] = [
    ("InvalidAccessKeyId", 'k', |sent| sent.key = Key::Unknown),
    ("KeyMismatch", 'k', |sent| sent.key = Key::Another),
    ("SignatureDoesNotMatch", ' ', |sent| replace(&mut sent.uri, "/key?", "/kez?")),
    ("InvalidToken", 'k', |sent| sent.key = Key::WithToken),
    ("CredentialsExpired", 'k', |sent| sent.key = Key::Expired),
];

const OF_THE_BODY: [Fault; 1] = [("PayloadMismatch", ' ', |sent| sent.body.push(b'!'))];

fn error_name(sent: &Sent) -> String {
    let error = format!("{:?}", sent.judge().expect_err("the request has a fault"));
    error.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

fn check_each_pair(good: &Sent, faults: &[Fault]) {
    assert_eq!(good.judge(), Ok(()));
    for (index, (first, kind, make)) in faults.iter().enumerate() {
        let mut sent = good.clone();
        make(&mut sent);
        assert_eq!(error_name(&sent), *first);
        for (second, other, make_too) in faults.iter().skip(index + 1) {
            if kind == other && *kind != ' ' {
                continue;
            }
            let mut both = sent.clone();
            make_too(&mut both);
            assert_eq!(error_name(&both), *first, "with {second}");
            let mut turned = good.clone();
            make_too(&mut turned);
            make(&mut turned);
            assert_eq!(error_name(&turned), *first, "after {second}");
        }
    }
}

#[test]
fn reports_the_first_fault_of_a_request_signed_in_headers() {
    let faults = [&SIZE_AND_FORM[..], &IN_HEADERS, &OF_THE_KEY, &OF_THE_BODY].concat();
    check_each_pair(&Sent::in_headers(), &faults);
}

#[test]
fn reports_the_first_fault_of_a_presigned_url() {
    check_each_pair(&Sent::in_query(), &[&SIZE_AND_FORM[..], &IN_A_QUERY, &OF_THE_KEY].concat());
}
