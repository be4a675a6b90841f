//! The service that a request is signed for.
//!
//! A service's signing name selects its [`Rules`], which are in `rules.rs`.

mod rules;
mod session_token;

use alloc::borrow::Cow;
use core::fmt;

pub use self::rules::{PathRule, PayloadRule, RepeatedParameters, Rules, UrlLifetime};
pub use self::session_token::{SessionTokenRule, TokenHeader};

use crate::error::ConfigError;
use crate::host::is_label;

/// A service's signing name and its [`Rules`].
///
/// ```
/// use countersign::{PayloadRule, Rules, Service};
///
/// assert_eq!(Service::S3.rules(), Rules::S3);
/// assert_eq!(Service::new("sqs")?.rules(), Rules::STANDARD);
/// assert_eq!(Service::new("s3-outposts")?.rules(), Rules::S3_CONTROL);
/// assert_eq!(Service::new("aoss")?.rules(), Rules::STANDARD.with_payload(PayloadRule::HashHeader));
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    name: Cow<'static, str>,
    rules: Rules,
}

impl Service {
    /// Amazon S3, and servers that implement its protocol.
    pub const S3: Self = Self { name: Cow::Borrowed("s3"), rules: Rules::S3 };

    /// Creates a service from its signing name, with the rules that are known for it,
    /// or [`Rules::STANDARD`].
    ///
    /// The signing name is the name in a credential scope, which is not always the name
    /// in the endpoint: SES signs as `ses`, and its endpoint is `email.….amazonaws.com`.
    ///
    /// ```
    /// use countersign::{ConfigError, Service};
    ///
    /// assert_eq!(Service::new("s3")?, Service::S3);
    /// assert!(matches!(Service::new("S3"), Err(ConfigError::InvalidService { .. })));
    /// # Ok::<(), ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError::InvalidService`] if the name is empty or has a character
    /// other than a lower-case letter, a digit, `-` or `_`.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, ConfigError> {
        let name = name.into();
        if !is_label(&name) {
            return Err(ConfigError::invalid_service(&name));
        }
        let rules = Rules::of_service(&name);
        Ok(Self { name, rules })
    }

    /// Replaces the rules.
    ///
    /// ```
    /// use countersign::{PathRule, Rules, Service};
    ///
    /// // A gateway that signs the path as sent, with its dot segments.
    /// let service = Service::new("execute-api")?.with_rules(Rules::STANDARD.with_path(PathRule::AsSent));
    /// assert_eq!(service.rules().path(), PathRule::AsSent);
    /// # Ok::<(), countersign::ConfigError>(())
    /// ```
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// Returns the signing name, as the credential scope has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the rules.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }
}

/// Writes the signing name.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfigError, Rules, Service, SessionTokenRule, TokenHeader};

    #[test]
    fn rejects_what_cannot_be_a_signing_name() {
        for name in ["", "S3", "Sqs", "a b", "a/b", "a.b", "s3\n", "é"] {
            assert_eq!(Service::new(name), Err(ConfigError::InvalidService { service: name.into() }));
        }
    }

    #[test]
    fn selects_the_rules_by_the_signing_name() {
        let rules = |name| Service::new(name).expect("a service").rules();
        assert_eq!(rules("s3-object-lambda"), Rules::S3);
        assert_eq!(rules("s3express").session_token().header(), TokenHeader::S3SessionToken);
        let unsigned = SessionTokenRule::Unsigned(TokenHeader::SecurityToken);
        assert_eq!(rules("iotdevicegateway").session_token(), unsigned);
        assert_eq!(rules("dynamodb"), Rules::STANDARD);
    }
}
