//! The canonical request and the string to sign, of a signed request and of one that is to be signed.

use countersign::steps::{CanonicalRequest, CredentialScope, SigningKey, signed_target};
use countersign::{
    Credentials, Payload, PayloadRule, ReceivedBody, Request, SecretAccessKey, Service, SignedHeaders,
    Signer, Timestamp,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::facts::{Facts, Place};
use crate::request::Body;
use crate::{Asked, Error, Options};

/// The steps before the key.
#[derive(Default)]
pub(crate) struct Strings {
    pub(crate) canonical: Option<CanonicalRequest>,
    pub(crate) to_sign: String,
    /// The signature that was computed here.
    pub(crate) signature: Option<String>,
    /// The body is not known, and the hash of an empty body is in its place.
    pub(crate) is_assumed: bool,
}

/// Signs a request that has no signature, as this crate's signer does. Without a secret, a constant replaces it: the
/// steps before the key do not depend on it.
pub(crate) fn sign(
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
        is_assumed: false,
    })
}

/// Canonicalizes a signed request, as a server does.
pub(crate) fn received(
    asked: &Asked,
    facts: &Facts,
    service: &Service,
    time: Timestamp,
    notes: &mut Vec<String>,
) -> Result<Strings, Error> {
    let target = match facts.place {
        Place::Query => signed_target(&asked.target, service.rules()),
        Place::Header | Place::None => asked.target.clone(),
    };
    let mut headers = asked.headers.clone();
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
    let payload = payload(asked, facts.place, service);
    let is_read = matches!(asked.body(), ReceivedBody::Bytes(_));
    let is_assumed = matches!(payload, Payload::Bytes(_)) && !is_read;
    let hash = payload.hash();
    let canonical = CanonicalRequest::new(&request, &names, &hash, service.rules())
        .map_err(|error| Error::Canonical(error.to_string()))?;
    let digest = hex::encode(Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("{}\n{time}\n{}\n{digest}", facts.algorithm, facts.scope);
    Ok(Strings { canonical: Some(canonical), to_sign, signature: None, is_assumed })
}

/// Signs a string with the key of a scope. Returns `None` if the scope is malformed.
pub(crate) fn hmac(secret: &SecretAccessKey, scope: &str, to_sign: &str) -> Option<String> {
    let [.., key] = SigningKey::derivation(secret, &CredentialScope::parse(scope).ok()?);
    let mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).ok()?;
    Some(hex::encode(mac.chain_update(to_sign.as_bytes()).finalize().into_bytes()))
}

/// Returns the payload of the last line of the canonical request.
fn payload<'a>(asked: &'a Asked, place: Place, service: &Service) -> Payload<'a> {
    let rule = service.rules().payload();
    let stated = asked.header("x-amz-content-sha256").and_then(|value| std::str::from_utf8(value).ok());
    let stated = stated.filter(|_| rule != PayloadRule::OrdinaryHeader);
    if let Some(Ok(payload)) = stated.map(|stated| Payload::parse(stated.trim())) {
        return payload;
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
