//! The panes of the keys and of the signature.

use countersign::SecretAccessKey;
use countersign::steps::{CredentialScope, SigningKey};
use explain::words::Part;

use crate::answer::{From, Kind, Pane, Piece};
use crate::input::Input;
use crate::lines::{self, line};

/// Returns the pane of the four keys.
pub fn pane(input: &Input<'_>, to_sign: &str) -> Pane {
    let question = input.question;
    let scope = to_sign.lines().nth(2).unwrap_or_default();
    let Ok(scope) = CredentialScope::parse(scope) else {
        return lines::pane("keys", TITLE, NOTE, Vec::new());
    };
    let secret = SecretAccessKey::new(question.secret.clone());
    let keys = SigningKey::derivation(&secret, &scope);
    let origins = [
        (Part::KDate, "key.date", From::whole("secret", &question.secret), "scope.date"),
        (Part::KRegion, "key.region", From::part("key.date"), "scope.region"),
        (Part::KService, "key.service", From::part("key.region"), "scope.service"),
        (Part::KSigning, "key.signing", From::part("key.service"), "scope.terminator"),
    ];
    let lines = keys.iter().zip(origins).map(|(key, (words, part, from, message))| {
        let piece = Piece::new(hex::encode(**key), part, Kind::Computed, vec![from, From::part(message)]);
        line(format!("keys.{}", part.trim_start_matches("key.")), words, vec![piece])
    });
    lines::pane("keys", TITLE, NOTE, lines.collect())
}

const TITLE: &str = "3. Signing key";
const NOTE: &str = "Each key is the HMAC-SHA256 of the one before it. They are secrets.";

/// Returns the pane of the signature.
pub fn signature(id: &str, signature: &str, is_sigv4a: bool) -> Pane {
    let (words, key) =
        if is_sigv4a { (Part::SigV4aSignature, "key.pair") } else { (Part::Signature, "key.signing") };
    let from = vec![From::part(key), From::part("string_to_sign")];
    let piece = Piece::new(signature, "signature", Kind::Computed, from);
    let note = if is_sigv4a { SIGV4A } else { "The HMAC-SHA256 of the string to sign with the signing key." };
    lines::pane(id, "4. Signature", note, vec![line(format!("{id}.value"), words, vec![piece])])
}

const SIGV4A: &str = "The ECDSA signature of the string to sign. It is random in general; this one is deterministic (RFC 6979).";
