//! A request or a form that one of the breaks of `breaks.rs` changed: the answer of the service, and its diagnosis.

use countersign::chunked::DecodeError;
use countersign::diagnose::{self, Evidence, Signed};
use countersign::post_policy::FormError;
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{Payload, SecretAccessKey, VerifyError};
use quick_xml::escape::partial_escape;

use crate::answer::{Broken, Cause, Verdict};
use crate::breaks::{self, Break, Change};
use crate::form::{Form, PostedForm};
use crate::input::Input;
use crate::question::Question;
use crate::sent::Sent;
use crate::verdict::{ReceivedRequest, Verification};
use crate::{chunked, diagnosis, sent};

/// The answer to a broken request, and the verdict on it, which is missing if the request could not be broken.
type Outcome = (Broken, Option<Verdict>);

/// Breaks a signed request. Returns `None` if no break has this name.
pub fn apply(name: &str, input: &Input<'_>, sent: &Sent) -> Option<Outcome> {
    with_break(name, input, |of| of_request(of, input, sent))
}

/// Breaks a form. Returns `None` if no break has this name.
pub fn apply_to_form(name: &str, input: &Input<'_>, form: &Form) -> Option<Outcome> {
    with_break(name, input, |of| of_form(of, input, form))
}

fn with_break(
    name: &str,
    input: &Input<'_>,
    apply: impl FnOnce(&Break) -> Option<Outcome>,
) -> Option<Outcome> {
    let of = breaks::all().find(|of| of.name == name)?;
    let not_here = |sentence: &str| {
        let (name, sentence) = (name.to_owned(), sentence.to_owned());
        (Broken { name, sentence, ..Broken::default() }, None)
    };
    Some(match of.modes.contains(&input.question.mode) {
        true => {
            apply(of).unwrap_or_else(|| not_here("This request has nothing that the button could change."))
        }
        false => not_here("This button is for another kind of signature."),
    })
}

fn of_request(of: &Break, input: &Input<'_>, sent: &Sent) -> Option<Outcome> {
    let question = input.question;
    let mut request = ReceivedRequest::new(input, sent);
    let mut signed = sent.signed.clone().with_secret(&SecretAccessKey::new(question.secret.clone()));
    match of.change {
        Change::Request(change) if change(&mut request) => {}
        Change::Request(_) | Change::Form(_) => return None,
        Change::Later(duration) => request.now = request.now.checked_add(duration)?,
        Change::Checksum if question.trailer.is_empty() => return None,
        Change::Checksum => {
            let signer = sent::signer(input, false).ok()?;
            let (sent, _) = chunked::sign_with_checksum(input, &signer, b"other data").ok()?;
            request = ReceivedRequest::new(input, &sent);
        }
        _ => {
            let canonical = sent.layout.canonical_request().to_string();
            let to_sign = sent.to_sign.as_str();
            let scope = to_sign.lines().nth(2)?;
            let signature;
            (signature, signed) = signed_with(&of.change, question, canonical, to_sign, scope)?;
            request.target = request.target.replace(&sent.signature, &signature);
            for header in &mut request.headers {
                header.value = header.value.replace(&sent.signature, &signature);
            }
        }
    }
    let received = request.verify(input, &input.credentials)?;
    let path = request.target.split('?').next().unwrap_or_default();
    let service_says = answer_of(question, path, &received);
    let of_answer = diagnose::answer(&signed, &Evidence::read(&service_says));
    let of_received = request.diagnose(input, &input.credentials);
    let causes = diagnosis::merged(of_received.as_ref(), &of_answer);
    Some((broken(of, service_says, causes, &received), Some(received.verdict)))
}

fn of_form(of: &Break, input: &Input<'_>, form: &Form) -> Option<Outcome> {
    let question = input.question;
    let mut posted = PostedForm::new(input, form);
    let policy = posted.field("policy")?.to_owned();
    let mut signed =
        Signed::from_text("", &policy).with_secret(&SecretAccessKey::new(question.secret.clone()));
    match of.change {
        Change::Form(change) if change(&mut posted) => {}
        Change::Form(_) | Change::Request(_) | Change::Checksum => return None,
        Change::Later(duration) => posted.now = posted.now.checked_add(duration)?,
        _ => {
            let signature;
            (signature, signed) = signed_with(&of.change, question, String::new(), &policy, &form.scope)?;
            posted.set("x-amz-signature", signature);
        }
    }
    let received = posted.verify(input)?;
    let service_says = answer_of(question, "/", &received);
    let causes = diagnosis::causes(&diagnose::answer(&signed, &Evidence::read(&service_says)));
    Some((broken(of, service_says, causes, &received), Some(received.verdict)))
}

fn broken(of: &Break, service_says: String, diagnosis: Vec<Cause>, received: &Verification) -> Broken {
    let verifier_says = received.error.as_ref().and_then(facts).unwrap_or_default();
    Broken { name: of.name.into(), sentence: of.sentence.into(), service_says, verifier_says, diagnosis }
}

/// Returns the facts in an error of the verifier that S3's message does not have.
fn facts(error: &VerifyError) -> Option<String> {
    Some(match error {
        VerifyError::Chunked(DecodeError::SignatureDoesNotMatch { chunk, .. }) => {
            format!("The signature of chunk {chunk} does not match.")
        }
        VerifyError::Chunked(DecodeError::Incomplete { declared, received, .. }) => {
            format!("The body ended without its final chunk, after {received} of {declared} bytes of data.")
        }
        VerifyError::Chunked(DecodeError::BadDigest { received, computed, .. }) => {
            format!("The trailer has the checksum {received}. The checksum of the data is {computed}.")
        }
        VerifyError::Form(FormError::PolicyExpired { at, now, .. }) => {
            format!("The policy expired at {at}. The clock of the service shows {now}.")
        }
        _ => return None,
    })
}

/// Returns the signature that the client computes, and what it signs.
fn signed_with(
    change: &Change,
    question: &Question,
    mut canonical: String,
    to_sign: &str,
    scope: &str,
) -> Option<(String, Signed)> {
    let (mut secret, mut text) = (question.secret.clone(), to_sign.to_owned());
    let mut parts: Vec<String> = scope.split('/').map(Into::into).collect();
    match change {
        Change::Secret(change) => secret = change(question),
        Change::Canonical(change) => {
            canonical = change(&canonical);
            let digest = Payload::Bytes(canonical.as_bytes()).hash().as_str().to_owned();
            text = format!("{}\n{digest}", text.rsplit_once('\n')?.0);
        }
        Change::ToSign(change) => text = change(&text)?,
        Change::Scope(change) => {
            let region = parts.get_mut(1)?;
            *region = change(region);
        }
        Change::Request(_) | Change::Form(_) | Change::Checksum | Change::Later(_) => return None,
    }
    let secret = SecretAccessKey::new(secret);
    let signed = Signed::from_text(&canonical, &text).with_secret(&secret);
    let key = SigningKey::derive(&secret, &CredentialScope::parse(&parts.join("/")).ok()?);
    Some((key.sign(&StringToSign::from_text(text)).to_string(), signed))
}

/// Returns the error document of S3. For a signature of the request or the policy that does not match, S3 adds what it
/// computed.
fn answer_of(question: &Question, path: &str, received: &Verification) -> String {
    let Some(error) = &received.error else { return String::new() };
    let document = error.to_xml(path, "4442587FB7D0A2F9");
    let Some(text) = received.to_sign.as_ref().filter(|_| *error == VerifyError::SignatureDoesNotMatch)
    else {
        return document;
    };
    let mut added = format!(
        "<AWSAccessKeyId>{}</AWSAccessKeyId><StringToSign>{}</StringToSign>",
        partial_escape(&question.access_key_id),
        partial_escape(text)
    );
    if let Some(canonical) = &received.canonical {
        let canonical = canonical.to_string();
        added.push_str(&format!("<CanonicalRequest>{}</CanonicalRequest>", partial_escape(&canonical)));
    }
    document.replace("</Error>", &format!("{added}</Error>"))
}
