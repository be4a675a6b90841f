//! Names the mistake in a secret or in a key, for steps that agree.

use alloc::string::String;

use super::client::Side;
use super::secret::Signature;
use super::{Cause, CauseName, Certainty};
use crate::credentials::SecretAccessKey;

/// Names the mistake in the secret or in the key, if the steps before agree.
pub(super) fn cause(ours: &Side, theirs: &Side, secret: Option<&SecretAccessKey>) -> Option<Cause> {
    let agree =
        ours.to_sign.is_some() && theirs.to_sign.is_some() || ours.parts.is_some() && theirs.parts.is_some();
    if let Some(cause) = secret.and_then(|secret| blemish(secret.expose())) {
        return Some(cause);
    }
    if let (Some(sent), Some(computed)) = (theirs.signature, ours.signature)
        && sent != computed
        && agree
    {
        return Some(Cause::new(CauseName::SignatureAltered, Certainty::Observed));
    }
    let to_sign = theirs.to_sign.as_ref().or(ours.to_sign.as_ref());
    let signature = theirs.signature.or(ours.signature);
    if let (Some(secret), Some(to_sign), Some(bytes)) = (secret, to_sign, signature) {
        let text = to_sign.to_text();
        let signature = Signature { to_sign, text: &text, bytes, access_key_id: None, session_token: None };
        if !signature.is_of(secret)
            && let Some(name) = signature.variant(secret)
        {
            return Some(Cause::new(name, Certainty::Reproduced));
        }
    }
    agree.then(|| Cause::new(CauseName::SecretWrong, Certainty::Suspected))
}

/// Finds what is wrong with the spelling of a secret, without the right one.
fn blemish(secret: &str) -> Option<Cause> {
    let is_quote = |character| matches!(character, '"' | '\'');
    let name = if secret.is_empty() {
        CauseName::SecretEmpty
    } else if secret.trim() != secret && secret.trim_matches([' ', '\n', '\r', '\t']) != secret {
        CauseName::SecretWhitespace
    } else if secret.starts_with(is_quote) || secret.ends_with(is_quote) {
        CauseName::SecretQuoted
    } else if secret.chars().any(|character| !character.is_ascii_graphic() && character != ' ') {
        CauseName::SecretInvisible
    } else if secret.contains(' ') {
        CauseName::SecretPlusSpace
    } else if secret.contains("%2F")
        || secret.contains("%2B")
        || secret.contains("%2f")
        || secret.contains("%2b")
    {
        CauseName::SecretPercentEncoded
    } else if is_key_id(secret) {
        CauseName::SecretIsKeyId
    } else {
        return None;
    };
    let detail: String = alloc::format!("the secret has {} characters", secret.chars().count());
    let cause = Cause::new(name, Certainty::Observed).with_detail(&detail);
    Some(match name {
        CauseName::SecretPercentEncoded => cause.with_fix(
            "Decode the secret once before signing: the service has the decoded secret, with / and + in place of %2F and \
             %2B.",
        ),
        _ => cause,
    })
}

/// Returns true for 20 characters as those of an access key id of AWS.
fn is_key_id(secret: &str) -> bool {
    let is_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    secret.len() == 20
        && (secret.starts_with("AKIA") || secret.starts_with("ASIA"))
        && secret.bytes().all(is_id)
}
