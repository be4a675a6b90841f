//! Ways to sign that few services need, compared with values of other signers.
//!
//! botocore 1.44.8 (PyPI; Apache-2.0) made the values "of botocore" at this time with the
//! long-term key: `SigV4Auth`, `SigV4QueryAuth` and `S3SigV4QueryAuth` of `botocore.auth`.

use countersign::*;
use testkit::{ID, SECRET, TOKEN, assert_err, at, credentials, temporary};

fn time() -> Timestamp {
    at("20240501T120000Z")
}

fn signer(region: &str, service: Service) -> Signer {
    Signer::new(credentials(), region.to_owned(), service).unwrap()
}

fn verify(
    service: Service,
    request: &Request<'_>,
    body: ReceivedBody<'_>,
    now: Timestamp,
) -> Result<(), VerifyError> {
    let claim = Verifier::any_region(service).claim(request, body, now)?;
    let key = claim.derive_key(&credentials());
    Ok(claim.verify(&key).map(drop)?)
}

/// Of botocore, with `payload_signing_enabled` off, as for operations with an unsigned body.
#[test]
fn an_unsigned_body_is_announced_to_services_other_than_s3() {
    let uri = "https://runtime-v2-lex.us-east-1.amazonaws.com/bots/b/botAliases/a/botLocales/en_US/sessions/s/utterance";
    let request = Request::new("POST", uri, &[("content-type", "audio/l16")]);
    let signed = signer("us-east-1", Service::new("lex").unwrap()).sign(&request, Payload::Unsigned, time());
    let signed = signed.unwrap();
    assert!(signed.iter().any(|header| header == ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")));
    assert_eq!(signed.signed_headers(), "content-type;host;x-amz-content-sha256;x-amz-date");
    let signature = "8052ebbf6d719dcc319b29f783ff95d1212f02cf50cad00532c3625888b7d243";
    assert_eq!(signed.signature().to_string(), signature);
}

/// Of botocore, with the hash of the body as the last line of the canonical request, as in
/// apache/iceberg-python#3120.
#[test]
fn a_catalog_of_iceberg_receives_the_hash_in_base64() {
    let rules = Rules::STANDARD.with_payload(PayloadRule::OrdinaryHeader);
    let service = || Service::new("glue").unwrap().with_rules(rules);
    let body = br#"{"namespace":["db"]}"#;
    let target = "/iceberg/v1/namespaces";
    let mut headers = vec![
        ("host", "glue.us-east-1.amazonaws.com"),
        ("content-type", "application/json"),
        ("x-amz-content-sha256", "ZirRWTc7ySFSVP7dHejVbjhpbrUvMpZMIC8C09gez0c="),
    ];
    let sign = |payload, headers: &[(&str, &str)]| {
        signer("us-east-1", service()).sign(&Request::new("POST", target, headers), payload, time())
    };
    let signed = sign(Payload::Bytes(body), &headers).unwrap();
    let signature = "e205d5406f70f788bda20d5e214bb73b8b7a1e58cd6533959556aa7a471ff597";
    assert_eq!(signed.signature().to_string(), signature);
    assert_eq!(signed.signed_headers(), "content-type;host;x-amz-content-sha256;x-amz-date");
    assert_err!(
        sign(Payload::Unsigned, &headers),
        SignError::UnsupportedPayload { mode: "UNSIGNED-PAYLOAD" }
    );

    headers.extend(signed.iter());
    let request = Request::new("POST", target, &headers);
    let judge = |body| verify(service(), &request, body, time());
    assert_eq!(judge(ReceivedBody::Bytes(body)), Ok(()));
    assert!(matches!(judge(ReceivedBody::Bytes(b"other")), Err(VerifyError::SignatureDoesNotMatch)));
    // The header does not state the body's hash, so the verifier needs the body.
    assert_eq!(judge(ReceivedBody::Unread), Err(VerifyError::BodyRequired));
    let standard = Service::new("glue").unwrap();
    let refused = verify(standard, &request, ReceivedBody::Bytes(body), time());
    assert_eq!(refused, Err(VerifyError::InvalidPayloadHash));

    // The header is not the payload line, so it must be signed.
    let mut headers = vec![("host", "glue.us-east-1.amazonaws.com")];
    let signed = sign(Payload::Bytes(body), &headers).unwrap();
    headers.extend(signed.iter());
    headers.push(("x-amz-content-sha256", "ZirRWTc7ySFSVP7dHejVbjhpbrUvMpZMIC8C09gez0c="));
    let request = Request::new("POST", target, &headers);
    let refused = verify(service(), &request, ReceivedBody::Bytes(body), time());
    assert_err!(refused, VerifyError::UnsignedHeaders { names: ["x-amz-content-sha256"] });
}

/// Of botocore, with `X-Amz-Expires` removed from the URL before it was signed.
#[test]
fn a_url_without_a_lifetime_is_valid_as_long_as_a_header() {
    let iot = || Service::new("iotdevicegateway").unwrap();
    let mqtt = Request::new("GET", "https://abc123-ats.iot.us-east-1.amazonaws.com/mqtt", &[]);
    let url = signer("us-east-1", iot()).presign_without_expires(&mqtt, time()).unwrap();
    assert_eq!(
        url.as_str(),
        "https://abc123-ats.iot.us-east-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20240501%2Fus-east-1%2Fiotdevicegateway%2Faws4_request&X-Amz-Date=20240501T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=3f6f16fe0bdb450e8e8416052468a12c9948ce64cec578b45868658baa46cbe4"
    );
    assert_eq!((url.expires(), url.expires_at()), (core::time::Duration::ZERO, None));

    let headers = [("host", "abc123-ats.iot.us-east-1.amazonaws.com")];
    let request = Request::new("GET", url.path_and_query(), &headers);
    let judge = |service, now| verify(service, &request, ReceivedBody::Bytes(b""), at(now));
    for now in ["20240501T114500Z", "20240501T120000Z", "20240501T121500Z"] {
        assert_eq!(judge(iot(), now), Ok(()), "{now}");
    }
    for now in ["20240501T114459Z", "20240501T121501Z"] {
        assert!(matches!(judge(iot(), now), Err(VerifyError::RequestTimeTooSkewed { .. })), "{now}");
    }
    // A lifetime that is stated is checked.
    let url = signer("us-east-1", iot()).presign(&mqtt, Expires::from_secs(60).unwrap(), time()).unwrap();
    let request = Request::new("GET", url.path_and_query(), &headers);
    let late = verify(iot(), &request, ReceivedBody::Bytes(b""), at("20240501T120200Z"));
    assert!(matches!(late, Err(VerifyError::Expired { .. })));
}

#[test]
fn a_url_without_a_lifetime_is_refused_unless_the_rules_allow_it() {
    let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    let optional = Rules::S3.with_url_lifetime(UrlLifetime::Optional);
    for (service, host) in [(Service::S3, "bucket.s3.amazonaws.com"), (Service::new("sqs").unwrap(), "sqs")] {
        let refused = signer("us-east-1", service.clone()).presign_without_expires(&request, time());
        assert_eq!(refused.map(drop).unwrap_err(), SignError::ExpiresRequired);
        let lax = service.clone().with_rules(optional);
        let url = signer("us-east-1", lax.clone()).presign_without_expires(&request, time()).unwrap();
        let headers = [("host", "bucket.s3.amazonaws.com")];
        let sent = Request::new("GET", url.path_and_query(), &headers);
        assert_eq!(verify(lax, &sent, ReceivedBody::Bytes(b""), time()), Ok(()), "{host}");
        let refused = verify(service, &sent, ReceivedBody::Bytes(b""), time());
        assert_err!(
            refused,
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
                names: ["X-Amz-Expires"]
            })
        );
    }
    // Expired credentials sign nothing.
    let expired =
        Signer::new(credentials().with_expiration(time()), "us-east-1", Service::S3.with_rules(optional));
    let refused = expired.unwrap().presign_without_expires(&request, time());
    assert_err!(refused, SignError::CredentialsExpired { at: time() });
}

/// Of AWS's JavaScript SDK 3.1175.0, which moves `x-amz-checksum-mode` into the query.
#[test]
fn a_header_is_hoisted_as_the_javascript_sdk_does() {
    let uri =
        "http://127.0.0.1:57511/examplebucket/plain.txt?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-id=GetObject";
    let request = Request::new("GET", uri, &[("X-Amz-Checksum-Mode", " ENABLED"), ("accept", "a")]);
    let hoisted = request.hoist_headers(&["x-amz-checksum-mode", "x-amz-acl"]).unwrap();
    assert!(format!("{hoisted:?}").ends_with(r#"headers: ["accept"] }"#));
    let signer = signer("us-east-1", Service::S3).exclude_header("accept");
    let expires = Expires::from_secs(900).unwrap();
    let url = signer.presign(&hoisted.request(), expires, at("20261128T143609Z")).unwrap();
    assert!(url.as_str().contains("&x-amz-checksum-mode=ENABLED&x-id=GetObject"), "{}", url.masked());
    assert_eq!(url.required_headers().count(), 0);
    let signature = "8fe372b537f8c2ae528993850620de2f46fcea5f200b6da15d1694b77725d694";
    assert_eq!(url.signature().to_string(), signature);

    // The header must not be sent as well.
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let wire = testkit::Wire::new("GET", url.path_and_query()).set("host", "127.0.0.1:57511");
    assert!(wire.claim(&verifier, at("20261128T143609Z")).is_ok());
    let both = wire.with("x-amz-checksum-mode", "ENABLED").claim(&verifier, at("20261128T143609Z"));
    assert_err!(both.map(drop), VerifyError::UnsignedHeaders { names: ["x-amz-checksum-mode"] });
}

#[test]
fn a_header_that_cannot_be_hoisted_is_an_error() {
    let hoist = |headers: &[(&str, &[u8])], name: &str| {
        Request::from_bytes("GET", "/k", headers).hoist_headers(&[name]).map(drop)
    };
    assert_eq!(hoist(&[("x-amz-acl", b"a")], "X-Amz-Acl"), Ok(()));
    assert_err!(
        hoist(&[("x-amz-acl", b"a"), ("X-Amz-Acl", b"a")], "x-amz-acl"),
        RequestError::RepeatedHeader { name: "x-amz-acl" }
    );
    for value in [&b"\xe9"[..], b"a\nb"] {
        assert_err!(
            hoist(&[("x-amz-acl", value)], "x-amz-acl"),
            RequestError::InvalidHeaderValue { name: "x-amz-acl" }
        );
    }
    // Presigning rejects the parameters that it adds itself.
    let headers = [("host", "h"), ("x-amz-date", "20240501T120000Z")];
    let hoisted = Request::new("GET", "/k", &headers).hoist_headers(&["x-amz-date"]).unwrap();
    let refused = signer("us-east-1", Service::S3).presign(&hoisted.request(), Expires::HOUR, time());
    assert_err!(refused, SignError::ReservedParameter { name: "x-amz-date" });
}

/// Of botocore, with a lifetime that AWS rejects and Yandex Object Storage accepts.
#[test]
fn a_lifetime_of_thirty_days_is_an_explicit_choice() {
    let month = Expires::longer_than_s3_allows(2_592_000).unwrap();
    for seconds in [0, 2_592_001, (1 << 32) + 1, u64::MAX] {
        assert_eq!(Expires::longer_than_s3_allows(seconds).unwrap_err().seconds(), seconds);
    }
    let request = Request::new("GET", "https://bucket.storage.yandexcloud.net/key", &[]);
    let url = signer("ru-central1", Service::S3).presign(&request, month, time()).unwrap();
    assert_eq!(
        url.as_str(),
        "https://bucket.storage.yandexcloud.net/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20240501%2Fru-central1%2Fs3%2Faws4_request&X-Amz-Date=20240501T120000Z&X-Amz-Expires=2592000&X-Amz-SignedHeaders=host&X-Amz-Signature=5d6bcdcb72b3205fd9ad3c3899273ef6b5d089cd25309217f059f18b92bc3d97"
    );
    let headers = [("host", "bucket.storage.yandexcloud.net")];
    let request = Request::new("GET", url.path_and_query(), &headers);
    let verifier = Verifier::new("ru-central1", Service::S3).unwrap();
    let claim = |verifier: &Verifier| {
        verifier.claim(&request, ReceivedBody::Unread, at("20240530T120000Z")).map(drop)
    };
    assert_err!(
        claim(&verifier),
        VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::ExpiresTooLong {
            max: std::time::Duration::from_secs(604_800)
        })
    );
    assert_eq!(claim(&verifier.with_max_url_lifetime(month)), Ok(()));
}

/// The signature of "Example: GET Object" and of the example of a presigned URL in the S3 API
/// Reference, computed by the steps instead of the signer.
#[test]
fn a_key_service_signs_the_string_to_sign() {
    use countersign::steps::{CredentialScope, SigningKey, StringToSign};
    let then = at("20130524T000000Z");
    let region = Region::new("us-east-1").unwrap();
    let scope = CredentialScope::new(then, &region, &Service::S3);
    let key_service = |text: &str| -> [u8; 32] {
        let key = SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
        key.sign(&StringToSign::from_text(text)).as_bytes().try_into().unwrap()
    };
    let placeholder = Credentials::new(ID, SecretAccessKey::new("placeholder")).unwrap();
    let signer = Signer::new(placeholder, "us-east-1", Service::S3).unwrap();

    let uri = "https://examplebucket.s3.amazonaws.com/test.txt";
    let request = Request::new("GET", uri, &[("Range", "bytes=0-9")]);
    let unsigned = signer.prepare(&request, Payload::Bytes(b""), then).unwrap();
    let signature = key_service(unsigned.string_to_sign());
    let signed = unsigned.with_signature(signature);
    let expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    assert!(signed.authorization().ends_with(&format!(", Signature={expected}")));
    assert_eq!(signed.signature().to_string(), expected);

    let unsigned = signer.prepare_url(&Request::new("GET", uri, &[]), Expires::DAY, then).unwrap();
    let signature = key_service(unsigned.string_to_sign());
    let url = unsigned.with_signature(signature);
    let expected = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert!(url.as_str().ends_with(&format!("&X-Amz-Signature={expected}")));

    // The token of AWS IoT follows the signature.
    let iot = || Service::new("iotdevicegateway").unwrap();
    let request = Request::new("GET", "https://abc123-ats.iot.us-east-1.amazonaws.com/mqtt", &[]);
    let right = Signer::new(temporary(), "us-east-1", iot()).unwrap();
    let right = right.presign(&request, Expires::HOUR, then).unwrap();
    let wrong = Credentials::new(temporary().access_key_id(), SecretAccessKey::new("placeholder")).unwrap();
    let wrong = wrong.with_session_token(TOKEN).unwrap();
    let unsigned = Signer::new(wrong, "us-east-1", iot()).unwrap();
    let unsigned = unsigned.prepare_url(&request, Expires::HOUR, then).unwrap();
    assert_eq!(format!("{unsigned:?}"), "Unsigned(..)");
    let url = unsigned.with_signature(right.signature().as_bytes().try_into().unwrap());
    assert_eq!(url.as_str(), right.as_str());
}

/// A token under a name that no rule has is a header, or a parameter, like any other.
#[test]
fn a_token_can_have_any_name() {
    let headers = [("host", "bucket.s3.amazonaws.com"), ("x-example-token", TOKEN)];
    let request = Request::new("GET", "/key", &headers);
    let signed = signer("us-east-1", Service::S3).sign(&request, Payload::Bytes(b""), time()).unwrap();
    assert_eq!(signed.signed_headers(), "host;x-amz-content-sha256;x-amz-date;x-example-token");
    let hoisted = request.hoist_headers(&["x-example-token"]).unwrap();
    let url = signer("us-east-1", Service::S3).presign(&hoisted.request(), Expires::HOUR, time()).unwrap();
    assert!(url.as_str().contains("&x-example-token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&"));
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let wire = testkit::Wire::new("GET", url.path_and_query()).set("host", "bucket.s3.amazonaws.com");
    let verified = wire.verify_at(&verifier, time(), |verified| {
        verified.query().any(|(name, value)| (&*name, &*value) == (&b"x-example-token"[..], TOKEN.as_bytes()))
    });
    assert_eq!(verified, Ok(true));
}
