//! Answers of the bucket's server, as clients may see them.

use std::time::Duration;

use bucket::{BoxBody, xml};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tower_http::timeout::TimeoutBody;

use crate::bodies;
use crate::gateway::Gateway;
use crate::refusal::Refusal;

/// Headers about the connection to the server, and ids of its log.
const DROPPED: [&str; 12] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    "x-amz-id-2",
    "x-amz-request-id",
];

/// Codes with which a server refuses the gateway itself, and not its client.
const OUR_FAULT: [&str; 12] = [
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidSecurity",
    "InvalidToken",
    "NotSignedUp",
    "PermanentRedirect",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TemporaryRedirect",
    "TokenRefreshRequired",
];

/// The longest error document that is read.
const MAX_ERROR: usize = 64 << 10;

/// Streams a success. An error is written anew, because a server's own document can quote the bucket's
/// access key id and the request that the gateway has signed.
pub async fn of_server(
    gateway: &Gateway,
    method: &Method,
    answer: Response<Incoming>,
) -> Result<Response<BoxBody>, Refusal> {
    let (mut head, body) = answer.into_parts();
    let id = head.headers.get("x-amz-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    tracing::debug!(status = head.status.as_u16(), server_request_id = id, "the server answered");
    drop_headers(&mut head.headers);
    let idle = Duration::from_secs(gateway.limits.idle_timeout);
    if head.status.is_success() || head.status == StatusCode::NOT_MODIFIED {
        return Ok(Response::from_parts(head, TimeoutBody::new(idle, body).boxed_unsync()));
    }
    if method == Method::HEAD {
        return if is_for_client(head.status) {
            head.headers.remove(CONTENT_TYPE);
            Ok(Response::from_parts(head, bodies::bytes("")))
        } else {
            Err(Refusal::internal(format!("the server answered {} to HEAD", head.status)))
        };
    }
    let document = Limited::new(TimeoutBody::new(idle, body), MAX_ERROR).collect().await;
    let document = document.map_err(|error| Refusal::internal(error.to_string()))?.to_bytes();
    Err(error(head.status, &document))
}

/// 403 to HEAD may mean the gateway's key, or an object that is not there. The client cannot act on either.
fn is_for_client(status: StatusCode) -> bool {
    !status.is_redirection() && status != StatusCode::FORBIDDEN && status != StatusCode::BAD_REQUEST
}

/// Reads S3's error, and keeps its code and its message.
pub fn error(status: StatusCode, document: &[u8]) -> Refusal {
    let root = xml::parse(document).ok().filter(|root| root.name == "Error");
    let part = |name| root.as_ref().and_then(|root| root.text_of(name));
    let (code, message) = (part("Code"), part("Message").unwrap_or_default());
    match code {
        Some(code) if !OUR_FAULT.contains(&code) && !status.is_redirection() => {
            let cause = format!("the server answered {status}: {code}: {message}");
            Refusal::new(status.as_u16(), code, message).because(cause)
        }
        code => Refusal::internal(format!("the server refused the gateway: {status} {code:?} {message}")),
    }
}

pub fn drop_headers(headers: &mut HeaderMap) {
    let named = headers.get_all("connection").iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> =
        named.flat_map(|value| value.split(',')).map(|name| name.trim().into()).collect();
    // The gateway decides which origins may read its answers, not the server.
    let cors = headers.keys().map(|name| name.as_str().to_owned());
    let cors: Vec<String> = cors.filter(|name| name.starts_with("access-control-")).collect();
    for name in DROPPED.into_iter().chain(named.iter().chain(&cors).map(|name| &**name)) {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_connection_and_of_cors_are_dropped() {
        let mut headers = HeaderMap::new();
        for name in ["access-control-allow-origin", "x-hop", "set-cookie", "x-amz-id-2", "etag"] {
            headers.insert(name, "v".parse().unwrap());
        }
        headers.insert("connection", "close, X-Hop".parse().unwrap());
        drop_headers(&mut headers);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["etag"]);
    }

    #[test]
    fn an_error_keeps_its_code_and_message_only() {
        let document =
            b"<Error><Code>NoSuchKey</Code><Message>No &lt;key&gt;</Message><HostId>h</HostId></Error>";
        let refusal = error(StatusCode::NOT_FOUND, document);
        assert_eq!((refusal.status(), refusal.code(), &*refusal.message()), (404, "NoSuchKey", "No <key>"));
    }

    #[test]
    fn a_refusal_of_the_gateways_own_signature_is_an_internal_error() {
        let document = b"<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIDREAL</AWSAccessKeyId>\
            <StringToSign>AWS4-HMAC-SHA256 secret</StringToSign></Error>";
        for (status, document) in [
            (StatusCode::FORBIDDEN, &document[..]),
            (StatusCode::TEMPORARY_REDIRECT, b"<Error><Code>Other</Code></Error>"),
            (StatusCode::BAD_GATEWAY, b"<html>"),
        ] {
            let refusal = error(status, document);
            assert_eq!((refusal.status(), refusal.code()), (500, "InternalError"));
            assert!(!refusal.message().contains("AKIDREAL"));
        }
    }
}
