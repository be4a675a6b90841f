//! [`TokenSigner`] presigns the URL of a token and formats it.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::kind::{TokenFormat, TokenKind};
use super::{AuthToken, SCHEME, TokenError};
use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::host::is_host_name;
use crate::request::Request;
use crate::service::Service;
use crate::sign::{PresignedUrl, Signer};
use crate::time::Timestamp;

/// Creates tokens for one database, cache, broker or cluster with one set of credentials.
///
/// Create the signer once, and a token for each connection. The signer keeps the key of the day, so a
/// token costs one hash and one HMAC of a few hundred bytes.
///
/// A token never outlives its credentials: if they expire earlier, its lifetime is shorter. Renewed
/// credentials need a new `TokenSigner`.
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
/// let password = database.token(Timestamp::parse("20161107T173933Z")?)?;
/// assert!(password.as_str().ends_with("d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TokenSigner {
    signer: Signer,
    kind: &'static TokenKind,
    url: String,
    /// The header that binds the token to its audience.
    pub(super) header: Option<(Cow<'static, str>, String)>,
    /// The `User-Agent` of an MSK token, percent-encoded.
    pub(super) user_agent: String,
    expires: Expires,
    credentials_expiration: Option<Timestamp>,
}

impl TokenSigner {
    /// Creates a signer for `https://authority/?query`. `name` is appended to the query of `kind`.
    pub(super) fn new(
        kind: &'static TokenKind,
        credentials: Credentials,
        region: String,
        authority: &str,
        name: &str,
    ) -> Result<Self, TokenError> {
        let credentials_expiration = credentials.expiration();
        let authority = authority.to_ascii_lowercase();
        Ok(Self {
            signer: Signer::new(credentials, region, Service::new(kind.service)?)?.shorten_to_credentials(),
            kind,
            url: format!("{SCHEME}{authority}/?{}{name}", kind.query),
            header: None,
            user_agent: String::new(),
            expires: kind.expires,
            credentials_expiration,
        })
    }

    /// Sets the lifetime of the tokens (default: 15 minutes; for EKS 1 minute).
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::LifetimeTooLong`] if the lifetime is longer than the service accepts: a
    /// week for DSQL, 1 minute for EKS, which ignores the value, and 15 minutes for all others.
    pub fn with_expires(self, expires: Expires) -> Result<Self, TokenError> {
        let max = self.kind.max_expires;
        if expires.as_secs() > max.as_secs() {
            return Err(TokenError::LifetimeTooLong {
                requested: expires.as_duration(),
                max: max.as_duration(),
            });
        }
        Ok(Self { expires, ..self })
    }

    /// Replaces the host of the URL, for example with `sts.amazonaws.com` or a VPC endpoint.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::InvalidHost`] if `host` is not the name of a host.
    pub fn with_endpoint(self, host: &str) -> Result<Self, TokenError> {
        if !is_host_name(host) {
            return Err(TokenError::InvalidHost);
        }
        let after_scheme = self.url.get(SCHEME.len()..).unwrap_or_default();
        let host_end = after_scheme.find([':', '/']).unwrap_or(after_scheme.len());
        let after_host = after_scheme.get(host_end..).unwrap_or_default();
        let host = host.to_ascii_lowercase();
        Ok(Self { url: format!("{SCHEME}{host}{after_host}"), ..self })
    }

    /// Creates a token that is valid from `time` on.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::Sign`] if the credentials have expired.
    pub fn token(&self, time: Timestamp) -> Result<AuthToken, TokenError> {
        let url = self.presign(time)?;
        let lifetime = self.kind.fixed_lifetime.unwrap_or(url.expires());
        let expires_at = time.checked_add(lifetime).unwrap_or(time);
        let expires_at =
            self.credentials_expiration.map_or(expires_at, |expiration| expiration.min(expires_at));
        Ok(AuthToken { token: self.format(Zeroizing::new(url.into_string())), expires_at })
    }

    /// Presigns the URL that a token consists of.
    ///
    /// Its [`explain`](PresignedUrl::explain) helps if a service rejects the token.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`token`](Self::token).
    pub fn presign(&self, time: Timestamp) -> Result<PresignedUrl, TokenError> {
        let header = self.header.as_ref().map(|(name, value)| (name.as_ref(), value.as_str()));
        let request = Request::new("GET", &self.url, header.as_slice());
        Ok(self.signer.presign(&request, self.expires, time)?)
    }

    /// Formats a presigned URL as the token of this service.
    fn format(&self, mut url: Zeroizing<String>) -> Zeroizing<String> {
        match self.kind.format {
            TokenFormat::Url => url,
            TokenFormat::WithoutScheme => {
                drop(url.drain(..SCHEME.len()));
                url
            }
            TokenFormat::Base64Url(prefix) => encode(prefix, &url),
            TokenFormat::Base64UrlWithUserAgent => {
                url.push_str("&User-Agent=");
                url.push_str(&self.user_agent);
                encode("", &url)
            }
        }
    }
}

/// Encodes a URL in base64url without padding (RFC 4648, section 5), after a prefix.
fn encode(prefix: &str, url: &str) -> Zeroizing<String> {
    // The capacity is large enough: a reallocation would leave a copy that is not wiped.
    let mut token = Zeroizing::new(String::with_capacity(prefix.len() + url.len() / 3 * 4 + 4));
    token.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(url, &mut token);
    token
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
