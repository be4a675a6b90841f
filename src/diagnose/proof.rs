//! Searches for the mistake in a text: the canonical request is the service's, or that of the request as it was sent;
//! the signature is in the text, and the secret is the user's.

use super::evidence::SentRequest;
use super::parts::Parts;
use super::received::{self, Hints};
use super::search::Search;
use super::secret::Signature as Stated;
use super::to_sign::ToSign;
use super::transform::Scene;
use super::{Cause, CauseName, Evidence, sent};
use crate::bytes::decode_32;
use crate::credentials::{Credentials, SecretAccessKey};
use crate::crypto::sha256;
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::{Rules, Service};
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::verify::VerifyingKey;

/// The result of the search.
pub(super) enum Proof {
    /// The secret signed these bytes.
    Verifies,
    /// The signature was reproduced with this mistake.
    Mistake(Cause),
    /// The text does not have enough, or no known mistake gives the signature.
    Unknown,
}

/// Searches with what the text has.
pub(super) fn of(evidence: &Evidence, secret: &SecretAccessKey) -> Proof {
    find(evidence, secret).unwrap_or(Proof::Unknown)
}

fn find(evidence: &Evidence, secret: &SecretAccessKey) -> Option<Proof> {
    let sent = evidence.request.as_ref();
    let computed = evidence.their_parts().or_else(|| sent::parts(evidence))?;
    let digits = evidence.theirs.signature.as_deref().or(evidence.ours.signature.as_deref());
    let digits = digits.or_else(|| sent.and_then(SentRequest::signature))?;
    let signature = Signature::parse(digits.trim()).ok()?;
    let stated = evidence.theirs.to_sign.as_deref().and_then(ToSign::parse);
    let to_sign = stated.or_else(|| sent.and_then(sent::to_sign))?;
    let to_sign = ToSign { digest: hex::encode(sha256(&computed.to_bytes())), ..to_sign };
    let scope = CredentialScope::parse(&to_sign.scope).ok()?;
    let id = evidence.answer.access_key_id.as_deref().unwrap_or("AKIDEXAMPLE");
    let credentials = Credentials::new(id, secret.clone()).ok()?;
    let key = VerifyingKey::from_signing_key(id, &scope, SigningKey::derive(secret, &scope));
    let text = to_sign.to_text();
    if key.has_signed(text.as_bytes(), &signature) {
        return Some(Proof::Verifies);
    }
    let synthetic = of_parts(&computed);
    let request = sent.unwrap_or(&synthetic);
    let headers = sent::headers(request);
    let view = Request::new(&request.method, &request.uri, &headers);
    let [_, region, service] = to_sign.scope_parts();
    let rules =
        Service::new(alloc::string::String::from(service)).map_or(Rules::STANDARD, |known| known.rules());
    let hints = Hints::new();
    let body = ReceivedBody::Unread;
    let scene = Scene { request: &view, body, rules, computed: &computed, region, service, hints: &hints };
    let mut search = Search::new(&key, &to_sign, &signature);
    if let Some(cause) = bodies(evidence, &computed, &mut search) {
        return Some(Proof::Mistake(cause));
    }
    let bytes = decode_32(digits.trim().as_bytes())?;
    let facts =
        Stated { to_sign: &to_sign, text: &text, bytes, access_key_id: Some(id), session_token: None };
    let found = received::search_for(&scene, &mut search, &facts, &credentials, &signature);
    Some(found.map_or(Proof::Unknown, Proof::Mistake))
}

/// Tries the hashes of the bodies that the text has: the service received another one.
fn bodies(evidence: &Evidence, computed: &Parts, search: &mut Search<'_>) -> Option<Cause> {
    let tries = evidence.bodies.iter().flat_map(|body| [body.as_str(), body.trim_end()]);
    let hashes = tries.map(|body| hex::encode(sha256(body.as_bytes())));
    let mut others = hashes.map(|payload| Parts { payload, ..computed.clone() });
    let signed = others.find(|other| search.matches(other, CauseName::PayloadNewline))?;
    Some(received::reproduced(CauseName::PayloadNewline, &signed, computed))
}

/// Returns the request that the service's canonical request describes.
fn of_parts(parts: &Parts) -> SentRequest {
    let query = if parts.query.is_empty() { "" } else { "?" };
    let header = |(name, value): &(_, alloc::vec::Vec<u8>)| -> (alloc::string::String, _) {
        (alloc::string::String::clone(name), alloc::string::String::from_utf8_lossy(value).into_owned())
    };
    SentRequest {
        method: parts.method.clone(),
        uri: alloc::format!("{}{query}{}", parts.path, parts.query),
        headers: parts.headers.iter().map(header).collect(),
        is_url: false,
    }
}
