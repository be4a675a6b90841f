//! The causes of a signature that does not match, for the log.

use std::sync::Arc;

use countersign::diagnose::{self, Cause};
use countersign::{Credentials, ReceivedBody, Timestamp};
use http::request::Parts;

use crate::gateway::Gateway;

/// The most causes that are logged of one request. The likeliest is first.
const MAX_CAUSES: usize = 3;

/// Looks for the causes after the request is answered, and logs them under the id of the request.
///
/// It tries thousands of variants, so there is one at a time: a client that sends wrong signatures on
/// purpose must not keep the gateway busy.
pub fn later(gateway: &Gateway, head: &Parts, credentials: &Credentials, id: &str) {
    let Ok(permit) = Arc::clone(&gateway.diagnosing).try_acquire_owned() else {
        return tracing::debug!(id, "not diagnosed: another request is");
    };
    let (verifier, head) = (gateway.verifier.clone(), head.clone());
    let (credentials, id, now) = (credentials.clone(), id.to_owned(), Timestamp::now());
    tokio::task::spawn_blocking(move || {
        let diagnosis = countersign::http::with_request(&head, |request| {
            diagnose::received(&verifier, request, ReceivedBody::Unread, &credentials, now)
        });
        for cause in diagnosis.causes().iter().take(MAX_CAUSES) {
            let text = words(cause);
            tracing::warn!(id, cause = cause.name().as_str(), "{text}");
        }
        drop(permit);
    });
}

/// A report has no signature, token or secret in it.
fn words(cause: &Cause) -> String {
    let mut text = format!("{:?}: {} {}", cause.certainty(), cause.why(), cause.fix());
    if let (Some(ours), Some(theirs)) = (cause.ours(), cause.theirs()) {
        text += &format!(" The client signed {:?}, and {:?} arrived.", ours.text(), theirs.text());
    }
    text
}
