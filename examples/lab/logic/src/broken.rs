//! A request with one of the mistakes of `breaks.rs`: the answer of the service, and its diagnosis.

use countersign::diagnose::{self, Evidence, Signed};
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{Payload, SecretAccessKey};

use crate::answer::{Broken, Verdict};
use crate::breaks::{ALL, Break, Mistake};
use crate::diagnosis;
use crate::input::Input;
use crate::sent::Sent;
use crate::verdict::{Received, Wire};

/// Breaks a signed request. Returns `None` if no mistake has this name.
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
        return not_here("This mistake belongs to another kind of signature.");
    }
    let mut wire = Wire::new(input, sent);
    let mut signed = sent.signed.clone().with_secret(&SecretAccessKey::new(input.question.secret.clone()));
    if let Mistake::Wire(change) = of.mistake {
        if !change(&mut wire) {
            return not_here("This request cannot have this mistake: it has nothing that can change so.");
        }
    } else {
        let signature = match sign_with(of, input, sent, &mut wire, &mut signed) {
            Some(signature) => signature,
            None => return not_here("This request cannot have this mistake."),
        };
        wire.target = wire.target.replace(&sent.signature, &signature);
        for header in &mut wire.headers {
            header.value = header.value.replace(&sent.signature, &signature);
        }
    }
    let credentials = input.credentials.clone();
    let received = wire.verify(input, &credentials)?;
    let service_says = answer_of(input, &wire, &received);
    let of_answer = diagnose::answer(&signed, &Evidence::read(&service_says));
    let of_request = wire.diagnose(input, &credentials);
    let causes = diagnosis::merged(of_request.as_ref(), &of_answer);
    let broken = Broken { name: name.into(), sentence: of.sentence.into(), service_says, diagnosis: causes };
    Some((broken, Some(received.verdict)))
}

/// Returns the signature that the client computes with its mistake.
fn sign_with(
    of: &Break,
    input: &Input<'_>,
    sent: &Sent,
    wire: &mut Wire,
    signed: &mut Signed,
) -> Option<String> {
    let mut secret = input.question.secret.clone();
    let canonical = sent.layout.canonical_request().to_string();
    let mut text = sent.to_sign.as_str().to_owned();
    let scope = text.lines().nth(2)?.to_owned();
    let mut parts: Vec<String> = scope.split('/').map(Into::into).collect();
    let mut hashed = canonical.clone();
    match of.mistake {
        Mistake::Secret(change) => secret = change(input.question),
        Mistake::Canonical(change) => {
            hashed = change(&canonical);
            let digest = Payload::Bytes(hashed.as_bytes()).hash().as_str().to_owned();
            text = format!("{}\n{digest}", text.rsplit_once('\n')?.0);
        }
        Mistake::ToSign(change) => text = change(&text),
        Mistake::Scope(change) => {
            let region = parts.get_mut(1)?;
            *region = change(region);
        }
        Mistake::Later(duration) => wire.now = wire.now.checked_add(duration)?,
        Mistake::Wire(_) => {}
    }
    let secret = SecretAccessKey::new(secret);
    *signed = Signed::from_text(&hashed, &text).with_secret(&secret);
    let scope = parts.join("/");
    let key = SigningKey::derive(&secret, &CredentialScope::parse(&scope).ok()?);
    Some(key.sign(&StringToSign::from_text(text)).to_string())
}

/// Returns the error document of S3. For a signature that does not match, S3 adds what it computed.
fn answer_of(input: &Input<'_>, wire: &Wire, received: &Received) -> String {
    let Some(error) = &received.error else { return String::new() };
    let document = error.to_xml(wire.target.split('?').next().unwrap_or_default(), "4442587FB7D0A2F9");
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
