//! Properties of every request, tested with random requests.
//!
//! * A signed request verifies, and the verifier computes the same steps.
//! * A changed request is rejected, unless the change leaves the canonical request
//!   and the string to sign as they were.
//! * The order of headers and of query parameters does not matter.
//! * Canonicalizing a canonical request does not change it.
//! * No input panics.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use std::time::Duration;

use countersign::steps::CanonicalRequest;
use countersign::{
    Credentials, Expires, Payload, PayloadMode, ReceivedBody, Rejected, Request, Rules, Service,
    SignedHeaders, Signer, Timestamp, Verifier, VerifyError, uri,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use testkit::{HOST, Wire, assert_err, at, credentials};

const REGION: &str = "us-east-1";

fn now() -> Timestamp {
    at("20240501T120000Z")
}

/// Runs `quick` cases, or as many as `PROPTEST_CASES` sets. A failure is printed in
/// full and not stored in a file.
fn cases(quick: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(quick), failure_persistence: None, ..ProptestConfig::default() }
}

// ---- Requests that can be sent ----

/// A request and how to sign it.
#[derive(Debug, Clone)]
struct Case {
    how: How,
    method: String,
    path: String,
    pairs: Vec<String>,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct How {
    s3: bool,
    presigned: bool,
    token: bool,
    /// The URI is a whole URL, instead of a path with a `Host` header.
    absolute: bool,
}

impl How {
    fn service(self) -> Service {
        if self.s3 { Service::S3 } else { Service::new("execute-api").unwrap() }
    }

    fn credentials(self) -> Credentials {
        let credentials = credentials();
        if self.token { credentials.with_session_token("token/+==").unwrap() } else { credentials }
    }

    fn signer(self) -> Signer {
        Signer::new(self.credentials(), REGION, self.service()).unwrap()
    }
}

fn how() -> impl Strategy<Value = How> {
    any::<[bool; 4]>().prop_map(|[s3, presigned, token, absolute]| How { s3, presigned, token, absolute })
}

fn encoded() -> impl Strategy<Value = String> {
    "\\PC{0,4}".prop_map(|text| uri::encode(&text))
}

/// The signer refuses an encoded slash and a raw `+` in a path of S3.
fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9._~-]{0,6}",
        4 => encoded().prop_map(|text| text.replace("%2F", "%21")),
        // Characters that can be sent unencoded and are signed encoded.
        2 => "[!\"$&'()*,:;<=>@\\[\\]^`{|}~a-z\\\\]{0,5}",
        // Encoded differently from the canonical form.
        2 => "(%([3-7][0-9a-fA-F]|2[0-9a-eA-E])){1,3}",
        1 => select(vec![".", "..", "", "...", "%2E", "%2e%2e"]).prop_map(String::from),
    ]
}

fn path() -> impl Strategy<Value = String> {
    vec(segment(), 0..5).prop_map(|segments| format!("/{}", segments.join("/")))
}

fn without_hidden_dots(path: &str) -> String {
    ["%2E", "%2e", "%2F", "%2f"].iter().fold(path.to_owned(), |path, hidden| path.replace(hidden, "%21"))
}

/// Generates pairs whose names differ in their last character, a digit.
fn pairs() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof!["[a-wyzA-WYZ][a-zA-Z0-9~._-]{0,5}", "[a-w][!$'()*,;:@/?|]{0,3}", encoded()];
    let value = prop_oneof![
        2 => "=[a-zA-Z0-9~._-]{0,6}",
        2 => encoded().prop_map(|text| format!("={text}")),
        2 => "=[!$'()*+,;:@/?=|a-z]{0,5}",
        1 => "=(%[2-7][0-9a-fA-F]){1,3}",
        1 => Just(String::new()),
    ];
    vec((name, value), 0..5).prop_map(|pairs| {
        pairs.iter().enumerate().map(|(digit, (name, value))| format!("{name}{digit}{value}")).collect()
    })
}

/// Generates headers that are signed, some of them repeated.
fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop_oneof![
        select(vec!["content-type", "Content-MD5", "range", "X-Amz-Acl", "x-amz-tagging", "cookie"])
            .prop_map(String::from),
        "x-[a-c]",
        "X-[a-c]",
        "x-amz-meta-[a-c]",
        "[a-b][!#$%&'*+.^_`|~0-9A-Z-]{1,20}z",
    ];
    let value = prop_oneof![
        "[!-~]{0,10}".prop_map(String::into_bytes),
        "\t?[ -~]{0,8}\t?".prop_map(String::into_bytes),
        vec(prop_oneof![0x20..=0x7e_u8, 0x80..=0xff_u8], 0..8),
    ];
    vec((name, value), 0..6)
}

fn case() -> impl Strategy<Value = Case> {
    let method = prop_oneof![
        select(vec!["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]).prop_map(String::from),
        "[A-Za-z!#$&'*+.^_-]{1,8}",
    ];
    (how(), method, path(), pairs(), headers(), vec(any::<u8>(), 0..40)).prop_map(
        |(how, method, path, pairs, headers, body)| {
            // A presigned URL signs an empty body, or no body for S3.
            let body = if how.presigned && !how.s3 { Vec::new() } else { body };
            // Signer and verifier reject encoded dot segments if paths are normalized.
            let path = if how.s3 { path } else { without_hidden_dots(&path) };
            Case { how, method, path, pairs, headers, body }
        },
    )
}

/// The steps that a signature depends on.
#[derive(Debug, Clone, PartialEq)]
struct Signed {
    canonical: Vec<u8>,
    to_sign: String,
}

impl Signed {
    fn of(explain: &countersign::steps::Explain<'_>) -> Self {
        Self {
            canonical: explain.canonical_request().as_bytes().to_vec(),
            to_sign: explain.string_to_sign().as_str().into(),
        }
    }
}

impl Case {
    fn unsigned(&self) -> Wire {
        let (front, mut headers) = if self.how.absolute {
            (format!("https://{HOST}"), Vec::new())
        } else {
            (String::new(), vec![("Host".to_owned(), HOST.as_bytes().to_vec())])
        };
        headers.extend(self.headers.iter().cloned());
        let query = if self.pairs.is_empty() { String::new() } else { format!("?{}", self.pairs.join("&")) };
        let target = format!("{front}{}{query}", self.path);
        Wire { method: self.method.clone(), target, headers, body: self.body.clone() }
    }

    /// Returns the signed request as it is sent.
    fn send(&self) -> (Wire, Signed) {
        let wire = self.unsigned();
        let signer = self.how.signer();
        if self.how.presigned {
            let url = wire.view(|request| signer.presign(request, Expires::HOUR, now())).unwrap();
            let signed = Signed::of(&url.explain());
            (wire.target(url.into_string()), signed)
        } else {
            let payload = Payload::Bytes(&self.body);
            let added = wire.view(|request| signer.sign(request, payload, now())).unwrap();
            let signed = Signed::of(&added.explain());
            (added.iter().fold(wire, |wire, (name, value)| wire.with(name, value)), signed)
        }
    }

    /// Verifies the request as a server does that derives a key for any claimed scope.
    fn receive(&self, verifier: &Verifier, wire: &Wire) -> Result<Signed, VerifyError> {
        let claim = wire.claim(verifier, now())?;
        let credentials = self.how.credentials();
        let known = claim.claimed_access_key_id() == credentials.access_key_id();
        let key = known.then(|| claim.derive_key(&credentials));
        let token = claim.claimed_session_token().map(str::to_owned);
        let verified = claim.verify(key.as_ref())?;
        assert_eq!(token.as_deref(), credentials.session_token());
        assert_eq!(verified.access_key_id(), credentials.access_key_id());
        Ok(Signed::of(&verified.explain()))
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(REGION, self.how.service()).unwrap()
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_signed_request_verifies(case in case()) {
        let (wire, signed) = case.send();
        prop_assert_eq!(case.receive(&case.verifier(), &wire), Ok(signed));
    }

    #[test]
    fn signing_again_gives_the_same_signature(case in case()) {
        let (wire, signed) = case.send();
        let signer = case.how.signer();
        let again = wire.view(|request| {
            let request = request.strip_signature();
            if case.how.presigned {
                Signed::of(&signer.presign(&request.request(), Expires::HOUR, now()).unwrap().explain())
            } else {
                let payload = Payload::Bytes(&case.body);
                Signed::of(&signer.sign(&request.request(), payload, now()).unwrap().explain())
            }
        });
        prop_assert_eq!(again, signed);
    }
}

// ---- Changes ----

#[derive(Debug, Clone)]
enum Edit {
    Replace(u8),
    Insert(u8),
    Delete,
    /// Flips the bit that distinguishes upper and lower case in ASCII.
    Flip,
}

impl Edit {
    fn apply(&self, text: &mut Vec<u8>, at: Index) {
        if let Self::Insert(byte) = self {
            text.insert(at.index(text.len() + 1), *byte);
            return;
        }
        if text.is_empty() {
            return;
        }
        let at = at.index(text.len());
        match self {
            Self::Replace(byte) => text[at] = *byte,
            Self::Flip => text[at] ^= 0x20,
            Self::Delete | Self::Insert(_) => drop(text.remove(at)),
        }
    }
}

#[derive(Debug, Clone)]
enum Change {
    Method(Index, Edit),
    Uri(Index, Edit),
    /// Removes or repeats a pair of the query or a segment of the path.
    Piece(char, Index, bool),
    Name(Index, Index, Edit),
    Value(Index, Index, Edit),
    Drop(Index),
    Twice(Index),
    Add(String, Vec<u8>),
    Body(Index, Edit),
}

fn edit() -> impl Strategy<Value = Edit> {
    let byte = prop_oneof![
        4 => 0x21..=0x7e_u8,
        2 => select(b"/?&=%+.;: ,#".to_vec()),
        1 => any::<u8>(),
    ];
    prop_oneof![
        byte.clone().prop_map(Edit::Replace),
        byte.prop_map(Edit::Insert),
        Just(Edit::Delete),
        Just(Edit::Flip),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let any_index = any::<Index>;
    prop_oneof![
        1 => (any_index(), edit()).prop_map(|(at, edit)| Change::Method(at, edit)),
        6 => (any_index(), edit()).prop_map(|(at, edit)| Change::Uri(at, edit)),
        2 => (select(vec!['&', '/']), any_index(), any::<bool>())
            .prop_map(|(mark, which, twice)| Change::Piece(mark, which, twice)),
        2 => (any_index(), any_index(), edit()).prop_map(|(which, at, edit)| Change::Name(which, at, edit)),
        6 => (any_index(), any_index(), edit()).prop_map(|(which, at, edit)| Change::Value(which, at, edit)),
        1 => any_index().prop_map(Change::Drop),
        1 => any_index().prop_map(Change::Twice),
        2 => ("(x-amz-)?[a-z0-9-]{1,6}", "[ -~]{0,6}")
            .prop_map(|(name, value)| Change::Add(name, value.into_bytes())),
        1 => (any_index(), edit()).prop_map(|(at, edit)| Change::Body(at, edit)),
    ]
}

/// Edits a string, unless the result is not UTF-8, which a request cannot hold.
fn edited(text: &mut String, at: Index, edit: &Edit) {
    let mut bytes = text.clone().into_bytes();
    edit.apply(&mut bytes, at);
    if let Ok(changed) = String::from_utf8(bytes) {
        *text = changed;
    }
}

impl Change {
    fn apply(&self, wire: &mut Wire) {
        let count = wire.headers.len();
        if count == 0 && matches!(self, Self::Name(..) | Self::Value(..) | Self::Drop(_) | Self::Twice(_)) {
            return;
        }
        match self {
            Self::Method(at, edit) => edited(&mut wire.method, *at, edit),
            Self::Uri(at, edit) => edited(&mut wire.target, *at, edit),
            Self::Piece(mark, which, twice) => {
                let mut pieces: Vec<&str> = wire.target.split(*mark).collect();
                let which = which.index(pieces.len());
                if *twice {
                    pieces.insert(which, pieces[which]);
                } else {
                    pieces.remove(which);
                }
                wire.target = pieces.join(&mark.to_string());
            }
            Self::Name(which, at, edit) => edited(&mut wire.headers[which.index(count)].0, *at, edit),
            Self::Value(which, at, edit) => edit.apply(&mut wire.headers[which.index(count)].1, *at),
            Self::Drop(which) => drop(wire.headers.remove(which.index(count))),
            Self::Twice(which) => {
                let header = wire.headers[which.index(count)].clone();
                wire.headers.push(header);
            }
            Self::Add(name, value) => wire.headers.push((name.clone(), value.clone())),
            Self::Body(at, edit) => edit.apply(&mut wire.body, *at),
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn a_change_is_rejected_or_has_no_effect(case in case(), change in change()) {
        let (mut wire, signed) = case.send();
        change.apply(&mut wire);
        if let Ok(received) = case.receive(&case.verifier(), &wire) {
            prop_assert_eq!(received, signed, "{:?} of {:?}", change, wire);
            let signs_body = !(case.how.presigned && case.how.s3);
            prop_assert!(!signs_body || wire.body == case.body, "a changed body was accepted");
        }
    }
}

/// Replaces `from` in the target and in all header values. It must occur.
fn replaced(wire: &Wire, from: &str, to: &str) -> Wire {
    let mut changed = wire.clone();
    changed.target = wire.target.replace(from, to);
    for (_, value) in &mut changed.headers {
        if let Ok(text) = core::str::from_utf8(value) {
            *value = text.replace(from, to).into_bytes();
        }
    }
    assert_ne!(&changed, wire, "{from} does not occur");
    changed
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn rejects_another_method(case in case(), method in "[A-Za-z]{1,7}") {
        let (mut wire, _) = case.send();
        prop_assume!(method != wire.method);
        wire.method = method;
        let refused = case.receive(&case.verifier(), &wire);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));
    }

    #[test]
    fn rejects_another_signature(case in case(), at in 0..64_usize, by in 1..16_u32) {
        let (wire, _) = case.send();
        let found = |text: &str| text.split_once("Signature=").map(|(_, hex)| hex[..64].to_owned());
        let right = wire.headers.iter().find(|(name, _)| name == "authorization");
        let right = right.map_or_else(|| wire.target.clone(), |(_, value)| String::from_utf8(value.clone()).unwrap());
        let right = found(&right).unwrap();
        let mut wrong: Vec<char> = right.chars().collect();
        wrong[at] = char::from_digit((wrong[at].to_digit(16).unwrap() + by) % 16, 16).unwrap();
        let wire = replaced(&wire, &right, &wrong.iter().collect::<String>());
        let refused = case.receive(&case.verifier(), &wire);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));
    }

    /// An unsigned `x-amz-` header could change the operation.
    #[test]
    fn rejects_an_additional_x_amz_header(case in case(), name in "x-amz-[a-z-]{1,9}", value in "[!-~]{0,9}") {
        let (mut wire, _) = case.send();
        prop_assume!(name != "x-amz-date");
        prop_assume!(!wire.headers.iter().any(|(found, _)| found.eq_ignore_ascii_case(&name)));
        wire.headers.push((name.clone(), value.into_bytes()));
        let refused = case.receive(&case.verifier(), &wire);
        assert_err!(refused, VerifyError::UnsignedHeaders { names: vec![name] });
    }

    /// The time differs by seconds or by a day wherever the request has it.
    #[test]
    fn rejects_another_date(case in case(), seconds in prop_oneof![-800..0_i64, 1..800_i64]) {
        let (wire, _) = case.send();
        let time = Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
        let later = replaced(&wire, now().as_str(), time.as_str());
        let refused = case.receive(&case.verifier(), &later);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));

        let tomorrow = now().checked_add(Duration::from_secs(86_400)).unwrap();
        let wire = replaced(&wire, now().date(), tomorrow.date());
        let refused = case.receive(&case.verifier(), &wire);
        let (time, now) = (tomorrow, now());
        if case.how.presigned {
            assert_err!(refused, VerifyError::NotYetValid { time: time, now: now });
        } else {
            let max_skew = Duration::from_secs(900);
            assert_err!(refused, VerifyError::RequestTimeTooSkewed { time: time, now: now, max_skew: max_skew });
        }
    }

    /// The server accepts the scope and derives a key for it.
    #[test]
    fn rejects_another_scope(case in case(), region in "[a-z]{2}-[a-z]{4}-[1-9]") {
        prop_assume!(region != REGION);
        let (wire, _) = case.send();
        let credential = |region: &str, service: &str| {
            let text = format!("/{region}/{service}/aws4_request");
            if case.how.presigned { uri::encode(&text) } else { text }
        };
        let service = case.how.service();
        let from = credential(REGION, service.name());

        let wrong = replaced(&wire, &from, &credential(&region, service.name()));
        let any = Verifier::any_region(service.clone());
        let refused = case.receive(&any, &wrong);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));
        let is_region = matches!(
            case.receive(&case.verifier(), &wrong),
            Err(VerifyError::WrongRegion { .. })
        );
        prop_assert!(is_region);

        let wrong = replaced(&wire, &from, &credential(REGION, "other"));
        let other = Verifier::new(REGION, Service::new("other").unwrap().with_rules(service.rules())).unwrap();
        let refused = case.receive(&other, &wrong);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));
        let is_service = matches!(
            case.receive(&case.verifier(), &wrong),
            Err(VerifyError::WrongService { .. })
        );
        prop_assert!(is_service);
    }

    /// The day of the scope differs from the day of the request.
    #[test]
    fn rejects_another_day_of_the_scope(case in case(), days in prop_oneof![-400..0_i64, 1..400_i64]) {
        let (wire, _) = case.send();
        let slash = if case.how.presigned { "%2F" } else { "/" };
        let day = |time: Timestamp| format!("EXAMPLE{slash}{}{slash}", time.date());
        let wrong = replaced(&wire, &day(now()), &day(Timestamp::from_unix_seconds(now().unix_seconds() + days * 86_400).unwrap()));
        let refused = case.receive(&case.verifier(), &wrong);
        let is_date = matches!(refused, Err(VerifyError::DateMismatch { .. }));
        prop_assert!(is_date);
    }

    /// The access key is right and the session token is different, missing or unexpected.
    #[test]
    fn rejects_another_token(case in case(), other in "[!-~]{1,9}") {
        let (wire, _) = case.send();
        let flipped = How { token: !case.how.token, ..case.how }.credentials();
        let other = case.how.credentials().with_session_token(other).unwrap();
        for credentials in [flipped, other] {
            let claim = wire.claim(&case.verifier(), now()).unwrap();
            let key = claim.derive_key(&credentials);
            let rejected = claim.verify(&key).unwrap_err();
            prop_assert_eq!(rejected.error(), &VerifyError::InvalidToken);
        }
    }

    #[test]
    fn rejects_another_lifetime(case in case(), seconds in 0..604_800_u32) {
        let case = Case { how: How { presigned: true, ..case.how }, body: Vec::new(), ..case };
        prop_assume!(seconds != 3600);
        let (wire, _) = case.send();
        let wire = replaced(&wire, "X-Amz-Expires=3600&", &format!("X-Amz-Expires={seconds}&"));
        let refused = case.receive(&case.verifier(), &wire);
        prop_assert_eq!(refused, Err(VerifyError::SignatureDoesNotMatch));
    }
}

// ---- Order ----

/// Swaps each pair of items.
fn shuffled<T>(items: &mut [T], swaps: &[(Index, Index)]) {
    if !items.is_empty() {
        for (a, b) in swaps {
            items.swap(a.index(items.len()), b.index(items.len()));
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn order_does_not_matter(
        case in case(),
        repeat in any::<bool>(),
        swaps in vec(any::<(Index, Index)>(), 1..12),
    ) {
        let mut case = case;
        // Values of a repeated name are joined in the order received, which does matter.
        let mut seen = Vec::new();
        case.headers.retain(|(name, _)| {
            let name = name.to_ascii_lowercase();
            !seen.contains(&name) && { seen.push(name); true }
        });
        if repeat && !case.how.s3 {
            case.pairs.extend(["n=2".to_owned(), "n=1".to_owned(), "n".to_owned()]);
        }
        let (wire, signed) = case.send();

        // The signer.
        let mut other = case.clone();
        shuffled(&mut other.headers, &swaps);
        shuffled(&mut other.pairs, &swaps);
        prop_assert_eq!(&other.send().1, &signed);

        // The verifier.
        let mut arrived = wire;
        shuffled(&mut arrived.headers, &swaps);
        if let Some((path, query)) = arrived.target.clone().split_once('?') {
            let mut pairs: Vec<&str> = query.split('&').collect();
            shuffled(&mut pairs, &swaps);
            arrived.target = format!("{path}?{}", pairs.join("&"));
        }
        prop_assert_eq!(case.receive(&case.verifier(), &arrived), Ok(signed));
    }

    #[test]
    fn the_case_of_header_names_does_not_matter(case in case(), upper in any::<bool>()) {
        let (mut wire, signed) = case.send();
        for (name, _) in &mut wire.headers {
            *name = if upper { name.to_ascii_uppercase() } else { name.to_ascii_lowercase() };
        }
        prop_assert_eq!(case.receive(&case.verifier(), &wire), Ok(signed));
    }
}

// ---- Canonical form ----

/// Generates unusual URIs, many of them valid.
fn unusual_uri() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => segment(),
        3 => select(vec!["/", "//", "?", "&", "=", "+", "%20", "%2f", "%25", "%252F", "é", " ", ".", ".."])
            .prop_map(String::from),
        1 => "\\PC{0,3}",
    ];
    let front = select(vec!["/", "/", "https://h.example", "http://h.example:80/", "https://h.example:443?"]);
    (front, vec(piece, 0..8)).prop_map(|(front, pieces)| format!("{front}{}", pieces.concat()))
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn canonicalizing_twice_changes_nothing(uri in unusual_uri(), headers in headers()) {
        let rules = Rules::S3;
        let payload = Payload::Unsigned.hash();
        let mut given: Vec<(&str, &[u8])> = vec![("Host", b"h.example")];
        given.extend(headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())));
        let mut names: Vec<String> = given.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names.dedup();
        let names = names.join(";");
        let signed = SignedHeaders::parse(&names).unwrap();
        let request = Request::from_bytes("GET", &uri, &given);
        // A request that cannot be parsed has no canonical form.
        if let Ok(once) = CanonicalRequest::new(&request, &signed, &payload, rules) {
            let uri = format!("{}?{}", once.uri(), once.query());
            let lines: Vec<(&str, &[u8])> = once
                .headers()
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(|line| {
                    let colon = line.iter().position(|byte| *byte == b':').unwrap();
                    (core::str::from_utf8(&line[..colon]).unwrap(), &line[colon + 1..])
                })
                .collect();
            let request = Request::from_bytes(once.method(), &uri, &lines);
            let twice = CanonicalRequest::new(&request, &signed, &payload, rules).unwrap();
            prop_assert_eq!(twice.as_bytes(), once.as_bytes());
        }
    }

    #[test]
    fn encoded_strings_are_canonical(text in any::<String>()) {
        let uri = format!("/{}?{}={}", uri::encode_path(&text), uri::encode(&text), uri::encode(&text));
        let request = Request::new("GET", &uri, &[("host", "h.example")]);
        let signed = SignedHeaders::parse("host").unwrap();
        let canonical =
            CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3).unwrap();
        prop_assert_eq!(format!("{}?{}", canonical.uri(), canonical.query()), uri);
    }

    /// The signed key is the key that the server receives from `Verified`.
    #[test]
    fn the_verified_path_is_the_signed_key(key in any::<String>(), presigned in any::<bool>()) {
        let how = How { s3: true, presigned, token: false, absolute: true };
        let path = uri::encode_path(&format!("/{key}"));
        let case = Case {
            how, method: "GET".into(), path, pairs: Vec::new(), headers: Vec::new(), body: Vec::new(),
        };
        let (wire, _) = case.send();
        let claim = wire.view(|request| case.verifier().claim(request, ReceivedBody::Unread, now())).unwrap();
        let signing_key = claim.derive_key(&how.credentials());
        let path = claim.verify(&signing_key).unwrap().path();
        prop_assert_eq!(path, format!("/{key}").into_bytes());
    }
}

// ---- Any input ----

/// Calls everything that reads a request, and ignores most results.
fn read(request: &Request<'_>, body: &[u8], payload: &str) {
    let how = |s3, token| How { s3, token, presigned: false, absolute: false };
    for how in [how(true, false), how(false, true)] {
        let signer = how.signer();
        let mode = PayloadMode::new(payload).ok();
        for payload in [Payload::Bytes(body)].into_iter().chain(mode.map(Payload::Other)) {
            if let Ok(signed) = signer.sign(request, payload, now()) {
                let _ = (signed.iter().count(), signed.signed_headers().len(), signed.explain().to_string());
            }
            drop(signer.presign_with_payload(request, payload, Expires::HOUR, now()));
        }
        if let Ok(url) = signer.presign(request, Expires::WEEK, now()) {
            let _ = (url.path_and_query().len(), url.required_headers().count(), url.explain().to_string());
            assert!(!url.as_str().is_empty());
            assert!(url.as_str().ends_with(url.path_and_query()));
        }
        let verifier = Verifier::any_region(how.service());
        for body in [ReceivedBody::Bytes(body), ReceivedBody::Unread] {
            match verifier.claim(request, body, now()) {
                Ok(claim) => {
                    let _ = format!("{claim:?} {} {:?}", claim.explain(), claim.claimed_scope());
                    let access_key_id = claim.claimed_access_key_id().to_owned();
                    let key = claim.derive_key(&how.credentials());
                    let claim = match claim.verify(&key) {
                        Ok(verified) => {
                            let _ = (verified.path(), verified.query().count(), verified.headers().count());
                            let _ = (verified.age(), verified.header("host"), format!("{verified:?}"));
                            verifier.claim(request, body, now()).unwrap()
                        }
                        Err(rejected) => {
                            let _ = format!("{rejected:?} {rejected}");
                            rejected.into_parts().1
                        }
                    };
                    let error = claim.verify(None).map_err(Rejected::into_error);
                    assert_err!(error, VerifyError::InvalidAccessKeyId { access_key_id: access_key_id });
                }
                Err(error) => {
                    let xml = error.to_xml(payload, payload);
                    assert!(xml.starts_with("<?xml") && (400..=501).contains(&error.status()));
                }
            }
        }
    }
    let _ = format!("{request:?} {:?}", request.strip_signature());
    let stripped = request.strip_signature();
    drop(how(true, true).signer().sign(&stripped.request(), Payload::Unsigned, now()));
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn no_request_panics(
        method in any::<String>(),
        uri in prop_oneof![any::<String>(), unusual_uri(), any::<String>().prop_map(|text| format!("/{text}"))],
        headers in vec((any::<String>(), vec(any::<u8>(), 0..20)), 0..4),
        body in vec(any::<u8>(), 0..20),
        payload in any::<String>(),
    ) {
        let headers: Vec<(&str, &[u8])> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        read(&Request::from_bytes(&method, &uri, &headers), &body, &payload);
        let mut with_host = headers;
        with_host.push(("host", b"h.example"));
        read(&Request::from_bytes("GET", &uri, &with_host), &body, &payload);
    }

    /// Breaks several parts of a valid request, so that later checks are reached.
    #[test]
    fn no_broken_request_panics(
        case in case(),
        changes in vec(change(), 1..6),
        splice in (any::<Index>(), any::<String>()),
    ) {
        let (mut wire, _) = case.send();
        changes.iter().for_each(|change| change.apply(&mut wire));
        wire.view(|request| read(request, &wire.body, "STREAMING-X"));

        // Inserts a string in the URI and in the Authorization header.
        let (at, text) = splice;
        let boundaries: Vec<usize> = wire.target.char_indices().map(|(place, _)| place).collect();
        if !boundaries.is_empty() {
            wire.target.insert_str(boundaries[at.index(boundaries.len())], &text);
        }
        for (name, value) in &mut wire.headers {
            if name.eq_ignore_ascii_case("authorization") {
                let place = at.index(value.len() + 1);
                value.splice(place..place, text.bytes());
            }
        }
        wire.view(|request| read(request, &wire.body, "UNSIGNED-PAYLOAD"));
    }

    #[test]
    fn no_authorization_panics(
        value in prop_oneof![
            any::<String>(),
            "AWS4-HMAC-SHA256[ ,]{0,2}\\PC{0,40}",
            "AWS4-HMAC-SHA256 Credential=[A-Z/0-9a-z_-]{0,50}, SignedHeaders=[a-z;-]{0,20}, Signature=[0-9a-fg]{62,65}",
            "AWS4-HMAC-SHA256 Credential=AKID/20240501/us-east-1/s3/aws4_request,SignedHeaders=[a-z;]{0,9},Signature=[0-9a-f]{64}",
        ],
        date in prop_oneof![any::<String>(), Just("20240501T120000Z".to_owned()), "[0-9]{8}T[0-9]{6}Z"],
    ) {
        let headers = [("host", "h.example"), ("authorization", value.as_str()), ("x-amz-date", date.as_str())];
        read(&Request::new("GET", "/", &headers), b"", "");
    }

    #[test]
    fn no_parameter_panics(values in proptest::array::uniform6(prop_oneof![
        any::<String>(),
        select(vec![
            "AWS4-HMAC-SHA256", "AKID/20240501/us-east-1/s3/aws4_request", "20240501T120000Z", "3600", "host",
            "-1", "+1", "99999999999999999999", "0000000000000000000000000000000000000000000000000000000000000000",
        ]).prop_map(String::from),
    ])) {
        let names = ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"];
        let mut query = String::new();
        for (name, value) in names.iter().zip(&values) {
            query += &format!("&X-Amz-{name}={}", uri::encode(value));
        }
        read(&Request::new("GET", &format!("/?{query}"), &[("host", "h.example")]), b"", "");
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn no_string_panics(text in any::<String>()) {
        let _ = uri::encode_path(&text);
        let encoded = uri::encode(&text);
        prop_assert!(encoded.is_ascii() && encoded.len() >= text.len());
        if let Ok(signed) = SignedHeaders::parse(&text) {
            prop_assert_eq!(signed.as_str(), text.as_str());
        }
        if let Ok(time) = Timestamp::parse(&text) {
            prop_assert_eq!(time.as_str(), text.as_str());
        }
    }

    #[test]
    fn times_are_parsed_as_written(unix in -70_000_000_000..260_000_000_000_i64) {
        if let Ok(time) = Timestamp::from_unix_seconds(unix) {
            prop_assert_eq!(Timestamp::parse(time.as_str()), Ok(time));
            prop_assert_eq!(time.unix_seconds(), unix);
        }
    }

    #[test]
    fn a_parsed_time_round_trips(text in "[0-9]{8}T[0-9]{6}Z") {
        if let Ok(time) = Timestamp::parse(&text) {
            prop_assert_eq!(time.as_str(), text.as_str());
            prop_assert_eq!(Timestamp::from_unix_seconds(time.unix_seconds()), Ok(time));
        }
    }

    #[test]
    fn only_sorted_lists_of_names_are_parsed(text in "[a-cA-C;-]{0,6}") {
        let names: Vec<&str> = text.split(';').collect();
        let proper = names.windows(2).all(|two| two[0] < two[1])
            && names.iter().all(|name| !name.is_empty() && *name == name.to_ascii_lowercase());
        prop_assert_eq!(SignedHeaders::parse(&text).is_ok(), proper);
    }
}
