//! Verifies the signature of a request with the user's secret.

use countersign::chunked::DecodeError;
use countersign::diagnose::{self, Diagnosis};
use countersign::{
    Credentials, ReceivedBody, Request, SecretAccessKey, Service, Verified, Verifier, VerifyError,
};

use crate::facts::{Facts, Place};
use crate::report::Verdict;
use crate::{Asked, Options, chunks};

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
    let credentials = match credentials(facts, options) {
        Ok(credentials) => credentials,
        Err(text) => return (verdict("refused", &text), None),
    };
    let verifier = match verifier(options, service) {
        Ok(verifier) => verifier,
        Err(text) => return (verdict("refused", &text), None),
    };
    let now = options.time.or(facts.time).unwrap_or(options.now);
    let headers: Vec<(&str, &[u8])> =
        asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = Request::from_bytes(&asked.method, &asked.target, &headers);
    let diagnosis = || Some(diagnose::received(&verifier, &request, asked.body(), &credentials, now));
    let claim = match verifier.claim(&request, asked.body(), now) {
        Ok(claim) => claim,
        Err(VerifyError::UnsupportedPayload { .. } | VerifyError::BodyRequired)
            if matches!(asked.body(), ReceivedBody::Unread) =>
        {
            let text = "The signature was not verified: the body is not known. Add --body or --body-file.";
            return (verdict("no-body", text), None);
        }
        Err(error) => return (refused(&error), diagnosis()),
    };
    if options.secret.is_none() {
        return (no_secret(), None);
    }
    if claim.claimed_access_key_id() != credentials.access_key_id() {
        let text = "The signature does not match: the secret belongs to another access key.";
        return (verdict("does-not-match", text), diagnosis());
    }
    let key = claim.derive_key(&credentials);
    match claim.verify(&key) {
        Ok(verified) => (of_body(asked, facts, options, &verified), None),
        Err(rejected) if *rejected.error() == VerifyError::SignatureDoesNotMatch => {
            let text = "The signature does not match: this secret did not sign these bytes.";
            (verdict("does-not-match", text), diagnosis())
        }
        Err(rejected) => (refused(rejected.error()), diagnosis()),
    }
}

pub(crate) fn no_secret() -> Verdict {
    let text = "The signature was not verified: AWS_SECRET_ACCESS_KEY is not set, and --ask was not given.";
    verdict("no-secret", text)
}

/// Returns the verdict of a request whose headers verify. The chunks of a body are verified too.
fn of_body(asked: &Asked, facts: &Facts, options: &Options, verified: &Verified) -> Verdict {
    match chunks::error(asked, verified) {
        None => verdict("matches", "The signature matches: this secret signed this request."),
        Some(DecodeError::SignatureDoesNotMatch { chunk, .. }) => {
            let name = chunks::name(&chunks::chain(asked, facts, options), chunk);
            let text = format!("The signature of the headers matches, and the signature of {name} does not.");
            verdict(CHUNK, &text)
        }
        Some(error) => {
            let text = error.to_string();
            let text = format!(
                "The signature of the headers matches, and the body is refused: {}.",
                text.trim_end_matches('.')
            );
            verdict("refused", &text)
        }
    }
}

/// The name of the verdict about a chunk.
pub(crate) const CHUNK: &str = "chunk-does-not-match";

pub(crate) fn refused(error: &VerifyError) -> Verdict {
    let text = error.to_string();
    let text = text.trim_end_matches('.');
    verdict("refused", &format!("A server refuses the request, whatever its signature: {text}."))
}

/// Returns the credentials. Without a secret a constant replaces it: what a server checks before the signature does not
/// depend on it.
pub(crate) fn credentials(facts: &Facts, options: &Options) -> Result<Credentials, String> {
    let id =
        options.access_key_id.as_ref().filter(|_| options.secret.is_some()).or(facts.access_key_id.as_ref());
    let secret = options.secret.clone().unwrap_or_else(|| SecretAccessKey::new("secret"));
    let id = id.cloned().unwrap_or_else(|| "AKIDEXAMPLE".to_owned());
    let token = options.session_token.as_ref().filter(|_| options.secret.is_some()).or(facts.token.as_ref());
    Credentials::new(id, secret)
        .and_then(|credentials| match token {
            Some(token) => credentials.with_session_token(token.clone()),
            None => Ok(credentials),
        })
        .map_err(|error| format!("The credentials are not usable: {error}."))
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

pub(crate) fn verdict(name: &'static str, text: &str) -> Verdict {
    Verdict { name, text: text.to_owned() }
}
