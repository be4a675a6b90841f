//! `--egress`: requests to any AWS service, signed with a placeholder key and signed again with the real one.

use std::time::Duration;

use bucket::BoxBody;
use bytes::Bytes;
use countersign::http_body::ProvenBody;
use countersign::{
    BodyCheck, Checksum, ChecksumValue, ClaimedScope, Limits, Mechanism, PathRule, Payload, ReceivedBody,
    Service, Signer, Timestamp, Verified, Verifier, VerifyError,
};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response};
use hyper::body::Incoming;

use crate::egress_rights::{Reading, covers, has_other_charset, is_other_than_form};
use crate::gateway::Gateway;
use crate::received::Received;
use crate::refusal::Refusal;
use crate::{Log, bodies, egress_address, egress_answer, egress_headers, location, unsigned, upstream};

/// Verifies, checks the rights, and signs again. Bodies are read whole, within a limit: most services
/// need their hash before their first byte.
pub async fn answer(
    gateway: &Gateway,
    request: Request<Incoming>,
    log: &mut Log,
) -> Result<Response<BoxBody>, Refusal> {
    let (head, body) = request.into_parts();
    let scope =
        countersign::http::with_request(&head, |request| ClaimedScope::read(request, &Limits::default()))?;
    let service = Service::new(scope.claimed_service().to_owned())
        .map_err(|error| Refusal::invalid_argument(error.to_string()))?;
    let Proved { verified, body, hash } = prove(gateway, &head, &service, body, log).await?;

    let parts = Wanted::of(&verified, &service)?;
    let region = verified.scope().region().unwrap_or_default().to_owned();
    let mut headers = egress_headers::forwarded(&verified)?;
    let is_read = matches!(head.method, Method::GET | Method::HEAD);
    let is_presigned_read = is_read && verified.mechanism() == Mechanism::Query;
    unsigned::add(&mut headers, &head.headers, is_presigned_read, &gateway.pass_unsigned)?;
    check(gateway, &verified, &service, &region, &parts, (&headers, &body))?;

    let url =
        format!("{}{}", egress_address::url(&gateway.keys.load(), service.name(), &region)?, parts.target());
    let request = sign(gateway, service, region, verified.method(), &url, headers, (body, hash)).await?;
    let idle = Duration::from_secs(gateway.limits.idle_timeout);
    let answer = upstream::within(idle, None, gateway.storage.transport().open(request)).await??;
    egress_answer::of_service(gateway, answer).await
}

/// A verified request and its body, which is proven.
struct Proved {
    verified: Verified,
    body: Bytes,
    /// SHA-256 of the body, unless the client left it out. It is signed again and not computed again.
    hash: Option<[u8; 32]>,
}

async fn prove(
    gateway: &Gateway,
    head: &Parts,
    service: &Service,
    body: Incoming,
    log: &mut Log,
) -> Result<Proved, Refusal> {
    let verifier = Verifier::any_region(service.clone());
    let body = Received::new(&gateway.limits, body);
    let (now, limit) = (Timestamp::now(), gateway.limits.max_buffered);
    let claim = |received| countersign::http::claim(&verifier, head, received, now);
    let (claim, body) = match claim(ReceivedBody::Unread) {
        // The service does not send the hash in a header.
        Err(VerifyError::BodyRequired) => {
            let body = ProvenBody::not_verified(body).proven(limit).await.map_err(bodies::refusal)?;
            let hash = ChecksumValue::of(Checksum::Sha256, body.as_ref());
            let hash = hash.as_bytes().try_into().map_err(|_| Refusal::internal("SHA-256 has 32 bytes"))?;
            (claim(ReceivedBody::Sha256(hash))?, Ok((body.into_bytes(), Some(hash))))
        }
        claim => (claim?, Err(body)),
    };
    let key = gateway.keys.load().find(claim.claimed_access_key_id());
    let credentials = key.as_ref().map(|key| &key.credentials);
    let verified = claim.verify_cached(&gateway.key_cache, credentials).map_err(|rejected| {
        let (error, claim) = rejected.into_parts();
        let cause = format!("{error} (key {:?})", claim.claimed_access_key_id());
        Refusal::from(error).because(cause)
    })?;
    log.key = key.map(|key| key.name.clone());
    let (body, hash) = match body {
        Ok(hashed) => hashed,
        Err(body) => {
            let body = ProvenBody::new(&verified, body)?.proven(limit).await;
            let body = body.map_err(bodies::refusal)?.into_bytes();
            (body, if let BodyCheck::Sha256(hash) = verified.body() { Some(hash) } else { None })
        }
    };
    Ok(Proved { verified, body, hash })
}

/// The path and the query to send, as they were signed.
struct Wanted {
    path: String,
    query: String,
}

impl Wanted {
    fn of(verified: &Verified, service: &Service) -> Result<Self, Refusal> {
        let canonical = verified.explain().canonical_request();
        let path = match service.rules().path() {
            PathRule::Key | PathRule::Labels => canonical.uri().to_owned(),
            // The canonical path is the path as sent, encoded once more.
            _ => {
                let path = percent_encoding::percent_decode_str(canonical.uri()).decode_utf8();
                path.map_err(|_| Refusal::invalid_argument("The path is not ASCII"))?.into_owned()
            }
        };
        let decoded = percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned();
        location::check_key(&decoded)?;
        let is_signature = |pair: &&str| {
            verified.mechanism() == Mechanism::Query && pair.starts_with("X-Amz-") && is_of_signature(pair)
        };
        let pairs: Vec<_> = canonical.query().split('&').filter(|pair| !is_signature(pair)).collect();
        Ok(Self { path, query: pairs.join("&") })
    }

    fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

fn is_of_signature(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    crate::query::SIGNATURE.contains(&name)
}

fn check(
    gateway: &Gateway,
    verified: &Verified,
    service: &Service,
    region: &str,
    wanted: &Wanted,
    (headers, body): (&HeaderMap, &[u8]),
) -> Result<(), Refusal> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let reading = Reading {
        method: verified.method(),
        path: &wanted.path,
        query: &wanted.query,
        target: text("x-amz-target"),
        form: (!text("content-type").is_some_and(is_other_than_form)).then_some(body),
        is_encoded: headers.contains_key("content-encoding")
            || headers.get(CONTENT_TYPE).is_some_and(|kind| kind.to_str().map_or(true, has_other_charset)),
    };
    // In S3, parameters and headers choose the operation and further objects: a path is not a right.
    let is_s3 = service.rules().path() == PathRule::Key;
    let actions = if is_s3 { vec!["every operation of S3".to_owned()] } else { reading.actions() };
    let key = gateway.keys.load().find(verified.access_key_id());
    match key {
        Some(key) if covers(&key.services, service.name(), region, &actions) => Ok(()),
        key => {
            let name = key.map_or_else(String::new, |key| key.name.clone());
            let cause = format!("{name} may not {} at {} in {region}", actions.join(" and "), service.name());
            Err(Refusal::access_denied(cause))
        }
    }
}

async fn sign(
    gateway: &Gateway,
    service: Service,
    region: String,
    method: &str,
    url: &str,
    headers: HeaderMap<HeaderValue>,
    (body, hash): (Bytes, Option<[u8; 32]>),
) -> Result<Request<BoxBody>, Refusal> {
    let credentials = gateway.storage.signer().await?.credentials().clone();
    let internal = |error: &dyn ToString| Refusal::internal(error.to_string());
    let signer = Signer::new(credentials, region, service).map_err(|error| internal(&error))?;
    let mut request =
        Request::builder().method(method).uri(url).body(()).map_err(|error| internal(&error))?;
    *request.headers_mut() = headers;
    let payload = hash.map_or(Payload::Bytes(&body), Payload::Sha256);
    countersign::http::sign(&signer, &mut request, payload, Timestamp::now())
        .map_err(|error| internal(&error))?;
    let length: (HeaderName, HeaderValue) = (CONTENT_LENGTH, body.len().into());
    request.headers_mut().insert(length.0, length.1);
    Ok(request.map(|()| bodies::bytes(body)))
}
