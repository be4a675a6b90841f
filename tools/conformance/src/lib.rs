//! Compares countersign with other implementations, in any language: one JSON object a line in, one JSON object a line
//! out, in the same order.
//!
//! ```sh
//! cargo run --release -p conformance < cases.jsonl
//! ```
//!
//! The field `kind` of a line names an operation:
//!
//! | `kind`          | input                                         | output                                       |
//! |-----------------|-----------------------------------------------|----------------------------------------------|
//! | `header`        | a request, credentials, scope, time           | every step, and the headers to add           |
//! | `query`         | as `header`, and `options.expires`            | every step, and the request target to send   |
//! | `chunked`       | as `header`, with chunks and trailers         | as `header`, and the chain of signatures     |
//! | `event-stream`  | a request or a prior signature, and events    | the signature of each event                  |
//! | `signing-key`   | credentials, scope, time                      | the four keys of the derivation              |
//! | `sign-string`   | as `signing-key`, and `string_to_sign`        | the signature                                |
//! | `v4a-key`       | credentials                                   | the key pair of SigV4a                       |
//! | `verify-string` | as `sign-string`, and `signature`             | whether the signature is valid (SigV4a only) |
//! | `post-policy`   | credentials, scope, time, and a `policy`      | the policy in Base64, and its signature      |
//! | `verify`        | `config`, and `given`, the received request   | a verdict                                    |
//! | `diagnose`      | as `header` or `query`, and the `response`      | the causes of a mismatch, likeliest first    |
//! | `diagnose-received` | as `verify`                               | as `diagnose`, on the server's side          |
//! | `diagnose-text` | `text`, and a `secret` if it is known         | as `diagnose`, and what the text is `about`  |
//!
//! A line that fails gives `{"error": {"kind", "message"}}`. The kind is `bad_input` for a line that cannot be read,
//! `unsupported` for an operation that the crate does not have, and `refused` (with a `code`) for an error of the crate.
//! Each answer is written and flushed before the next line is read.

mod chunked;
mod diagnose;
mod event_stream;
mod post_policy;
mod sigv4a;

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::io::{self, BufRead, Write};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use countersign::steps::{CredentialScope, Explain, SigningKey, StringToSign};
use countersign::{
    AuthHeaders, BodyCheck, Credentials, Expires, Mechanism, PathRule, Payload, PayloadMode, PayloadRule,
    ReceivedBody, RepeatedParameters, Request, SecretAccessKey, Service, SessionTokenRule, Signer,
    StreamingMode, Timestamp, Verified, Verifier, VerifyError,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Answers each line of `input` with a line of `output`, until `input` ends.
///
/// # Errors
///
/// Returns the first error of reading `input` or writing `output`. A line that cannot be answered is not an error; its
/// answer says what is wrong.
pub fn run(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        writeln!(output, "{}", answer(&line))?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn answer(line: &[u8]) -> Value {
    let input: Value = match serde_json::from_slice(line) {
        Ok(input) => input,
        Err(error) => return Failure::bad(error).to_json(),
    };
    let name = input.get("name").cloned();
    let mut answer = perform(input).unwrap_or_else(|failure| failure.to_json());
    if let (Some(name), Some(answer)) = (name, answer.as_object_mut()) {
        answer.insert("name".into(), name);
    }
    answer
}

fn perform(input: Value) -> Result<Value, Failure> {
    let kind = input.get("kind").and_then(Value::as_str).ok_or_else(|| Failure::bad("no kind"))?;
    match kind {
        "header" => sign_in_header(&Case::read(input)?),
        "query" => sign_in_query(&Case::read(input)?),
        "event-stream" => event_stream::sign(input),
        "chunked" => chunked::sign(input),
        "v4a-key" => sigv4a::key(input),
        "verify-string" => sigv4a::verify_string(input),
        "sign-string" if input.get("algorithm").is_some_and(|name| name == sigv4a::ALGORITHM) => {
            sigv4a::sign_string(input)
        }
        "signing-key" => signing_key(&Case::read(input)?),
        "post-policy" => post_policy::sign(&Case::read(input)?),
        "sign-string" => sign_string(&Case::read(input)?),
        "diagnose" => diagnose::answer(input),
        "diagnose-received" => diagnose::received(input),
        "diagnose-text" => diagnose::text(input),
        "verify" => verify(&Received::read(input)?),
        other => Err(Failure::Unsupported(format!("no operation {other:?}"))),
    }
}

// ---- Signing

/// What is to be signed: by whom, for what, when.
#[derive(Deserialize)]
struct Case {
    algorithm: Option<String>,
    credentials: Keys,
    region: String,
    service: String,
    timestamp: String,
    options: Option<Options>,
    request: Option<Sent>,
    string_to_sign: Option<String>,
    policy: Option<String>,
}

#[derive(Deserialize)]
struct Keys {
    access_key: String,
    secret_key: String,
    token: Option<String>,
}

/// Where one is absent, the service's own rule holds.
#[derive(Deserialize, Default)]
struct Options {
    normalize: Option<bool>,
    double_encode: Option<bool>,
    /// `body`: its SHA-256. Otherwise the last line of the canonical request.
    payload: Option<String>,
    /// Whether `x-amz-content-sha256` is added.
    sign_body: Option<bool>,
    /// The token is added after signing.
    omit_session_token: Option<bool>,
    expires: Option<u32>,
    /// The only headers that are signed.
    signed_headers: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Sent {
    method: String,
    target: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(flatten)]
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    body: Option<String>,
    body_hex: Option<String>,
    body_b64: Option<String>,
    /// A string, and how often it is repeated.
    body_repeat: Option<(String, usize)>,
}

impl Case {
    fn read(input: Value) -> Result<Self, Failure> {
        let case: Self = serde_json::from_value(input).map_err(Failure::bad)?;
        match case.algorithm.as_deref() {
            None | Some("AWS4-HMAC-SHA256") => Ok(case),
            Some(sigv4a::ALGORITHM) => Ok(case),
            Some(other) => Err(Failure::Unsupported(format!("no algorithm {other:?}"))),
        }
    }

    fn time(&self) -> Result<Timestamp, Failure> {
        timestamp(&self.timestamp)
    }

    fn option<'c, T>(&'c self, field: impl FnOnce(&'c Options) -> Option<T>) -> Option<T> {
        self.options.as_ref().and_then(field)
    }

    fn request(&self) -> Result<&Sent, Failure> {
        self.request.as_ref().ok_or_else(|| Failure::bad("no request"))
    }

    /// Returns the credential scope of `time`'s day. Vectors have regions and services that no
    /// signer accepts, such as `REGION`.
    fn scope(&self, time: Timestamp) -> String {
        format!("{}/{}/{}/aws4_request", time.date(), self.region, self.service)
    }

    fn service(&self, in_header: bool) -> Result<Service, Failure> {
        let service = Service::new(self.service.clone()).map_err(Failure::refused)?;
        let own = service.rules();
        let mut rules = own.with_repeated_parameters(RepeatedParameters::Allowed).with_raw_path();
        rules = rules.with_path(self.path_rule(own.path())?);
        let sign_body = self.option(|options| options.sign_body);
        // The payload of a URL is an argument of `presign_with_payload`; no header carries it.
        match if in_header { sign_body } else { Some(false) } {
            Some(true) => rules = rules.with_payload(PayloadRule::HashHeader),
            Some(false) => rules = rules.with_payload(PayloadRule::BodyHash),
            None => {}
        }
        let token = own.session_token().header();
        match self.option(|options| options.omit_session_token) {
            Some(true) => rules = rules.with_session_token(SessionTokenRule::Unsigned(token)),
            Some(false) => rules = rules.with_session_token(SessionTokenRule::Signed(token)),
            None => {}
        }
        Ok(service.with_rules(rules))
    }

    fn path_rule(&self, own: PathRule) -> Result<PathRule, Failure> {
        let normalize = self.option(|options| options.normalize).unwrap_or(own == PathRule::Normalized);
        let twice = self.option(|options| options.double_encode).unwrap_or(own != PathRule::Key);
        match (normalize, twice) {
            (true, true) => Ok(PathRule::Normalized),
            (false, true) => Ok(PathRule::AsSent),
            (false, false) => Ok(PathRule::Key),
            // No service normalizes a path and encodes it once. For a path in normal form the rules agree.
            (true, false) if self.request.as_ref().is_none_or(Sent::has_normalized_path) => Ok(PathRule::Key),
            (true, false) => {
                Err(Failure::Unsupported("no rule that normalizes a path and encodes it once".into()))
            }
        }
    }

    fn signer(&self, in_header: bool) -> Result<Signer, Failure> {
        let Keys { access_key, secret_key, token } = &self.credentials;
        let credentials = credentials(access_key, secret_key, token.as_deref())?;
        let signer = match self.algorithm.as_deref() {
            Some(sigv4a::ALGORITHM) => sigv4a::signer(credentials, &self.region, self.service(in_header)?)?,
            _ => Signer::new(credentials, self.region.clone(), self.service(in_header)?)
                .map_err(Failure::refused)?,
        };
        let Some(only) = self.option(|options| options.signed_headers.as_ref()) else { return Ok(signer) };
        let others = self.request()?.headers.iter().map(|(name, _)| name);
        let others = others.filter(|name| !only.iter().any(|only| only.eq_ignore_ascii_case(name)));
        Ok(others.fold(signer, |signer, name| signer.exclude_header(name.clone())))
    }

    fn payload<'c>(&'c self, body: &'c [u8]) -> Result<Payload<'c>, Failure> {
        let name = match self.option(|options| options.payload.as_deref()) {
            None | Some("body") => return Ok(Payload::Bytes(body)),
            Some("UNSIGNED-PAYLOAD") => return Ok(Payload::Unsigned),
            Some("STREAMING-AWS4-HMAC-SHA256-EVENTS") => return Ok(Payload::Events),
            Some(name) => name,
        };
        if let Ok(mode) = StreamingMode::parse(name) {
            return Ok(Payload::Streaming(mode));
        }
        let mut hash = [0; 32];
        if hex::decode_to_slice(name, &mut hash).is_ok() {
            return Ok(Payload::Sha256(hash));
        }
        PayloadMode::new(name).map(Payload::Other).map_err(Failure::refused)
    }
}

impl Content {
    fn bytes(&self) -> Result<Cow<'_, [u8]>, Failure> {
        const LONGEST: usize = 1 << 30;
        match (&self.body, &self.body_hex, &self.body_b64, &self.body_repeat) {
            (None, None, None, None) => Ok(Cow::Borrowed(b"")),
            (Some(text), None, None, None) => Ok(text.as_bytes().into()),
            (None, Some(hex), None, None) => from_hex(hex).map(Cow::Owned),
            (None, None, Some(base64), None) => from_base64(base64).map(Cow::Owned),
            (None, None, None, Some((text, count))) => match text.len().checked_mul(*count) {
                Some(length) if length <= LONGEST => Ok(text.repeat(*count).into_bytes().into()),
                _ => Err(Failure::bad("the body is over 1 GiB")),
            },
            _ => Err(Failure::bad("more than one body")),
        }
    }
}

impl Sent {
    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// Returns true if the path has no dot segment and no repeated slash.
    fn has_normalized_path(&self) -> bool {
        let target = self.target.split(['?', '#']).next().unwrap_or_default();
        let path = target.split_once("://").map_or(target, |(_, rest)| rest);
        !path.contains("//") && !path.split('/').any(|segment| matches!(segment, "." | ".."))
    }
}

fn sign_in_header(case: &Case) -> Result<Value, Failure> {
    let (signer, sent, time) = (case.signer(true)?, case.request()?, case.time()?);
    let body = sent.content.bytes()?;
    let payload = case.payload(&body)?;
    let headers = headers_to_complete(case, &payload, time)?;
    let request = Request::new(&sent.method, &sent.target, &headers);
    Ok(in_header(&signer.sign(&request, payload, time).map_err(Failure::refused)?).into())
}

/// Returns the headers of the request without those that the signer adds with the same value: the
/// answer lists every header that the signer adds, and the signer adds only those that are missing.
fn headers_to_complete<'c>(
    case: &'c Case,
    payload: &Payload<'_>,
    time: Timestamp,
) -> Result<Vec<(&'c str, &'c str)>, Failure> {
    let hash = payload.hash();
    let adds_hash = case.service(true)?.rules().payload() == PayloadRule::HashHeader;
    let ours = [
        ("x-amz-date", Some(time.as_str())),
        ("x-amz-content-sha256", Some(hash.as_str()).filter(|_| adds_hash)),
        ("x-amz-security-token", case.credentials.token.as_deref()),
    ];
    let is_ours = |name: &str, value: &str| {
        ours.iter().any(|(own, text)| name.eq_ignore_ascii_case(own) && *text == Some(value.trim()))
    };
    let mut headers = case.request()?.headers();
    headers.retain(|(name, value)| !is_ours(name, value));
    Ok(headers)
}

fn in_header(signed: &AuthHeaders) -> Map<String, Value> {
    let mut out = steps(&signed.explain());
    out.insert("signed_headers".into(), signed.signed_headers().into());
    out.insert("signature".into(), signed.signature().to_string().into());
    out.insert("authorization".into(), signed.authorization().into());
    out.insert("headers".into(), signed.into_iter().map(|(name, value)| json!([name, value])).collect());
    out
}

fn sign_in_query(case: &Case) -> Result<Value, Failure> {
    let (sent, time, signer) = (case.request()?, case.time()?, case.signer(false)?);
    let expires = case.option(|options| options.expires).ok_or_else(|| Failure::bad("no expires"))?;
    let expires = Expires::from_secs(expires.into()).map_err(|_| Failure::Refused {
        code: "Expires".into(),
        message: format!("{expires} seconds are not between 1 and {}", Expires::WEEK.as_secs()),
    })?;
    let (headers, body) = (sent.headers(), sent.content.bytes()?);
    let request = Request::new(&sent.method, &sent.target, &headers);
    let url = match case.option(|options| options.payload.as_ref()) {
        None => signer.presign(&request, expires, time),
        Some(_) => signer.presign_with_payload(&request, case.payload(&body)?, expires, time),
    };
    let url = url.map_err(Failure::refused)?;
    let mut out = steps(&url.explain());
    out.insert("signed_headers".into(), url.signed_headers().into());
    out.insert("signature".into(), url.signature().to_string().into());
    out.insert("target".into(), url.path_and_query().into());
    Ok(out.into())
}

fn steps(explain: &Explain<'_>) -> Map<String, Value> {
    let mut steps = Map::new();
    steps.insert("canonical_request".into(), explain.canonical_request().to_string().into());
    steps.insert("string_to_sign".into(), explain.string_to_sign().to_string().into());
    steps
}

fn signing_key(case: &Case) -> Result<Value, Failure> {
    let scope = case.scope(case.time()?);
    let scope = CredentialScope::parse(&scope).map_err(Failure::refused)?;
    let secret = SecretAccessKey::new(case.credentials.secret_key.clone());
    let [k_date, k_region, k_service, k_signing] =
        SigningKey::derivation(&secret, &scope).map(|key| hex::encode(*key));
    Ok(json!({"k_date": k_date, "k_region": k_region, "k_service": k_service, "k_signing": k_signing}))
}

fn sign_string(case: &Case) -> Result<Value, Failure> {
    let scope = case.scope(case.time()?);
    let scope = CredentialScope::parse(&scope).map_err(Failure::refused)?;
    let text = case.string_to_sign.as_deref().ok_or_else(|| Failure::bad("no string_to_sign"))?;
    let secret = SecretAccessKey::new(case.credentials.secret_key.clone());
    let signature = SigningKey::derive(&secret, &scope).sign(&StringToSign::from_text(text));
    Ok(json!({"signature": signature.to_string()}))
}

// ---- Verifying

/// A request as it arrived, and the server that it arrived at.
#[derive(Deserialize)]
struct Received {
    config: Config,
    given: Given,
    /// How many bytes of the body arrive at a time; all at once where it is absent.
    feed: Option<usize>,
}

/// The server: the one credential that it knows, what it is, and its clock.
#[derive(Deserialize)]
struct Config {
    access_key: String,
    secret: String,
    token: Option<String>,
    region: String,
    service: String,
    now: String,
    #[serde(default)]
    allow_sigv4a: bool,
}

#[derive(Deserialize)]
struct Given {
    method: String,
    target: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body_b64: Option<String>,
}

impl Received {
    fn read(input: Value) -> Result<Self, Failure> {
        serde_json::from_value(input).map_err(Failure::bad)
    }
}

fn verify(received: &Received) -> Result<Value, Failure> {
    let Received { config, given, feed } = received;
    let feed = feed.unwrap_or(usize::MAX);
    if feed == 0 {
        return Err(Failure::bad("a feed of 0 bytes"));
    }
    let now = timestamp(&config.now)?;
    let body = from_base64(given.body_b64.as_deref().unwrap_or_default())?;
    let known = credentials(&config.access_key, &config.secret, config.token.as_deref())?;
    let service = Service::new(config.service.clone()).map_err(Failure::refused)?;
    let verifier = Verifier::new(config.region.clone(), service).map_err(Failure::refused)?;
    let verifier = if config.allow_sigv4a { verifier.allow_sigv4a() } else { verifier };

    let headers: Vec<(&str, &str)> =
        given.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = Request::new(&given.method, &given.target, &headers);
    let server = post_policy::Server { verifier: &verifier, known: &known, now, feed };
    if let Some(verdict) = post_policy::verify(&server, given, &request, &body) {
        return Ok(verdict);
    }
    let claim = match verifier.claim(&request, ReceivedBody::Unread, now) {
        Err(VerifyError::BodyRequired) => verifier.claim(&request, ReceivedBody::Bytes(&body), now),
        claim => claim,
    };
    let claim = match claim {
        Ok(claim) => claim,
        Err(VerifyError::Anonymous) => return Ok(json!({"verdict": "anonymous"})),
        Err(error) => return Ok(reject("request", &error)),
    };
    let key = (claim.claimed_access_key_id() == known.access_key_id()).then(|| claim.derive_key(&known));
    let verified = match claim.verify(key.as_ref()) {
        Ok(verified) => verified,
        Err(rejected) => return Ok(reject("request", rejected.error())),
    };

    if let BodyCheck::Chunked(_) = verified.body() {
        return Ok(match chunked::decode(&verified, body.chunks(feed)) {
            Ok(decoded) => {
                let mut answer = accept(&verified, &decoded);
                if let Some(answer) = answer.as_object_mut() {
                    answer.insert("decoded_body_b64".into(), BASE64_STANDARD.encode(&decoded).into());
                }
                answer
            }
            Err(error) => reject("body", &error),
        });
    }
    let mut checker = verified.body().checker();
    body.chunks(feed).for_each(|piece| checker.update(piece));
    match checker.finish() {
        Ok(_) => Ok(accept(&verified, &body)),
        Err(error) => Ok(reject("body", &error)),
    }
}

fn accept(verified: &Verified, body: &[u8]) -> Value {
    json!({
        "verdict": "accept",
        "mechanism": if verified.mechanism() == Mechanism::Query { "query" } else { "header" },
        "algorithm": verified.algorithm(),
        "access_key": verified.access_key_id(),
        "payload": verified.payload_hash(),
        "signed_headers": verified.signed_headers(),
        "body_sha256": Payload::Bytes(body).hash().as_str(),
    })
}

fn reject(stage: &str, error: &VerifyError) -> Value {
    json!({
        "verdict": "reject",
        "code": error.code(),
        "status": error.status(),
        "stage": stage,
        "error": variant(error),
        "message": error.to_string(),
    })
}

// ---- Common to both

/// Why there is no answer.
enum Failure {
    BadInput(String),
    Unsupported(String),
    Refused { code: String, message: String },
}

impl Failure {
    fn bad(message: impl Display) -> Self {
        Self::BadInput(message.to_string())
    }

    fn refused(error: impl Debug + Display) -> Self {
        Self::Refused { code: variant(&error), message: error.to_string() }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::BadInput(message) => json!({"error": {"kind": "bad_input", "message": message}}),
            Self::Unsupported(message) => json!({"error": {"kind": "unsupported", "message": message}}),
            Self::Refused { code, message } => {
                json!({"error": {"kind": "refused", "code": code, "message": message}})
            }
        }
    }
}

/// The name of an error's variant; of the error inside where a variant only wraps another.
fn variant(error: &impl Debug) -> String {
    let text = format!("{error:?}");
    let outer = ["Request(", "Chunked(", "Form(", "Policy("];
    let text = outer.iter().find_map(|outer| text.strip_prefix(outer)).unwrap_or(&text);
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn credentials(id: &str, secret: &str, token: Option<&str>) -> Result<Credentials, Failure> {
    let credentials = Credentials::new(id, SecretAccessKey::new(secret)).map_err(Failure::refused)?;
    match token {
        Some(token) => credentials.with_session_token(token).map_err(Failure::refused),
        None => Ok(credentials),
    }
}

fn timestamp(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse(text).map_err(|_| Failure::bad(format!("{text:?} is not a time as YYYYMMDDTHHMMSSZ")))
}

fn from_hex(text: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(text).map_err(|_| Failure::bad("not hexadecimal"))
}

/// RFC 4648, section 4. Accepts one or two `=` too many or too few, and bits after the last byte.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

fn from_base64(text: &str) -> Result<Vec<u8>, Failure> {
    let unpadded = text.trim_end_matches('=');
    if text.len() - unpadded.len() > 2 {
        return Err(Failure::bad("not base64"));
    }
    BASE64.decode(unpadded).map_err(|_| Failure::bad("not base64"))
}
