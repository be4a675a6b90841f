//! Verifies the signature of a request with the user's secret.

use countersign::diagnose::{self, Diagnosis};
use countersign::{Credentials, Request, Service, Verifier, VerifyError};

use crate::facts::{Facts, Place};
use crate::report::Verdict;
use crate::{Asked, Options};

/// Returns the verdict, and the diagnosis of a request that does not verify.
pub(crate) fn of(
    asked: &Asked,
    facts: &Facts,
    options: &Options,
    service: &Service,
) -> (Verdict, Option<Diagnosis>) {
    if facts.place == Place::None {
        let text = "The request is not signed. The steps are those of countersign's signer.";
        return (verdict("not-signed", text), None);
    }
    let Some(secret) = &options.secret else {
        let text =
            "The signature was not verified: AWS_SECRET_ACCESS_KEY is not set, and --ask was not given.";
        return (verdict("no-secret", text), None);
    };
    let id = options.access_key_id.clone().or_else(|| facts.access_key_id.clone()).unwrap_or_default();
    let credentials = Credentials::new(id, secret.clone()).and_then(|credentials| {
        match options.session_token.clone().or_else(|| facts.token.clone()) {
            Some(token) => credentials.with_session_token(token),
            None => Ok(credentials),
        }
    });
    let credentials = match credentials {
        Ok(credentials) => credentials,
        Err(error) => {
            return (verdict("refused", &format!("The credentials are not usable: {error}.")), None);
        }
    };
    let verifier = match verifier(options, service) {
        Ok(verifier) => verifier,
        Err(text) => return (verdict("refused", &text), None),
    };
    let now = options.time.or(facts.time).unwrap_or(options.now);
    let headers: Vec<(&str, &[u8])> =
        asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = Request::from_bytes(&asked.method, &asked.target, &headers);
    let error = match verifier.claim(&request, asked.body(), now) {
        Ok(claim) if claim.claimed_access_key_id() == credentials.access_key_id() => {
            let key = claim.derive_key(&credentials);
            match claim.verify(&key) {
                Ok(_) => {
                    return (
                        verdict("matches", "The signature matches: this secret signed this request."),
                        None,
                    );
                }
                Err(rejected) => rejected.into_error(),
            }
        }
        Ok(_) => VerifyError::SignatureDoesNotMatch,
        Err(error) => error,
    };
    let diagnosis = diagnose::received(&verifier, &request, asked.body(), &credentials, now);
    let verdict = match error {
        VerifyError::SignatureDoesNotMatch => {
            verdict("does-not-match", "The signature does not match: this secret did not sign these bytes.")
        }
        error => verdict(
            "refused",
            &format!("A server refuses the request before it compares signatures: {error}."),
        ),
    };
    (verdict, Some(diagnosis))
}

fn verifier(options: &Options, service: &Service) -> Result<Verifier, String> {
    let service = match &options.service {
        Some(name) => {
            Service::new(name.clone()).map_err(|error| format!("--service is not valid: {error}."))?
        }
        None => service.clone(),
    };
    let verifier = match &options.region {
        Some(region) => Verifier::new(region.clone(), service)
            .map_err(|error| format!("--region is not valid: {error}."))?,
        None => Verifier::any_region(service),
    };
    Ok(verifier.allow_sigv4a())
}

fn verdict(name: &'static str, text: &str) -> Verdict {
    Verdict { name, text: text.to_owned() }
}
