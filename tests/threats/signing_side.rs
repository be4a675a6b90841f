//! What a signer refuses to sign, and what it always signs.

use std::time::Duration;

use countersign::s3::{AddressError, Endpoint};
use countersign::{
    AuthHeaders, ConfigError, Expires, InvalidUri, Payload, PresignedUrl, ReceivedBody, Request,
    RequestError, Service, SignError, Signer, VerifyError,
};

use testkit::*;

const URL: &str = "https://examplebucket.s3.amazonaws.com/folder/test.txt";

fn sign(request: &Request<'_>) -> Result<AuthHeaders, SignError> {
    signer().sign(request, Payload::Bytes(b""), now())
}

fn presign(request: &Request<'_>) -> Result<PresignedUrl, SignError> {
    signer().presign(request, Expires::HOUR, now())
}

#[test]
fn sgn_01_host_and_every_x_amz_header_are_signed() {
    let headers = [
        ("X-Amz-Acl", "private"),
        ("x-amz-copy-source", "/a/b"),
        ("X-AMZ-META-A", "b"),
        ("x-amz-", "odd"),
        ("Content-Type", "text/plain"),
        ("User-Agent", "any"),
    ];
    let request = Request::new("PUT", URL, &headers);
    let list =
        "content-type;host;x-amz-;x-amz-acl;x-amz-content-sha256;x-amz-copy-source;x-amz-date;x-amz-meta-a";
    assert_eq!(sign(&request).unwrap().signed_headers(), list);
    let list = "content-type;host;x-amz-;x-amz-acl;x-amz-copy-source;x-amz-meta-a";
    assert_eq!(presign(&request).unwrap().signed_headers(), list);
    let token = temporary_signer().sign(&request, Payload::Bytes(b""), now()).unwrap();
    assert!(token.signed_headers().ends_with(";x-amz-security-token"));
}

#[test]
fn sgn_01_a_header_that_cannot_be_signed_is_an_error() {
    assert!(sign(&Request::new("GET", URL, &[("x-amz-meta-a", "b")])).is_ok());
    let request = Request::new("GET", URL, &[("x-amz-meta-a", "a\0b")]);
    assert_err!(
        sign(&request),
        SignError::Request(RequestError::InvalidHeaderValue { name: "x-amz-meta-a" })
    );
    assert_err!(
        presign(&request),
        SignError::Request(RequestError::InvalidHeaderValue { name: "x-amz-meta-a" })
    );
    let request = Request::new("GET", URL, &[("x-amz-met\u{e4}", "b")]);
    assert_err!(sign(&request), SignError::Request(RequestError::InvalidHeaderName { index: 0 }));
    assert_err!(presign(&request), SignError::Request(RequestError::InvalidHeaderName { index: 0 }));
    let request = Request::new("GET", "/k", &[]);
    assert_eq!(sign(&request).unwrap_err(), SignError::Request(RequestError::InvalidHost));
    let request = Request::new("GET", "/k", &[("host", "a"), ("Host", "a")]);
    assert_err!(sign(&request), SignError::Request(RequestError::RepeatedHeader { name: "host" }));
}

/// A header that is not signed is sent anyway: a line ending in it would add another header.
#[test]
fn can_08_control_characters_in_a_header_that_is_never_signed_are_refused() {
    assert!(sign(&Request::new("GET", URL, &[("User-Agent", "any")])).is_ok());
    let request = Request::new("GET", URL, &[("User-Agent", "any\r\nx-amz-acl: public-read")]);
    assert!(matches!(sign(&request), Err(SignError::Request(RequestError::InvalidHeaderValue { .. }))));
    let request = Request::new("GET", URL, &[("Proxy-A\r\nx-amz-acl", "public-read")]);
    assert!(matches!(sign(&request), Err(SignError::Request(RequestError::InvalidHeaderName { .. }))));
}

#[test]
fn sgn_02_a_region_or_service_cannot_change_the_host() {
    let new = |region: &str, service: &str| {
        Signer::new(credentials(), region.to_owned(), Service::new(service.to_owned())?).map(|_| ())
    };
    assert_eq!(new("us-east-1", "s3"), Ok(()));
    for odd in [
        "",
        "a/b",
        "a@b",
        "a#b",
        "a?b",
        "a b",
        "a\tb",
        "a\nb",
        "a\0b",
        "a.b",
        "a:b",
        "a%2fb",
        "é",
        "x.evil.com/",
        "*",
        "a\\b",
        "..",
    ] {
        assert_err!(new(odd, "s3"), ConfigError::InvalidRegion { region: odd }, "{odd:?}");
        assert_err!(new("us-east-1", odd), ConfigError::InvalidService { service: odd }, "{odd:?}");
        assert_eq!(Endpoint::aws(odd), Err(AddressError::InvalidRegion), "{odd:?}");
    }
}

#[test]
fn sgn_02_a_bucket_or_endpoint_cannot_change_the_rest_of_a_url() {
    let path = Endpoint::parse("https://s3.example.com").unwrap();
    let host = Endpoint::aws("us-east-1").unwrap();
    assert!(path.object_url("bucket", "key").is_ok());
    assert!(host.object_url("bucket", "key").is_ok());
    for odd in [
        "",
        "..",
        "a/b",
        "a?b",
        "a#b",
        "a@b",
        "a b",
        "a\nb",
        "a%2fb",
        "../a",
        "evil.com/x",
        "a:80",
        "\u{e9}\u{e9}\u{e9}",
    ] {
        assert_eq!(path.object_url(odd, "key"), Err(AddressError::InvalidBucket), "{odd:?}");
        assert_eq!(host.object_url(odd, "key"), Err(AddressError::InvalidBucket), "{odd:?}");
    }
    for odd in [
        "",
        "s3.example.com",
        "ftp://a",
        "https://",
        "https://a//b",
        "https://a/b c",
        "https://a?b",
        "https://a#b",
        "https://u@a",
        "https://a b",
        "https://a\n",
        "javascript://a",
    ] {
        assert_eq!(Endpoint::parse(odd), Err(AddressError::InvalidEndpoint), "{odd:?}");
    }
    // Every character of a key is in the path.
    let url = path.object_url("bucket", "../?x=1#y@z\r\n/é").unwrap();
    assert_eq!(url, "https://s3.example.com/bucket/../%3Fx%3D1%23y%40z%0D%0A/%C3%A9");
}

#[test]
fn sgn_03_a_lifetime_is_from_a_second_to_a_week() {
    let request = Request::new("GET", URL, &[]);
    for (seconds, text) in [(1, "=1&"), (604_800, "=604800&")] {
        let url = signer().presign(&request, Expires::from_secs(seconds).unwrap(), now()).unwrap();
        assert!(url.as_str().contains(&format!("X-Amz-Expires{text}")));
    }
    for seconds in [0, 604_801, u32::MAX.into(), u64::MAX] {
        assert_eq!(Expires::from_secs(seconds).unwrap_err().seconds(), seconds);
    }
}

#[test]
fn sgn_03_the_token_is_in_the_signed_query() {
    let request = Request::new("GET", URL, &[]);
    let url = temporary_signer().presign(&request, Expires::HOUR, now()).unwrap();
    let token = format!("X-Amz-Security-Token={}", countersign::uri::encode(TOKEN));
    assert!(url.explain().canonical_request().query().contains(&token));
    assert!(url.as_str().contains(&token));
    accepted(&Wire::get().target(url.path_and_query()));
}

#[test]
fn sgn_03_parameters_of_the_signature_are_refused() {
    let one = |query: &str| {
        let url = format!("{URL}?{query}");
        let request = Request::new("GET", &url, &[]);
        let (signed, presigned) = (sign(&request).map(|_| ()), presign(&request).map(|_| ()));
        assert_eq!(signed, presigned);
        signed
    };
    assert_eq!(one("x-id=GetObject&x-amz-acl=private"), Ok(()));
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Security-Token",
        "x-amz-expires",
        "X%2DAmz%2DExpires",
        "%58-Amz-Date",
    ] {
        for value in ["", "=", "=x"] {
            // The error has the canonical spelling.
            let shown = name.replace("%2D", "-").replace("%58", "X");
            assert_err!(one(&format!("{name}{value}")), SignError::ReservedParameter { name: shown });
            assert_err!(one(&format!("a=b&{name}{value}")), SignError::ReservedParameter { name: shown });
        }
    }
    for name in ["X-Amz-Signature", "x-amz-signature"] {
        assert_eq!(one(&format!("{name}=x")), Err(SignError::AlreadySigned));
    }
    for name in ["X-Amz-Signatur%65", "X%2DAmz-Signature"] {
        assert_eq!(one(&format!("{name}=x")), Err(SignError::AlreadySigned));
    }
}

#[test]
fn sgn_03_a_url_does_not_outlive_its_credentials() {
    let request = Request::new("GET", URL, &[]);
    let end = now_plus(600);
    let signer = Signer::new(temporary().with_expiration(end), "us-east-1", Service::S3).unwrap();
    let presign = |expires| signer.presign(&request, expires, now());
    assert_err!(presign(Expires::HOUR), SignError::OutlivesCredentials { expiration: end });
    let ten_minutes = Duration::from_secs(600);
    assert_eq!(presign(Expires::from_secs(600).unwrap()).unwrap().expires(), ten_minutes);
    let signer = signer.shorten_to_credentials();
    assert_eq!(signer.presign(&request, Expires::HOUR, now()).unwrap().expires(), ten_minutes);
    let late = signer.presign(&request, Expires::HOUR, end);
    assert_err!(late, SignError::CredentialsExpired { at: end });
    let late = signer.sign(&request, Payload::Bytes(b""), end);
    assert_err!(late, SignError::CredentialsExpired { at: end });
}

#[test]
fn sgn_03_headers_of_the_signature_are_refused_when_presigning() {
    for (name, value) in
        [("x-amz-date", NOW), ("x-amz-security-token", TOKEN), ("X-Amz-S3session-Token", "x")]
    {
        let headers = [(name, value)];
        let request = Request::new("GET", URL, &headers);
        assert_err!(presign(&request), SignError::HeaderMismatch { name: name.to_ascii_lowercase() });
    }
    assert!(presign(&Request::new("GET", URL, &[("x-amz-acl", "private")])).is_ok());
}

/// Returns what a client would send: the headers of the request and the added ones.
fn sent(request: &[(&str, &str)], added: &AuthHeaders) -> Wire {
    let wire = request.iter().fold(Wire::new("PUT", "/k"), |wire, (name, value)| wire.with(name, value));
    added.iter().fold(wire, |wire, (name, value)| wire.with(name, value))
}

#[test]
fn sgn_04_what_is_returned_is_what_was_signed() {
    let headers = [("X-Amz-Meta-A", "b"), ("x-amz-date", NOW)];
    let url = format!("https://{HOST}/k");
    let request = Request::new("PUT", &url, &headers);
    let added = sign(&request).unwrap();
    let wire = sent(&headers, &added);
    assert_eq!(wire.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-date")).count(), 1);
    accepted(&wire);

    for target in ["/a%2bb/../%7e//c?b&a=%2f+x", "/k?a=1&Z=2&X-Amz=3&x-amz-acl=private", "/"] {
        let url = format!("https://{HOST}{target}");
        let presigned = presign(&Request::new("GET", &url, &[("x-amz-meta-a", " b  c ")])).unwrap();
        let wire = presigned
            .required_headers()
            .fold(Wire::new("GET", presigned.path_and_query()), |wire, (name, value)| wire.with(name, value));
        accepted(&wire);
    }
}

#[test]
fn sgn_04_signing_a_signed_request_is_an_error() {
    let url = format!("https://{HOST}/k");
    let first = sign(&Request::new("PUT", &url, &[])).unwrap();
    let headers: Vec<(&str, &str)> = first.iter().collect();
    let again = Request::new("PUT", &url, &headers);
    assert_eq!(sign(&again).unwrap_err(), SignError::AlreadySigned);
    assert_eq!(presign(&again).unwrap_err(), SignError::AlreadySigned);
    // The signature is replaced explicitly.
    let bare = again.strip_signature();
    let replaced = sign(&bare.request()).unwrap();
    assert_eq!(replaced.authorization(), first.authorization());

    let presigned = presign(&Request::new("GET", URL, &[])).unwrap();
    let again = Request::new("GET", presigned.as_str(), &[]);
    assert_eq!(presign(&again).unwrap_err(), SignError::AlreadySigned);
    assert_eq!(sign(&again).unwrap_err(), SignError::AlreadySigned);
    assert_eq!(presign(&again.strip_signature().request()).unwrap().as_str(), presigned.as_str());
}

#[test]
fn sgn_04_a_header_that_contradicts_the_signature_is_an_error() {
    let one = |name: &str, value: &str| sign(&Request::new("GET", URL, &[(name, value)])).map(|_| ());
    assert_eq!(one("x-amz-date", NOW), Ok(()));
    assert_eq!(one("x-amz-content-sha256", EMPTY), Ok(()));
    for (name, value) in [
        ("X-Amz-Date", "20130524T120001Z"),
        ("x-amz-content-sha256", UNSIGNED),
        ("x-amz-security-token", TOKEN),
        ("x-amz-s3session-token", TOKEN),
    ] {
        assert_err!(one(name, value), SignError::HeaderMismatch { name: name.to_ascii_lowercase() });
    }
    let twice = Request::new("GET", URL, &[("x-amz-date", NOW), ("X-Amz-Date", NOW)]);
    assert_err!(sign(&twice), SignError::Request(RequestError::RepeatedHeader { name: "x-amz-date" }));
    let elsewhere = Request::new("GET", URL, &[("host", "other.example.com")]);
    assert_eq!(presign(&elsewhere).unwrap_err(), SignError::HostMismatch);
}

/// Ceph and SeaweedFS read `%2F` as a slash, ministack and botocore as a character; S3 is reported to read a
/// raw `+` as a space, Ceph and SeaweedFS read a plus sign; Ceph keeps a tab inside a value, ministack and
/// SeaweedFS fold it.
#[test]
fn sgn_04_what_servers_read_in_different_ways_is_not_signed() {
    for (path, spelling) in
        [("/a%2Fb", "%2F"), ("/%2f", "%2F"), ("/a+b", "+"), ("/a%20b/+", "+"), ("/+%2F", "+")]
    {
        let url = format!("https://{HOST}{path}");
        let request = Request::new("GET", &url, &[]);
        for error in [sign(&request).unwrap_err(), presign(&request).unwrap_err()] {
            assert_err!(Err::<(), _>(error), SignError::AmbiguousPath { spelling: spelling }, "{path}");
        }
    }
    for path in ["/a/b", "/a%2Bb", "/a%20b", "/a%252Fb", "/a%2", "/!$&'()*,:;=@"] {
        let url = format!("https://{HOST}{path}");
        let error = sign(&Request::new("GET", &url, &[])).err();
        let broken = SignError::Request(RequestError::InvalidUri(InvalidUri::PercentEncoding));
        assert_eq!(error, (path == "/a%2").then_some(broken), "{path}");
    }
    // The query and the paths of other services have one reading.
    for (signer, target) in [(signer(), "/?a=%2F+"), (standard_signer(), "/a%2Fb+c")] {
        let url = format!("https://{HOST}{target}");
        assert!(signer.sign(&Request::new("GET", &url, &[]), Payload::Bytes(b""), now()).is_ok(), "{target}");
    }
    for (value, is_signed) in [("a b", true), ("\ta b \t", true), ("a\tb", false), ("a \t b", false)] {
        let (url, headers) = (format!("https://{HOST}/a"), [("X-Amz-Meta-A", value)]);
        let request = Request::new("GET", &url, &headers);
        for error in [sign(&request).err(), presign(&request).err()] {
            if is_signed {
                assert_eq!(error, None, "{value:?}");
            } else {
                assert_err!(
                    Err::<(), _>(error.unwrap()),
                    SignError::AmbiguousHeaderValue { name: "x-amz-meta-a" },
                    "{value:?}"
                );
            }
        }
    }
}

/// A client would encode these bytes after signing, or send them as they are, which servers refuse.
#[test]
fn sgn_04_raw_bytes_in_a_path_are_not_signed_in_headers() {
    for (path, byte) in [("/a b", b' '), ("/é", 0xc3)] {
        let url = format!("https://{HOST}{path}");
        for signer in [signer(), standard_signer()] {
            let signed = signer.sign(&Request::new("GET", &url, &[]), Payload::Bytes(b""), now());
            let Err(SignError::Request(RequestError::InvalidUri(InvalidUri::Byte { byte: found, .. }))) =
                signed
            else {
                panic!("{path}: {signed:?}");
            };
            assert_eq!(found, byte);
        }
    }
}

/// A Unicode space at either end of a host is not trimmed.
#[test]
fn sgn_04_a_host_that_verifiers_refuse_is_not_signed() {
    for host in ["\u{a0}examplebucket.s3.amazonaws.com", "examplebucket.s3.amazonaws.com\u{3000}"] {
        let headers = [("host", host)];
        let request = Request::new("GET", "/k", &headers);
        assert_eq!(sign(&request).unwrap_err(), SignError::Request(RequestError::InvalidHost), "{host:?}");
    }
    let headers = [("host", " examplebucket.s3.amazonaws.com\t")];
    assert!(sign(&Request::new("GET", "/k", &headers)).is_ok());
}

/// The signer encodes spaces and characters outside ASCII, for every service.
#[test]
fn sgn_04_a_presigned_url_contains_only_characters_that_can_be_sent() {
    for signer in [signer(), standard_signer()] {
        for (path, sent) in [("/a b", "/a%20b"), ("/é", "/%C3%A9"), ("/a%20b", "/a%20b")] {
            let url = format!("https://{HOST}{path}");
            let presigned = signer.presign(&Request::new("GET", &url, &[]), Expires::HOUR, now()).unwrap();
            let text = presigned.as_str();
            assert!(text.starts_with(&format!("https://{HOST}{sent}?X-Amz-Algorithm=")), "{text}");
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        }
    }
}

/// `exclude_header` does not exempt `x-amz-date` from the check against the time of signing.
#[test]
fn sgn_04_another_date_is_an_error_even_if_the_header_is_excluded() {
    let signer = signer().exclude_header("x-amz-date");
    let sign = |headers: &[(&str, &str)]| {
        signer.sign(&Request::new("GET", URL, headers), Payload::Bytes(b""), now())
    };
    let dates = |added: AuthHeaders| added.iter().filter(|(name, _)| *name == "x-amz-date").count();
    assert_err!(
        sign(&[("x-amz-date", "20130524T120001Z")]),
        SignError::HeaderMismatch { name: "x-amz-date" }
    );
    // The signer adds the header once, or not at all if the request has it.
    assert_eq!(sign(&[("x-amz-date", NOW)]).map(dates), Ok(0));
    assert_eq!(sign(&[]).map(dates), Ok(1));
}

#[test]
fn sgn_01_an_excluded_header_is_refused_by_a_verifier_without_that_exception() {
    let lax = signer().exclude_header("x-amz-cf-id");
    let wire = Wire::get().with("x-amz-cf-id", "a").signed_by(&lax);
    refused!(&wire, VerifyError::UnsignedHeaders { names: ["x-amz-cf-id"] }, "AccessDenied", 403);
    accepted_by(&verifier().allow_unsigned_header("x-amz-cf-id"), &wire);
}

#[test]
fn sgn_04_a_reused_buffer_does_not_change_the_result() {
    let long = format!("{URL}/{}", "x".repeat(2000));
    let first =
        temporary_signer().sign(&Request::new("PUT", &long, &[]), Payload::Bytes(b""), now()).unwrap();
    let request = Request::new("GET", URL, &[]);
    let again = signer().sign_in(&mut first.into_buffer(), &request, Payload::Bytes(b""), now()).unwrap();
    let fresh = sign(&request).unwrap();
    assert!(again.iter().eq(fresh.iter()));
    assert_eq!(again.explain().to_string(), fresh.explain().to_string());
    let first = temporary_signer().presign(&Request::new("PUT", &long, &[]), Expires::HOUR, now()).unwrap();
    let again = signer().presign_in(&mut first.into_buffer(), &request, Expires::HOUR, now()).unwrap();
    assert_eq!(again.as_str(), presign(&request).unwrap().as_str());
    let wire = Request::new("GET", again.path_and_query(), &[("host", HOST)]);
    assert!(verifier().claim(&wire, ReceivedBody::Unread, now()).is_ok());
}

/// Tracing libraries write these headers after the request was signed, or twice:
/// dd-trace-py#19477, sentry-python#7050. botocore 1.43.120 skips the first three.
#[test]
fn sgn_01_headers_of_tracing_libraries_are_not_signed() {
    let headers = [
        ("traceparent", "00-46e0bbc8e16611d51e02b7734d5b9164-c94a73ad0dd252f4-01"),
        ("tracestate", "dd=p:c94a73ad0dd252f4;s:1"),
        ("Baggage", "sentry-environment=production"),
        ("sentry-trace", "46e0bbc8e16611d51e02b7734d5b9164-c94a73ad0dd252f4-1"),
        ("x-datadog-trace-id", "2162492476938228068"),
        ("X-Datadog-Tags", "_dd.p.tid=46e0bbc8e16611d5"),
        ("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"),
        ("cache-control", "no-cache"),
        ("cookie", "AWSALB=1"),
    ];
    let signed = sign(&Request::new("GET", URL, &headers)).unwrap();
    assert_eq!(signed.signed_headers(), "cache-control;cookie;host;x-amz-content-sha256;x-amz-date");
    let url = presign(&Request::new("GET", URL, &headers)).unwrap();
    assert_eq!(url.signed_headers(), "cache-control;cookie;host");
}

#[test]
fn sgn_01_the_last_choice_of_a_header_decides() {
    let headers = [("accept-encoding", "identity"), ("Traceparent", "00-1-2-01"), ("range", "bytes=0-9")];
    let names = |signer: &Signer| {
        let request = Request::new("GET", URL, &headers);
        signer.presign(&request, Expires::HOUR, now()).unwrap().signed_headers().to_owned()
    };
    assert_eq!(names(&signer()), "host;range");
    let included = signer().include_header("Accept-Encoding").include_header("traceparent");
    assert_eq!(names(&included), "accept-encoding;host;range;traceparent");
    let renewed = included.with_credentials(credentials()).unwrap();
    assert_eq!(names(&renewed), "accept-encoding;host;range;traceparent");
    assert_eq!(names(&included.exclude_header("traceparent")), "accept-encoding;host;range");
    assert_eq!(names(&signer().exclude_header("range").include_header("RANGE")), "host;range");
    // The header of the signature itself is never signed.
    let headers = [("authorization", "Bearer abc")];
    let url = signer().include_header("authorization").presign(
        &Request::new("GET", URL, &headers),
        Expires::HOUR,
        now(),
    );
    assert_eq!(url.unwrap().signed_headers(), "host");
}

#[test]
fn sgn_04_an_authorization_of_another_scheme_is_named() {
    let signed = |value: &str| sign(&Request::new("GET", URL, &[("Authorization", value)])).map(drop);
    for (value, scheme) in
        [("Bearer abc", "Bearer"), (" Basic\tabc", "Basic"), ("secret-token", ""), ("", "")]
    {
        assert_err!(signed(value), SignError::ForeignAuthorization { scheme: scheme });
    }
    let text = signed("Bearer abc").unwrap_err().to_string();
    assert!(text.contains("\"Bearer\"") && text.contains("remove it") && !text.contains("abc"), "{text}");
    for value in ["AWS4-HMAC-SHA256 Credential=a", "aws a:b", "AWS4-ECDSA-P256-SHA256 a"] {
        assert_eq!(signed(value), Err(SignError::AlreadySigned));
    }
    // A URL leaves the header free. The verifier accepts the URL with and without it.
    let url = format!("https://{HOST}/k");
    let headers = [("authorization", "Bearer abc")];
    let presigned = presign(&Request::new("GET", &url, &headers)).unwrap();
    assert_eq!((presigned.signed_headers(), presigned.required_headers().count()), ("host", 0));
    let wire = Wire::get().target(presigned.path_and_query());
    accepted(&wire);
    accepted(&wire.with("authorization", "Bearer abc"));
    let twice = [("authorization", "Bearer abc"), ("authorization", "Bearer abc")];
    assert_err!(
        presign(&Request::new("GET", &url, &twice)),
        SignError::Request(RequestError::RepeatedHeader { name: "authorization" })
    );
}

/// `strip_signature` dropped `x-amz-content-sha256` if any `Authorization` was present, so
/// that the renewed URL was valid for every body.
#[test]
fn sgn_04_renewing_a_url_keeps_its_body_with_a_foreign_authorization() {
    let uri = format!("https://{HOST}/k");
    let put = Request::new("PUT", &uri, &[]);
    let url = signer().presign_with_payload(&put, Payload::Bytes(b"hello"), Expires::HOUR, now()).unwrap();
    let hash = Payload::Bytes(b"hello").hash();
    for scheme in ["Bearer abc", "Basic abc", "", "token"] {
        let headers = [("x-amz-content-sha256", hash.as_str()), ("authorization", scheme)];
        let stripped = Request::new("PUT", url.as_str(), &headers).strip_signature();
        let renewed = signer().presign(&stripped.request(), Expires::DAY, now()).unwrap();
        assert_eq!(renewed.signed_headers(), "host;x-amz-content-sha256", "{scheme}");
        let wire = Wire::new("PUT", renewed.path_and_query()).with("x-amz-content-sha256", hash.as_str());
        accepted(&wire.clone().body("hello"));
        assert!(matches!(wire.body("other").verify(), Err(VerifyError::PayloadMismatch { .. })));
        // The foreign header is still in the request.
        assert!(matches!(sign(&stripped.request()), Err(SignError::ForeignAuthorization { .. })));
    }
    // A request that was signed in headers loses the hash of its old body.
    let signed = signer().sign(&put, Payload::Bytes(b"hello"), now()).unwrap();
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    let stripped = Request::new("PUT", &uri, &headers).strip_signature();
    assert!(signer().sign(&stripped.request(), Payload::Bytes(b"other"), now()).is_ok());
    // With two signatures it keeps the hash, which then must be the one of the body.
    let stripped = Request::new("PUT", url.as_str(), &headers).strip_signature();
    assert_err!(
        signer().sign(&stripped.request(), Payload::Bytes(b"other"), now()),
        SignError::HeaderMismatch { name: "x-amz-content-sha256" }
    );
}

/// For HMAC `x-amz-region-set` is a header of the caller, which was signed.
#[test]
fn sgn_04_stripping_a_signature_keeps_the_region_set_of_hmac() {
    let names = |signed: AuthHeaders| signed.signed_headers().to_owned();
    let mut headers = vec![("x-amz-region-set", "*"), ("x-amz-acl", "private")];
    let signed = sign(&Request::new("PUT", URL, &headers)).unwrap();
    headers.extend(signed.iter());
    let stripped = Request::new("PUT", URL, &headers).strip_signature();
    assert_eq!(names(sign(&stripped.request()).unwrap()), signed.signed_headers());
    let url = presign(&Request::new("PUT", URL, &headers[..2])).unwrap();
    let stripped = Request::new("PUT", url.as_str(), &headers[..2]).strip_signature();
    assert_eq!(presign(&stripped.request()).unwrap().as_str(), url.as_str());
}

/// The verifier rejects a stream whose chunks or events have the other algorithm.
#[cfg(feature = "sigv4a")]
#[test]
fn sgn_04_a_stream_has_the_algorithm_of_its_request() {
    use countersign::StreamingMode;
    let sigv4a = Signer::sigv4a(credentials(), countersign::RegionSet::all(), Service::S3).unwrap();
    let request = Request::new("PUT", URL, &[]);
    for (signer, payload, mode) in [
        (&sigv4a, Payload::Streaming(StreamingMode::Signed), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        (
            &signer(),
            Payload::Streaming(StreamingMode::SignedEcdsa),
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        ),
    ] {
        let refused = signer.sign(&request, payload, now()).unwrap_err();
        assert_error!(&refused, SignError::UnsupportedPayload { mode: mode });
    }
    let refused = sigv4a.sign(&request, Payload::Events, now()).map(drop);
    assert_eq!(refused, Err(SignError::NotSupportedBySigV4a));
}

#[cfg(feature = "sigv4a")]
#[test]
fn sgn_04_stripping_a_signature_removes_the_region_set_of_sigv4a() {
    let signer = |set| {
        let set = countersign::RegionSet::parse(set).unwrap();
        Signer::sigv4a(credentials(), set, Service::S3).unwrap()
    };
    let signed = signer("us-*").sign(&Request::new("PUT", URL, &[]), Payload::Bytes(b""), now()).unwrap();
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    let stripped = Request::new("PUT", URL, &headers).strip_signature();
    let again = signer("eu-west-1").sign(&stripped.request(), Payload::Bytes(b""), now()).unwrap();
    assert!(again.iter().any(|header| header == ("x-amz-region-set", "eu-west-1")));
}

/// A signed target was rejected by every verifier: a server reads visible ASCII only.
#[test]
fn sgn_04_a_target_that_verifiers_refuse_is_not_signed() {
    use countersign::InvalidUri;
    for signer in [signer(), standard_signer()] {
        for (target, first) in
            [("/two words", b' '), ("/caf\u{e9}", 0xc3), ("/k?a=b c", b' '), ("/k?a=\u{e9}", 0xc3)]
        {
            let uri = format!("https://{HOST}{target}");
            for uri in [target, &uri] {
                let headers = [("host", HOST)];
                let request = Request::new("GET", uri, &headers);
                let refused = signer.sign(&request, Payload::Bytes(b""), now()).unwrap_err();
                let SignError::Request(RequestError::InvalidUri(InvalidUri::Byte { byte, .. })) = refused
                else {
                    panic!("{uri}: {refused}")
                };
                assert_eq!(byte, first);
                let text = format!("the URI has the byte 0x{first:02X}; encode it as %{first:02X}");
                assert_eq!(refused.to_string(), text);
                let wire = Wire::get().target(target);
                assert!(matches!(wire.verify(), Err(VerifyError::Request(RequestError::InvalidUri(_)))));
            }
        }
    }
}

/// The service was not sent the payload mode, so it hashed the body: no signature matched.
#[test]
fn sgn_04_a_payload_mode_is_sent_to_every_service() {
    let hashing = standard_verifier();
    let told = countersign::Rules::STANDARD.with_payload(countersign::PayloadRule::HashHeader);
    let told = countersign::Verifier::any_region(standard_signer().service().clone().with_rules(told));
    for mode in [UNSIGNED, "AWS5-PAYLOAD"] {
        let payload = Payload::Other(countersign::PayloadMode::new(mode).unwrap());
        let uri = format!("https://{HOST}/k");
        let request = Request::new("PUT", &uri, &[]);
        let signed = standard_signer().sign(&request, payload, now()).unwrap();
        assert!(signed.iter().any(|header| header == ("x-amz-content-sha256", mode)));
        assert_eq!(signed.signed_headers(), "host;x-amz-content-sha256;x-amz-date");
        let url = standard_signer().presign_with_payload(&request, payload, Expires::HOUR, now()).unwrap();
        assert_eq!(url.required_headers().collect::<Vec<_>>(), [("x-amz-content-sha256", mode)]);

        let in_query = Wire::new("PUT", url.path_and_query()).with("x-amz-content-sha256", mode);
        for wire in [sent(&[], &signed), in_query] {
            let wire = wire.body("any");
            if mode == UNSIGNED {
                refused_by!(
                    &hashing,
                    &wire,
                    VerifyError::PayloadModeNotAccepted { mode: UNSIGNED },
                    "InvalidArgument",
                    400
                );
            } else {
                refused_by!(&hashing, &wire, VerifyError::InvalidPayloadHash, "InvalidArgument", 400);
            }
            assert_eq!(wire.verify_by(&told).is_ok(), mode == UNSIGNED);
        }
    }
    // A hash needs no header.
    let request = Request::new("PUT", URL, &[]);
    let signed = standard_signer().sign(&request, Payload::Sha256([7; 32]), now()).unwrap();
    assert_eq!(signed.signed_headers(), "host;x-amz-date");
}

/// No verifier accepts a hash in upper case.
#[test]
fn sgn_04_a_url_for_a_hash_in_capitals_is_an_error() {
    let upper = EMPTY.to_ascii_uppercase();
    for (value, result) in [(EMPTY, Ok(())), (&upper, Err(SignError::InvalidPayloadHash))] {
        let headers = [("x-amz-content-sha256", value)];
        assert_eq!(presign(&Request::new("GET", URL, &headers)).map(drop), result);
    }
}

#[test]
fn sgn_04_a_url_for_a_stream_is_an_error() {
    use countersign::StreamingMode;
    for mode in [StreamingMode::Signed, StreamingMode::SignedTrailer, StreamingMode::UnsignedTrailer] {
        for signer in [signer(), standard_signer()] {
            let request = Request::new("PUT", URL, &[]);
            let refused =
                signer.presign_with_payload(&request, Payload::Streaming(mode), Expires::HOUR, now());
            assert_err!(refused, SignError::UnsupportedPayload { mode: mode.name() });
            let headers = [("x-amz-content-sha256", mode.name())];
            let refused = signer.presign(&Request::new("PUT", URL, &headers), Expires::HOUR, now());
            assert_err!(refused, SignError::UnsupportedPayload { mode: mode.name() });
        }
    }
}
