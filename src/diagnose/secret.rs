//! Tries wrong spellings of a secret and wrong derivations of the key, locally.
//!
//! Nothing here returns a secret, a key or a signature: the result is the name of the variant.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::CauseName;
use super::to_sign::ToSign;
use crate::canonical::percent::encode_secret;
use crate::credentials::SecretAccessKey;
use crate::crypto::{equal, hmac};

/// A wrong spelling of a secret: its name, and what the program used for the right secret.
pub(super) type Spelling = (CauseName, fn(&str) -> String);

/// The wrong spellings.
pub(super) const SPELLINGS: &[Spelling] = &[
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\n")),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret} ")),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\r\n")),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\r")),
    (CauseName::SecretWhitespace, |secret| alloc::format!(" {secret}")),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\t")),
    (CauseName::SecretWhitespace, |secret| alloc::format!(" {secret} ")),
    (CauseName::SecretWhitespace, |secret| secret.trim().into()),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\\n")),
    (CauseName::SecretWhitespace, |secret| alloc::format!("{secret}\\r\\n")),
    (CauseName::SecretQuoted, |secret| alloc::format!("\"{secret}\"")),
    (CauseName::SecretQuoted, |secret| alloc::format!("'{secret}'")),
    (CauseName::SecretQuoted, |secret| alloc::format!("\"{secret}")),
    (CauseName::SecretQuoted, |secret| alloc::format!("{secret}\"")),
    (CauseName::SecretQuoted, |secret| secret.trim_matches(['"', '\'', ' ']).into()),
    (CauseName::SecretInvisible, |secret| alloc::format!("\u{feff}{secret}")),
    (CauseName::SecretInvisible, |secret| alloc::format!("{secret}\u{200b}")),
    (CauseName::SecretInvisible, |secret| alloc::format!("\u{200b}{secret}")),
    (CauseName::SecretInvisible, |secret| alloc::format!("{secret}\u{a0}")),
    (CauseName::SecretInvisible, |secret| alloc::format!("{secret}\0")),
    (CauseName::SecretInvisible, |secret| secret.chars().filter(char::is_ascii_graphic).collect()),
    (CauseName::SecretPlusSpace, |secret| secret.replace('+', " ")),
    (CauseName::SecretPlusSpace, |secret| secret.replace(' ', "+")),
    (CauseName::SecretPercentEncoded, |secret| encode_secret(secret).as_str().into()),
    (CauseName::SecretPercentEncoded, |secret| encode_secret(secret).replace("%2F", "/")),
    (CauseName::SecretPercentEncoded, |secret| decoded(secret)),
    (CauseName::SecretPercentEncoded, |secret| secret.replace('/', "\\/")),
    (CauseName::SecretTruncated, |secret| without_last(secret, 1)),
    (CauseName::SecretTruncated, |secret| without_last(secret, 2)),
    (CauseName::SecretTruncated, |secret| secret.chars().skip(1).collect()),
    (CauseName::SecretTruncated, |secret| secret.split('/').next().unwrap_or_default().into()),
    (CauseName::SecretTruncated, |secret| secret.rsplit('/').next().unwrap_or_default().into()),
    (CauseName::SecretTruncated, |secret| secret.split('+').next().unwrap_or_default().into()),
    (CauseName::SecretTruncated, |secret| secret.rsplit('+').next().unwrap_or_default().into()),
    (CauseName::SecretCase, str::to_ascii_lowercase),
    (CauseName::SecretCase, str::to_ascii_uppercase),
    (CauseName::SecretEmpty, |_| String::new()),
];

fn without_last(secret: &str, count: usize) -> String {
    let length = secret.chars().count().saturating_sub(count);
    secret.chars().take(length).collect()
}

fn decoded(secret: &str) -> String {
    let bytes = Zeroizing::new(crate::canonical::percent::decode(secret));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The facts that a signature was computed from, except for the secret.
pub(super) struct Signature<'a> {
    pub(super) to_sign: &'a ToSign,
    /// The exact string to sign.
    pub(super) text: &'a str,
    /// The 32 bytes of the signature that was sent.
    pub(super) bytes: [u8; 32],
    pub(super) access_key_id: Option<&'a str>,
    pub(super) session_token: Option<&'a str>,
}

impl Signature<'_> {
    /// Returns true if `secret` and the right derivation give the signature.
    pub(super) fn is_of(&self, secret: &SecretAccessKey) -> bool {
        self.matches(secret.expose(), Derivation::RIGHT)
    }

    /// Returns the name of the first variant that gives the signature.
    pub(super) fn variant(&self, secret: &SecretAccessKey) -> Option<CauseName> {
        let secret = secret.expose();
        let spelled = |(name, spell): &Spelling| {
            let spelled = Zeroizing::new(spell(secret));
            (spelled.as_str() != secret && self.matches(&spelled, Derivation::RIGHT)).then_some(*name)
        };
        if let Some(name) = SPELLINGS.iter().find_map(spelled) {
            return Some(name);
        }
        let other = |value: Option<&str>| value.is_some_and(|value| self.matches(value, Derivation::RIGHT));
        if other(self.access_key_id) {
            return Some(CauseName::SecretIsKeyId);
        }
        if other(self.session_token) {
            return Some(CauseName::SecretTokenUsed);
        }
        self.derivation(secret)
    }

    fn derivation(&self, secret: &str) -> Option<CauseName> {
        let [date, region, service] = self.to_sign.scope_parts();
        let found = super::derivation::wrong(date, region, service);
        found
            .into_iter()
            .find(|(_, wrong)| wrong.with(|wrong| self.matches(secret, wrong)))
            .map(|(name, _)| name)
    }

    fn matches(&self, secret: &str, derivation: Derivation<'_>) -> bool {
        let mut start = Zeroizing::new(Vec::with_capacity(8 + secret.len()));
        start.extend_from_slice(derivation.prefix.as_bytes());
        start.extend_from_slice(secret.as_bytes());
        let right: Vec<&str> = self.to_sign.scope.split('/').collect();
        let messages = derivation.messages.unwrap_or(&right);
        let mut key: Zeroizing<Vec<u8>> = start;
        for message in messages {
            let next = match derivation.swapped {
                true => hmac(message.as_bytes(), &key),
                false => hmac(&key, message.as_bytes()),
            };
            key = if derivation.hex {
                Zeroizing::new(hex::encode(*next).into_bytes())
            } else {
                Zeroizing::new(next.to_vec())
            };
        }
        let signature = hmac(&key, self.text.as_bytes());
        equal(&*signature, &self.bytes)
    }
}

/// A derivation of the key, which may be wrong.
#[derive(Clone, Copy)]
pub(super) struct Derivation<'a> {
    pub(super) prefix: &'a str,
    /// The messages of the HMACs; `None` for the parts of the scope.
    pub(super) messages: Option<&'a [&'a str]>,
    /// Uses each key as hexadecimal text.
    pub(super) hex: bool,
    /// Swaps key and message.
    pub(super) swapped: bool,
}

impl Derivation<'_> {
    pub(super) const RIGHT: Self = Self { prefix: "AWS4", messages: None, hex: false, swapped: false };
}
