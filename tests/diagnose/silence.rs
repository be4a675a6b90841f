//! No cause is named for a request that verifies.

use countersign::diagnose::{self, Evidence, Signed};
use countersign::{Credentials, ReceivedBody, SecretAccessKey, Service, Timestamp, Verifier};
use testkit::{Hand, Wire, credentials, now, verifier};

#[test]
fn names_no_cause_for_a_request_that_verifies() {
    for seed in 0..400 {
        let draft = confusion::good(seed);
        let diagnosis = confusion::diagnose_received(&draft, &draft.wire());
        assert!(diagnosis.is_empty(), "seed {seed}: {diagnosis}\n{:?}", draft.wire());
    }
}

#[test]
fn names_no_cause_for_requests_of_the_independent_signer() {
    for wire in
        [Hand::new().sign(Wire::put()), Hand::new().presign(Wire::get()), Hand::new().sign(Wire::get())]
    {
        let body = ReceivedBody::Bytes(&wire.body);
        let diagnosis = wire.view(|view| diagnose::received(&verifier(), view, body, &credentials(), now()));
        assert!(diagnosis.is_empty(), "{diagnosis}");
    }
}

/// The signed requests of the S3 API Reference, "Signature Calculations for the Authorization Header", as published.
#[test]
fn names_no_cause_for_the_examples_of_the_s3_manual() {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let now = Timestamp::parse("20130524T000000Z").unwrap();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (target, names, range, signature) in [
        (
            "/test.txt",
            "host;range;x-amz-content-sha256;x-amz-date",
            Some("bytes=0-9"),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "/?lifecycle",
            "host;x-amz-content-sha256;x-amz-date",
            None,
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "/?max-keys=2&prefix=J",
            "host;x-amz-content-sha256;x-amz-date",
            None,
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ] {
        let mut wire = Wire::new("GET", target)
            .with("x-amz-content-sha256", empty)
            .with("x-amz-date", "20130524T000000Z");
        if let Some(range) = range {
            wire = wire.with("Range", range);
        }
        let value = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders={names},Signature={signature}"
        );
        let wire = wire.with("Authorization", value);
        let diagnosis = wire
            .view(|view| diagnose::received(&verifier, view, ReceivedBody::Bytes(b""), &credentials, now));
        assert!(diagnosis.is_empty(), "{target}: {diagnosis}");
    }
}

/// Both sides agree, and nothing is known of the secret: only the secret can be suspected.
#[test]
fn names_no_difference_if_both_sides_agree() {
    for seed in 0..50 {
        let draft = confusion::good(seed);
        let canonical = String::from_utf8(draft.canon.bytes()).unwrap();
        let escaped = canonical.replace('&', "&amp;");
        let answer = format!(
            "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{escaped}</CanonicalRequest></Error>"
        );
        let diagnosis = diagnose::answer(
            &Signed::from_text(&canonical, &draft.string_to_sign()),
            &Evidence::read(&answer),
        );
        let names: Vec<&str> = diagnosis.causes().iter().map(|cause| cause.name().as_str()).collect();
        assert_eq!(names, ["secret-wrong"], "{canonical}");
    }
}
