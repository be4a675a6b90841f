//! The constructors of [`TokenSigner`], one for each kind of token.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use super::checks::{check_header, check_visible, encode_parameter};
use super::kind::{EKS_HEADER, TokenKind};
use super::{Partition, TokenArgument, TokenError, TokenSigner};
use crate::credentials::Credentials;
use crate::host::is_host_name;

impl TokenSigner {
    /// Creates a signer for a user of an RDS or Aurora database (MySQL, MariaDB, PostgreSQL).
    ///
    /// `host` must be the endpoint of the instance or cluster, even if clients connect to another name.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region, the host, the port or the user is invalid.
    pub fn rds(
        credentials: Credentials,
        region: impl Into<String>,
        host: &str,
        port: u16,
        user: &str,
    ) -> Result<Self, TokenError> {
        if !is_host_name(host) || port == 0 {
            return Err(TokenError::InvalidHost);
        }
        let user = encode_parameter(TokenArgument::User, user)?;
        Self::new(&TokenKind::RDS, credentials, region.into(), &format!("{host}:{port}"), &user)
    }

    /// Creates a signer for a role of an Aurora DSQL cluster.
    ///
    /// [`with_expires`](Self::with_expires) allows a lifetime of up to a week.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region or the host is invalid.
    pub fn dsql(credentials: Credentials, region: impl Into<String>, host: &str) -> Result<Self, TokenError> {
        Self::for_host(&TokenKind::DSQL, credentials, region.into(), host)
    }

    /// Creates a signer for the `admin` role of an Aurora DSQL cluster.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region or the host is invalid.
    pub fn dsql_admin(
        credentials: Credentials,
        region: impl Into<String>,
        host: &str,
    ) -> Result<Self, TokenError> {
        Self::for_host(&TokenKind::DSQL_ADMIN, credentials, region.into(), host)
    }

    /// Creates a signer for a user of an ElastiCache replication group.
    ///
    /// `cache` is the id of the replication group, not its endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region, the cache or the user is invalid.
    pub fn elasticache(
        credentials: Credentials,
        region: impl Into<String>,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::for_cache(&TokenKind::ELASTICACHE, credentials, region.into(), cache, user)
    }

    /// Creates a signer for a user of a serverless ElastiCache cache.
    ///
    /// `cache` is the name of the cache, not its endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region, the cache or the user is invalid.
    pub fn elasticache_serverless(
        credentials: Credentials,
        region: impl Into<String>,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::for_cache(&TokenKind::ELASTICACHE_SERVERLESS, credentials, region.into(), cache, user)
    }

    /// Creates a signer for a user of a MemoryDB cluster.
    ///
    /// `cluster` is the name of the cluster, not its endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region, the cluster or the user is invalid.
    pub fn memorydb(
        credentials: Credentials,
        region: impl Into<String>,
        cluster: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::for_cache(&TokenKind::MEMORYDB, credentials, region.into(), cluster, user)
    }

    /// Creates a signer for the brokers of an MSK cluster, for SASL's `OAUTHBEARER`.
    ///
    /// `user_agent` is the name of the client, such as `my-service/1.0`.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region or the user agent is invalid.
    pub fn msk(
        credentials: Credentials,
        region: impl Into<String>,
        user_agent: &str,
    ) -> Result<Self, TokenError> {
        let region = region.into();
        let user_agent = encode_parameter(TokenArgument::UserAgent, user_agent)?;
        // AWS's own clients use this suffix in all partitions.
        let host = format!("kafka.{region}.amazonaws.com");
        let mut signer = Self::new(&TokenKind::MSK, credentials, region, &host, "")?;
        signer.user_agent = user_agent;
        Ok(signer)
    }

    /// Creates a signer for an EKS cluster, by its name. The token is a bearer token, as `kubectl`
    /// sends it.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region or the cluster is invalid.
    pub fn eks(
        credentials: Credentials,
        region: impl Into<String>,
        cluster: &str,
    ) -> Result<Self, TokenError> {
        check_visible(TokenArgument::Cluster, cluster)?;
        Self::for_sts(&TokenKind::EKS, credentials, region.into(), Cow::Borrowed(EKS_HEADER), cluster)
    }

    /// Creates a signer for a server that forwards a signed `GetCallerIdentity` to STS; see
    /// [`CallerIdentityVerifier`](super::CallerIdentityVerifier).
    ///
    /// The header with its value binds the token to that server: the signature covers both. The token
    /// is the presigned URL.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the region is invalid, if the header cannot be signed or has another
    /// meaning, or if the value is not visible ASCII.
    pub fn caller_identity(
        credentials: Credentials,
        region: impl Into<String>,
        header: impl Into<Cow<'static, str>>,
        value: &str,
    ) -> Result<Self, TokenError> {
        let header = header.into();
        check_header(&header, value)?;
        Self::for_sts(&TokenKind::CALLER_IDENTITY, credentials, region.into(), header, value)
    }

    /// Creates a signer whose URL has this host.
    fn for_host(
        kind: &'static TokenKind,
        credentials: Credentials,
        region: String,
        host: &str,
    ) -> Result<Self, TokenError> {
        if !is_host_name(host) {
            return Err(TokenError::InvalidHost);
        }
        Self::new(kind, credentials, region, host, "")
    }

    /// Creates a signer whose URL has the name of a cache as its host.
    fn for_cache(
        kind: &'static TokenKind,
        credentials: Credentials,
        region: String,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        if !is_host_name(cache) || cache.contains('.') {
            return Err(TokenError::InvalidArgument { argument: TokenArgument::Cache });
        }
        Self::new(kind, credentials, region, cache, &encode_parameter(TokenArgument::User, user)?)
    }

    /// Creates a signer for `GetCallerIdentity`, with a header that binds the token to its audience.
    fn for_sts(
        kind: &'static TokenKind,
        credentials: Credentials,
        region: String,
        header: Cow<'static, str>,
        value: &str,
    ) -> Result<Self, TokenError> {
        let host = format!("sts.{region}.{}", Partition::of_or_aws(&region).suffix());
        let mut signer = Self::new(kind, credentials, region, &host, "")?;
        signer.header = Some((header, value.into()));
        Ok(signer)
    }
}
