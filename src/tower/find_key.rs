//! [`FindKey`], the look-up of access keys, and [`FoundKey`], its result.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::convert::Infallible;
use core::future::{Future, ready};
use std::collections::HashMap;

use super::BoxError;
use crate::credentials::Credentials;
use crate::verify::{Claim, VerifyingKey};

/// Finds an access key, in a database or over the network.
///
/// The trait is implemented for maps from access key ids to [`Credentials`], and for async closures that take an access
/// key id and return credentials, a [`VerifyingKey`] or a [`FoundKey`].
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
/// Implement the trait to use more of the claim, such as its scope or its session token:
///
/// ```
/// use countersign::Claim;
/// use countersign::tower::{FindKey, FoundKey};
///
/// struct Sessions;
///
/// impl FindKey for Sessions {
///     type Error = std::io::Error;
///
///     async fn find_key(&self, claim: &Claim) -> Result<Option<FoundKey>, Self::Error> {
///         let (_id, _token) = (claim.claimed_access_key_id(), claim.claimed_session_token());
///         Ok(None) // there is no such key
///     }
/// }
/// ```
pub trait FindKey: Send + Sync + 'static {
    /// The error of the look-up. The request is then answered with 500 `InternalError`, and never passed on.
    type Error: Into<BoxError>;

    /// Returns the key that the claim names, or `None` if there is no such key. The request is then answered with 403
    /// `InvalidAccessKeyId`.
    ///
    /// Nothing in the claim is proven.
    fn find_key(&self, claim: &Claim) -> impl Future<Output = Result<Option<FoundKey>, Self::Error>> + Send;
}

/// A key that verifies the signatures of an access key: the result of [`FindKey`].
///
/// ```
/// use countersign::steps::{CredentialScope, SigningKey};
/// use countersign::tower::FoundKey;
/// use countersign::{Credentials, SecretAccessKey, VerifyingKey};
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let of_secret = FoundKey::from(Credentials::new("AKIDEXAMPLE", secret.clone())?);
///
/// // A server without secrets gets the key of one day, region and service from another server.
/// let scope = CredentialScope::parse("20130524/us-east-1/s3/aws4_request")?;
/// let key = SigningKey::derive(&secret, &scope);
/// let of_day = FoundKey::from(VerifyingKey::from_signing_key("AKIDEXAMPLE", &scope, key));
/// # assert!(matches!((of_secret, of_day), (FoundKey::Credentials(_), FoundKey::Derived(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub enum FoundKey {
    /// The secret. The layer derives the key of the claim's scope, and keeps it for the next request.
    Credentials(Credentials),
    /// A derived or public key, for a server that does not have the secret. If it is not for the access key id and the scope
    /// of the claim, the request is answered with 500 `InternalError`
    /// ([`KeyMismatch`](crate::VerifyError::KeyMismatch)).
    Derived(VerifyingKey),
}

impl From<Credentials> for FoundKey {
    fn from(credentials: Credentials) -> Self {
        Self::Credentials(credentials)
    }
}

impl From<VerifyingKey> for FoundKey {
    fn from(key: VerifyingKey) -> Self {
        Self::Derived(key)
    }
}

impl<F, R, K, E> FindKey for F
where
    F: Fn(String) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Option<K>, E>> + Send,
    K: Into<FoundKey>,
    E: Into<BoxError>,
{
    type Error = E;

    fn find_key(&self, claim: &Claim) -> impl Future<Output = Result<Option<FoundKey>, E>> + Send {
        let found = self(claim.claimed_access_key_id().into());
        async move { Ok(found.await?.map(Into::into)) }
    }
}

impl FindKey for HashMap<String, Credentials> {
    type Error = Infallible;

    fn find_key(&self, claim: &Claim) -> impl Future<Output = Result<Option<FoundKey>, Infallible>> + Send {
        ready(Ok(self.get(claim.claimed_access_key_id()).cloned().map(Into::into)))
    }
}

impl FindKey for BTreeMap<String, Credentials> {
    type Error = Infallible;

    fn find_key(&self, claim: &Claim) -> impl Future<Output = Result<Option<FoundKey>, Infallible>> + Send {
        ready(Ok(self.get(claim.claimed_access_key_id()).cloned().map(Into::into)))
    }
}
