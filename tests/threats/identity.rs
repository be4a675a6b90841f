//! Identities and session tokens.

#[cfg(feature = "std")]
use countersign::KeyCache;
use countersign::steps::{CredentialScope, SigningKey};
use countersign::{
    ConfigError, Credentials, CredentialsError, Region, Rejected, SecretAccessKey, Service, Signer, Verifier,
    VerifyError, VerifyingKey,
};

use testkit::*;

#[test]
fn idn_01_an_unknown_access_key_id_is_refused() {
    accepted(&Hand::new().sign(Wire::get()));
    for secret in [SECRET, "another"] {
        let hand = Hand::new().id("AKIDUNKNOWN").secret(secret);
        refused!(
            &hand.sign(Wire::get()),
            VerifyError::InvalidAccessKeyId { access_key_id: "AKIDUNKNOWN" },
            "InvalidAccessKeyId",
            403
        );
        refused!(
            &hand.presign(Wire::get()),
            VerifyError::InvalidAccessKeyId { access_key_id: "AKIDUNKNOWN" },
            "InvalidAccessKeyId",
            403
        );
    }
}

#[test]
fn idn_01_no_signature_verifies_with_the_dummy_key() {
    let wire = Hand::new().id("AKIDUNKNOWN").sign(Wire::get());
    let guess = wire.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    for key in [&[0; 32][..], &[], &[0; 64]] {
        let wire = wire.clone().reauthorize(&guess, &signature_under(key, &wire));
        let claim = wire.claim(&verifier(), now()).unwrap();
        assert_error!(
            claim.verify(None).unwrap_err().error(),
            VerifyError::InvalidAccessKeyId { access_key_id: "AKIDUNKNOWN" }
        );
    }
    // Nor does the correct signature of a key that the store does not know.
    let good = Wire::get().signed();
    accepted(&good);
    let error = good.claim(&verifier(), now()).unwrap().verify(None).unwrap_err().into_error();
    assert_eq!((error.code(), error.status()), ("InvalidAccessKeyId", 403));
}

#[test]
fn idn_02_an_empty_secret_id_or_token_is_refused() {
    let secret = |text: &str| SecretAccessKey::new(text);
    assert!(Credentials::new(ID, secret("x")).is_ok());
    assert_eq!(Credentials::new(ID, secret("")).unwrap_err(), CredentialsError::EmptySecretAccessKey);
    assert_eq!(Credentials::new("", secret(SECRET)).unwrap_err(), CredentialsError::EmptyAccessKeyId);
    assert_eq!(credentials().with_session_token("").unwrap_err(), CredentialsError::InvalidSessionToken);
    // A signature with an empty secret is a signature with a wrong secret.
    accepted(&Hand::new().sign(Wire::get()));
    mismatches(&Hand::new().secret("").sign(Wire::get()));
    mismatches(&Hand::new().secret("").presign(Wire::get()));
}

#[test]
fn idn_03_a_key_of_another_id_or_scope_is_an_internal_error() {
    let good = Wire::get().signed();
    accepted(&good);
    let claim = || good.claim(&verifier(), now()).unwrap();
    let is_internal = |key: &VerifyingKey| {
        let error = claim().verify(key).unwrap_err().into_error();
        assert_eq!(error, VerifyError::KeyMismatch);
        assert_eq!((error.code(), error.status()), ("InternalError", 500));
    };
    // The same secret with another id, and the right id with another day, region or service.
    let other = Credentials::new("AKIDOTHER", SecretAccessKey::new(SECRET)).unwrap();
    is_internal(&claim().derive_key(&other));
    for (time, region, service) in
        [("20130523T120000Z", "us-east-1", "s3"), (NOW, "us-west-2", "s3"), (NOW, "us-east-1", "execute-api")]
    {
        let (region, service) = (Region::new(region).unwrap(), Service::new(service).unwrap());
        let scope = CredentialScope::new(at(time), &region, &service);
        is_internal(&VerifyingKey::derive(&credentials(), &scope.into()));
    }
    // Parts that contain the separator of a scope cannot imitate another scope.
    assert_err!(Region::new("us-east-1/s3"), ConfigError::InvalidRegion { region: "us-east-1/s3" });
    assert_err!(Service::new("s3/aws4_request"), ConfigError::InvalidService { service: "s3/aws4_request" });
    assert!(verify_claim(claim(), &credentials()).is_ok());
}

/// A server without secrets can get the signing keys of a day. Such a key verifies one id and one scope.
#[test]
fn idn_03_a_signing_key_verifies_one_id_and_one_scope() {
    let good = Wire::get().signed();
    let (us_east, us_west) = (Region::new("us-east-1").unwrap(), Region::new("us-west-2").unwrap());
    let sqs = Service::new("sqs").unwrap();
    let scope = CredentialScope::new(now(), &us_east, &Service::S3);
    let signing_key = || SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
    let verify = |key: &VerifyingKey| {
        good.claim(&verifier(), now()).unwrap().verify(key).map(|_| ()).map_err(Rejected::into_error)
    };
    assert_eq!(verify(&VerifyingKey::from_signing_key(ID, &scope, signing_key())), Ok(()));

    let other_id = VerifyingKey::from_signing_key("AKIDOTHER", &scope, signing_key());
    assert_eq!(verify(&other_id), Err(VerifyError::KeyMismatch));
    for other_scope in [
        CredentialScope::new(at("20130525T000000Z"), &us_east, &Service::S3),
        CredentialScope::new(now(), &us_west, &Service::S3),
        CredentialScope::new(now(), &us_east, &sqs),
    ] {
        let key = VerifyingKey::from_signing_key(ID, &other_scope, signing_key());
        assert_eq!(verify(&key), Err(VerifyError::KeyMismatch), "{other_scope}");
    }
    // A signing key of another scope computes another signature.
    let other = SigningKey::derive(
        &SecretAccessKey::new(SECRET),
        &CredentialScope::new(now(), &us_west, &Service::S3),
    );
    let key = VerifyingKey::from_signing_key(ID, &scope, other);
    assert_eq!(verify(&key), Err(VerifyError::SignatureDoesNotMatch));
}

#[test]
fn tok_01_a_signing_key_of_temporary_credentials_needs_the_token() {
    let good = Wire::get().signed_by(&temporary_signer());
    let region = Region::new("us-east-1").unwrap();
    let scope = CredentialScope::new(now(), &region, &Service::S3);
    let key = || {
        let signing_key = SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
        VerifyingKey::from_signing_key(TEMPORARY_ID, &scope, signing_key)
    };
    let verify = |key: &VerifyingKey| {
        good.claim(&verifier(), now()).unwrap().verify(key).map(|_| ()).map_err(Rejected::into_error)
    };
    let with_token = key().with_session_token(TOKEN).unwrap();
    assert_eq!(verify(&with_token), Ok(()));
    assert_eq!(verify(&key()), Err(VerifyError::InvalidToken));
    let other_token = key().with_session_token("another").unwrap();
    assert_eq!(verify(&other_token), Err(VerifyError::InvalidToken));
    assert_eq!(key().with_session_token("").unwrap_err(), CredentialsError::InvalidSessionToken);
    assert_err!(verify(&with_token.with_expiration(now())), VerifyError::CredentialsExpired { at: now() });
}

#[test]
fn tok_01_a_temporary_key_needs_its_own_token() {
    let header = Wire::get().signed_by(&temporary_signer());
    let url = Wire::get().presigned_by(&temporary_signer());
    accepted(&header);
    accepted(&url);
    let hand = Hand::new().id(TEMPORARY_ID);
    let refused = |wire: &Wire| refused!(wire, VerifyError::InvalidToken, "InvalidToken", 400);
    refused(&hand.sign(Wire::get()));
    refused(&hand.presign(Wire::get()));
    let longer = format!("{TOKEN}x");
    for token in ["another", "", &TOKEN[1..], &TOKEN[..TOKEN.len() - 1], &longer, "iqoj"] {
        refused(&hand.sign(Wire::get().with("x-amz-security-token", token)));
        refused(&hand.clone().token(token).presign(Wire::get()));
    }
    // S3 reads one header name, S3 Express another.
    refused(&hand.sign(Wire::get().with("x-amz-s3session-token", TOKEN)));
}

#[test]
fn tok_02_a_token_outside_the_signature_is_refused() {
    let list = "host;x-amz-content-sha256;x-amz-date";
    let hand = Hand::new().id(TEMPORARY_ID);
    accepted(&hand.sign(Wire::get().with("x-amz-security-token", TOKEN)));
    let beside = hand.clone().list(list).sign(Wire::get().with("X-Amz-Security-Token", TOKEN));
    refused!(&beside, VerifyError::UnsignedHeaders { names: ["x-amz-security-token"] }, "AccessDenied", 403);

    let url = hand.presign(Wire::get());
    let appended = url.clone().target(format!(
        "{}&X-Amz-Security-Token={}",
        url.target,
        countersign::uri::encode(TOKEN)
    ));
    mismatches(&appended);
    let with_header = url.with("x-amz-security-token", TOKEN);
    refused!(
        &with_header,
        VerifyError::UnsignedHeaders { names: ["x-amz-security-token"] },
        "AccessDenied",
        403
    );
    accepted(&hand.token(TOKEN).presign(Wire::get()));
}

#[test]
fn tok_02_a_signed_header_does_not_replace_the_token_of_a_url() {
    let hand = Hand::new().id(TEMPORARY_ID);
    let header = Wire::get().with("x-amz-security-token", TOKEN);
    refused!(
        &hand.presign(header.clone()),
        VerifyError::ContradictoryHeader { name: "x-amz-security-token" },
        "AccessDenied",
        403
    );
    refused!(
        &hand.clone().token("another").presign(header.clone()),
        VerifyError::ContradictoryHeader { name: "x-amz-security-token" },
        "AccessDenied",
        403
    );
    // Both are present with the same value, and both are signed.
    accepted(&hand.token(TOKEN).presign(header));
    // A token in the query of a request that is signed in headers.
    let target = format!("/k?X-Amz-Security-Token={}", countersign::uri::encode(TOKEN));
    let wire = Hand::new().id(TEMPORARY_ID).sign(Wire::get().target(target));
    refused!(&wire, VerifyError::TwoMechanisms, "InvalidArgument", 400);
}

#[test]
fn tok_02_an_unsigned_token_is_compared_anyway() {
    let service = || Service::new("iotdevicegateway").unwrap();
    let signer = Signer::new(temporary(), "us-east-1", service()).unwrap();
    let verifier = Verifier::new("us-east-1", service()).unwrap();
    let url = Wire::get().target("/mqtt").presigned_by(&signer);
    accepted_by(&verifier, &url);
    let token = countersign::uri::encode(TOKEN);
    let without = url.clone().retarget(&format!("&X-Amz-Security-Token={token}"), "");
    refused_by!(&verifier, &without, VerifyError::InvalidToken, "InvalidToken", 400);
    let another = url.retarget(&token, "another");
    refused_by!(&verifier, &another, VerifyError::InvalidToken, "InvalidToken", 400);
}

#[test]
fn tok_03_a_token_with_a_long_term_key_is_refused() {
    accepted(&Hand::new().sign(Wire::get()));
    for token in [TOKEN, "", "x"] {
        let wire = Hand::new().sign(Wire::get().with("x-amz-security-token", token));
        refused!(&wire, VerifyError::InvalidToken, "InvalidToken", 400);
        let url = Hand::new().token(token).presign(Wire::get());
        refused!(&url, VerifyError::InvalidToken, "InvalidToken", 400);
    }
}

#[cfg(feature = "std")]
#[test]
fn tok_01_a_cached_key_of_one_token_refuses_another_token() {
    let cache = KeyCache::new(16);
    let wire = Wire::get().signed_by(&temporary_signer());
    let verify = |credentials: &Credentials| {
        let claim = wire.claim(&verifier(), now()).unwrap();
        claim.verify_cached(&cache, credentials).map(|_| ()).map_err(Rejected::into_error)
    };
    assert_eq!(verify(&temporary()), Ok(()));
    let renewed = Credentials::new(TEMPORARY_ID, SecretAccessKey::new(SECRET)).unwrap();
    assert_eq!(verify(&renewed), Err(VerifyError::InvalidToken));
    assert_eq!(verify(&renewed.with_session_token("another").unwrap()), Err(VerifyError::InvalidToken));
    assert_eq!(verify(&temporary()), Ok(()));
    assert_eq!(cache.len(), 1, "only the key that verified");
}
