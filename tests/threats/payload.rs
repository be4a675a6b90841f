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

/// The tests of the checksums that a request declares in headers.
#[cfg(feature = "checksums")]
mod declared {
    use countersign::{
        Checksum, ChecksumChecker, ChecksumError, DeclaredChecksums, UnknownChecksums, Verified,
    };

    use super::*;

    /// The input of the check values of the CRC catalogue.
    const DIGITS: &str = "123456789";
    /// Check values of the CRC catalogue, Python's hashlib, and awscrt 0.38.
    const VALUES: [(Checksum, &str); 10] = [
        (Checksum::Crc32, "y/Q5Jg=="),
        (Checksum::Crc32c, "4waSgw=="),
        (Checksum::Crc64Nvme, "rosUhgp5mIg="),
        (Checksum::Md5, "JfnnlDI7RTiF9RgfG2JNCw=="),
        (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
        (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        (
            Checksum::Sha512,
            "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
        ),
        (Checksum::XxHash64, "jLhB20DmroM="),
        (Checksum::XxHash3, "ctyxi2ehff8="),
        (Checksum::XxHash128, "MxGUd+3l3NXpcWQnaB1YYA=="),
    ];

    fn put(headers: &[(&str, &str)]) -> Verified {
        let wire = Wire::put().body(DIGITS);
        let wire = headers.iter().fold(wire, |wire, (name, value)| wire.with(name, value));
        verify_claim(wire.signed().claim_unread(&verifier()).unwrap(), &credentials()).unwrap()
    }

    /// Returns the result for a body in pieces of any size.
    fn check(verified: &Verified, body: &str) -> Result<DeclaredChecksums, ChecksumError> {
        check_by(verified, body, UnknownChecksums::Refuse)
    }

    fn check_by(
        verified: &Verified,
        body: &str,
        unknown: UnknownChecksums,
    ) -> Result<DeclaredChecksums, ChecksumError> {
        let run = |size: usize| {
            let mut checker = ChecksumChecker::new(verified, unknown)?;
            body.as_bytes().chunks(size).for_each(|piece| checker.update(piece));
            checker.finish()
        };
        let whole = run(usize::MAX);
        assert_eq!(run(2), whole);
        whole
    }

    #[track_caller]
    fn assert_answer(error: ChecksumError, code: &str, message: &str) {
        let error = VerifyError::from(error);
        assert_eq!((error.code(), error.status(), error.to_string().as_str()), (code, 400, message));
        assert!(error.to_xml("/", "1").contains(&format!("<Code>{code}</Code>")));
    }

    #[test]
    fn pay_09_a_checksum_of_other_data_is_refused() {
        for (checksum, value) in VALUES {
            let verified = put(&[(checksum.name(), value)]);
            let declared = check(&verified, DIGITS).unwrap();
            assert_eq!(declared.values().len(), 1);
            assert_eq!(declared.values()[0].to_string(), value);
            let message =
                format!("The {} you specified did not match the calculated checksum.", checksum.algorithm());
            for other in ["", "123456780", "1234567890"] {
                assert_answer(check(&verified, other).unwrap_err(), "BadDigest", &message);
            }
            let message = format!("Value for {} header is invalid.", checksum.name());
            for bad in ["", "AAAA", &value[1..], &format!("{value}="), &value.replace('=', "!"), "y/Q5Jg==-2"]
            {
                let error = ChecksumChecker::new(&put(&[(checksum.name(), bad)]), UnknownChecksums::HandOver);
                assert_answer(error.unwrap_err(), "InvalidRequest", &message);
            }
        }
    }

    #[test]
    fn pay_09_content_md5_is_compared() {
        let verified =
            put(&[("content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="), ("x-amz-checksum-crc32", "y/Q5Jg==")]);
        assert_eq!(check(&verified, DIGITS).unwrap().values().len(), 2);
        let message = "The Content-MD5 you specified did not match what we received.";
        assert_answer(check(&verified, "other").unwrap_err(), "BadDigest", message);
        for bad in ["", "AAAA", "fnnlDI7RTiF9RgfG2JNCw==", "25f9e794323b453885f5181f1b624d0b"] {
            let error = check(&put(&[("content-md5", bad)]), DIGITS).unwrap_err();
            assert_answer(error, "InvalidDigest", "The Content-MD5 you specified was invalid.");
        }
    }

    #[test]
    fn pay_09_an_unknown_checksum_is_refused_or_handed_over() {
        let verified = put(&[("x-amz-checksum-crc16", "AAA=")]);
        let error = check(&verified, DIGITS).unwrap_err();
        assert_eq!(error, ChecksumChecker::new(&verified, UnknownChecksums::default()).unwrap_err());
        let message =
            "The algorithm type you specified in x-amz-checksum- header is invalid: x-amz-checksum-crc16";
        assert_answer(error, "InvalidRequest", message);
        let declared = check_by(&verified, DIGITS, UnknownChecksums::HandOver).unwrap();
        assert_eq!(declared.values(), []);
        assert_eq!(declared.unchecked().collect::<Vec<_>>(), [("x-amz-checksum-crc16", "AAA=")]);
    }

    #[test]
    fn pay_09_settings_are_not_checksums() {
        let settings = [
            ("x-amz-checksum-mode", "ENABLED"),
            ("x-amz-checksum-algorithm", "CRC32"),
            ("x-amz-checksum-type", "COMPOSITE"),
        ];
        let checker = ChecksumChecker::new(&put(&settings), UnknownChecksums::Refuse).unwrap();
        assert!(checker.is_empty());
    }

    #[test]
    fn pay_09_the_headers_declare_one_checksum() {
        let crc = ("x-amz-checksum-crc32", "y/Q5Jg==");
        let sdk = "x-amz-sdk-checksum-algorithm";
        for algorithm in ["CRC32", "MD5"] {
            assert!(check(&put(&[crc, (sdk, algorithm)]), DIGITS).is_ok(), "{algorithm}");
        }
        let several = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
        let wrong = "Value for x-amz-sdk-checksum-algorithm header is invalid.";
        let alone = "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer \
                     headers were found.";
        for (headers, message) in [
            (vec![crc, ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=")], several),
            (vec![crc, ("x-amz-checksum-crc16", "AAA=")], several),
            (vec![crc, crc], "Value for x-amz-checksum-crc32 header is invalid."),
            (vec![crc, (sdk, "SHA1")], wrong),
            (vec![(sdk, "CRC32")], alone),
        ] {
            let error = check_by(&put(&headers), DIGITS, UnknownChecksums::HandOver).unwrap_err();
            assert_answer(error, "InvalidRequest", message);
        }
    }

    /// AWS SDK for JavaScript 3: `getSignedUrl` of a PUT declares the checksum of the empty body.
    #[test]
    fn pay_09_a_url_declares_a_checksum() {
        let target = "/folder/test.txt?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32";
        let wire = Wire::new("PUT", target).body("").presigned();
        let verified = verify_claim(wire.claim_unread(&verifier()).unwrap(), &credentials()).unwrap();
        assert!(check(&verified, "").is_ok());
        let message = "The CRC32 you specified did not match the calculated checksum.";
        assert_answer(check(&verified, DIGITS).unwrap_err(), "BadDigest", message);
        // With a signature in a header, a parameter of the query is not a header.
        let wire = Wire::new("PUT", target).body(DIGITS).signed();
        let verified = verify_claim(wire.claim_unread(&verifier()).unwrap(), &credentials()).unwrap();
        assert!(check(&verified, DIGITS).unwrap().values().is_empty());
    }

    /// minio-go 7.0.46 sends the checksum of the object with CompleteMultipartUpload; it is not the body's.
    #[test]
    fn pay_09_the_checksum_of_an_object_is_not_that_of_its_list_of_parts() {
        for value in ["+0VVgQ==", "+0VVgQ==-2"] {
            let wire =
                Wire::new("POST", "/k?uploadId=1").with("x-amz-checksum-crc32c", value).body("<parts/>");
            let verified =
                verify_claim(wire.signed().claim_unread(&verifier()).unwrap(), &credentials()).unwrap();
            let declared = check(&verified, "<parts/>").unwrap();
            assert_eq!(declared.unchecked().collect::<Vec<_>>(), [("x-amz-checksum-crc32c", value)]);
        }
        let target = "/k?uploadId=1&X-Amz-Checksum-Crc32c=%2B0VVgQ%3D%3D";
        let wire = Wire::new("POST", target).body("<parts/>").presigned();
        let verified = verify_claim(wire.claim_unread(&verifier()).unwrap(), &credentials()).unwrap();
        let declared = check(&verified, "<parts/>").unwrap();
        assert_eq!(declared.unchecked().collect::<Vec<_>>(), [("x-amz-checksum-crc32c", "+0VVgQ==")]);
    }
}
