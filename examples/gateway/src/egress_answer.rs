//! Answers of services, as the clients of `--egress` may see them.

use std::time::Duration;

use bucket::BoxBody;
use http::Response;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tower_http::timeout::TimeoutBody;

use crate::gateway::Gateway;
use crate::refusal::Refusal;
use crate::{answer, bodies};

/// The longest error that is read.
const MAX_ERROR: usize = 64 << 10;

/// Parts of the codes with which a service refuses the gateway's own signature or key.
const OUR_FAULT: [&str; 10] = [
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnrecognizedClient",
];

/// Streams a success. An error passes, unless it is about the gateway's own key.
pub async fn of_service(gateway: &Gateway, answer: Response<Incoming>) -> Result<Response<BoxBody>, Refusal> {
    let (mut head, body) = answer.into_parts();
    answer::drop_headers(&mut head.headers);
    let body = TimeoutBody::new(Duration::from_secs(gateway.limits.idle_timeout), body);
    if head.status.is_success() || head.status == http::StatusCode::NOT_MODIFIED {
        return Ok(Response::from_parts(head, body.boxed_unsync()));
    }
    if head.status.is_redirection() {
        return Err(Refusal::internal(format!("the service answered {}", head.status)));
    }
    let body = Limited::new(body, MAX_ERROR).collect().await;
    let body = body.map_err(|error| Refusal::internal(error.to_string()))?.to_bytes();
    let text = String::from_utf8_lossy(&body);
    let kind = head.headers.get("x-amzn-errortype").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let real_id = gateway.storage.signer().await?.credentials().access_key_id().to_owned();
    let is_ours = OUR_FAULT.iter().any(|code| text.contains(code) || kind.contains(code));
    if is_ours || text.contains(&real_id) {
        let code = OUR_FAULT.iter().find(|code| text.contains(*code) || kind.contains(*code));
        return Err(Refusal::internal(format!("the service refused the gateway: {} {code:?}", head.status)));
    }
    Ok(Response::from_parts(head, bodies::bytes(body)))
}
