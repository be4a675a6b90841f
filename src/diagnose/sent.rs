//! Canonicalizes a request that was found in a transcript, a HAR entry or a log.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::client::Side;
use super::evidence::SentRequest;
use super::parts::Parts;
use super::received::received;
use super::to_sign::ToSign;
use super::{Cause, Evidence};
use crate::canonical::SignedHeaders;
use crate::canonical::percent::decode;
use crate::credentials::{Credentials, SecretAccessKey};
use crate::payload::{PayloadHash, ReceivedBody};
use crate::request::Request;
use crate::service::{PayloadRule, Rules, Service};
use crate::steps::{CanonicalRequest, signed_target};
use crate::time::Timestamp;
use crate::verify::Verifier;

/// The fields of the signature that a request carries.
struct Stated {
    access_key_id: String,
    /// Day, region, service and terminator.
    scope: String,
    service: Service,
    signed_headers: String,
    time: Option<Timestamp>,
    token: Option<String>,
    is_url: bool,
}

/// Returns the steps of the request as it was sent. They are the signer's if it signed what it sent.
pub(super) fn side(evidence: &Evidence) -> Side {
    Side { parts: parts(evidence), ..Side::default() }
}

pub(super) fn parts(evidence: &Evidence) -> Option<Parts> {
    let request = evidence.request.as_ref()?;
    let stated = Stated::of(request).filter(|stated| stated.is_complete(request))?;
    let their_payload = evidence.their_parts().map(|parts| parts.payload);
    let stated_hash = request.header("x-amz-content-sha256").map(ToString::to_string);
    let unsigned = || {
        let is_s3 = stated.service.rules().payload() == PayloadRule::HashHeader;
        is_s3.then(|| PayloadHash::UNSIGNED.as_str().to_string())
    };
    let payload = match stated.is_url {
        true => their_payload.or_else(unsigned),
        false => stated_hash.or(their_payload),
    }?;
    let rules = stated.service.rules();
    let uri = if stated.is_url { signed_target(&request.uri, rules) } else { request.uri.clone() };
    let headers = headers(request);
    let view = Request::new(&request.method, &uri, &headers);
    let signed = SignedHeaders::parse(&stated.signed_headers).ok()?;
    let payload = PayloadHash::from_header(&payload)?;
    let step = CanonicalRequest::new(&view, &signed, &payload, rules).ok()?;
    Some(Parts::of(&step))
}

/// Returns true if the service expects that the session token is added to the URL after signing.
pub(super) fn has_unsigned_token(request: &SentRequest) -> bool {
    Stated::of(request).is_some_and(|stated| !stated.service.rules().session_token().is_signed())
}

/// Returns the string to sign that the request states, with an empty hash.
pub(super) fn to_sign(request: &SentRequest) -> Option<ToSign> {
    let stated = Stated::of(request)?;
    let time = stated.time?.as_str().to_string();
    let algorithm = "AWS4-HMAC-SHA256".to_string();
    Some(ToSign { algorithm, time, scope: stated.scope, digest: String::new() })
}

/// Verifies the request as a server would, with the client's secret, and names what differs.
pub(super) fn with_secret(evidence: &Evidence, secret: &SecretAccessKey) -> Vec<Cause> {
    let found = || {
        let request = evidence.request.as_ref()?;
        let stated = Stated::of(request).filter(|stated| stated.is_complete(request))?;
        let credentials = Credentials::new(stated.access_key_id, secret.clone()).ok()?;
        let credentials = match stated.token {
            Some(token) => credentials.with_session_token(token).ok()?,
            None => credentials,
        };
        let verifier = Verifier::any_region(stated.service);
        let headers = headers(request);
        let view = Request::new(&request.method, &request.uri, &headers);
        // The transcript does not have the body. A hash that was sent is taken as it is.
        let body = if verifier.service.rules().payload() == PayloadRule::HashHeader {
            ReceivedBody::Unread
        } else {
            ReceivedBody::Bytes(b"")
        };
        Some(received(&verifier, &view, body, &credentials, stated.time?).causes().to_vec())
    };
    found().unwrap_or_default()
}

pub(super) fn headers(request: &SentRequest) -> Vec<(&str, &str)> {
    request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

impl Stated {
    /// Returns false if the signature covers headers, and only the URL is known.
    fn is_complete(&self, request: &SentRequest) -> bool {
        !request.is_url || self.signed_headers == "host"
    }

    fn of(request: &SentRequest) -> Option<Self> {
        match request.authorization() {
            Some(value) => Self::of_header(request, value),
            None => Self::of_query(request),
        }
    }

    fn of_header(request: &SentRequest, value: &str) -> Option<Self> {
        let component = |name: &str| {
            let (_, rest) = value.split_once(name)?;
            rest.split([',', ' ']).next()
        };
        let token =
            request.header("x-amz-security-token").or_else(|| request.header("x-amz-s3session-token"));
        let time = request.header("x-amz-date").and_then(|time| Timestamp::parse(time).ok());
        let (credential, signed_headers) = (component("Credential=")?, component("SignedHeaders=")?);
        Self::new(credential, signed_headers, time, token.map(ToString::to_string), false)
    }

    fn of_query(request: &SentRequest) -> Option<Self> {
        let (_, query) = request.uri.split_once('?')?;
        let value = |name: &str| {
            let pair =
                query.split('&').find_map(|pair| pair.split_once('=').filter(|(found, _)| *found == name));
            pair.and_then(|(_, value)| String::from_utf8(decode(value)).ok())
        };
        let time = value("X-Amz-Date").and_then(|time| Timestamp::parse(&time).ok());
        Self::new(
            &value("X-Amz-Credential")?,
            &value("X-Amz-SignedHeaders")?,
            time,
            value("X-Amz-Security-Token"),
            true,
        )
    }

    fn new(
        credential: &str,
        signed_headers: &str,
        time: Option<Timestamp>,
        token: Option<String>,
        is_url: bool,
    ) -> Option<Self> {
        let mut parts = credential.split('/');
        let (id, _, _, service) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let service =
            Service::new(service.to_string()).unwrap_or_else(|_| Service::S3.with_rules(Rules::STANDARD));
        Some(Self {
            access_key_id: id.into(),
            scope: credential.split_once('/').map(|(_, scope)| scope.to_string())?,
            service,
            signed_headers: signed_headers.into(),
            time,
            token,
            is_url,
        })
    }
}
