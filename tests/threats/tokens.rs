//! Tokens that a server forwards to STS, and names that are written into a token.
//!
//! Each attack changes the same good token. The signature does not prevent these attacks: STS checks it, and an attacker
//! can sign anything with a key of their own.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use countersign::tokens::{
    CallerIdentityVerifier, IdentityClaim, IdentityError, Partition, TokenArgument, TokenError, TokenSigner,
};
use countersign::{
    ConfigError, Credentials, MalformedAuthorization, Mechanism, Payload, Request, RequestError, VerifyError,
};

use testkit::*;

const URL: &str = "https://sts.us-east-1.amazonaws.com/";
const CLUSTER: &str = "my-cluster";
const SERVER: &str = "X-Vault-AWS-IAM-Server-ID";
const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn eks() -> CallerIdentityVerifier {
    CallerIdentityVerifier::eks(CLUSTER).unwrap()
}

/// Returns the URL in a good token.
fn good_url() -> String {
    let signer = TokenSigner::eks(temporary(), "us-east-1", CLUSTER).unwrap();
    signer.presign(now()).unwrap().as_str().to_owned()
}

fn token(url: &str) -> String {
    format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(url))
}

#[track_caller]
fn accepts(url: &str) -> IdentityClaim {
    eks().claim_eks(&token(url), now()).unwrap()
}

/// Asserts that a URL and its token are rejected, and that the good URL is accepted.
macro_rules! refuses {
    ($url:expr, $($error:tt)+) => {{
        let url: &str = $url;
        accepts(&good_url());
        assert_ne!(url, good_url(), "nothing was changed");
        assert_err!(eks().claim_url(url, now()), $($error)+, "{url}");
        assert_err!(eks().claim_eks(&token(url), now()), $($error)+, "{url}");
    }};
}

#[track_caller]
fn replaced(from: &str, to: &str) -> String {
    let good = good_url();
    assert!(good.contains(from), "{from} is not in {good}");
    good.replacen(from, to, 1)
}

/// Returns the good URL with another value of a parameter, or without the parameter.
fn with(name: &str, value: Option<&str>) -> String {
    let good = good_url();
    let (front, query) = good.split_once('?').unwrap();
    let pairs = query.split('&').filter_map(|pair| match pair.split_once('=') {
        Some((own, _)) if own == name => value.map(|value| format!("{name}={value}")),
        _ => Some(pair.to_owned()),
    });
    format!("{front}?{}", pairs.collect::<Vec<_>>().join("&"))
}

#[track_caller]
fn refuses_malformed(url: &str, malformed: MalformedAuthorization) {
    refuses!(url, IdentityError::Request(VerifyError::AuthorizationQueryParametersError(malformed)));
}

// ---- The encoding of a token

#[test]
fn tkn_01_a_token_without_prefix_or_strict_base64url_is_refused() {
    let good = token(&good_url());
    let encoded = good.strip_prefix("k8s-aws-v1.").unwrap();
    assert!(eks().claim_eks(&good, now()).is_ok());
    let refused = |text: &str| eks().claim_eks(text, now()).unwrap_err();
    for prefix in ["", "k8s-aws-v2.", "K8S-AWS-V1.", " k8s-aws-v1.", "k8s-aws-v1", "Bearer k8s-aws-v1."] {
        assert_eq!(refused(&format!("{prefix}{encoded}")), IdentityError::InvalidPrefix, "{prefix:?}");
    }
    assert_eq!(refused(""), IdentityError::InvalidPrefix);
    for odd in [
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}").replacen(" k8s-aws-v1.", "k8s-aws-v1. ", 1),
        format!("k8s-aws-v1.{}", STANDARD.encode("https://sts.amazonaws.com/?>>>???")),
        format!("k8s-aws-v1.{}", URL_SAFE.encode("https://sts.amazonaws.com/?a")),
        "k8s-aws-v1.a".into(),
        // The last digit has unused bits: another string of the same token.
        "k8s-aws-v1.aHR0cHM6Lz9".into(),
        "k8s-aws-v1.é".into(),
    ] {
        assert_eq!(refused(&odd), IdentityError::InvalidBase64, "{odd:?}");
    }
    assert_eq!(refused("k8s-aws-v1."), IdentityError::InvalidUrl);
    let bytes = format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(b"https://sts.amazonaws.com/?\xff"));
    assert_eq!(refused(&bytes), IdentityError::InvalidUrl);
    // A token that is encoded twice.
    assert_eq!(refused(&token(&good)), IdentityError::InvalidUrl);
}

#[test]
fn tkn_01_a_token_that_is_too_long_is_refused_first() {
    let padding = |length: usize| format!("k8s-aws-v1.{}", "A".repeat(length - "k8s-aws-v1.".len()));
    assert_eq!(eks().claim_eks(&padding(4096), now()).unwrap_err(), IdentityError::InvalidBase64);
    assert_err!(eks().claim_eks(&padding(4097), now()), IdentityError::TooLong { max: 4096 });
    let url = |length: usize| format!("{URL}?{}", "a".repeat(length - URL.len() - 1));
    assert_err!(
        eks().claim_url(&url(4096), now()),
        IdentityError::UnexpectedParameter { name: "a".repeat(32) }
    );
    assert_err!(eks().claim_url(&url(4097), now()), IdentityError::TooLong { max: 4096 });
}

#[test]
fn tkn_01_a_url_that_is_not_https_and_visible_ascii_is_refused() {
    for (from, to) in [
        ("https://", "http://"),
        ("https://", "HTTPS://"),
        ("https://", "https:/"),
        ("https://", "//"),
        ("https://", "file://"),
        ("https://", " https://"),
        ("/?", "/ ?"),
        ("/?", "/\r\nHost: evil.example\r\n?"),
        ("/?", "/\0?"),
        ("/?", "/?é"),
        ("/?", "/#?"),
        ("&X-Amz-Date", "#&X-Amz-Date"),
        ("60", "60%"),
        ("60", "6%zz"),
        ("/?", "?"),
        ("/?", "//?"),
        ("/?", "/a?"),
        ("/?", "/.?"),
        ("/?", "/%2F?"),
        ("/?", "/;?"),
        ("/?", "/"),
        ("/?", ""),
    ] {
        refuses!(&replaced(from, to), IdentityError::InvalidUrl);
    }
}

// ---- The host

/// The server sends the request to AWS, whoever wrote the token (CVE-2020-16250).
#[test]
fn tkn_02_hosts_other_than_sts_are_refused() {
    let host = "sts.us-east-1.amazonaws.com";
    for other in [
        "evil.example",
        "127.0.0.1",
        "169.254.169.254",
        "localhost",
        "sts.us-east-1.amazonaws.com.evil.example",
        "evil.example.amazonaws.com",
        "stsXus-east-1.amazonaws.com",
        "STS.us-east-1.amazonaws.com",
        "sts.us-east-1.AMAZONAWS.com",
        "evil-sts.us-east-1.amazonaws.com",
        "a.sts.us-east-1.amazonaws.com",
        "sts.a.us-east-1.amazonaws.com",
        // Names of buckets, which anyone can own.
        "sts.s3.amazonaws.com",
        "sts.s3-us-west-2.amazonaws.com",
        "sts.s3.us-east-1.amazonaws.com",
        "sts-fips.s3-us-west-2.amazonaws.com",
        // Other services.
        "iam.amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "sts.us-east-1.vpce.amazonaws.com",
        // Regions of other partitions, and names that are not regions.
        "sts.cn-north-1.amazonaws.com.cn",
        "sts.cn-north-1.amazonaws.com",
        "sts.us-gov-west-1.amazonaws.com",
        "sts.amazonaws.com.cn",
        "sts.us-east-.amazonaws.com",
        "sts.us-east-100.amazonaws.com",
        "sts.us-EAST-1.amazonaws.com",
        "sts.us--1.amazonaws.com",
        "sts.-east-1.amazonaws.com",
        "sts-fips.amazonaws.com",
        "sts.api.aws",
    ] {
        refuses!(&replaced(host, other), IdentityError::UnknownHost { host: other });
    }
    // Characters that could change where the host ends.
    for other in [
        "evil.example@sts.us-east-1.amazonaws.com",
        "sts.us-east-1.amazonaws.com@evil.example",
        "[::1]",
        "sts.us-east-1.amazonaws.com.",
        "sts.us-east-1.amazonaws.com:443",
        "sts.us-east-1.amazonaws.com:8443",
        "sts.us-east-1.amazonaws.com%2eevil.example",
        "sts..amazonaws.com",
        "user:password@sts.us-east-1.amazonaws.com",
        "sts.us-east-1.amazonaws.com\\.evil.example",
        "sts.us-east-1.amazonaws.com\\@evil.example",
        "",
        ":443",
    ] {
        refuses!(&replaced(host, other), IdentityError::InvalidUrl);
    }
}

#[test]
fn tkn_02_every_host_of_sts_belongs_to_one_region() {
    for (partition, region, host) in [
        (Partition::Aws, "us-east-1", "sts.amazonaws.com"),
        (Partition::Aws, "eu-central-1", "sts.eu-central-1.amazonaws.com"),
        (Partition::Aws, "us-west-2", "sts-fips.us-west-2.amazonaws.com"),
        (Partition::Aws, "eu-west-1", "sts.eu-west-1.api.aws"),
        (Partition::Aws, "ap-southeast-7", "sts.ap-southeast-7.amazonaws.com"),
        (Partition::China, "cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
        (Partition::China, "cn-north-1", "sts.cn-north-1.api.amazonwebservices.com.cn"),
        (Partition::GovCloud, "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
        (Partition::EuropeanSovereign, "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"),
        (Partition::Iso, "us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov"),
    ] {
        let signer = TokenSigner::eks(credentials(), region, CLUSTER).unwrap().with_endpoint(host).unwrap();
        let token = signer.token(now()).unwrap();
        let claim = eks().with_partition(partition).claim_eks(token.as_str(), now()).unwrap();
        assert!(claim.url().starts_with(&format!("https://{host}/?")));

        // The region of the scope must be that of the host.
        let signer =
            TokenSigner::eks(credentials(), "us-west-1", CLUSTER).unwrap().with_endpoint(host).unwrap();
        let verifier = eks().with_partition(partition);
        let refused = verifier.claim_eks(signer.token(now()).unwrap().as_str(), now()).unwrap_err();
        assert_error!(
            &refused,
            IdentityError::Request(VerifyError::WrongRegion {
                mechanism: Mechanism::Query,
                region: "us-west-1",
                expected: region,
            })
        );
    }
}

/// The same account number in two partitions names two accounts.
#[test]
fn tkn_02_another_partition_must_be_configured() {
    let token = TokenSigner::eks(credentials(), "cn-north-1", CLUSTER).unwrap().token(now()).unwrap();
    assert_err!(
        eks().claim_eks(token.as_str(), now()),
        IdentityError::UnknownHost { host: "sts.cn-north-1.amazonaws.com.cn" }
    );
    assert!(eks().with_partition(Partition::China).claim_eks(token.as_str(), now()).is_ok());
    accepts(&good_url());
    let china = eks().with_partition(Partition::China).claim_url(&good_url(), now()).unwrap_err();
    assert_error!(&china, IdentityError::UnknownHost { host: "sts.us-east-1.amazonaws.com" });
    // The global endpoint belongs to the commercial partition.
    let global = replaced("sts.us-east-1.amazonaws.com", "sts.amazonaws.com");
    accepts(&global);
    let verifier = eks().with_partition(Partition::GovCloud);
    assert_err!(verifier.claim_url(&global, now()), IdentityError::UnknownHost { host: "sts.amazonaws.com" });
}

#[test]
fn tkn_02_another_endpoint_must_be_configured() {
    let host = "vpce-1.sts.us-east-1.vpce.amazonaws.com";
    let url = replaced("sts.us-east-1.amazonaws.com", host);
    refuses!(&url, IdentityError::UnknownHost { host });
    let verifier = eks().allow_endpoint(host, "us-east-1").unwrap();
    assert!(verifier.claim_url(&url, now()).unwrap().url().starts_with(&format!("https://{host}/?")));
    assert!(matches!(
        eks().allow_endpoint(host, "us-east-2").unwrap().claim_url(&url, now()).unwrap_err(),
        IdentityError::Request(VerifyError::WrongRegion { .. })
    ));
    for odd in ["", "a/b", "a:443", "a@b", "A.example", "a b", "a..b", "a.", "a?b", "a#b"] {
        assert_eq!(eks().allow_endpoint(odd, "us-east-1").unwrap_err(), TokenError::InvalidHost, "{odd:?}");
    }
}

// ---- The action

/// CVE-2022-2385: `Action` and `action` were one parameter for the server and two for STS. The server checked either of
/// them at random.
#[test]
fn tkn_03_actions_other_than_get_caller_identity_are_refused() {
    for other in [
        "",
        "getcalleridentity",
        "GetCallerIdentity%20",
        "GetCallerIdentity%00",
        "+GetCallerIdentity",
        "GetCallerIdentity%2526x",
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "GetSessionToken",
        "GetAccessKeyInfo",
        "GetFederationToken",
    ] {
        refuses!(&with("Action", Some(other)), IdentityError::WrongAction);
    }
    for other in ["", "2011-06-16", "2011-6-15", "2011-06-15%20"] {
        refuses!(&with("Version", Some(other)), IdentityError::WrongAction);
    }
    for name in ["Action", "Version"] {
        refuses!(&with(name, None), IdentityError::MissingParameter { name });
    }
    for (more, name) in [
        ("action=GetSessionToken", "action"),
        ("ACTION=GetCallerIdentity", "ACTION"),
        ("%61ction=GetSessionToken", "action"),
        ("version=2011-06-15", "version"),
    ] {
        refuses!(&format!("{}&{more}", good_url()), IdentityError::UnexpectedParameter { name });
        refuses!(&replaced("?", &format!("?{more}&")), IdentityError::UnexpectedParameter { name });
    }
    for more in ["Action=GetSessionToken", "Action=GetCallerIdentity", "%41ction=GetCallerIdentity", "Action"]
    {
        refuses!(&format!("{}&{more}", good_url()), IdentityError::RepeatedParameter { name: "Action" });
        refuses!(&replaced("?", &format!("?{more}&")), IdentityError::RepeatedParameter { name: "Action" });
    }
    refuses!(
        &format!("{}&Version=2011-06-15", good_url()),
        IdentityError::RepeatedParameter { name: "Version" }
    );
}

/// CVE-2022-2385: the server used the identity in a second `x-amz-credential`, and checked the cluster in a second
/// `x-amz-signedheaders`.
#[test]
fn tkn_04_repeated_and_unexpected_parameters_are_refused() {
    let names = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    ];
    for name in names {
        let good = good_url();
        let value = good.split(&format!("{name}=")).nth(1).unwrap().split('&').next().unwrap();
        for twice in
            [format!("{name}={value}"), format!("{name}=x"), name.to_owned(), format!("%58{}=x", &name[1..])]
        {
            refuses!(&format!("{good}&{twice}"), IdentityError::RepeatedParameter { name });
            refuses!(&replaced("?", &format!("?{twice}&")), IdentityError::RepeatedParameter { name });
        }
        for cased in [name.to_ascii_lowercase(), name.to_ascii_uppercase(), name.replacen('X', "x", 1)] {
            refuses!(
                &format!("{good}&{cased}={value}"),
                IdentityError::UnexpectedParameter { name: cased.clone() }
            );
            refuses!(
                &good.replacen(&format!("&{name}="), &format!("&{cased}="), 1),
                IdentityError::UnexpectedParameter { name: cased.clone() }
            );
        }
        if name != "X-Amz-Security-Token" {
            refuses!(&with(name, None), IdentityError::MissingParameter { name });
        }
    }
    for (more, name) in [
        ("AccessKeyId=AKIAIOSFODNN7EXAMPLE", "AccessKeyId"),
        ("AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE", "AWSAccessKeyId"),
        ("x-amz-content-sha256=UNSIGNED-PAYLOAD", "x-amz-content-sha256"),
        ("X-Amz-Region-Set=*", "X-Amz-Region-Set"),
        ("X-Amz-S3session-Token=x", "X-Amz-S3session-Token"),
        ("RoleArn=arn", "RoleArn"),
        ("Accept=application/json", "Accept"),
        ("x-k8s-aws-id=my-cluster", "x-k8s-aws-id"),
        ("=x", ""),
        ("%26Action=x", "%26Action"),
        ("?Action=x", "%3FAction"),
        (";Action=GetSessionToken", "%3BAction"),
        ("Action;=x", "Action%3B"),
        ("Action%00=x", "Action%00"),
        ("Action%20=x", "Action%20"),
        ("Action+=x", "Action%20"),
    ] {
        refuses!(&format!("{}&{more}", good_url()), IdentityError::UnexpectedParameter { name });
    }
    // The parameter is absent without a session token.
    accepts(&with("X-Amz-Security-Token", None));
}

#[test]
fn tkn_04_an_invalid_access_key_id_is_refused() {
    let credential = |id: &str| {
        with("X-Amz-Credential", Some(&format!("{id}%2F20130524%2Fus-east-1%2Fsts%2Faws4_request")))
    };
    assert_eq!(accepts(&credential("AKIA_0123456789a")).claimed_access_key_id(), "AKIA_0123456789a");
    assert_eq!(accepts(&credential(&"A".repeat(128))).claimed_access_key_id().len(), 128);
    for odd in [
        &"A".repeat(15),
        &"A".repeat(129),
        "AKIAIOSFODNN7%2FEXAMPLE",
        "AKIAIOSFODNN7EXAMPL%22",
        "AKIAIOSFODNN7EXAMPL%3C",
    ] {
        refuses!(&credential(odd), IdentityError::InvalidAccessKeyId);
    }
    for odd in ["", "AKIAIOSFODNN7EXAMPL%20", "AKIAIOSFODNN7EXAMPL%0A", "AKIAIOSFODNN7EXAMPL%C3%A9"] {
        refuses_malformed(&credential(odd), MalformedAuthorization::Credential);
    }
}

// ---- The server that the token is for

#[test]
fn tkn_05_the_signature_covers_the_header_that_names_the_server() {
    let list = |list: &str| with("X-Amz-SignedHeaders", Some(list));
    refuses!(&list("host"), IdentityError::UnsignedHeader { name: "x-k8s-aws-id" });
    for (names, name) in [
        ("host%3Bx-k8s-aws-i", "x-k8s-aws-i"),
        ("host%3Bx-k8s-aws-id%3Bx-other", "x-other"),
        ("accept%3Bhost%3Bx-k8s-aws-id", "accept"),
    ] {
        refuses!(&list(names), IdentityError::Request(VerifyError::MissingSignedHeader { name }));
    }
    refuses!(&list("x-k8s-aws-id"), IdentityError::Request(VerifyError::UnsignedHeaders { names: ["host"] }));
    for odd in [
        "",
        "host%3Bhost%3Bx-k8s-aws-id",
        "x-k8s-aws-id%3Bhost",
        "host%3BX-K8s-Aws-Id",
        "Host%3Bx-k8s-aws-id",
        "host%2Cx-k8s-aws-id",
        "host%3Bx-k8s-aws-id%3B",
        "host%3B%3Bx-k8s-aws-id",
        "host%20%3Bx-k8s-aws-id",
        "host%253Bx-k8s-aws-id",
        "host%3Bx-k8s-aws-id%0A",
    ] {
        refuses_malformed(&list(odd), MalformedAuthorization::SignedHeaders);
    }
    // A token for another cluster has the same form. It is sent with the name of this cluster, so that STS computes
    // another signature.
    let theirs = TokenSigner::eks(credentials(), "us-east-1", "their-cluster").unwrap().token(now()).unwrap();
    let claim = eks().claim_eks(theirs.as_str(), now()).unwrap();
    assert_eq!(claim.headers().collect::<Vec<_>>(), [("x-k8s-aws-id", CLUSTER)]);
    let verified = verify_claim(claim.into_claim(), &credentials());
    assert_eq!(verified.unwrap_err(), VerifyError::SignatureDoesNotMatch);
    let ours = TokenSigner::eks(credentials(), "us-east-1", CLUSTER).unwrap().token(now()).unwrap();
    let claim = eks().claim_eks(ours.as_str(), now()).unwrap();
    assert!(verify_claim(claim.into_claim(), &credentials()).is_ok());
}

#[test]
fn tkn_05_a_verifier_without_a_header_that_names_the_server_cannot_be_built() {
    assert!(CallerIdentityVerifier::new(SERVER, "vault.example.com").is_ok());
    for header in [
        "",
        "host",
        "Host",
        "x-amz-date",
        "User-Agent",
        "authorization",
        "content-type",
        "date",
        "a b",
        "a:b",
        "é",
    ] {
        assert_err!(
            CallerIdentityVerifier::new(header, "vault"),
            TokenError::InvalidArgument { argument: TokenArgument::Header },
            "{header:?}"
        );
        let signer = TokenSigner::caller_identity(credentials(), "us-east-1", header.to_owned(), "vault");
        assert_err!(signer, TokenError::InvalidArgument { argument: TokenArgument::Header }, "{header:?}");
    }
    for value in ["", " ", "a b", "a\r\nb", "é", "a\0"] {
        assert_err!(
            CallerIdentityVerifier::new(SERVER, value),
            TokenError::InvalidArgument { argument: TokenArgument::HeaderValue },
            "{value:?}"
        );
        let signer = TokenSigner::caller_identity(credentials(), "us-east-1", SERVER, value);
        assert_err!(
            signer,
            TokenError::InvalidArgument { argument: TokenArgument::HeaderValue },
            "{value:?}"
        );
        assert_err!(
            CallerIdentityVerifier::eks(value),
            TokenError::InvalidArgument { argument: TokenArgument::Cluster }
        );
        assert_err!(
            TokenSigner::eks(credentials(), "us-east-1", value),
            TokenError::InvalidArgument { argument: TokenArgument::Cluster }
        );
    }
}

// ---- Time and scope

#[test]
fn tkn_06_a_token_is_accepted_for_fifteen_minutes() {
    let good = good_url();
    let after = |seconds: i64| eks().claim_url(&good, now_plus(seconds));
    for seconds in [-300, 0, 61, 899] {
        let claim = after(seconds).unwrap();
        assert_eq!(claim.expires_at(), now_plus(900));
    }
    assert!(matches!(after(-301).unwrap_err(), IdentityError::Request(VerifyError::NotYetValid { .. })));
    assert!(matches!(after(900).unwrap_err(), IdentityError::Request(VerifyError::Expired { .. })));
    assert!(matches!(after(-86_400).unwrap_err(), IdentityError::Request(_)));
    // The stated lifetime does not change that.
    for fine in ["0", "1", "060", "900"] {
        let claim = accepts(&with("X-Amz-Expires", Some(fine)));
        assert_eq!(claim.expires_at(), now_plus(900));
        assert!(claim.url().contains(&format!("&X-Amz-Expires={fine}&")), "as it was signed");
    }
    for odd in [
        "",
        "901",
        "604800",
        "-1",
        "%2B60",
        "+60",
        "60s",
        "6e1",
        "60.0",
        "0x3c",
        "99999999999999999999",
        "%D9%A1",
    ] {
        let url = with("X-Amz-Expires", Some(odd));
        let Err(IdentityError::Request(error)) = eks().claim_url(&url, now()) else { panic!("{odd}") };
        assert!(error.to_string().starts_with("X-Amz-Expires "), "{odd}: {error}");
    }
    for odd in [
        "",
        "20130524",
        "20130524T120000",
        "20130524t120000z",
        "2013-05-24T12:00:00Z",
        "20130230T120000Z",
        "xxxxxxx",
    ] {
        refuses_malformed(&with("X-Amz-Date", Some(odd)), MalformedAuthorization::Date);
    }
}

#[test]
fn tkn_07_the_scope_is_that_of_sts_the_region_and_the_day() {
    let scope = |scope: &str| with("X-Amz-Credential", Some(&format!("ASIAIOSFODNN7EXAMPLE%2F{scope}")));
    accepts(&scope("20130524%2Fus-east-1%2Fsts%2Faws4_request"));
    for other in ["s3", "STS", "", "iam", "rds-db"] {
        refuses!(
            &scope(&format!("20130524%2Fus-east-1%2F{other}%2Faws4_request")),
            IdentityError::Request(VerifyError::WrongService {
                mechanism: Mechanism::Query,
                service: other,
                expected: "sts",
            })
        );
    }
    for other in ["us-west-2", "US-EAST-1", "", "*"] {
        refuses!(
            &scope(&format!("20130524%2F{other}%2Fsts%2Faws4_request")),
            IdentityError::Request(VerifyError::WrongRegion {
                mechanism: Mechanism::Query,
                region: other,
                expected: "us-east-1",
            })
        );
    }
    refuses!(
        &scope("20130523%2Fus-east-1%2Fsts%2Faws4_request"),
        IdentityError::Request(VerifyError::DateMismatch {
            mechanism: Mechanism::Query,
            scope_date: "20130523",
            time: now(),
        })
    );
    refuses_malformed(
        &scope("20130524%2Fus-east-1%2Fsts%2Faws3_request"),
        MalformedAuthorization::Terminator,
    );
    refuses_malformed(&scope("us-east-1%2Fsts%2Faws4_request"), MalformedAuthorization::Credential);
    for other in ["AWS4-ECDSA-P256-SHA256", "aws4-hmac-sha256", "AWS4-HMAC-SHA1", "none"] {
        refuses!(
            &with("X-Amz-Algorithm", Some(other)),
            IdentityError::Request(VerifyError::UnsupportedAlgorithm {
                mechanism: Mechanism::Query,
                algorithm: other
            })
        );
    }
    refuses!(
        &with("X-Amz-Signature", Some("")),
        IdentityError::Request(VerifyError::AuthorizationQueryParametersError(
            MalformedAuthorization::MissingParameters { names: ["X-Amz-Signature"] }
        ))
    );
    for odd in ["0", &"F".repeat(64), &"a".repeat(63), &"g".repeat(64)] {
        let url = with("X-Amz-Signature", Some(odd));
        refuses!(&url, IdentityError::Request(VerifyError::SignatureDoesNotMatch));
    }
}

// ---- What the server sends

/// Returns the headers of a request that clients of Vault sign, with additional headers.
fn vault(extra: &[(&str, &str)]) -> Vec<(String, String)> {
    vault_at(URL, BODY, extra)
}

fn vault_at(url: &str, body: &str, extra: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut headers = vec![
        ("Host", url.trim_start_matches("https://").trim_end_matches('/')),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        (SERVER, "vault.example.com"),
    ];
    headers.extend_from_slice(extra);
    let signer =
        countersign::Signer::new(temporary(), "us-east-1", countersign::Service::new("sts").unwrap())
            .unwrap();
    let signed =
        signer.sign(&Request::new("POST", url, &headers), Payload::Bytes(body.as_bytes()), now()).unwrap();
    let own = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let added = signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    own.chain(added).collect()
}

fn claim(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &str,
) -> Result<IdentityClaim, IdentityError> {
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let verifier = CallerIdentityVerifier::new(SERVER, "vault.example.com").unwrap();
    verifier.claim_request(&Request::new(method, url, &headers), body.as_bytes(), now())
}

macro_rules! vault_refuses {
    ($url:expr, $headers:expr, $body:expr, $($error:tt)+) => {{
        assert!(claim("POST", URL, &vault(&[]), BODY).is_ok());
        assert_err!(claim("POST", $url, $headers, $body), $($error)+);
    }};
}

#[test]
fn tkn_08_the_url_that_is_sent_is_written_by_the_server() {
    // Another spelling, another order or empty pairs do not change the URL that is sent.
    let good = good_url();
    let odd = good
        .replacen("Action=GetCallerIdentity", "%41ction=GetCaller%49dentity", 1)
        .replacen("aws4_request", "aws4%5frequest", 1)
        .replacen("&Version", "&&Version", 1);
    assert_ne!(odd, good);
    assert_eq!(accepts(&odd).url(), good);
    let (front, query) = good.split_once('?').unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.reverse();
    assert_eq!(accepts(&format!("{front}?{}&", pairs.join("&"))).url(), good);

    let claim = accepts(&good);
    assert_eq!((claim.method(), claim.body()), ("GET", ""));
    assert_eq!(claim.headers().collect::<Vec<_>>(), [("x-k8s-aws-id", CLUSTER)]);
}

#[test]
fn tkn_08_a_request_signed_in_headers_is_sent_with_its_signed_headers_only() {
    let mut headers = vault(&[("Content-Length", "43")]);
    for extra in [
        ("Accept", "application/json"),
        ("X-Forwarded-Host", "evil.example"),
        ("Transfer-Encoding", "chunked"),
        ("Cookie", "a=b"),
        ("Action", "AssumeRole"),
    ] {
        headers.push((extra.0.into(), extra.1.into()));
    }
    let sent = claim("POST", URL, &headers, BODY).unwrap();
    assert_eq!((sent.method(), sent.url(), sent.body()), ("POST", URL, BODY));
    let names: Vec<&str> = sent.headers().map(|(name, _)| name).collect();
    let expected =
        ["content-type", "x-amz-date", "x-amz-security-token", "x-vault-aws-iam-server-id", "authorization"];
    assert_eq!(names, expected);
    // The signature and everything that it covers are sent.
    let authorization = headers.iter().find(|(name, _)| name == "authorization").unwrap();
    assert_eq!(sent.headers().last().unwrap().1, authorization.1);
    assert_eq!(sent.expires_at(), now_plus(900));
    assert!(verify_claim(sent.into_claim(), &temporary()).is_ok());
}

/// CVE-2020-16250: the client chose the request that was sent, by its body, URL and headers.
#[test]
fn tkn_08_the_sender_of_signed_headers_chooses_nothing() {
    let signed = vault(&[]);
    for body in [
        "",
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&WebIdentityToken=x",
        "Action=GetCallerIdentity&Version=2011-06-15&Action=AssumeRole",
        "action=AssumeRole&Action=GetCallerIdentity&Version=2011-06-15",
        "Action=GetCallerIdentity&Version=2011-06-15\n",
        "Version=2011-06-15&Action=GetCallerIdentity&x=",
        "Action=GetCallerIdentity",
    ] {
        vault_refuses!(URL, &vault_at(URL, body, &[]), body, IdentityError::WrongBody);
    }
    for method in ["GET", "post", "PUT", ""] {
        assert_eq!(claim(method, URL, &signed, BODY).unwrap_err(), IdentityError::WrongMethod, "{method:?}");
    }
    for url in [
        "https://sts.us-east-1.amazonaws.com/?Action=AssumeRole",
        "https://sts.us-east-1.amazonaws.com/?",
        "https://sts.us-east-1.amazonaws.com",
        "https://sts.us-east-1.amazonaws.com//",
        "https://sts.us-east-1.amazonaws.com/#",
        "https://sts.us-east-1.amazonaws.com@evil.example/",
        "http://sts.us-east-1.amazonaws.com/",
        "/",
    ] {
        vault_refuses!(url, &signed, BODY, IdentityError::InvalidUrl);
    }
    vault_refuses!(
        "https://evil.example/",
        &signed,
        BODY,
        IdentityError::UnknownHost { host: "evil.example" }
    );
    vault_refuses!(
        "https://evil.example/",
        &vault_at("https://evil.example/", BODY, &[]),
        BODY,
        IdentityError::UnknownHost { host: "evil.example" }
    );
    // The host of the URL differs from the header.
    let elsewhere = vault_at("https://sts.evil.example/", BODY, &[]);
    let host = IdentityError::Request(VerifyError::Request(RequestError::InvalidHost));
    vault_refuses!(URL, &elsewhere, BODY, host);
    let mut two = signed.clone();
    two.push(("host".into(), "evil.example".into()));
    vault_refuses!(
        URL,
        &two,
        BODY,
        IdentityError::Request(VerifyError::Request(RequestError::RepeatedHeader { name: "host" }))
    );
}

#[test]
fn tkn_08_an_unexpected_signed_header_is_refused() {
    for (name, value) in [
        ("x-amz-target", "AWSSecurityTokenService.AssumeRole"),
        ("x-amz-meta-a", "b"),
        ("accept", "application/json"),
        ("content-encoding", "gzip"),
        ("content-length", "42"),
        ("content-length", "+43"),
        ("content-length", "043"),
        ("content-length", "43 "),
        ("cookie", "a=b"),
        ("x-http-method-override", "GET"),
    ] {
        let headers = vault(&[(name, value)]);
        if value == "43 " {
            assert!(claim("POST", URL, &headers, BODY).is_ok());
            continue;
        }
        vault_refuses!(URL, &headers, BODY, IdentityError::UnexpectedSignedHeader { name });
    }
    let headers: Vec<(String, String)> = vault(&[]);
    let without = |name: &str| -> Vec<(String, String)> {
        headers.iter().filter(|(own, _)| !own.eq_ignore_ascii_case(name)).cloned().collect()
    };
    for name in ["x-vault-aws-iam-server-id", "content-type"] {
        vault_refuses!(
            URL,
            &without(name),
            BODY,
            IdentityError::Request(VerifyError::MissingSignedHeader { name })
        );
    }
    vault_refuses!(URL, &without("authorization"), BODY, IdentityError::Request(VerifyError::Anonymous));
    vault_refuses!(URL, &without("x-amz-date"), BODY, IdentityError::Request(VerifyError::InvalidDate));
    // An unsigned `x-amz-` header is refused.
    let mut more = headers.clone();
    more.push(("X-Amz-Target".into(), "x".into()));
    vault_refuses!(
        URL,
        &more,
        BODY,
        IdentityError::Request(VerifyError::UnsignedHeaders { names: ["x-amz-target"] })
    );
}

/// Returns the headers of the good request after `edit` changed or removed each of them.
fn edited(edit: impl Fn(&str, String) -> Option<(String, String)>) -> Vec<(String, String)> {
    vault(&[]).into_iter().filter_map(|(name, value)| edit(&name, value)).collect()
}

/// The date must be signed. A content type that is not signed is replaced.
#[test]
fn tkn_08_an_unsigned_date_or_content_type_is_not_sent() {
    // STS checks the signature; the verifier reads the list of signed headers.
    let list = |from: &'static str, to: &'static str| {
        move |name: &str, value: String| match name {
            "authorization" => Some((name.to_owned(), value.replacen(from, to, 1))),
            "x-amz-date" if from.contains("x-amz-date") => None,
            _ => Some((name.to_owned(), value)),
        }
    };
    let mut dated = edited(list("host;x-amz-date;", "host;"));
    dated.push(("Date".into(), NOW.into()));
    vault_refuses!(URL, &dated, BODY, IdentityError::UnsignedHeader { name: "x-amz-date" });
    let mut dated = edited(list("content-type;host;x-amz-date;", "content-type;date;host;"));
    dated.push(("Date".into(), NOW.into()));
    vault_refuses!(URL, &dated, BODY, IdentityError::UnexpectedSignedHeader { name: "date" });

    // A content type that is not signed is not sent; the standard one is.
    let mut untyped = edited(list("content-type;host;", "host;"));
    untyped.push(("Content-Type".into(), "application/json".into()));
    let sent = claim("POST", URL, &untyped, BODY).unwrap();
    let types: Vec<&str> =
        sent.headers().filter(|(name, _)| *name == "content-type").map(|(_, value)| value).collect();
    assert_eq!(types, ["application/x-www-form-urlencoded"]);
    for other in [
        "application/json",
        "multipart/form-data; boundary=a",
        "application/x-www-form-urlencoded; charset=utf-7",
        "",
    ] {
        let typed = edited(|name: &str, value| {
            Some((name.to_owned(), if name == "Content-Type" { other.to_owned() } else { value }))
        });
        vault_refuses!(URL, &typed, BODY, IdentityError::UnexpectedSignedHeader { name: "content-type" });
    }
    // The access key id is checked, too.
    let odd = edited(|name: &str, value| {
        Some((name.to_owned(), value.replacen("ASIAIOSFODNN7EXAMPLE", "short", 1)))
    });
    vault_refuses!(URL, &odd, BODY, IdentityError::InvalidAccessKeyId);
}

/// A signature that covers the hash of another body would be valid at an endpoint that does not compare the hash with
/// the body.
#[test]
fn tkn_08_a_signed_hash_of_another_body_is_refused() {
    let with_hash = |signed: &str| {
        let headers = [
            ("Host", "sts.us-east-1.amazonaws.com"),
            (SERVER, "vault.example.com"),
            ("X-Amz-Content-Sha256", signed),
        ];
        let signer =
            countersign::Signer::new(temporary(), "us-east-1", countersign::Service::new("sts").unwrap())
                .unwrap();
        let digest = hex::decode(signed).unwrap().try_into().unwrap();
        let added =
            signer.sign(&Request::new("POST", URL, &headers), Payload::Sha256(digest), now()).unwrap();
        let own = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let added = added.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        own.chain(added).collect::<Vec<_>>()
    };
    // Computed with `printf … | sha256sum`, and found in requests of Vault's clients.
    let hash = "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843";
    let sent = claim("POST", URL, &with_hash(hash), BODY).unwrap();
    assert!(sent.headers().any(|header| header == ("x-amz-content-sha256", hash)));

    let other = sha256(b"Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/admin");
    for other in [other.as_str(), EMPTY] {
        vault_refuses!(
            URL,
            &with_hash(other),
            BODY,
            IdentityError::UnexpectedSignedHeader { name: "x-amz-content-sha256" }
        );
    }
}

#[test]
fn tkn_08_a_signed_request_of_another_time_or_scope_is_refused() {
    let headers = vault(&[]);
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let verifier = CallerIdentityVerifier::new(SERVER, "vault.example.com").unwrap();
    let after = |seconds: i64| {
        let now = now_plus(seconds);
        verifier.claim_request(&Request::new("POST", URL, &headers), BODY.as_bytes(), now)
    };
    for seconds in [-900, 0, 900] {
        assert!(after(seconds).is_ok(), "{seconds}");
    }
    for seconds in [-901, 901] {
        let error = after(seconds).unwrap_err();
        assert!(
            matches!(error, IdentityError::Request(VerifyError::RequestTimeTooSkewed { .. })),
            "{seconds}"
        );
    }
    let url = "https://sts.us-west-2.amazonaws.com/";
    let error = claim("POST", url, &vault_at(url, BODY, &[]), BODY).unwrap_err();
    assert!(matches!(error, IdentityError::Request(VerifyError::WrongRegion { .. })));
}

#[test]
fn tkn_08_a_request_for_another_server_is_refused() {
    let rename = |value: &str| -> Vec<(String, String)> {
        let renamed = |name: String, old| if name == SERVER { (name, value.to_owned()) } else { (name, old) };
        vault(&[]).into_iter().map(|(name, old)| renamed(name, old)).collect()
    };
    for other in ["", "evil.example", "VAULT.example.com", "vault.example.com,evil.example"] {
        vault_refuses!(
            URL,
            &rename(other),
            BODY,
            IdentityError::WrongAudience { name: SERVER.to_ascii_lowercase() }
        );
    }
    let mut twice = vault(&[]);
    twice.push((SERVER.to_ascii_lowercase(), "vault.example.com".into()));
    vault_refuses!(URL, &twice, BODY, IdentityError::WrongAudience { name: SERVER.to_ascii_lowercase() });
    // The header is present, but not signed.
    let signer =
        countersign::Signer::new(temporary(), "us-east-1", countersign::Service::new("sts").unwrap())
            .unwrap();
    let signed =
        signer.sign(&Request::new("POST", URL, &[]), Payload::Bytes(BODY.as_bytes()), now()).unwrap();
    let mut headers: Vec<(String, String)> =
        signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    headers.push((SERVER.into(), "vault.example.com".into()));
    vault_refuses!(URL, &headers, BODY, IdentityError::UnsignedHeader { name: SERVER.to_ascii_lowercase() });
}

// ---- Creating tokens

#[test]
fn tkn_09_host_user_cache_and_region_cannot_change_the_rest_of_the_url() {
    let rds = |host: &str, port, user: &str| TokenSigner::rds(credentials(), "us-east-1", host, port, user);
    let query = |user: &str| {
        let token = rds("db.example.com", 5432, user).unwrap().token(now()).unwrap();
        token.as_str().split("&X-Amz-Algorithm").next().unwrap().to_owned()
    };
    assert_eq!(query("app"), "db.example.com:5432/?Action=connect&DBUser=app");
    assert_eq!(
        query("a&Action=b#c/%41+ é"),
        "db.example.com:5432/?Action=connect&DBUser=a%26Action%3Db%23c%2F%2541%2B%20%C3%A9"
    );
    for user in ["", "a\0b", "a\nb", "\u{7f}"] {
        assert_err!(
            rds("db.example.com", 5432, user),
            TokenError::InvalidArgument { argument: TokenArgument::User }
        );
    }
    let long = format!("{}.example", "a".repeat(64));
    for host in [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a/b",
        "a?b",
        "a#b",
        "a@b",
        "a:1",
        "a b",
        "a\r\nb",
        "é",
        "[::1]",
        "https://a",
        "a%2eb",
        "a\\b",
        "a_b",
        long.as_str(),
    ] {
        assert_eq!(rds(host, 5432, "app").unwrap_err(), TokenError::InvalidHost, "{host:?}");
        assert_eq!(TokenSigner::dsql(credentials(), "us-east-1", host).unwrap_err(), TokenError::InvalidHost);
        assert_eq!(
            TokenSigner::dsql_admin(credentials(), "us-east-1", host).unwrap_err(),
            TokenError::InvalidHost
        );
        let signer = TokenSigner::eks(credentials(), "us-east-1", CLUSTER).unwrap();
        assert_eq!(signer.with_endpoint(host).unwrap_err(), TokenError::InvalidHost);
    }
    assert_eq!(rds("db.example.com", 0, "app").unwrap_err(), TokenError::InvalidHost);
    // A cache is identified by its name. A token for its endpoint would be refused by the cache.
    assert!(TokenSigner::elasticache(credentials(), "us-east-1", "my-cache", "app").is_ok());
    for cache in ["my-cache.abc.use1.cache.amazonaws.com", "", "a/b", "a:6379"] {
        for signer in [
            TokenSigner::elasticache(credentials(), "us-east-1", cache, "app"),
            TokenSigner::elasticache_serverless(credentials(), "us-east-1", cache, "app"),
            TokenSigner::memorydb(credentials(), "us-east-1", cache, "app"),
        ] {
            assert_err!(signer, TokenError::InvalidArgument { argument: TokenArgument::Cache }, "{cache:?}");
        }
    }
    for region in ["", "a/b", "a.evil.example/", "a@b", "a?", "us-east-1.evil.example"] {
        for signer in
            [TokenSigner::eks(credentials(), region, CLUSTER), TokenSigner::msk(credentials(), region, "a/1")]
        {
            assert_err!(signer, TokenError::Config(ConfigError::InvalidRegion { region }));
        }
    }
    let agent = TokenSigner::msk(credentials(), "us-east-1", "a&b=c").unwrap().token(now()).unwrap();
    let url = String::from_utf8(URL_SAFE_NO_PAD.decode(agent.as_str()).unwrap()).unwrap();
    assert!(url.ends_with("&User-Agent=a%26b%3Dc"));
}

#[test]
fn tkn_10_neither_tokens_nor_errors_print_secrets() {
    let signer = TokenSigner::eks(temporary(), "us-east-1", CLUSTER).unwrap();
    let made = signer.token(now()).unwrap();
    let url = signer.presign(now()).unwrap();
    let signature = url.as_str().rsplit_once('=').unwrap().1;
    let encoded_token = countersign::uri::encode(TOKEN);
    let secrets = [made.as_str(), signature, SECRET, TOKEN, &encoded_token];
    let shows = |text: String| secrets.iter().any(|secret| text.contains(secret));
    assert!(shows(url.as_str().to_owned()), "the control");

    assert!(!shows(format!("{made:?} {signer:?} {signer:#?}")));
    let claim = eks().claim_eks(made.as_str(), now()).unwrap();
    assert!(!shows(format!("{claim:?} {claim:#?} {:?}", eks())));
    let sent = super::tokens::claim("POST", URL, &vault(&[]), BODY).unwrap();
    assert!(!shows(format!("{sent:?} {sent:#?}")));
    for part in [
        "Action",
        "Version",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Credential",
        "X-Amz-Algorithm",
    ] {
        for url in [with(part, None), with(part, Some("x"))] {
            let error = eks().claim_url(&url, now()).unwrap_err();
            assert!(!shows(format!("{error} {error:?} {error:#?}")), "{part}");
        }
    }
}

/// A client that encodes the URL once too often puts values into names of parameters. A reader of the log could use such
/// a token.
#[test]
fn tkn_10_a_name_in_an_error_is_too_short_for_a_signature() {
    let good = good_url();
    let signature = good.rsplit_once("X-Amz-Signature=").unwrap().1;
    assert_eq!(signature.len(), 64);
    let (front, query) = good.split_once('?').unwrap();
    for odd in [
        good.replacen("X-Amz-Signature=", "X-Amz-Signature%3D", 1),
        good.replacen("X-Amz-Signature=", "X-Amz-Signature:", 1),
        good.replacen("X-Amz-Signature=", "", 1),
        good.replacen("X-Amz-Security-Token=", "X-Amz-Security-Token%3D", 1),
        format!("{front}?{}", query.replace('=', "%3D").replace('&', "%26")),
    ] {
        let error = eks().claim_url(&odd, now()).unwrap_err();
        let IdentityError::UnexpectedParameter { name, .. } = &error else { panic!("{error:?}") };
        assert!(name.len() <= 32, "{name}");
        for text in [format!("{error}"), format!("{error:?}")] {
            assert!(!text.contains(signature.get(..33).unwrap()), "{text}");
            assert!(!text.contains("EXAMPLE%2F%2Btoken"), "{text}");
        }
    }
}

/// Asserts that the error is the right one for a good URL that is cut short.
#[track_caller]
fn is_error_of_a_cut_url(error: &IdentityError, cut: &str) {
    const REQUIRED: [&str; 7] = [
        "Action",
        "Version",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Signature",
    ];
    let Some((_, query)) = cut.split_once("/?") else {
        let host = cut.strip_prefix("https://").unwrap_or_default();
        let is_whole = host.trim_end_matches('/') == "sts.us-east-1.amazonaws.com";
        let is_another_host = !host.is_empty() && !host.ends_with('.') && !is_whole;
        if is_another_host {
            assert_error!(error, IdentityError::UnknownHost { host }, "{cut}");
        } else {
            assert_error!(error, IdentityError::InvalidUrl, "{cut}");
        }
        return;
    };
    let last = query.rsplit('&').next().unwrap();
    let (name, value) = last.split_once('=').unwrap_or((last, ""));
    let optional = ["", "X-Amz-Security-Token", "X-Amz-SignedHeaders"];
    match (name, value) {
        (_, value) if value.bytes().rev().take(2).any(|byte| byte == b'%') => {
            assert_error!(error, IdentityError::InvalidUrl, "{cut}");
        }
        ("Action", value) if value != "GetCallerIdentity" => {
            assert_error!(error, IdentityError::WrongAction, "{cut}");
        }
        ("Version", value) if value != "2011-06-15" => {
            assert_error!(error, IdentityError::WrongAction, "{cut}");
        }
        ("X-Amz-Signature", "") => assert_error!(
            error,
            IdentityError::Request(VerifyError::AuthorizationQueryParametersError(
                MalformedAuthorization::MissingParameters { names: ["X-Amz-Signature"] }
            )),
            "{cut}"
        ),
        ("X-Amz-Signature", _) => {
            assert_error!(error, IdentityError::Request(VerifyError::SignatureDoesNotMatch), "{cut}");
        }
        (name, _) if REQUIRED.contains(&name) || optional.contains(&name) => {
            let name = REQUIRED.into_iter().find(|name| !query.contains(name)).unwrap();
            assert_error!(error, IdentityError::MissingParameter { name }, "{cut}");
        }
        (name, _) => assert_error!(error, IdentityError::UnexpectedParameter { name }, "{cut}"),
    }
}

#[test]
fn dos_03_no_token_makes_the_verifier_panic() {
    let good = good_url();
    assert!(eks().claim_url(&good, now()).is_ok());
    for place in 0..good.len() {
        let cut = &good[..place];
        is_error_of_a_cut_url(&eks().claim_url(cut, now()).unwrap_err(), cut);
        for byte in [b'%', b'&', b'=', b'?', b'#', b';', b'/', b'@', b' ', b'+', 0, 0x7f, b'A'] {
            let mut other = good.clone().into_bytes();
            other.insert(place, byte);
            let _ = eks().claim_url(core::str::from_utf8(&other).unwrap(), now());
            let _ = eks().claim_eks(&format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(&other)), now());
        }
    }
}

/// Changes every byte of a good URL. Each change is refused, or gives the same request, or makes the signature invalid.
#[test]
fn tkn_08_every_single_change_is_refused_or_gives_the_same_request() {
    let credentials: Credentials = temporary();
    let good = good_url();
    let mut verified = 0;
    for place in 0..good.len() {
        for change in [1u8, 2, 4, 8, 16, 32, 64] {
            let mut other = good.clone().into_bytes();
            other[place] ^= change;
            let Ok(other) = String::from_utf8(other) else { continue };
            let Ok(claim) = eks().claim_url(&other, now()) else { continue };
            let url = claim.url().to_owned();
            if verify_claim(claim.into_claim(), &credentials).is_ok() {
                assert_eq!(url, good, "{other}");
                verified += 1;
            }
        }
    }
    // Hex digits of percent-encoding may be in lower case.
    assert!(verified > 0 && verified < 40, "{verified}");
}
