//! The credentials that sign a request: an access key id, its secret, and for temporary
//! credentials a session token and an expiration.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use zeroize::Zeroizing;

use crate::time::Timestamp;

/// A secret access key.
///
/// The key is wiped from memory when it is dropped. `Debug` prints the type's name only.
///
/// ```
/// use countersign::SecretAccessKey;
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// assert_eq!(format!("{secret:?}"), "SecretAccessKey(..)");
/// ```
///
/// A secret access key has no `Display` and no `==`:
///
/// ```compile_fail
/// use countersign::SecretAccessKey;
/// println!("{}", SecretAccessKey::new("secret"));
/// ```
///
/// ```compile_fail
/// use countersign::SecretAccessKey;
/// let equal = SecretAccessKey::new("a") == SecretAccessKey::new("b");
/// ```
#[derive(Clone)]
pub struct SecretAccessKey(Zeroizing<String>);

impl SecretAccessKey {
    /// Creates a secret access key.
    ///
    /// The string is not checked here: [`Credentials::new`] rejects an empty or
    /// malformed one. A `String` is kept, and wiped on drop. A `&str` is copied, and the
    /// caller's string is not wiped.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAccessKey(..)")
    }
}

/// The credentials that a request is signed with, or verified against.
///
/// Credentials of an IAM user do not expire. Temporary credentials have a session token
/// and expire: those of an STS role after 15 minutes to 12 hours, of `GetSessionToken`
/// after up to 36 hours, of an instance profile after about 6 hours. A presigned URL
/// stops working at the same time.
///
/// ```
/// use countersign::{Credentials, SecretAccessKey, Timestamp};
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let credentials = Credentials::new("ASIAIOSFODNN7EXAMPLE", secret)?
///     .with_session_token("IQoJb3JpZ2luX2VjEXAMPLE")?
///     .with_expiration(Timestamp::parse_rfc3339("2026-11-28T15:38:02Z")?);
/// assert_eq!(credentials.access_key_id(), "ASIAIOSFODNN7EXAMPLE");
/// // Neither the secret nor the token is printed.
/// assert!(!format!("{credentials:?}").contains("wJal"));
/// assert!(!format!("{credentials:?}").contains("IQoJ"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: SecretAccessKey,
    session_token: Option<Zeroizing<String>>,
    expiration: Option<Timestamp>,
}

impl Credentials {
    /// Creates credentials without a session token and without an expiration, such as
    /// those of an IAM user.
    ///
    /// # Errors
    ///
    /// Returns [`CredentialsError`] if
    ///
    /// * the id or the secret is empty;
    /// * the id has a comma, or a character other than visible ASCII;
    /// * the secret has a control character, or begins or ends with whitespace. A secret
    ///   that was read from a file often ends with the file's line ending.
    pub fn new(access_key_id: impl Into<String>, secret: SecretAccessKey) -> Result<Self, CredentialsError> {
        let access_key_id = access_key_id.into();
        if access_key_id.is_empty() {
            return Err(CredentialsError::EmptyAccessKeyId);
        }
        // A comma ends `Credential=…` in the `Authorization` header.
        if !access_key_id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
            return Err(CredentialsError::InvalidAccessKeyId);
        }
        let text = secret.expose();
        if text.is_empty() {
            return Err(CredentialsError::EmptySecretAccessKey);
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(CredentialsError::InvalidSecretAccessKey);
        }
        Ok(Self { access_key_id, secret, session_token: None, expiration: None })
    }

    /// Adds a session token, which makes the credentials temporary.
    ///
    /// # Errors
    ///
    /// Returns [`CredentialsError::InvalidSessionToken`] if the token is empty or has a
    /// character other than visible ASCII.
    pub fn with_session_token(mut self, token: impl Into<String>) -> Result<Self, CredentialsError> {
        self.session_token = Some(checked_session_token(token.into())?);
        Ok(self)
    }

    /// Sets the expiration: the field `Expiration` in the answers of STS and of the
    /// instance metadata service.
    ///
    /// From this time on, a signer returns an error and a verifier rejects requests. A
    /// signer also does not presign a URL that would outlive the credentials.
    ///
    /// ```
    /// use countersign::*;
    ///
    /// let expiration = Timestamp::parse_rfc3339("2026-11-28T15:38:02Z")?;
    /// let credentials =
    ///     Credentials::new("ASIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?.with_expiration(expiration);
    /// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
    ///
    /// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    /// assert!(signer.sign(&request, Payload::Bytes(b""), expiration).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_expiration(mut self, expiration: Timestamp) -> Self {
        self.expiration = Some(expiration);
        self
    }

    /// Returns the access key id, which is not a secret.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns the session token, which is as secret as the key.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_ref().map(|token| token.as_str())
    }

    /// Returns the expiration, if it was set.
    #[must_use]
    pub const fn expiration(&self) -> Option<Timestamp> {
        self.expiration
    }

    /// Returns true if the credentials expire within `duration` after `now`, or have expired.
    /// Credentials without an expiration never do.
    ///
    /// ```
    /// use core::time::Duration;
    /// use countersign::{Credentials, SecretAccessKey, Timestamp};
    ///
    /// let expiration = Timestamp::parse("20260301T120000Z")?;
    /// let credentials =
    ///     Credentials::new("ASIAIOSFODNN7EXAMPLE", SecretAccessKey::new("secret"))?.with_expiration(expiration);
    /// let now = Timestamp::parse("20260301T115500Z")?;
    /// assert!(credentials.expires_within(now, Duration::from_secs(300)));
    /// assert!(!credentials.expires_within(now, Duration::from_secs(299)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn expires_within(&self, now: Timestamp, duration: Duration) -> bool {
        // A duration beyond the year 9999 contains every expiration.
        let end = |now: Timestamp| now.checked_add(duration);
        self.expiration.is_some_and(|expiration| end(now).is_none_or(|end| expiration <= end))
    }

    /// Returns the secret, from which a [`SigningKey`](crate::steps::SigningKey) is
    /// derived.
    #[must_use]
    pub const fn secret(&self) -> &SecretAccessKey {
        &self.secret
    }
}

/// Converts the credentials of the AWS SDK, with session token and expiration. Rounds the expiration
/// down to a second.
///
/// ```
/// use countersign::{Credentials, Timestamp};
///
/// let expiration = Timestamp::parse("20260301T120000Z")?;
/// let sdk = aws_credential_types::Credentials::new(
///     "ASIAIOSFODNN7EXAMPLE",
///     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
///     Some("IQoJb3JpZ2luX2VjEXAMPLE".into()),
///     Some(expiration.into()),
///     "example",
/// );
/// let credentials = Credentials::try_from(&sdk)?;
/// assert_eq!(credentials.session_token(), Some("IQoJb3JpZ2luX2VjEXAMPLE"));
/// assert_eq!(credentials.expiration(), Some(expiration));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Credentials::new`] and [`Credentials::with_session_token`], and
/// [`CredentialsError::InvalidExpiration`] if a [`Timestamp`] cannot hold the expiration.
#[cfg(feature = "aws-credential-types")]
impl TryFrom<&aws_credential_types::Credentials> for Credentials {
    type Error = CredentialsError;

    fn try_from(sdk: &aws_credential_types::Credentials) -> Result<Self, Self::Error> {
        let secret = SecretAccessKey::new(sdk.secret_access_key());
        let mut credentials = Self::new(sdk.access_key_id(), secret)?;
        if let Some(token) = sdk.session_token() {
            credentials = credentials.with_session_token(token)?;
        }
        if let Some(expiration) = sdk.expiry() {
            let expiration = Timestamp::try_from(expiration);
            credentials.expiration = Some(expiration.map_err(|_| CredentialsError::InvalidExpiration)?);
        }
        Ok(credentials)
    }
}

/// Returns the token, which is wiped on drop, if it is visible ASCII and not empty.
pub(crate) fn checked_session_token(token: String) -> Result<Zeroizing<String>, CredentialsError> {
    let token = Zeroizing::new(token);
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialsError::InvalidSessionToken);
    }
    Ok(token)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret", &self.secret)
            .field("session_token", &self.session_token.as_ref().map(|_| ".."))
            .field("expiration", &self.expiration)
            .finish()
    }
}

/// The error of credentials that cannot sign a request.
///
/// No variant carries the rejected value: a secret may have been passed in the wrong
/// argument.
///
/// ```
/// use countersign::{Credentials, CredentialsError, SecretAccessKey};
///
/// let secret = SecretAccessKey::new("read from a file\n");
/// assert_eq!(Credentials::new("AKIDEXAMPLE", secret).unwrap_err(), CredentialsError::InvalidSecretAccessKey);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The access key id is empty.
    EmptyAccessKeyId,
    /// The access key id has a comma, a space, a control character or a non-ASCII character.
    InvalidAccessKeyId,
    /// The secret access key is empty.
    EmptySecretAccessKey,
    /// The secret access key has a control character, or begins or ends with whitespace.
    InvalidSecretAccessKey,
    /// The session token is empty, or has a space, a control character or a non-ASCII character.
    InvalidSessionToken,
    /// The expiration is not in the years 0 to 9999.
    InvalidExpiration,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyAccessKeyId => "the access key id is empty",
            Self::InvalidAccessKeyId => {
                "the access key id is not valid: allowed is visible ASCII, except a comma"
            }
            Self::EmptySecretAccessKey => "the secret access key is empty",
            Self::InvalidSecretAccessKey => {
                "the secret access key is not valid: remove line endings, other control characters, and whitespace \
                 at its beginning and end"
            }
            Self::InvalidSessionToken => {
                "the session token is not valid: allowed is visible ASCII, at least one character"
            }
            Self::InvalidExpiration => "the expiration is not valid: allowed are the years 0 to 9999",
        })
    }
}

impl core::error::Error for CredentialsError {}

#[cfg(test)]
mod tests {
    use super::{Credentials, CredentialsError, SecretAccessKey};

    fn rejected(id: &str, secret: &str) -> CredentialsError {
        Credentials::new(id, SecretAccessKey::new(secret)).expect_err("not valid")
    }

    #[test]
    fn rejects_an_access_key_id_that_a_header_cannot_carry() {
        assert_eq!(rejected("", "secret"), CredentialsError::EmptyAccessKeyId);
        for id in ["AKID EXAMPLE", "AKID,EXAMPLE", "AKIDEXAMPLE\n", "AKIDÉ"] {
            assert_eq!(rejected(id, "secret"), CredentialsError::InvalidAccessKeyId, "{id:?}");
        }
    }

    #[test]
    fn rejects_a_secret_with_a_line_ending_or_outer_whitespace() {
        assert_eq!(rejected("AKIDEXAMPLE", ""), CredentialsError::EmptySecretAccessKey);
        for secret in ["secret\n", "secret\r\n", " secret", "sec\tret", "secret\0"] {
            assert_eq!(
                rejected("AKIDEXAMPLE", secret),
                CredentialsError::InvalidSecretAccessKey,
                "{secret:?}"
            );
        }
    }

    #[test]
    fn rejects_a_session_token_that_a_header_cannot_carry() {
        let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret")).expect("valid");
        for token in ["", "two words", "token\n", "é"] {
            let error = credentials.clone().with_session_token(token).expect_err("not valid");
            assert_eq!(error, CredentialsError::InvalidSessionToken, "{token:?}");
        }
    }
}
