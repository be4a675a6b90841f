//! The outcomes of a verification.

use countersign::steps::{Scope, SigningKey};
use countersign::{Claim, Credentials, SecretAccessKey, Verified, Verifier, VerifyError};

use crate::keys::SECRET;
use crate::parties::{now, verifier};
use crate::reference::hmac;
use crate::refused;
use crate::wire::Wire;

/// Asserts that [`verifier`] accepts the request.
#[track_caller]
pub fn accepted(wire: &Wire) {
    accepted_by(&verifier(), wire);
}

/// Asserts that `verifier` accepts the request.
#[track_caller]
pub fn accepted_by(verifier: &Verifier, wire: &Wire) {
    assert_eq!(wire.verify_by(verifier), Ok(()), "{wire:?}");
}

/// Asserts that [`verifier`] rejects the signature.
#[track_caller]
pub fn mismatches(wire: &Wire) {
    refused!(wire, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
}

/// Verifies a claim with the key of these credentials.
pub fn verify_claim(claim: Claim, credentials: &Credentials) -> Result<Verified, VerifyError> {
    let key = claim.derive_key(credentials);
    Ok(claim.verify(&key)?)
}

/// Returns the signature that `key` makes of the string to sign that countersign computes.
pub fn signature_under(key: &[u8], wire: &Wire) -> String {
    let claim = wire.claim(&verifier(), now()).unwrap();
    hex::encode(hmac(key, claim.explain().string_to_sign().as_str()))
}

/// Returns the correct signature of a request, whatever signature it has.
pub fn right_signature(claim: &Claim) -> String {
    let Scope::Regional(scope) = claim.claimed_scope() else { panic!("a scope of HMAC") };
    let key = SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
    key.sign(&claim.explain().string_to_sign()).to_string()
}
