//! [`IdentityClaim`], the request to send to STS.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use core::{fmt, slice};

use zeroize::Zeroizing;

use crate::time::Timestamp;
use crate::verify::Claim;

/// The headers that are sent to STS.
pub(super) type SentHeaders = Vec<(String, Zeroizing<String>)>;

/// The time in seconds for which STS accepts a signature. STS ignores the lifetime of a URL.
pub(super) const LIFETIME: u32 = 900;

/// A signed `GetCallerIdentity` that is well-formed and in time, and **not proven until STS has
/// answered it**.
///
/// The claim contains only checked values, which are sent to STS. Whoever has it can send them, so treat
/// it as a secret.
///
/// Send it over TLS, follow no redirects, and read the identity from an answer with status 200 only.
///
/// ```
/// use countersign::tokens::{CallerIdentityVerifier, TokenSigner};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::parse("20260301T120000Z")?;
/// let token = TokenSigner::eks(credentials, "eu-central-1", "my-cluster")?.token(now)?;
/// let claim = CallerIdentityVerifier::eks("my-cluster")?.claim_eks(token.as_str(), now)?;
///
/// // Send with your HTTP client:
/// assert_eq!((claim.method(), claim.body()), ("GET", ""));
/// assert!(claim.url().starts_with("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&"));
/// for (name, value) in &claim {
///     assert_eq!((name, value), ("x-k8s-aws-id", "my-cluster"));
/// }
/// // For a log:
/// assert_eq!(claim.claimed_access_key_id(), "AKIAIOSFODNN7EXAMPLE");
/// assert_eq!(claim.expires_at().as_str(), "20260301T121500Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct IdentityClaim {
    claim: Claim,
    method: &'static str,
    url: Zeroizing<String>,
    headers: SentHeaders,
    body: &'static str,
    expires_at: Timestamp,
}

impl IdentityClaim {
    pub(super) fn new(
        claim: Claim,
        method: &'static str,
        url: Zeroizing<String>,
        headers: SentHeaders,
        body: &'static str,
    ) -> Self {
        let lifetime = Duration::from_secs(LIFETIME.into());
        let expires_at = claim.time().checked_add(lifetime).unwrap_or(claim.time());
        Self { claim, method, url, headers, body, expires_at }
    }

    /// Returns the method: `GET` or `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Returns the URL to send the request to, written again from its checked parts.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the headers to send, except `Host` and `Content-Length`, which HTTP clients write.
    ///
    /// One header may be added: `Accept: application/json`, to get an answer that is easier to parse.
    #[must_use]
    pub fn headers(&self) -> IdentityHeaders<'_> {
        IdentityHeaders(self.headers.iter())
    }

    /// Returns the body to send. It is empty for a `GET`.
    #[must_use]
    pub const fn body(&self) -> &'static str {
        self.body
    }

    /// Returns the access key id that the request names, for a log or to reject known keys early.
    ///
    /// This id does not identify the caller. The answer of STS does.
    #[must_use]
    pub fn claimed_access_key_id(&self) -> &str {
        self.claim.claimed_access_key_id()
    }

    /// Returns the time after which STS rejects the request: 15 minutes after it was signed. Do not
    /// cache the identity for longer than that.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Returns the claim that a verifier with the key would verify.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Converts to the claim, to verify it with a key: in a test, or in a server that acts as STS.
    #[must_use]
    pub fn into_claim(self) -> Claim {
        self.claim
    }
}

/// Iterates over the [`headers`](IdentityClaim::headers).
impl<'c> IntoIterator for &'c IdentityClaim {
    type Item = (&'c str, &'c str);
    type IntoIter = IdentityHeaders<'c>;

    fn into_iter(self) -> IdentityHeaders<'c> {
        self.headers()
    }
}

/// Prints the claim without the URL and the headers that STS would accept.
impl fmt::Debug for IdentityClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityClaim")
            .field("method", &self.method)
            .field("claim", &self.claim)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Iterates over the headers of an [`IdentityClaim`]: names in lower case, and values.
#[derive(Clone)]
pub struct IdentityHeaders<'c>(slice::Iter<'c, (String, Zeroizing<String>)>);

impl<'c> Iterator for IdentityHeaders<'c> {
    type Item = (&'c str, &'c str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for IdentityHeaders<'_> {}

/// Prints only the names, because a value may be a signature or a token.
impl fmt::Debug for IdentityHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.as_slice().iter().map(|(name, _)| name)).finish()
    }
}
