//! [`ClaimedScope`], what a request names, read before a verifier is chosen.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::authorization::parse_components;
use super::parameters::parse_credential;
use super::received::{ReceivedRequest, SignatureLocation};
use super::{Credential, Limits, VerifyError};
use crate::bytes::truncated;
use crate::canonical::target::Target;
use crate::canonical::{Fields, LongDecoded, Pairs, Parameter, decode_in};
use crate::error::Mechanism;
use crate::request::Request;
use crate::service::UrlLifetime;
use crate::steps::Algorithm;

/// The service, the region and the access key id that a request names. **Nothing in it is proven.**
///
/// A server with more than one [`Verifier`](crate::Verifier) chooses one by these values, for example if
/// S3, IAM and STS share an endpoint, or if one operation is allowed for every region. The values do not
/// replace a verification: the chosen verifier reads the request itself, and compares its service and
/// region. An attacker can only choose which verifier rejects the request.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::new("sts")?)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "storage.example.com")];
/// # let body = b"Action=GetCallerIdentity&Version=2011-06-15";
/// # let signed = signer.sign(&Request::new("POST", "/", &headers), Payload::Bytes(body), now)?;
/// # headers.extend(&signed);
/// # let request = Request::new("POST", "/", &headers);
/// let s3 = Verifier::new("us-east-1", Service::S3)?;
/// let sts = Verifier::new("us-east-1", Service::new("sts")?)?;
///
/// let scope = ClaimedScope::read(&request, &Limits::default())?;
/// let verifier = match scope.claimed_service() {
///     "sts" => &sts, // reads the body first: its hash is the payload line
///     _ => &s3,      // rejects the signature of any other service
/// };
/// let claim = verifier.claim(&request, ReceivedBody::Bytes(body), now)?;
/// assert_eq!(claim.claimed_scope().service(), "sts");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It cannot be turned into a proof:
///
/// ```compile_fail
/// use countersign::{ClaimedScope, Verified};
/// fn trust(scope: ClaimedScope) -> Verified { scope.into() }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "the request is not verified: choose a verifier, and call `claim` and `verify`"]
pub struct ClaimedScope {
    mechanism: Mechanism,
    access_key_id: String,
    region: Option<String>,
    service: String,
}

impl ClaimedScope {
    /// Reads the credential of a received request, from its `Authorization` header or its query.
    ///
    /// The time, the signature and the list of signed headers are not read. A browser's form carries its
    /// credential in its body, and is [`VerifyError::Anonymous`] here.
    ///
    /// # Errors
    ///
    /// Returns the error that [`Verifier::claim`](crate::Verifier::claim) returns for a request that
    /// exceeds the limits, is malformed, is not signed or is signed twice, and for a malformed credential.
    pub fn read(request: &Request<'_>, limits: &Limits) -> Result<Self, VerifyError> {
        limits.check(request)?;
        let target = Target::parse_received(request.uri)?;
        let (mut scratch, mut fields, mut pairs) = (Vec::new(), Fields::new(), Pairs::new());
        let mut received = ReceivedRequest::new(request.method, target, &mut fields, &mut pairs);
        received.read_headers(request, limits)?;
        received.read_query(&mut scratch)?;
        match received.locate_signature()? {
            SignatureLocation::Header(value) => {
                let (credential, _) = parse_components(value, Algorithm::from_name)?;
                Ok(Self::new(Mechanism::Header, &credential))
            }
            SignatureLocation::Query => {
                let malformed = VerifyError::AuthorizationQueryParametersError;
                // The service is not known yet: some have URLs without a lifetime.
                let lifetime = UrlLifetime::Optional;
                let required =
                    |parameter| received.parameters.required(parameter, lifetime).map_err(malformed);
                let algorithm = required(Parameter::Algorithm)?;
                let mut decoded = LongDecoded::new();
                let credential = decode_in(required(Parameter::Credential)?, &mut decoded);
                let credential = parse_credential(algorithm, credential, Algorithm::from_name)?;
                Ok(Self::new(Mechanism::Query, &credential))
            }
        }
    }

    fn new(mechanism: Mechanism, credential: &Credential<'_>) -> Self {
        // A credential is visible ASCII.
        let string = |part| String::from_utf8_lossy(part).into_owned();
        Self {
            mechanism,
            access_key_id: string(credential.access_key_id),
            region: (credential.algorithm == Algorithm::Hmac).then(|| string(credential.region)),
            service: string(credential.service),
        }
    }

    /// Returns the signing name of the service that the request names, such as `s3`. It may be empty.
    #[must_use]
    pub fn claimed_service(&self) -> &str {
        &self.service
    }

    /// Returns the region that the request names, which may be empty; `None` for SigV4a, whose scope has
    /// no region.
    #[must_use]
    pub fn claimed_region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the access key id that the request names.
    #[must_use]
    pub fn claimed_access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns where the request carries its signature.
    #[must_use]
    pub const fn claimed_mechanism(&self) -> Mechanism {
        self.mechanism
    }
}

impl fmt::Debug for ClaimedScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedScope")
            .field("claimed_mechanism", &self.mechanism)
            .field("claimed_access_key_id", &truncated(&self.access_key_id))
            .field("claimed_region", &self.region.as_deref().map(truncated))
            .field("claimed_service", &truncated(&self.service))
            .finish()
    }
}
