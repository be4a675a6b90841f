//! Why there is no token.

use core::fmt;

use super::{ConfigError, SignError};

/// Why there is no token.
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
    /// The host is not a name of letters, digits, `-` and `.` alone, or the
    /// port is 0.
    InvalidHost,
    /// A name is empty, or holds what its place does not take.
    InvalidName {
        /// Whose name.
        what: &'static str,
    },
    /// The service accepts no token that says it lives so long.
    LivesTooLong {
        /// The seconds that were asked for.
        asked: u32,
        /// The most that the service accepts.
        longest: u32,
    },
    /// The region is not valid.
    Config(ConfigError),
    /// It cannot be signed: the credentials have ended.
    Sign(SignError),
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
                "the host is not a host's name alone: no scheme, no port and no path belong to it",
            ),
            Self::InvalidName { what } => {
                write!(f, "{what} is empty, or holds a character that its place does not take")
            }
            Self::LivesTooLong { asked, longest } => {
                write!(f, "{asked} seconds; the service takes no token that lives over {longest}")
            }
            Self::Config(error) => error.fmt(f),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for TokenError {}
