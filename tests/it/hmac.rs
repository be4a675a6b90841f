//! The crate's HMAC-SHA256 and SHA-256 against the `hmac` and `sha2` crates', for keys, texts and bodies
//! of every length around a block. What is signed is any text; the signature is its code under the
//! signing key.

use ::hmac::{Hmac, KeyInit, Mac};
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{Payload, ReceivedBody, Request, SecretAccessKey, Service, Signer, Verifier, VerifyError};
use sha2::{Digest, Sha256};
use testkit::{at, long_term};

fn code(key: &[u8], text: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

const SCOPE: [&str; 4] = ["20150830", "us-east-1", "service", "aws4_request"];

/// "Create a signed AWS API request", step 4, as it is written there.
fn keys(secret: &str) -> Vec<Vec<u8>> {
    let mut keys = vec![format!("AWS4{secret}").into_bytes()];
    for part in SCOPE {
        keys.push(code(keys.last().unwrap(), part.as_bytes()));
    }
    keys.remove(0);
    keys
}

fn scope() -> CredentialScope<'static> {
    CredentialScope::new(SCOPE[0], SCOPE[1], SCOPE[2])
}

#[test]
fn keys_of_every_length_derive_alike() {
    for length in 1..200 {
        let secret = "s".repeat(length);
        let chain = SigningKey::chain(&SecretAccessKey::new(secret.as_str()), &scope());
        let chain: Vec<Vec<u8>> = chain.iter().map(|key| key.to_vec()).collect();
        assert_eq!(chain, keys(&secret), "a secret of {length} bytes");
    }
}

#[test]
fn texts_of_every_length_are_signed_alike() {
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let key = SigningKey::derive(&SecretAccessKey::new(secret), &scope());
    let signing = keys(secret).pop().unwrap();
    for length in 0..300 {
        let text = "t".repeat(length);
        let signature = key.sign(&StringToSign::from_text(text.as_str()));
        assert_eq!(signature.as_bytes(), code(&signing, text.as_bytes()), "a text of {length} bytes");
    }
}

/// A verifier hashes request and body in turn, whichever of the two is longer.
#[test]
fn bodies_of_every_length_are_hashed_alike() {
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
            let key = claim.key(&credentials);
            claim.verify(Some(&key)).map(|_| ())
        };
        assert_eq!(judge(&body), Ok(()), "a body of {length} bytes");
        let longer = format!("{body}b");
        let [signed, received] = [&body, &longer].map(|body| hex::encode(Sha256::digest(body)));
        assert_eq!(judge(&longer), Err(VerifyError::PayloadMismatch { signed, received }));
    }
}
