//! [`TokenKind`], the table of tokens. It contains for each service the query to presign, the
//! lifetimes that the service accepts, and the format of the token.
//!
//! Sources: Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication"; Aurora
//! DSQL User Guide, "Generating an authentication token"; ElastiCache and MemoryDB guides,
//! "Authenticating with IAM"; AWS CLI, `eks get-token`; `aws-msk-iam-sasl-signer-python`.

use core::time::Duration;

use self::TokenFormat::{Base64Url, Base64UrlWithUserAgent, Url, WithoutScheme};
use crate::expires::Expires;

/// A row of the table.
pub(super) struct TokenKind {
    /// The service in the credential scope.
    pub(super) service: &'static str,
    /// The query to presign. If it ends with `=`, the name of a user follows.
    pub(super) query: &'static str,
    /// The default of `X-Amz-Expires`.
    pub(super) expires: Expires,
    /// The maximum of `X-Amz-Expires`.
    pub(super) max_expires: Expires,
    /// The lifetime of the token, if it is not `X-Amz-Expires`.
    pub(super) fixed_lifetime: Option<Duration>,
    pub(super) format: TokenFormat,
}

/// How the presigned URL becomes a token.
#[derive(Clone, Copy)]
pub(super) enum TokenFormat {
    /// The URL.
    Url,
    /// The URL without `https://`.
    WithoutScheme,
    /// A prefix, and the URL in base64url.
    Base64Url(&'static str),
    /// Base64url of the URL and a `User-Agent` parameter that is appended after signing.
    Base64UrlWithUserAgent,
}

#[rustfmt::skip]
impl TokenKind {
    pub(super) const RDS: Self = row("rds-db", "Action=connect&DBUser=", MINUTES_15, MINUTES_15, WithoutScheme);
    pub(super) const DSQL: Self = row("dsql", "Action=DbConnect", MINUTES_15, Expires::WEEK, WithoutScheme);
    pub(super) const DSQL_ADMIN: Self =
        row("dsql", "Action=DbConnectAdmin", MINUTES_15, Expires::WEEK, WithoutScheme);
    pub(super) const ELASTICACHE: Self =
        row("elasticache", "Action=connect&User=", MINUTES_15, MINUTES_15, WithoutScheme);
    pub(super) const ELASTICACHE_SERVERLESS: Self =
        row("elasticache", "Action=connect&ResourceType=ServerlessCache&User=", MINUTES_15, MINUTES_15, WithoutScheme);
    pub(super) const MEMORYDB: Self = row("memorydb", "Action=connect&User=", MINUTES_15, MINUTES_15, WithoutScheme);
    pub(super) const MSK: Self =
        row("kafka-cluster", "Action=kafka-cluster%3AConnect", MINUTES_15, MINUTES_15, Base64UrlWithUserAgent);
    pub(super) const CALLER_IDENTITY: Self = row("sts", GET_CALLER_IDENTITY, MINUTES_15, MINUTES_15, Url);
    /// STS ignores `X-Amz-Expires` and accepts the URL for 15 minutes. Old EKS servers reject more
    /// than 60 seconds. Clients report a lifetime that is a minute shorter than 15 minutes.
    pub(super) const EKS: Self = Self {
        fixed_lifetime: Some(Duration::from_secs(840)),
        ..row("sts", GET_CALLER_IDENTITY, MINUTE, MINUTE, Base64Url(EKS_PREFIX))
    };
}

const fn row(
    service: &'static str,
    query: &'static str,
    expires: Expires,
    max_expires: Expires,
    format: TokenFormat,
) -> TokenKind {
    TokenKind { service, query, expires, max_expires, fixed_lifetime: None, format }
}

pub(super) const GET_CALLER_IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
pub(super) const EKS_PREFIX: &str = "k8s-aws-v1.";
pub(super) const EKS_HEADER: &str = "x-k8s-aws-id";
pub(super) const MINUTES_15: Expires = seconds(900);
const MINUTE: Expires = seconds(60);

const fn seconds(seconds: u64) -> Expires {
    match Expires::from_secs(seconds) {
        Ok(expires) => expires,
        Err(_) => Expires::WEEK,
    }
}
