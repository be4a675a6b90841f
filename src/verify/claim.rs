//! A request that says who sent it, and the key that will tell.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use zeroize::Zeroizing;

use super::body::Body;
#[cfg(feature = "post-policy")]
use super::{Credential, body::BodyRule, read::keep};
use super::{Verified, VerifyError};
use crate::credentials::Credentials;
use crate::crypto::equal;
use crate::error::{Mechanism, shown};
#[cfg(feature = "sigv4a")]
use crate::steps::PublicKey;
use crate::steps::algorithm::{Algorithm, KeyToVerify};
use crate::steps::{CredentialScope, Explain, Signature, SigningKey, Workings};
use crate::time::Timestamp;

/// A request that says who sent it: well-formed, in time, and **unproven**. It
/// offers what a key look-up needs, and [`verify`](Self::verify).
///
/// It owns what it needs, so it can be held across an await.
pub struct Claim {
    /// The steps, then what the caller asks for.
    pub(super) text: Vec<u8>,
    pub(super) workings: Workings,
    pub(super) mechanism: Mechanism,
    pub(super) algorithm: Algorithm,
    pub(super) time: Timestamp,
    pub(super) now: Timestamp,
    pub(super) expires: Option<u32>,
    pub(super) access_key_id: Range<usize>,
    pub(super) scope: Range<usize>,
    pub(super) token: Option<Range<usize>>,
    pub(super) signature: Signature,
    pub(super) body: Body,
    pub(super) path_encoded_twice: bool,
}

impl Claim {
    /// A claim whose string to sign is no request's hash but a text of its own,
    /// as a form's policy is.
    #[cfg(feature = "post-policy")]
    pub(crate) fn of_text(
        mechanism: Mechanism,
        to_sign: &str,
        credential: &Credential<'_>,
        token: Option<&str>,
        signature: Signature,
        time: Timestamp,
        now: Timestamp,
    ) -> Self {
        let mut text = Vec::from(to_sign);
        let workings = Workings { to_sign: 0..text.len(), ..Workings::default() };
        Self {
            workings,
            mechanism,
            algorithm: credential.algorithm,
            time,
            now,
            expires: None,
            access_key_id: keep(&mut text, credential.access_key_id),
            scope: keep(&mut text, credential.scope),
            token: token.map(|token| keep(&mut text, token.as_bytes())),
            signature,
            body: BodyRule::Unsigned.into(),
            path_encoded_twice: false,
            text,
        }
    }

    /// The id of the key that the request says it was signed with.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.part(&self.access_key_id)
    }

    /// The day, region and service that it was signed for.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        let mut parts = self.scope_text().split('/');
        let mut part = || parts.next().unwrap_or_default();
        match self.algorithm {
            Algorithm::Hmac => CredentialScope::new(part(), part(), part()),
            #[cfg(feature = "sigv4a")]
            Algorithm::Ecdsa => CredentialScope::without_region(part(), part()),
        }
    }

    /// The session token that came along, for a look-up that needs it.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.token.as_ref().map(|token| self.part(token))
    }

    #[cfg(any(feature = "post-policy", feature = "tokens"))]
    pub(crate) const fn time(&self) -> Timestamp {
        self.time
    }

    /// Derives the key of these credentials for this claim's scope: four
    /// HMACs; for SigV4a, a multiplication on the curve. A
    /// [`KeyCache`](crate::KeyCache) keeps it for the day.
    #[must_use]
    pub fn key(&self, credentials: &Credentials) -> VerifyingKey {
        VerifyingKey::derive(credentials, &self.scope())
    }

    /// Compares signatures in constant time. `None` says that there is no such
    /// key: the same work is done, and the claim is refused.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], from `InvalidAccessKeyId` on. `WrongKey` says that the
    /// key given is for another id or scope: the look-up's mistake.
    pub fn verify(&self, key: Option<&VerifyingKey>) -> Result<Verified<'_>, VerifyError> {
        let to_sign = self.text.get(self.workings.to_sign.clone()).unwrap_or_default();
        let matches = match key {
            Some(key) => key.key.verifies(to_sign, &self.signature),
            None => nobodys_key_verifies(self.algorithm, to_sign, &self.signature),
        };
        let Some(key) = key else {
            return Err(VerifyError::InvalidAccessKeyId { access_key_id: shown(self.access_key_id()) });
        };
        let is =
            |expected: &str, range: &Range<usize>| self.text.get(range.clone()) == Some(expected.as_bytes());
        if !is(&key.access_key_id, &self.access_key_id) || !is(&key.scope, &self.scope) {
            return Err(VerifyError::WrongKey);
        }
        if !matches {
            return Err(VerifyError::SignatureDoesNotMatch);
        }
        let token_matches = match (&key.session_token, self.session_token()) {
            (Some(expected), Some(token)) => equal(expected.as_bytes(), token.as_bytes()),
            (None, None) => true,
            _ => false,
        };
        if !token_matches {
            return Err(VerifyError::InvalidToken);
        }
        if let Some(end) = key.end.filter(|end| *end <= self.now) {
            return Err(VerifyError::CredentialsEnded { end });
        }
        if let Some(mismatch) = &self.body.mismatch {
            return Err(mismatch.error());
        }
        Ok(Verified { claim: self })
    }

    /// Steps 1 and 2 as this end computed them, for a reader who debugs. Never
    /// send it to a client that you do not trust; there is no signature in it.
    #[must_use]
    pub fn explain(&self) -> Explain<'_> {
        self.workings.explain(&self.text, None)
    }

    #[cfg(feature = "event-stream")]
    pub(crate) const fn signature(&self) -> &Signature {
        &self.signature
    }

    pub(super) fn scope_text(&self) -> &str {
        self.part(&self.scope)
    }

    pub(super) fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).and_then(|part| core::str::from_utf8(part).ok()).unwrap_or_default()
    }

    pub(super) fn headers(&self) -> &[u8] {
        self.text.get(self.workings.layout.headers()).unwrap_or_default()
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("mechanism", &self.mechanism)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// The work of checking with a key that does not exist.
fn nobodys_key_verifies(algorithm: Algorithm, text: &[u8], signature: &Signature) -> bool {
    match algorithm {
        Algorithm::Hmac => nobodys_key().sign_bytes(text).matches(signature),
        #[cfg(feature = "sigv4a")]
        Algorithm::Ecdsa => PublicKey::nobodys().is_some_and(|key| key.verifies_bytes(text, signature)),
    }
}

/// A key that no secret derives.
#[cfg(feature = "std")]
fn nobodys_key() -> &'static SigningKey {
    static KEY: std::sync::LazyLock<SigningKey> =
        std::sync::LazyLock::new(|| SigningKey::from_bytes(&[0; 32]));
    &KEY
}

#[cfg(not(feature = "std"))]
fn nobodys_key() -> SigningKey {
    SigningKey::from_bytes(&[0; 32])
}

/// A signing key together with what it is good for, so that a look-up that
/// answers for another id, day or token cannot pass.
///
/// Wiped on drop, never printed.
#[derive(Clone)]
pub struct VerifyingKey {
    access_key_id: String,
    session_token: Option<Zeroizing<String>>,
    end: Option<Timestamp>,
    scope: String,
    key: KeyToVerify,
}

impl VerifyingKey {
    /// Derives the key: four HMACs, or for a scope of SigV4a the public key.
    #[must_use]
    pub fn derive(credentials: &Credentials, scope: &CredentialScope<'_>) -> Self {
        Self {
            access_key_id: credentials.access_key_id().into(),
            session_token: credentials.session_token().map(|token| Zeroizing::new(token.into())),
            end: credentials.end(),
            scope: alloc::format!("{scope}"),
            key: KeyToVerify::derive(credentials, scope),
        }
    }

    pub(super) const fn key(&self) -> &KeyToVerify {
        &self.key
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
