//! Names the mistake in the policy of a form. Its Base64 text is the string to sign.
//!
//! Source: Amazon S3 API Reference, "Authenticating Requests in Browser-Based Uploads Using POST".

use alloc::string::{String, ToString};

use super::{Cause, CauseName, Certainty, Evidence, policy_spelling};
use crate::credentials::SecretAccessKey;
use crate::steps::{CredentialScope, Signature, SigningKey};
use crate::verify::VerifyingKey;
#[cfg(feature = "post-policy")]
use {
    super::{Diagnosis, of_error},
    crate::credentials::Credentials,
    crate::error::{FormError, VerifyError},
    crate::post_policy::ReceivedForm,
    crate::request::Request,
    crate::time::Timestamp,
    crate::verify::Verifier,
    alloc::vec,
};

/// Returns the cause if the service's string to sign is a policy. With the secret, the policy that was signed is searched
/// for among other spellings of the same policy.
pub(super) fn cause(evidence: &Evidence, secret: Option<&SecretAccessKey>) -> Option<Cause> {
    of_policy(evidence.theirs.to_sign.as_deref()?, evidence.theirs.signature.as_deref(), secret)
}

/// Returns the cause of a policy, as it was received, whose signature does not match, or whose Base64 is not accepted.
fn of_policy(received: &str, signature: Option<&str>, secret: Option<&SecretAccessKey>) -> Option<Cause> {
    let document = policy_spelling::policy_document(received)?;
    if let (Some(secret), Some(signature)) = (secret, signature)
        && let Some(detail) = signed(signature, received, &document, secret)
    {
        return Some(
            Cause::new(CauseName::FormPolicy, Certainty::Reproduced).with_detail(&detail).with_fix(FIX),
        );
    }
    let oddities = policy_spelling::oddities(received.trim_end());
    let are_only_breaks = oddities.iter().all(|oddity| oddity.contains("line break"));
    let (certainty, end) = match are_only_breaks {
        true => (Certainty::Suspected, "; browsers send each line break as CR LF"),
        false => (Certainty::Observed, ""),
    };
    (!oddities.is_empty()).then(|| {
        let detail = alloc::format!("the policy is encoded {}{end}", oddities.join(" and "));
        Cause::new(CauseName::FormPolicy, certainty).with_detail(&detail).with_fix(FIX)
    })
}

const FIX: &str = "Encode the policy once, in the standard alphabet of Base64, with padding and without line breaks (in Ruby with \
                   Base64.strict_encode64); sign this text, and send it unchanged.";

/// Returns a sentence about the spelling that the secret signed, if it is not the received one.
fn signed(digits: &str, received: &str, document: &str, secret: &SecretAccessKey) -> Option<String> {
    let (id, scope) = credential(document)?;
    let scope = CredentialScope::parse(&scope).ok()?;
    let signature = Signature::parse(digits.trim()).ok()?;
    let key = VerifyingKey::from_signing_key(id, &scope, SigningKey::derive(secret, &scope));
    let has_signed = |text: &str| key.has_signed(text.as_bytes(), &signature);
    if has_signed(received) {
        return None;
    }
    if has_signed(document) {
        return Some("the JSON of the policy was signed, instead of its Base64 text".to_string());
    }
    let spelling = policy_spelling::all(received, document).into_iter().find(|text| has_signed(text))?;
    let (signed, sent) = policy_spelling::difference(&spelling, received);
    Some(alloc::format!("the policy was signed {signed}, and the form was sent {sent}"))
}

/// Returns the access key id and the scope of the condition `x-amz-credential`.
fn credential(document: &str) -> Option<(String, String)> {
    let (_, rest) = document.split_once("x-amz-credential")?;
    let mut quoted = rest.split('"').filter(|text| text.matches('/').count() == 4);
    let (id, scope) = quoted.next()?.split_once('/')?;
    Some((id.to_string(), scope.to_string()))
}

/// Finds out why a received form does not verify, with the right credentials at hand.
///
/// As with [`received`](super::received()), the result is for the operator's log, and empty if the form verifies.
///
/// ```
/// use countersign::post_policy::ReceivedForm;
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let now: Timestamp = "20261112T100500Z".parse()?;
/// let request = Request::new("POST", "/examplebucket", &[("host", "s3.example.com")]);
/// let form = ReceivedForm::new("examplebucket", &[("key", "a.jpg"), ("acl", "private")]);
/// let diagnosis = diagnose::received_form(&verifier, &request, &form, &credentials, now);
/// assert_eq!(diagnosis.first().map(|cause| cause.name().as_str()), Some("no-signature"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "post-policy")]
#[must_use]
pub fn received_form(
    verifier: &Verifier,
    request: &Request<'_>,
    form: &ReceivedForm<'_>,
    credentials: &Credentials,
    now: Timestamp,
) -> Diagnosis {
    let of_policy =
        || of_policy(form.field("policy")?, form.field("x-amz-signature"), Some(credentials.secret()));
    let claim = match verifier.claim_form(request, form, now) {
        Ok(claim) => claim,
        Err(VerifyError::Form(error)) => {
            let is_of_policy = match &error {
                FormError::InvalidField { name } => name == "policy",
                error => matches!(error, FormError::InvalidPolicyDocument(_)),
            };
            let cause = if is_of_policy { of_policy() } else { None };
            return Diagnosis::new(vec![cause.unwrap_or_else(|| of_form_error(&error))]);
        }
        Err(error) => return Diagnosis::new(of_error::causes(&error, request)),
    };
    let key = claim.derive_key(credentials);
    match claim.verify(&key) {
        Ok(_) => Diagnosis::new(vec![]),
        Err(rejected) if *rejected.error() == VerifyError::SignatureDoesNotMatch => {
            let unknown = || Cause::new(CauseName::SecretWrong, Certainty::Suspected);
            Diagnosis::new(vec![of_policy().unwrap_or_else(unknown)])
        }
        Err(rejected) => Diagnosis::new(of_error::causes(rejected.error(), request)),
    }
}

/// Returns the cause of a form that is refused, whatever its signature.
#[cfg(feature = "post-policy")]
fn of_form_error(error: &FormError) -> Cause {
    let (name, field) = match error {
        FormError::PolicyExpired { .. } => (CauseName::ExpiredForm, None),
        FormError::ConditionFailed { name, .. } => (CauseName::FormCondition, Some(name.as_str())),
        FormError::ExtraField { name } => (CauseName::FormField, Some(name.as_str())),
        FormError::InvalidPolicyDocument(_) => (CauseName::FormPolicy, None),
        FormError::MissingField { name } => (CauseName::MalformedRequest, Some(*name)),
        _ => (CauseName::MalformedRequest, None),
    };
    let cause = Cause::new(name, Certainty::Observed).with_detail(&error.to_string());
    match field {
        Some(field) => cause.about(field),
        None => cause,
    }
}
