//! The canonical request that the server computes.

use countersign::{Expires, Payload};

use crate::cases::{Cases, other_secret, same};
use crate::server::{Draft, differs, encode};

/// Some servers respond to a wrong signature with the canonical request that they computed. It must
/// equal the one of countersign.
pub(crate) fn canonical_requests(cases: &mut Cases) {
    cases.add("the server's canonical request, signed", |live| {
        let put = Draft::new("PUT", live.url("k/sp ace+plus%25//x")).body(b"body");
        let put = put.header("x-amz-meta-note", " a   b ").header("content-type", "text/plain");
        let signer = other_secret(live);
        let (added, wire) = put.signed(&signer, Payload::Bytes(put.body));
        let reply = live.send(&wire)?;
        let Some(theirs) = reply.element("CanonicalRequest") else {
            return Err(differs("none in the reply"));
        };
        same("their canonical request", theirs.as_bytes(), added.explain().canonical_request().as_bytes())?;
        let theirs = reply.element("StringToSign").unwrap_or_default();
        same("their string to sign", theirs.as_bytes(), added.explain().string_to_sign().as_str().as_bytes())
    });
    cases.add("the server's canonical request, presigned", |live| {
        let query = format!("response-content-disposition={}", encode("attachment; filename=\"ä b\""));
        let get = Draft::new("GET", format!("{}?{query}", live.url("k/sp ace+plus%25//x")));
        let signed = get.presigned(&other_secret(live), Expires::HOUR);
        let reply = live.send(&get.wire(signed.as_str()))?;
        let Some(theirs) = reply.element("CanonicalRequest") else {
            return Err(differs("none in the reply"));
        };
        same("their canonical request", theirs.as_bytes(), signed.explain().canonical_request().as_bytes())
    });
}
