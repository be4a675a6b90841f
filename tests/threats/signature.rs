//! Signature, algorithm and mechanism.

use countersign::{
    Claim, ClaimedScope, Credentials, Limit, Limits, MalformedAuthorization, Mechanism, Rejected, Service,
    Signer, Verified, Verifier, VerifyError,
};

use testkit::*;

const HEADER_COMPONENTS: VerifyError =
    VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);

#[test]
fn sig_01_one_wrong_digit_anywhere_is_refused() {
    let header = Wire::put().signed();
    let url = Wire::get().presigned();
    accepted(&header);
    accepted(&url);
    let signature = header.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    let of_url = url.target.rsplit_once('=').unwrap().1.to_owned();
    for place in 0..64 {
        mismatches(&header.clone().reauthorize(&signature, &other_digit(&signature, place)));
        mismatches(&url.clone().retarget(&of_url, &other_digit(&of_url, place)));
    }
}

fn other_digit(signature: &str, place: usize) -> String {
    let mut digits = signature.as_bytes().to_vec();
    digits[place] = if digits[place] == b'0' { b'1' } else { b'0' };
    String::from_utf8(digits).unwrap()
}

#[test]
fn sig_01_another_secret_is_refused() {
    accepted(&Hand::new().sign(Wire::get()));
    mismatches(&Hand::new().secret("another").sign(Wire::get()));
    mismatches(&Hand::new().secret("another").presign(Wire::get()));
    // A prefix of the secret, and the secret with a suffix.
    mismatches(&Hand::new().secret(&SECRET[..SECRET.len() - 1]).sign(Wire::get()));
    mismatches(&Hand::new().secret(&format!("{SECRET}\n")).sign(Wire::get()));
}

#[test]
fn sig_02_a_signature_is_exactly_64_lower_case_hex_digits() {
    let header = Wire::put().signed();
    let url = Wire::get().presigned();
    accepted(&header);
    accepted(&url);
    let spoil = |signature: &str| {
        [
            signature[..63].to_owned(),
            signature[..32].to_owned(),
            format!("{signature}0"),
            format!("{signature}{signature}"),
            signature.to_ascii_uppercase(),
            format!("{}g", &signature[..63]),
            format!("0x{}", &signature[..62]),
            format!("{}=", &signature[..63]),
        ]
    };
    let signature = header.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    for spoiled in spoil(&signature) {
        // S3 compares the text: ceph/s3-tests expects 403 of AWS (`object_create_bad_authorization_incorrect_aws4`),
        // and Ceph and SeaweedFS answer SignatureDoesNotMatch.
        let wire = header.clone().reauthorize(&signature, &spoiled);
        refused!(&wire, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
        let unknown = wire.reauthorize(ID, "AKIAUNKNOWN");
        refused!(
            &unknown,
            VerifyError::InvalidAccessKeyId { access_key_id: "AKIAUNKNOWN" },
            "InvalidAccessKeyId",
            403
        );
    }
    let of_header = |value: &str| header.clone().reauthorize(value, "");
    let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);
    refused!(&of_header(&signature), error.clone(), "AuthorizationHeaderMalformed", 400);
    refused!(&of_header(&format!(", Signature={signature}")), error, "AuthorizationHeaderMalformed", 400);
    let signature = url.target.rsplit_once('=').unwrap().1.to_owned();
    for spoiled in spoil(&signature) {
        let wire = url.clone().retarget(&signature, &spoiled);
        refused!(&wire, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
    }
    refused!(
        &url.retarget(&signature, ""),
        VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
            names: ["X-Amz-Signature"]
        }),
        "AuthorizationQueryParametersError",
        400
    );
}

#[test]
fn sig_03_a_signature_is_valid_for_one_method_host_path_and_query() {
    let other_host = "otherbucket.s3.amazonaws.com";
    for good in [Wire::get().signed(), Wire::get().presigned()] {
        accepted(&good);
        for method in ["HEAD", "PUT", "DELETE", "POST", "OPTIONS", "get", "Get"] {
            mismatches(&good.clone().method(method));
        }
        mismatches(&good.clone().set("host", other_host));
        mismatches(&good.clone().set("host", format!("{HOST}:443")));
        mismatches(&good.clone().retarget("/folder/test.txt", "/folder/other.txt"));
        mismatches(&good.clone().retarget("/folder/test.txt", "/folder/test.tx"));
        mismatches(&good.clone().retarget("versions=", "versions=1"));
        mismatches(&good.clone().retarget("versions=", "uploads="));
        mismatches(&good.clone().retarget("&versions=", ""));
    }
}

#[test]
fn sig_03_options_and_head_are_ordinary_methods() {
    for method in ["HEAD", "OPTIONS"] {
        for good in [Wire::get().method(method).signed(), Wire::get().method(method).presigned()] {
            accepted(&good);
            mismatches(&good.clone().method("GET"));
            mismatches(&good.with("Access-Control-Request-Method", "PUT").method("PUT"));
        }
    }
}

#[test]
fn sig_04_an_unsigned_payload_requires_a_signature() {
    let good = Hand::new().payload(UNSIGNED).sign(Wire::put());
    accepted(&good);
    let signature = good.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    mismatches(&good.reauthorize(&signature, &"0".repeat(64)));
    mismatches(&Hand::new().secret("another").payload(UNSIGNED).sign(Wire::put()));
}

#[test]
fn sig_04_an_unknown_payload_mode_is_refused() {
    accepted(&Hand::new().payload(UNSIGNED).sign(Wire::put()));
    for mode in
        ["UNSIGNED", "unsigned-payload", "UNSIGNED-PAYLOAD-TRAILER", "NONE", "STREAMING-ANYTHING", "*", ""]
    {
        let wire = Hand::new().payload(mode).sign(Wire::put());
        refused!(&wire, VerifyError::InvalidPayloadHash, "InvalidArgument", 400);
    }
    // Modes that exist, of a body that is given whole.
    for mode in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        let wire = Hand::new().payload(mode).sign(Wire::put());
        refused!(&wire, VerifyError::UnsupportedPayload { mode }, "NotImplemented", 501);
    }
}

#[test]
fn alg_01_the_algorithm_is_one_exact_token() {
    accepted(&Hand::new().sign(Wire::get()));
    for algorithm in [
        "AWS4-HMAC-SHA256X",
        "AWS4-HMAC-SHA25",
        "AWS4-HMAC-SHA1",
        "aws4-hmac-sha256",
        "AWS4-HMAC-SHA512",
        "AWS4",
        "AWS4-HMAC-SHA256-PAYLOAD",
    ] {
        let wire = Hand::new().algorithm(algorithm).sign(Wire::get());
        refused!(
            &wire,
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: algorithm },
            "InvalidArgument",
            400
        );
        let wire = Hand::new().algorithm(algorithm).presign(Wire::get());
        refused!(
            &wire,
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm: algorithm },
            "AuthorizationQueryParametersError",
            400
        );
    }
    let wire = Hand::new().algorithm("").presign(Wire::get());
    refused!(
        &wire,
        VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm: "" },
        "AuthorizationQueryParametersError",
        400
    );
    let wire = Hand::new().algorithm("AWS4-HMAC-SHA256 ").presign(Wire::get());
    refused!(
        &wire,
        VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm: "AWS4-HMAC-SHA256 " },
        "AuthorizationQueryParametersError",
        400
    );
}

#[test]
fn alg_01_the_algorithm_is_in_the_string_to_sign() {
    let header = Hand::new().sign(Wire::get());
    accepted(&header);
    // Signed with another name, sent with the right one.
    let swapped = Hand::new().algorithm("AWS4-HMAC-SHA512").sign(Wire::get());
    mismatches(&swapped.reauthorize("AWS4-HMAC-SHA512", "AWS4-HMAC-SHA256"));
    let claim = header.claim(&verifier(), now()).unwrap();
    assert!(claim.explain().string_to_sign().as_str().starts_with("AWS4-HMAC-SHA256\n"));
}

#[test]
fn alg_02_an_hmac_under_the_name_of_ecdsa_is_refused() {
    accepted(&Hand::new().sign(Wire::get()));
    let ecdsa = "AWS4-ECDSA-P256-SHA256";
    for scope in [SCOPE, "20130524/s3/aws4_request"] {
        let hand = Hand::new().algorithm(ecdsa).scope(scope);
        refused!(
            &hand.sign(Wire::get()),
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: ecdsa },
            "InvalidArgument",
            400
        );
        refused!(
            &hand.presign(Wire::get()),
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm: ecdsa },
            "AuthorizationQueryParametersError",
            400
        );
        let with_regions = hand.sign(Wire::get().with("X-Amz-Region-Set", "*"));
        refused!(
            &with_regions,
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: ecdsa },
            "InvalidArgument",
            400
        );
    }
}

#[test]
fn alg_03_signature_version_2_is_refused_by_name() {
    accepted(&Wire::get().signed());
    for value in [format!("AWS {ID}:frJIUN8DYpKDtOLCwo//yllqDzg="), format!("AWS\t{ID}:sig"), "AWS".into()] {
        let wire = Wire::get().with("Authorization", value);
        refused!(&wire, VerifyError::SignatureVersion2, "InvalidRequest", 400);
    }
    for query in [
        format!("AWSAccessKeyId={ID}&Expires=1175139620&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D"),
        format!("AWSAccessKeyId={ID}"),
        format!("%41WSAccessKeyId={ID}&Signature=x"),
    ] {
        let wire = Wire::get().target(format!("/folder/test.txt?{query}"));
        refused!(&wire, VerifyError::SignatureVersion2, "InvalidRequest", 400);
        let wire = wire.with("Authorization", "Bearer abc");
        refused!(&wire, VerifyError::SignatureVersion2, "InvalidRequest", 400);
    }
}

/// boto3 presigns with Version 2 by default where the endpoint is a custom one. With temporary credentials, the URL has
/// the session token under this name (S3 User Guide, "Signing and authenticating REST requests").
#[test]
fn alg_03_signature_version_2_with_a_session_token_is_refused_by_name() {
    let query = |query: &str| Wire::get().target(format!("/folder/test.txt?{query}"));
    let version_2 =
        format!("AWSAccessKeyId={ID}&Signature=NpgCjnDz&x-amz-security-token=FQoG&Expires=1175139620");
    for wire in [
        query(&version_2),
        query(&version_2.replace("x-amz-security-token", "X-Amz-Security-Token")),
        query(&version_2).with("Authorization", "Bearer abc"),
        Wire::get().with("Authorization", format!("AWS {ID}:frJIUN8D")).with("x-amz-security-token", "FQoG"),
    ] {
        refused!(&wire, VerifyError::SignatureVersion2, "InvalidRequest", 400);
    }
    // A token alone is a part of a signature, and with one of Version 4 there are two.
    let alone = query("x-amz-security-token=FQoG").verify().unwrap_err();
    assert_eq!(alone.code(), "AuthorizationQueryParametersError");
    let both = Wire::get().presigned_by(&temporary_signer());
    accepted(&both);
    let both = both.clone().target(format!("{}&AWSAccessKeyId={ID}", both.target));
    refused!(&both, VerifyError::TwoMechanisms, "InvalidArgument", 400);
    let signed = Hand::new().sign(query(&version_2));
    refused!(&signed, VerifyError::TwoMechanisms, "InvalidArgument", 400);
}

#[test]
fn aut_01_two_authorization_headers_are_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    let value = good.text("authorization").to_owned();
    for (name, second) in [
        ("Authorization", value.as_str()),
        ("AUTHORIZATION", value.as_str()),
        ("authorization", "Bearer abc"),
        ("authorization", ""),
    ] {
        let wire = good.clone().with(name, second);
        refused!(&wire, VerifyError::RepeatedAuthorization, "InvalidArgument", 400);
        let mut first = wire.clone();
        first.headers.reverse();
        refused!(&first, VerifyError::RepeatedAuthorization, "InvalidArgument", 400);
    }
}

#[test]
fn aut_02_each_component_appears_once_with_its_exact_name() {
    let good = Wire::get().signed();
    accepted(&good);
    let malformed = |from: &str, to: &str| {
        let wire = good.clone().reauthorize(from, to);
        refused!(&wire, HEADER_COMPONENTS, "AuthorizationHeaderMalformed", 400);
    };
    for name in ["Credential", "SignedHeaders", "Signature"] {
        malformed(&format!("{name}="), &format!("{}=", name.to_ascii_lowercase()));
        malformed(&format!("{name}="), &format!("X{name}="));
        malformed(&format!("{name}="), &format!("{name} ="));
        malformed(&format!("{name}="), name);
    }
    malformed(", SignedHeaders=", ", Extra=1, SignedHeaders=");
    malformed(", SignedHeaders=", ", , SignedHeaders=");
    let value = good.text("authorization").to_owned();
    let (scheme, components) = value.split_once(' ').unwrap();
    for (index, component) in components.split(", ").enumerate() {
        let rest: Vec<&str> =
            components.split(", ").enumerate().filter(|(at, _)| *at != index).map(|(_, one)| one).collect();
        malformed(components, &rest.join(", "));
        malformed(components, &format!("{components}, {component}"));
        malformed(components, &format!("{component}, {components}"));
    }
    malformed(components, &format!("{components},"));
    malformed(components, &format!(",{components}"));
    for value in
        [scheme.to_owned(), format!("{scheme} "), value.replacen(' ', "\t", 1), value.replacen(' ', ",", 1)]
    {
        // S3 requires "one and only one ' ' (space)".
        let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Separators);
        let wire = good.clone().set("authorization", value);
        refused!(&wire, error, "AuthorizationHeaderMalformed", 400);
    }
}

#[test]
fn aut_02_order_of_components_and_spaces_around_them_are_free() {
    let good = Wire::get().signed();
    accepted(&good.clone().reauthorize(", SignedHeaders", ",SignedHeaders").reauthorize(", Sig", ",Sig"));
    accepted(&good.clone().reauthorize(", SignedHeaders", " \t ,\t SignedHeaders"));
    let value = good.text("authorization").to_owned();
    let (_, components) = value.split_once(' ').unwrap();
    let reversed: Vec<&str> = components.rsplit(", ").collect();
    accepted(&good.reauthorize(components, &reversed.join(", ")));
}

#[test]
fn aut_02_a_comma_after_the_algorithm_is_accepted_and_missing_ones_are_named() {
    let good = Wire::get().signed();
    // httr2 sent this comma, and AWS accepted it.
    accepted(&good.clone().reauthorize("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256, "));
    let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Separators);
    for spoiled in [
        good.clone().reauthorize(", SignedHeaders", " SignedHeaders"),
        good.clone().reauthorize(", SignedHeaders", "; SignedHeaders"),
        good.clone().reauthorize(", Signature", " Signature"),
        good.clone()
            .reauthorize(", SignedHeaders", " SignedHeaders")
            .reauthorize(", Signature", " Signature"),
        good.clone().reauthorize("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256,"),
        good.clone().reauthorize("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256;"),
    ] {
        refused!(&spoiled, error.clone(), "AuthorizationHeaderMalformed", 400);
    }
    for spoiled in [
        good.clone().reauthorize("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256,, "),
        good.clone().reauthorize("AWS4-HMAC-SHA256 ", ",AWS4-HMAC-SHA256 "),
    ] {
        assert!(spoiled.verify().is_err(), "{spoiled:?}");
    }
}

#[test]
fn aut_02_an_authorization_that_is_not_ascii_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    let mut value = good.value("authorization").unwrap().to_vec();
    value.push(0xff);
    let error = VerifyError::SignatureDoesNotMatch;
    refused!(&good.set("authorization", value), error, "SignatureDoesNotMatch", 403);
}

#[test]
fn aut_03_a_signature_in_the_header_and_one_in_the_query_are_refused() {
    let header = Wire::get().signed();
    let url = Wire::get().presigned();
    accepted(&header);
    accepted(&url);
    let both = url.clone().with("Authorization", header.text("authorization"));
    refused!(&both, VerifyError::TwoMechanisms, "InvalidArgument", 400);
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "%58-Amz-Signature",
        "X%2DAmz%2DSignature",
        "X-Amz-Signatur%65",
        "AWSAccessKeyId",
    ] {
        for value in ["", "=", "=x"] {
            // The parameter is signed, so that nothing else is wrong.
            let query = format!("/folder/test.txt?{name}{value}");
            let wire = Hand::new().sign(Wire::get().target(query));
            refused!(&wire, VerifyError::TwoMechanisms, "InvalidArgument", 400);
        }
    }
}

#[test]
fn aut_03_a_header_of_another_scheme_is_anonymous() {
    for value in ["Bearer abc", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Digest username=\"x\"", ""] {
        accepted(&Wire::get().presigned().with("Authorization", value));
        let alone = Wire::get().with("Authorization", value);
        refused!(&alone, VerifyError::Anonymous, "AccessDenied", 403);
    }
}

#[test]
fn aut_04_an_access_key_id_without_a_signature_proves_nothing() {
    accepted(&Wire::get().presigned());
    let scope = SCOPE.replace('/', "%2F");
    let all =
        "X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, X-Amz-Expires";
    for (query, present) in [
        (format!("X-Amz-Credential={ID}%2F{scope}"), &["X-Amz-Credential, "][..]),
        (
            format!("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ID}%2F{scope}"),
            &["X-Amz-Algorithm, ", "X-Amz-Credential, "],
        ),
        ("X-Amz-Signature=".to_owned() + &"0".repeat(64), &["X-Amz-Signature, "]),
        (format!("X-Amz-Security-Token={}", countersign::uri::encode(TOKEN)), &[]),
        ("X-Amz-Region-Set=*".into(), &[]),
    ] {
        let wire = Wire::get().target(format!("/folder/test.txt?{query}"));
        let error = wire.verify_by(&verifier()).unwrap_err();
        let missing = present.iter().fold(all.to_owned(), |all, name| all.replace(name, ""));
        assert!(error.to_string().contains(&format!("missing parameters: {missing}. ")), "{error}");
        assert_eq!((error.code(), error.status()), ("AuthorizationQueryParametersError", 400));
    }
    let bare = Wire::get().with("Authorization", format!("AWS4-HMAC-SHA256 Credential={ID}/{SCOPE}"));
    refused!(&bare, HEADER_COMPONENTS, "AuthorizationHeaderMalformed", 400);
    // The request is complete, but its signature is invented.
    let signature = Hand::new().secret("guess").sign(Wire::get());
    mismatches(&signature);
}

#[test]
fn aut_04_only_verify_proves_what_a_claim_states() {
    let forged = Hand::new().secret("guess").sign(Wire::get());
    let claim = forged.claim(&verifier(), now()).unwrap();
    assert_eq!(claim.claimed_access_key_id(), ID);
    assert_eq!(verify_claim(claim, &credentials()).unwrap_err(), VerifyError::SignatureDoesNotMatch);
    let good = Wire::get().signed().verified(|verified| verified.access_key_id().to_owned());
    assert_eq!(good, ID);
}

#[test]
fn aut_05_a_request_without_credentials_has_its_own_error() {
    accepted(&Wire::get().signed());
    refused!(&Wire::get(), VerifyError::Anonymous, "AccessDenied", 403);
    refused!(&Wire::put(), VerifyError::Anonymous, "AccessDenied", 403);
    // Headers of the scheme alone are not a signature.
    let wire = Wire::get().with("x-amz-date", NOW).with("x-amz-security-token", TOKEN);
    refused!(&wire, VerifyError::Anonymous, "AccessDenied", 403);
}

#[test]
fn aut_05_invalid_credentials_are_never_anonymous() {
    let good = Wire::get().signed();
    let no_components = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Separators);
    assert_eq!(good.clone().set("authorization", "AWS4-HMAC-SHA256").verify(), Err(no_components));
    for scheme in ["AWS4", "aws", "AWS4-X", "AwS4-hMaC-ShA256"] {
        let wire = good.clone().set("authorization", scheme);
        assert_err!(
            wire.verify(),
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Header, algorithm: scheme }
        );
    }
    assert_eq!(good.clone().set("authorization", "AWS").verify(), Err(VerifyError::SignatureVersion2));
    accepted(&good);
}

/// Changes, removes and repeats every byte of a good request. Asserts that each change is refused, or gives the same
/// canonical request.
#[track_caller]
fn refuses_every_single_change(good: &Wire, mechanism: Mechanism) {
    accepted(good);
    let canonical = good.canonical(&verifier()).unwrap();
    let body_rule = good.verified(|verified| {
        assert_eq!(verified.mechanism(), mechanism);
        verified.body()
    });
    let mut refusals = 0;
    let mut check = |changed: &Wire, what: &str| {
        let outcome = changed.verify_at(&verifier(), now(), |verified| verified.body());
        match outcome {
            // Without its question mark, a target has no query and therefore no signature.
            Err(VerifyError::Anonymous) => assert!(!changed.target.contains('?'), "{what}: {changed:?}"),
            Err(_) => refusals += 1,
            Ok(rule) => {
                assert_eq!(changed.canonical(&verifier()).unwrap(), canonical, "{what}: {changed:?}");
                assert_eq!(rule, body_rule);
                let unproven = rule == countersign::BodyCheck::Unsigned;
                assert!(changed.body == good.body || unproven, "{what}: another body");
            }
        }
    };
    for method in changes(good.method.as_bytes()).into_iter().filter_map(|text| String::from_utf8(text).ok())
    {
        check(&Wire { method, ..good.clone() }, "the method");
    }
    for target in changes(good.target.as_bytes()).into_iter().filter_map(|text| String::from_utf8(text).ok())
    {
        check(&Wire { target, ..good.clone() }, "the target");
    }
    for body in changes(&good.body) {
        check(&Wire { body, ..good.clone() }, "the body");
    }
    for index in 0..good.headers.len() {
        let name = good.headers[index].0.clone();
        for value in changes(&good.headers[index].1) {
            let mut changed = good.clone();
            changed.headers[index].1 = value;
            // Another first letter makes another scheme, which is not a mechanism.
            if name.eq_ignore_ascii_case("authorization")
                && !changed.headers[index].1.to_ascii_uppercase().starts_with(b"AWS")
            {
                assert_eq!(changed.verify(), Err(VerifyError::Anonymous));
                continue;
            }
            check(&changed, &name);
        }
        let mut absent = good.clone();
        absent.headers.remove(index);
        if !name.eq_ignore_ascii_case("authorization") {
            check(&absent, &name);
        }
    }
    assert!(refusals > 3 * good.target.len(), "{refusals}");
}

fn changes(text: &[u8]) -> Vec<Vec<u8>> {
    let mut changes = Vec::new();
    for place in 0..text.len() {
        for bits in [0x01, 0x20, 0x80] {
            let mut changed = text.to_vec();
            changed[place] ^= bits;
            changes.push(changed);
        }
        let mut without = text.to_vec();
        without.remove(place);
        changes.push(without);
        let mut doubled = text.to_vec();
        doubled.insert(place, text[place]);
        changes.push(doubled);
    }
    changes
}

#[test]
fn sig_03_every_single_change_of_a_signed_request_is_refused() {
    let good = Wire::put().with("x-amz-meta-name", "some  value").with("x-amz-acl", "private").signed();
    refuses_every_single_change(&good, Mechanism::Header);
}

#[test]
fn sig_03_every_single_change_of_a_presigned_request_is_refused() {
    let good = Wire::get().with("x-amz-meta-name", "some  value").with("Range", "bytes=0-9").presigned();
    refuses_every_single_change(&good, Mechanism::Query);
}

#[test]
fn sig_03_every_single_change_of_a_presigned_request_with_a_hash_is_refused() {
    let put = Wire::put();
    let good = put.clone().with("x-amz-content-sha256", sha256(&put.body)).presigned();
    refuses_every_single_change(&good, Mechanism::Query);
}

#[test]
fn sig_03_every_single_change_of_a_request_with_a_token_is_refused() {
    let signer: Signer = temporary_signer();
    refuses_every_single_change(&Wire::put().signed_by(&signer), Mechanism::Header);
    refuses_every_single_change(&Wire::get().presigned_by(&signer), Mechanism::Query);
}

/// A server can log and explain a rejected claim. Nothing of it is proven.
#[test]
fn aut_04_a_rejected_claim_keeps_what_was_claimed_and_proves_nothing() {
    let good = Wire::get().signed();
    let forged = good.clone().method("DELETE");
    let claim = forged.claim(&verifier(), now()).unwrap();
    let rejected = verify_with(claim, &credentials()).unwrap_err();
    assert_eq!(rejected.error(), &VerifyError::SignatureDoesNotMatch);
    assert_eq!(rejected.to_string(), VerifyError::SignatureDoesNotMatch.to_string());
    assert_eq!(rejected.claim().claimed_access_key_id(), ID);
    assert_eq!(rejected.claim().claimed_scope().to_string(), SCOPE);
    assert_eq!(rejected.claim().explain().canonical_request().method(), "DELETE");
    assert_eq!(VerifyError::from(rejected), VerifyError::SignatureDoesNotMatch);

    // An unknown key: the claim is returned, and is verified with the key that is found later.
    let claim = good.claim(&verifier(), now()).unwrap();
    let (error, claim) = claim.verify(None).unwrap_err().into_parts();
    assert_error!(&error, VerifyError::InvalidAccessKeyId { access_key_id: ID });
    assert_eq!(verify_with(claim, &credentials()).unwrap().method(), "GET");
    // A wrong key does not make the next one right.
    let claim = forged.claim(&verifier(), now()).unwrap();
    let (_, claim) = verify_with(claim, &long_term(ID, "another")).unwrap_err().into_parts();
    let error = verify_with(claim, &credentials()).unwrap_err().into_error();
    assert_eq!(error, VerifyError::SignatureDoesNotMatch);
}

fn verify_with(claim: Claim, credentials: &Credentials) -> Result<Verified, Rejected> {
    let key = claim.derive_key(credentials);
    claim.verify(&key)
}

/// An endpoint that serves several services, as Ceph's does, chooses a verifier by the claimed service.
#[test]
fn aut_04_a_claimed_scope_chooses_a_verifier_and_proves_nothing() {
    let read = |wire: &Wire| wire.view(|request| ClaimedScope::read(request, &Limits::default()));
    let scope = "20130524/eu-west-1/iam/aws4_request";
    let hand = Hand::new().scope(scope).id("evil/AKID");
    for (wire, mechanism) in
        [(hand.sign(Wire::get()), Mechanism::Header), (hand.presign(Wire::get()), Mechanism::Query)]
    {
        // A forged signature and a wrong time have the same scope: nothing is verified.
        let forged = wire.clone().method("DELETE").with("x-amz-meta-added", "1");
        for wire in [&wire, &forged] {
            let claimed = read(wire).unwrap();
            assert_eq!((claimed.claimed_service(), claimed.claimed_region()), ("iam", Some("eu-west-1")));
            assert_eq!(
                (claimed.claimed_access_key_id(), claimed.claimed_mechanism()),
                ("evil/AKID", mechanism)
            );
        }
        // The verifier reads the scope again. An attacker cannot choose one that does not compare it.
        assert_err!(
            wire.verify(),
            VerifyError::WrongRegion { mechanism: mechanism, region: "eu-west-1", expected: "us-east-1" }
        );
        let any = Verifier::any_region(Service::S3);
        assert_err!(
            wire.verify_by(&any),
            VerifyError::WrongService { mechanism: mechanism, service: "iam", expected: "s3" }
        );
    }
    let empty = Hand::new().scope("20130524//s3/aws4_request").sign(Wire::get());
    assert_eq!(read(&empty).unwrap().claimed_region(), Some(""));
}

#[test]
fn aut_04_a_claimed_scope_is_refused_where_a_claim_is() {
    let read = |wire: &Wire| wire.view(|request| ClaimedScope::read(request, &Limits::default()));
    let good = Wire::get().signed();
    assert!(read(&good).is_ok());
    for (wire, error) in [
        (Wire::get(), VerifyError::Anonymous),
        (Wire::get().with("authorization", "Bearer abc"), VerifyError::Anonymous),
        (Wire::get().with("authorization", "AWS a:b"), VerifyError::SignatureVersion2),
        (good.clone().with("authorization", "AWS4-HMAC-SHA256 "), VerifyError::RepeatedAuthorization),
        (good.clone().retarget("?", "?X-Amz-Signature=a&"), VerifyError::TwoMechanisms),
        (good.clone().reauthorize("Credential=", "Credentials="), HEADER_COMPONENTS),
        (
            good.clone().with("host", "other.example.com"),
            good.clone().with("host", "b").verify().unwrap_err(),
        ),
    ] {
        assert_eq!(read(&wire), Err(error.clone()));
        assert_eq!(wire.verify(), Err(error));
    }
    let limits = Limits::default().with_headers(1);
    let error = good.view(|request| ClaimedScope::read(request, &limits)).unwrap_err();
    assert_error!(&error, VerifyError::TooLarge { limit: Limit::Headers, max: 1 });
    // A long access key id is not printed whole.
    let long = Hand::new().id(&"A".repeat(20_000)).sign(Wire::get());
    assert!(format!("{:?}", read(&long).unwrap()).len() < 400);
    assert!(format!("{:?}", long.claim(&verifier(), now()).unwrap()).len() < 400);
}
