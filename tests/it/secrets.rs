//! No output contains a secret: a secret key, a session token, or a signature that the reader does
//! not have.
//!
//! The tests format each public type that holds a secret, or is derived from one, with `Debug` and
//! `Display`.

use std::fmt::{Debug, Display};
use std::time::Duration;

use countersign::steps::{CanonicalRequest, CredentialScope, SigningKey, StringToSign};
use countersign::{
    AuthHeaders, Claim, Credentials, CredentialsError, Expires, KeyCache, Payload, PayloadMode, PresignedUrl,
    ReceivedBody, Region, Request, Rules, SecretAccessKey, Service, SignError, SignedHeaders, Signer,
    Timestamp, VerifyError, VerifyingKey,
};
use testkit::{SECRET, TEMPORARY_ID, TOKEN, long_term, now, temporary, temporary_signer, verifier};

const CUSTOMER_KEY: &str = "pzrCuYqbF0tXbGFtZS1jdXN0b21lci1rZXk=";
const BODY: &str = "a confidential body";
const HOST: &str = "examplebucket.s3.amazonaws.com";
const URL: &str = "https://examplebucket.s3.amazonaws.com/folder/test.txt";

/// The secrets, and parts of them, which must not be printed.
struct Secrets(Vec<String>);

impl Secrets {
    fn new() -> Self {
        let mut secrets: Vec<String> =
            [SECRET, TOKEN, CUSTOMER_KEY, BODY].iter().map(|text| (*text).to_owned()).collect();
        secrets.push(countersign::uri::encode(TOKEN));
        secrets.push(countersign::uri::encode(SECRET));
        let region = region();
        for key in SigningKey::derivation(&SecretAccessKey::new(SECRET), &scope(&region)) {
            secrets.push(hex(&*key));
            secrets.push(format!("{:?}", key.as_slice()).trim_matches(['[', ']']).to_owned());
        }
        let parts: Vec<String> = [&SECRET[..12], &SECRET[28..], &TOKEN[..12]].map(str::to_owned).into();
        secrets.extend(parts);
        Self(secrets)
    }

    fn and(mut self, secret: impl Into<String>) -> Self {
        self.0.push(secret.into());
        self
    }

    #[track_caller]
    fn not_in(&self, text: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
    }

    #[track_caller]
    fn not_in_debug(&self, value: &impl Debug) {
        self.not_in(&format!("{value:?}"));
        self.not_in(&format!("{value:#?}"));
    }

    #[track_caller]
    fn not_in_display(&self, value: &(impl Debug + Display)) {
        self.not_in_debug(value);
        self.not_in(&format!("{value}"));
        self.not_in(&format!("{value:#}"));
    }

    /// Checks the formats of an error and its XML document.
    #[track_caller]
    fn not_in_error(&self, error: &VerifyError) {
        self.not_in_display(error);
        self.not_in(&error.to_xml("/folder/test.txt", "4442587FB7D0A2F9"));
        self.not_in(error.code());
    }
}

fn region() -> Region {
    Region::new("us-east-1").unwrap()
}

/// Returns the credential scope of the requests.
fn scope(region: &Region) -> CredentialScope<'_> {
    CredentialScope::new(now(), region, &Service::S3)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const SECRET_HEADERS: [(&str, &str); 4] = [
    ("x-amz-server-side-encryption-customer-key", CUSTOMER_KEY),
    ("X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key", CUSTOMER_KEY),
    ("x-amz-mfa", CUSTOMER_KEY),
    ("Cookie", CUSTOMER_KEY),
];

fn signed() -> AuthHeaders {
    let request = Request::new("PUT", URL, &SECRET_HEADERS);
    temporary_signer().sign(&request, Payload::Bytes(BODY.as_bytes()), now()).unwrap()
}

fn presigned() -> PresignedUrl {
    temporary_signer().presign(&Request::new("PUT", URL, &SECRET_HEADERS), Expires::HOUR, now()).unwrap()
}

fn wire(added: &AuthHeaders) -> Vec<(&str, &str)> {
    let mut headers = vec![("Host", HOST)];
    headers.extend(SECRET_HEADERS);
    headers.extend(added.iter());
    headers
}

fn claim(headers: &[(&str, &str)]) -> Claim {
    let request = Request::new("PUT", "/folder/test.txt", headers);
    verifier().claim(&request, ReceivedBody::Bytes(BODY.as_bytes()), now()).unwrap()
}

#[test]
fn sec_01_credentials_and_signers_print_no_secret() {
    let secrets = Secrets::new();
    secrets.not_in_debug(&SecretAccessKey::new(SECRET));
    secrets.not_in_debug(&temporary());
    secrets.not_in_debug(&temporary().with_expiration(now()));
    secrets.not_in_debug(&Some(vec![temporary()]));
    let signer = temporary_signer().exclude_header("x-a");
    secrets.not_in_debug(&signer);
    // The signer now holds the key of the day.
    let _ = signer.presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
    secrets.not_in_debug(&signer);
    secrets.not_in_debug(&temporary().secret());
    assert!(format!("{:?}", temporary()).contains(TEMPORARY_ID), "the access key id is printed");
}

#[test]
fn sec_01_errors_of_credentials_have_no_secret() {
    let secrets = Secrets::new();
    for error in [
        Credentials::new("", SecretAccessKey::new(SECRET)).unwrap_err(),
        Credentials::new(SECRET.to_owned() + " ", SecretAccessKey::new(SECRET)).unwrap_err(),
        temporary().with_session_token(TOKEN.to_owned() + "\n").unwrap_err(),
        CredentialsError::EmptySecretAccessKey,
    ] {
        secrets.not_in_display(&error);
    }
}

#[test]
fn sec_01_keys_are_redacted() {
    let secrets = Secrets::new();
    let region = region();
    let scope = scope(&region);
    secrets.not_in_debug(&SigningKey::derive(&SecretAccessKey::new(SECRET), &scope));
    secrets.not_in_debug(&VerifyingKey::derive(&temporary(), &scope.into()));
    let cache = KeyCache::new(4);
    let added = signed();
    let claim = claim(&wire(&added));
    assert!(claim.verify_cached(&cache, &temporary()).is_ok());
    assert_eq!(cache.len(), 1);
    secrets.not_in_debug(&cache);
}

#[test]
fn sec_01_requests_print_no_header_values_and_no_query() {
    let added = signed();
    let url = presigned();
    let secrets = Secrets::new().and(added.signature().to_string()).and(url.signature().to_string());
    let headers = wire(&added);
    let with_header = Request::new("PUT", "/folder/test.txt", &headers);
    secrets.not_in_debug(&with_header);
    assert!(format!("{with_header:?}").contains("authorization"), "names are printed");
    secrets.not_in_debug(&Request::new("PUT", url.as_str(), &SECRET_HEADERS));
    secrets.not_in_debug(&Request::new("PUT", url.path_and_query(), &headers));
    secrets.not_in_debug(&Request::new("PUT", url.as_str(), &headers).strip_signature());
    let bytes: Vec<(&str, &[u8])> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    secrets.not_in_debug(&Request::from_bytes("PUT", url.as_str(), &bytes));
    secrets.not_in_debug(&Payload::Bytes(BODY.as_bytes()));
    secrets.not_in_debug(&ReceivedBody::Bytes(BODY.as_bytes()));
}

#[test]
fn sec_01_signed_headers_and_urls_are_redacted() {
    let added = signed();
    let url = presigned();
    let secrets = Secrets::new().and(added.signature().to_string()).and(url.signature().to_string());
    secrets.not_in_debug(&added);
    secrets.not_in_debug(&url);
    secrets.not_in_debug(&(&added, [&url]));
    secrets.not_in_debug(added.signature());
    secrets.not_in_debug(&added.explain());
    secrets.not_in_debug(&url.explain());
    // The accessor returns the signature.
    assert!(added.authorization().contains(&added.signature().to_string()));
}

#[test]
fn sec_01_an_explanation_masks_tokens_and_keys() {
    let secrets = Secrets::new();
    let added = signed();
    let url = presigned();
    let headers = wire(&added);
    let claim = claim(&headers);
    for text in [added.explain().to_string(), url.explain().to_string(), claim.explain().to_string()] {
        secrets.not_in(&text);
    }
    let of_url = Request::new("PUT", url.path_and_query(), &headers[..5]);
    let of_url = verifier().claim(&of_url, ReceivedBody::Unread, now()).unwrap();
    secrets.not_in(&of_url.explain().to_string());
    assert!(added.explain().to_string().contains("x-amz-security-token:"), "the name is printed");
    // The steps contain the token, because they are hashed with it. Their `Debug` is redacted.
    secrets.not_in_debug(&claim.explain().canonical_request());
    secrets.not_in_display(&claim.explain().string_to_sign());
}

#[test]
fn sec_01_claims_and_verified_requests_print_no_secret() {
    let added = signed();
    let secrets = Secrets::new().and(added.signature().to_string());
    let claim = claim(&wire(&added));
    secrets.not_in_debug(&claim);
    let key = claim.derive_key(&temporary());
    let verified = claim.verify(&key).unwrap();
    secrets.not_in_debug(&verified);
    secrets.not_in_debug(&verified.body());
    secrets.not_in_debug(&verified.body().checker());
    secrets.not_in_debug(&verified.scope());
    assert_eq!(
        verified.header("x-amz-security-token"),
        Some(TOKEN.as_bytes()),
        "the accessor returns the token"
    );
    secrets.not_in_debug(&verifier());
}

/// Rejects a signed request for many reasons, and checks each error.
#[test]
fn sec_02_no_verify_error_has_a_secret_or_a_signature() {
    let added = signed();
    let url = presigned();
    let secrets = Secrets::new().and(added.signature().to_string()).and(url.signature().to_string());
    let other = "0".repeat(64);
    let texts =
        ["", "x", "AWS", "AWS4-HMAC-SHA256 x", "\0", "é", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &other];
    let headers = wire(&added);
    let mut seen = Vec::new();
    let mut check = |request: &Request<'_>, body: ReceivedBody<'_>, at: Timestamp| {
        let outcome = verifier().claim(request, body, at).and_then(|claim| {
            secrets.not_in_debug(&claim);
            let key = (claim.claimed_access_key_id() == TEMPORARY_ID).then(|| claim.derive_key(&temporary()));
            claim.verify(key.as_ref()).map(drop).map_err(|rejected| {
                secrets.not_in_display(&rejected);
                rejected.into_error()
            })
        });
        if let Err(error) = outcome {
            secrets.not_in_error(&error);
            seen.push(error.code());
        }
    };
    let body = ReceivedBody::Bytes(BODY.as_bytes());
    for index in 0..headers.len() {
        let name = headers[index].0;
        let without: Vec<(&str, &str)> =
            headers.iter().copied().filter(|(found, _)| *found != name).collect();
        check(&Request::new("PUT", "/folder/test.txt", &without), body, now());
        let mut twice = headers.clone();
        twice.push(headers[index]);
        check(&Request::new("PUT", "/folder/test.txt", &twice), body, now());
        for text in texts {
            let mut changed = headers.clone();
            changed[index].1 = text;
            check(&Request::new("PUT", "/folder/test.txt", &changed), body, now());
        }
    }
    for more in ["&x=y", "&X-Amz-Signature=x", "&x-amz-expires=1", "%", "&X-Amz-Security-Token=x", "#"] {
        check(&Request::new("PUT", &format!("{}{more}", url.path_and_query()), &headers[..5]), body, now());
        check(&Request::new("PUT", &format!("/folder/test.txt?{more}"), &headers), body, now());
    }
    for name in ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"]
    {
        for value in ["", "x", "20130524", "-1", "%00"] {
            let target = url.path_and_query().replacen(&format!("{name}="), &format!("{name}={value}"), 1);
            check(&Request::new("PUT", &target, &headers[..5]), body, now());
        }
    }
    check(&Request::new("PUT", "/folder/test.txt", &headers), ReceivedBody::Bytes(b"x"), now());
    check(&Request::new("PUT", url.path_and_query(), &headers), body, now());
    let seconds = Duration::from_secs(100_000);
    for at in [now().checked_sub(seconds).unwrap(), now().checked_add(seconds).unwrap()] {
        check(&Request::new("PUT", "/folder/test.txt", &headers), body, at);
        check(&Request::new("PUT", url.path_and_query(), &headers[..5]), body, at);
    }
    // A request that is signed with another secret: the error does not contain the correct signature.
    let impostor = Signer::new(
        long_term(TEMPORARY_ID, "guess").with_session_token(TOKEN).unwrap(),
        "us-east-1",
        Service::S3,
    )
    .unwrap();
    let request = Request::new("PUT", URL, &SECRET_HEADERS);
    let forged = impostor.sign(&request, Payload::Bytes(BODY.as_bytes()), now()).unwrap();
    check(&Request::new("PUT", "/folder/test.txt", &wire(&forged)), body, now());

    seen.sort_unstable();
    seen.dedup();
    let expected = [
        "AccessDenied",
        "AuthorizationHeaderMalformed",
        "AuthorizationQueryParametersError",
        "InvalidArgument",
        "InvalidRequest",
        "InvalidURI",
        "NotImplemented",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "XAmzContentSHA256Mismatch",
    ];
    for code in expected {
        assert!(seen.contains(&code), "no error has the code {code}: {seen:?}");
    }
}

#[test]
fn sec_01_no_sign_error_has_a_secret_or_a_signature() {
    let added = signed();
    let url = presigned();
    let secrets = Secrets::new().and(added.signature().to_string()).and(url.signature().to_string());
    let headers = wire(&added);
    let check = |request: &Request<'_>, payload: Payload<'_>| {
        for outcome in [
            temporary_signer().sign(request, payload, now()).map(|_| ()),
            temporary_signer().presign(request, Expires::HOUR, now()).map(|_| ()),
        ] {
            if let Err(error) = outcome {
                secrets.not_in_display(&error);
            }
        }
    };
    let bad_value = format!("{CUSTOMER_KEY}\0");
    let bad_token = format!("{TOKEN}x");
    let with_token = format!("{URL}?X-Amz-Security-Token={}", countersign::uri::encode(TOKEN));
    let with_secret = format!("{URL}?key={CUSTOMER_KEY}&key={CUSTOMER_KEY}");
    let with_fragment = format!("{}#", url.as_str());
    check(&Request::new("PUT", URL, &headers), Payload::Unsigned);
    check(&Request::new("PUT", url.as_str(), &[]), Payload::Unsigned);
    check(&Request::new("PUT", &with_fragment, &[]), Payload::Unsigned);
    check(&Request::new("PUT", &with_token, &[]), Payload::Unsigned);
    check(&Request::new("PUT", &with_secret, &[]), Payload::Unsigned);
    check(&Request::new("PUT", URL, &[("x-amz-mfa", &bad_value)]), Payload::Unsigned);
    check(&Request::new("PUT", URL, &[("x-amz-security-token", &bad_token)]), Payload::Unsigned);
    check(&Request::new("PUT", URL, &[("x-amz-security-token", TOKEN); 2]), Payload::Unsigned);
    secrets.not_in_display(&PayloadMode::new(&format!("{SECRET} ")).unwrap_err());
    secrets.not_in_display(&Signer::new(temporary(), SECRET, Service::S3).unwrap_err());
    secrets.not_in_display(&Service::new(SECRET).unwrap_err());
    secrets.not_in_display(&SignError::AlreadySigned);
}

/// The steps are also redacted if the caller computes them.
#[test]
fn sec_01_steps_are_redacted_in_debug() {
    let secrets = Secrets::new();
    let headers = [("host", HOST), ("x-amz-security-token", TOKEN)];
    let request = Request::new("GET", "/", &headers);
    let signed = SignedHeaders::parse("host;x-amz-security-token").unwrap();
    let canonical = CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), Rules::S3).unwrap();
    secrets.not_in_debug(&canonical);
    let region = region();
    let scope = scope(&region);
    let to_sign = StringToSign::new(now(), scope, &canonical);
    secrets.not_in_display(&to_sign);
    let key = SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
    let signature = key.sign(&to_sign);
    let secrets = secrets.and(signature.to_string());
    secrets.not_in_debug(&signature);
    secrets.not_in_debug(&key);
}

#[cfg(feature = "http")]
#[test]
fn sec_01_a_signed_http_request_is_redacted() {
    let mut signed = http::Request::put(URL).body(()).unwrap();
    let payload = Payload::Bytes(BODY.as_bytes());
    countersign::http::sign(&temporary_signer(), &mut signed, payload, now()).unwrap();
    let authorization = signed.headers()["authorization"].to_str().unwrap().to_owned();
    let (_, signature) = authorization.rsplit_once('=').unwrap();
    let secrets = Secrets::new().and(signature);
    secrets.not_in_debug(&signed);
    // `Debug` of `http::HeaderMap` hides values that are marked as sensitive.
    let headers = signed.headers();
    for name in ["authorization", "x-amz-security-token"] {
        assert!(headers[name].is_sensitive(), "{name}");
        secrets.not_in_debug(&headers[name]);
    }
}
