//! [`CallerIdentityVerifier`] reads a signed `GetCallerIdentity` for a server that has no key to
//! verify it. The server sends the request to STS, which answers who signed it.
//!
//! ```text
//! presigned   GET https://STS/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-…
//!             SignedHeaders = host;x-k8s-aws-id                             (EKS)
//! in headers  POST https://STS/     Action=GetCallerIdentity&Version=2011-06-15
//!             SignedHeaders = …;host;x-amz-date;x-vault-aws-iam-server-id   (Vault)
//! ```
//!
//! A malicious client could choose what the server sends, and to which host. Therefore no part of the
//! request is forwarded as it was received. The request is written again from its parsed parts, and
//! each part has one allowed value or a narrow grammar.
//!
//! Sources: `aws-iam-authenticator`, `pkg/token`; HashiCorp Vault, "AWS auth method"; CVE-2020-16250,
//! CVE-2022-2385.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::checks::{check_header, check_visible, checked_signature};
use super::identity_claim::{IdentityClaim, LIFETIME};
use super::identity_parameters::rewrite_query;
use super::kind::{EKS_HEADER, EKS_PREFIX, GET_CALLER_IDENTITY, MINUTES_15};
use super::{IdentityError, Partition, SCHEME, TokenArgument, TokenError};
use crate::bytes::truncated;
use crate::canonical::target::Target;
use crate::host::is_host_name;
use crate::payload::ReceivedBody;
use crate::region::Region;
use crate::request::Request;
use crate::service::Service;
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier};

/// Reads signed `GetCallerIdentity` requests that are bound to **this server**, and returns what to
/// send to STS.
///
/// ```
/// use countersign::tokens::{CallerIdentityVerifier, TokenSigner};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::now();
/// let token = TokenSigner::eks(credentials, "eu-central-1", "my-cluster")?.token(now)?;
///
/// let verifier = CallerIdentityVerifier::eks("my-cluster")?;
/// let claim = verifier.claim_eks(token.as_str(), now)?;
/// assert_eq!(claim.method(), "GET");
/// assert!(claim.url().starts_with("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&"));
/// assert_eq!(claim.headers().collect::<Vec<_>>(), [("x-k8s-aws-id", "my-cluster")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallerIdentityVerifier {
    /// The name of the header that binds a request to this server, in lower case.
    pub(super) header: String,
    pub(super) value: String,
    partition: Partition,
    /// Additional hosts of STS, with their regions.
    endpoints: Vec<(String, Region)>,
}

impl CallerIdentityVerifier {
    /// Creates a verifier for requests whose signature covers this header with this value, such as
    /// `X-Vault-AWS-IAM-Server-ID` and the name of the server.
    ///
    /// The header is required. Without it, a token for one server could be used at any other.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::InvalidArgument`] if the header cannot be signed or has another meaning, or if
    /// the value is not visible ASCII.
    pub fn new(header: &str, value: impl Into<String>) -> Result<Self, TokenError> {
        let value = value.into();
        check_header(header, &value)?;
        let header = header.to_ascii_lowercase();
        Ok(Self { header, value, partition: Partition::Aws, endpoints: Vec::new() })
    }

    /// Creates a verifier for the tokens of one EKS cluster, which `x-k8s-aws-id` names.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::InvalidArgument`] if the name of the cluster is not visible ASCII.
    pub fn eks(cluster: impl Into<String>) -> Result<Self, TokenError> {
        let cluster = cluster.into();
        check_visible(TokenArgument::Cluster, &cluster)?;
        Self::new(EKS_HEADER, cluster)
    }

    /// Sets the partition whose identities are expected (default: the commercial regions).
    ///
    /// A verifier accepts one partition only, because the same account number in two partitions names
    /// two different accounts.
    #[must_use]
    pub fn with_partition(self, partition: Partition) -> Self {
        Self { partition, ..self }
    }

    /// Accepts one more host as the STS of a region, such as your own VPC endpoint. **The server trusts
    /// the answers of this host.**
    ///
    /// # Errors
    ///
    /// Returns [`TokenError::InvalidHost`] if `host` is not the name of a host in lower case, and
    /// [`TokenError::Config`] if the region is invalid.
    pub fn allow_endpoint(
        mut self,
        host: impl Into<String>,
        region: impl Into<String>,
    ) -> Result<Self, TokenError> {
        let host = host.into();
        if !is_host_name(&host) || host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(TokenError::InvalidHost);
        }
        self.endpoints.push((host, Region::new(region.into())?));
        Ok(self)
    }

    /// Reads the bearer token of an EKS cluster.
    ///
    /// # Errors
    ///
    /// Returns [`IdentityError`]. The checks have the order of its variants.
    pub fn claim_eks(&self, token: &str, now: Timestamp) -> Result<IdentityClaim, IdentityError> {
        check_len(token)?;
        let encoded = token.strip_prefix(EKS_PREFIX).ok_or(IdentityError::InvalidPrefix)?;
        let url = URL_SAFE_NO_PAD.decode(encoded).map(Zeroizing::new);
        let url = url.map_err(|_| IdentityError::InvalidBase64)?;
        self.claim_url(core::str::from_utf8(&url).map_err(|_| IdentityError::InvalidUrl)?, now)
    }

    /// Reads a presigned URL.
    ///
    /// STS accepts a URL for 15 minutes, and ignores the lifetime that the URL states. This method does
    /// the same. The time of the URL may be up to 5 minutes after `now`.
    ///
    /// # Errors
    ///
    /// Returns [`IdentityError`]. The checks have the order of its variants.
    pub fn claim_url(&self, url: &str, now: Timestamp) -> Result<IdentityClaim, IdentityError> {
        let (host, region, rest) = self.parse_url(url)?;
        let query = rest.strip_prefix('?').ok_or(IdentityError::InvalidUrl)?;
        let url = rewrite_query(host, query)?;

        let headers = [(self.header.as_str(), self.value.as_str())];
        let request = Request::new("GET", &url, &headers);
        let verifier = sts(region)?.with_max_skew(MAX_AHEAD).with_max_url_lifetime(MINUTES_15);
        let verifier = verifier.with_fixed_lifetime(LIFETIME);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
        check_access_key_id(&claim)?;
        checked_signature(&claim)?;
        self.check_binding(&claim)?;

        let headers = [(self.header.clone(), Zeroizing::new(self.value.clone()))].into();
        Ok(IdentityClaim::new(claim, "GET", url, headers, ""))
    }

    /// Reads a request that is signed in its headers, as clients of Vault send it. Its URI must be
    /// absolute.
    ///
    /// The time of the request may be up to 15 minutes before or after `now`, as for STS.
    ///
    /// # Errors
    ///
    /// Returns [`IdentityError`]. The checks have the order of its variants.
    pub fn claim_request(
        &self,
        request: &Request<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<IdentityClaim, IdentityError> {
        let (host, region, rest) = self.parse_url(request.uri)?;
        if !rest.is_empty() {
            return Err(IdentityError::InvalidUrl);
        }
        if request.method != "POST" {
            return Err(IdentityError::WrongMethod);
        }
        if body != GET_CALLER_IDENTITY.as_bytes() {
            return Err(IdentityError::WrongBody);
        }
        let url = Zeroizing::new(format!("{SCHEME}{host}/"));
        let request = Request { uri: &url, ..*request };
        let verifier = sts(region)?.with_max_skew(Duration::from_secs(LIFETIME.into()));
        let claim = verifier.claim(&request, ReceivedBody::Bytes(body), now)?;
        check_access_key_id(&claim)?;
        self.check_binding(&claim)?;
        let headers = self.headers_to_send(&claim)?;
        Ok(IdentityClaim::new(claim, "POST", url, headers, GET_CALLER_IDENTITY))
    }

    /// Returns the host, its region, and what follows the first `/` of the path.
    fn parse_url<'u>(&'u self, url: &'u str) -> Result<(&'u str, &'u str, &'u str), IdentityError> {
        check_len(url)?;
        if !url.starts_with(SCHEME) || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IdentityError::InvalidUrl);
        }
        let target = Target::parse(url).map_err(|_| IdentityError::InvalidUrl)?;
        let host = target.authority.filter(|host| is_host_name(host)).ok_or(IdentityError::InvalidUrl)?;
        let own = self.endpoints.iter().find(|(own, _)| own == host).map(|(_, region)| region.as_str());
        let region = own.or_else(|| self.partition.sts_region(host));
        let region = region.ok_or_else(|| IdentityError::UnknownHost { host: truncated(host) })?;
        let rest = url.get(target.front.len()..).and_then(|rest| rest.strip_prefix('/'));
        Ok((host, region, rest.ok_or(IdentityError::InvalidUrl)?))
    }
}

/// Returns a verifier of requests to the STS of a region.
fn sts(region: &str) -> Result<Verifier, IdentityError> {
    let verifier = Service::new("sts").and_then(|service| Verifier::new(region, service));
    verifier.map_err(|_| IdentityError::UnknownHost { host: truncated(region) })
}

/// Rejects a token or a URL that is too long.
fn check_len(token: &str) -> Result<(), IdentityError> {
    if token.len() > MAX_LEN { Err(IdentityError::TooLong { max: MAX_LEN }) } else { Ok(()) }
}

/// Checks the grammar of an access key id (IAM API Reference, `AccessKeyId`), because servers write it
/// to logs and use it as a key.
fn check_access_key_id(claim: &Claim) -> Result<(), IdentityError> {
    let id = claim.claimed_access_key_id().as_bytes();
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_valid = (16..=128).contains(&id.len()) && id.iter().all(allowed);
    if is_valid { Ok(()) } else { Err(IdentityError::InvalidAccessKeyId) }
}

/// The maximum length of a token, as for `aws-iam-authenticator`. A session token has about a kilobyte.
const MAX_LEN: usize = 4096;
/// The maximum time by which STS accepts a URL from the future.
const MAX_AHEAD: Duration = Duration::from_secs(300);
