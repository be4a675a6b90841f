//! The statements of a request about its own signature, also if it is malformed.

use countersign::Timestamp;

use crate::request::Body;
use crate::{Asked, Error};

/// The place of the signature in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    Query,
    None,
}

/// The statements of the request.
pub(crate) struct Facts {
    pub(crate) place: Place,
    pub(crate) algorithm: String,
    pub(crate) access_key_id: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) service: Option<String>,
    /// The credential without the access key id.
    pub(crate) scope: String,
    pub(crate) signed_headers: String,
    pub(crate) signature: Option<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) expires: Option<u64>,
    pub(crate) token: Option<String>,
}

pub(crate) const HMAC: &str = "AWS4-HMAC-SHA256";
pub(crate) const ECDSA: &str = "AWS4-ECDSA-P256-SHA256";

impl Facts {
    /// Reads the statements.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Version2`] for a signature of version 2.
    pub(crate) fn of(asked: &Asked) -> Result<Self, Error> {
        let authorization = asked.text("authorization").unwrap_or_default();
        let is_version_2 = authorization.starts_with("AWS ")
            || asked.parameter("AWSAccessKeyId").is_some() && asked.parameter("X-Amz-Algorithm").is_none();
        if is_version_2 {
            return Err(Error::Version2);
        }
        let mut facts = if authorization.starts_with("AWS4-") {
            Self::of_header(&authorization)
        } else if asked.parameter("X-Amz-Algorithm").is_some() || asked.parameter("X-Amz-Signature").is_some()
        {
            Self::of_query(asked)
        } else {
            Self::empty(Place::None)
        };
        if facts.place != Place::Query {
            facts.time = time_of(asked);
            facts.token = asked.text("x-amz-security-token").or_else(|| asked.text("x-amz-s3session-token"));
        }
        Ok(facts)
    }

    pub(crate) fn empty(place: Place) -> Self {
        Self {
            place,
            algorithm: HMAC.to_owned(),
            access_key_id: None,
            region: None,
            service: None,
            scope: String::new(),
            signed_headers: String::new(),
            signature: None,
            time: None,
            expires: None,
            token: None,
        }
    }

    fn of_header(value: &str) -> Self {
        let (algorithm, rest) = value.split_once(' ').unwrap_or((value, ""));
        let field = |name: &str| {
            let mut fields = rest.split(',').map(str::trim).filter_map(|field| field.split_once('='));
            fields
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
        };
        let mut facts = Self::empty(Place::Header);
        facts.algorithm = algorithm.to_owned();
        facts.credential(&field("Credential").unwrap_or_default());
        facts.signed_headers = field("SignedHeaders").unwrap_or_default();
        facts.signature = field("Signature");
        facts
    }

    fn of_query(asked: &Asked) -> Self {
        let mut facts = Self::empty(Place::Query);
        if let Some(algorithm) = asked.parameter("X-Amz-Algorithm") {
            facts.algorithm = algorithm;
        }
        let credential = asked.parameter("X-Amz-Credential").unwrap_or_default();
        // A URL that was encoded again is diagnosed by its credential.
        facts.credential(&credential.replace("%2F", "/"));
        facts.signed_headers = asked.parameter("X-Amz-SignedHeaders").unwrap_or_default();
        facts.signature = asked.parameter("X-Amz-Signature");
        facts.time = asked.parameter("X-Amz-Date").and_then(|date| Timestamp::parse(&date).ok());
        facts.expires = asked.parameter("X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
        facts.token =
            asked.parameter("X-Amz-Security-Token").or_else(|| asked.parameter("X-Amz-S3session-Token"));
        facts
    }

    /// Splits `ID/YYYYMMDD/region/service/aws4_request`; SigV4a has no region.
    fn credential(&mut self, credential: &str) {
        let part = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
        let mut parts = credential.rsplitn(if self.algorithm == ECDSA { 4 } else { 5 }, '/').skip(1);
        self.service = parts.next().and_then(part);
        if self.algorithm != ECDSA {
            self.region = parts.next().and_then(part);
        }
        self.access_key_id = parts.nth(1).and_then(part);
        let id = self.access_key_id.as_deref().unwrap_or_default();
        let scope = credential.strip_prefix(id).unwrap_or(credential);
        self.scope = scope.strip_prefix('/').unwrap_or(scope).to_owned();
    }

    pub(crate) fn is_sigv4a(&self) -> bool {
        self.algorithm == ECDSA
    }
}

/// Returns the time of `x-amz-date`, or of `date`.
fn time_of(asked: &Asked) -> Option<Timestamp> {
    let parse = |text: String| {
        Timestamp::parse(&text)
            .or_else(|_| Timestamp::parse_http_date(&text))
            .or_else(|_| Timestamp::parse_rfc3339(&text))
            .ok()
    };
    asked.text("x-amz-date").and_then(parse).or_else(|| asked.text("date").and_then(parse))
}

impl Asked {
    /// Returns true for a form of a browser that has a policy.
    pub(crate) fn is_signed_form(&self) -> bool {
        let is_multipart =
            self.text("content-type").is_some_and(|value| value.starts_with("multipart/form-data"));
        let name: &[u8] = b"name=\"policy\"";
        is_multipart
            && matches!(&self.body, Body::Bytes(body) if body.to_ascii_lowercase().windows(name.len()).any(|part| part == name))
    }

    /// Returns the decoded value of a query parameter, whatever the case of its name.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        // In a URL that was copied from HTML, `&amp;` separates the parameters.
        let plain = |known: &str| known.strip_prefix("amp;").unwrap_or(known).eq_ignore_ascii_case(name);
        let (_, value) = pairs.find(|(known, _)| plain(known))?;
        Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
    }
}
