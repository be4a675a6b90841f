//! [`FindKey`], the look-up of access keys.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::convert::Infallible;
use core::future::{Future, ready};
use std::collections::HashMap;

use super::BoxError;
use crate::credentials::Credentials;
use crate::verify::Claim;

/// Finds the credentials of an access key, in a database or over the network.
///
/// It is implemented for maps from access key ids, and for async closures that take an access key id.
///
/// ```
/// use std::io;
///
/// use countersign::tower::VerifyLayer;
/// use countersign::{Credentials, SecretAccessKey, Service, Verifier};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let keys = move |access_key_id: String| {
///     let credentials = Some(credentials.clone()).filter(|_| access_key_id == "AKIDEXAMPLE"); // ask a database
///     async move { Ok::<_, io::Error>(credentials) }
/// };
/// let layer = VerifyLayer::new(Verifier::new("us-east-1", Service::S3)?, keys);
/// # let _ = layer;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Implement it to use more of the claim, such as its scope or its session token:
///
/// ```
/// use countersign::tower::FindKey;
/// use countersign::{Claim, Credentials};
///
/// struct Sessions;
///
/// impl FindKey for Sessions {
///     type Error = std::io::Error;
///
///     async fn find_key(&self, claim: &Claim) -> Result<Option<Credentials>, Self::Error> {
///         let (_id, _token) = (claim.claimed_access_key_id(), claim.claimed_session_token());
///         Ok(None) // there is no such key
///     }
/// }
/// ```
pub trait FindKey: Send + Sync + 'static {
    /// The error of the look-up. The request is then answered with 500 `InternalError`, and never passed on.
    type Error: Into<BoxError>;

    /// Returns the credentials of the access key that the claim names, or `None` if there is no such key.
    ///
    /// Nothing in the claim is proven.
    fn find_key(
        &self,
        claim: &Claim,
    ) -> impl Future<Output = Result<Option<Credentials>, Self::Error>> + Send;
}

impl<F, R, E> FindKey for F
where
    F: Fn(String) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Option<Credentials>, E>> + Send,
    E: Into<BoxError>,
{
    type Error = E;

    fn find_key(&self, claim: &Claim) -> impl Future<Output = Result<Option<Credentials>, E>> + Send {
        self(claim.claimed_access_key_id().into())
    }
}

impl FindKey for HashMap<String, Credentials> {
    type Error = Infallible;

    fn find_key(
        &self,
        claim: &Claim,
    ) -> impl Future<Output = Result<Option<Credentials>, Infallible>> + Send {
        ready(Ok(self.get(claim.claimed_access_key_id()).cloned()))
    }
}

impl FindKey for BTreeMap<String, Credentials> {
    type Error = Infallible;

    fn find_key(
        &self,
        claim: &Claim,
    ) -> impl Future<Output = Result<Option<Credentials>, Infallible>> + Send {
        ready(Ok(self.get(claim.claimed_access_key_id()).cloned()))
    }
}
