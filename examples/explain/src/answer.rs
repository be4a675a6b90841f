//! Diagnoses the answer of the service, and the text in which the request is.

use countersign::SecretAccessKey;
use countersign::diagnose::{self, CauseName, Diagnosis, Evidence, Signed};

use crate::report::Finding;
use crate::{Explained, Form, commands, findings};

impl Explained {
    /// Diagnoses the answer of the service and the text with the request, and adds the diagnosis to the report. Empty
    /// bytes are no answer.
    pub fn answer(&mut self, answer: &[u8], text: Option<&[u8]>, secret: Option<&SecretAccessKey>) {
        let diagnosis = self.diagnosis(answer, text, secret);
        let is_only_the_secret =
            diagnosis.first().is_some_and(|cause| cause.name() == CauseName::SecretWrong);
        if is_only_the_secret && self.report.signature.place != "none" {
            // The pasted request and the answer agree. What the signer did is found only with the secret.
            if self.report.findings.is_empty() && self.report.verdict.name == "no-secret" {
                let note = "The service computed the same steps. The signer used another secret, or other steps: with the \
                            secret, the mistake is searched for.";
                self.report.notes.push(note.to_owned());
            } else if self.report.findings.iter().any(|finding| !finding.causes.is_empty()) {
                return;
            }
        }
        let known = self.report.findings.iter().flat_map(|finding| &finding.causes);
        let known = known.map(|cause| rank_of(cause.name, &cause.certainty)).min().unwrap_or(LOWEST);
        let rank = rank(&diagnosis);
        if known == 0 && !self.report.findings.is_empty() && rank > 0 {
            // A cause that is proven needs no guess.
            return;
        }
        // An answer that states only the code adds nothing to the reason that is known.
        if rank < known {
            let finding = self.finding(&diagnosis, text.is_none());
            self.report.findings.insert(0, finding);
        } else if !diagnosis.is_empty() || self.report.findings.is_empty() {
            let finding = self.finding(&diagnosis, text.is_none());
            let first = |finding: &Finding| finding.causes.first().map(|cause| cause.name);
            if !self.report.findings.iter().any(|known| first(known) == first(&finding))
                || finding.causes.is_empty()
            {
                self.report.findings.push(finding);
            }
        }
    }

    /// Copies the diagnosis. If only the steps were compared, a payload that is not known is no cause.
    fn finding(&self, diagnosis: &Diagnosis, is_of_steps: bool) -> Finding {
        let mut finding = findings::finding("answer", diagnosis);
        if self.is_assumed && is_of_steps {
            finding.causes.retain(|cause| !cause.name.starts_with("payload-"));
        }
        finding
    }

    /// Compares the steps with the answer, diagnoses all text, and returns the diagnosis that proves more.
    fn diagnosis(&self, answer: &[u8], text: Option<&[u8]>, secret: Option<&SecretAccessKey>) -> Diagnosis {
        let signed = Signed::from_bytes(&self.canonical, &self.to_sign);
        let signed = match secret {
            Some(secret) => signed.with_secret(secret),
            None => signed,
        };
        let answer_text = if answer.is_empty() { text.unwrap_or_default() } else { answer };
        let evidence = Evidence::from_bytes(answer_text);
        let Some(text) = text else { return diagnose::answer(&signed, &evidence) };
        let of_text = diagnosed(answer, text, secret);
        // The steps of a request whose body is not known are not what was signed.
        if self.report.input == Form::Text || self.is_assumed {
            return of_text;
        }
        let compared = diagnose::answer(&signed, &evidence);
        if rank(&of_text) < rank(&compared) { of_text } else { compared }
    }

    /// Returns the commands that compute the signature, as one script for `sh`.
    #[must_use]
    pub fn script(&self) -> String {
        commands::script(&self.report)
    }
}

/// Returns true if the answer, or the text with the request, shows that the service refused the request.
#[must_use]
pub fn is_refused(answer: &[u8], text: &[u8]) -> bool {
    let evidence = Evidence::from_bytes(answer).with_request(&String::from_utf8_lossy(text));
    let is_error = evidence.status().is_some_and(|status| status >= 300);
    is_error || evidence.code().is_some() || evidence.has_canonical_request()
}

/// Diagnoses an answer and the text with the request, without steps. The secret is optional.
#[must_use]
pub fn diagnosed(answer: &[u8], text: &[u8], secret: Option<&SecretAccessKey>) -> Diagnosis {
    let evidence = Evidence::from_bytes(answer).with_request(&String::from_utf8_lossy(text));
    match secret {
        Some(secret) => diagnose::text_with_secret(&evidence, secret),
        None => diagnose::text(&evidence),
    }
}

/// The rank of a diagnosis without a cause.
const LOWEST: u8 = 4;

/// Returns how much a diagnosis proves; 0 is a proof.
fn rank(diagnosis: &Diagnosis) -> u8 {
    diagnosis.first().map_or(LOWEST, |cause| rank_of(cause.name().as_str(), &cause.certainty().to_string()))
}

fn rank_of(name: &str, certainty: &str) -> u8 {
    match certainty {
        _ if name == CauseName::SecretWrong.as_str() => 3,
        certainty if certainty.starts_with("certain") => 0,
        certainty if certainty.starts_with("reported") => 1,
        _ => 2,
    }
}
