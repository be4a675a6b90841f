//! Makes tokens: fills a row of the table in, and has the URL presigned.
//!
//! Not here: the table (`recipes.rs`), and how a URL is signed, which is
//! [`Signer::presign`].

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::recipes::{EKS_HEADER, Form, Recipe};
use super::{Partition, SCHEME, Token, TokenError, check_header, check_name};
use crate::canonical::percent as uri;
use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::host::is_host_name;
use crate::request::Request;
use crate::service::Service;
use crate::sign::{PresignedUrl, Signer};
use crate::time::Timestamp;

/// Makes tokens for one database, cache, broker or cluster, with one set of
/// credentials. Build it once and ask it for each connection: the day's key is
/// kept, and a token costs one hash and one HMAC of a few hundred bytes.
///
/// Everything that can be wrong with names is found when it is built. A token
/// never outlives its credentials: where they end earlier it lives shorter, and
/// says so. New credentials make a new `TokenSigner`.
///
/// ```
/// use countersign::tokens::TokenSigner;
/// use countersign::*;
///
/// // The example of botocore's tests (`TestGenerateDBAuthToken`).
/// let credentials = Credentials::new("akid", SecretAccessKey::new("skid"))?;
/// let host = "prod-instance.us-east-1.rds.amazonaws.com";
/// let database = TokenSigner::rds(credentials, "us-east-1", host, 3306, "someusername")?;
///
/// let password = database.token(Timestamp::parse("20161107T173933Z").unwrap())?;
/// assert!(password.as_str().ends_with("d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TokenSigner {
    signer: Signer,
    recipe: &'static Recipe,
    url: String,
    header: Option<(Cow<'static, str>, String)>,
    user_agent: String,
    expires: Expires,
    end: Option<Timestamp>,
}

impl TokenSigner {
    /// A user of an RDS or Aurora database (MySQL, MariaDB, PostgreSQL). `host`
    /// is the instance's or cluster's endpoint, also where you reach it by
    /// another name.
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a host, user or region that is none.
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
        Self::new(
            &Recipe::RDS,
            credentials,
            region.into(),
            &format!("{host}:{port}"),
            &parameter("the user", user)?,
        )
    }

    /// A role of an Aurora DSQL cluster. A token may live up to a week:
    /// [`expires`](Self::expires).
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a host or region that is none.
    pub fn dsql(credentials: Credentials, region: impl Into<String>, host: &str) -> Result<Self, TokenError> {
        Self::at_host(&Recipe::DSQL, credentials, region.into(), host)
    }

    /// The `admin` role of an Aurora DSQL cluster.
    ///
    /// # Errors
    ///
    /// As [`dsql`](Self::dsql).
    pub fn dsql_admin(
        credentials: Credentials,
        region: impl Into<String>,
        host: &str,
    ) -> Result<Self, TokenError> {
        Self::at_host(&Recipe::DSQL_ADMIN, credentials, region.into(), host)
    }

    /// A user of an ElastiCache replication group. `cache` is its id, not its
    /// endpoint.
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a cache, user or region that is none.
    pub fn elasticache(
        credentials: Credentials,
        region: impl Into<String>,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::of_cache(&Recipe::ELASTICACHE, credentials, region.into(), cache, user)
    }

    /// A user of a serverless ElastiCache cache, by the cache's name.
    ///
    /// # Errors
    ///
    /// As [`elasticache`](Self::elasticache).
    pub fn elasticache_serverless(
        credentials: Credentials,
        region: impl Into<String>,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::of_cache(&Recipe::ELASTICACHE_SERVERLESS, credentials, region.into(), cache, user)
    }

    /// A user of a MemoryDB cluster, by the cluster's name.
    ///
    /// # Errors
    ///
    /// As [`elasticache`](Self::elasticache).
    pub fn memorydb(
        credentials: Credentials,
        region: impl Into<String>,
        cluster: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        Self::of_cache(&Recipe::MEMORYDB, credentials, region.into(), cluster, user)
    }

    /// The brokers of an MSK cluster, for SASL's `OAUTHBEARER`. `user_agent` is
    /// what the client calls itself there, such as `my-service/1.0`.
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a user agent that is empty, or a region that is none.
    pub fn msk(
        credentials: Credentials,
        region: impl Into<String>,
        user_agent: &str,
    ) -> Result<Self, TokenError> {
        let (region, user_agent) = (region.into(), parameter("the user agent", user_agent)?);
        // The suffix is the same everywhere, in AWS's own clients as well.
        let host = format!("kafka.{region}.amazonaws.com");
        Self::new(&Recipe::MSK, credentials, region, &host, "").map(|signer| Self { user_agent, ..signer })
    }

    /// An EKS cluster, by its name: the bearer token of `kubectl`.
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a cluster or region that is none.
    pub fn eks(
        credentials: Credentials,
        region: impl Into<String>,
        cluster: &str,
    ) -> Result<Self, TokenError> {
        check_name("the cluster", cluster)?;
        Self::at_sts(&Recipe::EKS, credentials, region.into(), Cow::Borrowed(EKS_HEADER), cluster)
    }

    /// A signed `GetCallerIdentity`, for a server of your own that forwards it
    /// to STS: see [`IdentityVerifier`](super::IdentityVerifier). The header
    /// binds it to that server. The token is the URL.
    ///
    /// # Errors
    ///
    /// [`TokenError`]: a header that nobody signs, or a value that no header
    /// carries unchanged; a region that is none.
    pub fn caller_identity(
        credentials: Credentials,
        region: impl Into<String>,
        header: impl Into<Cow<'static, str>>,
        value: &str,
    ) -> Result<Self, TokenError> {
        let header = header.into();
        check_header(&header, value)?;
        Self::at_sts(&Recipe::CALLER_IDENTITY, credentials, region.into(), header, value)
    }

    /// Another lifetime than the usual one, which is 15 minutes.
    ///
    /// # Errors
    ///
    /// [`TokenError::LivesTooLong`]: over 15 minutes, a week for DSQL; over a
    /// minute for EKS, where the number is there for form's sake.
    pub fn expires(self, expires: Expires) -> Result<Self, TokenError> {
        let (asked, longest) = (expires.as_secs(), self.recipe.longest.as_secs());
        if asked > longest {
            return Err(TokenError::LivesTooLong { asked, longest });
        }
        Ok(Self { expires, ..self })
    }

    /// Signs for another host, such as `sts.amazonaws.com` or a VPC endpoint
    /// instead of the region's own.
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidHost`].
    pub fn endpoint(self, host: &str) -> Result<Self, TokenError> {
        if !is_host_name(host) {
            return Err(TokenError::InvalidHost);
        }
        let after = self.url.get(SCHEME.len()..).unwrap_or_default();
        let after = after.find([':', '/']).and_then(|end| after.get(end..)).unwrap_or_default();
        Ok(Self { url: format!("{SCHEME}{host}{after}"), ..self })
    }

    /// A token, good from `time` on.
    ///
    /// # Errors
    ///
    /// [`TokenError::Sign`]: the credentials have ended.
    pub fn token(&self, time: Timestamp) -> Result<Token, TokenError> {
        let url = self.presign(time)?;
        let lives =
            self.recipe.lives.map_or(url.expires(), |lives| core::time::Duration::from_secs(lives.into()));
        let end = time.checked_add(lives).unwrap_or(time);
        let expires_at = self.end.map_or(end, |credentials| credentials.min(end));
        let mut text = Zeroizing::new(url.into_string());
        match self.recipe.form {
            Form::Url => {}
            Form::WithoutScheme => drop(text.drain(..SCHEME.len())),
            Form::Encoded(prefix) => text = encoded(prefix, &text),
            Form::WithUserAgent => {
                text.push_str("&User-Agent=");
                text.push_str(&self.user_agent);
                text = encoded("", &text);
            }
        }
        Ok(Token { text, expires_at })
    }

    /// The URL that the token is made of: its
    /// [`explain`](PresignedUrl::explain) is for when a service says no.
    ///
    /// # Errors
    ///
    /// As [`token`](Self::token).
    pub fn presign(&self, time: Timestamp) -> Result<PresignedUrl, TokenError> {
        let header = self.header.as_ref().map(|(name, value)| (name.as_ref(), value.as_str()));
        let request = Request::new("GET", &self.url, header.as_slice());
        Ok(self.signer.presign(&request, self.expires, time)?)
    }

    fn at_host(
        recipe: &'static Recipe,
        credentials: Credentials,
        region: String,
        host: &str,
    ) -> Result<Self, TokenError> {
        if !is_host_name(host) {
            return Err(TokenError::InvalidHost);
        }
        Self::new(recipe, credentials, region, host, "")
    }

    fn of_cache(
        recipe: &'static Recipe,
        credentials: Credentials,
        region: String,
        cache: &str,
        user: &str,
    ) -> Result<Self, TokenError> {
        if !is_host_name(cache) || cache.contains('.') {
            return Err(TokenError::InvalidName { what: "the cache's name, which is not its endpoint," });
        }
        Self::new(recipe, credentials, region, cache, &parameter("the user", user)?)
    }

    fn at_sts(
        recipe: &'static Recipe,
        credentials: Credentials,
        region: String,
        header: Cow<'static, str>,
        value: &str,
    ) -> Result<Self, TokenError> {
        let host = format!("sts.{region}.{}", Partition::suffix_of(&region));
        let signer = Self::new(recipe, credentials, region, &host, "")?;
        Ok(Self { header: Some((header, value.into())), ..signer })
    }

    fn new(
        recipe: &'static Recipe,
        credentials: Credentials,
        region: String,
        authority: &str,
        name: &str,
    ) -> Result<Self, TokenError> {
        let end = credentials.expiration();
        Ok(Self {
            signer: Signer::new(credentials, region, Service::new(recipe.service)?)?.shorten_to_credentials(),
            recipe,
            url: format!("{SCHEME}{authority}/?{}{name}", recipe.query),
            header: None,
            user_agent: String::new(),
            expires: recipe.expires,
            end,
        })
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSigner")
            .field("signer", &self.signer)
            .field("url", &self.url)
            .field("header", &self.header)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A name as a query carries it.
fn parameter(what: &'static str, name: &str) -> Result<String, TokenError> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(TokenError::InvalidName { what });
    }
    Ok(uri::encode(name))
}

/// RFC 4648, section 5, without padding; no copy is left behind.
fn encoded(prefix: &str, url: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(prefix.len() + url.len() / 3 * 4 + 4));
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(url, &mut text);
    text
}
