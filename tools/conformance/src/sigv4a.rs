//! SigV4a: its keys, its signatures, and a signer of it.

use countersign::steps::{Signature, SigningKeyPair, StringToSign};
use countersign::{RegionSet, Service, Signer};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Credentials, Failure, Keys, credentials};

pub(super) const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// A key alone, or what is to be checked with it.
#[derive(Deserialize)]
struct Check {
    credentials: Keys,
    string_to_sign: Option<String>,
    signature: Option<String>,
}

impl Check {
    fn read(input: Value) -> Result<(Self, SigningKeyPair), Failure> {
        let check: Self = serde_json::from_value(input).map_err(Failure::bad)?;
        let Keys { access_key, secret_key, token } = &check.credentials;
        let credentials = credentials(access_key, secret_key, token.as_deref())?;
        let pair = SigningKeyPair::derive(&credentials).map_err(Failure::bad)?;
        Ok((check, pair))
    }
}

pub(super) fn key(input: Value) -> Result<Value, Failure> {
    let (_, pair) = Check::read(input)?;
    let public = pair.public_key();
    Ok(json!({
        "private_key": hex::encode(*pair.private_key()),
        "public_x": hex::encode(public.x()),
        "public_y": hex::encode(public.y()),
    }))
}

pub(super) fn sign_string(input: Value) -> Result<Value, Failure> {
    let (check, pair) = Check::read(input)?;
    let text = check.string_to_sign.ok_or_else(|| Failure::bad("no string_to_sign"))?;
    Ok(json!({"signature": pair.sign(&StringToSign::from_text(text)).to_string()}))
}

pub(super) fn verify_string(input: Value) -> Result<Value, Failure> {
    let (check, pair) = Check::read(input)?;
    let (Some(text), Some(signature)) = (check.string_to_sign, check.signature) else {
        return Err(Failure::bad("no string_to_sign or no signature"));
    };
    let text = StringToSign::from_text(text);
    let signature = Signature::parse_ecdsa(&signature);
    let valid = signature.is_ok_and(|signature| pair.public_key().verify(&text, &signature));
    Ok(json!({"valid": valid}))
}

/// The region of a case is then a set of them.
pub(super) fn signer(credentials: Credentials, regions: &str, service: Service) -> Result<Signer, Failure> {
    let regions = RegionSet::parse(regions).map_err(|_| Failure::bad("not a set of regions"))?;
    Signer::sigv4a(credentials, regions, service).map_err(Failure::refused)
}
