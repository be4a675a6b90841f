//! Requests that two implementations could read differently. Each is refused, or is read in one way.

use countersign::{InvalidUri, MalformedAuthorization, Mechanism, RequestError, VerifyError};

use testkit::*;

const INVALID_HOST: VerifyError = VerifyError::Request(RequestError::InvalidHost);

#[test]
fn cov_02_a_host_other_than_the_authority_is_refused() {
    let good = Wire::get().signed();
    let absolute = |authority: &str| good.clone().target(format!("https://{authority}{}", good.target));
    accepted(&absolute(HOST));
    accepted(&absolute(&HOST.to_ascii_uppercase()));
    accepted(&absolute(&format!("{HOST}:443")));
    for authority in ["other.example.com", &format!("{HOST}:80"), &format!("{HOST}."), &format!("a.{HOST}")] {
        refused!(&absolute(authority), INVALID_HOST, "InvalidRequest", 400);
    }
    for authority in ["", "user@host", "user:password@host", "a,b", "a\\b"] {
        refused!(&absolute(authority), INVALID_HOST, "InvalidRequest", 400);
    }
    refused!(
        &absolute("a b"),
        VerifyError::Request(RequestError::InvalidUri(InvalidUri::Byte { byte: b' ' })),
        "InvalidURI",
        400
    );
    // Only the default port of the scheme can be omitted.
    let plain = good.clone().target(format!("http://{HOST}:443{}", good.target));
    refused!(&plain, INVALID_HOST, "InvalidRequest", 400);
}

/// RFC 9113, section 8.3.1: an intermediary writes the authority into `Host` as it is. The HTTP client of Java sends
/// `:authority: host:443` and signs `host:host`; AWS refuses that signature (grzm/awyeah-api, issue 8).
#[test]
fn cov_02_an_authority_replaces_host_with_its_default_port() {
    let hand = Hand::new();
    for (scheme, authority) in
        [("https", format!("{HOST}:443")), ("http", format!("{HOST}:80")), ("https", HOST.to_owned())]
    {
        let signed = hand.sign(Wire::get().set("Host", &authority));
        let received =
            signed.clone().without("Host").target(format!("{scheme}://{authority}{}", signed.target));
        accepted(&received);
        assert_eq!(
            received.verified(|verified| verified.header("host").unwrap().to_vec()),
            authority.as_bytes()
        );
        // The client signed another host than it sent. Nothing else is tried.
        let other = hand.sign(Wire::get().set("Host", format!("{HOST}:8443")));
        mismatches(&other.clone().without("Host").target(format!("{scheme}://{authority}{}", other.target)));
    }
    let without_port = hand.sign(Wire::get());
    accepted(&without_port);
    let target = format!("https://{HOST}:443{}", without_port.target);
    mismatches(&without_port.clone().without("Host").target(&target));
    // A `Host` header, with or without the default port, has precedence over an equal authority.
    accepted(&without_port.target(target));
    let with_port = hand.sign(Wire::get().set("Host", format!("{HOST}:443")));
    accepted(&with_port.clone().target(format!("https://{HOST}:443{}", with_port.target)));
}

#[test]
fn cov_02_a_host_header_that_is_not_one_host_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    for host in ["", " ", "a,b", "a b", "a/b", "user@a", "a\\b", "a#b", "a?b", "a\u{a0}"] {
        refused!(&good.clone().set("host", host), INVALID_HOST, "InvalidRequest", 400);
        // A signature of the invalid host does not help.
        refused!(&Hand::new().sign(Wire::get().set("host", host)), INVALID_HOST, "InvalidRequest", 400);
    }
}

/// A port alone is not a host.
#[test]
fn cov_02_a_host_without_a_name_is_refused() {
    accepted(&Hand::new().sign(Wire::get().set("host", "localhost:9000")));
    for host in [":80", ":", ":9000"] {
        refused!(&Hand::new().sign(Wire::get().set("host", host)), INVALID_HOST, "InvalidRequest", 400);
    }
    for (authority, host) in [("http://:80", ""), ("https://:443", ""), ("https://:9000", ":9000")] {
        let wire = Hand::new().sign(Wire::get().set("host", host));
        let target = format!("{authority}{}", wire.target);
        refused!(&wire.without("host").target(target), INVALID_HOST, "InvalidRequest", 400);
    }
}

#[test]
fn can_01_a_target_with_two_leading_slashes_is_a_path() {
    let good = Wire::get().target("//evil.example.com/k").signed();
    accepted(&good);
    assert_eq!(good.verified(|verified| verified.path()), b"//evil.example.com/k");
    assert_eq!(good.verified(|verified| verified.header("host").map(<[u8]>::to_vec)), Some(HOST.into()));
    mismatches(&good.retarget("//evil.example.com/k", "/k"));
}

#[test]
fn can_01_a_second_question_mark_and_a_semicolon_are_part_of_the_query() {
    let wire = Wire::get().target("/k?a?b=c;d=e&f=g=h").signed();
    accepted(&wire);
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = wire.verified(|verified| {
        verified.query().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    });
    let expected = [("a?b", "c;d=e"), ("f", "g=h")];
    assert_eq!(pairs, expected.map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())));
}

#[test]
fn can_02_an_encoded_nul_is_a_byte_of_the_key() {
    let wire = Wire::get().target("/a%00b").signed();
    accepted(&wire);
    assert_eq!(wire.verified(|verified| verified.path()), b"/a\0b");
    mismatches(&wire.clone().target("/a"));
    mismatches(&wire.target("/ab"));
    // Bytes that are not UTF-8 are kept, not replaced.
    let wire = Wire::get().target("/%ff%fe").signed();
    assert_eq!(wire.verified(|verified| verified.path()), b"/\xff\xfe");
    mismatches(&wire.target("/%EF%BF%BD"));
}

#[test]
fn can_02_an_overlong_encoding_of_a_dot_or_slash_is_another_key() {
    let good = Wire::get().target("/a/../b").signed();
    accepted(&good);
    accepted(&good.clone().target("/a/%2E%2e/b"));
    // An encoded slash is a slash.
    accepted(&good.clone().target("/a/..%2fb"));
    accepted(&good.clone().target("/a/.%2e%2fb"));
    for path in ["/a/%c0%ae%c0%ae/b", "/a/..%c0%afb", "/a/..%5cb", "/a/..%252fb"] {
        mismatches(&good.clone().target(path));
    }
}

/// The verified path has no dot segments left. An application that resolved one would leave the folder that it
/// checked.
#[test]
fn can_04_encoded_dot_segments_are_refused_where_paths_are_normalized() {
    let verifier = standard_verifier();
    let hand = Hand::new().scope("20130524/us-east-1/execute-api/aws4_request");
    // The signature is correct: the canonical path is the sent path, encoded a second time.
    let sent = |path: &str| hand.sign(Wire::get().target(path.replace('%', "%25"))).target(path);
    let good = sent("/public/a%20b");
    accepted_by(&verifier, &good);
    assert_eq!(good.verify_at(&verifier, now(), |verified| verified.path()), Ok(b"/public/a b".to_vec()));
    for path in [
        "/public/%2e%2e/private",
        "/public/.%2E/private",
        "/public/%2e/x",
        "/public/..%2Fprivate",
        "/public/a%2f..%2f..",
    ] {
        let error = VerifyError::Request(RequestError::InvalidUri(InvalidUri::EncodedDotSegment));
        refused_by!(&verifier, &sent(path), error, "InvalidURI", 400);
    }
    let resolved = Wire::get().target("/public/../private").signed_by(&standard_signer());
    assert_eq!(resolved.verify_at(&verifier, now(), |verified| verified.path()), Ok(b"/private".to_vec()));
    // In S3, dots are part of the key, encoded or not.
    accepted(&Wire::get().target("/public/%2e%2e/private").signed());
}

#[test]
fn can_07_a_folded_line_is_read_as_one_space() {
    let good = Hand::new().sign(Wire::get().with("x-amz-meta-a", "a b"));
    accepted(&good);
    let folded = good.clone().set("x-amz-meta-a", "a\r\n b");
    accepted(&folded);
    let value = folded.verified(|verified| verified.header("x-amz-meta-a").map(<[u8]>::to_vec));
    assert_eq!(value.as_deref(), Some(&b"a b"[..]), "the value contains no line ending");
    // Without a space after the line ending, another header would begin.
    for value in ["a\r\nb", "a\r\n\r\n b", "a\r b", "a\n\r b", "a b\r\n", "a\r\n\r b"] {
        let error = good.clone().set("x-amz-meta-a", value).verify().unwrap_err();
        assert!(matches!(error, VerifyError::Request(RequestError::InvalidHeaderValue { .. })), "{value:?}");
    }
    // The verifier does not unfold the headers that it parses.
    let date = good.clone().set("x-amz-date", format!("\r\n {NOW}"));
    refused!(&date, VerifyError::InvalidDate, "AccessDenied", 403);
    let host = good.set("host", format!("\r\n {HOST}"));
    refused!(&host, INVALID_HOST, "InvalidRequest", 400);
}

/// A signature after a line ending is not another scheme, and its sender is not anonymous.
#[test]
fn aut_05_a_signature_after_a_control_character_is_not_anonymous() {
    let good = Wire::get().signed();
    accepted(&good);
    let value = good.text("authorization").to_owned();
    for front in ["\r\n ", "\n", "\0", "\u{b}"] {
        let wire = good.clone().set("authorization", format!("{front}{value}"));
        refused!(
            &wire,
            VerifyError::Request(RequestError::InvalidHeaderValue { name: "authorization" }),
            "InvalidRequest",
            400
        );
    }
}

#[test]
fn aut_03_another_scheme_does_not_hide_a_signature() {
    accepted(&Wire::get().signed());
    let value = Wire::get().signed().text("authorization").to_owned();
    // One header value that a parser of lists could split into two schemes.
    let wire = Wire::get().signed().set("authorization", format!("Bearer abc, {value}"));
    refused!(&wire, VerifyError::Anonymous, "AccessDenied", 403);
    let wire = Wire::get().signed().set("authorization", format!("{value}, Bearer abc"));
    let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);
    refused!(&wire, error, "AuthorizationHeaderMalformed", 400);
}

#[test]
fn aut_02_a_comma_inside_a_component_ends_it() {
    let good = Wire::get().signed();
    accepted(&good);
    for (from, to) in [(ID, "AKID,EXAMPLE"), ("host;", "host,"), ("Signature=", "Signature=a,")] {
        let error = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);
        refused!(&good.clone().reauthorize(from, to), error, "AuthorizationHeaderMalformed", 400);
    }
    // Only the first `=` separates name and value.
    let wire = good.reauthorize(ID, "AKID=EXAMPLE");
    refused!(
        &wire,
        VerifyError::InvalidAccessKeyId { access_key_id: "AKID=EXAMPLE" },
        "InvalidAccessKeyId",
        403
    );
}

#[test]
fn qry_02_a_similar_parameter_name_is_another_parameter() {
    let url = Wire::get().presigned();
    accepted(&url);
    for name in
        ["X-Amz-Signature%20", "+X-Amz-Signature", "X-Amz-Signature%00", "X_Amz_Signature", "X-Amz-Sign"]
    {
        mismatches(&url.clone().target(format!("{}&{name}=0", url.target)));
    }
    for name in ["X-Amz-Signature%20", "%20X-Amz-Signature", "X-Amz-Signature%00", "X%E2%80%90Amz-Signature"]
    {
        let renamed = url.clone().retarget("X-Amz-Signature=", &format!("{name}="));
        refused!(
            &renamed,
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
                names: ["X-Amz-Signature"]
            }),
            "AuthorizationQueryParametersError",
            400
        );
    }
}

#[test]
fn qry_02_another_encoding_of_a_parameter_is_the_same_parameter() {
    let url = Wire::get().presigned();
    let canonical = url.canonical(&verifier()).unwrap();
    for (from, to) in [
        ("X-Amz-Expires=3600", "X-Amz-Expires=%33600"),
        ("X-Amz-Algorithm=AWS4-", "X-Amz-Algorithm=AWS4%2d"),
        ("X-Amz-Expires", "X%2DAmz%2dExpires"),
        ("%2F", "%2f"),
        ("%2F", "/"),
        ("X-Amz-Date=2", "X-Amz-Date=%32"),
        ("X-Amz-Signature=", "%58-Amz-Signature="),
    ] {
        let same = url.clone().retarget(from, to);
        accepted(&same);
        assert_eq!(same.canonical(&verifier()).unwrap(), canonical);
    }
}

#[test]
fn qry_03_a_plus_sign_in_a_credential_is_a_space() {
    let plus = Hand::new().id("AK+ID").presign(Wire::get());
    refused!(&plus, VerifyError::InvalidAccessKeyId { access_key_id: "AK+ID" }, "InvalidAccessKeyId", 403);
    let raw = plus.retarget("AK%2BID", "AK+ID");
    let error = VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Credential);
    refused!(&raw, error, "AuthorizationQueryParametersError", 400);
    accepted(&Wire::get().presigned());
}

#[test]
fn cov_03_another_encoding_of_the_list_in_a_query_is_the_same_list() {
    let url = Hand::new().presign(Wire::get().with("Range", "bytes=0-9"));
    accepted(&url);
    accepted(&url.clone().retarget("host%3Brange", "host;range"));
    accepted(&url.clone().retarget("host%3Brange", "hos%74%3brange"));
    let error = VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::SignedHeaders);
    for list in
        ["host%2Crange", "host+range", "host%3Brange%3B", "host%253Brange", "host%3B%20range", "host%0Arange"]
    {
        refused!(
            &url.clone().retarget("host%3Brange", list),
            error,
            "AuthorizationQueryParametersError",
            400
        );
    }
}

#[test]
fn cov_03_header_names_are_sorted_by_bytes() {
    // Names of 15, 16 and 17 bytes with a common prefix; bytes between `Z` and `a`; digits.
    let names = [
        "!",
        "#a",
        "$",
        "%",
        "&",
        "'",
        "*",
        "+",
        "-",
        ".",
        "0",
        "9",
        "A",
        "Z",
        "^",
        "^^",
        "_",
        "`",
        "|",
        "~",
        "a.b",
        "a-b",
        "a_b",
        "abcdefghijklmno",
        "abcdefghijklmnop",
        "abcdefghijklmnopq",
        "ABCDEFGHIJKLMNOPR",
        "abcdefghijklmno-",
    ];
    let wire = names.iter().fold(Wire::get(), |wire, name| wire.with(name, "v"));
    accepted(&Hand::new().sign(wire.clone()));
    accepted(&Hand::new().presign(wire.clone()));
    let mut reversed = wire;
    reversed.headers.reverse();
    accepted(&Hand::new().sign(reversed.clone()));
    accepted(&reversed.signed());
}

#[test]
fn cov_04_an_empty_header_name_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    let wire = good.with("", "x-amz-acl: public-read");
    refused!(
        &wire,
        VerifyError::Request(RequestError::InvalidHeaderName { index: 4 }),
        "InvalidRequest",
        400
    );
    // The name is reported first, although the value is invalid, too.
    refused!(
        &Wire::get().signed().with("", "\0"),
        VerifyError::Request(RequestError::InvalidHeaderName { index: 4 }),
        "InvalidRequest",
        400
    );
    let error = Hand::new().list("host;").presign(Wire::get().with("", "")).verify().unwrap_err();
    assert_eq!(error, VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::SignedHeaders));
}

#[test]
fn cov_06_the_token_parameter_of_s3_express_is_not_a_token_for_s3() {
    let hand = Hand::new().id(TEMPORARY_ID).token(TOKEN);
    accepted(&hand.presign(Wire::get()));
    let target = format!("/k?X-Amz-S3session-Token={}", countersign::uri::encode(TOKEN));
    let other = Hand::new().id(TEMPORARY_ID).presign(Wire::get().target(target));
    refused!(&other, VerifyError::InvalidToken, "InvalidToken", 400);
}

#[test]
fn tok_02_a_token_with_other_spaces_is_another_token() {
    let hand = Hand::new().id(TEMPORARY_ID);
    accepted(&hand.sign(Wire::get().with("x-amz-security-token", TOKEN)));
    accepted(&hand.sign(Wire::get().with("x-amz-security-token", format!(" {TOKEN}\t"))));
    for token in
        [format!("{TOKEN} x"), format!("x {TOKEN}"), TOKEN.replace('/', " /"), format!("{TOKEN},{TOKEN}")]
    {
        let wire = hand.sign(Wire::get().with("x-amz-security-token", token));
        refused!(&wire, VerifyError::InvalidToken, "InvalidToken", 400);
    }
    let bytes = hand.sign(Wire::get().with("x-amz-security-token", b"\xff\xfe"));
    refused!(&bytes, VerifyError::InvalidToken, "InvalidToken", 400);
    // In a query, a `+` that is not encoded is a space, which no token contains.
    let url = hand.token(TOKEN).presign(Wire::get());
    accepted(&url);
    mismatches(&url.retarget("%2Btoken", "+token"));
}

#[test]
fn tim_04_an_unlisted_date_is_signed_through_the_string_to_sign() {
    let wire = Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", NOW);
    let good = Hand::new().list("host;x-amz-content-sha256").sign_as_it_is(wire);
    accepted(&good);
    assert!(good.verified(|verified| verified.header("date").is_none()));
    for date in ["20130524T120001Z", "20130524T121500Z"] {
        mismatches(&good.clone().set("date", date));
    }
    refused!(
        &good.with("x-amz-date", NOW),
        VerifyError::UnsignedHeaders { names: ["x-amz-date"] },
        "AccessDenied",
        403
    );
}

#[test]
fn tim_02_a_leap_second_and_the_29th_of_february_follow_the_calendar() {
    let one = |time: &str, clock: &str| {
        let scope = format!("{}/us-east-1/s3/aws4_request", &time[..8]);
        Hand::new().time(time).scope(&scope).sign(Wire::get()).verify_at(&verifier(), at(clock), |_| ())
    };
    assert_eq!(one("20161231T235959Z", "20161231T235959Z"), Ok(()));
    assert_eq!(one("20161231T235960Z", "20170101T000000Z"), Err(VerifyError::InvalidDate));
    assert_eq!(one("20240229T000000Z", "20240229T000000Z"), Ok(()));
    assert_eq!(one("20230229T000000Z", "20230301T000000Z"), Err(VerifyError::InvalidDate));
    assert_eq!(one("20000229T000000Z", "20000229T000000Z"), Ok(()));
    assert_eq!(one("19000229T000000Z", "19000301T000000Z"), Err(VerifyError::InvalidDate));
}

#[test]
fn scp_02_a_scope_with_a_terminator_inside_is_read_in_one_way() {
    let id = format!("{ID}/{SCOPE}");
    let wire = Hand::new().id(&id).sign(Wire::get());
    let claim = wire.claim(&verifier(), now()).unwrap();
    assert_eq!(claim.claimed_access_key_id(), id);
    assert_eq!(claim.claimed_scope().to_string(), SCOPE);
    assert!(matches!(wire.verify(), Err(VerifyError::InvalidAccessKeyId { .. })));
    accepted(&Hand::new().sign(Wire::get()));
}

#[test]
fn sig_03_a_header_signature_does_not_verify_in_a_query_nor_the_reverse() {
    let header = Wire::get().signed();
    let url = Wire::get().presigned();
    accepted(&header);
    accepted(&url);
    let of_header = header.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    let of_url = url.target.rsplit_once('=').unwrap().1.to_owned();
    mismatches(&header.reauthorize(&of_header, &of_url));
    mismatches(&url.retarget(&of_url, &of_header));
}

#[test]
fn sig_03_a_signed_request_does_not_move_into_the_query() {
    // The canonical request would be the same if the parameters had been signed with the header.
    let query = Wire::get().presigned().target;
    let (without, _) = query.rsplit_once('&').unwrap();
    let error = Hand::new().sign(Wire::get().target(without)).verify().unwrap_err();
    assert_eq!(error, VerifyError::TwoMechanisms);
    let url = Wire::get().presigned();
    assert_eq!(url.verified(|verified| verified.mechanism()), Mechanism::Query);
}

#[test]
fn cov_01_content_length_may_be_unsigned_but_not_repeated() {
    let wire = Wire::put().signed();
    accepted(&wire.clone().with("Content-Length", "21"));
    let twice = wire.with("Content-Length", "21").with("content-length", "22");
    refused!(
        &twice,
        VerifyError::Request(RequestError::RepeatedHeader { name: "content-length" }),
        "InvalidRequest",
        400
    );
}
