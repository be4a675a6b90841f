//! Shim until verify and chunked are merged.
pub(crate) use super::string_to_sign::Algorithm;
#[cfg(feature = "sigv4a")]
use super::{PublicKey, SigningKeyPair};
use super::{Scope, Signature, SigningKey};
use crate::credentials::Credentials;
pub(crate) use crate::sign::SignKey as KeyToSign;
/// What verifies: of HMAC the same key, of ECDSA the public one alone.
#[derive(Clone)]
pub(crate) enum KeyToVerify {
    Hmac(SigningKey),
    /// `None` verifies nothing: no key could be derived.
    #[cfg(feature = "sigv4a")]
    Ecdsa(Option<PublicKey>),
}

impl KeyToVerify {
    pub(crate) fn derive(credentials: &Credentials, scope: &Scope<'_>) -> Self {
        match scope {
            Scope::Regional(scope) => Self::Hmac(SigningKey::derive(credentials.secret(), scope)),
            #[cfg(feature = "sigv4a")]
            Scope::SigV4a(_) => {
                Self::Ecdsa(SigningKeyPair::derive(credentials).ok().map(|pair| pair.public_key()))
            }
        }
    }

    /// Whether the signature is that of this string to sign, whatever its first
    /// line.
    pub(crate) fn verifies(&self, text: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Hmac(key) => key.sign_bytes(text).matches(signature),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(key) => key.as_ref().is_some_and(|key| key.verifies_bytes(text, signature)),
        }
    }
}
