//! Canonical form: signer and verifier read the same request, and in one way only.

use countersign::steps::CanonicalRequest;
use countersign::{
    ConfigError, Credentials, CredentialsError, InvalidPayloadMode, InvalidUri, Payload, PayloadMode, Region,
    Request, RequestError, Rules, SecretAccessKey, Service, SignError, SignedHeaders, Signer, Verifier,
    VerifyError,
};

use testkit::*;

/// Asserts that two spellings of a request have the same canonical request.
#[track_caller]
fn equal(good: &Wire, from: &str, to: &str) {
    let changed = good.clone().retarget(from, to);
    accepted(&changed);
    assert_eq!(changed.canonical(&verifier()), good.canonical(&verifier()));
}

#[test]
fn can_01_the_verified_value_returns_what_was_signed() {
    let wire = Wire::put()
        .target("/a%20b/%2e%2e/c+d?b=1&a=x%2By&a=w+z&c")
        .with("X-Amz-Meta-Name", " two   words ")
        .with("x-amz-meta-list", "one")
        .with("X-Amz-Meta-List", "two")
        .with("User-Agent", "anything");
    let good = Hand::new()
        .list("content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-list;x-amz-meta-name")
        .sign(
            wire.clone().target("/a%20b/../c%2Bd?a=w%20z&a=x%2By&b=1&c=").set("X-Amz-Meta-Name", "two words"),
        );
    // Sent in one spelling, signed in the canonical one.
    let sent = good.clone().target(wire.target.clone()).set("X-Amz-Meta-Name", " two   words ");
    accepted(&good);
    sent.verified(|verified| {
        assert_eq!(verified.method(), "PUT");
        assert_eq!(verified.path(), b"/a b/../c+d");
        let query: Vec<(Vec<u8>, Vec<u8>)> =
            verified.query().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let expected = [("a", "w z"), ("a", "x+y"), ("b", "1"), ("c", "")];
        let expected = expected.map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()));
        assert_eq!(query, expected);
        assert_eq!(verified.header("x-amz-meta-name"), Some(&b"two words"[..]));
        assert_eq!(verified.header("x-amz-meta-list"), Some(&b"one,two"[..]));
        assert_eq!(verified.header("user-agent"), None, "it was not signed");
        assert_eq!(verified.header("authorization"), None);
        assert_eq!(verified.headers().count(), 6);
    });
}

#[test]
fn can_02_s3_decodes_once_and_encodes_once() {
    for good in
        [Wire::get().target("/a/b%20c%25~x").signed(), Wire::get().target("/a/b%20c%25~x").presigned()]
    {
        // An encoded slash is a slash: Ceph and SeaweedFS accept this request, too.
        equal(&good, "a/b", "a%2fb");
        equal(&good, "a/b", "a%2Fb");
        equal(&good, "~x", "%7Ex");
        equal(&good, "x", "%78");
        // A path that is decoded or encoded once more is another key.
        mismatches(&good.clone().retarget("a/b", "a%252Fb"));
        mismatches(&good.clone().retarget("%20", "%2520"));
        mismatches(&good.clone().retarget("%25", "%2525"));
        mismatches(&good.clone().retarget("%20", "+"));
    }
}

/// Under the rules of S3 Control an encoded slash is a character of a label. botocore signs the path of
/// an ARN in this way.
#[test]
fn can_02_s3_control_keeps_encoded_slashes() {
    let service = || Service::S3.with_rules(Rules::S3_CONTROL);
    let signer = Signer::new(credentials(), "us-east-1", service()).unwrap();
    let verifier = Verifier::new("us-east-1", service()).unwrap();
    let good = Wire::get().target("/v20180820/tags/arn%3Aaws%3As3%2Fa").signed_by(&signer);
    accepted_by(&verifier, &good);
    accepted_by(&verifier, &good.clone().retarget("s3%2Fa", "s3%2fa"));
    for other in [good.clone().retarget("s3%2Fa", "s3/a"), good.retarget("s3%2Fa", "s3%252Fa")] {
        refused_by!(&verifier, &other, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
    }
}

#[test]
fn can_03_s3_keeps_dot_segments_and_all_slashes() {
    for path in ["/a/../b", "/a/./b", "/a//b", "//a", "/a/", "/.."] {
        for good in [Wire::get().target(path).signed(), Wire::get().target(path).presigned()] {
            accepted(&good);
            for other in ["/b", "/a/b", "/a", "/", "/a/../b", "//a", "/a/./b", "/a//b", "/a/"] {
                if other != path {
                    mismatches(&good.clone().retarget(path, other));
                }
            }
            if path == "/a/../b" {
                assert_eq!(good.verified(|verified| verified.path()), b"/a/../b");
            }
        }
    }
}

#[test]
fn can_04_other_services_normalize_and_encode_twice() {
    let verifier = standard_verifier();
    let good = Wire::get().target("/a%20b/c").signed_by(&standard_signer());
    accepted_by(&verifier, &good);
    for path in ["/a%20b/./c", "/x/../a%20b/c", "//a%20b//c", "/../a%20b/c"] {
        accepted_by(&verifier, &good.clone().retarget("/a%20b/c", path));
    }
    for path in ["/a%2520b/c", "/a+b/c", "/a%20b/c/", "/a%20b%2Fc", "/a%20b/%63"] {
        let wire = good.clone().retarget("/a%20b/c", path);
        refused_by!(&verifier, &wire, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
    }
    let canonical = String::from_utf8(good.canonical(&verifier).unwrap()).unwrap();
    assert!(canonical.starts_with("GET\n/a%2520b/c\n"), "{canonical}");
}

#[test]
fn can_04_the_rules_are_those_of_the_configured_service() {
    let standard = standard_verifier();
    // The request names the other service and is signed by S3's rules, which are not used.
    let hand = Hand::new().scope("20130524/us-east-1/execute-api/aws4_request");
    let plain = hand.sign(Wire::get().target("/a/b"));
    accepted_by(&standard, &plain);
    let odd = hand.sign(Wire::get().target("/a%20b/b"));
    refused_by!(&standard, &odd, VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
}

#[test]
fn can_05_every_parameter_is_signed_except_the_signature() {
    for good in [Wire::get().signed(), Wire::get().presigned()] {
        accepted(&good);
        for more in
            ["&x", "&x=", "&x=1", "&=", "&=x", "&prefix=a%20b", "&response-content-type=text/html", "&x&x"]
        {
            mismatches(&good.clone().target(format!("{}{more}", good.target)));
        }
        mismatches(&good.clone().retarget("prefix=a%20b&", ""));
        mismatches(&good.clone().retarget("prefix=a%20b", "prefix=a%20b&prefix=a%20b"));
        mismatches(&good.clone().retarget("prefix", "Prefix"));
        mismatches(&good.clone().retarget("a%20b", "a%2520b"));
        mismatches(&good.clone().retarget("a%20b", "a%2Bb"));
        equal(&good, "a%20b", "a+b");
        equal(&good, "prefix", "pref%69x");
        equal(&good, "versions=", "versions");
    }
    let good = Wire::get().signed();
    equal(&good, "prefix=a%20b&versions=", "versions=&prefix=a%20b");
    equal(&good, "prefix=a%20b&versions=", "&prefix=a%20b&&versions=&");
}

#[test]
fn can_05_parameters_are_sorted_by_name_and_then_by_value() {
    let good = Hand::new().sign(Wire::get().target("/?a=2&a-b=1&a0=1&a%20=3"));
    accepted(&Wire::get().target("/?a-b=1&a0=1&a=2&a%20=3").signed());
    let canonical = String::from_utf8(good.canonical(&verifier()).unwrap()).unwrap();
    assert!(canonical.starts_with("GET\n/\na=2&a%20=3&a-b=1&a0=1\n"), "{canonical}");
    accepted(&good);
    // Equal names are sorted by value, not by the order in which they are received.
    let good = Wire::get().target("/?a=2&a=1&a=10").signed_by(&standard_signer());
    let swapped = good.clone().target("/?a=10&a=2&a=1");
    accepted_by(&standard_verifier(), &good);
    accepted_by(&standard_verifier(), &swapped);
    let dropped = good.target("/?a=10&a=2");
    let error = VerifyError::SignatureDoesNotMatch;
    refused_by!(&standard_verifier(), &dropped, error, "SignatureDoesNotMatch", 403);
}

#[test]
fn can_05_a_plus_sign_is_a_space_in_a_query_and_a_plus_sign_in_a_path() {
    let good = Hand::new().sign(Wire::get().target("/a%2Bb?c=d%20e"));
    accepted(&good);
    equal(&good, "/a%2Bb", "/a+b");
    equal(&good, "d%20e", "d+e");
    mismatches(&good.clone().retarget("/a%2Bb", "/a%20b"));
    mismatches(&good.clone().retarget("d%20e", "d%2Be"));
    let sent = good.retarget("d%20e", "d+e").retarget("a%2Bb", "a+b");
    sent.verified(|verified| {
        assert_eq!(verified.path(), b"/a+b");
        assert_eq!(verified.query().next().unwrap().1, &b"d e"[..]);
    });
}

#[test]
fn can_05_a_request_signed_in_headers_excludes_no_parameter() {
    // Only a presigned query excludes `X-Amz-Signature`; together with a header it is refused.
    let good = Wire::get().signed();
    accepted(&good);
    let wire = good.clone().target(format!("{}&X-Amz-Signature={}", good.target, "0".repeat(64)));
    refused!(&wire, VerifyError::TwoMechanisms, "InvalidArgument", 400);
}

/// Asserts that a request is rejected because its URI contains `spoiled`.
#[track_caller]
fn refused_for(wire: &Wire, spoiled: &str) {
    let reason = match spoiled.as_bytes()[0] {
        b'%' => InvalidUri::PercentEncoding,
        b'#' => InvalidUri::Fragment,
        byte => {
            refused!(
                wire,
                VerifyError::Request(RequestError::InvalidUri(InvalidUri::Byte { byte })),
                "InvalidURI",
                400
            );
            return;
        }
    };
    refused!(wire, VerifyError::Request(RequestError::InvalidUri(reason)), "InvalidURI", 400);
}

#[test]
fn can_06_an_invalid_target_is_refused_and_not_repaired() {
    for good in [Wire::get().signed(), Wire::get().presigned()] {
        accepted(&good);
        for spoiled in [
            "%", "%2", "%zz", "%%20", "%2g", "%u0041", " ", "\t", "\r\n", "\n", "\0", "\u{7f}", "é",
            "\u{a0}", "#x",
        ] {
            let path = good.clone().retarget("/folder/", &format!("/folder{spoiled}/"));
            refused_for(&path, spoiled);
            let name = good.clone().retarget("prefix=", &format!("prefix{spoiled}="));
            refused_for(&name, spoiled);
            let value = good.clone().retarget("versions=", &format!("versions={spoiled}"));
            refused_for(&value, spoiled);
            let end = good.clone().target(format!("{}&x={spoiled}", good.target));
            refused_for(&end, spoiled);
        }
    }
}

#[test]
fn can_06_a_target_of_another_form_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    for target in
        ["", "*", "folder/test.txt", HOST, "examplebucket.s3.amazonaws.com:443", "?prefix=a", "://x/y"]
    {
        let error = VerifyError::Request(RequestError::InvalidUri(InvalidUri::Form));
        refused!(&good.clone().target(target), error, "InvalidURI", 400);
    }
}

#[test]
fn can_07_repeated_headers_are_joined_in_their_order() {
    let good = Hand::new().sign(Wire::get().with("x-amz-meta-a", "1").with("X-Amz-Meta-A", "2"));
    accepted(&good);
    let mut swapped = good.clone();
    swapped.headers.swap(1, 2);
    mismatches(&swapped);
    mismatches(&good.clone().with("x-amz-meta-a", "3"));
    mismatches(&good.clone().with("x-amz-meta-a", ""));
    mismatches(&good.clone().without("x-amz-meta-a").with("x-amz-meta-a", "1"));
    mismatches(&good.clone().without("x-amz-meta-a").with("x-amz-meta-a", "1, 2"));
    // One header line with both values is the same list.
    let joined = good.without("x-amz-meta-a").with("x-amz-meta-a", "1,2");
    accepted(&joined);
    assert_eq!(
        joined.verified(|verified| verified.header("x-amz-meta-a").map(<[u8]>::to_vec)),
        Some(b"1,2".to_vec())
    );
}

/// RFC 9113, section 8.2.3: the receiver of several `cookie` fields joins them with "; ".
#[test]
fn can_07_a_cookie_in_several_fields_is_joined_as_http_2_requires() {
    let one = Hand::new().sign(Wire::get().with("cookie", "a=1; b=2; c=3"));
    accepted(&one);
    let fields =
        one.clone().without("cookie").with("cookie", "a=1").with("Cookie", " b=2 ").with("cookie", "c=3");
    accepted(&fields);
    assert_eq!(fields.verified(|verified| verified.header("cookie").unwrap().to_vec()), b"a=1; b=2; c=3");
    mismatches(
        &one.clone().without("cookie").with("cookie", "b=2").with("cookie", "a=1").with("cookie", "c=3"),
    );
    mismatches(&one.without("cookie").with("cookie", "a=1, b=2").with("cookie", "c=3"));
    // An empty last field leaves no space at the end, where a value is trimmed.
    let ended = Hand::new().sign(Wire::get().with("cookie", "a=1;"));
    accepted(&ended.without("cookie").with("cookie", "a=1").with("cookie", ""));
    // Other headers are joined with a comma.
    let other = Hand::new().sign(Wire::get().with("x-cookie", "a=1; b=2"));
    accepted(&other);
    mismatches(&other.without("x-cookie").with("x-cookie", "a=1").with("x-cookie", "b=2"));
}

#[test]
fn can_07_spaces_are_trimmed_and_folded_inside_quotes_too() {
    let good = Hand::new().sign(Wire::get().with("x-amz-meta-a", "\"a b\" c"));
    accepted(&good);
    for same in [" \"a b\" c", "\"a b\" c\t", "\"a   b\"  c", "\"a\tb\" \t c", "\t\"a b\" c \t"] {
        let wire = good.clone().set("x-amz-meta-a", same);
        accepted(&wire);
        let value = wire.verified(|verified| verified.header("x-amz-meta-a").map(<[u8]>::to_vec));
        assert_eq!(value.as_deref(), Some(&b"\"a b\" c"[..]), "the folded value is the verified one");
    }
    for other in ["\"ab\" c", "\"a\u{a0}b\" c", "\"a b\"c", "\"A b\" c", "a b c", "\"a\u{3000}b\" c"] {
        mismatches(&good.clone().set("x-amz-meta-a", other));
    }
}

#[test]
fn can_08_control_characters_in_a_header_are_refused() {
    let good = Hand::new().sign(Wire::get().with("x-amz-meta-a", "ab").with("X-Other", "cd"));
    accepted(&good);
    let unlisted = Hand::new().list("host;x-amz-content-sha256;x-amz-date").sign(Wire::get());
    accepted(&unlisted.clone().with("X-Other", "cd"));
    for bytes in [&b"a\rb"[..], b"a\nb", b"a\0b", b"ab\r\n", b"a\r\nx-amz-acl: public-read", b"\0", b"a\n\nb"]
    {
        let listed = good.clone().set("x-amz-meta-a", bytes);
        refused!(
            &listed,
            VerifyError::Request(RequestError::InvalidHeaderValue { name: "x-amz-meta-a" }),
            "InvalidRequest",
            400
        );
        let beside = unlisted.clone().with("X-Other", bytes);
        refused!(
            &beside,
            VerifyError::Request(RequestError::InvalidHeaderValue { name: "X-Other" }),
            "InvalidRequest",
            400
        );
    }
    for byte in (1..0x20).chain([0x7f]).filter(|byte| *byte != b'\t') {
        let listed = good.clone().set("x-amz-meta-a", [b'a', byte, b'b']);
        refused!(
            &listed,
            VerifyError::Request(RequestError::InvalidHeaderValue { name: "x-amz-meta-a" }),
            "InvalidRequest",
            400
        );
    }
}

#[test]
fn can_08_a_header_name_that_is_not_a_token_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    accepted(&good.clone().with("X-Other", "1"));
    for name in [
        "",
        " ",
        "x-amz-acl ",
        " x-amz-acl",
        "x-amz-acl:",
        "x-amz-acl\0",
        "host\0",
        "x\r\nx-amz-acl",
        "x\ny",
        "x-amz-\u{e4}cl",
        "\u{212a}ey",
        "a,b",
        "(a)",
        "a/b",
        "\"a\"",
    ] {
        let wire = good.clone().with(name, "1");
        refused!(
            &wire,
            VerifyError::Request(RequestError::InvalidHeaderName { index: good.headers.len() }),
            "InvalidRequest",
            400
        );
    }
}

#[test]
fn can_08_bytes_that_are_not_utf_8_are_signed_as_they_are() {
    let good = Hand::new().sign(Wire::get().with("x-amz-meta-name", b"caf\xe9"));
    accepted(&good);
    let value = good.verified(|verified| verified.header("x-amz-meta-name").map(<[u8]>::to_vec));
    assert_eq!(value.as_deref(), Some(&b"caf\xe9"[..]));
    // Not as Latin-1, not with the replacement character, not with another byte.
    for other in ["café".as_bytes(), "caf\u{fffd}".as_bytes(), b"caf\xe8", b"caf"] {
        mismatches(&good.clone().set("x-amz-meta-name", other));
    }
}

#[test]
fn can_08_a_method_that_is_not_a_token_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    for method in ["", "GET ", "GE T", "GET\n/other", "GET\0", "G\u{c9}T", "GET/"] {
        let error = VerifyError::Request(RequestError::InvalidMethod);
        refused!(&good.clone().method(method), error, "InvalidRequest", 400);
    }
}

#[test]
fn can_08_control_characters_are_not_signed() {
    let sign = |headers: &[(&str, &str)]| {
        let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/a", headers);
        signer().sign(&request, Payload::Bytes(b""), now()).map(|_| ())
    };
    assert_eq!(sign(&[("x-amz-meta-a", "b")]), Ok(()));
    for value in ["a\rb", "a\nb", "a\0b", "a\r\nx-amz-acl: public-read", "a\u{7f}"] {
        assert_err!(
            sign(&[("x-amz-meta-a", value)]),
            SignError::Request(RequestError::InvalidHeaderValue { name: "x-amz-meta-a" })
        );
    }
    for name in ["x-amz-meta-a\r\nx-b", "x-amz-meta-a ", "", "x-amz-\0"] {
        let error = sign(&[(name, "b")]).unwrap_err();
        assert!(matches!(error, SignError::Request(RequestError::InvalidHeaderName { .. })), "{error:?}");
    }
    for method in ["GET\r\nX: y", "", "G T"] {
        let request = Request::new(method, "https://examplebucket.s3.amazonaws.com/a", &[]);
        let error = signer().sign(&request, Payload::Bytes(b""), now()).unwrap_err();
        assert_eq!(error, SignError::Request(RequestError::InvalidMethod));
    }
    assert_eq!(PayloadMode::new(""), Err(InvalidPayloadMode::Empty));
    for (mode, byte) in [("a b", b' '), ("a\nb", b'\n'), ("UNSIGNED-PAYLOAD\n", b'\n')] {
        assert_err!(PayloadMode::new(mode), InvalidPayloadMode::Byte { byte });
    }
    let request = Request::new("GET", "https://examplebucket.s3.amazonaws.com/a", &[]);
    let mode = PayloadMode::new("UNSIGNED-PAYLOAD").unwrap();
    assert!(signer().sign(&request, Payload::Other(mode), now()).is_ok());
}

#[test]
fn can_08_control_characters_in_ids_tokens_and_scopes_are_refused() {
    let secret = || SecretAccessKey::new(SECRET);
    assert!(Credentials::new(ID, secret()).unwrap().with_session_token(TOKEN).is_ok());
    for text in ["a\nb", "a\rb", "a\0b", "a b", "a\tb", "\u{e9}"] {
        assert_eq!(Credentials::new(text, secret()).unwrap_err(), CredentialsError::InvalidAccessKeyId);
        let error = credentials().with_session_token(text).unwrap_err();
        assert_eq!(error, CredentialsError::InvalidSessionToken);
        assert_err!(Service::new(text.to_owned()), ConfigError::InvalidService { service: text });
        assert_err!(Region::new(text), ConfigError::InvalidRegion { region: text });
        assert_err!(
            Signer::new(credentials(), text, Service::S3),
            ConfigError::InvalidRegion { region: text }
        );
    }
    let good = Hand::new().sign(Wire::get());
    accepted(&good);
    for (from, to) in [(ID, "AK\nID"), ("us-east-1", "us-\0east-1"), ("/s3/", "/s\r3/")] {
        let error =
            VerifyError::AuthorizationHeaderMalformed(countersign::MalformedAuthorization::Credential);
        refused!(&good.clone().reauthorize(from, to), error, "AuthorizationHeaderMalformed", 400);
        let url = Wire::get().presigned();
        let url = url.retarget(&from.replace('/', "%2F"), &countersign::uri::encode(to));
        let error =
            VerifyError::AuthorizationQueryParametersError(countersign::MalformedAuthorization::Credential);
        refused!(&url, error, "AuthorizationQueryParametersError", 400);
    }
    let blank = VerifyError::AuthorizationHeaderMalformed(countersign::MalformedAuthorization::Credential);
    refused!(&good.reauthorize(ID, "AK ID"), blank, "AuthorizationHeaderMalformed", 400);
}

#[test]
fn can_01_steps_and_verifier_compute_the_same_canonical_request() {
    let wire = Wire::put().target("/a%2bb/%7e?x=%2f&w=a+b").with("X-Amz-Meta-A", " b   c ").signed();
    accepted(&wire);
    let headers: Vec<(&str, &[u8])> =
        wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = Request::from_bytes("PUT", &wire.target, &headers);
    let list = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-a";
    let hash = hex::decode(sha256(&wire.body)).unwrap().try_into().unwrap();
    let by_hand = CanonicalRequest::new(
        &request,
        &SignedHeaders::parse(list).unwrap(),
        &Payload::Sha256(hash).hash(),
        Rules::S3,
    );
    assert_eq!(by_hand.unwrap().as_bytes(), wire.canonical(&verifier()).unwrap());
}

/// The code is InvalidURI for each of them; the text must not be the same.
#[test]
fn can_06_the_error_of_a_target_says_what_is_wrong() {
    for (target, reason) in [
        ("key", "neither the form https://host/path nor the form /path"),
        ("/key#1", "has a #"),
        ("/two words", "has the byte 0x20"),
        ("/a%2", "a % that two hex digits do not follow"),
    ] {
        let error = Hand::new().sign(Wire::get()).target(target).verify().unwrap_err();
        assert_eq!((error.code(), error.status()), ("InvalidURI", 400));
        let text = error.to_string();
        assert!(text.starts_with("Couldn't parse the specified URI: ") && text.contains(reason), "{text}");
    }
    accepted(&Wire::get().signed());
}
