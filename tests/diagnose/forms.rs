//! Answers of S3 to forms, whose string to sign is the Base64 text of a policy.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::SecretAccessKey;
use countersign::diagnose::{self, Certainty, Evidence};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const POLICY: &str = r#"{"expiration":"2026-11-12T11:04:31Z","conditions":[{"bucket":"b"},["starts-with","$key","a/"],
{"x-amz-credential":"AKIAIOSFODNN7EXAMPLE/20261112/sa-east-1/s3/aws4_request"},{"x-amz-date":"20261112T100431Z"}]}"#;

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(data).finalize().into_bytes().to_vec()
}

fn sign(text: &str) -> String {
    let parts = ["20261112", "sa-east-1", "s3", "aws4_request"];
    let secret = format!("AWS4{SECRET}").into_bytes();
    hex::encode(hmac(&parts.iter().fold(secret, |key, part| hmac(&key, part.as_bytes())), text.as_bytes()))
}

/// Returns the answer of S3 to a form with this policy, of which another text was signed.
fn answer(received: &str, signed: &str) -> Evidence {
    let bytes: Vec<_> = received.bytes().map(|byte| format!("{byte:02x}")).collect();
    Evidence::read(&format!(
        "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{received}</StringToSign><SignatureProvided>{}\
         </SignatureProvided><StringToSignBytes>{}</StringToSignBytes></Error>",
        sign(signed),
        bytes.join(" ")
    ))
}

fn broken(line_break: &str) -> String {
    let base64 = STANDARD.encode(POLICY);
    base64
        .as_bytes()
        .chunks(60)
        .map(|line| format!("{}{line_break}", str::from_utf8(line).unwrap()))
        .collect()
}

#[test]
fn the_spelling_of_a_policy_that_was_signed_is_found() {
    let secret = SecretAccessKey::new(SECRET);
    let unbroken = STANDARD.encode(POLICY);
    for (received, signed, detail) in [
        (broken("\r\n"), broken("\n"), "signed with LF"),
        (broken("\r\n"), unbroken.clone(), "signed without line breaks"),
        (unbroken.clone(), POLICY.to_owned(), "the JSON of the policy was signed"),
    ] {
        let evidence = answer(&received, &signed);
        let diagnosis = diagnose::text_with_secret(&evidence, &secret);
        let cause = diagnosis.first().unwrap();
        assert_eq!((cause.name().as_str(), cause.certainty()), ("form-policy", Certainty::Reproduced));
        assert!(cause.detail().unwrap().contains(detail), "{diagnosis}");
    }
    // Another secret, and a signature that is right.
    for signed in [unbroken.as_str(), "another text"] {
        let diagnosis = diagnose::text_with_secret(&answer(&unbroken, signed), &secret);
        assert!(diagnosis.first().is_none_or(|cause| cause.name().as_str() != "form-policy"), "{diagnosis}");
    }
}

#[test]
fn line_breaks_in_a_policy_are_suspected_without_the_secret() {
    let diagnosis = diagnose::text(&answer(&broken("\r\n"), "unknown"));
    let cause = diagnosis.first().unwrap();
    assert_eq!((cause.name().as_str(), cause.certainty()), ("form-policy", Certainty::Suspected));
    assert!(diagnose::text(&answer(&STANDARD.encode(POLICY), "unknown")).first().is_none());
}
