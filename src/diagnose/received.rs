//! The diagnosis of the server's side: tries the transformations until one gives the received
//! signature.

use alloc::string::String;
use alloc::vec::Vec;

use super::parts::Parts;
use super::search::Search;
use super::secret::Signature;
use super::to_sign::ToSign;
use super::transform::{Scene, TRANSFORMATIONS};
use super::{Cause, CauseName, Certainty, Diagnosis, compare, of_error, suspects};
use crate::credentials::Credentials;
use crate::error::VerifyError;
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::PayloadRule;
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier};

/// Names and prefixes under which clients may know a server.
///
/// ```
/// use countersign::diagnose::Hints;
///
/// // The proxy in front of this server listens as s3.example.com and removes /storage.
/// let hints = Hints::new().with_host("s3.example.com").with_path_prefix("/storage");
/// # let _ = hints;
/// ```
#[derive(Debug, Clone, Default)]
pub struct Hints {
    hosts: Vec<String>,
    path_prefixes: Vec<String>,
}

impl Hints {
    /// Creates hints without names.
    #[must_use]
    pub const fn new() -> Self {
        Self { hosts: Vec::new(), path_prefixes: Vec::new() }
    }

    /// Adds a host that a client may have signed.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Adds a prefix of the path that a proxy may have removed.
    #[must_use]
    pub fn with_path_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.path_prefixes.push(prefix.into());
        self
    }

    pub(super) fn hosts(&self) -> &[String] {
        &self.hosts
    }

    pub(super) fn path_prefixes(&self) -> &[String] {
        &self.path_prefixes
    }
}

/// Finds out why a received request does not verify, with the right credentials at hand.
///
/// Call this **after** a request was refused, and only to write a report for the operator. The result
/// is empty if the request verifies, and in no case does it make a request valid.
///
/// ```
/// use countersign::diagnose;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "s3.example.com:9000")];
/// # let signed = signer.sign(&Request::new("GET", "/bucket/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(&signed);
/// # headers[0].1 = "s3.example.com"; // the proxy removed the port
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let request = Request::new("GET", "/bucket/key", &headers);
/// let diagnosis = diagnose::received(&verifier, &request, ReceivedBody::Bytes(b""), &credentials, now);
/// assert_eq!(diagnosis.first().map(|cause| cause.name().as_str()), Some("host-port"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn received(
    verifier: &Verifier,
    request: &Request<'_>,
    body: ReceivedBody<'_>,
    credentials: &Credentials,
    now: Timestamp,
) -> Diagnosis {
    received_with(verifier, request, body, credentials, now, &Hints::new())
}

/// Does the same as [`received`], and tries the names of `hints` too.
///
/// ```
/// use countersign::diagnose::{self, Hints};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "s3.example.com")];
/// # let signed = signer.sign(&Request::new("GET", "/bucket/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(&signed);
/// # headers[0].1 = "storage-7.internal";
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let request = Request::new("GET", "/bucket/key", &headers);
/// let hints = Hints::new().with_host("s3.example.com");
/// let diagnosis = diagnose::received_with(&verifier, &request, ReceivedBody::Bytes(b""), &credentials, now, &hints);
/// assert_eq!(diagnosis.first().map(|cause| cause.name().as_str()), Some("host-rewritten"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn received_with(
    verifier: &Verifier,
    request: &Request<'_>,
    body: ReceivedBody<'_>,
    credentials: &Credentials,
    now: Timestamp,
    hints: &Hints,
) -> Diagnosis {
    // A body in chunks is not read to verify the signature of the request.
    let claim = match verifier.claim(request, body, now) {
        Err(VerifyError::UnsupportedPayload { .. }) => verifier.claim(request, ReceivedBody::Unread, now),
        claim => claim,
    };
    let claim = match claim {
        Ok(claim) => claim,
        Err(error) => return Diagnosis::new(of_error::causes(&error, request)),
    };
    if claim.claimed_access_key_id() != credentials.access_key_id() {
        let cause = Cause::new(CauseName::UnknownAccessKey, Certainty::Observed);
        let sides = (claim.claimed_access_key_id().as_bytes(), credentials.access_key_id().as_bytes());
        return Diagnosis::new(alloc::vec![cause.with_sides(sides.0, sides.1)]);
    }
    let key = claim.derive_key(credentials);
    let rejected = match claim.verify(&key) {
        // The proof is dropped: a diagnosis is a report.
        Ok(_) => return Diagnosis::new(Vec::new()),
        Err(rejected) => rejected,
    };
    if *rejected.error() != VerifyError::SignatureDoesNotMatch {
        return Diagnosis::new(of_error::causes(rejected.error(), request));
    }
    Diagnosis::new(mismatch(verifier, rejected.claim(), request, body, credentials, hints))
}

/// Names the reason of a signature that does not match.
fn mismatch(
    verifier: &Verifier,
    claim: &Claim,
    request: &Request<'_>,
    body: ReceivedBody<'_>,
    credentials: &Credentials,
    hints: &Hints,
) -> Vec<Cause> {
    let Some(received) = claim.signature() else {
        return alloc::vec![of_error::malformed_signature(request)];
    };
    let computed = Parts::of(&claim.explain().canonical_request());
    let to_sign = claim.explain().string_to_sign();
    let Some(to_sign) = ToSign::parse(to_sign.as_str()) else { return Vec::new() };
    let rules = verifier.service.rules();
    let [_, region, service] = to_sign.scope_parts();
    let scene = Scene { request, body, rules, computed: &computed, region, service, hints };
    let key = claim.derive_key(credentials);
    let mut search = Search::new(&key, &to_sign, received);
    let text = to_sign.to_text();
    // A signature of SigV4a has another length: no wrong key is tried.
    let bytes = received.as_bytes().try_into().unwrap_or([0; 32]);
    let (access_key_id, session_token) = (Some(credentials.access_key_id()), credentials.session_token());
    let facts = Signature { to_sign: &to_sign, text: &text, bytes, access_key_id, session_token };
    match search_for(&scene, &mut search, &facts, credentials, received) {
        Some(cause) => alloc::vec![cause],
        None => unknown(&scene),
    }
}

/// Tries every transformation, every wrong key, every wrong string to sign, and pairs of transformations.
pub(super) fn search_for(
    scene: &Scene<'_>,
    search: &mut Search<'_>,
    facts: &Signature<'_>,
    credentials: &Credentials,
    signature: &crate::steps::Signature,
) -> Option<Cause> {
    let of_key = || facts.variant(credentials.secret()).map(|name| Cause::new(name, Certainty::Reproduced));
    transformed(scene, search)
        .or_else(of_key)
        .or_else(|| super::search::other_strings(credentials, facts.to_sign, signature, scene.computed))
        .or_else(|| search.pair(scene.computed))
}

/// Tries each transformation.
fn transformed(scene: &Scene<'_>, search: &mut Search<'_>) -> Option<Cause> {
    for transformation in TRANSFORMATIONS {
        for candidate in (transformation.candidates)(scene) {
            if search.matches(&candidate, transformation.cause) {
                return Some(reproduced(transformation.cause, &candidate, scene.computed));
            }
        }
    }
    None
}

/// Describes a candidate that gave the signature. Its only difference names it best.
pub(super) fn reproduced(name: CauseName, candidate: &Parts, computed: &Parts) -> Cause {
    let differences = compare::compare(candidate, computed);
    let same = differences.iter().find(|cause| cause.name() == name);
    let is_generic = |cause: &Cause| {
        matches!(cause.name(), CauseName::PayloadChanged | CauseName::HeaderChanged | CauseName::PathChanged)
    };
    let cause = match (same, differences.as_slice()) {
        (Some(cause), _) => cause.clone(),
        (None, [cause]) if !is_generic(cause) => cause.clone(),
        (None, [first, ..]) => first.clone().renamed(name),
        (None, []) => Cause::new(name, Certainty::Reproduced),
    };
    cause.with_certainty(Certainty::Reproduced)
}

/// Lists what is suspicious, because no transformation gave the signature.
fn unknown(scene: &Scene<'_>) -> Vec<Cause> {
    let suspected = |name| Cause::new(name, Certainty::Suspected);
    let mut causes = suspects::of(scene.computed);
    let detail = "no known mistake in the request reproduces the signature";
    let secret = suspected(CauseName::SecretWrong).with_detail(detail);
    let has_body = matches!(scene.body, ReceivedBody::Bytes(body) if !body.is_empty());
    let body = suspected(CauseName::PayloadChanged);
    if !has_body || scene.rules.payload() != PayloadRule::BodyHash {
        causes.push(secret);
    } else if scene.header("content-encoding").is_some() {
        causes.extend([body, secret]);
    } else {
        causes.extend([secret, body]);
    }
    causes.extend(suspects::of_host(scene.computed));
    causes
}
