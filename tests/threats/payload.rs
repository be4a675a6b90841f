//! How a signature covers the body.

use std::time::Duration;

use countersign::{BodyCheck, BodyStatus, Mechanism, Payload, Request, VerifyError};

use testkit::*;

#[test]
fn pay_01_another_body_is_refused() {
    let body = Wire::put().body;
    let pinned = Wire::put().with("x-amz-content-sha256", sha256(&body)).presigned();
    for good in [Wire::put().signed(), pinned] {
        accepted(&good);
        for other in [&b""[..], b"Welcome to Amazon S3", b"Welcome to Amazon S3. ", b"welcome to Amazon S3."]
        {
            refused!(
                &good.clone().body(other),
                VerifyError::PayloadMismatch { signed: sha256(&body), received: sha256(other) },
                "XAmzContentSHA256Mismatch",
                400
            );
        }
    }
}

#[test]
fn pay_01_a_streamed_body_is_proven_only_at_its_end() {
    let body = Wire::put().body;
    let wire = Wire::put().signed();
    let claim = wire.claim_unread(&verifier()).unwrap();
    let verified = verify_claim(claim, &credentials()).unwrap();
    assert!(matches!(verified.body(), BodyCheck::Sha256(_)));
    for size in [1, 2, 7, body.len()] {
        let mut checker = verified.body().checker();
        body.chunks(size).for_each(|piece| checker.update(piece));
        assert_eq!(checker.finish(), Ok(BodyStatus::Proven));
        // The body is cut short or continued.
        let mut short = verified.body().checker();
        body[..body.len() - 1].chunks(size).for_each(|piece| short.update(piece));
        let received = sha256(&body[..body.len() - 1]);
        assert_err!(short.finish(), VerifyError::PayloadMismatch { signed: sha256(&body), received });
        let mut long = verified.body().checker();
        body.chunks(size).for_each(|piece| long.update(piece));
        long.update(b"!");
        assert_eq!(long.finish().unwrap_err().code(), "XAmzContentSHA256Mismatch");
    }
    assert_err!(
        verified.body().checker().finish(),
        VerifyError::PayloadMismatch { signed: sha256(&body), received: sha256(b"") }
    );
}

#[test]
fn pay_01_a_missing_body_is_an_empty_body() {
    let good = Wire::get().signed();
    accepted(&good);
    refused!(
        &good.body("x"),
        VerifyError::PayloadMismatch { signed: sha256(b""), received: sha256(b"x") },
        "XAmzContentSHA256Mismatch",
        400
    );
}

#[test]
fn pay_01_a_wrong_body_is_reported_only_after_the_signature_was_checked() {
    let wire = Hand::new().secret("guess").sign(Wire::put()).body("another");
    mismatches(&wire);
    let known = Wire::put().signed().body("another");
    assert!(matches!(known.verify(), Err(VerifyError::PayloadMismatch { .. })));
    accepted(&Wire::put().signed());
}

#[test]
fn pay_02_the_mode_cannot_be_changed_after_signing() {
    let good = Wire::put().signed();
    accepted(&good);
    mismatches(&good.clone().set("x-amz-content-sha256", UNSIGNED));
    mismatches(&good.clone().set("x-amz-content-sha256", EMPTY).body(""));
    let unsigned = Hand::new().payload(UNSIGNED).sign(Wire::put());
    accepted(&unsigned);
    mismatches(&unsigned.clone().set("x-amz-content-sha256", sha256(&unsigned.body)));
    // Nor can an unlisted header be changed.
    let list = "host;x-amz-date";
    let unlisted = Hand::new().list(list).sign(Wire::put());
    accepted(&unlisted);
    mismatches(&unlisted.set("x-amz-content-sha256", UNSIGNED));
}

#[test]
fn pay_03_a_hash_is_64_lower_case_hex_digits() {
    let hash = sha256(&Wire::put().body);
    accepted(&Hand::new().payload(&hash).sign(Wire::put()));
    for line in [
        hash.to_ascii_uppercase(),
        hash[..63].to_owned(),
        format!("{hash}0"),
        format!("{}g", &hash[..63]),
        format!("0x{}", &hash[..62]),
        "required".into(),
        "0".into(),
    ] {
        let wire = Hand::new().payload(&line).sign(Wire::put());
        refused!(&wire, VerifyError::InvalidPayloadHash, "InvalidArgument", 400);
        let url = Hand::new().presign(Wire::put().with("x-amz-content-sha256", &line));
        refused!(&url, VerifyError::InvalidPayloadHash, "InvalidArgument", 400);
    }
    let bytes = Hand::new().sign(Wire::put().with("x-amz-content-sha256", b"\xff\xfe"));
    refused!(&bytes, VerifyError::InvalidPayloadHash, "InvalidArgument", 400);
}

#[test]
fn pay_04_s3_requires_the_payload_hash_header() {
    accepted(&Hand::new().sign(Wire::put()));
    for payload in [None, Some(UNSIGNED)] {
        let mut hand = Hand::new();
        hand.payload = payload.map(str::to_owned);
        let wire = hand.sign_as_it_is(Wire::put().with("x-amz-date", NOW));
        refused!(&wire, VerifyError::MissingPayloadHash, "InvalidRequest", 400);
    }
}

#[test]
fn pay_05_other_services_sign_the_body_s_hash_without_a_header() {
    let verifier = standard_verifier();
    let good = Wire::put().signed_by(&standard_signer());
    assert_eq!(good.value("x-amz-content-sha256"), None);
    accepted_by(&verifier, &good);
    assert_eq!(good.verify_at(&verifier, now(), |verified| verified.body()), Ok(BodyCheck::Done));
    let other = good.clone().body("another");
    let error = VerifyError::SignatureDoesNotMatch;
    refused_by!(&verifier, &other, error, "SignatureDoesNotMatch", 403);
    let error = good.claim_unread(&verifier).unwrap_err();
    assert_eq!(error, VerifyError::BodyRequired);
    assert_eq!((error.code(), error.status()), ("InvalidRequest", 400));
    // There is no unsigned mode.
    let hand = Hand::new().scope("20130524/us-east-1/execute-api/aws4_request").payload(UNSIGNED);
    let wire = hand.sign(Wire::put());
    let mode = UNSIGNED;
    refused_by!(&verifier, &wire, VerifyError::PayloadModeNotAccepted { mode: mode }, "InvalidArgument", 400);
}

#[test]
fn pay_05_a_hash_that_is_added_later_does_not_allow_another_body() {
    let verifier = standard_verifier();
    let good = Wire::put().signed_by(&standard_signer());
    accepted_by(&verifier, &good);
    accepted_by(&verifier, &good.clone().with("x-amz-content-sha256", sha256(&good.body)));
    let kept = good.clone().with("x-amz-content-sha256", sha256(&good.body)).body("another");
    refused_by!(
        &verifier,
        &kept,
        VerifyError::PayloadMismatch { signed: sha256(&good.body), received: sha256(b"another") },
        "XAmzContentSHA256Mismatch",
        400
    );
    let both = good.with("x-amz-content-sha256", sha256(b"another")).body("another");
    let error = VerifyError::SignatureDoesNotMatch;
    refused_by!(&verifier, &both, error, "SignatureDoesNotMatch", 403);
}

#[test]
fn pay_06_an_unsigned_payload_header_of_a_url_may_only_repeat_unsigned_payload() {
    let good = Wire::put().presigned();
    accepted(&good);
    accepted(&good.clone().with("x-amz-content-sha256", UNSIGNED));
    accepted(&good.clone().with("x-amz-content-sha256", format!(" {UNSIGNED}\t")));
    for value in [
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        EMPTY,
        &sha256(&good.body),
        "",
        "unsigned-payload",
        "x",
    ] {
        refused!(
            &good.clone().with("X-Amz-Content-Sha256", value),
            VerifyError::UnsignedHeaders { names: ["x-amz-content-sha256"] },
            "AccessDenied",
            403
        );
    }
}

#[test]
fn pay_06_a_signed_payload_header_of_a_url_is_its_payload_line() {
    let body = Wire::put().body;
    let pinned = Hand::new().presign(Wire::put().with("x-amz-content-sha256", sha256(&body)));
    accepted(&pinned);
    assert_eq!(pinned.verified(|verified| verified.payload_hash().to_owned()), sha256(&body));
    // The signed header has the hash and the payload line the unsigned mode, or the reverse.
    let two = Hand::new().payload(UNSIGNED).presign(Wire::put().with("x-amz-content-sha256", sha256(&body)));
    mismatches(&two);
    let line = Hand::new().payload(&sha256(&body)).presign(Wire::put());
    mismatches(&line);
    for mode in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        let wire = Hand::new().presign(Wire::put().with("x-amz-content-sha256", mode));
        refused!(&wire, VerifyError::UnsupportedPayload { mode: mode }, "NotImplemented", 501);
    }
    // If the header is removed, the unsigned mode is not used instead.
    refused!(
        &pinned.without("x-amz-content-sha256"),
        VerifyError::MissingSignedHeader { name: "x-amz-content-sha256" },
        "SignatureDoesNotMatch",
        403
    );
}

#[test]
fn pay_07_the_verified_value_reports_how_the_request_was_signed() {
    let later = now_plus(100);
    let header = Wire::put().signed().verify_at(&verifier(), later, |verified| {
        assert_eq!(verified.mechanism(), Mechanism::Header);
        assert_eq!(verified.algorithm(), "AWS4-HMAC-SHA256");
        assert_eq!(verified.access_key_id(), ID);
        assert_eq!(verified.signed_at(), now());
        assert_eq!(verified.age(), Duration::from_secs(100));
        assert_eq!(verified.expires(), None);
        assert_eq!(verified.payload_hash(), sha256(&Wire::put().body));
        assert_eq!(verified.signed_headers(), "content-type;host;x-amz-content-sha256;x-amz-date");
        assert_eq!(verified.scope().to_string(), SCOPE);
        assert_eq!(verified.body(), BodyCheck::Done);
    });
    assert_eq!(header, Ok(()));
    let query = Wire::get().presigned().verify_at(&verifier(), later, |verified| {
        assert_eq!(verified.mechanism(), Mechanism::Query);
        assert_eq!(verified.age(), Duration::from_secs(100));
        assert_eq!(verified.expires(), Some(Duration::from_secs(3600)));
        assert_eq!(verified.payload_hash(), UNSIGNED);
        assert_eq!(verified.signed_headers(), "host");
        assert_eq!(verified.body(), BodyCheck::Unsigned);
    });
    assert_eq!(query, Ok(()));
    let unsigned = Request::new("PUT", "https://examplebucket.s3.amazonaws.com/k", &[]);
    let signed = signer().sign(&unsigned, Payload::Unsigned, now()).unwrap();
    assert!(signed.iter().any(|(name, value)| name == "x-amz-content-sha256" && value == UNSIGNED));
}

#[test]
fn pay_08_a_verifier_that_requires_a_signed_body_refuses_an_unsigned_payload() {
    let strict = verifier().require_signed_body();
    let unsigned = Hand::new().payload(UNSIGNED).sign(Wire::put());
    accepted(&unsigned);
    refused_by!(&strict, &unsigned, VerifyError::UnsignedBody, "AccessDenied", 403);
    let signed = Wire::put().signed();
    accepted_by(&strict, &signed);
    // The error is found without a secret: a wrong signature is not reported instead.
    let forged = Hand::new().secret("guess").payload(UNSIGNED).sign(Wire::put());
    assert_eq!(forged.claim_unread(&strict).unwrap_err(), VerifyError::UnsignedBody);
}

#[test]
fn pay_08_a_verifier_that_requires_a_signed_body_accepts_a_url_only_with_the_hash() {
    let strict = verifier().require_signed_body();
    let url = Wire::put().presigned();
    accepted(&url);
    refused_by!(&strict, &url, VerifyError::UnsignedBody, "AccessDenied", 403);
    // Not even for a request that has no body.
    refused_by!(&strict, &Wire::get().presigned(), VerifyError::UnsignedBody, "AccessDenied", 403);
    let body = Wire::put().body;
    let with_hash = Wire::put().with("x-amz-content-sha256", sha256(&body)).presigned();
    accepted_by(&strict, &with_hash);
    refused_by!(
        &strict,
        &with_hash.body("another"),
        VerifyError::PayloadMismatch { signed: sha256(&body), received: sha256("another") },
        "XAmzContentSHA256Mismatch",
        400
    );
}

#[test]
fn pay_08_a_checker_of_an_unsigned_body_reports_that_nothing_is_proven() {
    let finish = |wire: &Wire| {
        let claim = wire.claim_unread(&verifier()).unwrap();
        let mut checker = verify_claim(claim, &credentials()).unwrap().body().checker();
        checker.update(&wire.body);
        checker.finish()
    };
    assert_eq!(finish(&Hand::new().payload(UNSIGNED).sign(Wire::put())), Ok(BodyStatus::NotSigned));
    assert_eq!(finish(&Wire::put().presigned()), Ok(BodyStatus::NotSigned));
    assert_eq!(finish(&Wire::put().signed()), Ok(BodyStatus::Proven));
}
