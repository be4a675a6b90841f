//! The functions of SigV4a that use the curve, as values.
//!
//! `Signer` and `Verifier` decide at run time between HMAC and SigV4a. A direct call would link the
//! curve, about 140 KB, into every program of a build in which one crate turns the feature `sigv4a`
//! on. These values are made only by what a program calls for SigV4a ([`Signer::sigv4a`],
//! [`Verifier::allow_sigv4a`], the types of `steps`), so that the linker removes the curve from all
//! other programs. `docs/decisions/0023` has the numbers, and `.ci/weight` holds them.
//!
//! [`Signer::sigv4a`]: crate::Signer::sigv4a
//! [`Verifier::allow_sigv4a`]: crate::Verifier::allow_sigv4a

use alloc::boxed::Box;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::{PublicKey, SigV4aScope, Signature, SigningKeyPair};
use crate::credentials::Credentials;
use crate::error::ConfigError;
use crate::service::Service;
use crate::time::Timestamp;

/// The functions that a verifier of SigV4a uses. There is one curve, so all values are equal.
#[derive(Clone, Copy)]
pub(crate) struct Curve(&'static Functions);

struct Functions {
    derive: fn(&Credentials) -> Option<PublicKey>,
    verifies: fn(&PublicKey, &[u8], &Signature) -> bool,
    dummy_verifies: fn(&[u8], &Signature) -> bool,
}

impl Curve {
    /// The functions of P-256, the curve of SigV4a. **Whoever names this constant links the curve.**
    pub(crate) const P256: Self = Self(&Functions {
        derive: |credentials| SigningKeyPair::derive(credentials).ok().map(|pair| pair.public_key()),
        verifies: PublicKey::verifies_bytes,
        dummy_verifies: |to_sign, signature| {
            PublicKey::dummy().is_some_and(|key| key.verifies_bytes(to_sign, signature))
        },
    });

    /// Derives the public key of an access key; `None` with a probability of 2⁻⁸¹²⁸.
    pub(crate) fn derive(self, credentials: &Credentials) -> Option<PublicKey> {
        (self.0.derive)(credentials)
    }

    /// Returns true if `signature` is this key's signature of `to_sign`.
    pub(crate) fn verifies(self, key: &PublicKey, to_sign: &[u8], signature: &Signature) -> bool {
        (self.0.verifies)(key, to_sign, signature)
    }

    /// Verifies with a dummy key, which takes as long as verifying with a real key.
    pub(crate) fn dummy_verifies(self, to_sign: &[u8], signature: &Signature) -> bool {
        (self.0.dummy_verifies)(to_sign, signature)
    }
}

impl PartialEq for Curve {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Curve {}

impl Hash for Curve {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P256")
    }
}

/// A [`SigningKeyPair`], as a signer keeps it.
pub(crate) trait EcdsaKeyPair: Send + Sync + Unpin {
    /// Signs a string to sign (step 4).
    fn sign(&self, to_sign: &[u8]) -> Signature;
    /// Returns the scope of `time`'s day.
    fn scope<'s>(&self, time: Timestamp, service: &'s Service) -> SigV4aScope<'s>;
    /// Derives the key pair of other credentials.
    fn derive_again(&self, credentials: &Credentials) -> Result<Box<dyn EcdsaKeyPair>, ConfigError>;
    /// Clones the key pair.
    fn clone_box(&self) -> Box<dyn EcdsaKeyPair>;
}

impl Clone for Box<dyn EcdsaKeyPair> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}
