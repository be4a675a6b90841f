//! Who signs: an access key id, its secret, and for temporary credentials a
//! session token and an end.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::Timestamp;

/// A secret access key. Wiped on drop; never printed, compared or serialized.
///
/// ```
/// use countersign::SecretAccessKey;
///
/// let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// assert_eq!(format!("{secret:?}"), "SecretAccessKey(..)");
/// ```
///
/// It has no `==` and no `Display`:
///
/// ```compile_fail
/// use countersign::SecretAccessKey;
/// println!("{}", SecretAccessKey::new("secret"));
/// ```
#[derive(Clone)]
pub struct SecretAccessKey(Zeroizing<String>);

impl SecretAccessKey {
    /// Takes a secret of any length. An empty one is refused where it would be
    /// used, by [`Credentials::new`].
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

/// What a request is signed with, or checked against.
///
/// The ceilings of each kind, which also bound a presigned URL: an IAM user's
/// key has no end; a role's from STS lives 15 minutes to 12 hours, that of
/// `GetSessionToken` up to 36 hours; an instance profile's is renewed about
/// every 6 hours.
///
/// ```
/// use countersign::{Credentials, SecretAccessKey};
///
/// let credentials = Credentials::new(
///     "ASIAIOSFODNN7EXAMPLE",
///     SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
/// )?
/// .with_session_token("IQoJb3JpZ2luX2VjEXAMPLE")?;
/// assert_eq!(credentials.access_key_id(), "ASIAIOSFODNN7EXAMPLE");
/// assert!(!format!("{credentials:?}").contains("wJal"));
/// assert!(!format!("{credentials:?}").contains("IQoJ"));
/// # Ok::<(), countersign::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: SecretAccessKey,
    session_token: Option<Zeroizing<String>>,
    end: Option<Timestamp>,
}

impl Credentials {
    /// A long-term key.
    ///
    /// # Errors
    ///
    /// An empty id or secret; ids with blanks or control characters, which no
    /// request can carry; secrets with control characters or with blanks at
    /// their ends, which came from a file with their line's end.
    pub fn new(access_key_id: impl Into<String>, secret: SecretAccessKey) -> Result<Self, CredentialsError> {
        let access_key_id = access_key_id.into();
        if access_key_id.is_empty() {
            return Err(CredentialsError::EmptyAccessKeyId);
        }
        // A comma would end the header's component, an '=' is not in any known id.
        if !access_key_id.bytes().all(|b| b.is_ascii_graphic() && b != b',') {
            return Err(CredentialsError::InvalidAccessKeyId);
        }
        if secret.expose().is_empty() {
            return Err(CredentialsError::EmptySecretAccessKey);
        }
        let secret_text = secret.expose();
        if secret_text.trim() != secret_text || secret_text.chars().any(char::is_control) {
            return Err(CredentialsError::InvalidSecretAccessKey);
        }
        Ok(Self { access_key_id, secret, session_token: None, end: None })
    }

    /// Makes them temporary credentials.
    ///
    /// # Errors
    ///
    /// An empty token, or one with blanks or control characters.
    pub fn with_session_token(mut self, token: impl Into<String>) -> Result<Self, CredentialsError> {
        let token = Zeroizing::new(token.into());
        if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CredentialsError::InvalidSessionToken);
        }
        self.session_token = Some(token);
        Ok(self)
    }

    /// States when they end: nothing is signed after it, and no URL that would
    /// outlive them.
    #[must_use]
    pub fn with_end(mut self, end: Timestamp) -> Self {
        self.end = Some(end);
        self
    }

    /// The access key id, which is public.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The session token, which is as secret as the key.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_ref().map(|token| token.as_str())
    }

    /// When they end, if they were told.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        self.end
    }

    /// The secret, to derive a [`SigningKey`](crate::steps::SigningKey) from.
    #[must_use]
    pub const fn secret(&self) -> &SecretAccessKey {
        &self.secret
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret", &self.secret)
            .field("session_token", &self.session_token.as_ref().map(|_| ".."))
            .field("end", &self.end)
            .finish()
    }
}

/// Why credentials cannot be used.
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
    /// The access key id holds a blank, a comma, a control or a non-ASCII character.
    InvalidAccessKeyId,
    /// The secret access key is empty.
    EmptySecretAccessKey,
    /// The secret access key holds a control character, or begins or ends with a blank.
    InvalidSecretAccessKey,
    /// The session token is empty, or holds a blank, a control or a non-ASCII character.
    InvalidSessionToken,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyAccessKeyId => "the access key id is empty",
            Self::InvalidAccessKeyId => "the access key id holds a character that no request can carry",
            Self::EmptySecretAccessKey => "the secret access key is empty",
            Self::InvalidSecretAccessKey => {
                "the secret access key holds a line end or another control character, or begins or ends with a blank"
            }
            Self::InvalidSessionToken => {
                "the session token is empty or holds a character that no request can carry"
            }
        })
    }
}

impl core::error::Error for CredentialsError {}
