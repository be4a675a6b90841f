//! The verdict of the service on the request as it is sent.

use countersign::chunked::Decoder;
use countersign::diagnose::{self, Diagnosis};
use countersign::steps::{CanonicalRequest, Layout, signed_target};
use countersign::{
    BodyCheck, Claim, Credentials, Payload, ReceivedBody, Region, Request, SignedHeaders, Timestamp,
    Verifier, VerifyError,
};

use crate::answer::{Pane, Verdict};
use crate::input::Input;
use crate::origin::Origins;
use crate::question::Mode;
use crate::sent::{Header, Sent};
use crate::to_sign;
use crate::url::path_and_query;
use crate::{canonical, chunked};

/// A request as the service receives it.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
    /// The service's clock.
    pub now: Timestamp,
}

/// The result of the verifier, and what it rebuilt.
pub struct Verification {
    pub error: Option<VerifyError>,
    /// The canonical request that the service computed. A form has none.
    pub canonical: Option<CanonicalRequest>,
    pub to_sign: Option<String>,
    pub verdict: Verdict,
}

impl ReceivedRequest {
    pub fn new(input: &Input<'_>, sent: &Sent) -> Self {
        let (path, _) = path_and_query(&sent.final_url);
        let target = sent.final_url.get(path..).unwrap_or_default();
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Self {
            method: input.question.method.clone(),
            target,
            headers: sent.headers.clone(),
            body: sent.body.clone(),
            now: input.time,
        }
    }

    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    fn with_request<T>(&self, call: impl FnOnce(&Request<'_>) -> T) -> T {
        let pairs: Vec<(&str, &str)> =
            self.headers.iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
        call(&Request::new(&self.method, &self.target, &pairs))
    }

    /// Verifies the request. The service knows `credentials`.
    pub fn verify(&self, input: &Input<'_>, credentials: &Credentials) -> Option<Verification> {
        let verifier = verifier(input)?;
        let is_chunked = input.question.mode == Mode::Chunked;
        let body = if is_chunked { ReceivedBody::Unread } else { ReceivedBody::Bytes(&self.body) };
        let claim = match self.with_request(|request| verifier.claim(request, body, self.now)) {
            Ok(claim) => claim,
            Err(error) => {
                return Some(Verification {
                    verdict: verdict(Some(&error), Vec::new()),
                    error: Some(error),
                    canonical: None,
                    to_sign: None,
                });
            }
        };
        let explain = claim.explain();
        let (canonical, to_sign) =
            (explain.canonical_request(), explain.string_to_sign().as_str().to_owned());
        let mut panes = self.panes(input, &canonical, &to_sign);
        panes.extend(is_chunked.then(|| chunked::received::pane(input, &self.body)).flatten());
        let error = self.verify_claim(claim, credentials).err();
        let verdict = verdict(error.as_ref(), panes);
        Some(Verification { verdict, error, canonical: Some(canonical), to_sign: Some(to_sign) })
    }

    fn verify_claim(&self, claim: Claim, credentials: &Credentials) -> Result<(), VerifyError> {
        let is_known = claim.claimed_access_key_id() == credentials.access_key_id();
        let key = is_known.then(|| claim.derive_key(credentials));
        let verified = claim.verify(key.as_ref())?;
        if matches!(verified.body(), BodyCheck::Chunked(_)) {
            let mut decoder = Decoder::new(&verified)?;
            let mut rest = self.body.as_slice();
            while decoder.decode(&mut rest)?.is_some() {}
            decoder.finish()?;
        }
        Ok(())
    }

    /// Diagnoses the request on the side of the service.
    pub fn diagnose(&self, input: &Input<'_>, credentials: &Credentials) -> Option<Diagnosis> {
        let verifier = verifier(input)?;
        let body = ReceivedBody::Bytes(&self.body);
        Some(self.with_request(|request| diagnose::received(&verifier, request, body, credentials, self.now)))
    }

    /// Returns the panes of the strings that the verifier rebuilt.
    fn panes(&self, input: &Input<'_>, canonical: &CanonicalRequest, to_sign: &str) -> Vec<Pane> {
        let target = match self.header("authorization") {
            Some(_) => self.target.clone(),
            None => signed_target(&self.target, input.service.rules()),
        };
        let pairs: Vec<(&str, &str)> =
            self.headers.iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
        let request = Request::new(&self.method, &target, &pairs);
        let signed = SignedHeaders::parse(canonical.signed_headers());
        let payload = Payload::parse(canonical.payload_hash()).ok();
        let layout = signed.ok().zip(payload).and_then(|(signed, payload)| {
            Layout::new(&request, &signed, &payload.hash(), input.service.rules()).ok()
        });
        let origins = Origins {
            question: input.question,
            typed: &input.headers,
            url: &target,
            headers: &self.headers,
            is_typed: false,
        };
        let mut panes = Vec::new();
        if let Some(layout) = layout.filter(|layout| layout.canonical_request() == canonical) {
            panes.push(canonical::pane_of("verifier_canonical", &layout, &origins));
        }
        panes.push(to_sign::pane_of("verifier_string_to_sign", input.question, to_sign));
        panes
    }
}

/// Returns the verifier of the question's service. One of the regions of a set is its own.
pub fn verifier(input: &Input<'_>) -> Option<Verifier> {
    let verifier = Verifier::new(first_region(&input.question.region), input.service.clone()).ok()?;
    Some(if input.question.mode == Mode::SigV4a { verifier.allow_sigv4a() } else { verifier })
}

/// Returns a region of a set: the first one that is not a pattern.
pub fn first_region(set: &str) -> String {
    let mut regions = set.split(',').map(str::trim);
    let region = regions.find(|region| Region::new((*region).to_owned()).is_ok() && !region.contains('*'));
    region.unwrap_or("us-east-1").to_owned()
}

/// Returns the verdict as it is shown.
pub fn verdict(error: Option<&VerifyError>, panes: Vec<Pane>) -> Verdict {
    match error {
        None => Verdict {
            verdict: "accepted",
            code: String::new(),
            status: 200,
            message: "The service computes the same signature.".into(),
            panes,
        },
        Some(error) => Verdict {
            verdict: "refused",
            code: error.code().into(),
            status: error.status(),
            message: error.to_string(),
            panes,
        },
    }
}
