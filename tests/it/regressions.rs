//! Bugs that were found by attack, each with the input that showed it.

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

/// The hash in the query was signed as a parameter, and bound no body.
#[test]
fn pay_01_a_hash_in_the_query_is_refused_on_both_ends() {
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

/// The URL was signed for a body, but no header told the service its hash.
#[test]
fn sgn_04_a_stated_payload_is_a_required_header_where_the_service_is_told_it() {
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

/// A bound URL was renewed as one for any body.
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

/// Segments that `..` takes away were never looked at.
#[test]
fn can_06_a_broken_triplet_is_refused_in_a_segment_that_is_resolved_away() {
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

/// The letters of Version 2 inside a Version 4 request.
#[test]
fn alg_03_only_the_parameter_of_version_2_is_taken_for_it() {
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

/// Controls other than CR, LF and NUL went by in headers beside the signature.
#[test]
fn can_08_no_control_character_stands_beside_a_signature() {
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

/// The other name of a session token was a header like any other.
#[test]
fn tok_03_a_token_under_the_name_of_another_service_is_refused() {
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

/// What the signer signed, the verifier called contradictory.
#[test]
fn cov_06_a_signer_refuses_a_header_that_contradicts_its_parameter() {
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

/// Hosts as clients write them, whatever the URI's spelling.
#[test]
fn sgn_04_the_host_that_is_signed_is_the_host_that_is_sent() {
    let s3 = signer(Service::S3);
    for uri in ["HTTPS://h.example.com:443/x", "https://h.example.com:/x", "https://H.Example.com/x"] {
        let url = s3.presign(&Request::new("GET", uri, &[]), Expires::HOUR, now()).unwrap();
        assert!(url.as_str().starts_with("https://h.example.com"), "{}", url.masked());
        let headers = [("Host", "h.example.com")];
        let request = Request::new("GET", url.path_and_query(), &headers);
        assert_eq!(verify(Service::S3, &request, ReceivedBody::Unread), Ok(()), "{uri}");
    }
    // Some clients send these capitals, others do not.
    let request = Request::new("GET", "https://H.Example.com/x", &[]);
    let refused = s3.sign(&request, Payload::Bytes(b""), now()).unwrap_err();
    assert_eq!(refused, SignError::Request(RequestError::InvalidHost));
}

/// Characters that URL parsers rewrite behind a signature's back.
#[test]
fn sgn_04_a_presigned_path_is_spelled_as_it_can_be_sent() {
    let execute = || Service::new("execute-api").unwrap();
    let request = Request::new("GET", "https://h.example.com/a\\b{c}", &[]);
    let url = signer(execute()).presign(&request, Expires::HOUR, now()).unwrap();
    assert!(url.path_and_query().starts_with("/a%5Cb%7Bc%7D?"), "{}", url.masked());
    let sent = Request::new("GET", url.as_str(), &[]);
    assert_eq!(verify(execute(), &sent, ReceivedBody::Bytes(b"")), Ok(()));
}

/// A header's name went into a log as it came, line ends and all.
#[test]
fn sec_02_no_error_text_has_a_line_of_its_senders() {
    let headers = [("a\r\nevil", "\u{1}")];
    let refused = signer(Service::S3)
        .sign(&Request::new("GET", URL, &headers), Payload::Bytes(b""), now())
        .unwrap_err();
    assert!(!refused.to_string().contains(['\r', '\n']), "{refused}");
}

/// A cached key outlived the credentials that it came from.
#[cfg(feature = "std")]
#[test]
fn key_01_a_cached_key_ends_with_its_credentials() {
    let cache = countersign::KeyCache::new(8);
    let url = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::HOUR, now()).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let request = Request::new("GET", url.as_str(), &[]);
    let second = Duration::from_secs(1);
    let (before, after) = (now().checked_sub(second).unwrap(), now().checked_add(second).unwrap());
    let judge = |credentials: &Credentials| {
        let claim = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap();
        let key = cache.key(&claim, credentials);
        claim.verify(key.as_ref()).map(drop).map_err(Rejected::into_error)
    };
    assert_eq!(judge(&credentials()), Ok(()));
    assert_eq!(judge(&credentials().with_expiration(after)), Ok(()));
    let ended = judge(&credentials().with_expiration(before));
    assert_err!(ended.clone(), VerifyError::CredentialsExpired { at: before });
    let ended = ended.unwrap_err();
    assert_eq!((ended.code(), ended.status()), ("ExpiredToken", 400));
}

/// The code depends on where the algorithm stood.
#[test]
fn alg_01_an_unknown_algorithm_in_a_query_is_an_error_of_the_query() {
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

/// A request is signed again five seconds later, headers and all.
#[test]
fn sgn_04_a_retry_is_told_that_it_is_signed() {
    let s3 = signer(Service::S3);
    let signed = s3.sign(&Request::new("GET", URL, &[]), Payload::Bytes(b""), now()).unwrap();
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    let (again, later) =
        (Request::new("GET", URL, &headers), now().checked_add(Duration::from_secs(5)).unwrap());
    assert_eq!(s3.sign(&again, Payload::Bytes(b""), later).unwrap_err(), SignError::AlreadySigned);
    let stripped = again.strip_signature();
    assert!(s3.sign(&stripped.request(), Payload::Bytes(b""), later).is_ok());
}

/// Read from a file, with what stood around it.
#[test]
fn idn_02_a_secret_with_its_line_end_is_refused() {
    use countersign::CredentialsError::InvalidSecretAccessKey;
    for secret in ["secret\n", "secret\r\n", " secret", "secret ", "sec\u{0}ret"] {
        let refused = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new(secret)).unwrap_err();
        assert_eq!(refused, InvalidSecretAccessKey);
    }
    assert!(Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("se cret+/é")).is_ok());
}

/// A server asked for a header as its framework spells it.
#[test]
fn can_01_a_signed_header_is_found_in_any_case() {
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

/// Which of several headers that no request can carry is named must not depend on how many others
/// there are: with few of them they were named by arrival, with many by name.
#[test]
fn the_first_invalid_header_is_named_however_many_there_are() {
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

/// The place of a bad name was counted among the headers that are signed, not
/// among those of the request.
#[test]
fn a_bad_header_name_is_named_by_its_place_in_the_request() {
    let headers = [("user-agent", "x"), ("range", "bytes=0-9"), ("bad name", "v")];
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/a", &headers);
    let refused = unsignable(signer(Service::S3).sign(&request, Payload::Unsigned, now()));
    assert_err!(refused, RequestError::InvalidHeaderName { index: 2_usize });
}

/// A Host header in capitals, or with the port that `https` implies, was signed
/// as it stood; but whoever follows a URL writes `Host` from the URL.
#[test]
fn sgn_04_a_url_is_signed_for_the_host_that_it_names() {
    for (authority, header) in [
        ("example.com", "EXAMPLE.com"),
        ("EXAMPLE.com", "EXAMPLE.com"),
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
    // Where the URI names none, the header does.
    let headers = [("Host", "EXAMPLE.com")];
    let url = signer(Service::S3).presign(&Request::new("GET", "/key", &headers), Expires::HOUR, now());
    let sent = Request::new("GET", url.as_ref().unwrap().path_and_query(), &headers);
    assert_eq!(verify(Service::S3, &sent, ReceivedBody::Unread), Ok(()));
}

/// They were signed, joined by a comma, for a verifier that takes none of them twice.
#[test]
fn cov_05_the_signer_refuses_twice_what_a_verifier_does() {
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

/// They were counted in the path, too, where `&` is a character of a key.
#[test]
fn dos_01_parameters_are_counted_in_the_query_alone() {
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

/// Without a blank behind it, the scheme was taken to go on to the end of the value.
#[test]
fn sec_01_no_signature_is_shown_as_the_name_of_a_scheme() {
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
    unsupported(claim("AWS4-HMAC-SHA256,Signature=00"), "AWS4-HMAC-SHA256");
}

/// They told an hour's limit as a week, and SigV4a to send 64 digits.
#[test]
fn what_is_malformed_is_told_as_it_is_asked_for() {
    let week = signer(Service::S3).presign(&Request::new("GET", URL, &[]), Expires::WEEK, now()).unwrap();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().with_max_url_lifetime(Expires::HOUR);
    let request = Request::new("GET", week.as_str(), &[]);
    let error = verifier.claim(&request, ReceivedBody::Unread, now()).unwrap_err();
    assert_eq!(error, VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Expires));
    assert!(
        error.to_string().ends_with("a number of seconds, from 0 to the maximum that is allowed"),
        "{error}"
    );
    assert!(MalformedAuthorization::Signature.to_string().ends_with("or for SigV4a those of one DER value"));
}

/// A URL takes no date from a header, not even its own; the text spoke of another value.
#[test]
fn a_header_that_a_url_has_no_place_for_is_not_said_to_have_another_value() {
    let headers = [("x-amz-date", "20150830T123600Z")];
    let request = Request::new("GET", URL, &headers);
    let refused = signer(Service::S3).presign(&request, Expires::HOUR, now());
    assert_err!(&refused, SignError::HeaderMismatch { name: "x-amz-date" });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the header \"x-amz-date\" does not fit the signature; remove it, or correct its value"
    );
}
