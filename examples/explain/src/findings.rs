//! The diagnoses, and what a request shows without the secret.

use countersign::diagnose::{self, Certainty, Diagnosis, Evidence};
use sha2::{Digest, Sha256};

use crate::facts::{Facts, Place};
use crate::report::{Cause, Finding, Marked};
use crate::request::Body;
use crate::{Asked, Options, host};

/// Diagnoses the spelling of a presigned URL, which needs no secret.
pub(crate) fn pasted(asked: &Asked, place: Place) -> Option<Diagnosis> {
    let url = format!("https://{}{}", asked.text("host").unwrap_or_default(), asked.target);
    let diagnosis = countersign::diagnose::text(&Evidence::read(&url));
    (place == Place::Query && !diagnosis.is_empty()).then_some(diagnosis)
}

/// Notes what the request shows without the secret.
pub(crate) fn contradictions(asked: &Asked, facts: &Facts) -> Vec<String> {
    let mut notes = Vec::new();
    let host = asked.text("host").unwrap_or_default();
    if let (Some(scope), (_, Some(region))) = (&facts.region, host::of_aws(&host))
        && *scope != region
        && host.contains(&region)
    {
        notes.push(format!("The host is in the region {region}, and the signature is for another region."));
    }
    let stated = asked.text("x-amz-content-sha256").filter(|stated| stated.len() == 64);
    if let (Some(stated), Body::Bytes(body)) = (stated, &asked.body)
        && stated != hex::encode(Sha256::digest(body))
    {
        notes.push("x-amz-content-sha256 is not the SHA-256 of this body.".to_owned());
    }
    notes
}

/// Copies the diagnosis of the received request. A cause that only an option of the user shows is not certain.
pub(crate) fn received(diagnosis: &Diagnosis, facts: &Facts, options: &Options) -> Finding {
    let mut finding = finding("received", diagnosis);
    for cause in &mut finding.causes {
        let option = match cause.name {
            "region" => options.region.as_ref().map(|_| "--region"),
            "service" => options.service.as_ref().map(|_| "--service"),
            "clock-skew" | "time-zone" | "expired-url" | "expired-form" | "not-yet-valid" => {
                options.time.map(|_| "--time")
            }
            "session-token-missing" if facts.token.is_none() => {
                options.session_token.as_ref().map(|_| "AWS_SESSION_TOKEN")
            }
            "unknown-access-key" => options.access_key_id.as_ref().map(|_| "the access key id that you gave"),
            _ => None,
        };
        if let Some(option) = option.filter(|_| !cause.certainty.contains("reproduced")) {
            cause.certainty = format!("suspected: compared with {option}");
        }
    }
    finding
}

/// Copies a diagnosis.
#[must_use]
pub fn finding(from: &'static str, diagnosis: &Diagnosis) -> Finding {
    let marked = |excerpt: &countersign::diagnose::Excerpt| {
        let range = excerpt.marked();
        Marked { text: excerpt.text().to_owned(), from: range.start, to: range.end }
    };
    // Two strings were compared only if both are shown.
    let certainty = |cause: &diagnose::Cause| match (cause.certainty(), cause.ours()) {
        (Certainty::Observed, None) => "certain: the input shows it".to_owned(),
        (certainty, _) => certainty.to_string(),
    };
    let causes = diagnosis.causes().iter().map(|cause| Cause {
        name: cause.name().as_str(),
        certainty: certainty(cause),
        header: cause.header().map(str::to_owned),
        why: cause.why(),
        detail: cause.detail().map(str::to_owned),
        signed: cause.ours().map(marked),
        received: cause.theirs().map(marked),
        likely: cause.likely(),
        fix: cause.fix().to_owned(),
    });
    Finding { from, about: diagnosis.about().name(), causes: causes.collect() }
}
