//! A request that one of the breaks of `breaks.rs` changed: the answer of the service, and its diagnosis.

use countersign::diagnose::{self, Evidence, Signed};
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{Payload, SecretAccessKey};

use crate::answer::{Broken, Verdict};
use crate::breaks::{ALL, Break, Change};
use crate::diagnosis;
use crate::input::Input;
use crate::sent::Sent;
use crate::verdict::{ReceivedRequest, Verification};

/// Breaks a signed request. Returns `None` if no break has this name.
pub fn apply(name: &str, input: &Input<'_>, sent: &Sent) -> Option<(Broken, Option<Verdict>)> {
    let of = ALL.iter().find(|of| of.name.as_str() == name)?;
    let not_here = |sentence: &str| {
        let broken = Broken {
            name: name.into(),
            sentence: sentence.into(),
            service_says: String::new(),
            diagnosis: Vec::new(),
        };
        Some((broken, None))
    };
    if !of.modes.contains(&input.question.mode) {
        return not_here("This button is for another kind of signature.");
    }
    let mut request = ReceivedRequest::new(input, sent);
    let mut signed = sent.signed.clone().with_secret(&SecretAccessKey::new(input.question.secret.clone()));
    if let Change::Request(change) = of.change {
        if !change(&mut request) {
            return not_here(NOTHING);
        }
    } else {
        let signature = match sign_with(of, input, sent, &mut request, &mut signed) {
            Some(signature) => signature,
            None => return not_here(NOTHING),
        };
        request.target = request.target.replace(&sent.signature, &signature);
        for header in &mut request.headers {
            header.value = header.value.replace(&sent.signature, &signature);
        }
    }
    let credentials = input.credentials.clone();
    let received = request.verify(input, &credentials)?;
    let service_says = answer_of(input, &request, &received);
    let of_answer = diagnose::answer(&signed, &Evidence::read(&service_says));
    let of_request = request.diagnose(input, &credentials);
    let causes = diagnosis::merged(of_request.as_ref(), &of_answer);
    let broken = Broken { name: name.into(), sentence: of.sentence.into(), service_says, diagnosis: causes };
    Some((broken, Some(received.verdict)))
}

/// Returns the signature that the client computes.
fn sign_with(
    of: &Break,
    input: &Input<'_>,
    sent: &Sent,
    request: &mut ReceivedRequest,
    signed: &mut Signed,
) -> Option<String> {
    let mut secret = input.question.secret.clone();
    let canonical = sent.layout.canonical_request().to_string();
    let mut text = sent.to_sign.as_str().to_owned();
    let scope = text.lines().nth(2)?.to_owned();
    let mut parts: Vec<String> = scope.split('/').map(Into::into).collect();
    let mut hashed = canonical.clone();
    match of.change {
        Change::Secret(change) => secret = change(input.question),
        Change::Canonical(change) => {
            hashed = change(&canonical);
            let digest = Payload::Bytes(hashed.as_bytes()).hash().as_str().to_owned();
            text = format!("{}\n{digest}", text.rsplit_once('\n')?.0);
        }
        Change::ToSign(change) => text = change(&text),
        Change::Scope(change) => {
            let region = parts.get_mut(1)?;
            *region = change(region);
        }
        Change::Later(duration) => request.now = request.now.checked_add(duration)?,
        Change::Request(_) => {}
    }
    let secret = SecretAccessKey::new(secret);
    *signed = Signed::from_text(&hashed, &text).with_secret(&secret);
    let scope = parts.join("/");
    let key = SigningKey::derive(&secret, &CredentialScope::parse(&scope).ok()?);
    Some(key.sign(&StringToSign::from_text(text)).to_string())
}

/// Returns the error document of S3. For a signature that does not match, S3 adds what it computed.
fn answer_of(input: &Input<'_>, request: &ReceivedRequest, received: &Verification) -> String {
    let Some(error) = &received.error else { return String::new() };
    let document = error.to_xml(request.target.split('?').next().unwrap_or_default(), "4442587FB7D0A2F9");
    let Some((canonical, text)) = received.steps.as_ref().filter(|_| error.code() == "SignatureDoesNotMatch")
    else {
        return document;
    };
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let added = format!(
        "<AWSAccessKeyId>{}</AWSAccessKeyId><StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest>",
        escape(&input.question.access_key_id),
        escape(text),
        escape(&canonical.to_string()),
    );
    document.replace("</Error>", &format!("{added}</Error>"))
}

const NOTHING: &str = "This request has nothing that the button could change.";
