//! [`VerifyingKey`], a key with the access key id and scope that it is valid for, and
//! the dummy key that is used for an unknown access key id.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::credentials::{Credentials, CredentialsError, checked_session_token};
use crate::steps::{CredentialScope, Scope, Signature, SigningKey};
#[cfg(feature = "sigv4a")]
use crate::steps::{Curve, PublicKey, SigV4aScope};
use crate::time::Timestamp;

/// A key that verifies signatures, with the access key id, scope and session token that it is valid
/// for.
///
/// [`Claim::verify`](crate::Claim::verify) compares these with the claim's, and returns an error if
/// the look-up returned the key of another id, day or session. The key is wiped on drop and never
/// printed.
///
/// A server that holds secrets calls [`Claim::derive_key`](crate::Claim::derive_key). A server that
/// must not hold them gets the day's signing key from the service that does:
///
/// ```
/// use countersign::steps::{Scope, SigningKey};
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
/// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
/// # headers.extend(&signed);
/// # let request = Request::new("GET", "/key", &headers);
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let key_service = |_: &str, scope| SigningKey::derive(credentials.secret(), scope);
/// let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
/// let Scope::Regional(scope) = claim.claimed_scope() else { return Err("SigV4a is not allowed".into()) };
/// let signing_key = key_service(claim.claimed_access_key_id(), &scope);
/// let key = VerifyingKey::from_signing_key("AKIDEXAMPLE", &scope, signing_key);
/// assert_eq!(claim.verify(&key)?.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    pub(super) access_key_id: String,
    pub(super) session_token: Option<Zeroizing<String>>,
    pub(super) expiration: Option<Timestamp>,
    pub(super) scope: String,
    pub(super) key: SignatureKey,
}

impl VerifyingKey {
    /// Derives the key of `credentials` for a scope: with four HMACs, or for SigV4a with a
    /// multiplication on the curve.
    ///
    /// ```
    /// use countersign::steps::CredentialScope;
    /// use countersign::*;
    ///
    /// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// let region = Region::new("us-east-1")?;
    /// let scope = CredentialScope::new(Timestamp::now(), &region, &Service::S3);
    /// let key = VerifyingKey::derive(&credentials, &scope.into());
    /// assert!(!format!("{key:?}").contains("secret"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn derive(credentials: &Credentials, scope: &Scope<'_>) -> Self {
        Self {
            access_key_id: credentials.access_key_id().into(),
            session_token: credentials.session_token().map(|token| Zeroizing::new(token.into())),
            expiration: credentials.expiration(),
            scope: alloc::format!("{scope}"),
            key: SignatureKey::derive(credentials, scope),
        }
    }

    /// Creates a verifying key from the signing key of a scope, without the secret access key.
    ///
    /// The key belongs to long-term credentials. Call
    /// [`with_session_token`](Self::with_session_token) if the credentials are temporary.
    #[must_use]
    pub fn from_signing_key(
        access_key_id: impl Into<String>,
        scope: &CredentialScope<'_>,
        key: SigningKey,
    ) -> Self {
        Self::new(access_key_id.into(), alloc::format!("{scope}"), SignatureKey::Hmac(key))
    }

    /// Creates a verifying key from the public key of an access key, for SigV4a. Neither the server
    /// nor an attacker who reads its memory can sign with it.
    ///
    /// The key belongs to long-term credentials. Call
    /// [`with_session_token`](Self::with_session_token) if the credentials are temporary.
    ///
    /// ```
    /// use countersign::steps::{Scope, SigningKeyPair};
    /// use countersign::*;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
    /// # let public_key = SigningKeyPair::derive(&credentials)?.public_key();
    /// # let signer = Signer::sigv4a(credentials, RegionSet::parse("*")?, Service::S3)?;
    /// # let now = Timestamp::now();
    /// # let mut headers = vec![("host", "bucket.s3.amazonaws.com")];
    /// # let signed = signer.sign(&Request::new("GET", "/key", &headers), Payload::Bytes(b""), now)?;
    /// # headers.extend(&signed);
    /// # let request = Request::new("GET", "/key", &headers);
    /// let verifier = Verifier::new("us-east-1", Service::S3)?.allow_sigv4a();
    /// let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
    /// let Scope::SigV4a(scope) = claim.claimed_scope() else { return Err("SigV4a only".into()) };
    /// let key = VerifyingKey::from_public_key("AKIDEXAMPLE", &scope, public_key);
    /// assert_eq!(claim.verify(&key)?.access_key_id(), "AKIDEXAMPLE");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn from_public_key(
        access_key_id: impl Into<String>,
        scope: &SigV4aScope<'_>,
        key: PublicKey,
    ) -> Self {
        Self::new(
            access_key_id.into(),
            alloc::format!("{scope}"),
            SignatureKey::Ecdsa(Some(key), scope.curve()),
        )
    }

    /// Returns true if `signature` is this key's signature of `to_sign`. A diagnosis calls this for
    /// strings that no request has; it does not verify a request.
    #[cfg(feature = "diagnose")]
    pub(crate) fn has_signed(&self, to_sign: &[u8], signature: &Signature) -> bool {
        self.key.verifies(to_sign, signature)
    }

    const fn new(access_key_id: String, scope: String, key: SignatureKey) -> Self {
        Self { access_key_id, session_token: None, expiration: None, scope, key }
    }

    /// Sets the session token that a request must contain. Call this if the key belongs to temporary
    /// credentials.
    ///
    /// # Errors
    ///
    /// Returns [`CredentialsError::InvalidSessionToken`] if the token is empty or is not visible
    /// ASCII.
    pub fn with_session_token(mut self, token: impl Into<String>) -> Result<Self, CredentialsError> {
        self.session_token = Some(checked_session_token(token.into())?);
        Ok(self)
    }

    /// Sets when the credentials expire. From then on a request is rejected with
    /// [`VerifyError::CredentialsExpired`](crate::VerifyError::CredentialsExpired).
    #[must_use]
    pub fn with_expiration(self, expiration: Timestamp) -> Self {
        Self { expiration: Some(expiration), ..self }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The key that verifies a string to sign: the signing key for HMAC, the public key for ECDSA.
#[derive(Clone)]
pub(crate) enum SignatureKey {
    Hmac(SigningKey),
    /// `None` if no key pair could be derived: it verifies nothing.
    #[cfg(feature = "sigv4a")]
    Ecdsa(Option<PublicKey>, Curve),
}

impl SignatureKey {
    fn derive(credentials: &Credentials, scope: &Scope<'_>) -> Self {
        match scope {
            Scope::Regional(scope) => Self::Hmac(SigningKey::derive(credentials.secret(), scope)),
            #[cfg(feature = "sigv4a")]
            Scope::SigV4a(scope) => Self::Ecdsa(scope.curve().derive(credentials), scope.curve()),
        }
    }

    /// Returns true if `signature` is this key's signature of `string_to_sign`.
    #[inline]
    pub(crate) fn verifies(&self, string_to_sign: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Hmac(key) => key.sign_bytes(string_to_sign).matches(signature),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(key, curve) => {
                key.as_ref().is_some_and(|key| curve.verifies(key, string_to_sign, signature))
            }
        }
    }
}

/// Verifies the `signature` of a claim for `scope` with a dummy key, so that an unknown access key id
/// takes as long as a known one.
pub(super) fn dummy_key_verifies(scope: &Scope<'_>, string_to_sign: &[u8], signature: &Signature) -> bool {
    match scope {
        Scope::Regional(_) => dummy_key().sign_bytes(string_to_sign).matches(signature),
        #[cfg(feature = "sigv4a")]
        Scope::SigV4a(scope) => scope.curve().dummy_verifies(string_to_sign, signature),
    }
}

/// Returns the dummy key for HMAC, which is kept for the life of the process.
#[cfg(feature = "std")]
fn dummy_key() -> &'static SigningKey {
    static KEY: std::sync::LazyLock<SigningKey> =
        std::sync::LazyLock::new(|| SigningKey::from_bytes(&[0; 32]));
    &KEY
}

/// Returns the dummy key for HMAC.
#[cfg(not(feature = "std"))]
fn dummy_key() -> SigningKey {
    SigningKey::from_bytes(&[0; 32])
}
