//! IAM authentication tokens, compared with those of other implementations.
//!
//! Values with "published" are in the tests of the named project. Values with "made by" are the output
//! of the named release for this time and AWS's example credentials: botocore 1.44.8 (PyPI),
//! awscli 1.46.3 (PyPI), aws-msk-iam-sasl-signer-python 1.0.2 (PyPI).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::tokens::{CallerIdentityVerifier, IdentityError, Partition, TokenError, TokenSigner};
use countersign::{Credentials, Expires, ReceivedBody, Request, Service, SignError, Verifier, VerifyError};
use testkit::{assert_err, at, credentials, long_term, temporary};

const NOW: &str = "20260301T120000Z";

/// Returns the part before the query, and the sorted parameters.
fn parts(url: &str) -> (&str, Vec<&str>) {
    let (front, query) = url.split_once('?').unwrap();
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable();
    (front, parameters)
}

#[track_caller]
fn same(token: &str, published: &str) {
    assert_eq!(parts(token), parts(published));
}

fn decoded(token: &str) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap()
}

/// Published: botocore, `tests/unit/test_signers.py`, `TestGenerateDBAuthToken`.
#[test]
fn makes_the_rds_token_of_botocore_s_test() {
    let host = "prod-instance.us-east-1.rds.amazonaws.com";
    let signer =
        TokenSigner::rds(long_term("akid", "skid"), "us-east-1", host, 3306, "someusername").unwrap();
    let token = signer.token(at("20161107T173933Z")).unwrap();
    same(
        token.as_str(),
        "prod-instance.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=someusername&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20161107T173933Z&X-Amz-SignedHeaders=host&X-Amz-Expires=900&X-Amz-Credential=akid%2F20161107%2Fus-east-1%2Frds-db%2Faws4_request&X-Amz-Signature=d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61",
    );
    assert_eq!(token.expires_at(), at("20161107T175433Z"));
}

/// Published: smithy-rs, `aws/rust-runtime/aws-inlineable/src/rds_auth_token.rs`.
#[test]
fn makes_the_rds_token_of_smithy_rs() {
    let host = "prod-instance.us-east-1.rds.amazonaws.com";
    let signer = TokenSigner::rds(long_term("akid", "secret"), "us-east-1", host, 3306, "peccy").unwrap();
    assert_eq!(
        signer.token(at("20240826T220000Z")).unwrap().as_str(),
        "prod-instance.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=peccy&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=akid%2F20240826%2Fus-east-1%2Frds-db%2Faws4_request&X-Amz-Date=20240826T220000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=dd0cba843009474347af724090233265628ace491ea17ce3eb3da098b983ad89"
    );
}

/// Published: botocore, `tests/unit/test_signers.py`, `TestDSQLGenerateDBAuthToken`.
#[test]
fn makes_the_dsql_tokens_of_botocore_s_test() {
    let credentials = || long_term("ACCESS_KEY", "SECRET_KEY").with_session_token("SESSION_TOKEN").unwrap();
    let (host, time) = ("test.dsql.us-east-1.on.aws", at("20241107T173933Z"));
    let token = TokenSigner::dsql(credentials(), "us-east-1", host).unwrap().token(time).unwrap();
    same(
        token.as_str(),
        "test.dsql.us-east-1.on.aws/?Action=DbConnect&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ACCESS_KEY%2F20241107%2Fus-east-1%2Fdsql%2Faws4_request&X-Amz-Date=20241107T173933Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=SESSION_TOKEN&X-Amz-Signature=57fe03e060348aaa21405c239bf02572bbc911076e94dcd65c12ae569dd8fcf4",
    );
    let token = TokenSigner::dsql_admin(credentials(), "us-east-1", host).unwrap().token(time).unwrap();
    same(
        token.as_str(),
        "test.dsql.us-east-1.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ACCESS_KEY%2F20241107%2Fus-east-1%2Fdsql%2Faws4_request&X-Amz-Date=20241107T173933Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=SESSION_TOKEN&X-Amz-Signature=5ac084bc7cabccc19a52a5d1b5c24b50d3ce143f43b659bd484c91aaf555e190",
    );
}

/// Published: smithy-rs, `aws/rust-runtime/aws-inlineable/src/dsql_auth_token.rs`.
#[test]
fn makes_the_dsql_tokens_of_smithy_rs() {
    let (host, time) = ("peccy.dsql.us-east-1.on.aws", at("20240827T000000Z"));
    let expires = Expires::from_secs(450).unwrap();
    let connect = TokenSigner::dsql(long_term("akid", "secret"), "us-east-1", host).unwrap();
    let token = connect.with_expires(expires).unwrap().token(time).unwrap();
    assert_eq!(
        token.as_str(),
        "peccy.dsql.us-east-1.on.aws/?Action=DbConnect&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=akid%2F20240827%2Fus-east-1%2Fdsql%2Faws4_request&X-Amz-Date=20240827T000000Z&X-Amz-Expires=450&X-Amz-SignedHeaders=host&X-Amz-Signature=f5f2ad764ca5df44045d4ab6ccecba0eef941b0007e5765885a0b6ed3702a3f8"
    );
    assert_eq!(token.expires_at(), at("20240827T000730Z"));
    let admin = TokenSigner::dsql_admin(long_term("akid", "secret"), "us-east-1", host).unwrap();
    assert_eq!(
        admin.with_expires(expires).unwrap().token(time).unwrap().as_str(),
        "peccy.dsql.us-east-1.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=akid%2F20240827%2Fus-east-1%2Fdsql%2Faws4_request&X-Amz-Date=20240827T000000Z&X-Amz-Expires=450&X-Amz-SignedHeaders=host&X-Amz-Signature=267cf8d04d84444f7a62d5bdb40c44bfc6cb13dd6c64fa7f772df6bbaa90fff1"
    );
}

/// Published: Signer-AWSv4 (CPAN), its test of EKS tokens, taken from heptio-authenticator-aws.
#[test]
fn makes_the_eks_tokens_of_heptio_authenticator() {
    let id = "AKIAKIAKIAKIAKIAKIAK";
    let credentials = long_term(id, "1111111111111111111111111111111111111111");
    let session = credentials.clone().with_session_token("22222222222222222222222222222222222").unwrap();
    for (credentials, time, url) in [
        (
            credentials,
            "20180723T145707Z",
            "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAKIAKIAKIAKIAKIAK%2F20180723%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20180723T145707Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=7a9107b9da0017ba3c84c6331d1aed6afe1de75da6c39ea786c01c31141052a8",
        ),
        (
            session,
            "20180925T080318Z",
            "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAKIAKIAKIAKIAKIAK%2F20180925%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20180925T080318Z&X-Amz-Expires=60&X-Amz-Security-Token=22222222222222222222222222222222222&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=4201c545ad1c3d67e2a18568df6d0fcbe8df2d332c40ede6ee3de5eb60e0e267",
        ),
    ] {
        let (cluster, time) = ("scrumptious-wardrobe-1531912697", at(time));
        let signer = TokenSigner::eks(credentials.clone(), "us-east-1", cluster).unwrap();
        let token = signer.with_endpoint("sts.amazonaws.com").unwrap().token(time).unwrap();
        assert_eq!(decoded(token.as_str().strip_prefix("k8s-aws-v1.").unwrap()), url);
        assert_eq!(token.expires_at(), time.checked_add(Duration::from_secs(14 * 60)).unwrap());

        // The server reads the token, and would send the same URL.
        let claim = CallerIdentityVerifier::eks(cluster).unwrap().claim_eks(token.as_str(), time).unwrap();
        assert_eq!((claim.url(), claim.claimed_access_key_id()), (url, id));
        assert_eq!(claim.expires_at(), time.checked_add(Duration::from_secs(15 * 60)).unwrap());
        let claim = claim.into_claim();
        let key = claim.derive_key(&credentials);
        assert!(claim.verify(&key).is_ok());
    }
}

/// Made by botocore: `generate_db_auth_token`. The token keeps the upper case of the host, but the
/// host is signed in lower case. The default port is in the token, but is not signed.
#[test]
fn makes_the_rds_tokens_of_botocore() {
    let host = "Db-1.abc.eu-central-1.rds.amazonaws.com";
    for (credentials, port, user, made) in [
        (
            credentials(),
            5432,
            "app user+1@x",
            "Db-1.abc.eu-central-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app%20user%2B1%40x&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Feu-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=2c9e01f32a414bfdf302d18ae0f50b8b58124db8f8d0b8843fae4c7c1d42fa9c",
        ),
        (
            credentials(),
            443,
            "app",
            "db-1.abc.eu-central-1.rds.amazonaws.com:443/?Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Feu-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=014c3ff897d5d200226d10ea4324eb1f492ab2ff55860d962c59a7d009d8f419",
        ),
        (
            temporary(),
            5432,
            "app user+1@x",
            "Db-1.abc.eu-central-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app%20user%2B1%40x&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Feu-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=e008911b0f13c6d706a9e80ad3cb6a36bd3cd9b13e1b857d6807b4d97cc15332",
        ),
        (
            temporary(),
            443,
            "app",
            "db-1.abc.eu-central-1.rds.amazonaws.com:443/?Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Feu-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=f002a278ab620df71d9ee75997ef9043b5ccc6de3dc8d4ccacb27cc92632beca",
        ),
    ] {
        let signer = TokenSigner::rds(credentials, "eu-central-1", host, port, user).unwrap();
        same(signer.token(at(NOW)).unwrap().as_str(), &made.replacen("Db-1", "db-1", 1));
    }
}

/// Made by botocore: `generate_db_connect_auth_token`, `generate_db_connect_admin_auth_token`.
#[test]
fn makes_the_dsql_tokens_of_botocore() {
    let host = "abc.dsql.us-west-2.on.aws";
    for (credentials, connect, admin_for_a_week) in [
        (
            credentials(),
            "abc.dsql.us-west-2.on.aws/?Action=DbConnect&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Fus-west-2%2Fdsql%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=b1f68276b86ad8dc7d95c2293615f265540eaed879e9990775ea5949093e4415",
            "abc.dsql.us-west-2.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Fus-west-2%2Fdsql%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature=9e4248a6363e62abdcac97064cdf007f76bdfcee36e6f34b319c69e447b684ef",
        ),
        (
            temporary(),
            "abc.dsql.us-west-2.on.aws/?Action=DbConnect&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Fus-west-2%2Fdsql%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=0872ba7c92241bc37e87913126aedbfb5ddb361afb0dc9f24e5d045e2bc251dd",
            "abc.dsql.us-west-2.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Fus-west-2%2Fdsql%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=a609d7b4291d2262cc5221dfb1c19856cc9235b0257c96d9ee3feef3df61e2cb",
        ),
    ] {
        let signer = TokenSigner::dsql(credentials.clone(), "us-west-2", host).unwrap();
        same(signer.token(at(NOW)).unwrap().as_str(), connect);
        let signer = TokenSigner::dsql_admin(credentials, "us-west-2", host).unwrap();
        let token = signer.with_expires(Expires::WEEK).unwrap().token(at(NOW)).unwrap();
        same(token.as_str(), admin_for_a_week);
        assert_eq!(token.expires_at(), at("20260308T120000Z"));
    }
}

/// Made by awscli: `eks get-token`, in two partitions.
#[test]
fn makes_the_eks_tokens_of_the_aws_cli() {
    for (credentials, region, made) in [
        (
            credentials(),
            "eu-central-1",
            "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtY2VudHJhbC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BS0lBSU9TRk9ETk43RVhBTVBMRSUyRjIwMjYwMzAxJTJGZXUtY2VudHJhbC0xJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjAzMDFUMTIwMDAwWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9MzU3YTUwMzk1YzQyYWZiMGRlNzkxMjM0MjM3MmE1Y2QzYjhlOTFkNWU4NDM0MDZhN2YxZTIzZDYzMTVhYTFjZg",
        ),
        (
            credentials(),
            "cn-north-1",
            "k8s-aws-v1.aHR0cHM6Ly9zdHMuY24tbm9ydGgtMS5hbWF6b25hd3MuY29tLmNuLz9BY3Rpb249R2V0Q2FsbGVySWRlbnRpdHkmVmVyc2lvbj0yMDExLTA2LTE1JlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QUtJQUlPU0ZPRE5ON0VYQU1QTEUlMkYyMDI2MDMwMSUyRmNuLW5vcnRoLTElMkZzdHMlMkZhd3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDI2MDMwMVQxMjAwMDBaJlgtQW16LUV4cGlyZXM9NjAmWC1BbXotU2lnbmVkSGVhZGVycz1ob3N0JTNCeC1rOHMtYXdzLWlkJlgtQW16LVNpZ25hdHVyZT0xYjBhZGMxMzM1YWMzMTZlYjNhNGI2ZTFiY2NiMmQ4NzgyZDkwYzEzODVmZWU4NWUxODRmNjVkZjAwYjM3NmUy",
        ),
        (
            temporary(),
            "eu-central-1",
            "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtY2VudHJhbC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BU0lBSU9TRk9ETk43RVhBTVBMRSUyRjIwMjYwMzAxJTJGZXUtY2VudHJhbC0xJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjAzMDFUMTIwMDAwWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TZWN1cml0eS1Ub2tlbj1JUW9KYjNKcFoybHVYMlZqRVhBTVBMRSUyRiUyQnRva2VuJTNEJTNEJlgtQW16LVNpZ25hdHVyZT1hNGMyZWY2YWUyNzU4ZDc1ZWEzYjUzZjQ2MDcwZjU0MmNhNWExMThlMTk4OGVhOWIxZWRiMzk4Y2EwNGQxYjA3",
        ),
        (
            temporary(),
            "cn-north-1",
            "k8s-aws-v1.aHR0cHM6Ly9zdHMuY24tbm9ydGgtMS5hbWF6b25hd3MuY29tLmNuLz9BY3Rpb249R2V0Q2FsbGVySWRlbnRpdHkmVmVyc2lvbj0yMDExLTA2LTE1JlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QVNJQUlPU0ZPRE5ON0VYQU1QTEUlMkYyMDI2MDMwMSUyRmNuLW5vcnRoLTElMkZzdHMlMkZhd3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDI2MDMwMVQxMjAwMDBaJlgtQW16LUV4cGlyZXM9NjAmWC1BbXotU2lnbmVkSGVhZGVycz1ob3N0JTNCeC1rOHMtYXdzLWlkJlgtQW16LVNlY3VyaXR5LVRva2VuPUlRb0piM0pwWjJsdVgyVmpFWEFNUExFJTJGJTJCdG9rZW4lM0QlM0QmWC1BbXotU2lnbmF0dXJlPWQ5M2M0Y2EyNTRiMWRkMWZmZGQ3NWRhMDAxNjg2ZDRmOGQ1NGFhODIwZmM2MDc4OTU3NWZiMjI0MzZkODQ2MDM",
        ),
    ] {
        let token =
            TokenSigner::eks(credentials.clone(), region, "my-cluster").unwrap().token(at(NOW)).unwrap();
        let url = |token: &str| decoded(token.strip_prefix("k8s-aws-v1.").unwrap());
        same(&url(token.as_str()), &url(made));
        if credentials.session_token().is_none() {
            assert_eq!(token.as_str(), made, "the tokens are equal if the order of the parameters is");
        }

        let verifier = CallerIdentityVerifier::eks("my-cluster").unwrap();
        let partition = if region == "cn-north-1" { Partition::China } else { Partition::Aws };
        let claim = verifier.with_partition(partition).claim_eks(made, at(NOW)).unwrap();
        assert_eq!(claim.url(), url(token.as_str()), "the URL has the parameters in canonical order");
        let claim = claim.into_claim();
        let key = claim.derive_key(&credentials);
        assert!(claim.verify(&key).is_ok());
    }
}

/// Made by aws-msk-iam-sasl-signer-python: `__construct_auth_token`.
/// It returns the expiration 1772367300000 ms.
#[test]
fn makes_the_msk_tokens_of_aws_msk_iam_sasl_signer() {
    let agent = "aws-msk-iam-sasl-signer-python/1.0.2";
    for (credentials, made) in [
        (
            credentials(),
            "aHR0cHM6Ly9rYWZrYS51cy1lYXN0LTIuYW1hem9uYXdzLmNvbS8_QWN0aW9uPWthZmthLWNsdXN0ZXIlM0FDb25uZWN0JlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QUtJQUlPU0ZPRE5ON0VYQU1QTEUlMkYyMDI2MDMwMSUyRnVzLWVhc3QtMiUyRmthZmthLWNsdXN0ZXIlMkZhd3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDI2MDMwMVQxMjAwMDBaJlgtQW16LUV4cGlyZXM9OTAwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCZYLUFtei1TaWduYXR1cmU9YWQ1MjY1MmRjNjkyMTg3Y2JkNDI1MWE3NzI5MTM3NmNkNWZmMjM1NzE3YzVlNDUyMmNjYmQ5Yjk3MDM0N2NlMSZVc2VyLUFnZW50PWF3cy1tc2staWFtLXNhc2wtc2lnbmVyLXB5dGhvbiUyRjEuMC4y",
        ),
        (
            temporary(),
            "aHR0cHM6Ly9rYWZrYS51cy1lYXN0LTIuYW1hem9uYXdzLmNvbS8_QWN0aW9uPWthZmthLWNsdXN0ZXIlM0FDb25uZWN0JlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QVNJQUlPU0ZPRE5ON0VYQU1QTEUlMkYyMDI2MDMwMSUyRnVzLWVhc3QtMiUyRmthZmthLWNsdXN0ZXIlMkZhd3M0X3JlcXVlc3QmWC1BbXotRGF0ZT0yMDI2MDMwMVQxMjAwMDBaJlgtQW16LUV4cGlyZXM9OTAwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCZYLUFtei1TZWN1cml0eS1Ub2tlbj1JUW9KYjNKcFoybHVYMlZqRVhBTVBMRSUyRiUyQnRva2VuJTNEJTNEJlgtQW16LVNpZ25hdHVyZT1lOTE3Yzc5Y2I3NDdkNTVmYmZmNmNhZWZjMmM2YjllMWM5YWQ1NDVlNWRmZDYyZWY2NTY4MzBjYTMyMWU3MDJmJlVzZXItQWdlbnQ9YXdzLW1zay1pYW0tc2FzbC1zaWduZXItcHl0aG9uJTJGMS4wLjI",
        ),
    ] {
        let token =
            TokenSigner::msk(credentials.clone(), "us-east-2", agent).unwrap().token(at(NOW)).unwrap();
        same(&decoded(token.as_str()), &decoded(made));
        assert!(decoded(token.as_str()).ends_with("&User-Agent=aws-msk-iam-sasl-signer-python%2F1.0.2"));
        assert_eq!(token.expires_at().unix_seconds() * 1000, 1_772_367_300_000);
        if credentials.session_token().is_none() {
            assert_eq!(token.as_str(), made);
        }
    }
}

/// Made by botocore's `SigV4QueryAuth` for the request that the guides of ElastiCache and MemoryDB
/// show under "Authenticating with IAM". AWS has no client that makes these tokens.
#[test]
fn makes_the_cache_tokens_of_botocore() {
    type Make = fn(Credentials, &str, &str, &str) -> Result<TokenSigner, TokenError>;
    let elasticache: Make =
        |credentials, region, cache, user| TokenSigner::elasticache(credentials, region, cache, user);
    let serverless: Make = |credentials, region, cache, user| {
        TokenSigner::elasticache_serverless(credentials, region, cache, user)
    };
    let memorydb: Make =
        |credentials, region, cache, user| TokenSigner::memorydb(credentials, region, cache, user);
    for (make, credentials, made) in [
        (
            elasticache,
            credentials(),
            "my-cache/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=3f9a53934e48862f12d8af66698e4d92a5884575d5131354ca3f949dbe848b2f",
        ),
        (
            serverless,
            credentials(),
            "my-cache/?Action=connect&User=app-user&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=3a7a136272dae557e29a0a3f09b6484fc447e473102f4db46bd6b8475e2b4e90",
        ),
        (
            memorydb,
            credentials(),
            "my-cache/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Fmemorydb%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=50a84bb98c9e64bf18d7f0ca90fc2a11fcfd02558bab2634790962e77e70ae6a",
        ),
        (
            elasticache,
            temporary(),
            "my-cache/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=c7520d493fe19d6433b4441a8f0d67b29ce1f892985a36791fb62725bb312218",
        ),
        (
            serverless,
            temporary(),
            "my-cache/?Action=connect&User=app-user&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=3ea2382aedc63d171e1a2636647f795a0c395e82cca23dd3b12523f191bc401f",
        ),
        (
            memorydb,
            temporary(),
            "my-cache/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260301%2Fus-east-1%2Fmemorydb%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2Btoken%3D%3D&X-Amz-Signature=7079126c124bb52d8f8cbd54750e4369fcadad1420f15e64efa4fb0a4048eaeb",
        ),
    ] {
        let token = make(credentials, "us-east-1", "my-cache", "app-user").unwrap().token(at(NOW)).unwrap();
        same(token.as_str(), made);
        assert_eq!(token.expires_at(), at("20260301T121500Z"));
    }
}

#[test]
fn a_token_expires_with_its_credentials() {
    let until = |end: &str| temporary().with_expiration(at(end));
    let rds = |end| TokenSigner::rds(until(end), "us-east-1", "db.example.com", 5432, "app").unwrap();
    let token = rds("20260301T120500Z").token(at(NOW)).unwrap();
    assert_eq!(token.expires_at(), at("20260301T120500Z"));
    assert!(token.as_str().contains("&X-Amz-Expires=300&"));
    assert_eq!(rds("20260301T180000Z").token(at(NOW)).unwrap().expires_at(), at("20260301T121500Z"));
    let expired = rds(NOW).token(at(NOW)).map_err(|error| match error {
        TokenError::Sign(error) => error,
        other => panic!("another error: {other}"),
    });
    assert_err!(expired, SignError::CredentialsExpired { at: at(NOW) });

    let dsql = TokenSigner::dsql(until("20260301T120500Z"), "us-east-1", "a.dsql.us-east-1.on.aws").unwrap();
    let token = dsql.with_expires(Expires::WEEK).unwrap().token(at(NOW)).unwrap();
    assert_eq!(token.expires_at(), at("20260301T120500Z"));

    // STS ignores the parameter, but the token still expires with its credentials.
    let eks = TokenSigner::eks(until("20260301T120500Z"), "us-east-1", "my-cluster").unwrap();
    assert_eq!(eks.token(at(NOW)).unwrap().expires_at(), at("20260301T120500Z"));
}

#[test]
fn rejects_a_lifetime_that_the_service_does_not_accept() {
    let rds = || TokenSigner::rds(credentials(), "us-east-1", "db.example.com", 5432, "app").unwrap();
    let eks = || TokenSigner::eks(credentials(), "us-east-1", "my-cluster").unwrap();
    let dsql = || TokenSigner::dsql(credentials(), "us-east-1", "a.dsql.us-east-1.on.aws").unwrap();
    let seconds = |seconds| Expires::from_secs(seconds).unwrap();
    let too_long = |signer: Result<TokenSigner, TokenError>, requested, max| {
        let (requested, max) = (Duration::from_secs(requested), Duration::from_secs(max));
        assert_err!(signer, TokenError::LifetimeTooLong { requested: requested, max: max });
    };
    assert!(rds().with_expires(seconds(900)).is_ok());
    too_long(rds().with_expires(seconds(901)), 901, 900);
    assert!(eks().with_expires(seconds(60)).is_ok());
    too_long(eks().with_expires(seconds(61)), 61, 60);
    assert!(dsql().with_expires(Expires::WEEK).is_ok());
    let token = rds().with_expires(seconds(60)).unwrap().token(at(NOW)).unwrap();
    assert_eq!(token.expires_at(), at("20260301T120100Z"));
}

/// The verifier takes the part of RDS.
#[test]
fn a_token_verifies_as_a_presigned_url() {
    let host = "db.abc.us-east-1.rds.amazonaws.com";
    for credentials in [credentials(), temporary()] {
        let signer = TokenSigner::rds(credentials.clone(), "us-east-1", host, 5432, "app&x=1").unwrap();
        let url = format!("https://{}", signer.token(at(NOW)).unwrap().as_str());
        let request = Request::new("GET", &url, &[]);
        let verifier = Verifier::new("us-east-1", Service::new("rds-db").unwrap()).unwrap();
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), at(NOW)).unwrap();
        let key = claim.derive_key(&credentials);
        let verified = claim.verify(&key).unwrap();
        assert_eq!(verified.access_key_id(), credentials.access_key_id());
        let other = format!("{url}&x=1");
        let claim =
            verifier.claim(&Request::new("GET", &other, &[]), ReceivedBody::Bytes(b""), at(NOW)).unwrap();
        assert_eq!(claim.verify(&key).unwrap_err().error(), &VerifyError::SignatureDoesNotMatch);
    }
}

#[test]
fn with_endpoint_replaces_only_the_host() {
    let rds = |host| TokenSigner::rds(credentials(), "us-east-1", host, 5432, "app:1/2").unwrap();
    let one = rds("one.example.com").with_endpoint("two.example.com").unwrap().token(at(NOW)).unwrap();
    assert_eq!(one.as_str(), rds("two.example.com").token(at(NOW)).unwrap().as_str());
    assert!(one.as_str().starts_with("two.example.com:5432/?Action=connect&DBUser=app%3A1%2F2&"));
}

#[test]
fn explains_the_signature() {
    let signer = TokenSigner::eks(temporary(), "us-east-1", "my-cluster").unwrap();
    let text = signer.presign(at(NOW)).unwrap().explain().to_string();
    assert!(text.contains("x-k8s-aws-id:my-cluster"));
    assert!(!text.contains("IQoJ"));
}

/// Codes and statuses: STS API Reference, "Common Error Types"
/// (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).
#[test]
fn rejected_claims_have_codes_and_statuses_of_sts() {
    let signer = TokenSigner::eks(credentials(), "us-east-1", "my-cluster").unwrap();
    let url = signer.presign(at(NOW)).unwrap();
    let verifier = CallerIdentityVerifier::eks("my-cluster").unwrap();
    let refused = |from: &str, to: &str, now: &str| {
        let error = verifier.claim_url(&url.as_str().replace(from, to), at(now)).unwrap_err();
        (error.code(), error.status())
    };
    assert!(verifier.claim_url(url.as_str(), at(NOW)).is_ok());
    assert_eq!(refused("https:", "http:", NOW), ("ValidationError", 400));
    assert_eq!(refused("sts.us-east-1", "evil", NOW), ("AccessDenied", 403));
    assert_eq!(refused("Action=", "Reaction=", NOW), ("InvalidQueryParameter", 400));
    assert_eq!(refused("?Action=", "?Version=2011-06-15&Action=", NOW), ("InvalidQueryParameter", 400));
    assert_eq!(refused("Action=GetCallerIdentity&", "", NOW), ("MissingAction", 400));
    assert_eq!(refused("Version=2011-06-15&", "", NOW), ("MissingParameter", 400));
    assert_eq!(refused("GetCallerIdentity", "GetSessionToken", NOW), ("InvalidAction", 400));
    assert_eq!(refused("AKIAIOSFODNN7EXAMPLE", "short", NOW), ("InvalidClientTokenId", 403));
    assert_eq!(refused("host%3Bx-k8s-aws-id", "host", NOW), ("AccessDenied", 403));
    // Other errors are those of `VerifyError`.
    assert_eq!(refused("", "", "20260301T121501Z"), ("AccessDenied", 403));
    assert_eq!(
        refused("X-Amz-Expires=60", "X-Amz-Expires=-1", NOW),
        ("AuthorizationQueryParametersError", 400)
    );
    let error = IdentityError::from(VerifyError::SignatureDoesNotMatch);
    assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
}
