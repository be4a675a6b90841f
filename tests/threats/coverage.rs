//! Which headers are signed: every `x-amz-` header, the host, and all that the list names.

use countersign::{Limits, MalformedAuthorization, RequestError, VerifyError};

use testkit::*;

/// Asserts that a header is refused if it was added after signing, and accepted if it was signed.
#[track_caller]
fn steers(name: &str, value: &str) {
    let lower = name.to_ascii_lowercase();
    let later = Wire::put().signed().with(name, value);
    refused!(&later, VerifyError::UnsignedHeaders { names: [lower.as_str()] }, "AccessDenied", 403);
    let later = Wire::put().presigned().with(name, value);
    refused!(&later, VerifyError::UnsignedHeaders { names: [lower.as_str()] }, "AccessDenied", 403);
    accepted(&Wire::put().with(name, value).signed());
    accepted(&Wire::put().with(name, value).presigned());
}

#[test]
fn cov_01_unsigned_copy_source_is_refused() {
    steers("x-amz-copy-source", "/private/secret.txt");
    steers("X-AMZ-COPY-SOURCE", "/private/secret.txt");
}

#[test]
fn cov_01_every_unsigned_x_amz_header_is_refused() {
    for name in [
        "x-amz-acl",
        "X-Amz-Acl",
        "x-amz-grant-full-control",
        "x-amz-tagging",
        "x-amz-website-redirect-location",
        "x-amz-server-side-encryption",
        "x-amz-bypass-governance-retention",
        "x-amz-metadata-directive",
        "x-amz-meta-anything",
        "x-amz-not-known-yet",
        "x-amz-decoded-content-length",
        "x-amz-trailer",
        "x-amz-mfa",
        "x-amz-",
    ] {
        steers(name, "value");
    }
}

#[test]
fn cov_01_an_unsigned_token_or_date_is_refused() {
    let good = Wire::get().signed();
    accepted(&good);
    let with_token = good.with("x-amz-security-token", TOKEN);
    refused!(
        &with_token,
        VerifyError::UnsignedHeaders { names: ["x-amz-security-token"] },
        "AccessDenied",
        403
    );
    // Signed with `Date`, sent with `x-amz-date` in addition.
    let by_date =
        Hand::new().sign_as_it_is(Wire::get().with("Date", NOW).with("x-amz-content-sha256", EMPTY));
    accepted(&by_date);
    refused!(
        &by_date.with("X-Amz-Date", NOW),
        VerifyError::UnsignedHeaders { names: ["x-amz-date"] },
        "AccessDenied",
        403
    );
    let url = Wire::get().presigned();
    accepted(&url);
    refused!(
        &url.with("x-amz-date", NOW),
        VerifyError::UnsignedHeaders { names: ["x-amz-date"] },
        "AccessDenied",
        403
    );
}

#[test]
fn cov_01_the_error_names_each_unsigned_header_once() {
    let good = Wire::put().signed();
    accepted(&good);
    let wire = good.with("X-Amz-Tagging", "a").with("x-amz-acl", "b").with("x-amz-tagging", "c");
    let error = wire.verify().unwrap_err();
    assert_error!(&error, VerifyError::UnsignedHeaders { names: ["x-amz-acl", "x-amz-tagging"] });
    let xml = error.to_xml("/", "1");
    assert!(xml.contains("<HeadersNotSigned>x-amz-acl, x-amz-tagging</HeadersNotSigned>"), "{xml}");
}

#[test]
fn cov_01_the_prefix_includes_its_dash() {
    // These are not headers of AWS: they may be unsigned, and are not returned as verified.
    for name in ["x-amzn-trace-id", "x-amz", "x_amz_acl", "x-ama-acl", "xx-amz-acl", "content-type"] {
        let wire = Wire::get().signed().with(name, "value");
        accepted(&wire);
        assert!(wire.verified(|verified| verified.header(name).is_none()));
    }
}

#[test]
fn cov_01_the_payload_hash_need_not_be_listed() {
    let list = "host;x-amz-date";
    let good = Hand::new().list(list).sign(Wire::put());
    accepted(&good);
    assert!(good.verified(|verified| verified.header("x-amz-content-sha256").is_none()));
    mismatches(&good.clone().set("x-amz-content-sha256", UNSIGNED));
    mismatches(&good.set("x-amz-content-sha256", EMPTY).body(""));
}

#[test]
fn cov_01_an_exception_is_for_one_name_and_is_not_returned_as_verified() {
    let lenient = verifier().allow_unsigned_header("X-Amz-Cf-Id");
    let wire = Wire::get().signed().with("x-amz-cf-id", "abc");
    refused!(&wire, VerifyError::UnsignedHeaders { names: ["x-amz-cf-id"] }, "AccessDenied", 403);
    accepted_by(&lenient, &wire);
    assert_eq!(
        wire.verify_at(&lenient, now(), |verified| verified.header("x-amz-cf-id").is_some()),
        Ok(false)
    );
    let more = wire.with("x-amz-acl", "public-read");
    refused_by!(&lenient, &more, VerifyError::UnsignedHeaders { names: ["x-amz-acl"] }, "AccessDenied", 403);
    // There is no exception for the host.
    let no_host = Hand::new().list("x-amz-content-sha256;x-amz-date").sign(Wire::get());
    refused_by!(
        &verifier().allow_unsigned_header("host"),
        &no_host,
        VerifyError::UnsignedHeaders { names: ["host"] },
        "AccessDenied",
        403
    );
}

#[test]
fn cov_02_host_is_signed() {
    accepted(&Hand::new().sign(Wire::get()));
    let list = "x-amz-content-sha256;x-amz-date";
    refused!(
        &Hand::new().list(list).sign(Wire::get()),
        VerifyError::UnsignedHeaders { names: ["host"] },
        "AccessDenied",
        403
    );
    let range = Wire::get().with("Range", "bytes=0-9");
    accepted(&Hand::new().presign(range.clone()));
    refused!(
        &Hand::new().list("range").presign(range),
        VerifyError::UnsignedHeaders { names: ["host"] },
        "AccessDenied",
        403
    );
}

#[test]
fn cov_02_the_authority_replaces_a_missing_host_header() {
    let good = Wire::get().signed();
    let url = format!("https://{HOST}{}", good.target);
    accepted(&good.clone().without("host").target(&url));
    accepted(&good.clone().target(&url));
    mismatches(&good.clone().without("host").target(url.replace(HOST, "other.example.com")));
    // If the list does not name the host, the authority is not signed either.
    let list = "x-amz-content-sha256;x-amz-date";
    let wire = Hand::new().list(list).sign(Wire::get()).without("host").target(&url);
    refused!(&wire, VerifyError::UnsignedHeaders { names: ["host"] }, "AccessDenied", 403);
    let nowhere = good.without("host");
    refused!(&nowhere, VerifyError::Request(RequestError::InvalidHost), "InvalidRequest", 400);
}

#[test]
fn cov_03_a_list_that_is_not_lower_case_sorted_and_unique_is_refused() {
    let wire = || Wire::get().with("a", "1").with("b", "2");
    accepted(&Hand::new().list("a;b;host").presign(wire()));
    let error = VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::SignedHeaders);
    let of_header = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::SignedHeaders);
    for list in [
        "",
        ";",
        "a;;host",
        ";host",
        "host;",
        "host;a",
        "b;a;host",
        "a;a;host",
        "host;host",
        "Host",
        "a;HOST",
        "a ;host",
        "a; host",
        "a\thost",
        "a:host",
        "h\u{f6}st",
        "host\0",
        "host\n",
        "a;b;host ",
    ] {
        let url = Hand::new().list(list).presign(wire());
        refused!(&url, error, "AuthorizationQueryParametersError", 400);
        // Spaces at the end of a component are not part of it.
        if list.trim() == list {
            refused!(&Hand::new().list(list).sign(wire()), of_header, "AuthorizationHeaderMalformed", 400);
        }
    }
    let list = "a;b;host;x-amz-content-sha256;x-amz-date";
    accepted(&Hand::new().list(list).sign(wire()));
    for list in [
        "b;a;host;x-amz-content-sha256;x-amz-date",
        "a;b;b;host;x-amz-content-sha256;x-amz-date",
        "a;B;host;x-amz-content-sha256;x-amz-date",
        "a;b;host;x-amz-content-sha256;x-amz-date;",
        "a,b;host;x-amz-content-sha256;x-amz-date",
    ] {
        let error = if list.contains(',') {
            VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components)
        } else {
            of_header.clone()
        };
        refused!(&Hand::new().list(list).sign(wire()), error, "AuthorizationHeaderMalformed", 400);
    }
}

#[test]
fn cov_04_a_listed_header_that_is_absent_is_refused() {
    let list = "aaa;host;mmm;x-amz-content-sha256;x-amz-date;zzz";
    let all = Wire::get().with("aaa", "").with("mmm", "").with("zzz", "");
    let good = Hand::new().list(list).sign(all.clone());
    accepted(&good);
    for name in ["aaa", "mmm", "zzz"] {
        // The header is removed; or it was absent when signing, and was signed as an empty line or skipped.
        refused!(
            &good.clone().without(name),
            VerifyError::MissingSignedHeader { name },
            "SignatureDoesNotMatch",
            403
        );
        let wire = all.clone().without(name);
        let as_empty = Hand::new().list(list).absent_is_empty().sign(wire.clone());
        refused!(&as_empty, VerifyError::MissingSignedHeader { name }, "SignatureDoesNotMatch", 403);
        let skipped = Hand::new().list(list).sign(wire);
        refused!(&skipped, VerifyError::MissingSignedHeader { name }, "SignatureDoesNotMatch", 403);
    }
    let url = Hand::new().list("host;range").absent_is_empty().presign(Wire::get());
    refused!(&url, VerifyError::MissingSignedHeader { name: "range" }, "SignatureDoesNotMatch", 403);
    accepted(&Hand::new().list("host;range").presign(Wire::get().with("Range", "")));
}

#[test]
fn cov_05_headers_with_one_value_are_refused_if_repeated() {
    for (name, value) in [
        ("Content-Length", "21"),
        ("Date", NOW),
        ("Host", HOST),
        ("X-Amz-Content-Sha256", UNSIGNED),
        ("X-Amz-Date", NOW),
        ("X-Amz-Decoded-Content-Length", "21"),
        ("X-Amz-Region-Set", "*"),
        ("X-Amz-Security-Token", TOKEN),
        ("x-amz-s3session-token", TOKEN),
    ] {
        for second in [name.to_owned(), name.to_ascii_uppercase()] {
            // Both were present when signing, so that nothing else is wrong.
            let twice = match name {
                "Host" => Wire::put().with(&second, value),
                _ => Wire::put().with(name, value).with(&second, value),
            };
            refused!(
                &Hand::new().sign(twice.clone()),
                VerifyError::Request(RequestError::RepeatedHeader { name: name.to_ascii_lowercase() }),
                "InvalidRequest",
                400
            );
            refused!(
                &Hand::new().presign(twice),
                VerifyError::Request(RequestError::RepeatedHeader { name: name.to_ascii_lowercase() }),
                "InvalidRequest",
                400
            );
        }
    }
    accepted(&Hand::new().sign(Wire::put().with("Content-Length", "21").with("Date", NOW)));
}

#[test]
fn cov_05_an_absolute_target_does_not_hide_a_second_host() {
    let good = Wire::get().signed();
    let absolute = good.clone().target(format!("https://{HOST}{}", good.target));
    accepted(&absolute);
    refused!(
        &absolute.clone().with("Host", HOST),
        VerifyError::Request(RequestError::RepeatedHeader { name: "host" }),
        "InvalidRequest",
        400
    );
    let other = absolute.set("host", "other.example.com");
    refused!(&other, VerifyError::Request(RequestError::InvalidHost), "InvalidRequest", 400);
}

#[test]
fn cov_06_a_header_that_contradicts_a_signed_parameter_is_refused() {
    let wire = || Wire::put().target("/k?x-amz-acl=private");
    accepted(&wire().with("x-amz-acl", "private").presigned());
    accepted(&wire().with("x-amz-acl", " private ").presigned());
    accepted(&Wire::put().target("/k?X-Amz-Acl=a%20b").with("x-amz-acl", "a  b").presigned());
    for value in ["public-read", "", "Private", "private,private"] {
        refused!(
            &Hand::new().presign(wire().with("X-Amz-Acl", value)),
            VerifyError::ContradictoryHeader { name: "x-amz-acl" },
            "AccessDenied",
            403
        );
        refused!(
            &wire().presigned().with("X-Amz-Acl", value),
            VerifyError::ContradictoryHeader { name: "x-amz-acl" },
            "AccessDenied",
            403
        );
    }
    let twice = Hand::new().presign(wire().with("x-amz-acl", "private").with("x-amz-acl", "public-read"));
    refused!(&twice, VerifyError::ContradictoryHeader { name: "x-amz-acl" }, "AccessDenied", 403);
}

#[test]
fn cov_06_a_header_cannot_contradict_an_authentication_parameter() {
    let at_another_time = Hand::new().presign(Wire::get().with("x-amz-date", "20130524T130000Z"));
    refused!(&at_another_time, VerifyError::ContradictoryHeader { name: "x-amz-date" }, "AccessDenied", 403);
    accepted(&Hand::new().presign(Wire::get().with("x-amz-date", NOW)));
    let hash = Hand::new().presign(
        Wire::put().target(format!("/k?X-Amz-Content-Sha256={EMPTY}")).with("x-amz-content-sha256", UNSIGNED),
    );
    refused!(&hash, VerifyError::ContradictoryHeader { name: "x-amz-content-sha256" }, "AccessDenied", 403);
}

/// A repeated parameter has two values: a header can agree with one of them at most.
#[test]
fn cov_06_a_header_that_contradicts_one_of_two_parameters_is_refused() {
    for query in ["x-amz-acl=private&x-amz-acl=public-read", "X-Amz-Acl=private&x-amz-acl=public-read"] {
        for value in ["private", "public-read"] {
            let wire =
                Hand::new().presign(Wire::put().target(format!("/k?{query}")).with("x-amz-acl", value));
            refused!(&wire, VerifyError::ContradictoryHeader { name: "x-amz-acl" }, "AccessDenied", 403);
        }
    }
    accepted(&Hand::new().presign(Wire::put().target("/k?x-amz-acl=private").with("x-amz-acl", "private")));
}

#[test]
fn cov_04_a_long_list_of_absent_headers_is_refused() {
    let names: Vec<String> = (0..500).map(|number| format!("h{number:04}")).collect();
    let list = names.join(";") + ";host";
    let verifier = verifier().with_limits(Limits::default().with_header_bytes(1 << 20));
    let wire = Hand::new().list(&list).presign(Wire::get());
    refused_by!(
        &verifier,
        &wire,
        VerifyError::MissingSignedHeader { name: "h0000" },
        "SignatureDoesNotMatch",
        403
    );
    accepted_by(&verifier, &Wire::get().presigned());
}

/// libs3 signs `transfer-encoding` as empty and does not send it. Its user must learn which header is missing.
#[test]
fn cov_04_the_error_names_the_missing_header() {
    let wire = Hand::new().absent_is_empty().list("host;transfer-encoding;x-amz-content-sha256;x-amz-date");
    let error = wire.sign(Wire::get()).verify().unwrap_err();
    assert_error!(&error, VerifyError::MissingSignedHeader { name: "transfer-encoding" });
    assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
    assert!(
        error.to_string().ends_with("the header \"transfer-encoding\", which SignedHeaders lists."),
        "{error}"
    );
    accepted(&Wire::get().signed());
}
