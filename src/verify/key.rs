//! [`VerifyingKey`], the key of a request's signature with what it is valid for, and the dummy key
//! that an unknown access key id is verified against.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::steps::algorithm::Algorithm;
use crate::steps::{CredentialScope, Signature, SigningKey};
#[cfg(feature = "sigv4a")]
use crate::steps::{PublicKey, SigningKeyPair};
use crate::time::Timestamp;

/// A key that verifies signatures, with the access key id, scope and session token that it is valid
/// for. [`Claim::verify`](crate::Claim::verify) compares these with the claim, so that a key
/// look-up that returns the key of another id, day or session is an error.
///
/// The key is wiped on drop and never printed.
#[derive(Clone)]
pub struct VerifyingKey {
    pub(super) access_key_id: String,
    pub(super) session_token: Option<Zeroizing<String>>,
    pub(super) expiration: Option<Timestamp>,
    pub(super) scope: String,
    pub(super) key: VerifyKey,
}

impl VerifyingKey {
    /// Derives the key: four HMACs, or the public key for a scope of SigV4a.
    #[must_use]
    pub fn derive(credentials: &Credentials, scope: &CredentialScope<'_>) -> Self {
        Self {
            access_key_id: credentials.access_key_id().into(),
            session_token: credentials.session_token().map(|token| Zeroizing::new(token.into())),
            expiration: credentials.expiration(),
            scope: alloc::format!("{scope}"),
            key: VerifyKey::derive(credentials, scope),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The key that verifies a string to sign: the signing key for HMAC, the public key for ECDSA.
#[derive(Clone)]
pub(crate) enum VerifyKey {
    Hmac(SigningKey),
    /// `None` if no key pair could be derived: it verifies nothing.
    #[cfg(feature = "sigv4a")]
    Ecdsa(Option<PublicKey>),
}

impl VerifyKey {
    fn derive(credentials: &Credentials, scope: &CredentialScope<'_>) -> Self {
        match scope.algorithm() {
            Algorithm::Hmac => Self::Hmac(SigningKey::derive(credentials.secret(), scope)),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => {
                Self::Ecdsa(SigningKeyPair::derive(credentials).map(|pair| pair.public_key()))
            }
        }
    }

    /// Returns true if `signature` is this key's signature of `string_to_sign`.
    #[inline]
    pub(crate) fn verifies(&self, string_to_sign: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Hmac(key) => key.sign_bytes(string_to_sign).matches(signature),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(key) => key.as_ref().is_some_and(|key| key.verifies_bytes(string_to_sign, signature)),
        }
    }
}

/// Verifies against a dummy key, so that an unknown access key id takes as long as a known one.
pub(super) fn dummy_key_verifies(algorithm: Algorithm, string_to_sign: &[u8], signature: &Signature) -> bool {
    match algorithm {
        Algorithm::Hmac => dummy_key().sign_bytes(string_to_sign).matches(signature),
        #[cfg(feature = "sigv4a")]
        Algorithm::Ecdsa => {
            PublicKey::nobodys().is_some_and(|key| key.verifies_bytes(string_to_sign, signature))
        }
    }
}

/// Returns an HMAC key that no secret derives.
#[cfg(feature = "std")]
fn dummy_key() -> &'static SigningKey {
    static KEY: std::sync::LazyLock<SigningKey> =
        std::sync::LazyLock::new(|| SigningKey::from_bytes(&[0; 32]));
    &KEY
}

#[cfg(not(feature = "std"))]
fn dummy_key() -> SigningKey {
    SigningKey::from_bytes(&[0; 32])
}
