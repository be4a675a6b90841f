//! One table: what each service wants presigned, how long it takes that for a
//! password, and how it is handed over.
//!
//! Sources: Amazon RDS User Guide, "Connecting to your DB instance using IAM
//! authentication"; Aurora DSQL User Guide, "Generating an authentication
//! token"; ElastiCache and MemoryDB guides, "Authenticating with IAM"; AWS CLI,
//! `eks get-token`; `aws-msk-iam-sasl-signer-python`. Not here: hosts, names and
//! credentials, which a [`TokenSigner`](super::TokenSigner) fills in.

use self::Form::{Encoded, Url, WithUserAgent, WithoutScheme};
use crate::expires::Expires;

/// What is asked of whom.
pub(super) struct Recipe {
    /// The service that the credential scope names.
    pub(super) service: &'static str,
    /// The query; a name follows where it ends in `=`.
    pub(super) query: &'static str,
    /// What `X-Amz-Expires` says if nothing else is asked for.
    pub(super) expires: Expires,
    /// The most that it may say.
    pub(super) longest: Expires,
    /// How long the token lives where that is another matter, in seconds.
    pub(super) lives: Option<u32>,
    pub(super) form: Form,
}

/// How the URL is handed over.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Url,
    WithoutScheme,
    /// Base64url behind a prefix.
    Encoded(&'static str),
    /// Base64url of the URL with a `User-Agent` behind it, which is not signed.
    WithUserAgent,
}

#[rustfmt::skip]
impl Recipe {
    pub(super) const RDS: Self = row("rds-db", "Action=connect&DBUser=", QUARTER, QUARTER, WithoutScheme);
    pub(super) const DSQL: Self = row("dsql", "Action=DbConnect", QUARTER, Expires::WEEK, WithoutScheme);
    pub(super) const DSQL_ADMIN: Self = row("dsql", "Action=DbConnectAdmin", QUARTER, Expires::WEEK, WithoutScheme);
    pub(super) const ELASTICACHE: Self = row("elasticache", "Action=connect&User=", QUARTER, QUARTER, WithoutScheme);
    pub(super) const ELASTICACHE_SERVERLESS: Self =
        row("elasticache", "Action=connect&ResourceType=ServerlessCache&User=", QUARTER, QUARTER, WithoutScheme);
    pub(super) const MEMORYDB: Self = row("memorydb", "Action=connect&User=", QUARTER, QUARTER, WithoutScheme);
    pub(super) const MSK: Self = row("kafka-cluster", "Action=kafka-cluster%3AConnect", QUARTER, QUARTER, WithUserAgent);
    pub(super) const CALLER_IDENTITY: Self = row("sts", GET_CALLER_IDENTITY, QUARTER, QUARTER, Url);
    /// STS does not read `X-Amz-Expires`, and takes the URL for 15 minutes. Old
    /// EKS servers want 60 at most, and clients report a minute less than 15.
    pub(super) const EKS: Self =
        Self { lives: Some(840), ..row("sts", GET_CALLER_IDENTITY, MINUTE, MINUTE, Encoded(EKS_PREFIX)) };
}

const fn row(
    service: &'static str,
    query: &'static str,
    expires: Expires,
    longest: Expires,
    form: Form,
) -> Recipe {
    Recipe { service, query, expires, longest, lives: None, form }
}

pub(super) const GET_CALLER_IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
pub(super) const EKS_PREFIX: &str = "k8s-aws-v1.";
pub(super) const EKS_HEADER: &str = "x-k8s-aws-id";
const MINUTE: Expires = seconds(60);
pub(super) const QUARTER: Expires = seconds(900);

const fn seconds(seconds: u64) -> Expires {
    match Expires::from_secs(seconds) {
        Ok(expires) => expires,
        Err(_) => Expires::WEEK,
    }
}
