//! Credential scope, time and lifetime.

use std::time::Duration;

use countersign::{
    ConfigError, Expires, InvalidTimestamp, MalformedAuthorization, Mechanism, Service, Timestamp, Verifier,
    VerifyError,
};

use testkit::*;

const AHM: &str = "AuthorizationHeaderMalformed";
const AQP: &str = "AuthorizationQueryParametersError";

/// Asserts that a correctly signed request of this scope is rejected, in headers and as a URL.
macro_rules! refused_scope {
    ($scope:expr, $mechanism:ident, $($error:tt)+) => {{
        let hand = Hand::new().scope($scope);
        for ($mechanism, wire, code) in [
            (Mechanism::Header, hand.sign(Wire::get()), AHM),
            (Mechanism::Query, hand.presign(Wire::get()), AQP),
        ] {
            refused!(&wire, $($error)+, code, 400);
        }
    }};
}

fn malformed(mechanism: Mechanism, malformed: MalformedAuthorization) -> VerifyError {
    match mechanism {
        Mechanism::Header => VerifyError::AuthorizationHeaderMalformed(malformed),
        _ => VerifyError::AuthorizationQueryParametersError(malformed),
    }
}

fn good() {
    accepted(&Hand::new().sign(Wire::get()));
    accepted(&Hand::new().presign(Wire::get()));
}

#[test]
fn scp_01_the_date_of_the_scope_is_the_day_of_the_request() {
    good();
    for date in ["20130523", "20130525", "20120524", "00000000", "99999999"] {
        refused_scope!(
            &format!("{date}/us-east-1/s3/aws4_request"),
            mechanism,
            VerifyError::DateMismatch { mechanism, scope_date: date, time: now() }
        );
    }
    // After midnight, the scope of the day before is refused even within the skew.
    let midnight = Hand::new().time("20130525T000001Z").sign(Wire::get());
    let error = midnight.verify_at(&verifier(), at("20130524T235959Z"), |_| ()).unwrap_err();
    let time = at("20130525T000001Z");
    assert_error!(
        &error,
        VerifyError::DateMismatch { mechanism: Mechanism::Header, scope_date: "20130524", time }
    );
}

#[test]
fn scp_02_the_region_is_the_configured_one() {
    good();
    for region in ["us-west-2", "", "US-EAST-1", "us-east-1 ", "us-east-10", "us-east", "*"] {
        if region.ends_with(' ') {
            continue;
        }
        refused_scope!(
            &format!("20130524/{region}/s3/aws4_request"),
            mechanism,
            VerifyError::WrongRegion { mechanism, region, expected: "us-east-1" }
        );
    }
    let wire = Hand::new().scope("20130524/us-west-2/s3/aws4_request").sign(Wire::get());
    let xml = wire.verify().unwrap_err().to_xml("/", "1");
    assert!(xml.contains("<Region>us-east-1</Region>"), "it names the region: {xml}");
}

#[test]
fn scp_02_any_region_is_an_explicit_choice_and_not_an_empty_one() {
    let any = Verifier::any_region(Service::S3);
    for region in ["us-east-1", "eu-central-1"] {
        let hand = Hand::new().scope(&format!("20130524/{region}/s3/aws4_request"));
        accepted_by(&any, &hand.sign(Wire::get()));
        accepted_by(&any, &hand.presign(Wire::get()));
    }
    let empty = Hand::new().scope("20130524//s3/aws4_request").sign(Wire::get());
    refused_by!(
        &any,
        &empty,
        { malformed(Mechanism::Header, MalformedAuthorization::EmptyRegion) },
        AHM,
        400
    );
    // A client signs anew for the region that `Region` names, and `*` is none.
    let xml = empty.verify_at(&any, now(), |_| ()).unwrap_err().to_xml("/", "1");
    assert!(!xml.contains("<Region>"), "{xml}");
    assert_err!(Verifier::new("", Service::S3), ConfigError::InvalidRegion { region: "" });
    assert_err!(Verifier::new("*", Service::S3), ConfigError::InvalidRegion { region: "*" });
}

#[test]
fn scp_03_the_service_is_the_configured_one() {
    good();
    for service in ["execute-api", "S3", "", "s3express", "s"] {
        refused_scope!(
            &format!("20130524/us-east-1/{service}/aws4_request"),
            mechanism,
            VerifyError::WrongService { mechanism, service, expected: "s3" }
        );
    }
}

#[test]
fn scp_04_the_scope_ends_with_its_terminator() {
    good();
    for terminator in ["aws4_Request", "aws4_request2", "", "aws4", "AWS4_REQUEST"] {
        refused_scope!(&format!("20130524/us-east-1/s3/{terminator}"), mechanism, {
            malformed(mechanism, MalformedAuthorization::Terminator)
        });
    }
}

#[test]
fn scp_04_a_credential_has_five_parts() {
    good();
    for scope in ["20130524/s3/aws4_request", "us-east-1/s3/aws4_request", "s3/aws4_request", "aws4_request"]
    {
        refused_scope!(scope, mechanism, { malformed(mechanism, MalformedAuthorization::Credential) });
    }
    for scope in ["20130524/us-east-1/s3/extra/aws4_request", "20130524//us-east-1/s3/aws4_request"] {
        refused_scope!(scope, mechanism, { malformed(mechanism, MalformedAuthorization::CredentialDate) });
    }
    refused_scope!("20130524/us-east-1/s3/aws4_request/", mechanism, {
        malformed(mechanism, MalformedAuthorization::Terminator)
    });
    let nobody = Hand::new().id("").sign(Wire::get());
    refused!(&nobody, { malformed(Mechanism::Header, MalformedAuthorization::Credential) }, AHM, 400);
}

#[test]
fn scp_04_additional_parts_belong_to_the_id() {
    // Ids may contain slashes, so a credential is read from its end.
    let id = format!("evil/{ID}");
    let wire = Hand::new().id(&id).sign(Wire::get());
    refused!(&wire, VerifyError::InvalidAccessKeyId { access_key_id: id }, "InvalidAccessKeyId", 403);
    let id = format!("{ID}/{SCOPE}");
    let wire = Hand::new().id(&id).presign(Wire::get());
    let error = wire.verify().unwrap_err();
    assert!(matches!(error, VerifyError::InvalidAccessKeyId { .. }), "{error:?}");
    good();
}

#[test]
fn scp_04_the_day_has_eight_digits() {
    good();
    for date in ["2013524", "201305240", "2013-5-24", "2013052a", "+0130524", "20130524T120000Z", ""] {
        refused_scope!(&format!("{date}/us-east-1/s3/aws4_request"), mechanism, {
            malformed(mechanism, MalformedAuthorization::CredentialDate)
        });
    }
}

#[test]
fn tim_01_a_request_is_accepted_up_to_fifteen_minutes_in_the_past_or_future() {
    let wire = Wire::get().signed();
    for seconds in [-900, -1, 0, 1, 900] {
        assert_eq!(wire.verify_at(&verifier(), now_plus(seconds), |_| ()), Ok(()));
    }
    for seconds in [-86_400, -901, 901, 86_400, 31_536_000] {
        let late = now_plus(seconds);
        let error = wire.verify_at(&verifier(), late, |_| ()).unwrap_err();
        assert_error!(
            &error,
            VerifyError::RequestTimeTooSkewed { time: now(), now: late, max_skew: Duration::from_secs(900) }
        );
        assert_eq!((error.code(), error.status()), ("RequestTimeTooSkewed", 403));
    }
    let strict = verifier().with_max_skew(Duration::from_secs(60));
    assert_eq!(wire.verify_at(&strict, now_plus(60), |_| ()), Ok(()));
    for seconds in [61, -61] {
        let late = now_plus(seconds);
        assert_err!(
            wire.verify_at(&strict, late, |_| ()),
            VerifyError::RequestTimeTooSkewed { time: now(), now: late, max_skew: Duration::from_secs(60) }
        );
    }
}

const NO_TIMES: [&str; 24] = [
    "",
    "20130524",
    "2013-05-24T12:00:00Z",
    "20130524T120000",
    "20130524T120000z",
    "20130524t120000Z",
    "20130524 120000Z",
    "20130524T120000Z0",
    "020130524T120000Z",
    "20130524T12000Z",
    "20130524T1200000Z",
    "20130524T120000+00",
    "Fri, 24 May 2013 12:00:00 GMT",
    "1369396800",
    "20130230T120000Z",
    "20130229T120000Z",
    "20130431T120000Z",
    "20130024T120000Z",
    "20131324T120000Z",
    "20130500T120000Z",
    "20130524T240000Z",
    "20130524T126000Z",
    "20130524T120060Z",
    "+2013052T120000Z",
];

#[test]
fn tim_02_a_time_has_one_format_and_exists_in_the_calendar() {
    good();
    for time in NO_TIMES {
        let date: String = time.chars().take(8).collect();
        let scope = if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("{date}/us-east-1/s3/aws4_request")
        } else {
            SCOPE.into()
        };
        let hand = Hand::new().time(time).scope(&scope);
        refused!(&hand.sign(Wire::get()), VerifyError::InvalidDate, "AccessDenied", 403);
        refused!(
            &hand.presign(Wire::get()),
            { malformed(Mechanism::Query, MalformedAuthorization::Date) },
            AQP,
            400
        );
    }
}

#[test]
fn tim_02_a_missing_time_is_refused() {
    good();
    let hand = Hand::new();
    let without = hand.sign_as_it_is(Wire::get().with("x-amz-content-sha256", EMPTY));
    refused!(&without, VerifyError::InvalidDate, "AccessDenied", 403);
    // A bad `x-amz-date` does not fall back to a good `Date`.
    let wire = Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", NOW).with("x-amz-date", "");
    refused!(&hand.sign_as_it_is(wire), VerifyError::InvalidDate, "AccessDenied", 403);
    let by_date = hand.sign_as_it_is(Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", NOW));
    accepted(&by_date);
}

/// S3 accepts `Date` in the format of HTTP, and signs the header's text: ceph/s3-tests, issue 346, shows an answer of S3
/// with it in `StringToSign`.
#[test]
fn tim_02_a_date_in_the_format_of_http_is_signed_as_it_was_sent() {
    let by_date = |time: &str| {
        let wire = Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", time);
        Hand::new().time(time).sign_as_it_is(wire)
    };
    let good = by_date("Fri, 24 May 2013 12:00:00 GMT");
    accepted(&good);
    assert_eq!(good.verified(|verified| verified.signed_at()), now());
    accepted(&by_date("Fri, 24 May 2013 12:00:00 -0000"));
    let string_to_sign = good.verified(|verified| verified.explain().string_to_sign().to_string());
    assert_eq!(string_to_sign.lines().nth(1), Some("Fri, 24 May 2013 12:00:00 GMT"));
    // The text itself is signed: botocore sends this `Date`, and signs the ISO time (s3-tests, issue 346).
    let wire =
        Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", "Fri, 24 May 2013 12:00:00 -0000");
    refused!(
        &Hand::new().sign_as_it_is(wire),
        VerifyError::SignatureDoesNotMatch,
        "SignatureDoesNotMatch",
        403
    );
    mismatches(&good.clone().set("Date", "Fri, 24 May 2013 12:00:00 -0000"));
    mismatches(&good.set("Date", "Fri, 24 May 2013 12:00:01 GMT"));
    // The clock and the day of the scope are checked.
    let time = at("20130524T121501Z");
    refused!(
        &by_date("Fri, 24 May 2013 12:15:01 GMT"),
        VerifyError::RequestTimeTooSkewed { time, now: now(), max_skew: Duration::from_secs(900) },
        "RequestTimeTooSkewed",
        403
    );
    for odd in ["Thu, 24 May 2013 12:00:00 GMT", "Friday, 24-May-13 12:00:00 GMT", "Fri May 24 12:00:00 2013"]
    {
        refused!(&by_date(odd), VerifyError::InvalidDate, "AccessDenied", 403);
    }
    let text = by_date("yesterday").verify().unwrap_err().to_string();
    assert!(text.starts_with("AWS authentication requires a valid Date or x-amz-date header"), "{text}");
    assert!(text.contains("20130524T000000Z") && text.contains("Fri, 24 May 2013 00:00:00 GMT"), "{text}");
}

/// Ceph, SeaweedFS and versitygw judge the clock first. A client whose clock is wrong must learn that, not that its
/// header is malformed (ceph/s3-tests, `object_create_bad_amz_date_before_today_aws4`).
#[test]
fn tim_01_a_wrong_clock_is_reported_before_a_wrong_scope() {
    let max_skew = Duration::from_secs(900);
    for (time, scope) in [
        ("20100707T215304Z", SCOPE),
        ("20300707T215304Z", SCOPE),
        ("20130524T121501Z", "20130524/eu-west-1/s3/aws4_request"),
    ] {
        refused!(
            &Hand::new().time(time).scope(scope).sign(Wire::get()),
            VerifyError::RequestTimeTooSkewed { time: at(time), now: now(), max_skew: max_skew },
            "RequestTimeTooSkewed",
            403
        );
    }
    // Within the skew, the text is S3's.
    let midnight = Hand::new().time("20130525T000001Z").sign(Wire::get());
    let error = midnight.verify_at(&verifier(), at("20130524T235959Z"), |_| ()).unwrap_err();
    assert_eq!((error.code(), error.status()), (AHM, 400));
    assert_eq!(
        error.to_string(),
        "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date."
    );
}

#[test]
fn tim_03_both_ends_of_the_calendar_are_refused() {
    good();
    for time in
        ["00000101T000000Z", "00010101T000000Z", "19691231T235959Z", "99991231T235959Z", "20380119T031408Z"]
    {
        let scope = format!("{}/us-east-1/s3/aws4_request", &time[..8]);
        let hand = Hand::new().time(time).scope(&scope).expires("604800");
        refused!(
            &hand.sign(Wire::get()),
            VerifyError::RequestTimeTooSkewed {
                time: at(time),
                now: now(),
                max_skew: Duration::from_secs(900)
            },
            "RequestTimeTooSkewed",
            403
        );
        let error = hand.presign(Wire::get()).verify().unwrap_err();
        assert_eq!((error.code(), error.status()), ("AccessDenied", 403), "{error:?}");
        let future = time > NOW;
        assert_eq!(matches!(error, VerifyError::NotYetValid { .. }), future, "{error:?}");
        assert_eq!(matches!(error, VerifyError::Expired { .. }), !future, "{error:?}");
    }
}

#[test]
fn tim_03_nothing_overflows_at_either_end_of_the_calendar() {
    for clock in ["00000101T000000Z", "99991231T235959Z"] {
        let scope = format!("{}/us-east-1/s3/aws4_request", &clock[..8]);
        let hand = Hand::new().time(clock).scope(&scope).expires("604800");
        let any_time = verifier().with_max_skew(Duration::from_secs(u32::MAX.into()));
        for verifier in [verifier(), any_time, verifier().with_max_skew(Duration::MAX)] {
            assert_eq!(hand.sign(Wire::get()).verify_at(&verifier, at(clock), |_| ()), Ok(()));
            assert_eq!(hand.presign(Wire::get()).verify_at(&verifier, at(clock), |_| ()), Ok(()));
            let _ = hand.presign(Wire::get()).verify_at(&verifier, now(), |_| ());
            let _ = Wire::get().presigned().verify_at(&verifier, at(clock), |_| ());
        }
    }
    let last = at("99991231T235959Z");
    assert_eq!(last.checked_add(Duration::from_secs(1)), None);
    assert_eq!(last.checked_add(Duration::MAX), None);
    assert_eq!(at("00000101T000000Z").checked_sub(Duration::from_secs(1)), None);
    assert_err!(
        Timestamp::from_unix_seconds(i64::MIN),
        InvalidTimestamp::OutOfRange { unix_seconds: i64::MIN }
    );
    let url = signer()
        .presign(&countersign::Request::new("GET", "https://b.s3.amazonaws.com/k", &[]), Expires::WEEK, last)
        .unwrap();
    assert_eq!(url.expires_at(), None);
}

#[test]
fn tim_04_x_amz_date_takes_precedence_over_date() {
    let old = "20130523T120000Z";
    let good = Hand::new().sign(Wire::get().with("Date", old));
    accepted(&good);
    assert_eq!(good.verified(|verified| verified.signed_at()), now());
    // A fresh `Date` does not refresh an old `x-amz-date`.
    let hand = Hand::new().time(old).scope("20130523/us-east-1/s3/aws4_request");
    refused!(
        &hand.sign(Wire::get().with("Date", NOW)),
        VerifyError::RequestTimeTooSkewed { time: at(old), now: now(), max_skew: Duration::from_secs(900) },
        "RequestTimeTooSkewed",
        403
    );
    // A new `x-amz-date` changes the string to sign.
    let later = "20130524T121000Z";
    mismatches(&Hand::new().sign(Wire::get()).set("x-amz-date", later));
    let by_date = Hand::new()
        .list("host;x-amz-content-sha256")
        .sign_as_it_is(Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", NOW));
    accepted(&by_date);
    mismatches(&by_date.set("Date", later));
}

/// MinIO, Ceph and SeaweedFS refuse a URL from the moment date + lifetime on.
#[test]
fn exp_01_a_url_is_refused_from_the_end_of_its_lifetime_on() {
    let url = Hand::new().expires("60").presign(Wire::get());
    for seconds in [0, 1, 59] {
        assert_eq!(url.verify_at(&verifier(), now_plus(seconds), |_| ()), Ok(()));
    }
    for seconds in [60, 61, 3600, 604_801] {
        let late = now_plus(seconds);
        let error = url.verify_at(&verifier(), late, |_| ()).unwrap_err();
        assert_error!(
            &error,
            VerifyError::Expired { at: at("20130524T120100Z"), now: late, expires: Duration::from_secs(60) }
        );
        assert_eq!((error.code(), error.status()), ("AccessDenied", 403));
    }
    // The lifetime is signed.
    mismatches(&url.retarget("X-Amz-Expires=60", "X-Amz-Expires=600"));
}

#[test]
fn exp_02_a_lifetime_is_a_number_of_digits_up_to_a_week() {
    for (expires, seconds) in [("1", 1), ("604800", 604_800), ("0000000000000900", 900)] {
        let url = Hand::new().expires(expires).presign(Wire::get());
        assert_eq!(url.verified(|verified| verified.expires()), Some(Duration::from_secs(seconds)));
    }
    // S3 has three texts, each with the code AuthorizationQueryParametersError.
    let refused = |expires: &str, error: MalformedAuthorization, text: &str| {
        let url = Hand::new().expires(expires).presign(Wire::get());
        refused!(&url, { malformed(Mechanism::Query, error) }, AQP, 400);
        assert_eq!(url.verify().unwrap_err().to_string(), text);
    };
    let max = Duration::from_secs(604_800);
    for expires in [
        "604801",
        "999999",
        "4294967296",
        "4294967297",
        "18446744073709551617",
        "99999999999999999999999999999999999999999",
    ] {
        let url = Hand::new().expires(expires).presign(Wire::get());
        let error = url.verify().unwrap_err();
        assert_error!(
            &error,
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::ExpiresTooLong {
                max: max
            })
        );
        assert_eq!(
            error.to_string(),
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
             604800 seconds"
        );
    }
    // Values of ceph/s3-tests (`test_object_raw_get_x_amz_expires_out_positive_range`).
    for expires in ["-1", "-7", "-1000", "-99999999999999999999"] {
        refused(expires, MalformedAuthorization::ExpiresNegative, "X-Amz-Expires must be non-negative");
    }
    for expires in [
        "-",
        "--1",
        "+60",
        " 60",
        "60 ",
        "6 0",
        "",
        "6e2",
        "60.0",
        "0x3c",
        "60s",
        "\u{0666}\u{0660}",
        "60\n",
        "60\0",
        "1_000",
        "1,000",
        "NaN",
    ] {
        refused(expires, MalformedAuthorization::ExpiresNotANumber, "X-Amz-Expires should be a number");
    }
    let strict = verifier().with_max_url_lifetime(Expires::HOUR);
    accepted_by(&strict, &Hand::new().expires("3600").presign(Wire::get()));
    let longer = Hand::new().expires("3601").presign(Wire::get());
    let error = longer.verify_at(&strict, now(), |_| ()).unwrap_err();
    assert_eq!((error.code(), error.status()), (AQP, 400));
    assert_eq!(error.to_string(), "X-Amz-Expires must be at most 3600 seconds");
}

/// `test_object_raw_get_x_amz_expires_out_range_zero` of ceph/s3-tests: 403 AccessDenied.
#[test]
fn exp_02_a_lifetime_of_0_is_expired() {
    let expires = Duration::ZERO;
    for zero in ["0", "0000"] {
        let url = Hand::new().expires(zero).presign(Wire::get());
        refused!(&url, VerifyError::Expired { at: now(), now: now(), expires: expires }, "AccessDenied", 403);
    }
    // A clock that is ahead does not make it valid.
    let ahead = Hand::new().time("20130524T120500Z").expires("0").presign(Wire::get());
    let at = at("20130524T120500Z");
    refused!(&ahead, VerifyError::Expired { at: at, now: now(), expires: expires }, "AccessDenied", 403);
    accepted(&Hand::new().expires("1").presign(Wire::get()));
}

#[test]
fn exp_03_a_url_from_the_future_is_refused_beyond_the_skew() {
    for (time, seconds) in [("20130524T121500Z", 900), ("20130524T120001Z", 1)] {
        let url = Hand::new().time(time).presign(Wire::get());
        assert_eq!(at(time).unix_seconds() - now().unix_seconds(), seconds);
        accepted(&url);
    }
    for time in ["20130524T121501Z", "20130524T235959Z"] {
        let url = Hand::new().time(time).presign(Wire::get());
        refused!(&url, VerifyError::NotYetValid { time: at(time), now: now() }, "AccessDenied", 403);
    }
}

const SIX: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// Returns the pair of a query that has this name.
fn pair<'t>(target: &'t str, name: &str) -> &'t str {
    target
        .split(['?', '&'])
        .find(|pair| pair.split_once('=').is_some_and(|(found, _)| found == name))
        .unwrap()
}

#[test]
fn qry_01_each_of_the_six_parameters_is_required() {
    let url = Wire::get().presigned();
    accepted(&url);
    for name in SIX {
        let pair = pair(&url.target, name).to_owned();
        let without = url.clone().retarget(&pair, "");
        refused!(
            &without,
            VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
                names: [name]
            }),
            AQP,
            400
        );
    }
}

/// S3's message lists all six parameters: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>. The error
/// names those that are missing.
#[test]
fn qry_01_the_error_names_the_missing_parameters_and_the_answer_is_that_of_s3() {
    let url = Wire::get().presigned();
    accepted(&url);
    let without = ["X-Amz-Date", "X-Amz-SignedHeaders"]
        .into_iter()
        .fold(url.clone(), |url, name| url.clone().retarget(pair(&url.target, name), ""));
    let error = without.verify_by(&verifier()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The presigned URL is not complete; missing parameters: X-Amz-Date, X-Amz-SignedHeaders. Send the whole URL."
    );
    let message = "<Code>AuthorizationQueryParametersError</Code><Message>Query-string authentication version 4 requires \
                   the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and \
                   X-Amz-Expires parameters.</Message>";
    assert!(error.to_xml("/", "1").contains(message), "{}", error.to_xml("/", "1"));
}

#[test]
fn qry_02_each_parameter_appears_once_in_its_exact_spelling() {
    let url = temporary_wire();
    accepted(&url);
    for name in SIX.into_iter().chain(["X-Amz-Security-Token"]) {
        let refused = |wire: &Wire| {
            let error = wire.verify().unwrap_err();
            assert_refusal!(
                error,
                wire,
                VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::Parameter { name }),
                AQP,
                400
            );
        };
        let pair = pair(&url.target, name).to_owned();
        let (_, value) = pair.split_once('=').unwrap();
        for again in [
            pair.clone(),
            format!("{name}="),
            name.to_owned(),
            format!("{}={value}", name.to_ascii_lowercase()),
            format!("{}={value}", name.to_ascii_uppercase()),
            format!("{}={value}", name.replace('-', "%2D")),
            format!("%58{}=other", &name[1..]),
            format!("{}=other", name.replace("Amz", "%41%4D%5A")),
        ] {
            let behind = url.clone().target(format!("{}&{again}", url.target));
            refused(&behind);
            let in_front = url.clone().retarget("?", &format!("?{again}&"));
            refused(&in_front);
        }
        let lower = url.clone().retarget(name, &name.to_ascii_lowercase());
        refused(&lower);
    }
}

fn temporary_wire() -> Wire {
    Wire::get().presigned_by(&temporary_signer())
}

#[test]
fn qry_03_a_credential_that_is_encoded_twice_is_malformed() {
    let url = Wire::get().presigned();
    accepted(&url);
    let twice = url.clone().retarget(&SCOPE.replace('/', "%2F"), &SCOPE.replace('/', "%252F"));
    let error = twice.verify().unwrap_err();
    assert_eq!(error, malformed(Mechanism::Query, MalformedAuthorization::Credential));
    // Everything else is signed correctly.
    let hand = Hand::new().scope(&SCOPE.replace('/', "%2F"));
    refused!(
        &hand.presign(Wire::get()),
        { malformed(Mechanism::Query, MalformedAuthorization::Credential) },
        AQP,
        400
    );
    refused!(
        &hand.sign(Wire::get()),
        { malformed(Mechanism::Header, MalformedAuthorization::Credential) },
        AHM,
        400
    );
}

/// A request without `x-amz-date` may state its time in an unsigned `Date`. The canonical request then does not contain
/// it.
#[test]
fn pay_07_the_hash_of_a_request_covers_its_time_and_its_scope() {
    let signed = |time: &str, region: &str| {
        let scope = format!("20130524/{region}/s3/aws4_request");
        let wire = Wire::get().with("x-amz-content-sha256", EMPTY).with("Date", time);
        Hand::new().list("host;x-amz-content-sha256").time(time).scope(&scope).sign_as_it_is(wire)
    };
    let any = Verifier::any_region(Service::S3);
    let hash = |wire: &Wire| wire.verify_at(&any, now(), |verified| verified.request_hash()).unwrap();
    let good = signed(NOW, "us-east-1");
    assert_eq!(hash(&good), hash(&good.clone().retarget("%20", "+")), "another spelling of one request");
    assert_ne!(hash(&good), hash(&signed("20130524T120500Z", "us-east-1")));
    assert_ne!(hash(&good), hash(&signed(NOW, "eu-west-1")));
    let string_to_sign =
        good.verify_at(&any, now(), |verified| verified.explain().string_to_sign().to_string());
    assert_eq!(hash(&good), sha256(string_to_sign.unwrap().as_bytes()));
}
