//! The diagnosis of the client's side, and of text alone.

use alloc::vec::Vec;

use super::parts::Parts;
use super::proof::{self, Proof};
use super::to_sign::{self, ToSign};
use super::{
    Cause, CauseName, Certainty, Diagnosis, Evidence, Signed, compare, form, key, lines, not_signature,
    pasted,
};
use crate::bytes::decode_32;
use crate::credentials::SecretAccessKey;

/// Compares what the client signed with what the service answered.
///
/// ```
/// use countersign::diagnose::{self, Evidence, Signed};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// # let time = Timestamp::parse("20130524T000000Z")?;
/// let headers = [("content-type", "image/png")];
/// let request = Request::new("PUT", "https://bucket.s3.amazonaws.com/cat.png", &headers);
/// let sent = signer.sign(&request, Payload::Unsigned, time)?;
///
/// // The browser sent another type, and S3 answered with its canonical request.
/// let theirs = sent.explain().canonical_request().to_string().replace("image/png", "image/png; charset=utf-8");
/// let answer = format!("<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{theirs}</CanonicalRequest></Error>");
///
/// let diagnosis = diagnose::answer(&Signed::new(&sent.explain()), &Evidence::read(&answer));
/// assert_eq!(diagnosis.first().map(|cause| cause.name().as_str()), Some("content-type"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn answer(signed: &Signed, evidence: &Evidence) -> Diagnosis {
    let reported = not_signature::causes(evidence);
    if !reported.is_empty() {
        return Diagnosis::new(reported);
    }
    let ours = Side { parts: signed.parts(), to_sign: signed.to_sign(), signature: signed.signature() };
    let mut causes = sides(&ours, &Side::theirs(evidence), signed.secret());
    causes.extend(pasted::causes(evidence));
    Diagnosis::new(causes)
}

/// Diagnoses a text without further knowledge: an error document, a log, a transcript, a URL.
///
/// ```
/// use countersign::diagnose::{self, Evidence};
///
/// let log = "botocore.exceptions.ClientError: An error occurred (RequestTimeTooSkewed) when calling \
///            the ListBuckets operation: The difference between the request time and the current time is too large.";
/// let diagnosis = diagnose::text(&Evidence::read(log));
/// assert_eq!(diagnosis.about().name(), "clock");
/// ```
#[must_use]
pub fn text(evidence: &Evidence) -> Diagnosis {
    of_text(evidence, None)
}

/// Diagnoses a text, and tries variants of the client's secret against the signature that the
/// service received.
///
/// The secret stays in this process, and is not printed.
///
/// ```
/// use countersign::SecretAccessKey;
/// use countersign::diagnose::{self, Evidence};
///
/// let evidence = Evidence::read("<Error><Code>SignatureDoesNotMatch</Code></Error>");
/// let diagnosis = diagnose::text_with_secret(&evidence, &SecretAccessKey::new("secret\n"));
/// assert_eq!(diagnosis.first().map(|cause| cause.name().as_str()), Some("secret-whitespace"));
/// ```
#[must_use]
pub fn text_with_secret(evidence: &Evidence, secret: &SecretAccessKey) -> Diagnosis {
    of_text(evidence, Some(secret))
}

fn of_text(evidence: &Evidence, secret: Option<&SecretAccessKey>) -> Diagnosis {
    let reported = not_signature::causes(evidence);
    if !reported.is_empty() {
        return Diagnosis::new(reported);
    }
    if let Some(cause) = form::cause(evidence, secret) {
        return Diagnosis::new(alloc::vec![cause]);
    }
    let digits = evidence.ours.signature.as_deref();
    let digits = digits.or_else(|| evidence.request.as_ref().and_then(|request| request.signature()));
    let logged = Side {
        parts: evidence.our_parts(),
        to_sign: evidence.ours.to_sign.as_deref().and_then(ToSign::parse),
        signature: digits.and_then(|hex| decode_32(hex.as_bytes())),
    };
    let is_logged = logged.parts.is_some();
    let ours = if is_logged { logged } else { super::sent::side(evidence) };
    let theirs = Side::theirs(evidence);
    let mut causes = pasted::causes(evidence);
    // Without the client's steps, only what the service's own text shows can be named.
    if ours.parts.is_some() || secret.is_some() {
        causes.extend(sides(&ours, &theirs, secret));
    }
    if !is_logged {
        causes.extend(super::suspects::of_sent(evidence, theirs.parts.as_ref()));
    }
    let is_certain = |causes: &[Cause]| causes.iter().any(|cause| cause.certainty() < Certainty::Reported);
    // A request that agrees with the service's is not what was signed, or the secret is wrong.
    let unproven = theirs.parts.as_ref().filter(|_| !is_certain(&causes) && !is_logged);
    if let Some(parts) = unproven {
        causes.extend(super::suspects::of(parts));
        causes.extend(super::suspects::of_order(evidence));
    }
    causes.sort_by_key(|cause| cause.name() == CauseName::SecretWrong);
    if let Some(parts) = unproven {
        causes.extend(super::suspects::of_host(parts));
    }
    if let Some(secret) = secret.filter(|_| !is_certain(&causes)) {
        with_secret(evidence, secret, &mut causes);
    }
    Diagnosis::new(causes)
}

/// Searches with the secret, and puts what was found first.
fn with_secret(evidence: &Evidence, secret: &SecretAccessKey, causes: &mut Vec<Cause>) {
    match proof::of(evidence, secret) {
        Proof::Mistake(cause) => {
            causes.retain(|cause| cause.name() != CauseName::SecretWrong);
            causes.insert(0, cause);
        }
        Proof::Verifies if evidence.answer.has_code(&["SignatureDoesNotMatch", "InvalidSignature"]) => {
            changed_on_the_way(evidence, causes);
        }
        Proof::Verifies => {}
        Proof::Unknown if evidence.theirs.canonical.is_none() => {
            let found = super::sent::with_secret(evidence, secret);
            causes.splice(0..0, found);
        }
        Proof::Unknown => {}
    }
}

/// Replaces the suspects of the client with those of a proxy: the secret signed the request as it was sent, and the
/// service refused it.
fn changed_on_the_way(evidence: &Evidence, causes: &mut Vec<Cause>) {
    if evidence.our_parts().is_some() {
        causes.extend(super::visible::of(evidence));
    }
    causes.retain(|cause| !super::visible::is_refuted(cause));
    let found = super::suspects::on_the_way(evidence);
    let is_proven = found.iter().any(|cause| cause.certainty() == Certainty::Observed);
    let at = if is_proven { 0 } else { causes.len() };
    causes.splice(at..at, found);
}

/// The steps of one side, as far as they are known.
#[derive(Default)]
pub(super) struct Side {
    pub(super) parts: Option<Parts>,
    pub(super) to_sign: Option<ToSign>,
    pub(super) signature: Option<[u8; 32]>,
}

impl Side {
    fn theirs(evidence: &Evidence) -> Self {
        Self {
            parts: evidence.their_parts(),
            to_sign: evidence.theirs.to_sign.as_deref().and_then(ToSign::parse),
            signature: evidence.theirs.signature.as_deref().and_then(|hex| decode_32(hex.trim().as_bytes())),
        }
    }
}

/// Compares both sides: first the string to sign, then the canonical request, then the key.
fn sides(ours: &Side, theirs: &Side, secret: Option<&SecretAccessKey>) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let (Some(ours), Some(theirs)) = (&ours.to_sign, &theirs.to_sign) {
        causes.extend(to_sign::compare(ours, theirs));
    }
    let times_differ = causes.iter().any(|cause: &Cause| {
        matches!(cause.name(), CauseName::StaleAnswer | CauseName::TimeZone | CauseName::StringToSignTime)
    });
    if let (Some(ours), Some(theirs)) = (&ours.parts, &theirs.parts) {
        let found = compare::compare(ours, theirs);
        causes
            .extend(found.into_iter().filter(|cause| !times_differ || cause.name() != CauseName::DateHeader));
    }
    if !causes.is_empty() {
        return causes;
    }
    let digests = ours.to_sign.as_ref().zip(theirs.to_sign.as_ref());
    let differ = digests.is_some_and(|(ours, theirs)| ours.digest != theirs.digest);
    if differ && (ours.parts.is_none() || theirs.parts.is_none()) {
        return alloc::vec![Cause::new(CauseName::CanonicalRequestUnknown, Certainty::Observed)];
    }
    if let (Some(parts), Some(to_sign)) = (&ours.parts, &ours.to_sign)
        && let Some(cause) = lines::of_digest(parts, &to_sign.digest)
    {
        return alloc::vec![cause];
    }
    if differ {
        return alloc::vec![Cause::new(CauseName::StringToSign, Certainty::Observed)];
    }
    key::cause(ours, theirs, secret).into_iter().collect()
}
