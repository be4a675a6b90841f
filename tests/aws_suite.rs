//! AWS's test suite for signing: 38 cases of Signature Version 4 and, with the feature `sigv4a`, the
//! same 38 cases of SigV4a.
//!
//! Each case is signed in the header and in the query. The verifier then receives the signed request
//! that AWS publishes. The files are in the `aws-sigv4` package, which cargo downloads as a
//! dev-dependency: `request.txt` and `context.json` are the input, `{header,query}-{canonical-request,
//! string-to-sign,signature,signed-request}.txt` the expected output. SigV4a signatures contain random
//! numbers, so AWS's signature and countersign's are both verified with the key of `public-key.json`.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::steps::{Explain, Layout};
use countersign::{
    Credentials, Expires, InvalidUri, Mechanism, PathRule, Payload, PayloadRule, ReceivedBody, Request,
    RequestError, Rules, Service, SessionTokenRule, SignedHeaders, Signer, Timestamp, TokenHeader, Verifier,
    VerifyError,
};
use serde_json::Value;
use testkit::{Parts, assert_err, long_term};

/// The number of cases of each suite.
const CASES: usize = 38;

/// The suites, by the names of their folders.
const SUITES: &[&str] = if cfg!(feature = "sigv4a") { &["v4", "v4a"] } else { &["v4"] };

/// Cases whose files in the package differ from the published suite, with the target to use and the
/// reason.
const TARGETS: [(&str, &str, &str); 1] = [(
    "get-space-normalized",
    "/example space/",
    "request.txt has %20; the signed requests have a space, which is what AWS signed",
)];

/// Cases that no verifier can receive, with the first byte that makes the target invalid. A request
/// line contains visible ASCII, separated by spaces (RFC 9112, section 3).
const NOT_ON_THE_WIRE: [(&str, u8, &str); 4] = [
    ("get-space-normalized", b' ', "a raw space in the target"),
    ("get-space-unnormalized", b' ', "a raw space in the target"),
    ("get-utf8", 0xe1, "raw UTF-8 in the path"),
    ("get-vanilla-utf8-query", 0xe1, "raw UTF-8 in the query"),
];

#[test]
fn signs_in_the_header() {
    for case in cases() {
        let headers = case.request.headers();
        let request = Request::new(&case.request.method, &case.request.target, &headers);
        let signed = case.signer().sign(&request, case.payload(), case.time).unwrap();

        case.assert_steps("header", &signed.explain(), &signed.signature().to_string());
        let mut sent = case.request.clone();
        sent.headers.extend(signed.iter().map(|(name, value)| (name.into(), value.into())));
        case.assert_signed_request("header", sent, &signed.signature().to_string());
    }
}

/// Each byte of each canonical request has its origin.
#[test]
fn knows_the_origin_of_every_byte() {
    for case in cases() {
        let headers = case.request.headers();
        let request = Request::new(&case.request.method, &case.request.target, &headers);
        let signed = case.signer().sign(&request, case.payload(), case.time).unwrap();

        let sent: Vec<(&str, &str)> = headers.iter().copied().chain(signed.iter()).collect();
        let request = Request::new(&case.request.method, &case.request.target, &sent);
        let names = SignedHeaders::parse(signed.signed_headers()).unwrap();
        let layout = Layout::new(&request, &names, &case.payload().hash(), case.service.rules()).unwrap();
        assert_eq!(layout.canonical_request(), &signed.explain().canonical_request());
        let (path, query) = case.request.target.split_once('?').unwrap_or((&case.request.target, ""));
        Parts { method: &case.request.method, path, query, headers: &sent, host: "" }.check(&layout);
    }
}

#[test]
fn signs_in_the_query() {
    for case in cases() {
        let headers = case.request.headers();
        let request = Request::new(&case.request.method, &case.request.target, &headers);
        // A presigned URL has no header for the body's hash, even if `sign_body` is set.
        let rules = case.service.rules().with_payload(PayloadRule::BodyHash);
        let signer = case.signer_for(case.service.clone().with_rules(rules));
        let url = signer.presign_with_payload(&request, case.payload(), case.expires, case.time).unwrap();

        case.assert_steps("query", &url.explain(), &url.signature().to_string());
        let sent = Message { target: url.path_and_query().into(), ..case.request.clone() };
        case.assert_signed_request("query", sent, &url.signature().to_string());
    }
}

/// The verifier accepts each signed request of AWS, except the cases in [`NOT_ON_THE_WIRE`].
#[test]
fn verifies_the_signed_requests() {
    let mut refused = Vec::new();
    for case in cases() {
        for (placement, mechanism) in [("header", Mechanism::Header), ("query", Mechanism::Query)] {
            let context = format!("{}, {placement}", case.name);
            let arrived = Message::read(&case.file(&format!("{placement}-signed-request.txt")));
            let headers = arrived.headers();
            let request = Request::new(&arrived.method, &arrived.target, &headers);
            let body = ReceivedBody::Bytes(arrived.body.as_bytes());
            let claim = case.verifier().claim(&request, body, case.time);

            if let Some((_, byte, reason)) = NOT_ON_THE_WIRE.iter().find(|(name, ..)| *name == case.name) {
                let VerifyError::Request(RequestError::InvalidUri(found)) = claim.unwrap_err() else {
                    panic!("{context}: {reason}");
                };
                assert_err!(Err::<(), _>(found), InvalidUri::Byte { byte: *byte });
                refused.push(case.name.clone());
                continue;
            }
            let claim = claim.unwrap_or_else(|error| panic!("{context}: {error}"));
            let key = claim.derive_key(&case.credentials);
            let verified = claim.verify(&key);
            let verified = verified.unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(verified.mechanism(), mechanism, "{context}");
            let algorithm = if case.is_v4a() { "AWS4-ECDSA-P256-SHA256" } else { "AWS4-HMAC-SHA256" };
            assert_eq!(verified.algorithm(), algorithm, "{context}");
            let steps = verified.explain();
            let canonical = case.file(&format!("{placement}-canonical-request.txt"));
            assert_eq!(steps.canonical_request().to_string(), canonical, "{context}: canonical request");
        }
    }
    assert_eq!(
        refused.len(),
        2 * SUITES.len() * NOT_ON_THE_WIRE.len(),
        "each row of NOT_ON_THE_WIRE is a case"
    );
}

/// A diagnosis names no cause for the signed requests of AWS.
#[cfg(feature = "diagnose")]
#[test]
fn names_no_cause_for_the_signed_requests() {
    use countersign::diagnose;

    for case in cases() {
        if NOT_ON_THE_WIRE.iter().any(|(name, ..)| *name == case.name) {
            continue;
        }
        for placement in ["header", "query"] {
            let arrived = Message::read(&case.file(&format!("{placement}-signed-request.txt")));
            let headers = arrived.headers();
            let request = Request::new(&arrived.method, &arrived.target, &headers);
            let body = ReceivedBody::Bytes(arrived.body.as_bytes());
            let diagnosis =
                diagnose::received(&case.verifier(), &request, body, &case.credentials, case.time);
            assert!(diagnosis.is_empty(), "{} in the {placement}: {diagnosis}", case.name);
        }
    }
}

/// Changes the last digit of each signature.
#[test]
fn rejects_a_changed_signature() {
    for case in cases() {
        if NOT_ON_THE_WIRE.iter().any(|(name, ..)| *name == case.name) {
            continue;
        }
        for placement in ["header", "query"] {
            let arrived = case.file(&format!("{placement}-signed-request.txt"));
            let signature = signature_of(&arrived).to_owned();
            let last = if signature.ends_with('0') { '1' } else { '0' };
            let changed = format!("{}{last}", &signature[..signature.len() - 1]);
            let arrived = Message::read(&arrived.replace(&signature, &changed));

            let headers = arrived.headers();
            let request = Request::new(&arrived.method, &arrived.target, &headers);
            let body = ReceivedBody::Bytes(arrived.body.as_bytes());
            let claim = case.verifier().claim(&request, body, case.time).unwrap();
            let key = claim.derive_key(&case.credentials);
            let error = claim.verify(&key).unwrap_err().into_error();
            assert_eq!(error, VerifyError::SignatureDoesNotMatch, "{}, {placement}", case.name);
        }
    }
}

/// A folder of the suite.
struct Case {
    suite: &'static str,
    folder: PathBuf,
    name: String,
    request: Message,
    credentials: Credentials,
    region: String,
    service: Service,
    time: Timestamp,
    expires: Expires,
}

fn cases() -> Vec<Case> {
    SUITES.iter().flat_map(|suite| cases_of(suite)).collect()
}

fn cases_of(name: &'static str) -> Vec<Case> {
    let suite = package("aws-sigv4").join("aws-signing-test-suite").join(name);
    let folders = fs::read_dir(&suite).unwrap_or_else(|error| panic!("{}: {error}", suite.display()));
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    // The package has two more folders, which are not part of the suite. They have no context.json.
    folders.retain(|folder| folder.join("context.json").exists());
    folders.sort();
    assert_eq!(folders.len(), CASES, "cases in {}", suite.display());
    folders.into_iter().map(|folder| Case::read(name, folder)).collect()
}

impl Case {
    fn read(suite: &'static str, folder: PathBuf) -> Self {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let context: Value = serde_json::from_str(&read(&folder.join("context.json"))).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let flag = |name: &str| context[name].as_bool().unwrap_or_default();

        let keys = &context["credentials"];
        let mut credentials = long_term(&text(&keys["access_key_id"]), &text(&keys["secret_access_key"]));
        if let Some(token) = keys["token"].as_str() {
            credentials = credentials.with_session_token(token).unwrap();
        }
        let header = TokenHeader::SecurityToken;
        let token = match flag("omit_session_token") {
            true => SessionTokenRule::Unsigned(header),
            false => SessionTokenRule::Signed(header),
        };
        let path = if flag("normalize") { PathRule::Normalized } else { PathRule::AsSent };
        let payload = if flag("sign_body") { PayloadRule::HashHeader } else { PayloadRule::BodyHash };
        let rules =
            Rules::STANDARD.with_path(path).with_session_token(token).with_payload(payload).with_raw_path();
        let expires = context["expiration_in_seconds"].as_u64().unwrap();

        let mut request = Message::read(&read(&folder.join("request.txt")));
        if let Some((_, target, _)) = TARGETS.iter().find(|(case, ..)| *case == name) {
            request.target = (*target).into();
        }
        Self {
            suite,
            folder,
            name,
            request,
            credentials,
            region: text(&context["region"]),
            service: Service::new(text(&context["service"])).unwrap().with_rules(rules),
            time: Timestamp::parse(&text(&context["timestamp"]).replace(['-', ':'], "")).unwrap(),
            expires: Expires::from_secs(expires).unwrap(),
        }
    }

    fn is_v4a(&self) -> bool {
        self.suite == "v4a"
    }

    fn signer(&self) -> Signer {
        self.signer_for(self.service.clone())
    }

    fn signer_for(&self, service: Service) -> Signer {
        #[cfg(feature = "sigv4a")]
        if self.is_v4a() {
            let regions = countersign::RegionSet::parse(&self.region).unwrap();
            return Signer::sigv4a(self.credentials.clone(), regions, service).unwrap();
        }
        Signer::new(self.credentials.clone(), self.region.clone(), service).unwrap()
    }

    fn verifier(&self) -> Verifier {
        // With PayloadRule::HashHeader, a presigned URL without the header would not cover the body.
        let rules = self.service.rules().with_payload(PayloadRule::BodyHash);
        let verifier = Verifier::new(self.region.clone(), self.service.clone().with_rules(rules)).unwrap();
        #[cfg(feature = "sigv4a")]
        if self.is_v4a() {
            return verifier.allow_sigv4a();
        }
        verifier
    }

    fn payload(&self) -> Payload<'_> {
        Payload::Bytes(self.request.body.as_bytes())
    }

    fn file(&self, name: &str) -> String {
        read(&self.folder.join(name))
    }

    fn assert_steps(&self, placement: &str, steps: &Explain<'_>, signature: &str) {
        let expected = |step: &str| self.file(&format!("{placement}-{step}.txt"));
        let Self { name, .. } = self;
        let canonical = steps.canonical_request().to_string();
        assert_eq!(canonical, expected("canonical-request"), "{name}, {placement}: canonical request");
        let to_sign = steps.string_to_sign().to_string();
        assert_eq!(to_sign, expected("string-to-sign"), "{name}, {placement}: string to sign");
        #[cfg(feature = "sigv4a")]
        if self.is_v4a() {
            return self.assert_verifies(placement, &steps.string_to_sign(), signature);
        }
        assert_eq!(signature, expected("signature"), "{name}, {placement}: signature");
    }

    /// Verifies both signatures of AWS and countersign's with the public key that AWS publishes, using
    /// countersign and `ring`.
    #[cfg(feature = "sigv4a")]
    fn assert_verifies(&self, placement: &str, text: &countersign::steps::StringToSign, ours: &str) {
        use countersign::steps::{PublicKey, Signature};
        use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

        let key: Value = serde_json::from_str(&self.file("public-key.json")).unwrap();
        let coordinate = |name: &str| -> [u8; 32] {
            hex::decode(key[name].as_str().unwrap()).unwrap().try_into().unwrap()
        };
        let (x, y) = (coordinate("X"), coordinate("Y"));
        let public_key = PublicKey::from_coordinates(&x, &y).unwrap();
        let another = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, [&[4][..], &x, &y].concat());
        let sent = self.file(&format!("{placement}-signed-request.txt"));
        for signature in [&self.file(&format!("{placement}-signature.txt")), signature_of(&sent), ours] {
            let context = format!("{}, {placement}: {signature}", self.name);
            let read = Signature::parse_ecdsa(signature).unwrap_or_else(|error| panic!("{context}: {error}"));
            assert!(public_key.verify(text, &read), "{context}");
            let bytes = hex::decode(signature).unwrap();
            assert!(another.verify(text.as_str().as_bytes(), &bytes).is_ok(), "{context}: ring");
        }
    }

    fn assert_signed_request(&self, placement: &str, sent: Message, signature: &str) {
        let expected = self.file(&format!("{placement}-signed-request.txt"));
        let expected = Message::read(&expected.replace(signature_of(&expected), signature));
        assert_eq!(sent.unordered(), expected.unordered(), "{}, {placement}: signed request", self.name);
    }
}

/// Returns the signature of a signed request of the suite.
fn signature_of(sent: &str) -> &str {
    let (_, rest) = sent.rsplit_once("Signature=").unwrap();
    &rest[..rest.find(|digit: char| !digit.is_ascii_hexdigit()).unwrap_or(rest.len())]
}

/// A request in the format of the suite, which is that of HTTP/1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end_matches('\n'), ""));
        let (line, fields) = head.split_once('\n').unwrap_or((head, ""));
        // The target may contain spaces.
        let (method, rest) = line.split_once(' ').unwrap();
        let (target, _version) = rest.rsplit_once(' ').unwrap();
        let mut headers: Vec<(String, String)> = Vec::new();
        for field in fields.lines() {
            match headers.last_mut() {
                // A folded line (RFC 9112, section 5.2) continues the value of the previous line.
                Some((_, value)) if field.starts_with(' ') => value.extend(["\n", field]),
                _ => {
                    let (name, value) = field.split_once(':').unwrap();
                    headers.push((name.into(), value.into()));
                }
            }
        }
        Self { method: method.into(), target: target.into(), headers, body: body.into() }
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// Returns the request with sorted headers and parameters, header names in lower case, and encoded
    /// parameters.
    fn unordered(mut self) -> Self {
        self.headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
        // The sort is stable: repeated names keep their order.
        self.headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        if let Some((path, query)) = self.target.split_once('?') {
            let mut parameters: Vec<String> = query.split('&').map(encode_parameter).collect();
            parameters.sort();
            self.target = format!("{path}?{}", parameters.join("&"));
        }
        self
    }
}

/// Encodes a parameter that contains raw UTF-8, as some cases do.
fn encode_parameter(parameter: &str) -> String {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let encode =
        |text: &str| if text.contains('%') { text.to_owned() } else { countersign::uri::encode(text) };
    format!("{}={}", encode(name), encode(value))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the folder in which cargo keeps the source of a dependency.
fn package(name: &str) -> PathBuf {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(arguments)
            .output()
            .expect("cargo runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {}: {errors}\n`cargo fetch` may help", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap()
    };
    // Packages of other platforms may not have been fetched.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let metadata =
        cargo(&["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name);
    let package = package.unwrap_or_else(|| {
        panic!("{name} is not among the dev-dependencies; its package has AWS's test suite")
    });
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}
