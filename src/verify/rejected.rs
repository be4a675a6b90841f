//! [`Rejected`], a claim that was refused.

use alloc::boxed::Box;
use core::fmt;

use super::{Claim, VerifyError};

/// A claim that was refused, with the reason.
///
/// `?` converts it to a [`VerifyError`]. The claim remains available for a log or an explanation.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
/// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(signed.iter());
/// # let request = Request::new("DELETE", "/key", &headers); // not what was signed
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
/// let key = claim.derive_key(&credentials);
/// let rejected = claim.verify(&key).unwrap_err();
/// assert_eq!(rejected.error(), &VerifyError::SignatureDoesNotMatch);
///
/// // For a log of the server, not for the client:
/// let canonical = rejected.claim().explain().canonical_request();
/// assert_eq!((canonical.method(), canonical.uri()), ("DELETE", "/key"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Rejected(Box<(VerifyError, Claim)>);

impl Rejected {
    #[cold]
    pub(super) fn new(error: VerifyError, claim: Claim) -> Self {
        Self(Box::new((error, claim)))
    }

    /// Returns the reason.
    #[must_use]
    pub const fn error(&self) -> &VerifyError {
        &self.0.0
    }

    /// Returns the claim that was refused. Nothing in it is proven.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.0.1
    }

    /// Returns the reason and drops the claim.
    #[must_use]
    pub fn into_error(self) -> VerifyError {
        self.0.0
    }

    /// Returns the reason and the claim.
    #[must_use]
    pub fn into_parts(self) -> (VerifyError, Claim) {
        *self.0
    }
}

impl From<Rejected> for VerifyError {
    fn from(rejected: Rejected) -> Self {
        rejected.into_error()
    }
}

/// Prints the reason.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl core::error::Error for Rejected {}
