//! Computes the steps of a request.

use countersign::diagnose::{CauseName, Diagnosis, Evidence, Signed};
use countersign::steps::CanonicalRequest;
use countersign::{
    Credentials, Payload, PayloadMode, PayloadRule, ReceivedBody, Request, SecretAccessKey, Service,
    SignedHeaders, Signer, StreamingMode, Timestamp,
};
use sha2::{Digest, Sha256};

use crate::facts::{Facts, Place};
use crate::report::{Cause, Finding, Marked, Report, RequestLine, SignatureFacts, Step};
use crate::request::Body;
use crate::words::Part;
use crate::{Asked, Error, Options, commands, host, lines, mask, verdict};

/// A report, and the unmasked steps. It has no `Debug`, because the steps can contain a session token.
pub struct Explained {
    pub report: Report,
    /// Empty if the request cannot be canonicalized.
    pub(crate) canonical: Vec<u8>,
    pub(crate) to_sign: String,
    pub(crate) signature: Option<String>,
}

impl Explained {
    /// Compares the steps with the answer of the service, and adds the diagnosis to the report.
    pub fn answer(&mut self, answer: &[u8], secret: Option<&SecretAccessKey>) {
        let signed = Signed::from_bytes(&self.canonical, &self.to_sign);
        let signed = match secret {
            Some(secret) => signed.with_secret(secret),
            None => signed,
        };
        let diagnosis = countersign::diagnose::answer(&signed, &Evidence::from_bytes(answer));
        let is_only_the_secret =
            diagnosis.first().is_some_and(|cause| cause.name() == CauseName::SecretWrong);
        if is_only_the_secret && self.report.signature.place != "none" {
            // The pasted request and the answer agree. What the signer did is found only with the secret.
            if self.report.findings.is_empty() && self.report.verdict.name == "no-secret" {
                let note = "The service computed the same steps. The signer used another secret, or other steps: with the \
                            secret, the mistake is searched for.";
                self.report.notes.push(note.to_owned());
            } else if self.report.findings.iter().any(|finding| !finding.causes.is_empty()) {
                return;
            }
        }
        self.report.findings.push(finding("answer", &diagnosis));
    }

    /// Returns the commands that compute the signature, as one script for `sh`.
    #[must_use]
    pub fn script(&self) -> String {
        commands::script(&self.report)
    }
}

/// The steps before the key.
#[derive(Default)]
struct Strings {
    canonical: Option<CanonicalRequest>,
    to_sign: String,
    /// The signature that was computed here.
    signature: Option<String>,
}

/// Computes the steps of a request, verifies its signature if there is a secret, and diagnoses it.
///
/// # Errors
///
/// Returns [`Error`] if the request has no steps.
pub fn explain(asked: &Asked, options: &Options) -> Result<Explained, Error> {
    let facts = Facts::of(asked)?;
    let mut notes = asked.notes.clone();
    let (service, region) = scope_of(asked, &facts, options, &mut notes)?;
    let time = time_of(&facts, options, &mut notes);
    let strings = match facts.place {
        Place::None => sign(asked, &facts, options, &service, &region, time, &mut notes)?,
        Place::Header | Place::Query => match received(asked, &facts, &service, time, &mut notes) {
            Ok(strings) => strings,
            // The verdict names the reason.
            Err(error) => {
                notes.push(format!("There are no steps: {error}."));
                Strings::default()
            }
        },
    };
    let (verdict, diagnosis) = verdict::of(asked, &facts, options, &service);
    notes.extend(contradictions(asked, &facts));
    if let (Some(expires), None) = (facts.expires, options.time) {
        let age = options.now.unix_seconds().saturating_sub(time.unix_seconds());
        if u64::try_from(age).is_ok_and(|age| age > expires) {
            notes.push(
                "The URL has expired. The steps are those of the time at which it was signed.".to_owned(),
            );
        }
    }
    let signature = facts.signature.clone().or(strings.signature.clone());
    let report = Report {
        version: 1,
        input: asked.form,
        request: request_line(asked, options),
        signature: SignatureFacts {
            place: match facts.place {
                Place::Header => "header",
                Place::Query => "query",
                Place::None => "none",
            },
            algorithm: mask::printable(facts.algorithm.as_bytes()),
            access_key_id: facts
                .access_key_id
                .clone()
                .or_else(|| asked.access_key_id.clone())
                .or_else(|| options.access_key_id.clone())
                .map(|id| mask::printable(id.as_bytes())),
            region: (!facts.is_sigv4a()).then(|| mask::printable(region.as_bytes())),
            service: service.name().to_owned(),
            time: time.as_str().to_owned(),
            expires: facts.expires,
        },
        steps: steps(&strings, &facts, signature.as_deref(), options),
        verdict,
        findings: diagnosis
            .or_else(|| pasted(asked, facts.place))
            .map(|diagnosis| finding("received", &diagnosis))
            .into_iter()
            .collect(),
        difference: None,
        notes,
    };
    let canonical = strings.canonical.map(|canonical| canonical.as_bytes().to_vec()).unwrap_or_default();
    Ok(Explained { report, canonical, to_sign: strings.to_sign, signature })
}

/// Diagnoses the spelling of a presigned URL, which needs no secret.
fn pasted(asked: &Asked, place: Place) -> Option<Diagnosis> {
    let url = format!("https://{}{}", asked.text("host").unwrap_or_default(), asked.target);
    let diagnosis = countersign::diagnose::text(&Evidence::read(&url));
    (place == Place::Query && !diagnosis.is_empty()).then_some(diagnosis)
}

/// Notes what the request shows without the secret.
fn contradictions(asked: &Asked, facts: &Facts) -> Vec<String> {
    let mut notes = Vec::new();
    let host = asked.text("host").unwrap_or_default();
    if let (Some(scope), (_, Some(region))) = (&facts.region, host::of_aws(&host))
        && *scope != region
        && host.contains(&region)
    {
        notes.push(format!("The host is in the region {region}, and the signature is for another region."));
    }
    let stated = asked.text("x-amz-content-sha256").filter(|stated| stated.len() == 64);
    if let (Some(stated), Body::Bytes(body)) = (stated, &asked.body)
        && stated != hex::encode(Sha256::digest(body))
    {
        notes.push("x-amz-content-sha256 is not the SHA-256 of this body.".to_owned());
    }
    notes
}

fn request_line(asked: &Asked, options: &Options) -> RequestLine {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| mask::parameter(pair, options.show_signature))
        .collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let host = asked.text("host").unwrap_or_default();
    let address = format!("{}://{host}{path}", asked.scheme);
    RequestLine {
        method: mask::printable(asked.method.as_bytes()),
        url: format!("{}{query}", mask::scrubbed(&address, options.show_signature)),
        body_bytes: match &asked.body {
            Body::Bytes(bytes) => Some(bytes.len()),
            Body::Pieces(_) | Body::Unknown => None,
        },
    }
}

/// Finds the service and the region: of the signature, of the user, of curl, or of the host.
fn scope_of(
    asked: &Asked,
    facts: &Facts,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<(Service, String), Error> {
    let (host_service, host_region) = host::of_aws(&asked.text("host").unwrap_or_default());
    let stated = |fact: &Option<String>, option: &Option<String>, curl: &Option<String>| {
        fact.clone().or_else(|| option.clone()).or_else(|| curl.clone())
    };
    let service = stated(&facts.service, &options.service, &asked.service);
    let region = stated(&facts.region, &options.region, &asked.region);
    if facts.place == Place::None && (service.is_none() || region.is_none()) && host_service.is_some() {
        notes.push(
            "Service and region are read from the host; --service and --region change them.".to_owned(),
        );
    }
    let service = service.or(host_service).ok_or(Error::NoService)?;
    let region = match region.or(host_region) {
        Some(region) => region,
        None if facts.is_sigv4a() => String::new(),
        None => return Err(Error::NoRegion),
    };
    let invalid = |_| Error::Invalid { what: "the service", value: mask::printable(service.as_bytes()) };
    Ok((Service::new(service.clone()).map_err(invalid)?, region))
}

fn time_of(facts: &Facts, options: &Options, notes: &mut Vec<String>) -> Timestamp {
    match (facts.place, facts.time, options.time) {
        (Place::None, _, Some(time)) => time,
        (_, Some(time), _) => time,
        (_, None, Some(time)) => time,
        (_, None, None) => {
            notes.push("The request states no time: the current time is used; --time changes it.".to_owned());
            options.now
        }
    }
}

/// Signs a request that has no signature, as this crate's signer does. Without a secret, a constant replaces it: the
/// steps before the key do not depend on it.
fn sign(
    asked: &Asked,
    facts: &Facts,
    options: &Options,
    service: &Service,
    region: &str,
    time: Timestamp,
    notes: &mut Vec<String>,
) -> Result<Strings, Error> {
    let canonical = |error: &dyn ToString| Error::Canonical(error.to_string());
    let id = options.access_key_id.clone().or_else(|| asked.access_key_id.clone());
    let secret = options.secret.clone().unwrap_or_else(|| SecretAccessKey::new("secret"));
    let mut credentials = Credentials::new(id.unwrap_or_else(|| "AKIDEXAMPLE".to_owned()), secret)
        .map_err(|error| canonical(&error))?;
    if let Some(token) = options.session_token.clone().or_else(|| facts.token.clone()) {
        credentials = credentials.with_session_token(token).map_err(|error| canonical(&error))?;
    }
    let signer = Signer::new(credentials, region, service.clone()).map_err(|error| canonical(&error))?;
    let is_added = |name: &str| {
        ["x-amz-date", "x-amz-security-token", "x-amz-s3session-token"]
            .iter()
            .any(|added| name.eq_ignore_ascii_case(added))
    };
    let headers: Vec<(&str, &[u8])> = asked
        .headers
        .iter()
        .filter(|(name, _)| !is_added(name))
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .collect();
    let request = Request::from_bytes(&asked.method, &asked.target, &headers);
    if !matches!(asked.body(), ReceivedBody::Bytes(_)) {
        notes.push("The body is not known: its hash may not be the one shown.".to_owned());
    }
    let signed = signer
        .sign(&request, payload(asked, Place::None, service), time)
        .map_err(|error| canonical(&error))?;
    let steps = signed.explain();
    Ok(Strings {
        canonical: Some(steps.canonical_request()),
        to_sign: steps.string_to_sign().as_str().to_owned(),
        signature: options.secret.is_some().then(|| signed.signature().to_string()),
    })
}

/// Canonicalizes a signed request, as a server does.
fn received(
    asked: &Asked,
    facts: &Facts,
    service: &Service,
    time: Timestamp,
    notes: &mut Vec<String>,
) -> Result<Strings, Error> {
    let (target, mut headers) = (without_signature(&asked.target), asked.headers.clone());
    let listed = match SignedHeaders::parse(&facts.signed_headers) {
        Ok(_) => facts.signed_headers.clone(),
        Err(error) => {
            notes.push(format!("SignedHeaders is wrong: {error}. The steps are those of the sorted list."));
            let mut names: Vec<_> = facts.signed_headers.split(';').map(str::to_ascii_lowercase).collect();
            names.push("host".to_owned());
            names.retain(|name| !name.trim().is_empty());
            names.sort_unstable();
            names.dedup();
            names.join(";")
        }
    };
    let names = SignedHeaders::parse(&listed).map_err(|error| Error::Canonical(error.to_string()))?;
    for name in names.iter() {
        if asked.header(name).is_none() {
            notes.push(format!("The header {name} is signed and is missing: its line is empty, as in S3."));
            headers.push((name.to_owned(), Vec::new()));
        }
    }
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = Request::from_bytes(&asked.method, &target, &headers);
    let hash = payload(asked, facts.place, service).hash();
    let canonical = CanonicalRequest::new(&request, &names, &hash, service.rules())
        .map_err(|error| Error::Canonical(error.to_string()))?;
    let digest = hex::encode(Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("{}\n{time}\n{}\n{digest}", facts.algorithm, facts.scope);
    Ok(Strings { canonical: Some(canonical), to_sign, signature: None })
}

/// Removes the parameter that is added after signing.
fn without_signature(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
    let is_signature =
        |pair: &&str| pair.split('=').next().unwrap_or_default().eq_ignore_ascii_case("X-Amz-Signature");
    let pairs: Vec<_> = query.split('&').filter(|pair| !is_signature(pair)).collect();
    format!("{path}?{}", pairs.join("&"))
}

/// Returns the payload of the last line of the canonical request.
fn payload<'a>(asked: &'a Asked, place: Place, service: &Service) -> Payload<'a> {
    let rule = service.rules().payload();
    let stated = asked.header("x-amz-content-sha256").and_then(|value| std::str::from_utf8(value).ok());
    if let Some(stated) = stated.map(str::trim).filter(|_| rule != PayloadRule::OrdinaryHeader) {
        let mut digest = [0; 32];
        if stated == "UNSIGNED-PAYLOAD" {
            return Payload::Unsigned;
        } else if hex::decode_to_slice(stated, &mut digest).is_ok() {
            return Payload::Sha256(digest);
        } else if let Ok(mode) = StreamingMode::parse(stated) {
            return Payload::Streaming(mode);
        } else if let Ok(mode) = PayloadMode::new(stated) {
            return Payload::Other(mode);
        }
    }
    match asked.body() {
        ReceivedBody::Bytes(_) if place == Place::Query && rule == PayloadRule::HashHeader => {
            Payload::Unsigned
        }
        ReceivedBody::Bytes(bytes) => Payload::Bytes(bytes),
        _ if rule == PayloadRule::HashHeader => Payload::Unsigned,
        _ => Payload::Bytes(b""),
    }
}

impl Asked {
    /// Returns the body as a server would have it. A body that is sent in chunks is not decoded.
    pub(crate) fn body(&self) -> ReceivedBody<'_> {
        let is_stream =
            self.text("x-amz-content-sha256").is_some_and(|value| value.starts_with("STREAMING-"));
        match &self.body {
            _ if is_stream => ReceivedBody::Unread,
            Body::Bytes(bytes) => ReceivedBody::Bytes(bytes),
            Body::Unknown if matches!(&*self.method, "GET" | "HEAD" | "DELETE") => ReceivedBody::Bytes(b""),
            Body::Pieces(_) | Body::Unknown => ReceivedBody::Unread,
        }
    }
}

fn steps(strings: &Strings, facts: &Facts, signature: Option<&str>, options: &Options) -> Vec<Step> {
    let hash = |bytes: &[u8]| Some(hex::encode(Sha256::digest(bytes)));
    let is_sigv4a = facts.is_sigv4a();
    let Some(request) = &strings.canonical else { return Vec::new() };
    let canonical = request.as_bytes();
    let signature = match signature {
        Some(digits) => mask::signature(digits, options.show_signature),
        None => "(needs the secret)".to_owned(),
    };
    let part = if is_sigv4a { Part::SigV4aSignature } else { Part::Signature };
    vec![
        Step {
            number: 1,
            name: "canonical request",
            bytes: Some(canonical.len()),
            sha256: hash(canonical),
            lines: lines::canonical_request(request, options.show_signature),
            command: commands::canonical_request(canonical),
        },
        Step {
            number: 2,
            name: "string to sign",
            bytes: Some(strings.to_sign.len()),
            sha256: None,
            lines: lines::string_to_sign(&strings.to_sign, is_sigv4a),
            command: commands::string_to_sign(&strings.to_sign),
        },
        Step {
            number: 3,
            name: "signing key",
            bytes: None,
            sha256: None,
            lines: lines::signing_key(&strings.to_sign, is_sigv4a),
            command: commands::signing_key(&strings.to_sign).filter(|_| !is_sigv4a),
        },
        Step {
            number: 4,
            name: "signature",
            bytes: None,
            sha256: None,
            lines: vec![lines::signature(part, &signature)],
            command: commands::signature().filter(|_| !is_sigv4a),
        },
    ]
}

/// Copies a diagnosis.
pub(crate) fn finding(from: &'static str, diagnosis: &Diagnosis) -> Finding {
    let marked = |excerpt: &countersign::diagnose::Excerpt| {
        let range = excerpt.marked();
        Marked { text: excerpt.text().to_owned(), from: range.start, to: range.end }
    };
    let causes = diagnosis.causes().iter().map(|cause| Cause {
        name: cause.name().as_str(),
        certainty: cause.certainty().to_string(),
        header: cause.header().map(str::to_owned),
        why: cause.why(),
        detail: cause.detail().map(str::to_owned),
        signed: cause.ours().map(marked),
        received: cause.theirs().map(marked),
        likely: cause.likely(),
        fix: cause.fix().to_owned(),
    });
    Finding { from, about: diagnosis.about().name(), causes: causes.collect() }
}
