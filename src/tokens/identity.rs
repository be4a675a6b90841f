//! A signed `GetCallerIdentity`, held by a server that has no key to check it
//! with: it asks STS, which answers who signed.
//!
//! ```text
//! presigned   GET https://STS/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-…
//!             SignedHeaders = host;x-k8s-aws-id                      (EKS)
//! in headers  POST https://STS/     Action=GetCallerIdentity&Version=2011-06-15
//!             SignedHeaders = …;host;x-amz-date;x-vault-aws-iam-server-id   (Vault)
//! ```
//!
//! Whoever sends it chooses what the server sends on, and to whom. So nothing
//! of it is sent on: the request is **written anew** from the parts that were
//! read, and each part has one value or a narrow grammar.
//!
//! Sources: `aws-iam-authenticator`, `pkg/token`; HashiCorp Vault, "AWS auth
//! method"; CVE-2020-16250, CVE-2022-2385. Not here: asking STS, and reading
//! what it answers.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::identity_claim::{Headers, IdentityClaim, LIFETIME};
use super::recipes::{EKS_HEADER, EKS_PREFIX, GET_CALLER_IDENTITY, QUARTER};
use super::{IdentityError, Partition, SCHEME, TokenError, check_header, check_name};
use crate::canonical::target::Target;
use crate::canonical::target::check_received_query;
use crate::canonical::{Pairs, write_pairs};
use crate::error::shown;
use crate::host::is_host_name;
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::Service;
use crate::time::Timestamp;
use crate::verify::{Claim, Verifier};

/// Reads signed `GetCallerIdentity` requests that name **this server**, and
/// gives back what to ask STS.
///
/// ```
/// use countersign::tokens::{IdentityVerifier, TokenSigner};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?;
/// # let now = Timestamp::now();
/// let token = TokenSigner::eks(credentials, "eu-central-1", "my-cluster")?.token(now)?;
///
/// let verifier = IdentityVerifier::eks("my-cluster")?;
/// let claim = verifier.claim_eks(token.as_str(), now)?;
/// assert_eq!(claim.method(), "GET");
/// assert!(claim.url().starts_with("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&"));
/// assert_eq!(claim.headers().collect::<Vec<_>>(), [("x-k8s-aws-id", "my-cluster")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct IdentityVerifier {
    header: String,
    value: String,
    partition: Partition,
    endpoints: Vec<(String, String)>,
}

impl IdentityVerifier {
    /// A verifier for requests whose signature covers this header with this
    /// value, such as `X-Vault-AWS-IAM-Server-ID` and the server's name.
    /// Without such a header a token for one server opens every other.
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidName`]: a header that nobody signs, or a value that
    /// no header carries unchanged.
    pub fn new(header: &str, value: impl Into<String>) -> Result<Self, TokenError> {
        let value = value.into();
        check_header(header, &value)?;
        let header = header.to_ascii_lowercase();
        Ok(Self { header, value, partition: Partition::Aws, endpoints: Vec::new() })
    }

    /// A verifier for the tokens of one EKS cluster: `x-k8s-aws-id`.
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidName`].
    pub fn eks(cluster: impl Into<String>) -> Result<Self, TokenError> {
        let cluster = cluster.into();
        check_name("the cluster", &cluster)?;
        Self::new(EKS_HEADER, cluster)
    }

    /// Expects identities of another partition than the commercial regions'.
    /// One alone: an account's number in two partitions is two accounts.
    #[must_use]
    pub fn partition(self, partition: Partition) -> Self {
        Self { partition, ..self }
    }

    /// Takes one more host for the STS of a region, such as a VPC endpoint of
    /// yours. **What this host answers is believed.**
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidHost`].
    pub fn endpoint(
        mut self,
        host: impl Into<String>,
        region: impl Into<String>,
    ) -> Result<Self, TokenError> {
        let host = host.into();
        if !is_host_name(&host) || host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(TokenError::InvalidHost);
        }
        self.endpoints.push((host, region.into()));
        Ok(self)
    }

    /// Reads the bearer token of an EKS cluster.
    ///
    /// # Errors
    ///
    /// [`IdentityError`], in the order of its variants.
    pub fn claim_eks(&self, token: &str, now: Timestamp) -> Result<IdentityClaim, IdentityError> {
        check_length(token)?;
        let encoded = token.strip_prefix(EKS_PREFIX).ok_or(IdentityError::Prefix)?;
        let url = URL_SAFE_NO_PAD.decode(encoded).map(Zeroizing::new).map_err(|_| IdentityError::Base64)?;
        self.claim_url(core::str::from_utf8(&url).map_err(|_| IdentityError::Url)?, now)
    }

    /// Reads a presigned URL.
    ///
    /// STS takes it for 15 minutes, whatever it says of itself; so does this.
    /// It may be 5 minutes ahead of `now`.
    ///
    /// # Errors
    ///
    /// [`IdentityError`], in the order of its variants.
    pub fn claim_url(&self, url: &str, now: Timestamp) -> Result<IdentityClaim, IdentityError> {
        let (host, region, rest) = self.read_url(url)?;
        let query = rest.strip_prefix('?').ok_or(IdentityError::Url)?;
        let mut scratch = Vec::new();
        let mut pairs = Pairs::new();
        pairs.read(query, &mut scratch, check_received_query).map_err(|_| IdentityError::Url)?;
        pairs.sort();
        check_parameters(&pairs)?;

        let mut text = Vec::with_capacity(SCHEME.len() + host.len() + 3 + 3 * query.len());
        text.extend_from_slice(format!("{SCHEME}{host}/?").as_bytes());
        // In the order in which it was signed, the signature behind it.
        let signature = pairs.remove(SIGNATURE);
        pairs.sort();
        write_pairs(&mut text, pairs.iter());
        text.push(b'&');
        write_pairs(&mut text, signature.iter());
        let url = String::from_utf8(text).map(Zeroizing::new).map_err(|_| IdentityError::Url)?;

        let headers = [(self.header.as_str(), self.value.as_str())];
        let request = Request::new("GET", &url, &headers);
        let verifier =
            sts(region)?.with_max_skew(AHEAD).with_max_url_lifetime(QUARTER).with_fixed_lifetime(LIFETIME);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
        check_access_key_id(&claim)?;
        self.check_binding(&claim)?;

        let headers = [(self.header.clone(), Zeroizing::new(self.value.clone()))].into();
        Ok(IdentityClaim::new(claim, "GET", url, headers, ""))
    }

    /// Reads a request that is signed in its headers, as clients of Vault send
    /// it: `method`, absolute `uri`, headers, and the body.
    ///
    /// It may be 15 minutes old, or ahead of `now`, as STS has it.
    ///
    /// # Errors
    ///
    /// [`IdentityError`], in the order of its variants.
    pub fn claim_request(
        &self,
        request: &Request<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<IdentityClaim, IdentityError> {
        let (host, region, rest) = self.read_url(request.uri)?;
        if !rest.is_empty() {
            return Err(IdentityError::Url);
        }
        if request.method != "POST" {
            return Err(IdentityError::Method);
        }
        if body != GET_CALLER_IDENTITY.as_bytes() {
            return Err(IdentityError::Body);
        }
        let url = Zeroizing::new(format!("{SCHEME}{host}/"));
        let request = Request { uri: &url, ..*request };
        let claim = sts(region)?.with_max_skew(Duration::from_secs(LIFETIME.into())).claim(
            &request,
            ReceivedBody::Bytes(body),
            now,
        )?;
        check_access_key_id(&claim)?;
        self.check_binding(&claim)?;
        let headers = self.headers_to_send(&claim)?;
        Ok(IdentityClaim::new(claim, "POST", url, headers, GET_CALLER_IDENTITY))
    }

    /// Host, region, and what stands behind the first `/`.
    fn read_url<'u>(&'u self, url: &'u str) -> Result<(&'u str, &'u str, &'u str), IdentityError> {
        check_length(url)?;
        if !url.starts_with(SCHEME) || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IdentityError::Url);
        }
        let target = Target::parse(url).map_err(|_| IdentityError::Url)?;
        let host = target.authority.filter(|host| is_host_name(host)).ok_or(IdentityError::Url)?;
        let own = self.endpoints.iter().find(|(own, _)| own == host).map(|(_, region)| region.as_str());
        let region = own.or_else(|| self.partition.sts_region(host));
        let region = region.ok_or_else(|| IdentityError::Host { host: shown(host) })?;
        let rest = url.get(target.front.len()..).and_then(|rest| rest.strip_prefix('/'));
        Ok((host, region, rest.ok_or(IdentityError::Url)?))
    }

    /// The signature covers the header that names this server.
    fn check_binding(&self, claim: &Claim) -> Result<(), IdentityError> {
        let signed = claim.signed_header_lines().find(|(name, _)| *name == self.header.as_bytes());
        match signed {
            None => Err(IdentityError::UnsignedHeader { name: self.header.clone() }),
            Some((_, value)) if value != self.value.as_bytes() => {
                Err(IdentityError::Audience { name: self.header.clone() })
            }
            Some(_) => Ok(()),
        }
    }

    /// The signed headers, if all of them have a place here; those that are not
    /// signed are not sent. Clients write `Host` and `Content-Length` themselves.
    fn headers_to_send(&self, claim: &Claim) -> Result<Headers, IdentityError> {
        let mut headers = Headers::new();
        let (mut date, mut content_type) = (false, false);
        for (name, value) in claim.signed_header_lines() {
            let unexpected = || IdentityError::SignedHeader { name: shown(&String::from_utf8_lossy(name)) };
            let value = core::str::from_utf8(value).map_err(|_| unexpected())?;
            let name = core::str::from_utf8(name).map_err(|_| unexpected())?;
            match name {
                "host" => continue,
                "content-length" if value == BODY_LENGTH => continue,
                "content-type" if FORMS.contains(&value) => content_type = true,
                "x-amz-date" => date = true,
                "x-amz-content-sha256" if value == BODY_HASH => {}
                "x-amz-security-token" => {}
                _ if name == self.header => {}
                _ => return Err(unexpected()),
            }
            headers.push((name.into(), Zeroizing::new(value.into())));
        }
        if !date {
            return Err(IdentityError::UnsignedHeader { name: "x-amz-date".into() });
        }
        if !content_type {
            headers.push(("content-type".into(), Zeroizing::new(FORM.into())));
        }
        headers.push(("authorization".into(), Zeroizing::new(authorization(claim))));
        Ok(headers)
    }
}

fn sts(region: &str) -> Result<Verifier, IdentityError> {
    let verifier = Service::new("sts").and_then(|service| Verifier::new(region, service));
    verifier.map_err(|_| IdentityError::Host { host: shown(region) })
}

fn check_length(text: &str) -> Result<(), IdentityError> {
    if text.len() > LONGEST { Err(IdentityError::TooLong { limit: LONGEST }) } else { Ok(()) }
}

/// Each of the parameters once, spelled so, and no other; of sorted pairs.
fn check_parameters(pairs: &Pairs<'_>) -> Result<(), IdentityError> {
    let known = |name: &[u8]| PARAMETERS.into_iter().find(|(known, _)| known.as_bytes() == name);
    for pair in pairs.iter() {
        let unknown = || {
            let name = pair.name.get(..LONGEST_NAME).unwrap_or(pair.name);
            IdentityError::Parameter { name: String::from_utf8_lossy(name).into_owned() }
        };
        known(pair.name).ok_or_else(unknown)?;
    }
    if let Some((name, _)) = pairs.repeated().and_then(known) {
        return Err(IdentityError::RepeatedParameter { name });
    }
    for (name, expected) in PARAMETERS {
        let value = pairs.iter().find(|pair| pair.name == name.as_bytes()).map(|pair| pair.value);
        match (value, expected) {
            (Some(value), Is(only)) if value != only.as_bytes() => return Err(IdentityError::Action),
            (None, Is(_) | Any) => return Err(IdentityError::MissingParameter { name }),
            _ => {}
        }
    }
    Ok(())
}

/// What a parameter may say, as far as it is not read elsewhere.
#[derive(Clone, Copy)]
enum Value {
    Is(&'static str),
    Any,
    AnyOrAbsent,
}
use Value::{Any, AnyOrAbsent, Is};

const PARAMETERS: [(&str, Value); 9] = [
    ("Action", Is("GetCallerIdentity")),
    ("Version", Is("2011-06-15")),
    ("X-Amz-Algorithm", Any),
    ("X-Amz-Credential", Any),
    ("X-Amz-Date", Any),
    ("X-Amz-Expires", Any),
    ("X-Amz-Security-Token", AnyOrAbsent),
    (SIGNATURE, Any),
    ("X-Amz-SignedHeaders", Any),
];

/// Writes the `Authorization` header of a claim from its parsed parts.
fn authorization(claim: &Claim) -> String {
    format!(
        "{} Credential={}/{}, SignedHeaders={}, Signature={}",
        claim.algorithm(),
        claim.claimed_access_key_id(),
        claim.claimed_scope_str(),
        claim.signed_headers(),
        claim.signature()
    )
}

/// IAM API Reference, `AccessKeyId`: it ends up in logs and as a key of maps.
fn check_access_key_id(claim: &Claim) -> Result<(), IdentityError> {
    let id = claim.claimed_access_key_id().as_bytes();
    let of_id = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let valid = (16..=128).contains(&id.len()) && id.iter().all(of_id);
    valid.then_some(()).ok_or(IdentityError::AccessKeyId)
}

const SIGNATURE: &str = "X-Amz-Signature";
/// Of `GET_CALLER_IDENTITY`: its bytes, and its SHA-256.
const BODY_LENGTH: &str = "43";
const BODY_HASH: &str = "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843";
const FORM: &str = "application/x-www-form-urlencoded";
const FORMS: [&str; 2] = [FORM, "application/x-www-form-urlencoded; charset=utf-8"];
/// What `aws-iam-authenticator` reads at most; a session token is about a kilobyte.
const LONGEST: usize = 4096;
/// What an error shows of a name: more than any has, and less than a signature.
const LONGEST_NAME: usize = 32;
/// How far ahead of its clock STS takes a URL.
const AHEAD: Duration = Duration::from_secs(300);
