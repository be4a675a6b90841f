//! [`AuthToken`], a presigned URL in the form of a password.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::time::Timestamp;

/// A password with a short lifetime, made of a presigned URL.
///
/// **Whoever has it can use it**, so its `Debug` is redacted, and it is wiped on drop.
///
/// ```
/// use countersign::tokens::TokenSigner;
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let database = TokenSigner::rds(credentials, "eu-west-1", "db.abc.eu-west-1.rds.amazonaws.com", 5432, "app")?;
/// let now = Timestamp::parse("20260301T120000Z")?;
///
/// let password = database.token(now)?;
/// assert_eq!(password.expires_at().as_str(), "20260301T121500Z");
/// assert_eq!(format!("{password:?}"), "AuthToken(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A token has no `Display` and no `==`:
///
/// ```compile_fail
/// fn log(password: countersign::tokens::AuthToken) {
///     println!("{password}");
/// }
/// ```
pub struct AuthToken {
    pub(super) token: Zeroizing<String>,
    pub(super) expires_at: Timestamp,
}

impl AuthToken {
    /// Returns the token as a string, which the service accepts as a password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.token
    }

    /// Returns the time at which the token expires. It is not later than the expiration of the
    /// credentials. Connections that are open at this time are not closed.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Prints only the type's name, because the token is a secret.
impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(..)")
    }
}
