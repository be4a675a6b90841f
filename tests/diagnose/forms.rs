//! Answers of S3 to forms, whose string to sign is the Base64 text of a policy.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use countersign::SecretAccessKey;
use countersign::diagnose::{self, Certainty, Evidence};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The Base64 of `?>?` and of the end of the text differs between the alphabets, and has padding.
const POLICY: &str = r#"{"expiration":"2026-11-12T11:04:31Z","conditions":[{"bucket":"b"},["starts-with","$x-amz-meta-t","~~?>?"],["starts-with","$key","a/"],
{"x-amz-credential":"AKIAIOSFODNN7EXAMPLE/20261112/sa-east-1/s3/aws4_request"},{"x-amz-date":"20261112T100431Z"}]}  "#;

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
    lines(60, line_break)
}

/// Returns the policy in Base64, in lines of this many characters.
fn lines(width: usize, line_break: &str) -> String {
    let base64 = STANDARD.encode(POLICY);
    base64
        .as_bytes()
        .chunks(width)
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
        (
            unbroken.clone(),
            broken("\n"),
            "signed with LF as line break, and the form was sent without line breaks",
        ),
        (unbroken.clone(), broken("\r\n"), "signed with CR LF as line break, and the form was sent without"),
        (unbroken.clone(), broken("\n").trim_end().to_owned(), "signed with LF as line break"),
        (unbroken.clone(), lines(64, "\n"), "signed with LF as line break"),
        (unbroken.clone(), lines(76, "\r\n"), "signed with CR LF as line break"),
        (lines(76, "\n"), lines(60, "\n"), "signed with line breaks at other positions"),
        (
            unbroken.clone(),
            URL_SAFE.encode(POLICY),
            "signed in the URL-safe alphabet, and the form was sent in the standard",
        ),
        (
            URL_SAFE_NO_PAD.encode(POLICY),
            unbroken.clone(),
            "signed in the standard alphabet and with padding, and the form",
        ),
        (
            unbroken.clone(),
            STANDARD_NO_PAD.encode(POLICY),
            "signed without padding, and the form was sent with padding",
        ),
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

/// Returns the names and the certainty of the first cause, for a form with these fields before and after the policy.
#[cfg(feature = "post-policy")]
fn received(
    policy: &str,
    signed: &str,
    key: &str,
    more: &[(&str, &str)],
    now: &str,
) -> Vec<(String, Certainty)> {
    use countersign::post_policy::ReceivedForm;
    use countersign::{Credentials, Request, Service, Verifier};

    let signature = sign(signed);
    let mut fields = vec![
        ("key", key),
        ("x-amz-meta-t", "~~?>?1"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20261112/sa-east-1/s3/aws4_request"),
        ("x-amz-date", "20261112T100431Z"),
        ("policy", policy),
        ("x-amz-signature", &signature),
    ];
    fields.extend(more);
    let verifier = Verifier::new("sa-east-1", Service::S3).unwrap();
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new(SECRET)).unwrap();
    let request = Request::new("POST", "/", &[("host", "b.s3.sa-east-1.amazonaws.com")]);
    let form = ReceivedForm::new("b", &fields);
    let diagnosis = diagnose::received_form(&verifier, &request, &form, &credentials, now.parse().unwrap());
    diagnosis.causes().iter().map(|cause| (cause.name().as_str().to_owned(), cause.certainty())).collect()
}

#[test]
#[cfg(feature = "post-policy")]
fn the_server_finds_what_is_wrong_with_a_form() {
    let base64 = &STANDARD.encode(
        POLICY.replace("[\"starts-with\"", "{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},[\"starts-with\""),
    );
    let document = String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap();
    let now = "20261112T100500Z";
    let one = |name: &str, certainty| vec![(name.to_owned(), certainty)];
    assert_eq!(received(base64, base64, "a/1", &[], now), []);
    assert_eq!(received(base64, base64, "b/1", &[], now), one("form-condition", Certainty::Observed));
    assert_eq!(received(base64, base64, "a/1", &[("acl", "x")], now), one("form-field", Certainty::Observed));
    assert_eq!(
        received(base64, base64, "a/1", &[], "20261112T110500Z"),
        one("expired-form", Certainty::Observed)
    );
    assert_eq!(received(base64, &document, "a/1", &[], now), one("form-policy", Certainty::Reproduced));
    assert_eq!(received(base64, "another", "a/1", &[], now), one("secret-wrong", Certainty::Suspected));
    let (mut lf, mut crlf) = (base64.clone(), base64.clone());
    lf.insert(60, '\n');
    crlf.insert_str(60, "\r\n");
    assert_eq!(received(&crlf, &lf, "a/1", &[], now), one("form-policy", Certainty::Reproduced));
    assert_eq!(received("e30K%", base64, "a/1", &[], now), one("form-policy", Certainty::Observed));
    // S3 does not decode the URL-safe alphabet, so the policy is wrong although it is the signed one.
    let url_safe = &URL_SAFE.encode(&document);
    assert_ne!(url_safe, base64);
    assert_eq!(received(url_safe, url_safe, "a/1", &[], now), one("form-policy", Certainty::Observed));
    assert_eq!(received(base64, url_safe, "a/1", &[], now), one("form-policy", Certainty::Reproduced));
}
