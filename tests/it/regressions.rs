//! Fixed bugs, each with the input that showed it.

use std::time::Duration;

use countersign::{
    Credentials, Expires, InvalidUri, Limit, MalformedAuthorization, Mechanism, Payload, ReceivedBody,
    Rejected, RepeatedParameters, Request, RequestError, SecretAccessKey, Service, SignError, Signer,
    Timestamp, Verifier, VerifyError,
};
use testkit::{assert_err, at, long_term};

const URL: &str = "https://bucket.s3.amazonaws.com/key";

fn now() -> Timestamp {
    at("20150830T123600Z")
}

fn credentials() -> Credentials {
    long_term("AKIDEXAMPLE", "secret")
}

fn signer(service: Service) -> Signer {
    Signer::new(credentials(), "us-east-1", service).unwrap()
}

fn verify(service: Service, request: &Request<'_>, body: ReceivedBody<'_>) -> Result<(), VerifyError> {
    let claim = Verifier::new("us-east-1", service).unwrap().claim(request, body, now())?;
    let key = claim.derive_key(&credentials());
    Ok(claim.verify(&key).map(drop)?)
}

/// Returns what makes a request impossible to sign.
fn unsignable<T>(signed: Result<T, SignError>) -> Result<T, RequestError> {
    signed.map_err(|error| match error {
        SignError::Request(error) => error,
        other => panic!("another error: {other}"),
    })
}

/// Returns what makes a request impossible to verify.
fn unverifiable<T>(verified: Result<T, VerifyError>) -> Result<T, RequestError> {
    verified.map_err(|error| match error {
        VerifyError::Request(error) => error,
        other => panic!("another error: {other}"),
    })
}

/// A hash in the query was signed as a parameter and did not cover the body.
#[test]
fn pay_01_signer_and_verifier_reject_a_hash_in_the_query() {
    let hash = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    let s3 = signer(Service::S3);
    for name in ["X-Amz-Content-Sha256", "x-amz-content-sha256"] {
        let uri = format!("{URL}?{name}={hash}");
        let refused = s3.presign(&Request::new("PUT", &uri, &[]), Expires::HOUR, now());
        assert_err!(refused, SignError::ReservedParameter { name: "X-Amz-Content-Sha256" });
        let uri = format!("{URL}?{name}=UNSIGNED-PAYLOAD");
        let url = s3.presign(&Request::new("PUT", &uri, &[]), Expires::HOUR, now()).unwrap();
        let request = Request::new("PUT", url.as_str(), &[]);
        assert_eq!(verify(Service::S3, &request, ReceivedBody::Unread), Ok(()));
        let uri = url.as_str().replace("UNSIGNED-PAYLOAD", hash);
        let request = Request::new("PUT", &uri, &[]);
        let refused = verify(Service::S3, &request, ReceivedBody::Unread);
        assert_eq!(refused, Err(VerifyError::InvalidPayloadHash));
    }
}

/// A URL was signed for a body, but its required headers did not include the hash.
#[test]
fn sgn_04_the_hash_of_a_given_payload_is_a_required_header() {
    let request = Request::new("PUT", URL, &[]);
    let payload = Payload::Bytes(b"hello world");
    let url = signer(Service::S3).presign_with_payload(&request, payload, Expires::HOUR, now()).unwrap();
    let required: Vec<(&str, &str)> = url.required_headers().collect();
    assert_eq!(
        required,
        [("x-amz-content-sha256", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")],
    );
    let sent = Request::new("PUT", url.as_str(), &required);
    assert_eq!(verify(Service::S3, &sent, ReceivedBody::Bytes(b"hello world")), Ok(()));
    let other = verify(Service::S3, &sent, ReceivedBody::Bytes(b"hello"));
    assert!(matches!(other, Err(VerifyError::PayloadMismatch { .. })), "{other:?}");
    assert!(matches!(
        verify(Service::S3, &Request::new("PUT", url.as_str(), &[]), ReceivedBody::Unread),
        Err(VerifyError::MissingSignedHeader { .. }),
    ));
}

/// A URL for one body was renewed as a URL for any body.
#[test]
fn sgn_04_renewing_a_url_keeps_its_body() {
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let headers = [("x-amz-content-sha256", hash)];
    let request = Request::new("PUT", URL, &headers);
    let s3 = signer(Service::S3);
    let url = s3.presign(&request, Expires::HOUR, now()).unwrap();
    let required: Vec<(&str, &str)> = url.required_headers().collect();
    let old = Request::new("PUT", url.as_str(), &required);
    let renewed = s3.presign(&old.strip_signature().request(), Expires::HOUR, now()).unwrap();
    assert_eq!(renewed.as_str(), url.as_str());
}

/// Segments that `..` removes were not checked.
#[test]
fn can_06_rejects_an_invalid_triplet_in_a_removed_segment() {
    let error = RequestError::InvalidUri(InvalidUri::PercentEncoding);
    for uri in ["https://sqs.amazonaws.com/%zz/../x", "https://sqs.amazonaws.com/=%&E9/../y"] {
        let request = Request::new("GET", uri, &[]);
        let refused =
            signer(Service::new("sqs").unwrap()).presign(&request, Expires::HOUR, now()).unwrap_err();
        assert_eq!(refused, SignError::Request(error.clone()));
    }
    let request = Request::new("GET", "https://sqs.amazonaws.com/a%20b/../x", &[]);
    assert!(signer(Service::new("sqs").unwrap()).presign(&request, Expires::HOUR, now()).is_ok());
}

/// The parameter `signature` of a Version 4 request was taken for Version 2.
#[test]
fn alg_03_only_the_access_key_parameter_indicates_version_2() {
    let uri = format!("{URL}?signature=abc&Expires=1");
    let url = signer(Service::S3).presign(&Request::new("GET", &uri, &[]), Expires::HOUR, now()).unwrap();
    let request = Request::new("GET", url.as_str(), &[]);
    assert_eq!(verify(Service::S3, &request, ReceivedBody::Unread), Ok(()));
    let uri = format!("{}&AWSAccessKeyId=AKIDEVIL", url.as_str());
    let request = Request::new("GET", &uri, &[]);
    assert_eq!(verify(Service::S3, &request, ReceivedBody::Unread), Err(VerifyError::TwoMechanisms));
    let uri = format!("{URL}?AWSAccessKeyId=AKIDEVIL");
    let refused = signer(Service::S3).presign(&Request::new("GET", &uri, &[]), Expires::HOUR, now());
    assert_err!(refused, SignError::ReservedParameter { name: "AWSAccessKeyId" });
}

/// Headers that are not signed could contain control characters other than CR, LF and NUL.
#[test]
fn can_08_rejects_control_characters_in_unsigned_headers() {
    for value in ["a\u{1}b", "a\u{7f}b", "a\u{b}b", "\u{1b}[2J"] {
        let headers = [("user-agent", value)];
        let request = Request::new("GET", URL, &headers);
        let refused = unsignable(signer(Service::S3).sign(&request, Payload::Bytes(b""), now()));
        assert_err!(refused, RequestError::InvalidHeaderValue { name: "user-agent" });
        let url = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
        let request = Request::new("GET", url.as_str(), &headers);
        let refused = unverifiable(verify(Service::S3, &request, ReceivedBody::Unread));
        assert_err!(refused, RequestError::InvalidHeaderValue { name: "user-agent" });
    }
}

/// The token header of another service was treated as an ordinary header.
#[test]
fn tok_03_rejects_a_token_in_the_header_of_another_service() {
    let s3express = Service::new("s3express").unwrap();
    for (service, name) in [(Service::S3, "x-amz-s3session-token"), (s3express, "x-amz-security-token")] {
        let headers = [(name, "T")];
        let request = Request::new("GET", URL, &headers);
        let refused = signer(service.clone()).presign(&request, Expires::HOUR, now());
        assert_err!(refused, SignError::HeaderMismatch { name: name });
        let url =
            signer(service.clone()).presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
        let uri = url.as_str().replace("SignedHeaders=host", &format!("SignedHeaders=host%3B{name}"));
        let refused = verify(service, &Request::new("GET", &uri, &headers), ReceivedBody::Unread);
        assert_eq!(refused, Err(VerifyError::InvalidToken));
    }
}

/// The signer signed headers that the verifier rejects as contradictory.
#[test]
fn cov_06_the_signer_rejects_a_header_that_contradicts_a_parameter() {
    for (query, name, value) in [
        ("x-amz-acl=private", "x-amz-acl", "public-read"),
        ("x-amz-acl=a%20%20b", "x-amz-acl", "a  b"),
        ("x-amz-meta-a%21=1", "x-amz-meta-a!", "2"),
    ] {
        let (uri, headers) = (format!("{URL}?{query}"), [(name, value)]);
        let request = Request::new("PUT", &uri, &headers);
        let refused = signer(Service::S3).presign(&request, Expires::HOUR, now());
        assert_err!(refused, SignError::HeaderMismatch { name: name });
    }
}

/// Clients write the host without the default port.
#[test]
fn sgn_04_signs_the_host_that_clients_send() {
    let s3 = signer(Service::S3);
    for uri in ["HTTPS://h.example.com:443/x", "https://h.example.com:/x"] {
        let url = s3.presign(&Request::new("GET", uri, &[]), Expires::HOUR, now()).unwrap();
        assert!(url.as_str().starts_with("https://h.example.com"), "{}", url.masked());
        let headers = [("Host", "h.example.com")];
        let request = Request::new("GET", url.path_and_query(), &headers);
        assert_eq!(verify(Service::S3, &request, ReceivedBody::Unread), Ok(()), "{uri}");
    }
}

/// `presign` wrote the host in lower case, and `sign` rejected it: some clients send the
/// letters as written, others do not.
#[test]
fn sgn_04_sign_and_presign_reject_a_host_in_capitals_alike() {
    let s3 = signer(Service::S3);
    let uri = "https://H.Example.com/x";
    for headers in [&[][..], &[("range", "bytes=0-9")]] {
        let request = Request::new("GET", uri, headers);
        let refused = s3.sign(&request, Payload::Bytes(b""), now()).unwrap_err();
        assert_eq!(refused, SignError::UppercaseHost);
        assert_eq!(s3.presign(&request, Expires::HOUR, now()).unwrap_err(), SignError::UppercaseHost);
        assert!(refused.to_string().ends_with("write it in lower case"), "{refused}");
    }
    // A `Host` header states what the client sends.
    let request = Request::new("GET", uri, &[("host", "H.Example.com")]);
    assert!(s3.sign(&request, Payload::Bytes(b""), now()).is_ok());
    // In a URL that others use, no header helps.
    assert_eq!(s3.presign(&request, Expires::HOUR, now()).unwrap_err(), SignError::UppercaseHost);
}

/// URL parsers rewrite these characters, which invalidated the signature.
#[test]
fn sgn_04_a_presigned_path_needs_no_further_encoding() {
    let execute = || Service::new("execute-api").unwrap();
    let request = Request::new("GET", "https://h.example.com/a\\b{c}", &[]);
    let url = signer(execute()).presign(&request, Expires::HOUR, now()).unwrap();
    assert!(url.path_and_query().starts_with("/a%5Cb%7Bc%7D?"), "{}", url.masked());
    let sent = Request::new("GET", url.as_str(), &[]);
    assert_eq!(verify(execute(), &sent, ReceivedBody::Bytes(b"")), Ok(()));
}

/// An error message contained the header's name with its line endings.
#[test]
fn sec_02_error_messages_escape_line_endings() {
    let headers = [("a\r\nevil", "\u{1}")];
    let refused = signer(Service::S3)
        .sign(&Request::new("GET", URL, &headers), Payload::Bytes(b""), now())
        .unwrap_err();
    assert!(!refused.to_string().contains(['\r', '\n']), "{refused}");
}

/// The cache returned a key without the expiration of its credentials.
#[cfg(feature = "std")]
#[test]
fn key_01_a_cached_key_expires_with_its_credentials() {
    let cache = countersign::KeyCache::new(8);
    let url = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let request = Request::new("GET", url.as_str(), &[]);
    let second = Duration::from_secs(1);
    let (before, after) = (now().checked_sub(second).unwrap(), now().checked_add(second).unwrap());
    let judge = |credentials: &Credentials| {
        let claim = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap();
        claim.verify_cached(&cache, credentials).map(drop).map_err(Rejected::into_error)
    };
    assert_eq!(judge(&credentials()), Ok(()));
    assert_eq!(judge(&credentials().with_expiration(after)), Ok(()));
    let ended = judge(&credentials().with_expiration(before));
    assert_err!(ended.clone(), VerifyError::CredentialsExpired { at: before });
    let ended = ended.unwrap_err();
    assert_eq!((ended.code(), ended.status()), ("ExpiredToken", 400));
}

/// The error code depends on the mechanism.
#[test]
fn alg_01_an_unknown_algorithm_in_the_query_is_a_query_error() {
    let url = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
    let uri = url.as_str().replace("=AWS4-HMAC-SHA256&", "=AWS4-HMAC-SHA1&");
    let refused = verify(Service::S3, &Request::new("GET", &uri, &[]), ReceivedBody::Unread);
    assert_err!(
        refused.clone(),
        VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Query, algorithm: "AWS4-HMAC-SHA1" }
    );
    let refused = refused.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("AuthorizationQueryParametersError", 400));
}

/// A retry signs the request again five seconds later, with the headers of the first signature.
#[test]
fn sgn_04_rejects_a_retry_with_old_signature_headers() {
    let s3 = signer(Service::S3);
    let signed = s3.sign(&Request::new("GET", URL, &[]), Payload::Bytes(b""), now()).unwrap();
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    let (again, later) =
        (Request::new("GET", URL, &headers), now().checked_add(Duration::from_secs(5)).unwrap());
    assert_eq!(s3.sign(&again, Payload::Bytes(b""), later).unwrap_err(), SignError::AlreadySigned);
    let stripped = again.strip_signature();
    assert!(s3.sign(&stripped.request(), Payload::Bytes(b""), later).is_ok());
}

/// The secret was read from a file, with its line ending.
#[test]
fn idn_02_rejects_a_secret_with_a_line_ending() {
    use countersign::CredentialsError::InvalidSecretAccessKey;
    for secret in ["secret\n", "secret\r\n", " secret", "secret ", "sec\u{0}ret"] {
        let refused = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new(secret)).unwrap_err();
        assert_eq!(refused, InvalidSecretAccessKey);
    }
    assert!(Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("se cret+/é")).is_ok());
}

/// A server may ask for a header in another case.
#[test]
fn can_01_finds_a_signed_header_in_any_case() {
    let headers = [("Content-Type", "text/plain")];
    let url = signer(Service::S3).presign(&Request::new("PUT", URL, &headers), Expires::HOUR, now()).unwrap();
    let request = Request::new("PUT", url.as_str(), &headers);
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let claim = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap();
    let key = claim.derive_key(&credentials());
    let verified = claim.verify(&key).unwrap();
    let found = ["content-type", "Content-Type", "Content-Length"]
        .map(|name| verified.header(name).map(<[u8]>::to_vec));
    let text = || Some(b"text/plain".to_vec());
    assert_eq!(found, [text(), text(), None]);
}

/// Of several invalid headers, the error named the first in the request if there were few headers, and
/// the first by name if there were many.
#[test]
fn reports_the_first_invalid_header_of_the_request() {
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request, \
                         SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
                         Signature=0000000000000000000000000000000000000000000000000000000000000000";
    let names: Vec<String> = (0..60).map(|n| format!("z{n}")).collect();
    for others in [0, 60] {
        let mut headers = vec![
            ("host", "bucket.s3.amazonaws.com"),
            ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
            ("x-amz-date", "20130524T000000Z"),
            ("y/", ""),
            ("b", "\0"),
            ("authorization", authorization),
        ];
        headers.extend(names.iter().take(others).map(|name| (name.as_str(), "v")));
        let now = at("20130524T000000Z");
        let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
        let request = Request::new("PUT", "/", &headers);
        let claim = unverifiable(verifier.claim(&request, ReceivedBody::Unread, now));
        assert_err!(claim, RequestError::InvalidHeaderName { index: 3_usize });
    }
}

/// The index was that among the signed headers, instead of that in the request.
#[test]
fn reports_the_index_of_an_invalid_header_name() {
    let headers = [("user-agent", "x"), ("range", "bytes=0-9"), ("bad name", "v")];
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/a", &headers);
    let refused = unsignable(signer(Service::S3).sign(&request, Payload::Unsigned, now()));
    assert_err!(refused, RequestError::InvalidHeaderName { index: 2_usize });
}

/// A Host header in upper case or with the default port was signed as written, but
/// a client of the URL derives `Host` from the URL.
#[test]
fn sgn_04_signs_a_url_for_its_own_host() {
    for (authority, header) in [
        ("example.com", "EXAMPLE.com"),
        ("example.com:443", "example.com:443"),
        ("example.com:443", "example.com"),
        ("example.com", "example.com"),
    ] {
        let (uri, headers) = (format!("https://{authority}/key"), [("Host", header)]);
        let request = Request::new("GET", &uri, &headers);
        let url = signer(Service::S3).presign(&request, Expires::HOUR, now()).unwrap();
        let sent = [("Host", "example.com")];
        let sent = Request::new("GET", url.path_and_query(), &sent);
        assert_eq!(verify(Service::S3, &sent, ReceivedBody::Unread), Ok(()), "{authority} {header}");
    }
    // Without a host in the URI, the header is signed.
    let headers = [("Host", "EXAMPLE.com")];
    let url = signer(Service::S3).presign(&Request::new("GET", "/key", &headers), Expires::HOUR, now());
    let sent = Request::new("GET", url.as_ref().unwrap().path_and_query(), &headers);
    assert_eq!(verify(Service::S3, &sent, ReceivedBody::Unread), Ok(()));
}

/// The signer joined the values with a comma, but the verifier rejects the repetition.
#[test]
fn cov_05_signer_and_verifier_reject_the_same_repeated_headers() {
    for name in ["date", "content-length", "x-amz-decoded-content-length", "x-amz-region-set"] {
        let upper = name.to_uppercase();
        let headers = [("host", "example.com"), (name, "1"), (&upper, "1")];
        let request = Request::new("GET", "/key", &headers);
        let sign = |request| signer(Service::S3).sign(request, Payload::Bytes(b""), now()).map(drop);
        assert_err!(unsignable(sign(&request)), RequestError::RepeatedHeader { name: name });
        let presigned = signer(Service::S3).presign(&request, Expires::HOUR, now()).map(drop);
        assert_err!(unsignable(presigned), RequestError::RepeatedHeader { name: name });
        assert_eq!(sign(&Request::new("GET", "/key", &headers[..2])), Ok(()));
    }
}

/// The verifier also counted `&` in the path, where it is part of a key.
#[test]
fn dos_01_counts_parameters_only_in_the_query() {
    let path = format!("/bucket/{}", "a&".repeat(300));
    let host = [("host", "example.com")];
    let query = "a&".repeat(255);
    for (uri, passes) in [
        (path.clone(), true),
        (format!("{path}?a=1"), true),
        (format!("{path}?{query}a"), true),
        (format!("{path}?{query}&a"), false),
    ] {
        let repeated =
            Service::S3.with_rules(Service::S3.rules().with_repeated_parameters(RepeatedParameters::Allowed));
        let request = Request::new("GET", &uri, &host);
        let signed = signer(repeated).sign(&request, Payload::Bytes(b""), now()).unwrap();
        let headers: Vec<(&str, &str)> = host.into_iter().chain(signed.iter()).collect();
        let verified = verify(Service::S3, &Request::new("GET", &uri, &headers), ReceivedBody::Bytes(b""));
        if passes {
            assert_eq!(verified, Ok(()));
        } else {
            assert_err!(verified, VerifyError::TooLarge { limit: Limit::Parameters, max: 256_usize });
        }
    }
}

/// Without a space after the scheme, the whole value was taken for the scheme.
#[test]
fn sec_01_no_signature_is_shown_as_an_algorithm() {
    let unsupported = |error: VerifyError, name: &str| {
        let mechanism = Mechanism::Header;
        assert_err!(
            Err::<(), _>(error),
            VerifyError::UnsupportedAlgorithm { mechanism: mechanism, algorithm: name }
        );
    };
    let claim = |value: &str| {
        let headers = [("host", "example.com"), ("authorization", value)];
        verify(Service::S3, &Request::new("GET", "/key", &headers), ReceivedBody::Unread).unwrap_err()
    };
    let signature = "frJIUN8DYpKDtOLCwo//yllqDzg=";
    unsupported(claim("AWS4-HMAC-SHA512 Signature=00"), "AWS4-HMAC-SHA512");
    assert_eq!(claim(&format!("AWS AKIDEXAMPLE:{signature}")), VerifyError::SignatureVersion2);
    assert_eq!(claim(&format!("AWS:AKIDEXAMPLE:{signature}")), VerifyError::SignatureVersion2);
    unsupported(claim(&format!("AWSAKIDEXAMPLE:{signature}")), "AWSAKIDEXAMPLE");
    let separators = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Separators);
    assert_eq!(claim("AWS4-HMAC-SHA256,Signature=00"), separators);
}

/// The message named a week when the limit was an hour.
#[test]
fn messages_state_the_limit_that_applies() {
    let week = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::WEEK, now()).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().with_max_url_lifetime(Expires::HOUR);
    let request = Request::new("GET", week.as_str(), &[]);
    let error = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap_err();
    assert_eq!(error.to_string(), "X-Amz-Expires must be at most 3600 seconds");
}

/// A presigned URL rejects an `x-amz-date` header of any value, but the message said that the values differ.
#[test]
fn the_message_for_a_date_header_with_a_url_is_true() {
    let headers = [("x-amz-date", "20150830T123600Z")];
    let request = Request::new("GET", URL, &headers);
    let refused = signer(Service::S3).presign(&request, Expires::HOUR, now());
    assert_err!(&refused, SignError::HeaderMismatch { name: "x-amz-date" });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the header \"x-amz-date\" does not fit the signature; remove it, or correct its value"
    );
}
