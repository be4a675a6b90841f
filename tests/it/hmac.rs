//! HMAC-SHA256 and SHA-256 of countersign, compared with the crates `hmac` and `sha2` for keys, strings
//! and bodies of each length around the size of a block.

use ::hmac::{Hmac, KeyInit, Mac};
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{
    Payload, ReceivedBody, Region, Rejected, Request, SecretAccessKey, Service, Signer, Verifier, VerifyError,
};
use sha2::{Digest, Sha256};
use testkit::{assert_err, at, long_term};

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

const SCOPE: [&str; 4] = ["20150830", "us-east-1", "service", "aws4_request"];

/// Returns the keys of "Create a signed AWS API request", step 4.
fn keys(secret: &str) -> Vec<Vec<u8>> {
    let mut keys = vec![format!("AWS4{secret}").into_bytes()];
    for part in SCOPE {
        keys.push(mac(keys.last().unwrap(), part.as_bytes()));
    }
    keys.remove(0);
    keys
}

/// Calls `derive` with the credential scope of [`SCOPE`].
fn with_scope<T>(derive: impl FnOnce(&CredentialScope<'_>) -> T) -> T {
    let (region, service) = (Region::new(SCOPE[1]).unwrap(), Service::new(SCOPE[2]).unwrap());
    let scope = CredentialScope::new(at("20150830T123600Z"), &region, &service);
    assert_eq!(scope.to_string(), SCOPE.join("/"));
    derive(&scope)
}

#[test]
fn derives_keys_from_secrets_of_each_length() {
    for length in 1..200 {
        let secret = "s".repeat(length);
        let secret_key = SecretAccessKey::new(secret.as_str());
        let chain = with_scope(|scope| SigningKey::derivation(&secret_key, scope));
        let chain: Vec<Vec<u8>> = chain.iter().map(|key| key.to_vec()).collect();
        assert_eq!(chain, keys(&secret), "a secret of {length} bytes");
    }
}

#[test]
fn signs_strings_of_each_length() {
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let key = with_scope(|scope| SigningKey::derive(&SecretAccessKey::new(secret), scope));
    let signing = keys(secret).pop().unwrap();
    for length in 0..300 {
        let text = "t".repeat(length);
        let signature = key.sign(&StringToSign::from_text(text.as_str()));
        assert_eq!(signature.as_bytes(), mac(&signing, text.as_bytes()), "a string of {length} bytes");
    }
}

/// A verifier hashes blocks of the request and of the body in turn, so their lengths matter.
#[test]
fn hashes_bodies_of_each_length() {
    let now = at("20150830T123600Z");
    let credentials = long_term("AKIDEXAMPLE", "secret");
    let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    for length in 0..700 {
        let body = "b".repeat(length);
        let mut headers = vec![("host", "example.com")];
        let put = Request::new("PUT", "/key", &headers);
        let signed = signer.sign(&put, Payload::Bytes(body.as_bytes()), now).unwrap();
        headers.extend(signed.iter());
        let put = Request::new("PUT", "/key", &headers);
        let judge = |body: &str| {
            let claim = verifier.claim(&put, ReceivedBody::Bytes(body.as_bytes()), now).unwrap();
            let key = claim.derive_key(&credentials);
            claim.verify(&key).map(drop).map_err(Rejected::into_error)
        };
        assert_eq!(judge(&body), Ok(()), "a body of {length} bytes");
        let longer = format!("{body}b");
        let [signed, received] = [&body, &longer].map(|body| hex::encode(Sha256::digest(body)));
        assert_err!(judge(&longer), VerifyError::PayloadMismatch { signed: signed, received: received });
    }
}
