//! [`TokenError`], the reason why no token can be created.

use core::fmt;
use core::time::Duration;

use super::{ConfigError, SignError};

/// The reason why no token, or no [`TokenSigner`](crate::tokens::TokenSigner), can be created.
///
/// ```
/// use countersign::tokens::{TokenError, TokenSigner};
/// use countersign::{Credentials, SecretAccessKey};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let error = TokenSigner::rds(credentials, "eu-west-1", "https://db.example.com", 5432, "app").unwrap_err();
/// assert_eq!(error, TokenError::InvalidHost);
/// # Ok::<(), countersign::CredentialsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// The host is not the name of a host (letters, digits, `-` and `.`), or the port is 0.
    InvalidHost,
    /// A name is empty, or contains a character that is not allowed.
    #[non_exhaustive]
    InvalidArgument {
        /// The name that is invalid.
        argument: TokenArgument,
    },
    /// The service does not accept a token with this lifetime.
    #[non_exhaustive]
    LifetimeTooLong {
        /// The lifetime that was requested.
        requested: Duration,
        /// The maximum that the service accepts.
        max: Duration,
    },
    /// The region is invalid.
    Config(ConfigError),
    /// The URL of the token cannot be signed: the credentials have expired.
    Sign(SignError),
}

/// The names in a token; inside [`TokenError::InvalidArgument`]. `Display` says what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenArgument {
    /// The user of a database or cache.
    User,
    /// The id or name of a cache.
    Cache,
    /// The name of an EKS cluster.
    Cluster,
    /// The user agent of an MSK client.
    UserAgent,
    /// The name of the header that binds a token to a server.
    Header,
    /// The value of the header that binds a token to a server.
    HeaderValue,
}

impl From<ConfigError> for TokenError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<SignError> for TokenError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHost => f.write_str(
                "the host must be the name of a host, without a scheme, a port or a path, and the port must not be 0",
            ),
            Self::InvalidArgument { argument } => argument.fmt(f),
            Self::LifetimeTooLong { requested, max } => write!(
                f,
                "the token's lifetime of {} seconds is longer than the {} seconds that the service accepts",
                requested.as_secs(),
                max.as_secs()
            ),
            Self::Config(error) => error.fmt(f),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for TokenArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "the user must not be empty or contain control characters",
            Self::Cache => {
                "the cache must be a name of at most 63 letters, digits and '-': its id or name, not its endpoint"
            }
            Self::Cluster => "the cluster must be a name of visible ASCII characters",
            Self::UserAgent => "the user agent must not be empty or contain control characters",
            Self::Header => {
                "the header must have a valid name, must be one that is signed, and must have no other meaning"
            }
            Self::HeaderValue => "the value of the header must consist of visible ASCII characters",
        })
    }
}

impl core::error::Error for TokenError {}
