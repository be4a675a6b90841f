//! What to send to STS, which will say who signed it.
//!
//! Not here: sending it, and reading the answer.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::time::Timestamp;
use crate::verify::Claim;

pub(super) type Headers = Vec<(String, Zeroizing<String>)>;

/// How long STS takes a signature, in seconds, whatever it says of itself.
pub(super) const LIFETIME: u32 = 900;

/// A request that says who signed it, well-formed and in time, and **unproven
/// until STS has answered it**. It holds what to send there, and nothing that
/// was not checked; whoever has it can send it, too.
///
/// Send it over TLS, follow no redirect, and read the identity only from an
/// answer of status 200.
///
/// ```
/// use countersign::tokens::{IdentityVerifier, TokenSigner};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::parse("20260301T120000Z").unwrap();
/// let token = TokenSigner::eks(credentials, "eu-central-1", "my-cluster")?.token(now)?;
/// let claim = IdentityVerifier::eks("my-cluster")?.claim_eks(token.as_str(), now)?;
///
/// // To be sent, with a client of your own:
/// assert_eq!((claim.method(), claim.body()), ("GET", ""));
/// assert!(claim.url().starts_with("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&"));
/// // For a log:
/// assert_eq!(claim.access_key_id(), "AKIAIOSFODNN7EXAMPLE");
/// assert_eq!(claim.expires_at().as_str(), "20260301T121500Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct IdentityClaim {
    claim: Claim,
    method: &'static str,
    url: Zeroizing<String>,
    headers: Headers,
    body: &'static str,
    expires_at: Timestamp,
}

impl IdentityClaim {
    pub(super) fn new(
        claim: Claim,
        method: &'static str,
        url: Zeroizing<String>,
        headers: Headers,
        body: &'static str,
    ) -> Self {
        let expires_at = claim
            .time()
            .checked_add(core::time::Duration::from_secs(LIFETIME.into()))
            .unwrap_or(claim.time());
        Self { claim, method, url, headers, body, expires_at }
    }

    /// `GET`, or `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The URL to send it to, written anew.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers to send, all of them, but for `Host` and `Content-Length`,
    /// which a client writes. One may be added: `Accept: application/json`, for
    /// an answer that is easier to read.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The body to send; empty for a `GET`.
    #[must_use]
    pub const fn body(&self) -> &'static str {
        self.body
    }

    /// The id of the key that it says it was signed with: for a log, and for
    /// turning away whom you know. STS's answer tells who that is.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim.claimed_access_key_id()
    }

    /// When STS takes it no longer: 15 minutes after it was signed. What it
    /// proved should be remembered no longer than that.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The claim as a server checks it that knows the key: a test, or a
    /// stand-in for STS.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Returns the claim, to be verified with a key: for a test, or a stand-in for STS.
    #[must_use]
    pub fn into_claim(self) -> Claim {
        self.claim
    }
}

impl fmt::Debug for IdentityClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityClaim")
            .field("method", &self.method)
            .field("claim", &self.claim)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
