//! Secrets, cached keys and limits.

#[cfg(feature = "std")]
use countersign::KeyCache;
use countersign::{
    Credentials, Expires, InvalidUri, Limit, Limits, Payload, PayloadMode, ReceivedBody, Rejected, Request,
    RequestError, SecretAccessKey, Service, Timestamp, VerifyError,
};

use testkit::*;

const MANY: usize = 100_000;

#[test]
fn sec_02_no_error_and_no_explanation_contains_the_correct_signature() {
    let good = Wire::get().signed_by(&temporary_signer());
    accepted(&good);
    let signature = good.text("authorization").rsplit_once('=').unwrap().1.to_owned();
    let forged = good.reauthorize(&signature, &"0".repeat(64));
    let claim = forged.claim(&verifier(), now()).unwrap();
    assert_eq!(right_signature(&claim), signature);
    let key = claim.derive_key(&temporary());
    let rejected = claim.verify(&key).unwrap_err();
    let (error, claim) = (rejected.error(), rejected.claim());
    let explanation = claim.explain();
    for text in [
        format!("{error} {error:?} {error:#?}"),
        format!("{rejected} {rejected:?} {rejected:#?}"),
        error.to_xml("/", "1"),
        format!("{explanation} {explanation:?}"),
        format!("{claim:?} {claim:#?}"),
    ] {
        assert!(!text.contains(&signature), "{text}");
        assert!(!text.contains(TOKEN), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

/// With the other steps, the signature is the signed URL, and for a database its password.
#[test]
fn sec_02_an_explanation_masks_signatures_and_bearer_headers_and_escapes_control_characters() {
    let headers = [
        ("x-amz-access-token", "Atza|Secret"),
        ("x-api-key", "Secret"),
        ("x-auth-token", "Secret"),
        ("cookie", "session=Secret"),
        ("x-amz-meta-title", "caf\u{e9} \u{202e}gpj.exe \u{9b}31m \u{85}"),
        ("x-amz-meta-plain", "shown"),
    ];
    let mut request = vec![("host", HOST)];
    request.extend(headers);
    let get = Request::new("GET", "/key?X-Api-Key=Secret&continuation-token=shown", &request);
    let signed = signer().sign(&get, Payload::Bytes(b""), now()).unwrap();
    let url = signer().presign(&get, Expires::HOUR, now()).unwrap();
    let claim =
        Hand::new().sign(headers.iter().fold(Wire::get(), |wire, (name, value)| wire.with(name, value)));
    let claim = claim.claim(&verifier(), now()).unwrap();
    let (signature, of_url) = (signed.signature().to_string(), url.signature().to_string());
    assert!(
        signed.explain().to_string().contains(&signature[..8]),
        "the first digits tell two signatures apart"
    );
    for text in [signed.explain().to_string(), url.explain().to_string(), claim.explain().to_string()] {
        assert!(!text.contains("Secret") && text.contains("x-amz-meta-plain:shown"), "{text}");
        assert!(!text.contains(&signature[..9]) && !text.contains(&of_url[..9]), "{text}");
        assert!(text.contains("x-amz-meta-title:caf\u{e9} \\u{202e}gpj.exe \\u{9b}31m \\u{85}"), "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text}");
    }
    assert!(url.explain().to_string().contains("continuation-token=shown"));
    // The steps themselves are not changed.
    assert!(claim.explain().canonical_request().to_string().contains("x-api-key:Secret"));
}

/// 60 KB of header names made an error, and its XML document, of the same size.
#[test]
fn sec_02_an_error_names_a_limited_part_of_a_request() {
    let good = Wire::get().signed();
    accepted(&good);
    let long = good.clone().with(&format!("x-amz-{}", "a".repeat(60_000)), "1");
    let many = (0..200).fold(good, |wire, number| wire.with(&format!("x-amz-meta-{number}"), "1"));
    for wire in [long, many] {
        let error = wire.verify().unwrap_err();
        assert!(matches!(error, VerifyError::UnsignedHeaders { .. }), "{error:?}");
        assert!(format!("{error:?}").len() < 5000 && error.to_xml("/", "1").len() < 5000, "{error:?}");
    }
}

/// A name of 60 KB whose value has a control character, or that contradicts a parameter, made such an error too.
#[test]
fn sec_02_an_error_truncates_the_name_of_a_header() {
    let name = format!("x-amz-{}", "a".repeat(20_000));
    let good = Wire::new("GET", &format!("/k?{name}=1")).presigned();
    accepted(&good);
    let contradictory = good.with(&name, "2").verify().unwrap_err();
    assert_error!(&contradictory, VerifyError::ContradictoryHeader { name: name[..128] });
    for wire in [Wire::get().signed(), Wire::get().with(&name, "1").signed().without(&name)] {
        let invalid = wire.with(&name, "a\0").verify().unwrap_err();
        assert_error!(&invalid, VerifyError::Request(RequestError::InvalidHeaderValue { name: name[..128] }));
    }
}

#[test]
fn sec_02_the_xml_contains_no_canonical_request_and_no_signature() {
    accepted(&Wire::get().signed());
    let error = Hand::new().secret("guess").sign(Wire::get()).verify().unwrap_err();
    let xml = error.to_xml("/folder/test.txt", "1");
    for tag in ["<CanonicalRequest>", "<StringToSign>", "<SignatureProvided>"] {
        assert!(!xml.contains(tag), "{xml}");
    }
}

#[test]
fn sec_02_markup_is_escaped() {
    let markup = "</Message><Code>NoError</Code><!--\"'&";
    let harmless = |xml: &str| {
        assert_eq!(xml.matches("<Code>").count(), 1, "{xml}");
        assert!(!xml.contains("<!--") && !xml.contains("NoError</Code>"), "{xml}");
    };
    harmless(&VerifyError::SignatureDoesNotMatch.to_xml(markup, markup));
    let markup = "<!--&\"'>";
    let id = Hand::new().id(&format!("AKID{markup}")).sign(Wire::get());
    let error = id.verify().unwrap_err();
    assert_error!(&error, VerifyError::InvalidAccessKeyId { access_key_id: format!("AKID{markup}") });
    let xml = error.to_xml("/", "1");
    harmless(&xml);
    assert!(xml.contains("<AWSAccessKeyId>AKID&lt;!--&amp;&quot;&apos;&gt;</AWSAccessKeyId>"), "{xml}");
    let scope = format!("20130524/{markup}/s3/aws4_request");
    let region = Hand::new().scope(&scope).sign(Wire::get()).verify().unwrap_err();
    assert_eq!(region.code(), "AuthorizationHeaderMalformed");
    harmless(&region.to_xml("/", "1"));
    let control = VerifyError::SignatureDoesNotMatch.to_xml("/\u{0}\u{8}\u{1b}\u{fffe}", "1");
    assert!(!control.contains(['\0', '\u{8}', '\u{1b}', '\u{fffe}']));
    accepted(&Wire::get().signed());
}

#[test]
fn sec_02_values_of_the_request_are_truncated() {
    accepted(&Wire::get().signed());
    let long = "x".repeat(20_000);
    for wire in [
        Hand::new().id(&long).sign(Wire::get()),
        Hand::new().scope(&format!("20130524/{long}/s3/aws4_request")).sign(Wire::get()),
        Hand::new().scope(&format!("20130524/us-east-1/{long}/aws4_request")).sign(Wire::get()),
        Hand::new().algorithm(&format!("AWS{long}")).sign(Wire::get()),
        Hand::new().payload(&format!("STREAMING-{long}")).sign(Wire::get()),
        Hand::new().list(&format!("host;{long}")).presign(Wire::get()),
    ] {
        let error = wire.verify().unwrap_err();
        assert!(format!("{error:?} {error}").len() < 1000, "{}", error.code());
    }
}

#[cfg(feature = "std")]
#[test]
fn key_01_the_cache_is_bounded() {
    let cache = KeyCache::new(3);
    let verify = |cache: &KeyCache, secret: &str| {
        let claim = Hand::new().secret(secret).sign(Wire::get()).claim(&verifier(), now()).unwrap();
        assert!(claim.verify_cached(cache, &long_term(ID, secret)).is_ok(), "{secret}");
    };
    for number in 0..20 {
        verify(&cache, &format!("secret {number}"));
        assert_eq!(cache.len(), 3.min(number + 1));
    }
    let one = KeyCache::new(0);
    verify(&one, SECRET);
    verify(&one, "another");
    assert_eq!(one.len(), 1);
}

/// Key ids are public. Without a secret, a request of a known id for each of 100 regions, or a URL of
/// each of 15 ids for each of 7 days, replaced 100 keys that were in use.
#[cfg(feature = "std")]
#[test]
fn key_02_requests_without_the_secret_do_not_change_the_cache() {
    let cache = KeyCache::new(100);
    let any = countersign::Verifier::any_region(Service::S3);
    let secret_of = |id: &str| long_term(id, &format!("secret of {id}"));
    let verify = |wire: &Wire| {
        let claim = wire.claim(&any, now()).unwrap();
        let credentials = secret_of(claim.claimed_access_key_id());
        claim.verify_cached(&cache, &credentials).map(drop).map_err(Rejected::into_error)
    };
    let ids: Vec<String> = (0..100).map(|number| format!("AKIDHOT{number:03}")).collect();
    let hot = |id: &str| Hand::new().id(id).secret(&format!("secret of {id}")).sign(Wire::get());
    assert!(ids.iter().all(|id| verify(&hot(id)).is_ok()));
    let before = format!("{cache:?}");
    assert_eq!(cache.len(), 100);

    let forged = |id: &str| Hand::new().id(id).secret("guessed");
    for region in 0..100 {
        let scope = format!("20130524/region-{region}/s3/aws4_request");
        let wire = forged(&ids[0]).scope(&scope).sign(Wire::get());
        assert_eq!(verify(&wire), Err(VerifyError::SignatureDoesNotMatch));
    }
    for id in &ids[..15] {
        for day in 17..24 {
            let (time, scope) =
                (format!("201305{day}T235959Z"), format!("201305{day}/us-east-1/s3/aws4_request"));
            let wire = forged(id).time(&time).scope(&scope).expires("604800").presign(Wire::get());
            assert_eq!(verify(&wire), Err(VerifyError::SignatureDoesNotMatch), "{id} {time}");
        }
    }
    // Nor does the right signature of a request that is refused for another reason.
    let expired = secret_of(&ids[0]).with_expiration(now());
    let claim = hot(&ids[0]).claim(&any, now()).unwrap();
    assert_eq!(claim.verify_cached(&cache, &expired).unwrap_err().error().code(), "ExpiredToken");
    assert_eq!(
        hot("AKIDNEW").claim(&any, now()).unwrap().verify_cached(&cache, None).unwrap_err().error().status(),
        403
    );
    assert_eq!(format!("{cache:?}"), before);

    // A proven request of a new id is kept, in place of the oldest.
    assert_eq!(verify(&hot("AKIDNEW")), Ok(()));
    assert_eq!(cache.len(), 100);
}

#[cfg(feature = "std")]
#[test]
fn key_01_a_new_secret_is_a_new_key_at_once() {
    let cache = KeyCache::new(16);
    let verify = |wire: &Wire, credentials: &Credentials| {
        let claim = wire.claim(&verifier(), now()).unwrap();
        claim.verify_cached(&cache, credentials).map(|_| ()).map_err(Rejected::into_error)
    };
    let old = Wire::get().signed();
    assert_eq!(verify(&old, &credentials()), Ok(()));
    let rotated = Credentials::new(ID, SecretAccessKey::new("rotated")).unwrap();
    assert_eq!(verify(&old, &rotated), Err(VerifyError::SignatureDoesNotMatch));
    let new = Hand::new().secret("rotated").sign(Wire::get());
    assert_eq!(verify(&new, &rotated), Ok(()));
    assert_eq!(verify(&new, &credentials()), Err(VerifyError::SignatureDoesNotMatch));
}

#[cfg(feature = "std")]
#[test]
fn key_01_other_ids_days_and_regions_have_their_own_keys() {
    let cache = KeyCache::new(64);
    let any = countersign::Verifier::any_region(Service::S3);
    let one = |(wire, time): &(Wire, Timestamp), id: &str| {
        let claim = wire.claim(&any, *time).unwrap();
        claim.verify_cached(&cache, &long_term(id, SECRET)).map(|_| ()).map_err(Rejected::into_error)
    };
    let all = [
        (NOW, "us-east-1", ID),
        (NOW, "us-east-1", "AKIDOTHER"),
        (NOW, "us-west-2", ID),
        ("20130525T000000Z", "us-east-1", ID),
        // The same characters, divided in another way.
        (NOW, "us-east-1", "AKIDOTHERu"),
        (NOW, "s-east-1", "AKIDOTHER"),
    ];
    let requests = all.map(|(time, region, id)| {
        let scope = format!("{}/{region}/s3/aws4_request", &time[..8]);
        (Hand::new().id(id).time(time).scope(&scope).sign(Wire::get()), at(time))
    });
    for (request, (_, _, id)) in requests.iter().zip(all) {
        assert_eq!(one(request, id), Ok(()));
    }
    assert_eq!(cache.len(), all.len());
    for (request, (_, _, id)) in requests.iter().zip(all) {
        assert_eq!(one(request, id), Ok(()), "kept");
        assert_eq!(one(request, "AKIDNOBODY"), Err(VerifyError::KeyMismatch));
    }
}

fn numbered(count: usize) -> Wire {
    (0..count).fold(Wire::get(), |wire, number| wire.with(&format!("x-other-{number}"), "v"))
}

#[test]
fn dos_01_a_request_that_exceeds_a_limit_is_refused_first() {
    let code = "RequestHeaderSectionTooLarge";
    // The host, the date, the hash and the signature count, too.
    accepted(&numbered(252).signed());
    refused!(&numbered(253).signed(), VerifyError::TooLarge { limit: Limit::Headers, max: 256 }, code, 400);
    refused!(&numbered(257), VerifyError::TooLarge { limit: Limit::Headers, max: 256 }, code, 400);

    accepted(&Wire::get().with("x-other", "v".repeat(60 << 10)).signed());
    let long = Wire::get().with("x-other", "v".repeat(64 << 10));
    refused!(&long.signed(), VerifyError::TooLarge { limit: Limit::HeaderBytes, max: 64 << 10 }, code, 400);
    let name = Wire::get().with(&"n".repeat(64 << 10), "");
    refused!(&name, VerifyError::TooLarge { limit: Limit::HeaderBytes, max: 64 << 10 }, code, 400);

    accepted(&Wire::get().target(format!("/{}", "k".repeat(31 << 10))).signed());
    let long = Wire::get().target(format!("/{}", "k".repeat(32 << 10)));
    refused!(&long.signed(), VerifyError::TooLarge { limit: Limit::UriBytes, max: 32 << 10 }, code, 400);
    let query = Wire::get().target(format!("/?{}", "k".repeat(32 << 10)));
    refused!(&query.presigned(), VerifyError::TooLarge { limit: Limit::UriBytes, max: 32 << 10 }, code, 400);

    let parameters = |count: usize| {
        let pairs: Vec<String> = (0..count).map(|number| format!("p{number}=")).collect();
        Wire::get().target(format!("/?{}", pairs.join("&")))
    };
    accepted(&parameters(256).signed());
    refused!(
        &parameters(257).signed(),
        VerifyError::TooLarge { limit: Limit::Parameters, max: 256 },
        code,
        400
    );
    refused!(
        &parameters(251).presigned(),
        VerifyError::TooLarge { limit: Limit::Parameters, max: 256 },
        code,
        400
    );
    // Without a query there is no parameter.
    let none = verifier().with_limits(Limits::default().with_parameters(0));
    accepted_by(&none, &Wire::get().target("/k").signed());
    accepted_by(&none, &Wire::get().target("/k?").signed());
    let error = parameters(1).signed().verify_by(&none).unwrap_err();
    assert_eq!(error.code(), code);
    // Empty pairs count, too.
    let empty = Wire::get().target(format!("/?{}", "&".repeat(256)));
    refused!(&empty, VerifyError::TooLarge { limit: Limit::Parameters, max: 256 }, code, 400);
}

#[test]
fn dos_01_limits_come_before_grammar_and_before_the_body() {
    let strict = verifier().with_limits(
        Limits::default().with_headers(2).with_header_bytes(100).with_uri_bytes(10).with_parameters(1),
    );
    let good = Wire::new("GET", "/k").signed();
    accepted(&good);
    refused_by!(
        &strict,
        &good,
        VerifyError::TooLarge { limit: Limit::Headers, max: 2 },
        "RequestHeaderSectionTooLarge",
        400
    );
    let nonsense = Wire::new("\0", "%%%%%%%%%%%").with("\0", "\0");
    refused_by!(
        &strict,
        &nonsense,
        VerifyError::TooLarge { limit: Limit::UriBytes, max: 10 },
        "RequestHeaderSectionTooLarge",
        400
    );
    assert_err!(nonsense.claim_unread(&strict), VerifyError::TooLarge { limit: Limit::UriBytes, max: 10 });
}

fn raised() -> Limits {
    Limits::default()
        .with_headers(2 * MANY)
        .with_header_bytes(64 << 20)
        .with_uri_bytes(64 << 20)
        .with_parameters(2 * MANY)
}

/// Adds headers with a common prefix of sixteen bytes, in descending order: the worst case for a sort.
fn many_headers(wire: Wire) -> Wire {
    let mut wire = wire;
    wire.headers
        .extend((0..MANY).rev().map(|number| (format!("X-Amz-Meta-Long-{number:06}"), b" a  b ".to_vec())));
    wire
}

#[test]
fn dos_02_a_hundred_thousand_headers_are_verified() {
    let wire = many_headers(Wire::get()).signed();
    assert!(matches!(wire.verify(), Err(VerifyError::TooLarge { .. })));
    let verifier = verifier().with_limits(raised());
    let (count, first) = wire
        .verify_at(&verifier, now(), |verified| {
            let value = verified.header("x-amz-meta-long-000000").map(<[u8]>::to_vec);
            (verified.headers().count(), value)
        })
        .unwrap();
    assert_eq!(count, MANY + 3);
    assert_eq!(first.as_deref(), Some(&b"a b"[..]));
    // A change of one of them is detected.
    let mut changed = wire.clone();
    changed.headers[MANY / 2].1 = b"c".to_vec();
    assert_eq!(changed.verify_by(&verifier), Err(VerifyError::SignatureDoesNotMatch));
    // A header that is repeated a hundred thousand times is one line.
    let mut same = Wire::get();
    same.headers.extend((0..MANY).map(|number| ("x-amz-meta-a".to_owned(), number.to_string().into_bytes())));
    let same = same.signed();
    assert_eq!(same.verify_at(&verifier, now(), |verified| verified.headers().count()), Ok(4));
}

#[test]
fn dos_02_a_hundred_thousand_unsigned_headers_are_refused() {
    let verifier = verifier().with_limits(raised());
    let good = Wire::get().signed();
    accepted_by(&verifier, &good);
    let Err(VerifyError::UnsignedHeaders { names, .. }) = many_headers(good.clone()).verify_by(&verifier)
    else {
        panic!("they are not signed");
    };
    // An error names a few of them: its text and its XML document stay short.
    assert_eq!(names.len(), 32);
    // The list has as many names, and all of these headers are absent.
    let list: Vec<String> = (0..MANY).map(|number| format!("a{number:06}")).collect();
    let wire = Hand::new().list(&format!("{};host", list.join(";"))).presign(Wire::get());
    refused_by!(
        &verifier,
        &wire,
        VerifyError::MissingSignedHeader { name: "a000000" },
        "SignatureDoesNotMatch",
        403
    );
}

#[test]
fn dos_02_a_hundred_thousand_parameters_are_verified() {
    let pairs: Vec<String> = (0..MANY).rev().map(|number| format!("a%20+{number:06}={number}")).collect();
    let target = format!("/k?{}", pairs.join("&"));
    let verifier = verifier().with_limits(raised());
    for (wire, count) in
        [(Wire::get().target(&target).signed(), MANY), (Wire::get().target(&target).presigned(), MANY + 5)]
    {
        assert!(matches!(wire.verify(), Err(VerifyError::TooLarge { .. })));
        assert_eq!(wire.verify_at(&verifier, now(), |verified| verified.query().count()), Ok(count));
    }
    // Each parameter is compared with a header; or each has the name of an authentication parameter.
    let headers = many_headers(Wire::get().target(&target)).presigned();
    accepted_by(&verifier, &headers);
    let same = Wire::get().target(format!("/k?{}", vec!["X-Amz-Date=1"; MANY].join("&")));
    let error = same.verify_by(&verifier).unwrap_err();
    assert_eq!(error.code(), "AuthorizationQueryParametersError");
}

#[test]
fn dos_02_headers_and_parameters_of_one_name() {
    let verifier = verifier().with_limits(raised());
    let one = Wire::get().target("/k?x-amz-a=v").with("x-amz-a", "v");
    accepted_by(&verifier, &Hand::new().presign(one.clone()));
    // More headers or parameters than one are refused, without comparing each with each.
    let mut headers = one.clone();
    headers.headers.extend((1..MANY).map(|_| ("x-amz-a".to_owned(), b"v".to_vec())));
    let parameters = one.clone().target(format!("/k?{}", vec!["x-amz-a=v"; MANY].join("&")));
    let both = headers.clone().target(&parameters.target);
    for wire in [headers, parameters, both] {
        refused_by!(
            &verifier,
            &Hand::new().presign(wire),
            VerifyError::ContradictoryHeader { name: "x-amz-a" },
            "AccessDenied",
            403
        );
    }
}

#[test]
fn dos_02_long_values_are_verified() {
    let verifier = verifier().with_limits(raised());
    let (path, long) = ("%2d%2b%41".repeat(MANY), "%2f+%41".repeat(MANY));
    let wire = Wire::get().target(format!("/{path}?{long}={long}")).signed();
    accepted_by(&verifier, &wire);
    let wire = Wire::get().with("x-amz-meta-a", "a  ".repeat(MANY)).signed();
    accepted_by(&verifier, &wire);
    let commas = Wire::get().with("Authorization", format!("AWS4-HMAC-SHA256 {}", ",".repeat(MANY)));
    assert_eq!(commas.verify_by(&verifier).unwrap_err().code(), "AuthorizationHeaderMalformed");
    let slashes = Hand::new().scope(&"/".repeat(MANY)).sign_as_it_is(Wire::get());
    assert_eq!(slashes.verify_by(&verifier).unwrap_err().code(), "AuthorizationHeaderMalformed");
    // A path with as many segments to resolve.
    let standard = standard_verifier().with_limits(raised());
    let dots = Wire::get().target("/a/..".repeat(MANY) + "/b").signed_by(&standard_signer());
    accepted_by(&standard, &dots);
    assert_eq!(dots.verify_at(&standard, now(), |verified| verified.path()), Ok(b"/b".to_vec()));
}

/// Returns strings of characters that are difficult for parsers, the same in every run.
fn odd_texts(count: usize) -> impl Iterator<Item = String> {
    const PIECES: [&str; 34] = [
        "",
        "/",
        "//",
        "?",
        "&",
        "=",
        "%",
        "%2",
        "%2F",
        "%00",
        "+",
        ",",
        ";",
        ":",
        " ",
        "\t",
        "\r\n",
        "\n ",
        "\0",
        "\u{7f}",
        "é",
        "\u{10ffff}",
        "AWS4-HMAC-SHA256 ",
        "Credential=",
        "SignedHeaders=",
        "Signature=",
        ID,
        SCOPE,
        "X-Amz-Signature",
        "X-Amz-Expires",
        "20130524T120000Z",
        "host",
        "https://",
        "#",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap()
    };
    (0..count).map(move |_| (0..next() % 9).map(|_| PIECES[next() % PIECES.len()]).collect())
}

#[test]
fn dos_03_no_input_makes_the_verifier_panic() {
    let texts: Vec<String> = odd_texts(500).collect();
    let good = Wire::get().signed();
    let url = Wire::get().presigned();
    accepted(&good);
    accepted(&url);
    let mut refusals = 0;
    for (text, other) in texts.iter().zip(texts.iter().cycle().skip(7)) {
        for wire in [
            good.clone().method(text),
            good.clone().target(text),
            good.clone().target(format!("/{text}?{other}")),
            good.clone().with(text, other),
            good.clone().set("authorization", text),
            good.clone().reauthorize("Credential=", &format!("{text}Credential={other}")),
            good.clone().set("host", text),
            good.clone().set("x-amz-date", text),
            good.clone().set("x-amz-content-sha256", text),
            url.clone().target(format!("{}&{text}={other}", url.target)),
            url.clone().retarget("X-Amz-Expires=", &format!("X-Amz-Expires={text}")),
            url.clone().with("x-amz-content-sha256", text),
        ] {
            for verifier in [verifier(), standard_verifier()] {
                refusals += usize::from(wire.verify_by(&verifier).is_err());
            }
        }
    }
    assert!(refusals > 10_000, "{refusals}");
}

#[test]
fn dos_03_no_input_makes_the_signer_panic() {
    let texts: Vec<String> = odd_texts(500).collect();
    for (text, other) in texts.iter().zip(texts.iter().cycle().skip(7)) {
        let target = format!("https://{HOST}/{text}?{other}");
        for signer in [signer(), standard_signer(), temporary_signer()] {
            for request in [
                Request::new(text, &target, &[(text, other)]),
                Request::new("GET", text, &[("host", other)]),
                Request::new("GET", &target, &[]),
            ] {
                let _ = signer.sign(&request, Payload::Bytes(b""), now());
                if let Ok(mode) = PayloadMode::new(text) {
                    let _ = signer.sign(&request, Payload::Other(mode), now());
                }
                let _ = signer.presign(&request, Expires::HOUR, now());
                let _ = format!("{request:?}");
                let _ = request.strip_signature().request();
            }
        }
    }
    let request = Request::new("GET", "/", &[("host", HOST)]);
    assert!(signer().sign(&request, Payload::Bytes(b""), now()).is_ok());
}

#[test]
fn dos_03_an_empty_request_is_refused() {
    accepted(&Wire::get().signed());
    let nothing = Request::new("", "", &[]);
    let error = verifier().claim(&nothing, ReceivedBody::Unread, now()).unwrap_err();
    assert_eq!(error, VerifyError::Request(RequestError::InvalidUri(InvalidUri::Form)));
}
