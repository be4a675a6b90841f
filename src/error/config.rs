//! [`ConfigError`], the error of configuring a signer or a verifier.

use alloc::string::String;
use core::fmt;

/// The error of a region, a service or credentials with which no
/// [`Signer`](crate::Signer) or [`Verifier`](crate::Verifier) can be created.
///
/// The error contains the rejected value if it has at most 32 characters, as every
/// region and signing name has. For a longer value it contains only the length, because
/// the value could be a secret that was passed as the wrong argument.
///
/// ```
/// use countersign::{ConfigError, Service, Verifier};
///
/// let error = Verifier::new("US-EAST-1", Service::S3).unwrap_err();
/// assert!(matches!(&error, ConfigError::InvalidRegion { region, .. } if region == "US-EAST-1"));
/// assert_eq!(
///     error.to_string(),
///     r#"the region "US-EAST-1" is not valid: allowed are lower-case letters, digits, '-' and '_'"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The region is empty, or has a character other than a lower-case letter, a
    /// digit, `-` or `_`.
    #[non_exhaustive]
    InvalidRegion {
        /// The rejected region, or its length.
        region: String,
    },
    /// The service's signing name is empty, or has a character other than a
    /// lower-case letter, a digit, `-` or `_`.
    #[non_exhaustive]
    InvalidService {
        /// The rejected signing name, or its length.
        service: String,
    },
    /// The region set has an empty entry, or an entry with a character other than a
    /// letter, a digit, `-`, `_` or `*`.
    #[cfg(feature = "sigv4a")]
    #[non_exhaustive]
    InvalidRegionSet {
        /// The first rejected entry, or its length.
        entry: String,
    },
    /// No SigV4a key pair can be derived from the credentials. The probability is
    /// about 2⁻⁸¹²⁸.
    #[cfg(feature = "sigv4a")]
    KeyDerivationFailed,
}

impl ConfigError {
    pub(crate) fn invalid_region(region: &str) -> Self {
        Self::InvalidRegion { region: name_or_length(region) }
    }

    pub(crate) fn invalid_service(service: &str) -> Self {
        Self::InvalidService { service: name_or_length(service) }
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) fn invalid_region_set(entry: &str) -> Self {
        Self::InvalidRegionSet { entry: name_or_length(entry) }
    }
}

/// Returns `value` if it is short enough for a name; otherwise its length, because it
/// could be a secret.
fn name_or_length(value: &str) -> String {
    match value.chars().count() {
        0..=32 => value.into(),
        length => alloc::format!("({length} characters)"),
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRegion { region } => {
                write!(f, "the region {region:?} is not valid: allowed are {LABEL}")
            }
            Self::InvalidService { service } => {
                write!(f, "the signing name {service:?} is not valid: allowed are {LABEL}")
            }
            #[cfg(feature = "sigv4a")]
            Self::InvalidRegionSet { entry } => write!(
                f,
                "the entry {entry:?} of the region set is not valid: allowed are letters, digits, '-', '_' and '*'"
            ),
            #[cfg(feature = "sigv4a")]
            Self::KeyDerivationFailed => {
                f.write_str("no SigV4a key pair can be derived from these credentials; use others")
            }
        }
    }
}

impl core::error::Error for ConfigError {}

const LABEL: &str = "lower-case letters, digits, '-' and '_'";
