//! Verifies the head of a request: claim, look the key up, compare.

use std::sync::Arc;

use countersign::{ReceivedBody, Timestamp, Verified, VerifyError};
use http::request::Parts;

use crate::diagnosis;
use crate::gateway::Gateway;
use crate::key_file::Key;
use crate::refusal::Refusal;

/// Returns the key that signed, and what it signed. An unknown key takes as long as a wrong signature.
pub fn verify(gateway: &Gateway, head: &Parts, id: &str) -> Result<(Arc<Key>, Verified), Refusal> {
    let now = Timestamp::now();
    let claim = countersign::http::claim(&gateway.verifier, head, ReceivedBody::Unread, now)?;
    let key = gateway.keys.load().find(claim.claimed_access_key_id());
    let credentials = key.as_ref().map(|key| &key.credentials);
    let verified = claim.verify_cached(&gateway.key_cache, credentials).map_err(|rejected| {
        let (error, claim) = rejected.into_parts();
        let key_id = claim.claimed_access_key_id();
        let cause = match &key {
            Some(_) => format!("{error} (key {key_id})"),
            None => format!("no key has the id {key_id:?}"),
        };
        if let (VerifyError::SignatureDoesNotMatch, Some(credentials)) = (&error, credentials) {
            diagnosis::later(gateway, head, credentials, id);
        }
        Refusal::from(error).because(cause)
    })?;
    match key {
        Some(key) => Ok((key, verified)),
        None => Err(Refusal::internal("a request was verified without a key")),
    }
}
