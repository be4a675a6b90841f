//! SigV4a: attacks on ECDSA signatures and region sets, and a few tests that everything else works as with HMAC.
//! `Hand` signs with `ring`, whose nonces are random, and with a key that AWS published.

use core::fmt::Write;
use std::sync::LazyLock;

#[cfg(feature = "std")]
use countersign::KeyCache;
use countersign::steps::{
    CredentialScope, PublicKey, SigV4aScope, Signature, SigningKey, SigningKeyPair, StringToSign,
};
use countersign::{
    MalformedAuthorization, Mechanism, Region, RegionSet, Rejected, RequestError, SecretAccessKey, Service,
    SignError, Signer, Verifier, VerifyError, VerifyingKey,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

use testkit::*;

const ECDSA: &str = "AWS4-ECDSA-P256-SHA256";
const SCOPE_V4A: &str = "20130524/s3/aws4_request";
/// The order of the curve, `n`.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// The public key of `ID` and `SECRET`: awslabs/aws-c-auth, `tests/test_chunked_signing.c`.
const PUBLIC: &str = "0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab\
                      fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2";

static RING: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let input = [b"\0\0\0\x01AWS4-ECDSA-P256-SHA256\0", ID.as_bytes(), b"\x01\0\0\x01\0"].concat();
    let mut private = hmac(format!("AWS4A{SECRET}").as_bytes(), &input);
    for byte in private.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    let public = hex::decode(PUBLIC).unwrap();
    let (curve, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
    EcdsaKeyPair::from_private_key_and_public_key(curve, &private, &public, &random).unwrap()
});

pub(super) fn hand() -> Hand {
    let signs = |_: &Hand, text: &str| hex::encode(RING.sign(&SystemRandom::new(), text.as_bytes()).unwrap());
    Hand { signs, ..Hand::new() }.algorithm(ECDSA).scope(SCOPE_V4A)
}

pub(super) fn verifier_v4a() -> Verifier {
    verifier().allow_sigv4a()
}

pub(super) fn signer_v4a(regions: &str) -> Signer {
    Signer::sigv4a(credentials(), RegionSet::parse(regions).unwrap(), Service::S3).unwrap()
}

fn with_set(wire: Wire, set: &str) -> Wire {
    wire.with("X-Amz-Region-Set", set)
}

fn set_in_query(wire: Wire, set: &str) -> Wire {
    let separator = if wire.target.contains('?') { '&' } else { '?' };
    let target = format!("{}{separator}X-Amz-Region-Set={}", wire.target, countersign::uri::encode(set));
    wire.target(target)
}

/// Returns a good request for each mechanism, signed by `Hand` and by the signer.
fn good() -> [Wire; 4] {
    [
        hand().sign(with_set(Wire::get(), "us-east-1")),
        hand().presign(set_in_query(Wire::get(), "us-east-1")),
        Wire::get().signed_by(&signer_v4a("us-east-1,eu-*")),
        Wire::get().presigned_by(&signer_v4a("us-east-1,eu-*")),
    ]
}

fn is_header(wire: &Wire) -> bool {
    wire.value("authorization").is_some()
}

fn signature_of(wire: &Wire) -> String {
    let text = if is_header(wire) { wire.text("authorization") } else { &wire.target };
    text.rsplit_once("Signature=").unwrap().1.to_owned()
}

fn resigned(wire: &Wire, signature: &str) -> Wire {
    let found = signature_of(wire);
    match is_header(wire) {
        true => wire.clone().reauthorize(&found, signature),
        false => wire.clone().retarget(&found, signature),
    }
}

#[track_caller]
fn accepts(wire: &Wire) {
    accepted_by(&verifier_v4a(), wire);
}

#[track_caller]
fn mismatches_v4a(wire: &Wire) {
    refused_by!(&verifier_v4a(), wire, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
}

#[track_caller]
fn is_malformed(wire: &Wire, malformed: MalformedAuthorization) {
    match is_header(wire) {
        true => {
            let error = VerifyError::AuthorizationHeaderMalformed(malformed);
            refused_by!(&verifier_v4a(), wire, error, "AuthorizationHeaderMalformed", 400);
        }
        false => {
            let error = VerifyError::AuthorizationQueryParametersError(malformed);
            refused_by!(&verifier_v4a(), wire, error, "AuthorizationQueryParametersError", 400);
        }
    }
}

/// Returns the DER of two integers, which are given with their sign byte.
pub(super) fn der(r: &str, s: &str) -> String {
    let numbers = format!("02{:02x}{r}02{:02x}{s}", r.len() / 2, s.len() / 2);
    format!("30{:02x}{numbers}", numbers.len() / 2)
}

/// Returns the integers of a signature, with their sign byte.
pub(super) fn integers(signature: &str) -> (String, String) {
    let length = |at: usize| 2 * usize::from_str_radix(&signature[at..at + 2], 16).unwrap();
    let r_end = 8 + length(6);
    (signature[8..r_end].to_owned(), signature[r_end + 4..].to_owned())
}

/// Returns true if `signature` is the hex of a DER sequence of two positive integers, both as short as possible.
pub(super) fn is_der(signature: &str) -> bool {
    fn integer(bytes: &[u8]) -> Option<&[u8]> {
        let [0x02, length, rest @ ..] = bytes else { return None };
        let (number, rest) = rest.split_at_checked(usize::from(*length))?;
        let shortest = match number {
            [0, second, ..] => *second >= 0x80,
            [first, ..] => *first < 0x80,
            [] => false,
        };
        shortest.then_some(rest)
    }
    let Ok(bytes) = hex::decode(signature) else { return false };
    let [0x30, length, rest @ ..] = &bytes[..] else { return false };
    usize::from(*length) == rest.len() && integer(rest).and_then(integer).is_some_and(<[u8]>::is_empty)
}

/// Returns `ORDER - number`, with the sign byte of a DER integer.
pub(super) fn negated(number: &str) -> String {
    let order = hex::decode(ORDER).unwrap();
    let number = hex::decode(format!("{number:0>64}")).unwrap();
    let number = &number[number.len() - 32..];
    let (mut difference, mut borrow) = (vec![0; 32], 0);
    for index in (0..32).rev() {
        let left = i16::from(order[index]) - i16::from(number[index]) - borrow;
        borrow = i16::from(left < 0);
        difference[index] = u8::try_from(left.rem_euclid(256)).unwrap();
    }
    let start = difference.iter().position(|byte| *byte != 0).unwrap();
    let zero = if difference[start] >= 0x80 { "00" } else { "" };
    format!("{zero}{}", hex::encode(&difference[start..]))
}

#[test]
fn sig_01_every_changed_digit_of_an_ecdsa_signature_is_refused() {
    let wire = hand().sign(with_set(Wire::get(), "us-east-1"));
    accepts(&wire);
    let signature = signature_of(&wire);
    for place in 0..signature.len() {
        let other = if signature[place..].starts_with('0') { "1" } else { "0" };
        let mut changed = signature.clone();
        changed.replace_range(place..=place, other);
        let verdict = resigned(&wire, &changed).verify_by(&verifier_v4a());
        assert_eq!(verdict, Err(VerifyError::SignatureDoesNotMatch), "{place}");
    }
}

#[test]
fn sig_01_another_key_of_ecdsa_is_refused() {
    for wire in good() {
        accepts(&wire);
    }
    let another = countersign::Credentials::new(ID, SecretAccessKey::new("another")).unwrap();
    let signer = Signer::sigv4a(another, RegionSet::all(), Service::S3).unwrap();
    mismatches_v4a(&Wire::get().signed_by(&signer));
    mismatches_v4a(&Wire::get().presigned_by(&signer));
}

#[test]
fn sig_03_an_ecdsa_signature_is_valid_for_its_request_only() {
    for wire in good() {
        accepts(&wire);
        mismatches_v4a(&wire.clone().method("HEAD"));
        mismatches_v4a(&wire.clone().set("host", "otherbucket.s3.amazonaws.com"));
        mismatches_v4a(&wire.clone().retarget("/folder/test.txt", "/folder/other.txt"));
        mismatches_v4a(&wire.clone().retarget("/folder/test.txt", "/folder//test.txt"));
        mismatches_v4a(&wire.clone().retarget("/folder/test.txt", "/folder/./test.txt"));
        mismatches_v4a(&wire.clone().retarget("versions=", "versions=1"));
        mismatches_v4a(&wire.clone().retarget("prefix=a%20b", "prefix=a%2520b"));
        mismatches_v4a(&wire.clone().retarget("prefix=a%20b", "prefix=a%20b&prefix=a%20b"));
        // The same request in another spelling.
        accepts(&wire.clone().retarget("prefix=a%20b", "prefix=a+b"));
        accepts(&wire.retarget("/folder/test.txt", "/%66older/test.txt"));
    }
}

#[test]
fn alg_01_the_algorithm_name_of_ecdsa_is_exact() {
    for wire in good() {
        accepts(&wire);
        for algorithm in [
            "AWS4-ECDSA-P256-SHA25",
            "AWS4-ECDSA-P256-SHA256X",
            "aws4-ecdsa-p256-sha256",
            "AWS4-ECDSA-P384-SHA256",
            "AWS4-ECDSA-P256-SHA256-PAYLOAD",
            "AWS4A-ECDSA-P256-SHA256",
        ] {
            let (mechanism, wire) = match is_header(&wire) {
                true => (Mechanism::Header, wire.clone().reauthorize(ECDSA, algorithm)),
                false => (Mechanism::Query, wire.clone().retarget(ECDSA, algorithm)),
            };
            assert_err!(
                wire.verify_by(&verifier_v4a()),
                VerifyError::UnsupportedAlgorithm { mechanism, algorithm }
            );
        }
    }
    // The name of the algorithm is signed.
    let swapped = hand().algorithm("AWS4-ECDSA-P256-SHA512").sign(with_set(Wire::get(), "*"));
    mismatches_v4a(&swapped.reauthorize("AWS4-ECDSA-P256-SHA512", ECDSA));
}

#[test]
fn alg_02_sigv4a_is_refused_where_it_is_not_allowed() {
    for wire in good() {
        accepts(&wire);
        let mechanism = if is_header(&wire) { Mechanism::Header } else { Mechanism::Query };
        assert_err!(wire.verify(), VerifyError::UnsupportedAlgorithm { mechanism, algorithm: ECDSA });
    }
    // HMAC is still accepted.
    accepts(&Wire::get().signed());
    accepts(&Wire::get().presigned());
    let algorithm = |wire: &Wire| wire.verify_at(&verifier_v4a(), now(), |verified| verified.algorithm());
    assert_eq!(algorithm(&Wire::get().signed()), Ok("AWS4-HMAC-SHA256"));
    assert_eq!(algorithm(&Wire::get().signed_by(&signer_v4a("*"))), Ok(ECDSA));
}

#[test]
fn alg_02_a_signature_under_the_name_of_the_other_algorithm_is_refused() {
    accepts(&good()[0]);
    // An HMAC in a request that otherwise follows SigV4a, and the reverse.
    let hmac = Hand { signs: Hand::new().signs, ..hand() };
    mismatches_v4a(&hmac.sign(with_set(Wire::get(), "*")));
    mismatches_v4a(&hmac.presign(set_in_query(Wire::get(), "*")));
    let ecdsa = hand().algorithm("AWS4-HMAC-SHA256").scope(SCOPE);
    mismatches_v4a(&ecdsa.sign(with_set(Wire::get(), "*")));
    mismatches_v4a(&ecdsa.presign(Wire::get()));
    // A public key is not secret: an HMAC with it, or with the dummy key, must not verify.
    for key in [hex::decode(PUBLIC).unwrap(), hex::decode(&PUBLIC[2..66]).unwrap(), vec![0; 32]] {
        let wire = Wire::get().signed();
        mismatches_v4a(&resigned(&wire, &signature_under(&key, &wire)));
    }
}

#[test]
fn scp_05_a_scope_of_sigv4a_has_four_parts() {
    for sign in [
        |hand: &Hand| hand.sign(with_set(Wire::get(), "us-east-1")),
        |hand: &Hand| hand.presign(set_in_query(Wire::get(), "us-east-1")),
    ] {
        accepts(&sign(&hand()));
        is_malformed(&sign(&hand().scope(SCOPE)), MalformedAuthorization::CredentialDate);
        is_malformed(
            &sign(&hand().scope("20130524//s3/aws4_request")),
            MalformedAuthorization::CredentialDate,
        );
        is_malformed(&sign(&hand().scope("20130524/aws4_request")), MalformedAuthorization::Credential);
        is_malformed(&sign(&hand().scope("20130524/s3/aws4_reques")), MalformedAuthorization::Terminator);
        is_malformed(&sign(&hand().scope("20130524/s3")), MalformedAuthorization::Credential);
        // A scope without a region is refused for HMAC.
        let hmac = Hand { signs: Hand::new().signs, ..hand() }.algorithm("AWS4-HMAC-SHA256");
        is_malformed(&sign(&hmac), MalformedAuthorization::Credential);
        // The day and the service are checked as for HMAC.
        let error = sign(&hand().scope("20130525/s3/aws4_request")).verify_by(&verifier_v4a());
        assert!(matches!(error, Err(VerifyError::DateMismatch { .. })), "{error:?}");
        let error = sign(&hand().scope("20130524/sqs/aws4_request")).verify_by(&verifier_v4a());
        assert!(matches!(error, Err(VerifyError::WrongService { .. })), "{error:?}");
    }
    let id = format!("{ID}/20130524");
    let wire = hand().id(&id).scope("20130524/s3/aws4_request").sign(with_set(Wire::get(), "*"));
    refused_by!(
        &verifier_v4a(),
        &wire,
        VerifyError::InvalidAccessKeyId { access_key_id: id },
        "InvalidAccessKeyId",
        403
    );
}

#[test]
fn ecd_01_numbers_out_of_range_are_refused() {
    let order = format!("00{ORDER}");
    let above = format!("00{}2", &ORDER[..63]);
    let most = format!("00{}", "ff".repeat(32));
    let longer = format!("01{}", "00".repeat(32));
    for wire in good() {
        accepts(&wire);
        let (r, s) = integers(&signature_of(&wire));
        accepts(&resigned(&wire, &der(&r, &s)));
        for number in ["00", &order, &above, &most, &longer] {
            mismatches_v4a(&resigned(&wire, &der(number, &s)));
            mismatches_v4a(&resigned(&wire, &der(&r, number)));
            mismatches_v4a(&resigned(&wire, &der(number, number)));
        }
        // In range, but wrong.
        mismatches_v4a(&resigned(&wire, &der("01", "01")));
        mismatches_v4a(&resigned(&wire, &der(&s, &r)));
    }
}

#[test]
fn ecd_02_a_signature_that_is_not_strict_der_is_refused() {
    for wire in good() {
        accepts(&wire);
        let signature = signature_of(&wire);
        let (r, s) = integers(&signature);
        let padded = |number: &str| format!("00{number}");
        let length = &signature[2..4];
        let spoiled = [
            "30".into(),
            "3000".into(),
            signature[..signature.len() - 2].to_owned(),
            signature[..signature.len() - 1].to_owned(),
            format!("{signature}00"),
            format!("{signature}0"),
            format!("00{signature}"),
            format!("0x{signature}"),
            signature.to_uppercase(),
            signature.replacen("30", "31", 1),
            format!("3081{}", &signature[2..]),
            format!("308200{}", &signature[2..]),
            format!("3080{}0000", &signature[4..]),
            format!("30{length}0281{}", &signature[6..]),
            der(&padded(&r), "01"),
            der("01", &padded(&s)),
            der("0001", &s),
            der(&r, "80"),
            der("ff", &s),
            der("", &s),
            der(&r, ""),
            format!("30{length}03{}", &signature[6..]),
            // The two numbers in 64 bytes, as JWS writes a signature.
            format!("{:0>64}{:0>64}", r.trim_start_matches("00"), s.trim_start_matches("00")),
            "*".repeat(144),
            format!("{signature}{}", "*".repeat(146 - signature.len())),
            "30".repeat(1000),
        ];
        for spoiled in spoiled {
            mismatches_v4a(&resigned(&wire, &spoiled));
        }
    }
}

#[test]
fn ecd_03_the_region_set_is_signed() {
    let wire = hand().sign(with_set(Wire::get(), "us-east-1"));
    accepts(&wire);
    // The set is absent; is present, but not listed; is appended to a signature without one.
    is_malformed(&hand().sign(Wire::get()), MalformedAuthorization::RegionSet);
    let list = "host;x-amz-content-sha256;x-amz-date";
    is_malformed(
        &hand().list(list).sign(with_set(Wire::get(), "us-east-1")),
        MalformedAuthorization::RegionSet,
    );
    is_malformed(&with_set(hand().sign(Wire::get()), "us-east-1"), MalformedAuthorization::RegionSet);
    is_malformed(&wire.clone().without("x-amz-region-set"), MalformedAuthorization::RegionSet);
    // The set is changed after signing.
    mismatches_v4a(&wire.clone().set("x-amz-region-set", "us-*"));
    mismatches_v4a(&wire.clone().set("x-amz-region-set", "us-east-1,us-west-2"));
    mismatches_v4a(&wire.clone().set("x-amz-region-set", "US-EAST-1,us-east-1"));
    let twice = with_set(wire, "us-east-1").verify_by(&verifier_v4a());
    assert_err!(twice, VerifyError::Request(RequestError::RepeatedHeader { name: "x-amz-region-set" }));

    let url = hand().presign(set_in_query(Wire::get(), "us-east-1"));
    accepts(&url);
    is_malformed(&hand().presign(Wire::get()), MalformedAuthorization::RegionSet);
    mismatches_v4a(&set_in_query(hand().presign(Wire::get()), "us-east-1"));
    mismatches_v4a(&url.clone().retarget("Region-Set=us-east-1", "Region-Set=us-east-1%2Ceu-west-1"));
    mismatches_v4a(&url.clone().retarget("Region-Set=us-east-1", "Region-Set=%2A"));
    // A header cannot replace the parameter or contradict it.
    is_malformed(&hand().presign(with_set(Wire::get(), "us-east-1")), MalformedAuthorization::RegionSet);
    let contradicted = with_set(set_in_query(Wire::get(), "us-east-1"), "*");
    let error = hand().presign(contradicted).verify_by(&verifier_v4a()).unwrap_err();
    assert_error!(&error, VerifyError::ContradictoryHeader { name: "x-amz-region-set" });
    for other in ["&X-Amz-Region-Set=us-east-1", "&x-amz-region-set=us-east-1"] {
        let twice = url.clone().target(format!("{}{other}", url.target));
        refused_by!(
            &verifier_v4a(),
            &twice,
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Parameter {
                name: "X-Amz-Region-Set"
            }),
            "AuthorizationQueryParametersError",
            400
        );
    }
}

#[test]
fn ecd_03_the_region_set_contains_the_region_of_the_verifier() {
    for set in [
        "us-east-1",
        "*",
        "us-*",
        "us-east-*",
        "*-1",
        "eu-west-1,us-east-1",
        "eu-west-1, us-east-1",
        "us-*-1",
    ] {
        accepts(&hand().sign(with_set(Wire::get(), set)));
        accepts(&hand().presign(set_in_query(Wire::get(), set)));
    }
    for set in [
        "us-east-2",
        "eu-*",
        "us-east",
        "us-east-1x",
        "us-east-1*x",
        "US-EAST-1",
        "us-east-,1",
        "eu-*,ap-*-1",
        "us-e,*2",
    ] {
        let header = hand().sign(with_set(Wire::get(), set));
        refused_by!(
            &verifier_v4a(),
            &header,
            VerifyError::WrongRegion { mechanism: Mechanism::Header, region: set, expected: "us-east-1" },
            "AuthorizationHeaderMalformed",
            400
        );
        let url = hand().presign(set_in_query(Wire::get(), set));
        refused_by!(
            &verifier_v4a(),
            &url,
            VerifyError::WrongRegion { mechanism: Mechanism::Query, region: set, expected: "us-east-1" },
            "AuthorizationQueryParametersError",
            400
        );
    }
    for set in [
        "",
        ",",
        "us-east-1,",
        ",us-east-1",
        "us-east-1,,eu-west-1",
        "us east",
        "us-east-1;eu",
        "us-east-1\u{e9}",
        "us-east-1/x",
    ] {
        is_malformed(&hand().sign(with_set(Wire::get(), set)), MalformedAuthorization::RegionSet);
        is_malformed(&hand().presign(set_in_query(Wire::get(), set)), MalformedAuthorization::RegionSet);
    }
    // Verifiers of other regions; a verifier of any region, which requires a set, too.
    let wire = hand().sign(with_set(Wire::get(), "us-*,eu-west-1"));
    for (region, good) in [("us-west-2", true), ("eu-west-1", true), ("eu-west-2", false)] {
        let verifier = Verifier::new(region, Service::S3).unwrap().allow_sigv4a();
        if good {
            accepted_by(&verifier, &wire);
        } else {
            let mechanism = Mechanism::Header;
            assert_err!(
                wire.verify_by(&verifier),
                VerifyError::WrongRegion { mechanism, region: "us-*,eu-west-1", expected: region }
            );
        }
    }
    let anywhere = Verifier::any_region(Service::S3).allow_sigv4a();
    accepted_by(&anywhere, &wire);
    let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::RegionSet);
    assert_eq!(hand().sign(Wire::get()).verify_by(&anywhere), Err(error));
}

#[cfg(feature = "std")]
#[test]
fn ecd_04_both_forms_of_a_signature_verify_and_neither_identifies_the_request() {
    let cache = KeyCache::new(10);
    for wire in good() {
        let (r, s) = integers(&signature_of(&wire));
        let twin = resigned(&wire, &der(&r, &negated(&s)));
        assert_ne!(
            wire.target.clone() + &format!("{:?}", wire.value("authorization")),
            twin.target.clone() + &format!("{:?}", twin.value("authorization"))
        );
        accepts(&wire);
        accepts(&twin);
        // Both forms have the same request hash and the same cached key.
        let seen = |wire: &Wire| {
            let claim = wire.claim(&verifier_v4a(), now()).unwrap();
            claim.verify_cached(&cache, &credentials()).unwrap().request_hash()
        };
        assert_eq!(seen(&wire), seen(&twin));
        mismatches_v4a(&resigned(&wire, &der(&negated(&r), &s)));
    }
    assert_eq!(cache.len(), 1, "one key for all of them");
    let signature = Signature::parse_ecdsa(&signature_of(&good()[0])).unwrap();
    assert!(!signature.matches(&signature), "sameness says nothing");
}

#[test]
fn ecd_05_nonces_depend_on_key_and_message_only() {
    let pair = SigningKeyPair::derive(&credentials()).unwrap();
    let another = SigningKeyPair::derive(&temporary()).unwrap();
    let sign = |pair: &SigningKeyPair, text: &str| pair.sign(&StringToSign::from_text(text)).to_string();
    assert_eq!(sign(&pair, "a"), sign(&pair, "a"));
    // Two signatures with the same r would reveal the key.
    let mut seen: Vec<String> = Vec::new();
    for text in ["a", "b", "", "aa", "a\0"] {
        for pair in [&pair, &another] {
            seen.push(integers(&sign(pair, text)).0);
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10);
}

#[test]
fn ecd_05_a_public_key_is_a_point_on_the_curve() {
    let bytes = |text: &str| <[u8; 32]>::try_from(hex::decode(text).unwrap()).unwrap();
    let (x, y) = (bytes(&PUBLIC[2..66]), bytes(&PUBLIC[66..]));
    let public = PublicKey::from_coordinates(&x, &y).unwrap();
    assert_eq!(public, SigningKeyPair::derive(&credentials()).unwrap().public_key());
    let mut other = y;
    other[31] ^= 1;
    for (x, y) in [(x, other), (y, x), ([0; 32], [0; 32]), (x, [0; 32]), ([0xff; 32], y)] {
        assert!(PublicKey::from_coordinates(&x, &y).is_err());
    }
}

#[test]
fn cov_01_an_unsigned_header_of_a_sigv4a_request_is_refused() {
    for wire in good() {
        accepts(&wire);
        let wire = wire.with("x-amz-copy-source", "/other/secret");
        refused_by!(
            &verifier_v4a(),
            &wire,
            VerifyError::UnsignedHeaders { names: ["x-amz-copy-source"] },
            "AccessDenied",
            403
        );
    }
}

#[test]
fn tim_01_a_sigv4a_request_expires() {
    let [header, url, ..] = good();
    for (time, fresh) in
        [("20130524T121500Z", true), ("20130524T121501Z", false), ("20130524T114459Z", false)]
    {
        assert_eq!(header.verify_at(&verifier_v4a(), at(time), |_| ()).is_ok(), fresh, "{time}");
    }
    for (time, valid) in
        [("20130524T125959Z", true), ("20130524T130000Z", false), ("20130524T114459Z", false)]
    {
        assert_eq!(url.verify_at(&verifier_v4a(), at(time), |_| ()).is_ok(), valid, "{time}");
    }
}

#[test]
fn idn_01_an_unknown_access_key_id_is_refused_in_sigv4a() {
    accepts(&hand().sign(with_set(Wire::get(), "*")));
    let wire = hand().id("AKIAUNKNOWN").sign(with_set(Wire::get(), "*"));
    refused_by!(
        &verifier_v4a(),
        &wire,
        VerifyError::InvalidAccessKeyId { access_key_id: "AKIAUNKNOWN" },
        "InvalidAccessKeyId",
        403
    );
    // The key store returns the key of another id, or an HMAC key.
    let claim = hand().sign(with_set(Wire::get(), "*")).claim(&verifier_v4a(), now()).unwrap();
    let hmac = Wire::get().signed().claim(&verifier(), now()).unwrap();
    let (other_id, ecdsa_key) = (claim.derive_key(&temporary()), claim.derive_key(&credentials()));
    let hmac_key = hmac.derive_key(&credentials());
    let (error, claim) = claim.verify(&other_id).unwrap_err().into_parts();
    assert_eq!(error, VerifyError::KeyMismatch);
    let (error, claim) = claim.verify(&hmac_key).unwrap_err().into_parts();
    assert_eq!(error, VerifyError::KeyMismatch);
    let (error, hmac) = hmac.verify(&ecdsa_key).unwrap_err().into_parts();
    assert_eq!(error, VerifyError::KeyMismatch);
    // A rejected claim can be verified with the right key.
    assert!(claim.verify(&ecdsa_key).is_ok());
    assert!(hmac.verify(&hmac_key).is_ok());
}

/// A server that has only public keys cannot sign. A public key verifies one id and one scope.
#[test]
fn idn_03_a_public_key_verifies_one_id_and_one_scope() {
    let sqs = Service::new("sqs").unwrap();
    let scope = SigV4aScope::new(now(), &Service::S3);
    let public = || SigningKeyPair::derive(&credentials()).unwrap().public_key();
    for wire in good() {
        let verify = |key: &VerifyingKey| {
            wire.claim(&verifier_v4a(), now()).unwrap().verify(key).map(|_| ()).map_err(Rejected::into_error)
        };
        assert_eq!(verify(&VerifyingKey::from_public_key(ID, &scope, public())), Ok(()));
        let other_id = VerifyingKey::from_public_key("AKIDOTHER", &scope, public());
        assert_eq!(verify(&other_id), Err(VerifyError::KeyMismatch));
        for other_scope in
            [SigV4aScope::new(at("20130525T000000Z"), &Service::S3), SigV4aScope::new(now(), &sqs)]
        {
            let key = VerifyingKey::from_public_key(ID, &other_scope, public());
            assert_eq!(verify(&key), Err(VerifyError::KeyMismatch), "{other_scope}");
        }
        // Another key pair's public key.
        let other = SigningKeyPair::derive(&long_term(ID, "another")).unwrap().public_key();
        let key = VerifyingKey::from_public_key(ID, &scope, other);
        assert_eq!(verify(&key), Err(VerifyError::SignatureDoesNotMatch));
        // A key of HMAC, for a scope that has a region.
        let region = Region::new("us-east-1").unwrap();
        let regional = CredentialScope::new(now(), &region, &Service::S3);
        let signing_key = SigningKey::derive(&SecretAccessKey::new(SECRET), &regional);
        let key = VerifyingKey::from_signing_key(ID, &regional, signing_key);
        assert_eq!(verify(&key), Err(VerifyError::KeyMismatch));
    }
}

#[test]
fn tok_01_a_temporary_key_needs_its_token_in_sigv4a() {
    let signer = Signer::sigv4a(temporary(), RegionSet::all(), Service::S3).unwrap();
    for wire in [Wire::get().signed_by(&signer), Wire::get().presigned_by(&signer)] {
        accepts(&wire);
        let name = "x-amz-security-token";
        if is_header(&wire) {
            let stripped = wire.without(name);
            assert_err!(stripped.verify_by(&verifier_v4a()), VerifyError::MissingSignedHeader { name });
        } else {
            let token = format!("&X-Amz-Security-Token={}", countersign::uri::encode(TOKEN));
            mismatches_v4a(&wire.retarget(&token, ""));
        }
    }
    let without = countersign::Credentials::new(TEMPORARY_ID, SecretAccessKey::new(SECRET)).unwrap();
    let signer = Signer::sigv4a(without, RegionSet::all(), Service::S3).unwrap();
    let error = VerifyError::InvalidToken;
    refused_by!(&verifier_v4a(), &Wire::get().signed_by(&signer), error, "InvalidToken", 400);
}

#[test]
fn pay_01_another_body_of_a_sigv4a_request_is_refused() {
    let wire = Wire::put().signed_by(&signer_v4a("*"));
    accepts(&wire);
    let error = wire.clone().body("another").verify_by(&verifier_v4a()).unwrap_err();
    assert_eq!(error.code(), "XAmzContentSHA256Mismatch");
    mismatches_v4a(&wire.set("x-amz-content-sha256", UNSIGNED));
}

#[cfg(feature = "std")]
#[test]
fn key_01_the_cache_keeps_public_keys_and_a_new_secret_is_a_new_key() {
    let cache = KeyCache::new(10);
    let claim = || good()[0].claim(&verifier_v4a(), now()).unwrap();
    for _ in 0..2 {
        assert!(claim().verify_cached(&cache, &credentials()).is_ok());
    }
    assert_eq!(cache.len(), 1);
    let rejected = claim().verify_cached(&cache, &long_term(ID, "rotated")).unwrap_err();
    assert_eq!(rejected.error(), &VerifyError::SignatureDoesNotMatch);
    let claim = rejected.into_parts().1;
    assert!(claim.verify_cached(&cache, &credentials()).is_ok());
    // HMAC keys are in the same cache.
    let hmac = Wire::get().signed().claim(&verifier_v4a(), now()).unwrap();
    assert!(hmac.verify_cached(&cache, &credentials()).is_ok());
    assert_eq!(cache.len(), 2);
}

#[test]
fn sec_01_nothing_of_a_key_pair_is_printed() {
    let pair = SigningKeyPair::derive(&credentials()).unwrap();
    let claim = good()[0].claim(&verifier_v4a(), now()).unwrap();
    let signature = pair.sign(&StringToSign::from_text("text"));
    let mut printed = String::new();
    write!(printed, "{pair:?} {claim:?} {:?} {signature:?}", claim.derive_key(&credentials())).unwrap();
    write!(printed, "{} {:?}", claim.explain(), signer_v4a("*")).unwrap();
    assert!(printed.contains("SigningKeyPair(..)") && printed.contains("Signature(..)"));
    for secret in [hex::encode(*pair.private_key()), SECRET.into(), signature_of(&good()[2])] {
        assert!(!printed.contains(&secret));
    }
}

#[test]
fn sgn_01_the_signer_adds_the_region_set_and_signs_it() {
    let set = "us-east-1,eu-*";
    let signer = signer_v4a("us-east-1 ,eu-*");
    let header = Wire::get().signed_by(&signer);
    assert_eq!(header.text("x-amz-region-set"), set);
    assert!(header.text("authorization").contains(";x-amz-region-set"));
    assert!(header.text("authorization").contains(&format!("{ECDSA} Credential={ID}/{SCOPE_V4A}, ")));
    let url = Wire::get().presigned_by(&signer);
    assert!(url.target.contains("&X-Amz-Region-Set=us-east-1%2Ceu-%2A&"));
    assert!(url.value("x-amz-region-set").is_none());
    // A region set that the request already has must be the same.
    let twice = with_set(Wire::get(), set).signed_by(&signer);
    assert_eq!(
        twice.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-region-set")).count(),
        1
    );
    accepts(&twice);
    accepts(&with_set(Wire::get(), set).presigned_by(&signer));
    let headers = [("host", HOST), ("x-amz-region-set", "*")];
    let view = countersign::Request::new("GET", "/", &headers);
    assert_err!(
        signer.sign(&view, countersign::Payload::Unsigned, now()),
        SignError::HeaderMismatch { name: "x-amz-region-set" }
    );
    assert_err!(
        signer.presign(&view, countersign::Expires::HOUR, now()),
        SignError::HeaderMismatch { name: "x-amz-region-set" }
    );
    let headers = [("host", HOST)];
    let view = countersign::Request::new("GET", "/?x-amz-region-set=us-east-1", &headers);
    assert_err!(
        signer.presign(&view, countersign::Expires::HOUR, now()),
        SignError::ReservedParameter { name: "x-amz-region-set" }
    );
}

#[test]
fn sgn_04_a_url_ends_with_its_signature() {
    // DER has up to 72 bytes: nothing remains of the space that is reserved for it.
    let unsigned = countersign::Rules::STANDARD
        .with_session_token(countersign::SessionTokenRule::Unsigned(countersign::TokenHeader::SecurityToken));
    let service = Service::new("iotdevicegateway").unwrap().with_rules(unsigned);
    let token = format!("&X-Amz-Security-Token={}", countersign::uri::encode(TOKEN));
    let signer = Signer::sigv4a(temporary(), RegionSet::all(), service).unwrap();
    let mut lengths = Vec::new();
    for number in 0..40 {
        let url = Wire::new("GET", &format!("/{number}")).presigned_by(&signer_v4a("*"));
        lengths.push(signature_of(&url).len());
        accepts(&url);
        let url = Wire::new("GET", &format!("/{number}")).presigned_by(&signer);
        let (front, signature) = url.target.rsplit_once("&X-Amz-Signature=").unwrap();
        assert!(front.starts_with(&format!("/{number}?X-Amz-Algorithm={ECDSA}&")));
        let signature = signature.strip_suffix(token.as_str()).unwrap();
        assert!(Signature::parse_ecdsa(signature).is_ok(), "{signature}");
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert!(lengths.len() > 1, "of more than one length: {lengths:?}");
}

#[test]
fn alg_02_chunks_continue_with_the_algorithm_of_their_request() {
    use countersign::chunked::{ChunkedBody, Decoder};
    use countersign::{Payload, PayloadMode, ReceivedBody, Request, StreamingMode};

    let headers =
        [("host", HOST), ("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "5")];
    let request = Request::new("PUT", "/key", &headers);
    let (hmac, ecdsa) = (StreamingMode::Signed, StreamingMode::SignedEcdsa);
    for (signer, own, other) in [(signer(), hmac, ecdsa), (signer_v4a("*"), ecdsa, hmac)] {
        let claim = |headers: &[(&str, &str)], mode: StreamingMode| {
            // The signer rejects the other algorithm's mode unless it is given by its name.
            let payload = Payload::Other(PayloadMode::new(mode.name()).unwrap());
            let signed = signer.sign(&Request::new("PUT", "/key", headers), payload, now()).unwrap();
            let sent: Vec<(&str, &str)> = headers.iter().copied().chain(signed.iter()).collect();
            verifier_v4a().claim(&Request::new("PUT", "/key", &sent), ReceivedBody::Unread, now())
        };
        let body = ChunkedBody::signed(5);
        assert_eq!(body.mode(&signer), own);
        assert!(signer.sign_chunked(&request, &body, now()).is_ok());
        assert!(signer.sign_chunks(&request, own, now()).is_ok());
        assert!(claim(&headers, own).is_ok());

        assert_err!(
            signer.sign_chunks(&request, other, now()),
            SignError::UnsupportedStreamingMode { mode: other }
        );
        let error = claim(&headers, other).unwrap_err();
        assert_refusal!(
            error,
            other,
            VerifyError::UnsupportedPayload { mode: other.name() },
            "NotImplemented",
            501
        );

        // A body without signatures does not depend on the algorithm.
        let trailers = [
            ("host", HOST),
            ("x-amz-decoded-content-length", "0"),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
        ];
        let mode = StreamingMode::UnsignedTrailer;
        let verified = verify_claim(claim(&trailers, mode).unwrap(), &credentials()).unwrap();
        assert!(Decoder::new(&verified).is_ok());
        let error = signer.sign_chunks(&Request::new("PUT", "/key", &trailers), mode, now()).err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            Some("the signer cannot sign chunks of the mode STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        );
    }
}

#[cfg(feature = "post-policy")]
#[test]
fn alg_02_form_policies_are_signed_with_hmac_only() {
    assert!(signer().sign_policy_document("{}", now()).is_ok());
    let error = signer_v4a("*").sign_policy_document("{}", now()).err();
    assert_eq!(error, Some(SignError::NotSupportedBySigV4a));
}

#[cfg(feature = "event-stream")]
#[test]
fn alg_02_events_are_signed_with_hmac_only() {
    use countersign::event_stream::EventVerifier;
    use countersign::{Expires, Request, SignError};

    let service = || Service::new("transcribe").unwrap();
    let view = Request::new("POST", "https://example.com/stream", &[]);
    let hmac = Signer::new(credentials(), "us-east-1", service()).unwrap();
    assert!(hmac.sign_events(&view, now()).is_ok());
    let ecdsa = Signer::sigv4a(credentials(), RegionSet::all(), service()).unwrap();
    assert_eq!(ecdsa.sign_events(&view, now()).err(), Some(SignError::NotSupportedBySigV4a));
    assert_eq!(
        ecdsa.presign_events(&view, Expires::HOUR, now()).err(),
        Some(SignError::NotSupportedBySigV4a)
    );
    // A request or a websocket's URL that is signed with SigV4a cannot begin a stream.
    let verifier = Verifier::new("us-east-1", service()).unwrap().allow_sigv4a().allow_events();
    let unread = countersign::ReceivedBody::Unread;
    for (signer, follows) in [(&hmac, true), (&ecdsa, false)] {
        // The signer of SigV4a rejects events unless their mode is given by its name.
        let events = countersign::PayloadMode::new("STREAMING-AWS4-HMAC-SHA256-EVENTS").unwrap();
        let signed = signer.sign(&view, countersign::Payload::Other(events), now()).unwrap();
        let headers: Vec<(&str, &str)> = [("host", "example.com")].into_iter().chain(signed.iter()).collect();
        let claim = verifier.claim(&Request::new("POST", "/stream", &headers), unread, now());
        assert_eq!(claim.is_ok(), follows, "{claim:?}");
        let url = signer.presign(&view, Expires::HOUR, now()).unwrap();
        let headers = [("host", "example.com")];
        let arrived = Request::new("POST", url.path_and_query(), &headers);
        let claim = verifier.claim(&arrived, countersign::ReceivedBody::Bytes(b""), now()).unwrap();
        let verified = verify_claim(claim, &credentials()).unwrap();
        assert_eq!(EventVerifier::over_websocket(&verified, &credentials()).is_ok(), follows);
    }
}

#[test]
fn dos_01_a_region_set_is_limited_before_it_is_compared() {
    let with = |set: &str| hand().sign(with_set(Wire::get(), set));
    let set = |length: usize| format!("us-east-1,{}", "x".repeat(length - 10));
    accepts(&with(&set(4096)));
    accepts(&with(&"*".repeat(4096)));
    for long in [set(4097), "*".repeat(60_000), "x*,".repeat(20_000) + "*"] {
        is_malformed(&with(&long), MalformedAuthorization::RegionSet);
    }
}

#[test]
fn dos_02_a_long_region_set_is_read_once() {
    // Backtracking over these stars would take longer than any test runs.
    let set = RegionSet::parse("*a*b*c*d*e,".repeat(20_000).trim_end_matches(',')).unwrap();
    assert!(!set.contains("us-gov-west-1-abcd-us-gov-west-1-abcd"));
    let stars = RegionSet::parse(&"*a".repeat(100_000)).unwrap();
    assert!(!stars.contains(&"a".repeat(60)));
}
